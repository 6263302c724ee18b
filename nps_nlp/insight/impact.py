"""How much of the score comes with a theme: leave-out impact, bounded impact, additive contribution."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import REPLICATES, Cells

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MEASURES = ("nps_of_mentioners", "impact", "impact_negative", "impact_positive", "bounded", "contribution")


def impacts(data: Cells, *, seed: int, confidence: float = 0.95, replicates: int = REPLICATES) -> pd.DataFrame:
    """Measure every theme's part in the score, with bootstrap intervals.

    Parameters
    ----------
    data : Cells
        The writers; they are the base of every figure here.
    seed : int
        Of the Poisson bootstrap.
    confidence : float
        Of the percentile intervals.
    replicates : int
        Bootstrap replicates.

    Returns
    -------
    DataFrame, one row a theme
        The columns of `MEASURES` in NPS points, each with ``_ci_low`` and ``_ci_high``, and ``p_negative``,
        ``p_positive``: two-sided tests that the negative (positive) mentioners' NPS equals that of all other writers,
        which is the same as an impact of zero. Undefined values (nobody mentions it; everybody does, so that nobody
        would be left out) are NaN.
    """
    observed = _measures(data, None)
    blocks = [_measures(data, counts) for counts in data.replicates(seed, replicates)]
    table: dict[str, Array] = {}
    tail = (1 - confidence) / 2
    for name in MEASURES:
        drawn = np.concatenate([b[name] for b in blocks])
        table[name] = observed[name]
        low, high = _quantiles(drawn, tail)
        # A measure that is undefined as observed has no interval either.
        table[f"{name}_ci_low"] = np.where(np.isnan(observed[name]), np.nan, low)
        table[f"{name}_ci_high"] = np.where(np.isnan(observed[name]), np.nan, high)
    for side, indicator in (("negative", data.negative), ("positive", data.positive)):
        table[f"p_{side}"] = difference_p(data.by_category(indicator), data.totals())
    return pd.DataFrame(table, index=pd.Index(data.themes, name="theme"))


def leave_out(mentioners: Array, everybody: Array) -> Array:
    """Return NPS(all) − NPS(all without the mentioners), in NPS points.

    Parameters
    ----------
    mentioners, everybody : ndarray, shape (..., 3)
        Promoters, passives, detractors.

    Returns
    -------
    ndarray, shape (...)
        Negative where the mentioners hold the score down; NaN where nobody would be left.
        Equal to ``n_t (NPS_t − NPS) / (N − n_t)``.

    Examples
    --------
    >>> round(float(leave_out(np.array([0, 0, 10]), np.array([50, 20, 30]))), 2)
    -13.33
    """
    return points(everybody) - points(everybody - mentioners)


def points(counts: Array) -> Array:
    """Return the NPS of promoters, passives and detractors in the last axis; NaN for nobody."""
    n = counts.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(100 * (counts[..., 0] - counts[..., 2]) / np.where(n > 0, n, np.nan))


def difference_p(part: Array, everybody: Array) -> Array:
    """Return two-sided p-values that a part of the writers and the rest have the same NPS.

    A z-test with the multinomial variance ``p + d − (p − d)²`` of each side, three pseudo-responses (¾, 1½, ¾;
    Rocks 2016) shared by both, so that a side with promoters only does not look free of error.
    """
    sides = []
    for counts in (part, everybody - part):
        adjusted = counts + np.array([0.75, 1.5, 0.75]) / 2
        n = adjusted.sum(axis=-1)
        p, d = adjusted[..., 0] / n, adjusted[..., 2] / n
        sides.append((p - d, (p + d - (p - d) ** 2) / n, counts.sum(axis=-1)))
    (a, va, na), (b, vb, nb) = sides
    z = (a - b) / np.sqrt(va + vb)
    normal = NormalDist()
    p_values = np.array([2 * normal.cdf(-abs(v)) for v in np.ravel(z)]).reshape(np.shape(z))
    return np.where((na > 0) & (nb > 0), p_values, np.nan)


def _measures(data: Cells, counts: NDArray[np.int64] | None) -> dict[str, Array]:
    mentioners = data.by_category(data.mentioned, counts)
    everybody = data.totals(counts)[..., None, :]
    # A replicate can draw nobody; what is divided by nobody is undefined.
    n = np.where(everybody.sum(axis=-1) > 0, everybody.sum(axis=-1), np.nan)
    nps_of = points(mentioners)
    share = mentioners.sum(axis=-1) / n
    return {
        "nps_of_mentioners": nps_of,
        "impact": leave_out(mentioners, everybody),
        "impact_negative": leave_out(data.by_category(data.negative, counts), everybody),
        "impact_positive": leave_out(data.by_category(data.positive, counts), everybody),
        "bounded": (nps_of - points(everybody)) * share,
        "contribution": _contribution(data, counts) / n,
    }


def _contribution(data: Cells, counts: NDArray[np.int64] | None) -> Array:
    """Share every writer's +100, 0 or −100 equally among the themes they mention."""
    weights = data.count if counts is None else counts
    named = np.asarray(data.mentioned.sum(axis=1)).ravel()
    per_theme = np.divide(100.0 * data.category, named, out=np.zeros(len(named)), where=named > 0)
    return np.asarray((weights * per_theme) @ data.mentioned, dtype=float)


def _quantiles(drawn: Array, tail: float) -> tuple[Array, Array]:
    # Replicates in which a measure is undefined (nobody drawn) say nothing about it.
    empty = np.isnan(drawn).all(axis=0)
    safe = np.where(empty, 0.0, drawn)
    low, high = np.nanquantile(safe, [tail, 1 - tail], axis=0)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)
