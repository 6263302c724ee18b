from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight import cells
from nps_nlp.insight.impact import MEASURES, impact_table, leave_out
from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE, Tally

THEMES = ("food", "price", "staff")
STATES = st.dictionaries(
    st.sampled_from(THEMES), st.sampled_from([NEGATIVE, POSITIVE, NEUTRAL, NEGATIVE | POSITIVE]), max_size=3
)
PEOPLE = st.lists(st.tuples(st.integers(0, 10), STATES), min_size=1, max_size=60)


def tally_of(people) -> Tally:
    return Tally(patterns=Counter(("", score, tuple(sorted(said.items()))) for score, said in people))


def nps_of(scores) -> float:
    scores = list(scores)
    return 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores)


def table_of(people, **choices):
    return impact_table(cells(tally_of(people), THEMES), seed=1, **choices).set_index(["theme", "polarity"])


@given(PEOPLE)
def test_impact_is_the_difference_of_two_scores_computed_person_by_person(people):
    table = table_of(people, replicates=2)
    everybody = nps_of(s for s, _ in people)
    for theme in THEMES:
        for polarity, mark in (("all", 7), ("negative", NEGATIVE), ("positive", POSITIVE)):
            mine = [s for s, said in people if said.get(theme, 0) & mark]
            rest = [s for s, said in people if not said.get(theme, 0) & mark]
            row = table.loc[theme, polarity]
            assert row["n"] == len(mine)
            assert row["share"] == pytest.approx(len(mine) / len(people))
            if rest:
                assert row["impact"] == pytest.approx(everybody - nps_of(rest), abs=1e-9)
            else:
                assert np.isnan(row["impact"])
            if mine:
                assert row["bounded"] == pytest.approx((nps_of(mine) - everybody) * len(mine) / len(people), abs=1e-9)


def contribution(people, theme, mark):
    """Share every writer's points among the themes they mention, one person after the other."""
    total = 0.0
    for score, said in people:
        state = said.get(theme, 0)
        sides = [bit for bit in (NEGATIVE, POSITIVE) if state & bit] or [NEUTRAL] * bool(state)
        part = 1.0 if mark is None else sides.count(mark) / max(1, len(sides))
        total += (state > 0) * part * ((score >= 9) - (score <= 6)) / max(1, len(said))
    return 100 * total / len(people)


@given(PEOPLE)
def test_contributions_sum_to_the_score_and_polarities_to_their_theme(people):
    table = table_of(people, replicates=2)
    measured = table["contribution"]
    assert measured.xs("all", level="polarity").sum() == pytest.approx(nps_of(s for s, _ in people), abs=1e-9)
    for theme in THEMES:
        sides = measured.loc[theme].drop("all")
        assert sides.sum() == pytest.approx(measured.loc[theme, "all"], abs=1e-9)
        marks = {"all": None, "negative": NEGATIVE, "positive": POSITIVE, "neutral": NEUTRAL}
        for polarity, mark in marks.items():
            assert measured.loc[theme, polarity] == pytest.approx(contribution(people, theme, mark), abs=1e-9)
    silent = sum(((s >= 9) - (s <= 6)) for s, said in people if not said)
    assert measured.loc[UNMENTIONED, "all"] == pytest.approx(100 * silent / len(people), abs=1e-9)


@given(PEOPLE)
def test_exchanging_promoters_and_detractors_turns_the_signs(people):
    turned = [({10: 0, 9: 6, 8: 7, 7: 8}.get(score, 10), said) for score, said in people]
    there, back = table_of(people, replicates=0), table_of(turned, replicates=0)
    for name in ("nps_of_mentioners", "impact", "bounded", "contribution"):
        assert back[name].to_numpy() == pytest.approx(-there[name].to_numpy(), abs=1e-9, nan_ok=True)
    assert back["p"].to_numpy() == pytest.approx(there["p"].to_numpy(), nan_ok=True)


def test_impact_equals_the_published_identity():
    # n_t (NPS_t − NPS) / (N − n_t), 120 promoters, 50 passives, 30 detractors; 40 mentioners 5/5/30.
    everybody, part = np.array([120.0, 50, 30]), np.array([5.0, 5, 30])
    nps, nps_t = 45.0, -62.5
    assert float(leave_out(part, everybody)) == pytest.approx(40 * (nps_t - nps) / 160)


def test_a_theme_that_everybody_mentions_has_no_leave_out_impact_and_no_interval():
    row = table_of([(10, {"food": POSITIVE}), (3, {"food": NEGATIVE})], replicates=20).loc["food", "all"]
    assert row[["impact", "impact_ci_low", "impact_ci_high", "p"]].isna().all()
    assert (row["bounded"], row["note"]) == (0, "everybody")


@pytest.mark.parametrize("people", [[], [(9, {})], [(2, {"food": NEGATIVE})], [(10, {"food": POSITIVE})] * 30])
def test_nobody_one_writer_and_one_category(people):
    table = table_of(people, replicates=20)
    assert table["contribution"].xs("all", level="polarity").sum() == pytest.approx(
        nps_of(s for s, _ in people) if people else 0, nan_ok=True
    )
    assert table.loc[("price", "all"), "note"] == "nobody"
    assert table["q"].dropna().empty


def test_intervals_hold_the_estimate_and_are_the_same_twice():
    rng = np.random.default_rng(0)
    people = [(int(rng.integers(0, 11)), {"food": NEGATIVE} if rng.random() < 0.3 else {}) for _ in range(400)]
    first, second = (table_of(people, replicates=200) for _ in range(2))
    assert first.equals(second)
    for _, row in first.loc[["food", UNMENTIONED]].dropna().iterrows():
        for name in MEASURES:
            assert row[f"{name}_ci_low"] <= row[name] <= row[f"{name}_ci_high"]


def test_ten_mentioners_of_one_mind_are_not_taken_for_certain():
    row = table_of([(2, {"food": NEGATIVE})] * 10 + [(9, {})] * 90).loc["food", "negative"]
    assert row["nps_of_mentioners_ci_high"] > -80


def test_bootstrap_intervals_agree_with_resampling_respondents():
    rng = np.random.default_rng(3)
    food, price = rng.random(600) < 0.25, rng.random(600) < 0.4
    scores = np.where(food, rng.integers(0, 9, 600), rng.integers(4, 11, 600))
    people = [
        (int(s), ({"food": NEGATIVE} if f else {}) | ({"price": POSITIVE} if p else {}))
        for s, f, p in zip(scores, food, price, strict=True)
    ]
    row = table_of(people, replicates=3000).loc["food", "negative"]
    drawn = []
    sign = 100.0 * ((scores >= 9).astype(int) - (scores <= 6))
    for _ in range(3000):
        pick = rng.integers(0, 600, 600)
        s, f = sign[pick], food[pick]
        drawn.append((s.mean() - s[~f].mean(), (s[f].mean() - s.mean()) * f.mean(), (s * f / (1 + price[pick])).mean()))
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    for name, a, b in zip(("impact", "bounded", "contribution"), low, high, strict=True):
        assert row[f"{name}_ci_low"] == pytest.approx(a, abs=0.8)
        assert row[f"{name}_ci_high"] == pytest.approx(b, abs=0.8)


def test_rows_below_the_minimum_are_not_judged():
    table = table_of([(2, {"food": NEGATIVE})] * 9 + [(9, {"price": POSITIVE})] * 11 + [(8, {})] * 30)
    assert table.loc[("food", "negative"), ["shown", "note"]].tolist() == [False, "few mentions"]
    assert np.isnan(table.loc[("food", "negative"), "q"])
    assert table.loc[("price", "positive"), "q"] < 0.01
