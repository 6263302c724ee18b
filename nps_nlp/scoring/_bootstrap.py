"""The seeded bootstrap of a weighted mean and median of skewed amounts."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.scoring.intervals import critical_value

if TYPE_CHECKING:
    from nps_nlp.scoring._checks import FloatArray

RESAMPLES = 2000


def mean_and_median(
    values: FloatArray, weights: FloatArray, rng: np.random.Generator, confidence: float
) -> tuple[float, float, float, float, float, float]:
    """Return mean, its BCa limits, median, its percentile limits.

    Parameters
    ----------
    values, weights : ndarray of float, shape (n,)
        Amounts in ascending order, and their positive weights.
    rng : Generator
        Draws the resamples.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of float
        All NaN without values; the limits NaN with one.

    References
    ----------
    Efron, B. & Tibshirani, R. (1993). An Introduction to the Bootstrap, sections 13.3 and 14.3. The
    acceleration of a weighted mean: its empirical influence values w (x - mean).

    Examples
    --------
    >>> amounts = np.array([1.0, 2.0, 3.0, 10.0])
    >>> result = mean_and_median(amounts, np.ones(4), np.random.default_rng(1), 0.95)
    >>> result[0], result[3]
    (4.0, 2.5)
    """
    n = len(values)
    if n == 0:
        return (math.nan,) * 6
    mean, median = float(values @ weights / weights.sum()), weighted_median(values, weights)
    if n == 1:
        return mean, math.nan, math.nan, median, math.nan, math.nan
    if values[0] == values[-1]:
        return mean, mean, mean, median, median, median
    means, medians = np.empty(RESAMPLES), np.empty(RESAMPLES)
    for resample in range(RESAMPLES):
        drawn = np.bincount(rng.integers(n, size=n), minlength=n) * weights
        # Not ``values @ drawn``: on vectors of this length the threads of BLAS take far longer than the sum.
        means[resample] = (values * drawn).sum() / drawn.sum()
        medians[resample] = weighted_median(values, drawn)
    tail = (1 - confidence) / 2
    low, high = np.quantile(means, _bca_levels(means, mean, weights * (values - mean), confidence))
    median_low, median_high = np.quantile(medians, [tail, 1 - tail])
    return mean, float(low), float(high), median, float(median_low), float(median_high)


def weighted_median(values: FloatArray, weights: FloatArray) -> float:
    """Return the median of ascending values: half of the weight on either side, the middle of two if exact.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 2.0, 4.0]), np.array([1.0, 1.0, 2.0]))
    3.0
    """
    below = np.cumsum(weights)
    half = below[-1] / 2
    # Thirds do not add to exactly one: what differs by rounding counts as equal.
    slack = 1e-9 * below[-1]
    first, last = np.searchsorted(below, [half - slack, half + slack])
    return float(values[first] + values[last]) / 2


def _bca_levels(means: FloatArray, mean: float, influence: FloatArray, confidence: float) -> list[float]:
    """Return the levels of the quantiles that are the BCa limits."""
    normal, n = NormalDist(), len(means)
    share = float((means < mean).sum() + (means == mean).sum() / 2) / n
    bias = normal.inv_cdf(min(max(share, 0.5 / n), 1 - 0.5 / n))
    acceleration = float((influence**3).sum() / (6 * (influence**2).sum() ** 1.5))
    z = critical_value(confidence)
    # Kept from 0, which extreme skew with few values and a confidence near 1 could reach.
    return [normal.cdf(bias + shift / max(1 - acceleration * shift, 0.05)) for shift in (bias - z, bias + z)]
