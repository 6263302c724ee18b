"""Share the explained variance of a regression among its drivers: Shapley/LMG and Johnson's weights."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.insight.regression import one_thread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

# All subsets of twelve drivers are 4,096 regressions, done at once for every bootstrap replicate.
EXACT_DRIVERS = 12
_AT_ONCE = 100
# Variance left of a standardised driver below which it is determined by others (within a bootstrap
# replicate).
_SINGULAR = 1e-9


class Roots(NamedTuple):
    """What one eigendecomposition of the drivers' correlations gives; leading axes are replicates.

    ``root`` is the symmetric square root of the correlation matrix, ``slopes`` are the standardised
    coefficients and ``inflation`` the variance inflation factors.
    """

    root: Array
    slopes: Array
    inflation: Array


def correlations(covariance: Array) -> Array:
    """Return correlation matrices; 0 beside, 1 on the diagonal, where something does not vary.

    Examples
    --------
    >>> correlations(np.array([[4.0, 1.0], [1.0, 1.0]]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    sd = np.sqrt(np.maximum(np.diagonal(covariance, axis1=-2, axis2=-1), 0))
    scale = sd[..., :, None] * sd[..., None, :]
    result: Array = np.divide(covariance, scale, out=np.zeros_like(covariance), where=scale > _SINGULAR)
    result[..., np.arange(sd.shape[-1]), np.arange(sd.shape[-1])] = 1.0
    return result


def roots(between: Array, outcome: Array) -> Roots:
    """Decompose the drivers' correlation matrices once for slopes, inflation and relative weights.

    Parameters
    ----------
    between : ndarray, shape (..., k, k)
        Correlations among the drivers; where singular, the pseudo-inverse is used.
    outcome : ndarray, shape (..., k)
        Correlations of the drivers with the score.

    Returns
    -------
    Roots

    References
    ----------
    Marquardt, D. (1970). Generalized inverses, ridge regression, biased linear estimation, and nonlinear
    estimation. Technometrics 12, 591-612 (variance inflation factors: the diagonal of the inverse).

    Examples
    --------
    >>> result = roots(np.array([[1, 0.6], [0.6, 1]]), np.array([0.5, 0.5]))
    >>> result.slopes.round(4), result.inflation.round(4)
    (array([0.3125, 0.3125]), array([1.5625, 1.5625]))
    """
    with one_thread():
        values, vectors = np.linalg.eigh(between)
    values = np.maximum(values, 0)
    inverse = np.divide(1.0, values, out=np.zeros_like(values), where=values > _SINGULAR)
    across = np.swapaxes(vectors, -1, -2)
    projected = (across @ outcome[..., None])[..., 0]
    return Roots(
        (vectors * np.sqrt(values)[..., None, :]) @ across,
        (vectors @ (inverse * projected)[..., None])[..., 0],
        np.asarray((vectors**2 * inverse[..., None, :]).sum(axis=-1)),
    )


def relative_weights(root: Array, slopes: Array) -> Array:
    """Return Johnson's relative weights: each driver's share of R².

    The drivers are replaced by the orthogonal variables nearest to them; the variance that these explain is
    handed back along the squared correlations between the two.

    Parameters
    ----------
    root : ndarray, shape (..., k, k)
        Symmetric square root of the drivers' correlation matrix.
    slopes : ndarray, shape (..., k)
        Standardised coefficients: of a linear regression, or of the latent variable of an ordinal one.

    Returns
    -------
    ndarray, shape (..., k)
        Not negative; of a linear regression they sum to R².

    References
    ----------
    Johnson, J. (2000). A heuristic method for estimating the relative weight of predictor variables in
    multiple regression. Multivariate Behavioral Research 35, 1-19. For logistic slopes: Tonidandel, S. &
    LeBreton, J. (2010). Determining the relative importance of predictors in logistic regression.
    Organizational Research Methods 13, 767-781.

    Examples
    --------
    >>> result = roots(np.array([[1, 0.6], [0.6, 1]]), np.array([0.5, 0.3]))
    >>> relative_weights(result.root, result.slopes).round(4)
    array([0.205, 0.045])
    """
    orthogonal = (root @ slopes[..., None]) ** 2
    return np.asarray((root**2 @ orthogonal)[..., 0])


def shapley_shares(correlation: Array) -> Array:
    """Return each driver's Shapley (LMG) share of R²: its gain in R² averaged over all orders of entry.

    Parameters
    ----------
    correlation : ndarray, shape (replicates, k + 1, k + 1)
        Correlations of the k drivers and, last, the score. The cost doubles with every driver.

    Returns
    -------
    ndarray, shape (replicates, k)
        Not negative; they sum to R².

    References
    ----------
    Lindeman, R., Merenda, P. & Gold, R. (1980). Introduction to Bivariate and Multivariate Analysis, p. 119
    ff. Grömping, U. (2006). Relative importance for linear regression in R: the package relaimpo. Journal of
    Statistical Software 17(1).

    Examples
    --------
    >>> shapley_shares(np.array([[[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]]])).round(4)
    array([[0.205, 0.045]])
    """
    k = correlation.shape[-1] - 1
    orders = _orders(k)
    blocks = [correlation[at : at + _AT_ONCE] for at in range(0, len(correlation), _AT_ONCE)]
    return np.concatenate([(orders @ _all_subsets(block)).T for block in blocks])


def _all_subsets(correlation: Array) -> Array:
    """Return R² of every subset of the drivers, shape (2**k, replicates); driver i is bit k−1−i.

    One step a driver: every subset so far is carried on without it (its row and column dropped) and with it
    (swept out of the others: Beaton 1964, Goodnight 1979, *A tutorial on the SWEEP operator*).
    """
    left = correlation[None]
    for _ in range(correlation.shape[-1] - 1):
        pivot = left[..., :1, :1]
        usable = pivot > _SINGULAR
        column = left[..., 1:, :1]
        without = left[..., 1:, 1:]
        gained = np.where(usable, column * np.swapaxes(column, -1, -2) / np.where(usable, pivot, 1.0), 0.0)
        left = np.stack([without, without - gained], axis=1).reshape(-1, *without.shape[1:])
    return np.asarray(1.0 - left[..., 0, 0])


def _orders(k: int) -> Array:
    """Return the matrix that turns R² of all subsets into Shapley shares, shape (k, 2**k)."""
    members = (np.arange(2**k)[:, None] >> np.arange(k)[::-1]) & 1
    size = members.sum(axis=1)
    share = np.array([factorial(s) * factorial(max(k - s - 1, 0)) / factorial(k) for s in range(k + 1)])
    # A subset counts for its members with the orders in which they come last, against the others before they
    # come.
    return np.asarray(np.where(members == 1, share[size - 1][:, None], -share[size][:, None]).T)
