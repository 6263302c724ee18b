import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import nps_test, nps_trend

COLUMNS = ["promoters", "passives", "detractors"]
counts = st.tuples(*[st.integers(0, 300)] * 3).filter(lambda c: sum(c) > 0)
periods = st.lists(counts, min_size=2, max_size=8)


def table(rows):
    return pd.DataFrame(rows, columns=COLUMNS)


@given(periods)
def test_slope_is_the_regression_of_the_single_answers(rows):
    answers = np.concatenate([np.repeat([100.0, 0.0, -100.0], row) for row in rows])
    time = np.repeat(np.arange(len(rows)), [sum(row) for row in rows])
    assert nps_trend(table(rows)).slope == pytest.approx(np.polyfit(time, answers, 1)[0], abs=1e-7)


def test_standard_error_against_heteroscedasticity_consistent_regression():
    # Four points exactly on a line, so that nothing but sampling is left about it.
    rows = [(4000, 3000, 3000), (4500, 2900, 2600), (5000, 2800, 2200), (5500, 2700, 1800)]
    answers = np.concatenate([np.repeat([100.0, 0.0, -100.0], row) for row in rows])
    x = np.column_stack([np.ones(len(answers)), np.repeat(np.arange(4), 10_000)])
    bread = np.linalg.inv(x.T @ x)
    residual = answers - x @ (bread @ x.T @ answers)
    hc0 = bread @ (x.T * residual**2) @ x @ bread
    result = nps_trend(table(rows))
    assert result.scatter < 1
    assert result.se == pytest.approx(math.sqrt(hc0[1, 1]), rel=2e-3)


def test_two_periods_are_the_difference_of_two_large_groups():
    rows = [(4000, 3000, 3000), (4500, 2900, 2600)]
    result, single = nps_trend(table(rows)), nps_test(*rows)
    assert result.slope == pytest.approx(single.difference)
    assert result.se == pytest.approx(single.se)
    assert math.isnan(result.scatter)
    assert math.isnan(result.scatter_p)


@given(periods)
def test_reversing_time_turns_the_slope_round(rows):
    forwards, backwards = nps_trend(table(rows)), nps_trend(table(rows[::-1]))
    assert backwards.slope == pytest.approx(-forwards.slope, abs=1e-7)
    assert backwards.se == pytest.approx(forwards.se, rel=1e-7)


@given(periods, st.floats(0.1, 50))
def test_units_of_time_scale_the_slope_and_leave_the_test(rows, unit):
    steps, scaled = nps_trend(table(rows)), nps_trend(table(rows), times=unit * np.arange(len(rows)) + 7)
    assert scaled.slope == pytest.approx(steps.slope / unit, abs=1e-6)
    assert scaled.p == pytest.approx(steps.p, abs=1e-6)


def test_a_period_without_responses_keeps_its_place():
    with_gap = nps_trend(table([(40, 30, 30), (0, 0, 0), (52, 28, 20)]))
    without = nps_trend(table([(40, 30, 30), (52, 28, 20)]))
    assert with_gap.slope == pytest.approx(without.slope / 2)
    assert with_gap.periods == 2
    assert with_gap.n == 200


def test_scatter_beyond_sampling_widens_the_interval():
    # 10,000 answers a period jumping by 20 points: sampling explains less than one of them.
    rows = [
        (4000, 3000, 3000),
        (5000, 3000, 2000),
        (4000, 3000, 3000),
        (5000, 3000, 2000),
        (4000, 3000, 3000),
    ]
    result = nps_trend(table(rows))
    score = np.array([10, 30, 10, 30, 10])
    variance = np.array([1e4 * (0.7 - 0.01), 1e4 * (0.7 - 0.09)])[[0, 1, 0, 1, 0]] / 10_000
    line = score.mean()
    expected = ((score - line) ** 2 / variance).sum()
    assert result.scatter == pytest.approx(expected / 3, rel=2e-3)
    assert result.scatter_p == pytest.approx(stats.chi2.sf(expected, 3), abs=1e-12)
    assert result.p == pytest.approx(1.0)
    assert result.ci_high > 3


def test_no_trend_is_found_at_the_nominal_rate():
    rng = np.random.default_rng(3)
    surveys = rng.multinomial(60, (0.3, 0.4, 0.3), size=(800, 12))
    rejected = np.mean([nps_trend(table(rows)).p <= 0.05 for rows in surveys])
    # Widening only ever lowers the rate; 800 tests: three standard errors are 2.3 points.
    assert 0.01 < rejected < 0.073


@pytest.mark.parametrize(
    ("rows", "times", "message"),
    [
        ([(1, 1, 1)], None, "two or more times, got 1"),
        ([(1, 1, 1), (0, 0, 0)], None, "two or more times, got 1"),
        ([(1, 1, 1), (2, 2, 2)], [3, 3], "two or more times, got 1"),
        ([(1, 1, 1), (2, 2, 2)], [1, 2, 3], "one number for each of the 2 periods"),
    ],
)
def test_what_cannot_be_a_trend_is_refused(rows, times, message):
    with pytest.raises(ValueError, match=message):
        nps_trend(table(rows), times=times)


def test_result_is_a_plain_dictionary():
    assert set(nps_trend(table([(1, 1, 1), (2, 2, 2)])).to_dict()) >= {
        "slope",
        "se",
        "ci_low",
        "ci_high",
        "p",
    }
