"""Exact tests of 2 × 2 tables: rare themes have too few mentions for a normal approximation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import betaln

if TYPE_CHECKING:
    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

# What a term of a tail may add at most, relative to the sum so far, before the rest of the tail is left out.
_NEGLIGIBLE = 1e-17


def two_proportions_p(a: npt.ArrayLike, n: npt.ArrayLike, b: npt.ArrayLike, m: npt.ArrayLike) -> Array:
    """Return the two-sided p-values that two shares a/n and b/m are equal, by Fisher's exact test.

    Parameters
    ----------
    a, n, b, m : array_like of int, shapes that broadcast
        Hits and base on either side.

    Returns
    -------
    ndarray
        Twice the smaller tail, at most 1; NaN without a base, or where nobody or everybody is a hit. Among tables
        with the same margins at most a share α has p ≤ α, whatever α and however few the hits are, which the
        false discovery rate over hundreds of tables relies on.

    References
    ----------
    Fisher, R. (1935). The logic of inductive inference. JRSS 98, 39-82. Twice the smaller tail: Yates, F. (1984).
    Tests of significance for 2 × 2 contingency tables. JRSS A 147, 426-463.

    Examples
    --------
    >>> two_proportions_p([30, 3], 100, [10, 0], 100).round(4)
    array([0.0007, 0.2462])
    """
    a, n, b, m = (np.rint(v) for v in (a, n, b, m))
    hits, total = a + b, n + m
    p = np.minimum(1.0, 2 * np.minimum(*tails(a, n, hits, total)))
    return np.where((n > 0) & (m > 0) & (hits > 0) & (hits < total), p, np.nan)


def upper_tail(hits: npt.ArrayLike, n: npt.ArrayLike, all_hits: npt.ArrayLike, total: npt.ArrayLike) -> Array:
    """Return the chance of at least so many hits among n of a total when hits fall at random (Fisher's test).

    Examples
    --------
    >>> print(upper_tail(3, 4, 4, 8).round(4))  # the lady tasting tea
    0.2429
    """
    return tails(hits, n, all_hits, total)[1]


def tails(hits: npt.ArrayLike, n: npt.ArrayLike, all_hits: npt.ArrayLike, total: npt.ArrayLike) -> tuple[Array, Array]:
    """Return the chances of at most, and of at least, so many hits (the hypergeometric distribution), both with them.

    Numbers that are not whole, such as the effective sizes of weighted groups, are rounded first. The tail that does
    not hold the mode is added up from the hits outwards, for all tables at once: its terms fall geometrically, and
    their ratios need no factorials.
    """
    shape = np.broadcast_shapes(*(np.shape(v) for v in (hits, n, all_hits, total)))
    x, n, k, size = (np.broadcast_to(np.rint(v), shape).ravel() for v in (hits, n, all_hits, total))
    x = np.clip(x, np.maximum(0, n + k - size), np.minimum(n, k))
    at = np.exp(_log_ways(k, x) + _log_ways(size - k, n - x) - _log_ways(size, n))
    above = x > (n + 1) * (k + 1) / (size + 2)
    # Seen from the other side of the table, hits above the mode are misses below it.
    outer = at * _fall(np.where(above, n - x, x), n, np.where(above, size - k, k), size)
    inner = np.maximum(1 - outer + at, at)
    low, high = np.where(above, inner, outer), np.where(above, outer, inner)
    return np.minimum(low, 1.0).reshape(shape), np.minimum(high, 1.0).reshape(shape)


def _fall(x: Array, n: Array, k: Array, size: Array) -> Array:
    """Return the lower tail over its last term: 1 + f(x − 1)/f(x) + f(x − 2)/f(x) and so on."""
    total, term, left = np.ones(len(x)), np.ones(len(x)), np.arange(len(x))
    while len(left):
        term = term * x * (size - k - n + x) / ((k - x + 1) * (n - x + 1))
        total[left] += term
        go = term > _NEGLIGIBLE * total[left]
        left, term = left[go], term[go]
        x, n, k, size = x[go] - 1, n[go], k[go], size[go]
    return total


def _log_ways(n: Array, k: Array) -> Array:
    """Return the logarithm of the number of ways to choose k of n; the beta function keeps its digits for large n."""
    return np.asarray(-np.log1p(n) - betaln(n - k + 1, k + 1))
