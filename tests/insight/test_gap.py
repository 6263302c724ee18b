from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.insight.gap import _statistic, difference_p, points
from nps_nlp.scoring import nps_test


def test_points_of_nobody_is_undefined():
    assert np.isnan(points(np.zeros(3)))


@given(st.tuples(*[st.integers(0, 3)] * 3).filter(any), st.tuples(*[st.integers(0, 3)] * 3).filter(any))
@settings(max_examples=40, deadline=None)
def test_small_groups_against_every_way_to_draw_them(part, rest):
    people = np.repeat([0, 1, 2], np.add(part, rest))
    n = sum(part)
    observed = abs(float(_statistic(np.array(part, dtype=float), np.array(rest, dtype=float))))
    hits = ways = 0
    for chosen in combinations(range(len(people)), n) if len(people) <= 12 else ():
        drawn = np.bincount(people[list(chosen)], minlength=3).astype(float)
        hits += abs(float(_statistic(drawn, np.bincount(people, minlength=3) - drawn))) >= observed - 1e-9
        ways += 1
    if ways:
        assert float(difference_p(part, np.add(part, rest))) == pytest.approx(hits / ways, abs=1e-9)


def test_large_groups_have_the_p_of_the_two_sample_test():
    a, b = [4000, 3000, 3000], [9000, 8000, 8000]
    assert float(difference_p(a, np.add(a, b))) == pytest.approx(nps_test(a, b).p, rel=1e-9)


def test_either_side_may_be_the_small_one():
    assert difference_p([8, 1, 1], [500, 300, 200]) == pytest.approx(difference_p([492, 299, 199], [500, 300, 200]))


@pytest.mark.parametrize(
    ("part", "everybody"), [([0, 0, 0], [3, 3, 3]), ([3, 3, 3], [3, 3, 3]), ([0, 0, 0], [0, 0, 0])]
)
def test_without_two_sides_there_is_no_p(part, everybody):
    assert np.isnan(difference_p(part, everybody))


@given(st.tuples(*[st.integers(0, 30)] * 3).filter(any))
def test_exchanging_promoters_and_detractors_keeps_p(part):
    everybody = np.add(part, [200, 150, 120])
    assert difference_p(part, everybody) == pytest.approx(difference_p(part[::-1], everybody[::-1]))


@pytest.mark.parametrize("mix", [(0.2, 0.4, 0.4), (0.85, 0.12, 0.03)])
def test_few_mentioners_raise_no_more_false_alarms_than_said(mix):
    rng = np.random.default_rng(4)
    part, rest = rng.multinomial(12, mix, 3000), rng.multinomial(500, mix, 3000)
    p = difference_p(part, part + rest)
    for alpha in (0.05, 0.01, 0.002):
        # Three standard errors of the simulation.
        assert (p <= alpha).mean() <= alpha + 3 * np.sqrt(alpha / 3000)


def test_many_with_the_same_score_but_another_spread_are_not_told_apart():
    rng = np.random.default_rng(5)
    part, rest = rng.multinomial(100, [0.5, 0.0, 0.5], 1000), rng.multinomial(900, [0.1, 0.8, 0.1], 1000)
    assert (difference_p(part, part + rest) <= 0.05).mean() <= 0.05 + 3 * np.sqrt(0.05 / 1000)
