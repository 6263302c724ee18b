from collections import Counter

import pytest

from nps_nlp.insight.groups import (
    MAX_GROUPS,
    OTHER,
    segment_table,
    segment_themes,
    theme_trend,
    trend_table,
)
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE, Tally


def test_small_groups_are_joined_and_nobody_is_lost():
    responses = Counter({("region", f"r{i:03}", "2026-01", 9): 5000 - i for i in range(5000)})
    table = segment_table(Tally(responses=responses), 0.95)
    assert len(table) == MAX_GROUPS + 1
    assert table["n"].sum() == responses.total()
    assert table["value"].iloc[-1] == OTHER
    assert table["other"].tolist() == [False] * MAX_GROUPS + [True]


def test_trend_counts_months_in_order_and_leaves_out_the_undated():
    table = trend_table(
        Tally(responses=Counter({(ALL, ALL, "2026-02", 10): 4, (ALL, ALL, "2026-01", 0): 1, (ALL, ALL, "", 5): 9})),
        0.95,
    )
    assert table["period"].tolist() == ["2026-01", "2026-02"]
    assert table["nps"].tolist() == [-100.0, 100.0]


def test_segment_themes_compares_a_group_with_the_rest_of_its_segment():
    tally = Tally(
        responses=Counter({("plan", "a", "", 3): 100, ("plan", "b", "", 9): 300}),
        writers=Counter({("plan", "a", "", 3): 80, ("plan", "b", "", 9): 200}),
        mentions=Counter(
            {
                ("plan", "a", "price", NEGATIVE, 3): 40,
                ("plan", "b", "price", NEGATIVE, 9): 20,
                ("plan", "b", "price", POSITIVE, 9): 30,
            }
        ),
    )
    table = segment_themes(tally, ["price"]).set_index("value")
    assert table.loc["a", "share_negative"] == pytest.approx(0.5)
    assert table.loc["a", "rest_share_negative"] == pytest.approx(0.1)
    assert table.loc["a", "lift_negative"] == pytest.approx(5)
    assert table.loc["b", ["mentions", "positive", "negative"]].tolist() == [50, 30, 20]
    assert table.loc["a", "q"] < 1e-10


def test_theme_trend_counts_writers_not_statements():
    patterns = Counter(
        {
            ("2026-01", 5, (("price", NEGATIVE | POSITIVE),)): 3,
            ("2026-01", 9, ()): 1,
            ("", 9, (("price", POSITIVE),)): 7,
        }
    )
    table = theme_trend(Tally(patterns=patterns), ["price"])
    assert table.to_dict("records") == [
        {
            "period": "2026-01",
            "theme": "price",
            "writers": 4,
            "mentions": 3,
            "positive": 3,
            "negative": 3,
            "share_mentions": 0.75,
            "share_negative": 0.75,
            "share_positive": 0.75,
        }
    ]


def test_groups_of_too_few_answers_are_counted_together_where_others_have_enough():
    sizes = {"初めて": 40, "2〜4回": 30, "5回以上": 12, "10回以上": 1, "毎日": 2}
    responses = Counter({("回数", value, "", 9): n for value, n in sizes.items()})
    table = segment_table(Tally(responses=responses), 0.95)
    assert table["value"].tolist() == ["初めて", "2〜4回", "5回以上", OTHER]
    assert table["n"].tolist() == [40, 30, 12, 3]
    few = Counter({("回数", value, "", 9): 3 for value in sizes})
    assert len(segment_table(Tally(responses=few), 0.95)) == 5
