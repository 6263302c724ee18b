"""Logistic regression on soft targets, one output at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import minimize

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Array = NDArray[np.float64]

_STEPS = 120


def fit_soft(x: sparse.csr_matrix, goal: Array, weight: Array, scale: Array, c: float) -> tuple[Array, float]:
    """Fit one output.

    Minimises ``c * sum(weight * cross_entropy) + |v|²/2`` for the coefficients ``v`` of the scaled columns: what
    liblinear minimises, with targets between 0 and 1 and an intercept that is not drawn to 0.

    Parameters
    ----------
    x : csr_matrix, shape (n, v)
    goal, weight : ndarray, shape (n,)
        Probability of the label, and how much the row counts.
    scale : ndarray, shape (v,)
        By what each column is multiplied first.
    c : float
        The larger, the closer the fit.

    Returns
    -------
    (ndarray of shape (v,), float)
        Coefficients of the columns as they are, and the intercept.

    Examples
    --------
    >>> from scipy import sparse
    >>> x = sparse.csr_matrix(np.eye(2))
    >>> coefficients, intercept = fit_soft(x, np.array([0.9, 0.1]), np.ones(2), np.ones(2), 1000.0)
    >>> [round(float(v), 2) for v in 1 / (1 + np.exp(-(x @ coefficients + intercept)))]
    [0.9, 0.1]
    """
    across = x.T.tocsr()

    def loss(packed: Array) -> tuple[float, Array]:
        v, bias = packed[:-1], packed[-1]
        logits = x @ (v * scale) + bias
        off = 1 / (1 + np.exp(-np.clip(logits, -60, 60))) - goal
        value = c * float(weight @ (np.logaddexp(0, logits) - goal * logits)) + float(v @ v) / 2
        pull = c * weight * off
        return value, np.append((across @ pull) * scale + v, pull.sum())

    share = np.clip(float(weight @ goal) / max(float(weight.sum()), 1e-12), 1e-6, 1 - 1e-6)
    start = np.append(np.zeros(x.shape[1]), np.log(share / (1 - share)))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS, "maxcor": 10}).x
    return found[:-1] * scale, float(found[-1])
