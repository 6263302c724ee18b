import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import benjamini_hochberg, holm, nps_table, nps_test, nps_test_groups

COLUMNS = ["promoters", "passives", "detractors"]
counts = st.tuples(*[st.integers(0, 500)] * 3).filter(lambda c: sum(c) > 0)


def table(rows):
    return pd.DataFrame(rows, columns=COLUMNS, index=[f"g{number}" for number in range(len(rows))])


@given(counts, counts)
def test_two_groups_are_the_two_sample_test(a, b):
    result, single = nps_test_groups(table([a, b])), nps_test(a, b)
    assert result.chi2 == pytest.approx(single.z**2, abs=1e-9)
    assert result.p == pytest.approx(single.p, abs=1e-9)


@given(st.lists(counts, min_size=3, max_size=5), st.sampled_from(["benjamini_hochberg", "holm"]))
def test_every_pair_is_the_two_sample_test_and_the_family_is_corrected(rows, correction):
    result = nps_test_groups(table(rows), confidence=0.9, correction=correction)
    assert len(result.pairs) == len(rows) * (len(rows) - 1) / 2
    for pair in result.pairs.itertuples():
        single = nps_test(rows[int(pair.group_a[1:])], rows[int(pair.group_b[1:])], confidence=0.9)
        found = (pair.difference, pair.se, pair.ci_low, pair.ci_high, pair.z, pair.p)
        expected = (single.difference, single.se, single.ci_low, single.ci_high, single.z, single.p)
        assert found == pytest.approx(expected, abs=1e-8)
    adjust = {"benjamini_hochberg": benjamini_hochberg, "holm": holm}[correction]
    assert result.pairs["p_adjusted"].to_numpy() == pytest.approx(adjust(result.pairs["p"]))


def test_large_groups_against_alexander_and_govern():
    rows = [(5200, 3100, 1700), (4900, 3200, 1900), (2600, 1500, 900), (5100, 3000, 1900)]
    answers = [np.repeat([1.0, 0.0, -1.0], row) for row in rows]
    other = stats.alexandergovern(*answers)
    result = nps_test_groups(table(rows))
    assert result.df == 3
    assert result.chi2 == pytest.approx(other.statistic, rel=2e-3)
    assert result.p == pytest.approx(other.pvalue, rel=0.02)


def test_homogeneous_groups_are_rejected_at_the_nominal_rate():
    rng = np.random.default_rng(5)
    rejected = [nps_test_groups(table(rng.multinomial(80, (0.45, 0.30, 0.25), size=4))).p <= 0.05 for _ in range(400)]
    # 400 tests: three standard errors are 3.3 points.
    assert np.mean(rejected) == pytest.approx(0.05, abs=0.033)


def test_groups_come_back_with_their_scores():
    rows = table([(50, 30, 20), (20, 30, 50)])
    pd.testing.assert_frame_equal(nps_test_groups(rows, confidence=0.9).groups, nps_table(rows, confidence=0.9))


def test_a_group_without_responses_is_named():
    with pytest.raises(ValueError, match="no responses in group g1, g2: leave it out"):
        nps_test_groups(table([(1, 1, 1), (0, 0, 0), (0, 0, 0)]))


def test_one_group_cannot_be_compared():
    with pytest.raises(ValueError, match="at least two of them, got 1"):
        nps_test_groups(table([(1, 1, 1)]))


def test_unknown_correction_lists_the_known_ones():
    with pytest.raises(ValueError, match="benjamini_hochberg, holm; got 'none'"):
        nps_test_groups(table([(1, 1, 1), (2, 2, 2)]), correction="none")
