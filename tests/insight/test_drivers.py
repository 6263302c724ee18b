import numpy as np
import pandas as pd

from nps_nlp.insight import rank_drivers
from nps_nlp.insight.groups import OTHER


def themes(**impact):
    return pd.DataFrame(
        {
            "id": list(impact),
            "impact_negative": list(impact.values()),
            "impact_positive": [-v for v in impact.values()],
            "shown": True,
            "q_negative": 0.001,
            "q_positive": 0.001,
        }
    )


def groups(rows):
    table = pd.DataFrame(
        rows,
        columns=[
            "segment",
            "value",
            "theme",
            "writers",
            "negative",
            "share_negative",
            "rest_share_negative",
            "p",
        ],
    )
    return table.assign(positive=0, share_positive=0.0, rest_share_positive=0.0, p_positive=np.nan)


def months(theme, hits):
    return pd.DataFrame(
        {
            "period": [f"2026-{m:02}" for m in range(1, len(hits) + 1)],
            "theme": theme,
            "writers": 100,
            "negative": hits,
            "positive": 0,
        }
    )


def test_the_most_harmful_theme_comes_first_and_helpful_ones_are_no_drivers():
    table = rank_drivers(themes(a=-1.0, b=-5.0, c=2.0), groups([]), months("a", []), "negative")
    assert table["id"].tolist() == ["b", "a"]
    assert table["rank"].tolist() == [1, 2]
    assert rank_drivers(themes(a=-1.0, b=-5.0, c=2.0), groups([]), months("a", []), "positive")["id"].tolist() == [
        "b",
        "a",
    ]


def test_hidden_themes_are_not_ranked():
    table = themes(a=-1.0, b=-5.0)
    table.loc[1, "shown"] = False
    assert rank_drivers(table, groups([]), months("a", []), "negative")["id"].tolist() == ["a"]


def test_the_group_with_the_most_excess_mentions_is_named_but_not_the_joined_rest():
    rows = [
        ("plan", "big", "a", 400, 120, 0.30, 0.10, 1e-9),
        ("plan", "tiny", "a", 12, 8, 0.66, 0.12, 1e-6),
        ("plan", OTHER, "a", 900, 500, 0.55, 0.10, 1e-12),
        ("area", "noise", "a", 50, 8, 0.16, 0.12, 0.4),
    ]
    row = rank_drivers(themes(a=-3.0), groups(rows), months("a", []), "negative").iloc[0]
    assert (row["who_segment"], row["who_value"]) == ("plan", "big")
    assert row["who_q"] < 1e-6


def test_noise_names_no_group_and_no_month():
    rows = [("plan", "x", "a", 100, 12, 0.12, 0.10, 0.6)]
    row = rank_drivers(themes(a=-3.0), groups(rows), months("a", [5, 6, 4, 5, 7, 5]), "negative").iloc[0]
    assert row["who_value"] is None
    assert row["since"] is None
    assert np.isnan(row["since_before"])


def test_the_month_of_a_rise_is_named_with_both_levels():
    row = rank_drivers(themes(a=-3.0), groups([]), months("a", [5, 6, 4, 25, 27, 25]), "negative").iloc[0]
    assert row["since"] == "2026-04"
    assert row["since_before"] == 0.05
