"""Corrections for looking at many tests at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.scoring._checks import positions_text

if TYPE_CHECKING:
    import numpy.typing as npt

    from nps_nlp.scoring._checks import FloatArray


def benjamini_hochberg(p: npt.ArrayLike) -> FloatArray:
    """Return q-values: rejecting where q ≤ 0.05 keeps the expected share of false discoveries at 5 % or less.

    Parameters
    ----------
    p : array_like, shape (m,)
        p-values of one family of tests. NaN (a test that could not be made) stays NaN and is not counted in
        m.

    Returns
    -------
    ndarray of float, shape (m,)
        Adjusted p-values in the order given, each at least its p.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1; names the positions.

    References
    ----------
    Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. JRSS B 57, 289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03, float("nan")])
    array([0.03, 0.04, 0.04,  nan])
    """
    values, made, order = _ranked(p)
    m = len(order)
    stepped = values[made][order] * m / np.arange(1, m + 1)
    # From the largest p downwards, so that a smaller p never gets a larger q.
    return _put_back(values, made, order, np.minimum.accumulate(stepped[::-1])[::-1])


def holm(p: npt.ArrayLike) -> FloatArray:
    """Return Holm's adjusted p: rejecting where ≤ 0.05 keeps the chance of any false rejection at 5 %.

    Parameters
    ----------
    p : array_like, shape (m,)
        p-values of one family of tests. NaN stays NaN and is not counted in m.

    Returns
    -------
    ndarray of float, shape (m,)
        Adjusted p-values in the order given.

    Raises
    ------
    ValueError
        If a p-value lies outside 0 to 1; names the positions.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of
    Statistics 6, 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])
    """
    values, made, order = _ranked(p)
    m = len(order)
    stepped = values[made][order] * np.arange(m, 0, -1)
    return _put_back(values, made, order, np.maximum.accumulate(stepped))


CORRECTIONS = {"benjamini_hochberg": benjamini_hochberg, "holm": holm}


def _ranked(p: npt.ArrayLike) -> tuple[FloatArray, npt.NDArray[np.bool_], npt.NDArray[np.intp]]:
    """Return the p-values, which of them exist, and the ascending order of those."""
    values = np.atleast_1d(np.asarray(p, dtype=np.float64))
    wrong = (values < 0) | (values > 1)
    if wrong.any():
        msg = f"p-values lie between 0 and 1; wrong at position {positions_text(wrong)}"
        raise ValueError(msg)
    made = ~np.isnan(values)
    return values, made, np.argsort(values[made], kind="stable")


def _put_back(
    values: FloatArray, made: npt.NDArray[np.bool_], order: npt.NDArray[np.intp], adjusted: FloatArray
) -> FloatArray:
    """Return the adjusted values in the order of the input, at most 1, NaN where there was no test."""
    of_made = np.empty(len(order))
    of_made[order] = np.minimum(adjusted, 1.0)
    result = np.full(len(values), np.nan)
    result[made] = of_made
    return result
