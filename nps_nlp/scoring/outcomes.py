"""What the score goes along with in the business: NPS by account, revenue, renewal, sales and referrals.

The unit of every rate and mean is the customer (the CRM row), not the respondent: of a customer with three
respondents, a third counts in the category of each. Everything here is an association: customers who renew
may be promoters for the same reasons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from nps_nlp.scoring._bootstrap import mean_and_median
from nps_nlp.scoring._checks import CATEGORY_COLUMNS, check_confidence
from nps_nlp.scoring._share_trend import trend_in_shares
from nps_nlp.scoring.crm import RATES, CrmJoin
from nps_nlp.scoring.multiplicity import benjamini_hochberg
from nps_nlp.scoring.nps import nps_table
from nps_nlp.scoring.satisfaction import wilson_interval
from nps_nlp.scoring.scales import CATEGORY_NAMES
from nps_nlp.scoring.weights import WeightedNpsResult, weight_sums, weighted_nps

CODES = (1, 0, -1)
SEED = 20240316
RATE_COLUMNS = ["outcome", "category", "customers", "missing", "n_effective", "rate", "ci_low", "ci_high", "mean"]
TREND_COLUMNS = ["outcome", "customers", "rate", "slope", "z", "p", "p_adjusted"]
REVENUE_COLUMNS = ["category", "customers", "missing", "mean", "mean_ci_low", "mean_ci_high"]
REVENUE_COLUMNS += ["median", "median_ci_low", "median_ci_high"]


@dataclass(frozen=True, slots=True)
class BusinessOutcomes:
    """The score beside the business of the same customers.

    Attributes
    ----------
    join : CrmJoin
        Who joined, and the rows that did not.
    accounts : DataFrame
        As of `nps_by_account`.
    revenue_weighted : WeightedNpsResult or None
        As of `revenue_weighted_nps`; None without a revenue column or without positive revenue.
    without_revenue : int
        Customers left out of it because their revenue is blank, 0 or negative.
    rates, trends, revenue : DataFrame
        As of `rates_by_category`, `outcome_trends` and `revenue_by_category`; without rows where the CRM
        table has no such column.
    """

    join: CrmJoin
    accounts: pd.DataFrame
    revenue_weighted: WeightedNpsResult | None
    without_revenue: int
    rates: pd.DataFrame
    trends: pd.DataFrame
    revenue: pd.DataFrame


def business_outcomes(join: CrmJoin, *, confidence: float = 0.95, seed: int = SEED) -> BusinessOutcomes:
    """Compute everything that the columns of a join allow.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.
    confidence : float
        Share between 0 and 1.
    seed : int
        Of the bootstrap of the revenue; the same seed gives the same limits.

    Returns
    -------
    BusinessOutcomes
        The tables.

    Raises
    ------
    ValueError
        If the confidence is no share.

    References
    ----------
    As the functions that it calls.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": [1, 2, 3, 4], "score": [10, 9, 8, 2]})
    >>> crm = pd.DataFrame({"id": [1, 2, 3, 4], "sales": [900, 100, 500, 500], "renewed": [1, 1, 1, 0]})
    >>> result = business_outcomes(join_crm(answers, crm, CrmColumns("id", revenue="sales", renewal="renewed")))
    >>> result.revenue_weighted.score
    25.0
    >>> result.rates[["outcome", "category", "customers", "rate"]]
       outcome   category  customers  rate
    0  renewal   promoter          2   1.0
    1  renewal    passive          1   1.0
    2  renewal  detractor          1   0.0
    """
    positive = _customers(join)["revenue"] > 0 if "revenue" in join.table else None
    return BusinessOutcomes(
        join=join,
        accounts=nps_by_account(join, confidence=confidence),
        revenue_weighted=revenue_weighted_nps(join, confidence=confidence),
        without_revenue=0 if positive is None else int((~positive).sum()),
        rates=rates_by_category(join, confidence=confidence),
        trends=outcome_trends(join),
        revenue=revenue_by_category(join, confidence=confidence, seed=seed),
    )


def nps_by_account(join: CrmJoin, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the NPS of every account with its interval.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    DataFrame
        One row an account, the largest first (by revenue where there is one, else by respondents):
        ``account``, ``customers``, ``revenue`` (their sum, where there is one), ``promoters``, ``passives``,
        ``detractors``, ``n`` respondents, and in NPS points ``nps``, ``se``, ``ci_low``, ``ci_high``.

    References
    ----------
    As `nps_table`.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": ["a", "a", "b"], "score": [10, 8, 2]})
    >>> nps_by_account(join_crm(answers, pd.DataFrame({"id": ["a", "b"]}), CrmColumns("id")))[["account", "n", "nps"]]
      account  n    nps
    0       a  2   50.0
    1       b  1 -100.0
    """
    names = join.table["account"]
    counts = pd.crosstab(names, join.table["category"]).reindex(columns=list(CODES), fill_value=0)
    customers = _customers(join).groupby("account")
    table = pd.DataFrame({"customers": customers.size()})
    if "revenue" in join.table:
        table["revenue"] = customers["revenue"].sum()
    table[CATEGORY_COLUMNS] = counts.to_numpy()
    table = nps_table(table, confidence=confidence).rename_axis("account").reset_index()
    largest = ["revenue", "n"] if "revenue" in table else ["n"]
    order = table.sort_values([*largest, "account"], ascending=[False] * len(largest) + [True], kind="stable")
    return order.reset_index(drop=True)


