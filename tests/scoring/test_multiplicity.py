import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=40)
# Benjamini & Hochberg (1995), section 3.2: 15 comparisons of two treatments of myocardial infarction.
PAPER = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_example_of_the_paper():
    assert (benjamini_hochberg(PAPER) <= 0.05).sum() == 4
    assert (holm(PAPER) <= 0.05).sum() == 3


@given(p_values)
def test_benjamini_hochberg_against_scipy(p):
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p), abs=1e-12)


def test_holm_by_hand():
    # Sorted 0.005 0.01 0.03 0.04 times 4 3 2 1 = 0.02 0.03 0.06 0.04, never falling.
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@pytest.mark.parametrize("correction", [benjamini_hochberg, holm])
@given(p=p_values, data=st.data())
def test_order_does_not_matter_and_nothing_gets_smaller(correction, p, data):
    adjusted = correction(p)
    assert (adjusted >= np.array(p) - 1e-12).all()
    assert (adjusted <= 1).all()
    order = data.draw(st.permutations(range(len(p))))
    assert correction(np.array(p)[order]) == pytest.approx(adjusted[order], abs=1e-12)


@pytest.mark.parametrize("correction", [benjamini_hochberg, holm])
def test_missing_tests_stay_missing_and_do_not_count(correction):
    adjusted = correction([0.01, np.nan, 0.04, np.nan])
    assert np.isnan(adjusted).tolist() == [False, True, False, True]
    assert adjusted[[0, 2]] == pytest.approx(correction([0.01, 0.04]))


@pytest.mark.parametrize("correction", [benjamini_hochberg, holm])
@pytest.mark.parametrize("p", [[], [np.nan]])
def test_families_without_a_test(correction, p):
    assert np.array_equal(correction(p), np.array(p), equal_nan=True)


def test_values_that_are_no_probability_are_named():
    with pytest.raises(ValueError, match="wrong at position 1, 2"):
        benjamini_hochberg([0.5, 1.5, -0.1])
