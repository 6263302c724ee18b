from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight.cells import cells
from nps_nlp.insight.difference import kitagawa, select_periods, theme_difference, two_stretches
from nps_nlp.insight.people import People
from nps_nlp.scoring import nps_test
from nps_nlp.tally import Tally, category

THEMES = ["price", "speed", "staff"]
SAID = [
    (), (("price", 1),), (("price", 2),), (("price", 3), ("speed", 1)), (("speed", 4),), (("staff", 2),),
    (("price", 1), ("speed", 5), ("staff", 6)), (("other", 1),),
]  # fmt: skip
counts = st.lists(st.integers(0, 20), min_size=24, max_size=24).filter(any)


def patterns(numbers):
    keys = [("", score, said) for score in (2, 8, 10) for said in SAID]
    return Counter({k: n for k, n in zip(keys, numbers, strict=True) if n})


def compared(before, after, **choices):
    return theme_difference(*(cells(Tally(patterns=p), THEMES) for p in (before, after)), seed=1, **choices)


def by_person(numbers):
    """Return share of voice and points by (theme, kind of sentiment), one respondent after the other."""
    share, points, people = Counter(), Counter(), 0
    for (_, score, said), n in patterns(numbers).items():
        named = [(t, s) for t, s in said if t in THEMES]
        people += n
        for theme, state in named or [(UNMENTIONED, 0)]:
            kind = state & 3 or state
            share[theme, kind] += n / max(1, len(named))
            points[theme, kind] += 100 * category(score) * n / max(1, len(named))
    return {k: v / people for k, v in share.items()}, {k: v / people for k, v in points.items()}


@given(counts, counts)
@settings(max_examples=25)
def test_the_parts_and_the_themes_sum_to_the_difference(a, b):
    result = compared(patterns(a), patterns(b))
    scores = [
        sum(100 * category(s) * n for (_, s, _), n in p.items()) / sum(p.values()) for p in (patterns(a), patterns(b))
    ]
    assert result.difference == pytest.approx(scores[1] - scores[0], abs=1e-9)
    assert result.parts["points"].sum() == pytest.approx(result.difference, abs=1e-9)
    assert result.table["total"].sum() == pytest.approx(result.difference, abs=1e-9)
    table = result.table
    assert (table["mix"] + table["sentiment"] + table["score"]).to_numpy() == pytest.approx(
        table["total"].to_numpy(), abs=1e-9
    )


@given(counts, counts)
@settings(max_examples=25)
def test_against_one_respondent_after_the_other(a, b):
    (share_a, points_a), (share_b, points_b) = by_person(a), by_person(b)
    table = compared(patterns(a), patterns(b)).table.set_index("theme")
    grand = (sum(points_a.values()) + sum(points_b.values())) / 2
    for theme in [*THEMES, UNMENTIONED]:
        m = [sum(v for (t, _), v in s.items() if t == theme) for s in (share_a, share_b)]
        c = [sum(v for (t, _), v in p.items() if t == theme) for p in (points_a, points_b)]
        rate = [x / w if w else None for x, w in zip(c, m, strict=True)]
        rate = [r if r is not None else (rate[1 - i] or 0) for i, r in enumerate(rate)]
        mix = (m[1] - m[0]) * (sum(rate) / 2 - grand)
        assert table.loc[theme, "mix"] == pytest.approx(mix, abs=1e-9)
        assert table.loc[theme, "within"] == pytest.approx(sum(m) / 2 * (rate[1] - rate[0]), abs=1e-9)
        assert table.loc[theme, "share_before"] == pytest.approx(m[0], abs=1e-12)


@given(counts, counts)
@settings(max_examples=25)
def test_exchanging_the_sides_turns_the_signs(a, b):
    there, back = compared(patterns(a), patterns(b)), compared(patterns(b), patterns(a))
    assert back.parts["points"].to_numpy() == pytest.approx(-there.parts["points"].to_numpy(), abs=1e-9)


def test_only_the_sentiment_changes():
    # Half of those who blamed the price praise it now; each sentiment goes with the same score as before.
    before = {("", 2, SAID[1]): 60, ("", 9, SAID[2]): 20, ("", 8, ()): 20}
    after = {("", 2, SAID[1]): 30, ("", 9, SAID[2]): 50, ("", 8, ()): 20}
    parts = compared(Counter(before), Counter(after)).parts.set_index("part")["points"]
    assert parts.to_dict() == pytest.approx({"mix": 0, "sentiment": 60, "score": 0, UNMENTIONED: 0}, abs=1e-9)


def test_only_the_unmentioned_change():
    before, after = {("", 2, SAID[1]): 50, ("", 2, ()): 50}, {("", 2, SAID[1]): 50, ("", 9, ()): 50}
    parts = compared(Counter(before), Counter(after)).parts.set_index("part")["points"]
    assert parts.to_dict() == pytest.approx({"mix": 0, "sentiment": 0, "score": 0, UNMENTIONED: 100}, abs=1e-9)


