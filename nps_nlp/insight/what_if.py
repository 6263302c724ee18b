"""What the NPS goes with if fewer writers complained of a theme: an association, and a simple bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.shares import correlations, roots

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nps_nlp.insight.design import Design, Refits

    Array = NDArray[np.float64]


def what_if(design: Design, refits: Refits, *, fewer: float = 0.5, confidence: float = 0.95) -> pd.DataFrame:
    """Return the NPS that goes with a given share fewer negative mentions of each theme.

    These are associations seen between writers, not what a remedy would bring: those who complain of a theme
    may differ from others in ways that the comments do not show.

    Parameters
    ----------
    design, refits : Design, Refits
        From `regression_design` and `refit`.
    fewer : float
        Share of a theme's negative mentions that would be gone, above 0 to 1.
    confidence : float
        Of the percentile intervals (Poisson bootstrap).

    Returns
    -------
    DataFrame, one row a theme with enough negative mentions, greatest association first
        theme, n and share (writers with negative mentions), fewer, nps (of all writers);
        associated_change with ``_ci_low`` and ``_ci_high`` and associated_nps: the regression of NPS points
        on all drivers, these writers moved to "does not complain of it" with everything else said alike;
        bound_change with ``_ci_low`` and ``_ci_high`` and bound_nps: these writers answering like all who do
        not complain of it, which also credits the theme with everything else they complain of.

    Raises
    ------
    ValueError
        If ``fewer`` is not above 0 and at most 1.

    References
    ----------
    Regression standardisation of a risk factor's share: Greenland, S. & Drescher, K. (1993). Maximum
    likelihood estimation of the attributable fraction from logistic models. Biometrics 49, 865-872; here on
    the linear scale of the NPS, where it is −fewer × share × coefficient. The bound is the unadjusted form:
    Levin, M. (1953). The occurrence of lung cancer in man. Acta Unio Internationalis contra Cancrum 9,
    531-541.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.design import refit, regression_design
    >>> from nps_nlp.tally import Tally
    >>> seen = {("", 3, (("speed", 1),)): 30, ("", 9, (("speed", 1),)): 10, ("", 9, ()): 40, ("", 7, ()): 20}
    >>> design = regression_design(Tally(patterns=Counter(seen)), ["speed"])
    >>> table = what_if(design, refit(design, seed=1), fewer=0.5)
    >>> table[["theme", "nps", "associated_change", "bound_change"]].round(1)
       theme   nps  associated_change  bound_change
    0  speed  20.0               23.3          23.3
    """
    if not 0 < fewer <= 1:
        msg = f"fewer is a share of the negative mentions above 0 and at most 1, got {fewer!r}"
        raise ValueError(msg)
    negative = [i for i, d in enumerate(design.drivers) if d.polarity == "negative"]
    now = refits.mean[0, -1]
    table = pd.DataFrame(
        {
            "theme": [design.drivers[i].theme for i in negative],
            "n": np.array([design.drivers[i].n for i in negative], dtype=np.int64),
            "share": refits.mean[0, negative],
            "fewer": fewer,
            "nps": now,
        }
    )
    changes = {"associated": _associated(refits)[:, negative], "bound": _bound(refits)[:, negative]}
    for name, drawn in changes.items():
        table[f"{name}_change"] = fewer * drawn[0]
        limits = _limits(fewer * drawn[1:], confidence)
        table[f"{name}_change_ci_low"], table[f"{name}_change_ci_high"] = limits
        table[f"{name}_nps"] = now + fewer * drawn[0]
    by = ["associated_change", "theme"]
    return table.sort_values(by, ascending=[False, True], ignore_index=True)


def _associated(refits: Refits) -> Array:
    """Return −share × coefficient of every driver in the regression of the NPS points, by replicate."""
    k = refits.mean.shape[1] - 2
    kept = [*range(k), k + 1]
    covariance = refits.covariance[:, kept][:, :, kept]
    correlation = correlations(covariance)
    slopes = roots(correlation[:, :k, :k], correlation[:, :k, k]).slopes
    spread = np.sqrt(np.maximum(np.diagonal(covariance, axis1=1, axis2=2), 0))
    own = spread[:, :k]
    # A driver that nobody of a replicate says has no coefficient, and nothing would change.
    coefficient = np.divide(slopes * spread[:, k:], own, out=np.zeros_like(own), where=own > 0)
    return np.asarray(-refits.mean[:, :k] * coefficient)


def _bound(refits: Refits) -> Array:
    """Return NPS of those who do not say it less NPS of all: −covariance with saying it / share of others."""
    k = refits.mean.shape[1] - 2
    others = 1 - refits.mean[:, :k]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(-refits.covariance[:, :k, k + 1] / np.where(others > 0, others, np.nan))


def _limits(drawn: Array, confidence: float) -> tuple[Array, Array]:
    if drawn.size == 0:
        return np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail], axis=0)
    return low, high
