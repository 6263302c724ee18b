"""Logistic regression of one output on scaled columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Array = NDArray[np.float64]

_SEED = 20260401
_ALWAYS = 20.0
# Closer changes no score in its third digit and takes twice as long.
_CLOSE = 0.01


def fit_output(x: sparse.csr_matrix, y: Array, weight: Array, scale: Array, c: float) -> tuple[Array, float]:
    """Fit one output.

    Parameters
    ----------
    x : csr_matrix, shape (n, v)
    y, weight : ndarray, shape (n,)
        1 where the label holds, else 0, and how much the row counts.
    scale : ndarray, shape (v,)
        By what each column is multiplied first.
    c : float
        The larger, the closer the fit.

    Returns
    -------
    (ndarray of shape (v,), float)
        Coefficients of the columns as they are, and the intercept. Where the label holds of every row there is nothing
        to tell it from: it is always given.

    Examples
    --------
    >>> import numpy as np
    >>> from scipy import sparse
    >>> x = sparse.csr_matrix(np.eye(2))
    >>> coefficients, intercept = fit_output(x, np.array([1.0, 0.0]), np.ones(2), np.ones(2), 1000.0)
    >>> [bool(v > 0) for v in x @ coefficients + intercept]
    [True, False]
    """
    from scipy import sparse
    from sklearn.linear_model import LogisticRegression

    if (y > 0).all():
        return np.zeros(x.shape[1]), _ALWAYS
    model = LogisticRegression(C=c, solver="liblinear", dual=True, tol=_CLOSE, max_iter=300, random_state=_SEED)
    model.fit(x @ sparse.diags(scale), y > 0, sample_weight=weight)
    return model.coef_[0] * scale, float(model.intercept_[0])
