import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import (
    CrmColumns,
    business_outcomes,
    join_crm,
    nps,
    nps_by_account,
    outcome_trends,
    rates_by_category,
    revenue_by_category,
    revenue_weighted_nps,
    weighted_nps_of_scores,
    wilson_interval,
)
from nps_nlp.scoring._bootstrap import mean_and_median, weighted_median
from nps_nlp.scoring._share_trend import trend_in_shares

ALL = CrmColumns(
    "id", account="account", revenue="sales", renewal="renewed", cross_sell="cross", up_sell="up", referrals="friends"
)
POINTS = {1: 10, 0: 8, -1: 2}
customers = st.lists(
    st.tuples(st.sampled_from([1, 0, -1]), st.integers(0, 3), st.integers(-50, 500)), min_size=1, max_size=40
)


def joined(rows, columns=ALL, repeat=1):
    """Join customers of (category, referrals, sales), each with so many respondents."""
    crm = pd.DataFrame(rows, columns=["code", "friends", "sales"]).rename_axis("id").reset_index()
    crm = crm.assign(account=crm["id"] % 3, renewed=crm["friends"] > 0, cross=crm["friends"] > 1, up=crm["friends"] > 2)
    answers = crm[["id"]].assign(score=crm["code"].map(POINTS))
    return join_crm(pd.concat([answers] * repeat, ignore_index=True), crm.drop(columns="code"), columns)


def test_accounts_have_their_score_and_interval_largest_first():
    accounts = nps_by_account(joined([(1, 0, 10), (-1, 0, 500), (0, 0, 20), (1, 0, 30)]))
    assert accounts["account"].tolist() == ["1", "0", "2"]
    assert accounts["revenue"].tolist() == [500, 40, 20]
    row, expected = accounts.iloc[1], nps(2, 0, 0)
    assert (row["n"], row["customers"], row["nps"]) == (2, 2, expected.score)
    assert (row["ci_low"], row["ci_high"]) == (expected.ci_low, expected.ci_high)


@settings(max_examples=30)
@given(customers)
def test_accounts_add_up_to_the_whole(rows):
    accounts = nps_by_account(joined(rows))
    assert accounts["n"].sum() == len(rows)
    assert accounts["revenue"].sum() == sum(sales for *_, sales in rows)
    score = 100 * (accounts["promoters"] - accounts["detractors"]).sum() / len(rows)
    assert np.average(accounts["nps"], weights=accounts["n"]) == pytest.approx(score, abs=1e-9)


@settings(max_examples=40)
@given(customers, st.integers(1, 3))
def test_revenue_weighted_score_is_the_weighted_mean_however_many_answer(rows, repeat):
    paying = [(code, sales) for code, _, sales in rows if sales > 0]
    result = revenue_weighted_nps(joined(rows, repeat=repeat))
    if not paying:
        assert result is None
        return
    codes, sales = map(np.array, zip(*paying, strict=True))
    assert result.score == pytest.approx(100 * np.average(codes, weights=sales), abs=1e-9)
    assert result.n == repeat * len(paying)
    if repeat == 1:
        same = weighted_nps_of_scores([POINTS[code] for code in codes], sales)
        assert (result.ci_low, result.ci_high) == pytest.approx((same.ci_low, same.ci_high))


def test_rates_by_hand():
    # Four promoters, of whom three renewed; nobody passive; one detractor who did not, one unknown.
    crm = pd.DataFrame({"id": range(6), "renewed": ["yes", "yes", "yes", "no", "no", ""]})
    answers = pd.DataFrame({"id": range(6), "score": [9, 9, 10, 10, 0, 1]})
    rates = rates_by_category(join_crm(answers, crm, CrmColumns("id", renewal="renewed"))).set_index("category")
    assert rates["rate"].tolist()[::2] == [0.75, 0.0]
    assert rates["customers"].tolist() == [4, 0, 1]
    assert rates["missing"].tolist() == [0, 0, 1]
    assert math.isnan(rates.loc["passive", "rate"])
    limits = tuple(rates.loc["promoter", ["ci_low", "ci_high"]])
    assert limits == pytest.approx(tuple(map(float, wilson_interval(3, 4))))


@settings(max_examples=15)
@given(customers, st.integers(2, 3))
def test_several_respondents_of_a_customer_do_not_multiply_the_evidence(rows, repeat):
    one, many = joined(rows), joined(rows, repeat=repeat)
    for function in (rates_by_category, outcome_trends):
        pd.testing.assert_frame_equal(function(one), function(many), rtol=1e-9)


def test_a_customer_of_two_minds_counts_half_in_each_category():
    answers = pd.DataFrame({"id": [1, 1, 2], "score": [10, 0, 10]})
    crm = pd.DataFrame({"id": [1, 2], "friends": [0, 4]})
    table = rates_by_category(join_crm(answers, crm, CrmColumns("id", referrals="friends"))).set_index("category")
    assert table.loc["promoter", "rate"] == pytest.approx(1 / 1.5)
    assert table.loc["promoter", "mean"] == pytest.approx(4 / 1.5)
    assert table.loc["promoter", "n_effective"] == pytest.approx(1.5**2 / 1.25)
    assert table.loc["detractor", "rate"] == 0


