"""What the NPS goes with if fewer writers complained of a theme: an association, and a simple bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.regression import influences, one_thread
from nps_nlp.scoring.intervals import critical_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nps_nlp.insight.design import Design

    Array = NDArray[np.float64]


def what_if(design: Design, *, fewer: float = 0.5, confidence: float = 0.95) -> pd.DataFrame:
    """Return the NPS that goes with a given share fewer negative mentions of each theme.

    These are associations seen between writers, not what a remedy would bring: those who complain of a theme
    may differ from others in ways that the comments do not show.

    Parameters
    ----------
    design : Design
        From `regression_design`.
    fewer : float
        Share of a theme's negative mentions that would be gone, above 0 to 1.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame, one row a theme with enough negative mentions, greatest association first
        theme, n and share (writers with negative mentions), fewer, nps (of all writers);
        associated_change with ``_ci_low`` and ``_ci_high`` and associated_nps: the regression of NPS points
        on all drivers, these writers moved to "does not complain of it" with everything else said alike;
        bound_change with ``_ci_low`` and ``_ci_high`` and bound_nps: these writers answering like all who do
        not complain of it, which also credits the theme with everything else they complain of.

    Notes
    -----
    Intervals are normal, with the delta-method error of share × coefficient: every writer's influence on the share
    and on the coefficient (HC3) added, squared and summed (Hampel 1974); those of one person's answers are added first.

    Raises
    ------
    ValueError
        If ``fewer`` is not above 0 and at most 1.

    References
    ----------
    Regression standardisation of a risk factor's share: Greenland, S. & Drescher, K. (1993). Maximum
    likelihood estimation of the attributable fraction from logistic models. Biometrics 49, 865-872; here on
    the linear scale of the NPS, where it is −fewer × share × coefficient. The bound is the unadjusted form:
    Levin, M. (1953). The occurrence of lung cancer in man. Acta Unio Internationalis contra Cancrum 9, 531-541: the
    same with this driver alone in the regression. Hampel, F. (1974). The influence curve and its role in robust
    estimation. JASA 69, 383-393.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.design import regression_design
    >>> from nps_nlp.tally import Tally
    >>> seen = {("", 3, (("speed", 1),)): 30, ("", 9, (("speed", 1),)): 10, ("", 9, ()): 40, ("", 7, ()): 20}
    >>> design = regression_design(Tally(patterns=Counter(seen)), ["speed"])
    >>> table = what_if(design, fewer=0.5)
    >>> table[["theme", "nps", "associated_change", "bound_change"]].round(1)
       theme   nps  associated_change  bound_change
    0  speed  20.0               23.3          23.3
    """
    if not 0 < fewer <= 1:
        msg = f"fewer is a share of the negative mentions above 0 and at most 1, got {fewer!r}"
        raise ValueError(msg)
    negative = [i for i, d in enumerate(design.drivers) if d.polarity == "negative"]
    n = np.array([design.drivers[i].n for i in negative], dtype=np.int64)
    now = float(design.mass @ design.points / design.mass.sum()) if design.n else np.nan
    table = pd.DataFrame(
        {
            "theme": [design.drivers[i].theme for i in negative],
            "n": n,
            "share": design.shares[negative],
            "fewer": fewer,
            "nps": now,
        }
    )
    with one_thread():
        together = _changes(design)[negative]
        alone = np.reshape([_changes(design.only(i)) for i in negative], (-1, 2))
    for name, estimates in (("associated", together), ("bound", alone)):
        change, half = fewer * estimates[:, 0], fewer * critical_value(confidence) * estimates[:, 1]
        table[f"{name}_change"] = change
        table[f"{name}_change_ci_low"], table[f"{name}_change_ci_high"] = change - half, change + half
        table[f"{name}_nps"] = now + change
    return table.sort_values(["associated_change", "theme"], ascending=[False, True], ignore_index=True)


def _changes(design: Design) -> Array:
    """Return −share × coefficient in the regression of the NPS points, and its standard error, shape (k, 2)."""
    coefficients, blocks = influences(design, design.points)
    share, n = design.shares, design.mass.sum()
    # The share is estimated too: a writer who says it moves it by (1 − share)/n, any other by −share/n.
    both = (
        (cells, share * influence + coefficients * (design.said[cells].toarray() - share) / n)
        for cells, influence in blocks
    )
    return np.column_stack([-share * coefficients, np.sqrt(design.variance(both)[0])])