def revenue_weighted_nps(join: CrmJoin, *, confidence: float = 0.95) -> WeightedNpsResult | None:
    """Return the NPS in which every customer counts by revenue, shared among its respondents.

    Customers whose revenue is blank, 0 or negative are left out. The interval takes the answers of different
    respondents as independent; where a customer has several who agree with each other, it is too narrow.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    WeightedNpsResult or None
        In NPS points; its effective n shows how few customers may carry it. None without positive revenue.

    References
    ----------
    As `weighted_nps`.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": ["a", "b", "b"], "score": [10, 2, 8]})
    >>> crm = pd.DataFrame({"id": ["a", "b"], "sales": [300, 100]})
    >>> revenue_weighted_nps(join_crm(answers, crm, CrmColumns("id", revenue="sales"))).score
    62.5
    """
    check_confidence(confidence)
    if "revenue" not in join.table:
        return None
    paying = join.table[join.table["revenue"] > 0]
    if paying.empty:
        return None
    weights = (paying["revenue"] * paying["part"]).to_numpy()
    return weighted_nps(*weight_sums(paying["category"].to_numpy(), weights), len(paying), confidence=confidence)


def rates_by_category(join: CrmJoin, *, confidence: float = 0.95) -> pd.DataFrame:
    """Return renewal, cross-sell, up-sell and referral rates of promoters, passives and detractors.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    DataFrame
        One row an outcome and category: ``outcome``, ``category``, ``customers`` with a value, ``missing``
        (customers without one), ``n_effective``, ``rate`` (share of customers with once or more) with
        ``ci_low``, ``ci_high`` (Wilson at the effective n, 0 to 1) and ``mean`` (how many times on average:
        the rate itself for yes and no). NaN where a category has no customers.

    References
    ----------
    Interval as `wilson_interval`; at the effective size: Korn, E. & Graubard, B. (1998). Confidence intervals
    for proportions with small expected number of positive counts. Survey Methodology 24, 193-201. The
    effective n is that of `weighted_nps`, and the number of customers where each has one respondent.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": range(4), "score": [10, 9, 3, 2]})
    >>> crm = pd.DataFrame({"id": range(4), "friends": [2, 0, 0, 0]})
    >>> table = rates_by_category(join_crm(answers, crm, CrmColumns("id", referrals="friends")))
    >>> table[["category", "customers", "rate", "ci_low", "ci_high", "mean"]].round(2)
        category  customers  rate  ci_low  ci_high  mean
    0   promoter          2   0.5    0.09     0.91   1.0
    1    passive          0   NaN     NaN      NaN   NaN
    2  detractor          2   0.0    0.00     0.66   0.0
    """
    cells = _cells(join)
    rows = [
        (outcome, CATEGORY_NAMES[code], *_rate(cells[cells["category"] == code], outcome, confidence))
        for outcome in RATES
        if outcome in join.table
        for code in CODES
    ]
    return pd.DataFrame(rows, columns=RATE_COLUMNS)


def outcome_trends(join: CrmJoin) -> pd.DataFrame:
    """Test whether the rates rise from detractors over passives to promoters.

    Every customer has the mean category of its respondents (1, 0, -1), so the test holds where several
    respondents share a customer; with one respondent each it is the Cochran-Armitage test.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.

    Returns
    -------
    DataFrame
        One row an outcome: ``outcome``, ``customers``, ``rate`` of all, ``slope`` (share by which the rate is
        higher a category up), ``z``, ``p`` and ``p_adjusted`` (Benjamini-Hochberg over the outcomes). NaN
        where all customers have one category or one outcome.

    References
    ----------
    Armitage, P. (1955). Tests for linear trends in proportions and frequencies. Biometrics 11, 375-386.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": range(60), "score": [10] * 20 + [8] * 20 + [3] * 20})
    >>> renewed = [1] * 18 + [0] * 2 + [1] * 14 + [0] * 6 + [1] * 10 + [0] * 10
    >>> crm = pd.DataFrame({"id": range(60), "renewed": renewed})
    >>> outcome_trends(join_crm(answers, crm, CrmColumns("id", renewal="renewed"))).round(3)
       outcome  customers  rate  slope      z      p  p_adjusted
    0  renewal         60   0.7   0.2  2.76  0.006       0.006
    """
    customers = _customers(join)
    mean = (join.table["category"] * join.table["part"]).groupby(join.table["key"].to_numpy()).sum()
    rows = []
    for outcome in RATES:
        if outcome in customers:
            known = customers.loc[customers[outcome].notna(), outcome]
            x, y = mean.loc[known.index].to_numpy(), (known.to_numpy() > 0).astype(np.float64)
            rows.append((outcome, len(y), *trend_in_shares(x, y)))
    table = pd.DataFrame(rows, columns=TREND_COLUMNS[:-1])
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy(dtype=np.float64)))


