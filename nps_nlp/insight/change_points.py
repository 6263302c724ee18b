"""When the NPS changed: the months that part stretches of different level."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtr

from nps_nlp.insight.gap import points
from nps_nlp.insight.groups import effective_counts
from nps_nlp.scoring.intervals import critical_value, response_variance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.levels import Levels

    Array = NDArray[np.float64]

_MIN_BASE = 20
# A median of fewer differences between neighbouring months says little about their scatter.
_MIN_DIFFERENCES = 6
_CHI2_MEDIAN = 0.454936
# Quadrature of the null distribution; steps too small for its grid are passed over (they add next to
# nothing).
_NODES, _LEAST_STEP, _WIDEST = 161, 0.1, 8.0


class Split(NamedTuple):
    """The likeliest month of a change within a stretch, and the p-value that there is any."""

    cut: int
    p: float


def change_points(
    trend: pd.DataFrame, levels: Levels | None = None, *, alpha: float = 0.05, confidence: float = 0.95
) -> pd.DataFrame:
    """Find the months from which the NPS has another level, by binary segmentation.

    Parameters
    ----------
    trend : DataFrame
        Months in order of time with promoters, passives, detractors and period, as `trend_table` gives them.
    levels : Levels, optional
        The `month_levels` of the same months, where it is known who answered more than once: variances are then those
        of people (what a person's answers add to a difference is added up before it is squared), also of people who
        answered on both sides of a month.
    alpha : float
        A stretch is parted where the p-value of "no change in it" is at most this.
    confidence : float
        Of the intervals of the differences.

    Returns
    -------
    DataFrame, one row a change, in order of time
        since (first month of the new level), n_before, n_after, before, after (NPS of the stretches on either
        side, up to the next change), difference, ci_low, ci_high (of the difference, the month taken as
        given), p (of any change in the stretch that this one parts, allowing for the search over months),
        scatter (how much more neighbouring months differ than sampling explains, 1 or more; the p-values and
        intervals allow for it).

    References
    ----------
    Statistic (standardised CUSUM) and its exact null distribution: Hawkins, D. (1977). Testing a sequence of
    observations for a shift in location. JASA 72, 180-186. Binary segmentation: Scott, A. & Knott, M. (1974).
    A cluster analysis method for grouping means in the analysis of variance. Biometrics 30, 507-512;
    Vostrikova, L. (1981). Detecting "disorder" in multidimensional random processes. Soviet Mathematics
    Doklady 24, 55-59. Scatter from successive differences: von Neumann, J. et al. (1941). The mean square
    successive difference. Annals of Mathematical Statistics 12, 153-162; here their median, which a few
    changes of level do not move.

    Examples
    --------
    >>> months = [f"2026-{m:02d}" for m in range(1, 9)]
    >>> trend = pd.DataFrame({"period": months, "promoters": [30] * 5 + [50] * 3, "passives": 30})
    >>> trend["detractors"] = [40] * 5 + [20] * 3
    >>> change_points(trend)[["since", "before", "after"]].to_dict("records")
    [{'since': '2026-06', 'before': -10.0, 'after': 30.0}]
    """
    counts = effective_counts(trend)
    scatter = _scatter(counts, levels)
    stretches, found = [(0, len(counts))], {}
    while stretches:
        low, high = stretches.pop()
        split = best_split(counts[low:high], scatter, levels, low)
        if split is not None and split.p <= alpha:
            found[low + split.cut] = split.p
            stretches += [(low, low + split.cut), (low + split.cut, high)]
    cuts = sorted(found)
    edges = [0, *cuts, len(counts)]
    rows = [
        (
            str(trend["period"].iloc[cut]),
            *_levels(counts[a:cut], counts[cut:b], scatter * _effect(levels, a, cut, b), confidence),
            found[cut],
        )
        for a, cut, b in zip(edges, cuts, edges[2:], strict=False)
    ]
    names = ["since", "n_before", "n_after", "before", "after", "difference", "ci_low", "ci_high", "p"]
    return pd.DataFrame(rows, columns=names).assign(scatter=scatter)


def best_split(counts: Array, scatter: float = 1.0, levels: Levels | None = None, first: int = 0) -> Split | None:
    """Return the month that parts a stretch most clearly, None where no month has 20 responses on both sides.

    Parameters
    ----------
    counts : ndarray, shape (months, 3)
        Promoters, passives, detractors.
    scatter : float
        Variance of a month in units of its sampling variance.
    levels, first : Levels and int, optional
        The answers of the same people in all months, and which of these the stretch begins with.

    Returns
    -------
    Split or None
    """
    n = counts.sum(axis=1)
    done = np.cumsum(n)[:-1]
    total = float(n.sum())
    cuts = np.flatnonzero((done >= _MIN_BASE) & (total - done >= _MIN_BASE) & (n[1:] > 0))
    variance = float(response_variance(*counts.sum(axis=0))) if total else 0.0
    if not len(cuts) or variance <= 0:
        return None
    gone = np.cumsum(counts[:, 0] - counts[:, 2])[:-1]
    excess = gone[cuts] - done[cuts] * (gone[-1] + counts[-1, 0] - counts[-1, 2]) / total
    fraction = done[cuts] / total
    effects = split_effects(levels, (cuts + 1).tolist(), first, first + len(counts))
    z = np.abs(excess) / np.sqrt(effects * scatter * variance * total * fraction * (1 - fraction))
    best = int(np.argmax(z))
    return Split(int(cuts[best]) + 1, largest_p(float(z[best]), fraction))


def split_effects(levels: Levels | None, cuts: Sequence[int], first: int, last: int) -> Array:
    """Return the design effects of the differences that cuts make in the months from first until last.

    A cut is the number of months before it; nobody's level differs, as is to be tested.
    """
    if levels is None or not len(cuts):
        return np.ones(len(cuts))
    month, cut = np.arange(len(levels.answers)), first + np.array(cuts)[:, None]
    return levels.effects((cut <= month) & (month < last), (first <= month) & (month < cut), one_level=True)


def _effect(levels: Levels | None, first: int, cut: int, last: int) -> float:
    """Return the design effect of the difference between two stretches, each with its own level."""
    if levels is None:
        return 1.0
    month = np.arange(len(levels.answers))[None]
    return float(levels.effects((cut <= month) & (month < last), (first <= month) & (month < cut))[0])


def largest_p(z: float, fraction: Array) -> float:
    """Return the chance that the largest of the standardised CUSUMs exceeds z where nothing changed.

    The CUSUMs at rising fractions of all responses are a Markov chain of standard normals; the mass that has
    not left [−z, z] is carried from one to the next by quadrature, and what leaves is added up.

    Examples
    --------
    >>> round(largest_p(1.959964, np.array([0.5])), 4)
    0.05
    """
    if z >= _WIDEST:
        return min(1.0, 2 * len(fraction) * float(ndtr(-z)))
    x, w = z * np.array(_quadrature())
    inside = np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
    left, at = 2 * float(ndtr(-z)), fraction[0]
    for to in fraction[1:]:
        rho = np.sqrt(at * (1 - to) / (to * (1 - at)))
        step = np.sqrt(1 - rho**2)
        if step >= _LEAST_STEP:
            left += float((w * inside) @ (ndtr((-z - rho * x) / step) + ndtr((rho * x - z) / step)))
            kernel = np.exp(-(((x[:, None] - rho * x) / step) ** 2) / 2) / (step * np.sqrt(2 * np.pi))
            inside, at = (kernel * (w * inside)).sum(axis=1), to
    return min(1.0, left)


@cache
def _quadrature() -> tuple[Array, Array]:
    """Return nodes and weights of Gauss and Legendre, whose eigenvalues take longer than all the rest."""
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights


def _scatter(counts: Array, levels: Levels | None) -> float:
    """Return the median squared difference of neighbouring months over its sampling variance, 1 or more."""
    months = np.eye(len(counts), dtype=bool)[counts.sum(axis=1) > 0]
    counts = counts[counts.sum(axis=1) > 0]
    n = counts.sum(axis=1)
    if len(n) <= _MIN_DIFFERENCES:
        return 1.0
    mean = (counts[:, 0] - counts[:, 2]) / n
    variance = float(response_variance(*counts.sum(axis=0)))
    if variance <= 0:
        return 1.0
    effects = 1.0 if levels is None else levels.effects(months[1:], months[:-1], one_level=True)
    squared = np.diff(mean) ** 2 / (effects * variance * (1 / n[1:] + 1 / n[:-1]))
    return max(1.0, float(np.median(squared)) / _CHI2_MEDIAN)


def _levels(before: Array, after: Array, scatter: float, confidence: float) -> tuple[float, ...]:
    sums = np.stack([before.sum(axis=0), after.sum(axis=0)])
    n = sums.sum(axis=1)
    low, high = points(sums)
    se = 100 * np.sqrt(scatter * (response_variance(*sums.T) / n).sum())
    half = critical_value(confidence) * float(se)
    return int(n[0]), int(n[1]), low, high, high - low, high - low - half, high - low + half
