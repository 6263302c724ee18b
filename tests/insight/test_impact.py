from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight import cells
from nps_nlp.insight.impact import MEASURES, difference_p, impacts, leave_out, points
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


@given(PEOPLE)
def test_impact_is_the_difference_of_two_scores_computed_person_by_person(people):
    table = impacts(cells(tally_of(people), THEMES), seed=1, replicates=5)
    everybody = nps_of(s for s, _ in people)
    for theme in THEMES:
        for measure, mark in (("impact", 7), ("impact_negative", NEGATIVE), ("impact_positive", POSITIVE)):
            rest = [s for s, said in people if not said.get(theme, 0) & mark]
            if rest:
                assert table.loc[theme, measure] == pytest.approx(everybody - nps_of(rest), abs=1e-9)
            else:
                assert np.isnan(table.loc[theme, measure])


@given(PEOPLE)
def test_contributions_of_themes_and_of_those_without_a_theme_sum_to_the_score(people):
    data = cells(tally_of(people), THEMES)
    table = impacts(data, seed=1, replicates=2)
    silent = sum(100 * ((s >= 9) - (s <= 6)) for s, said in people if not said) / len(people)
    assert table["contribution"].sum() + silent == pytest.approx(nps_of(s for s, _ in people), abs=1e-9)


def test_impact_equals_the_published_identity():
    # n_t (NPS_t − NPS) / (N − n_t), 120 promoters, 50 passives, 30 detractors; 40 mentioners 5/5/30.
    everybody, part = np.array([120.0, 50, 30]), np.array([5.0, 5, 30])
    nps, nps_t = 45.0, -62.5
    assert float(leave_out(part, everybody)) == pytest.approx(40 * (nps_t - nps) / 160)


def test_a_theme_that_everybody_mentions_has_no_leave_out_impact_and_no_interval():
    table = impacts(cells(tally_of([(10, {"food": POSITIVE}), (3, {"food": NEGATIVE})]), THEMES), seed=1, replicates=20)
    assert np.isnan(table.loc["food", ["impact", "impact_ci_low", "impact_ci_high"]].astype(float)).all()
    assert table.loc["food", "bounded"] == 0


def test_intervals_hold_the_estimate_and_are_the_same_twice():
    rng = np.random.default_rng(0)
    people = [(int(rng.integers(0, 11)), {"food": NEGATIVE} if rng.random() < 0.3 else {}) for _ in range(400)]
    first, second = (impacts(cells(tally_of(people), THEMES), seed=7, replicates=200) for _ in range(2))
    assert first.equals(second)
    row = first.loc["food"]
    for name in MEASURES:
        assert row[f"{name}_ci_low"] <= row[name] <= row[f"{name}_ci_high"]


def test_bootstrap_interval_agrees_with_resampling_respondents():
    rng = np.random.default_rng(3)
    mentions = rng.random(600) < 0.25
    scores = np.where(mentions, rng.integers(0, 9, 600), rng.integers(4, 11, 600))
    people = [(int(s), {"food": NEGATIVE} if m else {}) for s, m in zip(scores, mentions, strict=True)]
    row = impacts(cells(tally_of(people), THEMES), seed=5, replicates=2000).loc["food"]
    drawn = []
    for _ in range(2000):
        pick = rng.integers(0, 600, 600)
        s, m = scores[pick], mentions[pick]
        drawn.append(nps_of(s) - nps_of(s[~m]))
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert row["impact_negative_ci_low"] == pytest.approx(low, abs=0.8)
    assert row["impact_negative_ci_high"] == pytest.approx(high, abs=0.8)


def test_difference_p_matches_a_permutation_test():
    part, everybody = np.array([10.0, 10, 40]), np.array([110.0, 60, 80])
    rng = np.random.default_rng(1)
    people = np.repeat([1, 0, -1], everybody.astype(int))
    observed = points(part) - points(everybody - part)
    draws = []
    for _ in range(4000):
        rng.shuffle(people)
        draws.append(100 * (people[:60].mean() - people[60:].mean()))
    assert float(difference_p(part, everybody)) < 0.001
    assert np.mean(np.abs(draws) >= abs(observed)) < 0.01
    assert float(difference_p(np.array([44.0, 24, 32]), everybody)) == pytest.approx(1.0, abs=0.02)


def test_points_of_nobody_is_undefined():
    assert np.isnan(points(np.zeros(3)))