def revenue_by_category(join: CrmJoin, *, confidence: float = 0.95, seed: int = SEED) -> pd.DataFrame:
    """Return mean and median revenue of promoters, passives and detractors with bootstrap intervals.

    Customers are drawn with replacement within a category, 2,000 times. The interval of the mean is corrected
    for bias and acceleration (BCa), because revenue is skewed; that of the median takes the percentiles.

    Parameters
    ----------
    join : CrmJoin
        As of `join_crm`.
    confidence : float
        Share between 0 and 1.
    seed : int
        The same seed gives the same limits, in whatever order the rows come.

    Returns
    -------
    DataFrame
        One row a category: ``category``, ``customers`` with a revenue (0 and refunds too), ``missing``,
        ``mean``, ``mean_ci_low``, ``mean_ci_high``, ``median``, ``median_ci_low``, ``median_ci_high``, in the
        currency of the CRM table. Limits are NaN with fewer than two customers.

    References
    ----------
    Efron, B. & Tibshirani, R. (1993). An Introduction to the Bootstrap, sections 13.3 and 14.3.

    Examples
    --------
    >>> from nps_nlp.scoring.crm import CrmColumns, join_crm
    >>> answers = pd.DataFrame({"id": range(6), "score": [10, 10, 9, 8, 3, 2]})
    >>> crm = pd.DataFrame({"id": range(6), "sales": [500, 700, 900, 400, 100, 300]})
    >>> table = revenue_by_category(join_crm(answers, crm, CrmColumns("id", revenue="sales")))
    >>> table[["category", "customers", "mean", "median"]]
        category  customers   mean  median
    0   promoter          3  700.0   700.0
    1    passive          1  400.0   400.0
    2  detractor          2  200.0   200.0
    """
    check_confidence(confidence)
    if "revenue" not in join.table:
        return pd.DataFrame(columns=REVENUE_COLUMNS)
    cells = _cells(join).sort_values(["revenue", "part"], kind="stable")
    rows = []
    for place, code in enumerate(CODES):
        cell = cells[cells["category"] == code]
        known = cell[cell["revenue"].notna()]
        rng = np.random.default_rng([seed, place])
        limits = mean_and_median(known["revenue"].to_numpy(), known["part"].to_numpy(), rng, confidence)
        rows.append((CATEGORY_NAMES[code], len(known), len(cell) - len(known), *limits))
    return pd.DataFrame(rows, columns=REVENUE_COLUMNS)


def _customers(join: CrmJoin) -> pd.DataFrame:
    """Return the CRM facts once a customer, indexed by the key."""
    once: pd.DataFrame = join.table[~join.table["key"].duplicated()]
    return once.set_index("key")


def _cells(join: CrmJoin) -> pd.DataFrame:
    """Return one row a customer and category, with the part of the customer that is in the category."""
    facts = [column for column in ("revenue", *RATES) if column in join.table]
    parts = join.table.groupby(["key", "category"], as_index=False)["part"].sum()
    return pd.DataFrame(parts.join(_customers(join)[facts], on="key"))


def _rate(cell: pd.DataFrame, outcome: str, confidence: float) -> tuple[float, ...]:
    """Return customers, missing, effective n, rate, limits and mean of one category."""
    known = cell[cell[outcome].notna()]
    parts, values = known["part"].to_numpy(), known[outcome].to_numpy()
    missing = len(cell) - len(known)
    if not len(known):
        return (0, missing, 0.0, *[math.nan] * 4)
    total = float(parts.sum())
    rate, mean = float(parts @ (values > 0)) / total, float(parts @ values) / total
    effective = total**2 / float(parts @ parts)
    low, high = wilson_interval(rate * effective, effective, confidence)
    return len(known), missing, effective, rate, float(low), float(high), mean
