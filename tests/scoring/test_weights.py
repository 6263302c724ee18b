import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import (
    category,
    normalised_weights,
    nps,
    nps_of_scores,
    weight_sums,
    weighted_nps,
    weighted_nps_of_scores,
)
from nps_nlp.scoring.intervals import adjusted_wald

scores = st.lists(st.integers(0, 10), min_size=1, max_size=80)
weighted = st.lists(st.tuples(st.integers(0, 10), st.floats(0.01, 50)), min_size=2, max_size=80)


@given(scores, st.floats(0.001, 1000))
def test_equal_weights_change_nothing(values, weight):
    plain = nps_of_scores(values)
    result = weighted_nps_of_scores(values, [weight] * len(values))
    assert result.score == pytest.approx(plain.score, abs=1e-9)
    assert result.se == pytest.approx(plain.se, abs=1e-6)
    assert (result.ci_low, result.ci_high) == pytest.approx((plain.ci_low, plain.ci_high), abs=1e-6)
    assert result.n_effective == pytest.approx(plain.n)
    assert result.design_effect == pytest.approx(1)
    assert result.promoters == pytest.approx(plain.promoters / plain.n)


@given(weighted, st.floats(0.01, 100))
def test_only_the_relative_size_of_the_weights_matters(rows, factor):
    values, weights = map(np.array, zip(*rows, strict=True))
    first, second = weighted_nps_of_scores(values, weights), weighted_nps_of_scores(values, factor * weights)
    for name, value in first.to_dict().items():
        if name != "method":
            assert getattr(second, name) == pytest.approx(value, abs=1e-6)


@given(weighted)
def test_score_is_the_weighted_mean_and_se_the_linearised_one(rows):
    values, weights = map(np.array, zip(*rows, strict=True))
    answers = 100.0 * category(values)
    mean = np.average(answers, weights=weights)
    result = weighted_nps_of_scores(values, weights)
    assert result.score == pytest.approx(mean, abs=1e-8)
    assert result.se == pytest.approx(math.sqrt((weights**2 * (answers - mean) ** 2).sum()) / weights.sum(), abs=1e-5)
    assert -100 <= result.ci_low <= result.ci_high <= 100
    assert 1 - 1e-9 <= result.n_effective <= len(values) + 1e-9


def test_se_against_the_jackknife():
    rng = np.random.default_rng(4)
    values, weights = rng.integers(0, 11, 400), rng.gamma(2.0, size=400)
    answers = 100.0 * category(values)
    total, sum_ = weights.sum(), weights @ answers
    left_out = (sum_ - weights * answers) / (total - weights)
    jackknife = math.sqrt(399 / 400 * ((left_out - left_out.mean()) ** 2).sum())
    assert weighted_nps_of_scores(values, weights).se == pytest.approx(jackknife, rel=0.01)


def test_kish_by_hand():
    # Weights 1, 1, 2: (4)² / 6 = 2.667 effective of 3, design effect 1.125.
    result = weighted_nps_of_scores([10, 5, 8], [1, 1, 2])
    assert result.n_effective == pytest.approx(16 / 6)
    assert result.design_effect == pytest.approx(1.125)
    assert result.score == 0


def test_unequal_weights_widen_the_interval():
    rng = np.random.default_rng(8)
    values, weights = rng.integers(0, 11, 300), rng.choice([0.2, 5.0], 300)
    plain, result = nps_of_scores(values), weighted_nps_of_scores(values, weights)
    assert result.ci_high - result.ci_low > 1.2 * (plain.ci_high - plain.ci_low)


def test_interval_rests_on_the_design_based_effective_size():
    # Promoters weigh 3, the others 1: shares 0.6, 0.2, 0.2, score 0.4, variance 0.64.
    values, weights = [10] * 10 + [8] * 10 + [0] * 10, [3.0] * 10 + [1.0] * 20
    # Squared standard error (90 · 0.6² + 10 · 0.4² + 10 · 1.4²) / 50² = 0.02144: 29.85 responses.
    size = 0.64 / 0.02144
    expected = adjusted_wald(0.6 * size, 0.2 * size, 0.2 * size)
    result = weighted_nps_of_scores(values, weights)
    assert result.se == pytest.approx(100 * math.sqrt(0.02144))
    assert (result.ci_low, result.ci_high) == pytest.approx(tuple(map(float, expected)))


def test_interval_never_claims_more_responses_than_there_are():
    # The heavy answers are all at the mean, so the design-based size would be 110 of 20 respondents.
    result = weighted_nps_of_scores([10] * 5 + [0] * 5 + [7] * 10, [1.0] * 10 + [10.0] * 10)
    expected = adjusted_wald(20 * 5 / 110, 20 * 100 / 110, 20 * 5 / 110)
    assert (result.ci_low, result.ci_high) == pytest.approx(tuple(map(float, expected)))


def test_unanimous_answers_keep_an_interval():
    result = weighted_nps_of_scores([10] * 20, [1.0, 3.0] * 10)
    assert (result.score, result.se) == (100, 0)
    # The interval of as many answers as are effective, here 40² / 100 = 16.
    assert result.ci_low == pytest.approx(nps(16, 0, 0).ci_low)


@given(weighted, st.integers(0, 80))
def test_sums_of_chunks_add(rows, cut):
    values, weights = map(np.array, zip(*rows, strict=True))
    cut = min(cut, len(values) - 1) or 1
    codes = category(values)
    whole = np.array(weight_sums(codes, weights))
    parts = sum(np.array(weight_sums(codes[part], weights[part])) for part in (slice(cut), slice(cut, None)))
    assert whole == pytest.approx(parts, rel=1e-12)


def test_normalised_weights_have_mean_one():
    assert normalised_weights([2, 4, 6]).tolist() == [0.5, 1.0, 1.5]


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf")])
def test_weights_that_are_no_weights_are_named(wrong):
    for function in (
        lambda weights: weighted_nps_of_scores([9, 9, 9, 9], weights),
        normalised_weights,
    ):
        with pytest.raises(ValueError, match="must be positive numbers; wrong at position 1, 3"):
            function([1, wrong, 1, wrong])


def test_one_weight_a_respondent():
    with pytest.raises(ValueError, match="3 respondents, 2 weights"):
        weighted_nps_of_scores([1, 2, 3], [1, 1])


def test_empty_sums_are_refused():
    with pytest.raises(ValueError, match="no responses to score"):
        weighted_nps([0, 0, 0], [0, 0, 0], 0)
