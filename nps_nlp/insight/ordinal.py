"""The proportional-odds logit on grouped cells: what the drivers do to the odds of a higher score."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_STEPS = 50
_HALVINGS = 30
_TOLERANCE = 1e-10
_BOUNDLESS = 50.0
_CELLS_AT_ONCE = 4_096


class OrdinalFit(NamedTuple):
    """A fitted proportional-odds logit.

    Attributes
    ----------
    coefficients, se : ndarray, shape (k,)
        Log odds ratio of a higher score, and its standard error from the observed information.
    thresholds : ndarray, shape (levels − 1,)
        Of the levels that occur, rising.
    log_likelihood : float
    converged : bool
        False where the likelihood still rises, as with a driver whose writers all give the lowest score: its
        sign can be read, its size cannot.
    """

    coefficients: Array
    se: Array
    thresholds: Array
    log_likelihood: float
    converged: bool


def proportional_odds(
    said: sparse.csr_matrix | Array, score: NDArray[np.int64], count: NDArray[np.int64] | Array
) -> OrdinalFit:
    """Fit ``logit P(score ≤ j) = θ_j − x'β`` to grouped data by Newton's method with exact derivatives.

    Parameters
    ----------
    said : array, shape (c, k)
        Drivers of each cell, without a constant column; not collinear.
    score : ndarray of int, shape (c,)
        Any ordered levels; levels that do not occur are skipped.
    count : ndarray, shape (c,)
        Respondents in each cell, or what they are worth (frequency weights, which statsmodels' OrderedModel does not
        take).

    Returns
    -------
    OrdinalFit
        NaN throughout where all scores are the same.

    References
    ----------
    McCullagh, P. (1980). Regression models for ordinal data. JRSS B 42, 109-142. That the likelihood is
    concave, so that Newton's steps need only be shortened: Pratt, J. (1981). Concavity of the log likelihood.
    JASA 76, 103-106.

    Examples
    --------
    >>> said, score = np.array([[0.0], [0], [1], [1]]), np.array([3, 9, 3, 9])
    >>> fit = proportional_odds(said, score, np.array([10, 30, 20, 20]))
    >>> print(f"{fit.coefficients[0]:.4f} = log {20 / 20 / (30 / 10):.4f}, se {fit.se[0]:.4f}")
    -1.0986 = log 0.3333, se 0.4830
    """
    x = sparse.csr_matrix(said, dtype=float)
    levels, level = np.unique(score, return_inverse=True)
    k, cuts = x.shape[1], len(levels) - 1
    if cuts < 1:
        return OrdinalFit(np.full(k, np.nan), np.full(k, np.nan), np.zeros(0), np.nan, converged=False)
    weights = count.astype(float)
    below = np.cumsum(np.bincount(level, weights=weights))[:-1] / weights.sum()
    at: Array = np.concatenate([np.log(below / (1 - below)), np.zeros(k)], dtype=np.float64)
    value, gradient, information = _derivatives(at, x, level, weights)
    converged = False
    for _ in range(_STEPS):
        step = np.linalg.lstsq(information, gradient, rcond=1e-12)[0]
        if gradient @ step < _TOLERANCE * (1 + abs(value)):
            converged = True
            break
        at, moved = _shortened(at, step, value, (x, level, weights))
        if not moved:
            break
        value, gradient, information = _derivatives(at, x, level, weights)
    variance = np.diagonal(np.linalg.pinv(information, hermitian=True))[cuts:]
    se = np.sqrt(np.maximum(variance, 0))
    # Where a driver separates the levels the likelihood flattens out: the steps end, the error grows without limit.
    return OrdinalFit(at[cuts:], se, at[:cuts], value, converged and not bool((se > _BOUNDLESS).any()))


def _shortened(
    at: Array, step: NDArray[np.floating], value: float, data: tuple[sparse.csr_matrix, NDArray[np.intp], Array]
) -> tuple[Array, bool]:
    """Halve a Newton step until the likelihood rises and the thresholds keep their order."""
    for halving in range(_HALVINGS):
        tried = at + step / 2**halving
        if _log_likelihood(tried, *data) > value:
            return tried, True
    return at, False


def _edges(at: Array, x: sparse.csr_matrix, level: NDArray[np.intp]) -> tuple[Array, Array]:
    """Return P(score ≤ level) and P(score < level) at each cell's level."""
    cuts = len(at) - x.shape[1]
    shift = x @ at[cuts:]
    thresholds = np.concatenate([[-np.inf], at[:cuts], [np.inf]])
    return expit(thresholds[level + 1] - shift), expit(thresholds[level] - shift)


def _log_likelihood(at: Array, x: sparse.csr_matrix, level: NDArray[np.intp], weights: Array) -> float:
    upper, lower = _edges(at, x, level)
    probability = upper - lower
    return float(weights @ np.log(probability)) if (probability > 0).all() else -np.inf


def _derivatives(
    at: Array, x: sparse.csr_matrix, level: NDArray[np.intp], weights: Array
) -> tuple[float, Array, Array]:
    """Return log-likelihood, gradient and observed information in (thresholds, coefficients).

    They are added up over blocks of cells, so that memory does not grow with their number.
    """
    value, gradient, information = 0.0, np.zeros(len(at)), np.zeros((len(at), len(at)))
    for start in range(0, x.shape[0], _CELLS_AT_ONCE):
        cells = slice(start, start + _CELLS_AT_ONCE)
        part = _derivatives_of(at, x[cells], level[cells], weights[cells])
        value, gradient, information = value + part[0], gradient + part[1], information + part[2]
    return value, gradient, information


def _derivatives_of(
    at: Array, x: sparse.csr_matrix, level: NDArray[np.intp], weights: Array
) -> tuple[float, Array, Array]:
    """Return the same of a few cells.

    A cell's probability is F(u) − F(l) with u and l linear in the parameters, so its derivatives follow from
    those with respect to u and l alone.
    """
    k = x.shape[1]
    cuts = len(at) - k
    upper, lower = _edges(at, x, level)
    p = upper - lower
    density_u, density_l = upper * (1 - upper), lower * (1 - lower)
    to_u, to_l = density_u / p, -density_l / p
    uu = to_u * (1 - 2 * upper) - to_u**2
    ll = to_l * (1 - 2 * lower) - to_l**2
    ul = -to_u * to_l
    is_u = (level[:, None] == np.arange(cuts)).astype(float)
    is_l = (level[:, None] - 1 == np.arange(cuts)).astype(float)
    said = x.toarray()
    design_u, design_l = np.hstack([is_u, -said]), np.hstack([is_l, -said])
    gradient = design_u.T @ (weights * to_u) + design_l.T @ (weights * to_l)
    cross = design_u.T @ ((weights * ul)[:, None] * design_l)
    hessian = (
        design_u.T @ ((weights * uu)[:, None] * design_u)
        + design_l.T @ ((weights * ll)[:, None] * design_l)
        + cross
        + cross.T
    )
    return float(weights @ np.log(p)), gradient, -hessian
