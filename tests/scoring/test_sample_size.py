from statistics import NormalDist

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nps_nlp.scoring import margin_of_error, nps, sample_size, sample_size_note

shares = st.tuples(st.floats(0.02, 0.49), st.floats(0.02, 0.49))


def test_the_worst_case_is_four_times_that_of_a_share():
    # A share needs 1.96² / 4 / 0.05² = 385 for ±5 points; an NPS as many for ±10, and four times that for ±5.
    assert sample_size(10) == 385
    assert sample_size(5) == 1537


def test_expected_shares_lower_the_need():
    # Variance 0.62 - 0.38² = 0.4756: 1.96² · 0.4756 / 0.05² = 730.8.
    assert sample_size(5, shares=(0.12, 0.50)) == 731


def test_small_population_by_hand():
    # 384.1 / (1 + 383.1 / 300) = 168.7.
    assert sample_size(10, population=300) == 169


def test_the_rule_of_400_reaches_just_under_ten_points():
    assert margin_of_error(400) == pytest.approx(100 * NormalDist().inv_cdf(0.975) / 20)


@given(st.floats(0.5, 60), shares, st.floats(0.5, 0.999))
def test_the_size_is_the_smallest_that_reaches_the_margin(margin, expected, confidence):
    n = sample_size(margin, shares=expected, confidence=confidence)
    assert margin_of_error(n, shares=expected, confidence=confidence) <= margin + 1e-6
    if n > 1:
        assert margin_of_error(n - 1, shares=expected, confidence=confidence) > margin - 1e-6


@given(st.floats(1, 40), st.integers(1, 100_000))
def test_a_population_never_needs_more_than_itself(margin, population):
    n = sample_size(margin, population=population)
    assert 1 <= n <= population
    assert margin_of_error(n, population=population) <= margin + 1e-6
    assert n <= sample_size(margin)


def test_margin_in_a_small_population_by_hand():
    # Cochran's correction sqrt((200 - 100) / (200 - 1)) of 9.8 · 2 points.
    assert margin_of_error(100, population=200) == pytest.approx(19.59964 * (100 / 199) ** 0.5, abs=1e-4)


@given(st.integers(2, 10_000))
def test_asking_everybody_leaves_no_margin(population):
    assert margin_of_error(population, population=population) == 0


@pytest.mark.parametrize("margin", [0, -5, float("nan")])
def test_margin_must_be_positive(margin):
    with pytest.raises(ValueError, match="positive number of NPS points"):
        sample_size(margin)


@pytest.mark.parametrize("wrong", [(0.6, 0.6), (-0.1, 0.5), (50, 20)])
def test_shares_must_be_shares(wrong):
    with pytest.raises(ValueError, match="sum to 1 at most"):
        sample_size(5, shares=wrong)


def test_population_limits():
    with pytest.raises(ValueError, match="population must be 1 or more"):
        sample_size(5, population=0)
    with pytest.raises(ValueError, match=r"from 1 to the population \(100\), got 200"):
        margin_of_error(200, population=100)
    with pytest.raises(ValueError, match=r"\(unlimited\), got 0"):
        margin_of_error(0)


@given(st.tuples(*[st.integers(0, 132)] * 3))
def test_note_gives_the_margin_of_the_default_interval(c):
    assume(sum(c) > 0)
    note, result = sample_size_note(*c), nps(*c)
    assert note.n == sum(c)
    if result.ci_low > -100 and result.ci_high < 100:
        assert note.margin == pytest.approx((result.ci_high - result.ci_low) / 2, rel=1e-9)
    assert note.margin_at_needed < note.margin


def test_note_says_the_numbers_in_both_languages():
    note = sample_size_note(40, 35, 25)
    for sentence in (note.en, note.ja):
        assert all(text in sentence for text in ("100", "400", f"±{note.margin:.1f}", f"±{note.margin_at_needed:.1f}"))
    assert note.ja.startswith("回答数は100件で")


def test_enough_responses_need_no_note():
    assert sample_size_note(150, 150, 100) is None
    assert sample_size_note(150, 150, 99) is not None
    assert sample_size_note(50, 30, 20, needed=100) is None
