"""Since when: the month from which a share, or the score, is different beyond noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.insight.groups import two_proportions_p
from nps_nlp.insight.impact import difference_p, points

if TYPE_CHECKING:
    import pandas as pd

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
        Shares before and since; p is Bonferroni-corrected for the number of months tried. `NO_CHANGE` where no
        month has enough writers on both sides, or the share never rises.
    """
    hits, base = table[column].to_numpy(dtype=float), table["writers"].to_numpy(dtype=float)
    tried = []
    for cut in range(1, len(table)):
        n, m = base[:cut].sum(), base[cut:].sum()
        if min(n, m) >= _MIN_BASE:
            a, b = hits[:cut].sum(), hits[cut:].sum()
            tried.append(Change(str(table["period"].iloc[cut]), a / n, b / m, two_proportions_p(a, n, b, m)))
    rising = [c for c in tried if c.after > c.before and not np.isnan(c.p)]
    if not rising:
        return NO_CHANGE
    best = min(rising, key=lambda c: (c.p, c.since or ""))
    return best._replace(p=min(1.0, best.p * len(tried)))


def score_change(trend: pd.DataFrame) -> Change:
    """Find the month from which the NPS differs most clearly from before, up or down; levels in NPS points."""
    counts = trend[["promoters", "passives", "detractors"]].to_numpy(dtype=float)
    everybody = counts.sum(axis=0) if len(counts) else np.zeros(3)
    tried = []
    for cut in range(1, len(counts)):
        before = counts[:cut].sum(axis=0)
        if min(before.sum(), everybody.sum() - before.sum()) >= _MIN_BASE:
            p = float(difference_p(before, everybody))
            tried.append(
                Change(
                    str(trend["period"].iloc[cut]),
                    float(points(before)),
                    float(points(everybody - before)),
                    p,
                )
            )
    if not tried:
        return NO_CHANGE
    best = min(tried, key=lambda c: (c.p, c.since or ""))
    return best._replace(p=min(1.0, best.p * len(tried)))
