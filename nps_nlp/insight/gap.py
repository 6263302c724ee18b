"""Whether some of the writers have another NPS than the rest: exact where either side is small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln, ndtr

from nps_nlp.scoring.compare import HALF_PSEUDO
from nps_nlp.scoring.intervals import response_variance

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

# Tables that are counted one by one; with more of them the normal approximation holds far into its tails.
_MOST_TABLES = 20_000
# How far from its mean a count can be but for a chance of about 1e-15: standard deviations, and a number for rare hits.
_REACH = 8.0, 16.0


def points(counts: Array) -> Array:
    """Return the NPS of promoters, passives and detractors in the last axis; NaN for nobody.

    Examples
    --------
    >>> points(np.array([[50, 30, 20], [0, 0, 0]]))
    array([30., nan])
    """
    n = counts.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(100 * (counts[..., 0] - counts[..., 2]) / np.where(n > 0, n, np.nan))


def difference_p(part: npt.ArrayLike, everybody: npt.ArrayLike) -> Array:
    """Return two-sided p-values that a part of the writers and the rest have the same NPS.

    Parameters
    ----------
    part, everybody : array_like, shapes (..., 3) that broadcast
        Promoters, passives, detractors; everybody includes the part. Numbers that are not whole, such as the effective
        sizes of weighted groups, are rounded where ways are counted.

    Returns
    -------
    ndarray, shape (...)
        NaN where the part or the rest is empty.

    Notes
    -----
    The statistic is the difference over its standard error, each side with its own variance and half of the three
    pseudo-responses, so that a side with promoters only does not look free of error. Where one side has few promoters
    or detractors, p is the share of all ways to draw the part from everybody that give a statistic as large: exact
    where mentioners are like the others, and right in large samples also where only their NPS is. Elsewhere p is
    normal: with 20 mentioners the normal p of 0.001 comes up by chance 2 to 5 times as often, which the false
    discovery rate over many themes does not forgive.

    References
    ----------
    Permutation test of a studentised difference: Janssen, A. (1997). Studentized permutation tests for non-i.i.d.
    hypotheses and the generalized Behrens-Fisher problem. Statistics & Probability Letters 36, 9-21; Chung, E. &
    Romano, J. (2013). Exact and asymptotically robust permutation tests. Annals of Statistics 41, 484-507.
    Pseudo-responses: Rocks, B. (2016), as in `nps_nlp.scoring.nps_test`.

    Examples
    --------
    >>> print(difference_p([0, 0, 3], [3, 3, 3]).round(4))  # two of 84 ways: all detractors, or all promoters
    0.0238
    """
    some, whole = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(everybody, dtype=float))
    rest = whole - some
    # Either side may be the one that is drawn; the smaller one takes fewer steps.
    swap = (some.sum(axis=-1) > rest.sum(axis=-1))[..., None]
    some, rest = np.where(swap, rest, some), np.where(swap, some, rest)
    z = _statistic(some, rest)
    p = np.where((some.sum(axis=-1) > 0) & (rest.sum(axis=-1) > 0), 2 * ndtr(-np.abs(z)), np.nan)
    for at in np.ndindex(p.shape):
        if not np.isnan(p[at]):
            p[at] = _exact_p(some[at], rest[at], float(abs(z[at])), float(p[at]))
    return p


def _statistic(part: Array, rest: Array) -> Array:
    means, variances = [], []
    for counts in (part, rest):
        padded = counts + HALF_PSEUDO
        n = padded.sum(axis=-1)
        means.append((padded[..., 0] - padded[..., 2]) / n)
        variances.append(response_variance(*np.moveaxis(padded, -1, 0)) / n)
    return np.asarray((means[0] - means[1]) / np.sqrt(variances[0] + variances[1]))


def _exact_p(part: Array, rest: Array, z: float, otherwise: float) -> float:
    """Add up the ways to draw the part that are at least as far out; `otherwise` where they are too many."""
    part, rest = np.rint(part), np.rint(rest)
    whole, n = part + rest, float(part.sum())
    if not n or not rest.sum():
        return otherwise
    promoters, detractors = (_likely(n, whole[place], whole.sum()) for place in (0, 2))
    if len(promoters) * len(detractors) > _MOST_TABLES:
        return otherwise
    p, d = (grid.ravel() for grid in np.meshgrid(promoters, detractors))
    drawn = np.column_stack([p, n - p - d, d])
    drawn = drawn[((drawn >= 0) & (drawn <= whole)).all(axis=1)]
    ways = _log_ways(whole, drawn).sum(axis=1) - _log_ways(whole.sum(), n)
    own = float(np.exp(_log_ways(whole, part).sum() - _log_ways(whole.sum(), n)))
    far = np.abs(_statistic(drawn, whole - drawn)) >= z - 1e-9
    return min(1.0, max(own, float(np.exp(ways[far]).sum())))


def _likely(n: float, hits: float, total: float) -> Array:
    """Return the numbers of hits that n draws give but for next to no chance."""
    mean, sd = n * hits / total, np.sqrt(n * hits / total * (1 - hits / total) * (total - n) / max(1.0, total - 1))
    reach = _REACH[0] * sd + _REACH[1]
    low, high = max(0.0, hits + n - total, np.floor(mean - reach)), min(n, hits, np.ceil(mean + reach))
    return np.arange(low, high + 1)


def _log_ways(n: Array | float, k: Array | float) -> Array:
    return np.asarray(-np.log1p(n) - betaln(n - np.asarray(k) + 1, np.asarray(k) + 1))
