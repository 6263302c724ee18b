import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import (
    CATEGORY_NAMES,
    ENPS,
    NPS,
    Scale,
    category,
    category_counts,
    category_counts_of_distribution,
    distribution,
)

scores_0_to_10 = st.lists(st.integers(0, 10), min_size=1, max_size=60)


def test_the_eleven_answers_of_the_nps_question():
    names = [CATEGORY_NAMES[value] for value in category(range(11))]
    assert names == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


def test_categories_are_int8():
    assert category([10]).dtype == np.int8


def test_enps_uses_the_same_break_points():
    assert (ENPS.detractor_max, ENPS.promoter_min) == (NPS.detractor_max, NPS.promoter_min)


def test_other_break_points():
    stars = Scale("stars", low=1, high=5, detractor_max=3, promoter_min=5)
    assert category([1, 3, 4, 5], stars).tolist() == [-1, -1, 0, 1]


@pytest.mark.parametrize("points", [(0, 10, 9, 9), (0, 10, 6, 11), (5, 10, 4, 9), (0, 10, 9, 6)])
def test_break_points_out_of_order_are_refused(points):
    with pytest.raises(ValueError, match="low <= detractor_max < promoter_min <= high"):
        Scale("wrong", *points)


@pytest.mark.parametrize(
    ("scores", "message"),
    [
        ([1, float("nan"), 3, float("nan")], "missing score at position 1, 3: leave out"),
        ([11, 5, -1], "0 to 10 at position 0, 2"),
        ([5, 6.5], "no whole number from 0 to 10 at position 1"),
        ([float("inf")], "no whole number from 0 to 10 at position 0"),
    ],
)
def test_scores_that_cannot_be_counted_name_their_positions(scores, message):
    with pytest.raises(ValueError, match=message):
        category(scores)


def test_many_wrong_positions_are_cut_and_counted():
    with pytest.raises(ValueError, match=r"position 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … \(25 in all\)"):
        category([99] * 25)


@given(scores_0_to_10)
def test_counting_scores_and_counting_their_distribution_agree(scores):
    counted = category_counts(scores)
    assert counted == category_counts_of_distribution(distribution(scores))
    assert counted == (
        sum(score >= 9 for score in scores),
        sum(score in (7, 8) for score in scores),
        sum(score <= 6 for score in scores),
    )


@given(scores_0_to_10)
def test_distribution_counts_every_answer_once(scores):
    counts = distribution(scores)
    assert counts.tolist() == [scores.count(point) for point in range(11)]


def test_distribution_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="needs 11 counts"):
        category_counts_of_distribution([1, 2, 3])


def test_fractional_counts_are_refused():
    with pytest.raises(ValueError, match="whole numbers of 0 or more; wrong at position 2"):
        category_counts_of_distribution([1, 2, 0.5, *[0] * 8])
