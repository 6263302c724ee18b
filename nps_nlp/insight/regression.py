"""The linear regression of the score on who says what, with robust standard errors, on grouped cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import stdtr, stdtrit
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from nps_nlp.insight.design import Design

    Array = NDArray[np.float64]

# A cell that alone decides a coefficient has leverage 1 and no residual: what is left there is rounding.
_FREE = 1e-9
# Cells whose influences are held at once, so that memory does not grow with their number.
_CELLS_AT_ONCE = 4_096


class LinearFit(NamedTuple):
    """Coefficients of the drivers beside each other, with closed-form inference.

    ``coefficients`` are differences of the outcome between writers who do and who do not say it, everything
    else said alike; ``p`` is two-sided; ``design_effects`` are by what their variances are greater because people
    wrote more than once, 1 or more.
    """

    coefficients: Array
    se: Array
    ci_low: Array
    ci_high: Array
    p: Array
    design_effects: Array


def one_thread() -> AbstractContextManager[object]:
    """Keep the matrix library to one thread for a while.

    The matrices here are many and small: threads within each cost more than they save, 30-fold on a busy machine.
    """
    limits: AbstractContextManager[object] = threadpool_limits(limits=1, user_api="blas")
    return limits


def linear_fit(design: Design, outcome: Array, confidence: float = 0.95) -> LinearFit:
    """Regress an outcome of the cells on the drivers by least squares, with HC3 standard errors.

    Parameters
    ----------
    design : Design
        Drivers without perfect collinearity, as `regression_design` gives them.
    outcome : ndarray, shape (c,)
        The score, or the NPS points, of each cell.
    confidence : float

    Returns
    -------
    LinearFit
        NaN where there are not more writers than coefficients. HC3 because a 0–10 score never has the same
        variance at both ends of the scale; Student's t with n − k − 1 degrees of freedom. Of people who wrote more
        than once the influences of all answers are added before they are squared, and n are people.

    References
    ----------
    White, H. (1980). A heteroskedasticity-consistent covariance matrix estimator and a direct test for
    heteroskedasticity. Econometrica 48, 817-838. HC3: MacKinnon, J. & White, H. (1985). Some
    heteroskedasticity-consistent covariance matrix estimators with improved finite sample properties. Journal
    of Econometrics 29, 305-325.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.design import regression_design
    >>> from nps_nlp.tally import Tally
    >>> patterns = {("", 4, (("price", 1),)): 20, ("", 6, (("price", 1),)): 20, ("", 9, ()): 60}
    >>> design = regression_design(Tally(patterns=Counter(patterns)), ["price"])
    >>> fit = linear_fit(design, design.score.astype(float))
    >>> print(f"{fit.coefficients[0]:.2f} ({fit.ci_low[0]:.2f} to {fit.ci_high[0]:.2f})")
    -4.00 (-4.32 to -3.68)
    """
    k = len(design.drivers)
    free = design.people - k - 1
    if free < 1:
        unknown = np.full(k, np.nan)
        return LinearFit(unknown, unknown, unknown, unknown, unknown, np.ones(k))
    coefficients, blocks = influences(design, outcome)
    variance, single = design.variance(blocks)
    more = np.divide(variance, single, out=np.ones(k), where=single > 0)
    se = np.sqrt(variance)
    half = float(stdtrit(free, 0.5 + confidence / 2)) * se
    t = np.divide(coefficients, se, out=np.full(k, np.nan), where=se > 0)
    p = np.asarray(2 * stdtr(free, -np.abs(t)), dtype=float)
    return LinearFit(coefficients, se, coefficients - half, coefficients + half, p, more)


def influences(design: Design, outcome: Array) -> tuple[Array, Iterator[tuple[slice, Array]]]:
    """Return the coefficients of `linear_fit`, and blocks of cells with what each of their writers adds to the errors.

    The squares of these influences, shape (cells, k), added over writers, are the variances of the coefficients (HC3).
    Without more writers than coefficients these are NaN.
    """
    k = len(design.drivers)
    if design.n <= k + 1:
        return np.full(k, np.nan), iter(())
    constant = sparse.csr_matrix(np.ones((len(design.count), 1)))
    said = sparse.csr_matrix(sparse.hstack([constant, design.said]))
    inverse = np.linalg.pinv((said.T @ sparse.diags_array(design.mass) @ said).toarray(), hermitian=True)
    fitted = inverse @ (said.T @ (design.mass * outcome))
    return fitted[1:], _influences(said, outcome, inverse, fitted)


def _influences(
    said: sparse.csr_matrix, outcome: Array, inverse: Array, fitted: Array
) -> Iterator[tuple[slice, Array]]:
    for start in range(0, said.shape[0], _CELLS_AT_ONCE):
        cells = slice(start, start + _CELLS_AT_ONCE)
        part = said[cells]
        pulls = part @ inverse
        left = 1 - np.asarray(part.multiply(pulls).sum(axis=1)).ravel()
        residual = (outcome[cells] - part @ fitted) / np.where(left > _FREE, left, np.inf)
        yield cells, pulls[:, 1:] * residual[:, None]
