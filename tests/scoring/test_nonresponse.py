import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import nonresponse, nonresponse_of_counts, weighted_nps_of_scores
from nps_nlp.scoring.nonresponse import NOT_GIVEN, OTHER

segments = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=1, max_size=6
).filter(lambda rows: sum(answered for _, answered in rows) > 0)


def counts(rows):
    return pd.DataFrame(rows, columns=["invited", "answered"], index=[f"s{k}" for k in range(len(rows))])


@given(segments)
def test_weights_align_the_sample_with_the_invitations(rows):
    result = nonresponse_of_counts(counts(rows))
    table = result.table
    assert table["share_of_sample"].sum() == pytest.approx(1)
    answered = table[table["answered"] > 0]
    weighted = answered["weight"] * answered["share_of_sample"]
    assert weighted.to_numpy() == pytest.approx(answered["share_of_invitations"].to_numpy())
    assert result.design_effect >= 1 - 1e-9
    assert result.n_effective <= table["answered"].sum() + 1e-9
    assert table.loc[table["answered"] == 0, "weight"].isna().all()
    assert set(result.without_answers) == set(table.loc[table["answered"] == 0, "segment"])
    assert bool(result.en) == bool(result.ja) == bool(result.under_represented or result.without_answers)


@given(segments.filter(lambda rows: len(rows) > 1 and any(a < n for n, a in rows)))
def test_homogeneity_is_pearsons_chi_square(rows):
    table = np.array([(a, n - a) for n, a in rows])
    other = stats.chi2_contingency(table, correction=False)
    result = nonresponse_of_counts(counts(rows))
    assert result.chi2 == pytest.approx(other.statistic, abs=1e-6)
    assert result.p == pytest.approx(other.pvalue, abs=1e-9)
    assert result.df == other.dof


def test_segment_against_the_rest_has_the_variance_of_the_hypergeometric():
    result = nonresponse_of_counts(counts([(40, 5), (60, 25)]))
    exact = stats.hypergeom(100, 30, 40)
    assert result.table["z"].iloc[0] == pytest.approx((5 - exact.mean()) / exact.std())
    # With two segments both are the same comparison.
    assert result.table["z"].iloc[1] == pytest.approx(-result.table["z"].iloc[0])


def test_weights_give_the_score_that_the_invitations_would_have():
    # Half of the invitations are young and all detractors, but only a fifth of the answers.
    table = nonresponse_of_counts(counts([(500, 20), (500, 80)])).table
    weights = np.repeat(table["weight"].to_numpy(), [20, 80])
    assert weighted_nps_of_scores([0] * 20 + [10] * 80, weights).score == pytest.approx(0)


def test_kish_by_hand():
    # Weights 2.5 and 0.625: 100 respondents, (100)² / (20 · 6.25 + 80 · 0.390625) = 64.
    result = nonresponse_of_counts(counts([(500, 20), (500, 80)]))
    assert result.n_effective == pytest.approx(64)
    assert result.design_effect == pytest.approx(100 / 64)


def test_a_chance_difference_is_not_called_under_representation():
    assert nonresponse_of_counts(counts([(10, 1), (10, 3)])).under_represented == ()
    result = nonresponse_of_counts(counts([(1000, 100), (1000, 300)]))
    assert result.under_represented == ("s0",)
    assert result.table["under_represented"].tolist() == [True, False]
    assert "s0 (50 % of the invitations, 25 % of the answers, weight 2.00)" in result.en
    assert "s0（招待の50%に対し回答の25%、ウェイト2.00）" in result.ja


def test_a_small_gap_is_not_called_under_representation_however_sure():
    assert nonresponse_of_counts(counts([(10**6, 95_000), (10**6, 105_000)])).under_represented == ()


def test_a_segment_without_answers_is_said_to_have_no_weight():
    result = nonresponse_of_counts(counts([(100, 0), (100, 50)]))
    assert result.without_answers == ("s0",)
    assert math.isnan(result.table["weight"].iloc[0])
    assert result.en == "Nobody answered in s0: no weight can stand for them."
    assert "s0からは回答がなく" in result.ja


def test_many_segments_are_put_together_and_counted():
    rows = [(1000 - k, 100) for k in range(500)]
    result = nonresponse_of_counts(counts(rows), most_segments=10)
    assert (len(result.table), result.grouped) == (10, 491)
    assert result.table["segment"].iloc[-1] == OTHER
    assert result.table["invited"].sum() == sum(n for n, _ in rows)


def test_sentences_name_three_and_count_the_rest():
    result = nonresponse_of_counts(counts([(1000, 20)] * 5 + [(5000, 3000)]))
    assert "and 2 more" in result.en
    assert "ほか2区分" in result.ja


def test_rows_of_people_give_the_same_as_counts():
    people = pd.DataFrame(
        {"age": ["young", "old", None, "old"], "id": [1, 2, 3, 4]},
    )
    people["answered"] = people["id"].isin([2, 3])
    table = nonresponse(people, "age").table.set_index("segment")
    assert table["invited"].to_dict() == {NOT_GIVEN: 1, "old": 2, "young": 1}
    assert table["answered"].to_dict() == {NOT_GIVEN: 1, "old": 1, "young": 0}


def test_everybody_answered_or_one_segment_leaves_nothing_to_test():
    result = nonresponse_of_counts(counts([(10, 10), (5, 5)]))
    assert math.isnan(result.chi2)
    assert result.en == ""
    assert result.design_effect == pytest.approx(1)
    assert math.isnan(nonresponse_of_counts(counts([(10, 5)])).p)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (counts([(5, 6), (5, 1)]), "more answered than were invited in segment s0"),
        (counts([(5, 0)]), "nobody answered"),
        (counts([(5, -1)]), "table of invitations"),
        (counts([(5, 1)]).drop(columns="invited"), "missing: invited"),
    ],
)
def test_counts_that_cannot_be_used(table, message):
    with pytest.raises(ValueError, match=message):
        nonresponse_of_counts(table)


def test_people_that_cannot_be_used():
    people = pd.DataFrame({"age": ["a"], "answered": ["maybe"]})
    with pytest.raises(ValueError, match="'answered' of the invitations must be true or false"):
        nonresponse(people, "age")
    with pytest.raises(ValueError, match="no column 'region'"):
        nonresponse(people, "region")
    with pytest.raises(ValueError, match="most_segments"):
        nonresponse_of_counts(counts([(5, 1)]), most_segments=1)