@settings(max_examples=30)
@given(customers.filter(lambda rows: len({r[0] for r in rows}) > 1 and 0 < sum(r[1] > 0 for r in rows) < len(rows)))
def test_trend_is_the_correlation_test_and_mirrors(rows):
    codes, hits = np.array([r[0] for r in rows]), np.array([r[1] > 0 for r in rows], dtype=float)
    trend = outcome_trends(joined(rows)).set_index("outcome").loc["renewal"]
    # The Cochran-Armitage statistic is n times the squared correlation.
    assert trend["z"] == pytest.approx(math.sqrt(len(rows)) * np.corrcoef(codes, hits)[0, 1], abs=1e-9)
    assert trend["p"] == pytest.approx(2 * stats.norm.sf(abs(trend["z"])), abs=1e-12)
    assert trend["slope"] == pytest.approx(stats.linregress(codes, hits).slope, abs=1e-9)
    mirrored = outcome_trends(joined([(-code, *rest) for code, *rest in rows])).set_index("outcome").loc["renewal"]
    assert mirrored["z"] == pytest.approx(-trend["z"], abs=1e-9)


def test_trends_that_cannot_be_tested_are_nan():
    same = outcome_trends(joined([(1, 1, 5), (1, 0, 5)]))
    assert same["z"].isna().all()
    always = outcome_trends(joined([(1, 3, 5), (-1, 3, 5)]))
    assert always["slope"].tolist() == [0, 0, 0, 0]
    assert always["p"].isna().all()


def test_false_alarms_of_the_trend_come_at_the_nominal_rate():
    rng = np.random.default_rng(7)
    codes, hits = rng.choice([1.0, 0.0, -1.0], (1500, 120)), (rng.random((1500, 120)) < 0.3).astype(float)
    rejected = np.mean([trend_in_shares(x, y)[3] <= 0.05 for x, y in zip(codes, hits, strict=True)])
    # 1,500 tests: three standard errors are 1.7 points.
    assert rejected == pytest.approx(0.05, abs=0.017)


def test_bootstrap_against_scipy():
    rng = np.random.default_rng(3)
    amounts = np.sort(rng.lognormal(5, 1, 80))
    ours = mean_and_median(amounts, np.ones(80), np.random.default_rng(1), 0.95)
    bca, plain = (
        stats.bootstrap((amounts,), statistic, method=method, n_resamples=4000, rng=2).confidence_interval
        for statistic, method in ((np.mean, "BCa"), (np.median, "percentile"))
    )
    assert ours[0] == pytest.approx(amounts.mean())
    assert ours[3] == pytest.approx(np.median(amounts))
    # Both draw at random: limits agree to a few hundredths.
    assert ours[1:3] == pytest.approx((bca.low, bca.high), rel=0.05)
    assert ours[4:6] == pytest.approx((plain.low, plain.high), rel=0.08)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(1, 4)), min_size=1, max_size=15))
def test_weighted_median_is_that_of_the_repeated_values(pairs):
    values, weights = map(np.array, zip(*sorted(pairs), strict=True))
    assert weighted_median(values.astype(float), weights / 3) == np.median(np.repeat(values, weights))


@settings(max_examples=8)
@given(customers, st.randoms(use_true_random=False))
def test_revenue_is_the_same_in_any_order_of_the_rows(rows, random):
    shuffled = random.sample(rows, len(rows))
    first, second = revenue_by_category(joined(rows)), revenue_by_category(joined(shuffled))
    pd.testing.assert_frame_equal(first, second)
    known = first[first["customers"] > 1]
    assert (known["mean_ci_low"] <= known["mean"] + 1e-9).all()
    assert (known["mean"] <= known["mean_ci_high"] + 1e-9).all()


def test_revenue_by_category_with_blank_negative_and_single_amounts():
    crm = pd.DataFrame({"id": range(5), "sales": ["100", "▲20", "", "300", "300"]})
    answers = pd.DataFrame({"id": range(5), "score": [9, 9, 9, 8, 2]})
    table = revenue_by_category(join_crm(answers, crm, CrmColumns("id", revenue="sales"))).set_index("category")
    assert table["mean"].tolist() == [40, 300, 300]
    assert table["missing"].tolist() == [1, 0, 0]
    assert table.loc["passive", ["mean_ci_low", "median_ci_high"]].isna().all()


def test_seeds_decide():
    join = joined([(1, 0, sales) for sales in range(30)])
    pd.testing.assert_frame_equal(revenue_by_category(join, seed=1), revenue_by_category(join, seed=1))
    assert not revenue_by_category(join, seed=1).equals(revenue_by_category(join, seed=2))


def test_everything_together_and_nothing_but_the_key():
    rows = [(1, 3, 100), (0, 1, 0), (-1, 0, -5)]
    full = business_outcomes(joined(rows))
    assert full.without_revenue == 2
    assert full.revenue_weighted.score == 100
    assert set(full.rates["outcome"]) == {"renewal", "cross_sell", "up_sell", "referrals"}
    assert len(full.trends) == 4
    bare = business_outcomes(joined(rows, CrmColumns("id")))
    assert bare.revenue_weighted is None
    assert (len(bare.rates), len(bare.trends), len(bare.revenue), bare.without_revenue) == (0, 0, 0, 0)
    assert list(bare.rates.columns) == list(full.rates.columns)
    assert list(bare.trends.columns) == list(full.trends.columns)
    assert list(bare.revenue.columns) == list(full.revenue.columns)
    assert len(bare.accounts) == 3


def test_confidence_must_be_a_share():
    join = joined([(1, 0, 1)])
    for function in (business_outcomes, rates_by_category, revenue_by_category, revenue_weighted_nps):
        with pytest.raises(ValueError, match="confidence is a share"):
            function(join, confidence=95)
