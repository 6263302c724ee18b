"""Since when: the month from which a share, or the score, is different beyond noise."""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.insight.change_points import largest_p, split_effects
from nps_nlp.insight.gap import difference_p, points
from nps_nlp.insight.groups import effective_counts
from nps_nlp.insight.two_by_two import two_proportions_p

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from nps_nlp.insight.levels import Levels

_MIN_BASE = 20


class Change(NamedTuple):
    """The likeliest month of a change: level before and from then on, p corrected for all months looked at."""

    since: str | None
    before: float
    after: float
    p: float


NO_CHANGE = Change(None, float("nan"), float("nan"), float("nan"))


def share_change(table: pd.DataFrame, column: str) -> Change:
    """Find the month from which a share is most clearly higher than before.

    Parameters
    ----------
    table : DataFrame
        Rows of one theme of `theme_trend`, in time order.
    column : str
        ``"negative"`` or ``"positive"``: the counts to divide by ``writers``.

    Returns
    -------
    Change
        Shares before and since; p is that of the clearest of all months tried. `NO_CHANGE` where no month has enough
        writers on both sides, or the share never rises.
    """
    base = table["n_effective" if "n_effective" in table else "writers"].to_numpy(dtype=float)
    hits = (
        table[f"share_{column}"].to_numpy(dtype=float) * base
        if "n_effective" in table
        else table[column].to_numpy(dtype=float)
    )
    effect = f"design_effect_{column}"
    effects = table[effect].to_numpy(dtype=float) if effect in table else np.ones(len(base))
    tried = []
    for cut in _cuts(base):
        a, n, b, m = (part.sum() for part in (hits[:cut], base[:cut], hits[cut:], base[cut:]))
        p = float(two_proportions_p(*(number / effects[cut] for number in (a, n, b, m))))
        tried.append(Change(str(table["period"].iloc[cut]), a / n, b / m, p))
    return _clearest([c for c in tried if c.after > c.before], base)


def score_change(trend: pd.DataFrame, levels: Levels | None = None) -> Change:
    """Find the month from which the NPS differs most clearly from before, up or down; levels in NPS points.

    `levels` are those of the same months, where it is known who answered more than once.
    """
    counts = effective_counts(trend)
    everybody = counts.sum(axis=0)
    cuts = _cuts(counts.sum(axis=1))
    effects = split_effects(levels, cuts, 0, len(counts))
    tried = []
    for cut, effect in zip(cuts, effects, strict=True):
        before = counts[:cut].sum(axis=0)
        p = float(difference_p(before / effect, everybody / effect))
        tried.append(
            Change(str(trend["period"].iloc[cut]), float(points(before)), float(points(everybody - before)), p)
        )
    return _clearest(tried, counts.sum(axis=1))


def _cuts(base: NDArray[np.float64]) -> list[int]:
    """Return the months that leave enough respondents on both sides."""
    done = np.cumsum(base)
    return [c for c in range(1, len(base)) if min(done[c - 1], done[-1] - done[c - 1]) >= _MIN_BASE]


def _clearest(tried: list[Change], base: NDArray[np.float64]) -> Change:
    """Return the change with the smallest p, made the chance that the clearest of all months is as clear as that.

    The splits overlap, so they are far from independent: `largest_p` follows them from month to month, where a
    Bonferroni correction would count each as a new look.
    """
    tried = [c for c in tried if not np.isnan(c.p)]
    if not tried:
        return NO_CHANGE
    best = min(tried, key=lambda c: (c.p, c.since or ""))
    z = -NormalDist().inv_cdf(max(best.p, 1e-300) / 2)
    fractions = np.cumsum(base)[[c - 1 for c in _cuts(base)]] / base.sum()
    return best._replace(p=largest_p(z, np.unique(fractions)))
