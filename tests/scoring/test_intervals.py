"""Intervals against published values, independent implementations and exact coverage."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from nps_nlp.scoring import METHODS, response_variance
from nps_nlp.scoring.intervals import adjusted_wald, bootstrap, critical_value, dirichlet, score, wald

counts = st.tuples(*[st.integers(0, 300)] * 3).filter(lambda c: sum(c) > 0)
methods = pytest.mark.parametrize("method", METHODS)

# (promoters, passives, detractors), confidence, published limits in points, their rounding. An NPS has the
# likelihood of a difference of paired proportions, with the discordant pairs as promoters and detractors.
TANGO = {
    # Bentur et al. 2009, in Fagerland, Lydersen & Laake (2017), Statistical Analysis of Contingency Tables.
    "Bentur": ((1, 13, 7), 0.95, (-51.7, -2.6), 0.05),
    # Cavo et al. 2012, same book; R contingencytables::Tango_asymptotic_score_CI_paired_2x2.
    "Cavo": ((6, 139, 16), 0.95, (-12.40, -0.54), 0.005),
    # R PropCIs::scoreci.mp(25, 28, 618, 0.90).
    "PropCIs": ((28, 565, 25), 0.90, (-1.48, 2.47), 0.005),
}


def limits(method, *arguments):
    low, high = METHODS[method](*arguments)
    return float(low), float(high)


def test_critical_value_against_scipy():
    for confidence in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        assert critical_value(confidence) == pytest.approx(stats.norm.ppf(0.5 + confidence / 2), rel=1e-12)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
@methods
def test_confidence_that_is_no_share_is_refused(method, confidence):
    with pytest.raises(ValueError, match="confidence is a share between 0 and 1"):
        METHODS[method](5, 3, 2, confidence)


@given(counts)
def test_variance_is_the_variance_of_the_single_answers(c):
    answers = np.repeat([1, 0, -1], c)
    assert float(response_variance(*c)) == pytest.approx(float(answers.var()), abs=1e-12)


def test_wald_published():
    # Cavo et al. 2012: R contingencytables::Wald_CI_diff_paired_2x2 gives -0.1184 to -0.0058.
    assert limits("wald", 6, 139, 16) == pytest.approx((-11.84, -0.58), abs=0.005)


def test_adjusted_wald_by_hand():
    # 50.75, 31.5, 20.75 of 103: centre 30/103, variance 71.5/103 - (30/103)^2.
    centre = Fraction(30, 103)
    variance = Fraction(143, 206) - centre**2
    half_width = 1.959963984540054 * math.sqrt(variance / 103)
    expected = (100 * (float(centre) - half_width), 100 * (float(centre) + half_width))
    assert limits("adjusted_wald", 50, 30, 20) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("case", TANGO)
def test_score_interval_published(case):
    c, confidence, expected, rounding = TANGO[case]
    assert limits("score", *c, confidence) == pytest.approx(expected, abs=rounding)


@given(counts.filter(lambda c: c[0] and c[2]))
def test_score_limits_are_where_the_score_test_reaches_its_critical_value(c):
    p, q, d = c
    n, z = p + q + d, critical_value(0.95)
    for limit in limits("score", *c):
        theta = limit / 100
        # Constrained maximum by brute force: p + d = s with p - d = theta.
        grid = np.linspace(abs(theta) + 1e-9, 1 - 1e-9, 20_001)
        with np.errstate(divide="ignore"):
            log_p, log_q, log_d = np.log((grid + theta) / 2), np.log(1 - grid), np.log((grid - theta) / 2)
        s = grid[np.argmax(p * log_p + q * log_q + d * log_d)]
        statistic = ((p - d) / n - theta) / math.sqrt((s - theta**2) / n)
        assert abs(statistic) == pytest.approx(z, rel=0.01)


@pytest.mark.parametrize("c", [(50, 30, 20), (1, 13, 7), (0, 5, 1), (19, 1, 0), (400, 90, 10)])
def test_dirichlet_limits_hold_the_right_posterior_mass(c):
    a, b, g = (count + 0.5 for count in c)

    def below(limit):
        # Detractors are Beta(g, a + b); given them, promoters are a Beta(a, b) part of the rest.
        def mass(d):
            return stats.beta.pdf(d, g, a + b) * stats.beta.cdf((limit + d) / (1 - d), a, b)

        peak = (g / (a + b + g),)
        return integrate.quad(mass, 0, 1, points=peak, limit=500)[0]

    low, high = limits("dirichlet", *c)
    assert below(low / 100) == pytest.approx(0.025, abs=5e-4)
    assert below(high / 100) == pytest.approx(0.975, abs=5e-4)


def test_dirichlet_reaches_the_boundary_where_all_answer_alike():
    assert limits("dirichlet", 20, 0, 0)[1] == 100
    assert limits("dirichlet", 0, 0, 20)[0] == -100


@pytest.mark.parametrize("c", [(30, 20, 10), (55, 4, 1), (5, 15, 60)])
def test_bootstrap_against_scipy_bca(c):
    answers = np.repeat([100.0, 0.0, -100.0], c)
    other = stats.bootstrap(
        (answers,), np.mean, n_resamples=20_000, method="BCa", random_state=np.random.default_rng(1)
    )
    step = 100 / sum(c)
    assert limits("bootstrap", *c) == pytest.approx(tuple(other.confidence_interval), abs=1.01 * step)


def test_bootstrap_is_the_same_every_time_and_for_every_row_order():
    rows = np.array([[30, 20, 10], [5, 15, 60], [400, 1, 3]]).T
    forwards = np.array(bootstrap(*rows))
    assert np.array_equal(forwards, np.array(bootstrap(*rows[:, ::-1]))[:, ::-1])


def test_bootstrap_of_a_large_survey_is_the_normal_interval():
    assert limits("bootstrap", 500_000, 300_000, 200_000) == pytest.approx(
        limits("wald", 500_000, 300_000, 200_000), abs=0.001
    )


@methods
@given(c=counts)
@settings(max_examples=60)
def test_limits_are_ordered_and_never_beyond_100(method, c):
    low, high = limits(method, *c)
    assert -100 <= low <= high <= 100


@methods
@given(c=counts)
@settings(max_examples=60)
def test_interval_holds_the_score(method, c):
    low, high = limits(method, *c)
    assert low - 1e-9 <= 100 * (c[0] - c[2]) / sum(c) <= high + 1e-9


@methods
@given(c=counts)
@settings(max_examples=60)
def test_swapping_promoters_and_detractors_mirrors_the_interval(method, c):
    low, high = limits(method, *c)
    assert limits(method, *c[::-1]) == pytest.approx((-high, -low), abs=1e-6)


@methods
@given(c=counts)
@settings(max_examples=40)
def test_more_confidence_is_never_narrower(method, c):
    narrow, wide = limits(method, *c, 0.8), limits(method, *c, 0.99)
    assert wide[0] <= narrow[0] + 1e-9
    assert narrow[1] <= wide[1] + 1e-9


@given(counts)
def test_four_times_the_responses_halve_the_wald_interval(c):
    shares = np.array(c) / sum(c)
    low, high = wald(*shares * 1000)
    low4, high4 = wald(*shares * 4000)
    if low > -100 and high < 100:
        assert float(high4 - low4) == pytest.approx(float(high - low) / 2, abs=1e-9)


@pytest.mark.parametrize("interval", [adjusted_wald, wald, score, dirichlet, bootstrap])
def test_rows_are_independent_of_each_other(interval):
    table = np.array([[50, 30, 20], [1, 0, 0], [0, 7, 0], [3, 3, 400]])
    together = np.array(interval(*table.T))
    alone = np.array([interval(*row) for row in table]).T
    assert together == pytest.approx(alone, abs=1e-9)


def exact_coverage(method, n, shares):
    """Coverage in %, by adding the probabilities of all surveys of n whose interval holds the true score."""
    surveys = np.array([(p, q, n - p - q) for p in range(n + 1) for q in range(n + 1 - p)])
    low, high = METHODS[method](*surveys.T)
    truth = 100 * (shares[0] - shares[2])
    held = (low <= truth + 1e-9) & (truth <= high + 1e-9)
    return 100 * stats.multinomial(n, shares).pmf(surveys)[held].sum()


@pytest.mark.parametrize("method", ["adjusted_wald", "score"])
@pytest.mark.parametrize("shares", [(0.45, 0.30, 0.25), (0.12, 0.38, 0.50), (0.80, 0.15, 0.05), (0.5, 0.02, 0.48)])
def test_coverage_is_within_a_point_and_a_half_of_nominal(method, shares):
    assert exact_coverage(method, 60, shares) == pytest.approx(95, abs=1.5)


def test_wald_fails_where_nearly_all_are_promoters():
    assert exact_coverage("wald", 20, (0.95, 0.04, 0.01)) < 80
    assert exact_coverage("adjusted_wald", 20, (0.95, 0.04, 0.01)) > 94
