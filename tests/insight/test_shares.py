from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight.shares import correlations, relative_weights, roots, shapley_shares

# The data set swiss of R: Fertility, Agriculture, Examination, Education, Catholic,
# Infant.Mortality of 47 provinces in 1888.
SWISS = """
80.2 17 15 12 9.96 22.2;83.1 45.1 6 9 84.84 22.2;92.5 39.7 5 5 93.4 20.2;85.8 36.5 12 7 33.77 20.3
76.9 43.5 17 15 5.16 20.6;76.1 35.3 9 7 90.57 26.6;83.8 70.2 16 7 92.85 23.6;92.4 67.8 14 8 97.16 24.9
82.4 53.3 12 7 97.67 21;82.9 45.2 16 13 91.38 24.4;87.1 64.5 14 6 98.61 24.5;64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1;68.9 60.7 19 12 4.43 22.7;61.7 69.3 22 5 2.82 18.7;68.3 72.6 18 2 24.2 21.2
71.7 34 17 8 3.3 20;55.7 19.4 26 28 12.11 20.2;54.3 15.2 31 20 2.15 10.8;65.1 73 19 9 2.84 20
65.5 59.8 22 10 5.23 18;65 55.1 14 3 4.52 22.4;56.6 50.9 22 12 15.14 16.7;57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21;74.2 58.1 14 8 5.23 23.8;72 63.5 6 3 2.56 18;60.5 60.8 16 10 7.72 16.3
58.3 26.8 25 19 18.46 20.9;65.4 49.5 15 8 6.1 22.5;75.5 85.9 3 2 99.71 15.1;69.3 84.9 7 6 99.68 19.8
77.3 89.7 5 2 100 18.3;70.5 78.2 12 6 98.96 19.4;79.4 64.9 7 3 98.22 20.2;65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3;79.3 63.1 13 13 96.83 18.1;70.4 38.4 26 12 5.62 20.3;65.7 7.7 29 11 13.79 20.5
72.7 16.7 22 13 11.22 18.9;64.4 17.6 35 32 16.92 23;77.6 37.6 15 7 4.97 20;67.6 18.7 25 7 8.65 19.5
35 1.2 37 53 42.34 18;44.7 46.6 16 29 50.43 18.2;42.8 27.7 22 29 58.33 19.3
"""


@pytest.fixture
def swiss():
    values = np.array([row.split() for row in SWISS.strip().replace("\n", ";").split(";")], dtype=float)
    return correlations(np.cov(np.roll(values, -1, axis=1).T))[None]


def weights_of(correlation):
    k = correlation.shape[-1] - 1
    parts = roots(correlation[..., :k, :k], correlation[..., :k, k])
    return relative_weights(parts.root, parts.slopes)


def random_correlation(seed, k):
    rng = np.random.default_rng(seed)
    return correlations(np.cov((rng.normal(size=(60, k + 1)) @ rng.normal(size=(k + 1, k + 1))).T))


def r2_of(correlation, subset):
    inside = correlation[np.ix_(subset, subset)]
    return float(correlation[subset, -1] @ np.linalg.solve(inside, correlation[subset, -1])) if subset else 0.0


def test_shapley_is_the_lmg_of_relaimpo(swiss):
    # calc.relimp(lm(Fertility ~ ., swiss), type = "lmg") of R's relaimpo (Grömping 2006).
    lmg = [0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735, 0.1127659229265]
    assert shapley_shares(swiss)[0] == pytest.approx(lmg, abs=1e-12)
    assert shapley_shares(swiss).sum() == pytest.approx(0.706735001593, abs=1e-11)


def test_relative_weights_are_those_of_relativeimp(swiss):
    # relativeImp(swiss, "Fertility", …) of R's flipMultivariates.
    weights = [0.048416895812, 0.154708249806, 0.271964104646, 0.114680029948, 0.116965721381]
    assert weights_of(swiss)[0] == pytest.approx(weights, abs=1e-11)


def test_inflation_is_one_over_one_less_r2_of_the_others(swiss):
    between = swiss[0, :5, :5]
    expected = []
    for i in range(5):
        order = [*(j for j in range(5) if j != i), i]
        expected.append(1 / (1 - r2_of(between[np.ix_(order, order)], list(range(4)))))
    assert roots(between, swiss[0, :5, 5]).inflation == pytest.approx(expected, rel=1e-9)


@given(st.integers(0, 10_000))
def test_shapley_equals_the_mean_over_all_orders(seed):
    correlation = random_correlation(seed, 4)
    gains = np.zeros(4)
    for order in permutations(range(4)):
        for place, driver in enumerate(order):
            before = list(order[:place])
            gains[driver] += r2_of(correlation, [*before, driver]) - r2_of(correlation, before)
    assert shapley_shares(correlation[None])[0] == pytest.approx(gains / 24, abs=1e-7)


@given(st.integers(0, 10_000), st.integers(1, 8))
def test_both_methods_sum_to_r2_and_are_not_negative(seed, k):
    correlation = random_correlation(seed, k)
    r2 = r2_of(correlation, list(range(k)))
    for shares in (shapley_shares(correlation[None])[0], weights_of(correlation)):
        assert shares.sum() == pytest.approx(r2, abs=1e-6)
        assert (shares >= -1e-9).all()


@given(st.integers(0, 10_000))
def test_of_two_drivers_both_methods_agree(seed):
    correlation = random_correlation(seed, 2)
    assert weights_of(correlation) == pytest.approx(shapley_shares(correlation[None])[0], abs=1e-6)


@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_the_order_of_the_drivers_does_not_matter(seed, order):
    correlation = random_correlation(seed, 5)
    turned = correlation[np.ix_([*order, 5], [*order, 5])]
    assert shapley_shares(turned[None])[0] == pytest.approx(shapley_shares(correlation[None])[0][order], abs=1e-7)
    assert weights_of(turned) == pytest.approx(weights_of(correlation)[order], abs=1e-6)


def test_twins_share_what_one_of_them_explains():
    twins = np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])
    assert shapley_shares(twins[None])[0] == pytest.approx([0.125, 0.125])
    assert weights_of(twins) == pytest.approx([0.125, 0.125])


def test_a_driver_that_does_not_vary_explains_nothing():
    correlation = correlations(np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.5], [0.0, 0.5, 1.0]]))
    assert shapley_shares(correlation[None])[0] == pytest.approx([0.0, 0.25])
    assert weights_of(correlation) == pytest.approx([0.0, 0.25])
