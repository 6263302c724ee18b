import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import fisher_exact, hypergeom

from nps_nlp.insight.two_by_two import tails, two_proportions_p, upper_tail


@pytest.mark.parametrize("size", [6, 90, 12_000, 1_000_000])
def test_tails_against_scipy(size):
    rng = np.random.default_rng(size)
    total = rng.integers(size // 2, size + 1, 60)
    hits, n = rng.integers(1, np.minimum(total, 3000) + 1), rng.integers(1, total + 1)
    x = hypergeom.rvs(total, hits, n, random_state=rng)
    low, high = tails(x, n, hits, total)
    assert low == pytest.approx(hypergeom.cdf(x, total, hits, n), rel=1e-6, abs=1e-12)
    assert high == pytest.approx(hypergeom.sf(x - 1, total, hits, n), rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("a", "b"), [(5, 0), (1, 1), (12, 160), (0, 9)])
def test_twice_the_smaller_of_fishers_tails(a, b):
    sides = [fisher_exact([[a, 40 - a], [b, 900 - b]], alternative=side)[1] for side in ("less", "greater")]
    assert float(two_proportions_p(a, 40, b, 900)) == pytest.approx(min(1, 2 * min(sides)), rel=1e-9)
    assert float(upper_tail(a, 40, a + b, 940)) == pytest.approx(sides[1], rel=1e-9)


@given(st.integers(1, 60), st.integers(1, 200), st.integers(1, 259), st.floats(0.0005, 0.5))
def test_no_level_is_exceeded_whatever_the_margins(n, m, hits, alpha):
    hits = min(hits, n + m - 1)
    a = np.arange(max(0, hits - m), min(n, hits) + 1)
    p = two_proportions_p(a, n, hits - a, m)
    assert hypergeom.pmf(a[p <= alpha], n + m, hits, n).sum() <= alpha * (1 + 1e-9)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_sides_and_answers_can_be_exchanged(a, b, c, d):
    p = two_proportions_p(a, a + b, c, c + d)
    assert two_proportions_p(c, c + d, a, a + b) == pytest.approx(p, nan_ok=True, rel=1e-9)
    assert two_proportions_p(b, a + b, d, c + d) == pytest.approx(p, nan_ok=True, rel=1e-9)


def test_nothing_to_compare():
    assert np.isnan(two_proportions_p([0, 0, 7, 3], [10, 0, 7, 5], [0, 3, 5, 0], [10, 10, 5, 0])).all()


def test_rare_themes_raise_few_false_alarms():
    # Three mentions in a thousand, a group of 30 beside 970 others: the z-test calls 6 % of the tables beyond 1 %.
    rng = np.random.default_rng(11)
    a, b = rng.binomial(30, 0.003, 20_000), rng.binomial(970, 0.003, 20_000)
    p = two_proportions_p(a, 30, b, 970)
    for alpha in (0.05, 0.01, 0.001):
        assert np.nanmean(np.where(np.isnan(p), 1, p) <= alpha) <= alpha
    pooled = (a + b) / 1000
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (a / 30 - b / 970) / np.sqrt(pooled * (1 - pooled) * (1 / 30 + 1 / 970))
    assert np.nanmean(np.abs(z) > 2.5758) > 0.05


def test_effective_numbers_are_rounded():
    assert two_proportions_p(4.6, 40.3, 8.8, 899.6) == pytest.approx(two_proportions_p(5, 40, 9, 900))
    assert np.isfinite(upper_tail([3.5, 0.4], [3.5, 7.6], [3.5, 0.4], [7.0, 8.0])).all()