def test_a_new_theme_is_mix():
    before, after = (
        {("", 9, ()): 80, ("", 2, SAID[1]): 20},
        {("", 9, ()): 60, ("", 2, SAID[1]): 20, ("", 2, SAID[5]): 20},
    )
    table = compared(Counter(before), Counter(after)).table.set_index("theme")
    assert table.loc["staff", "within"] == 0
    assert table.loc["staff", "mix"] < 0
    assert np.isnan(table.loc["staff", "nps_before"])
    assert not table.loc["staff", "shown"]


def test_the_interval_of_the_difference_agrees_with_the_two_sample_test():
    before = Counter({("", 10, SAID[5]): 300, ("", 8, ()): 300, ("", 2, SAID[1]): 400})
    after = Counter({("", 10, SAID[5]): 500, ("", 8, ()): 300, ("", 2, SAID[1]): 300})
    result, test = compared(before, after), nps_test([300, 300, 400], [500, 300, 300])
    assert result.difference == pytest.approx(test.difference)
    assert (result.ci_low, result.ci_high) == pytest.approx((test.ci_low, test.ci_high), abs=1.2)
    assert (result.parts["ci_low"] <= result.parts["points"] + 1e-9).all()


def test_an_empty_side_is_undefined():
    result = compared(Counter(), patterns(range(24)))
    assert np.isnan(result.difference)
    assert result.parts["points"].isna().all()
    assert result.n_before == 0


def test_one_writer_on_each_side():
    result = compared(Counter({("", 2, SAID[1]): 1}), Counter({("", 9, SAID[1]): 1}))
    assert result.difference == 200
    assert result.table["total"].sum() == pytest.approx(200)


def test_other_themes_are_refused():
    with pytest.raises(ValueError, match="same themes"):
        theme_difference(cells(Tally(), ["price"]), cells(Tally(), ["speed"]), seed=1)


def test_kitagawa_of_two_groups_by_hand():
    # Shares 0.7/0.3 → 0.4/0.6 and rates 10/30 → 20/30: composition −0.3·15 + 0.3·30, within 0.55·10 + 0.45·0.
    composition, within = kitagawa(*map(np.array, ([0.7, 0.3], [10.0, 30.0], [0.4, 0.6], [20.0, 30.0])))
    assert composition.sum() == pytest.approx(4.5)
    assert within.tolist() == pytest.approx([5.5, 0.0])


def test_periods_are_cut_at_both_ends():
    responses = Counter({("", "", m, 9): 1 for m in ("2026-01", "2026-02", "2026-03", "")})
    part = select_periods(Tally(responses=responses, writers=responses), "2026-02", "2026-02")
    assert list(part.responses) == list(part.writers) == [("", "", "2026-02", 9)]


def writers(rng, n, first=0):
    """Everybody's answer, counted and by who gave it: person k is the k-th."""
    scores, said = rng.choice([2, 8, 10], n).tolist(), [SAID[k] for k in rng.integers(0, len(SAID), n)]
    tally = Tally(patterns=Counter(("", s, p) for s, p in zip(scores, said, strict=True)))
    return tally, People(np.arange(n) + first, np.array(scores), said, np.ones(n))


def test_the_same_people_with_the_same_words_leave_nothing_unsure():
    tally, people = writers(np.random.default_rng(1), 200)
    by_answers = theme_difference(*(cells(tally, THEMES) for _ in "ab"), seed=1)
    by_people = theme_difference(*(cells(tally, THEMES, people) for _ in "ab"), seed=1)
    assert by_answers.ci_high - by_answers.ci_low > 25
    assert by_people.ci_high - by_people.ci_low == pytest.approx(0, abs=1e-9)
    assert (by_people.table["total_ci_high"] - by_people.table["total_ci_low"]).max() < 1e-9
    assert by_people.table[["theme", "mix", "within"]].equals(by_answers.table[["theme", "mix", "within"]])


def test_three_comments_each_are_as_sure_as_one_each():
    once, thrice, naive = [], [], []
    for side in (0, 1):
        tally, people = writers(np.random.default_rng(side), 300, first=1000 * side)
        often = tally + tally + tally
        again = People(np.tile(people.who, 3), np.tile(people.score, 3), people.said * 3, np.ones(900))
        once.append(cells(tally, THEMES))
        thrice.append(cells(often, THEMES, again))
        naive.append(cells(often, THEMES))
    wide = [d.ci_high - d.ci_low for d in (theme_difference(*sides, seed=1) for sides in (once, thrice, naive))]
    assert wide[1] == pytest.approx(wide[0], rel=0.15)
    assert wide[2] < 0.7 * wide[0]


def test_stretches_part_the_people_as_they_part_the_tally():
    months = ["2026-01", "2026-02", "2026-03", ""]
    tally = Tally(responses=Counter({("", "", m, 9): 2 for m in months}))
    people = People(np.repeat([1, 2], 4), np.full(8, 9), [None] * 8, np.ones(8), months * 2, {"shop": list("abcdefgh")})
    (early, first), (late, second) = two_stretches(tally, people, "2026-02", "2026-02", None)
    assert first.period == ["2026-01"] * 2
    assert second.period == ["2026-02"] * 2
    assert (first.groups["shop"], second.groups["shop"]) == (["a", "e"], ["b", "f"])
    assert (early.responses.total(), late.responses.total()) == (len(first.who), len(second.who))
    assert two_stretches(tally, None, "2026-02", None, None)[0][1] is None
