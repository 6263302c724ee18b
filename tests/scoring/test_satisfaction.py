import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import (
    mean_of_distribution,
    mean_score,
    top_box,
    top_box_of_distribution,
    wilson_interval,
)

# Newcombe, R. (1998). Two-sided confidence intervals for the single proportion. Statist. Med. 17, 857-872.
NEWCOMBE = {
    (81, 263): (0.2553, 0.3662),
    (15, 148): (0.0624, 0.1605),
    (0, 20): (0.0, 0.1611),
    (1, 29): (0.0061, 0.1718),
}


@pytest.mark.parametrize("case", NEWCOMBE)
def test_wilson_published(case):
    low, high = wilson_interval(*case)
    assert (float(low), float(high)) == pytest.approx(NEWCOMBE[case], abs=5e-5)


@given(st.integers(1, 500), st.data(), st.floats(0.5, 0.99))
def test_wilson_against_scipy(n, data, confidence):
    hits = data.draw(st.integers(0, n))
    other = stats.binomtest(hits, n).proportion_ci(confidence, method="wilson")
    low, high = wilson_interval(hits, n, confidence)
    assert (float(low), float(high)) == pytest.approx((other.low, other.high), abs=1e-9)


def test_wilson_of_nobody_is_missing():
    low, high = wilson_interval([0, 3], [0, 4])
    assert np.isnan([low[0], high[0]]).all()
    assert not np.isnan([low[1], high[1]]).any()


def test_top_box_counts_the_highest_answers():
    result = top_box([5, 5, 4, 3, 2, 1, 1, 4], boxes=2)
    assert (result.share, result.hits, result.n) == (0.5, 4, 8)
    assert (result.ci_low, result.ci_high) == tuple(map(float, wilson_interval(4, 8)))
    assert top_box([7, 5, 4], low=1, high=7, boxes=3).hits == 2


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60), st.integers(1, 4))
def test_scores_and_their_distribution_agree(scores, boxes):
    counts = [scores.count(point) for point in range(1, 6)]
    assert top_box(scores, boxes=boxes) == top_box_of_distribution(counts, boxes)
    assert top_box(scores, boxes=boxes).hits == sum(score > 5 - boxes for score in scores)


@pytest.mark.parametrize("boxes", [0, 5, -1])
def test_boxes_must_leave_something_out(boxes):
    with pytest.raises(ValueError, match="boxes must be from 1 to 4 on a scale of 5 points"):
        top_box([1, 2, 3], boxes=boxes)


@given(st.lists(st.integers(1, 7), min_size=2, max_size=60), st.floats(0.5, 0.99))
def test_mean_against_scipy(scores, confidence):
    result = mean_score(scores, confidence=confidence)
    assert result.mean == pytest.approx(np.mean(scores))
    assert result.sd == pytest.approx(np.std(scores, ddof=1), abs=1e-9)
    if result.sd > 0:
        other = stats.t.interval(confidence, len(scores) - 1, np.mean(scores), stats.sem(scores))
        assert (result.ci_low, result.ci_high) == pytest.approx(other, abs=1e-9)


def test_mean_of_one_answer_has_no_interval():
    result = mean_of_distribution([0, 0, 1], low=1)
    assert result.mean == 3
    assert all(map(math.isnan, (result.sd, result.se, result.ci_low, result.ci_high)))


@pytest.mark.parametrize("function", [lambda c: top_box_of_distribution(c, 1), lambda c: mean_of_distribution(c, 1)])
def test_nobody_answered(function):
    with pytest.raises(ValueError, match="nobody answered this question"):
        function([0, 0, 0])


def test_results_are_json():
    assert json.loads(json.dumps(top_box([5, 1]).to_dict()))["n"] == 2
    assert json.loads(json.dumps(mean_score([5, 1]).to_dict()))["mean"] == 3.0
