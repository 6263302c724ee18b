"""Themes that rise beyond noise in the latest months."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from nps_nlp.insight.groups import theme_trend
from nps_nlp.insight.two_by_two import upper_tail
from nps_nlp.scoring import benjamini_hochberg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]

# measure → the counts and their base, columns of `theme_trend`, and the effective number of the base
MEASURES = {
    "mentions": ("mentions", "writers", "n_effective"),
    "negative": ("negative", "writers", "n_effective"),
    "negativity": ("negative", "mentions", "mentions_effective"),
}
_ALPHA = 0.05
_MIN_BASE = 20
_MIN_HITS = 5
# With fewer earlier months their scatter is not known well enough to be used.
_MIN_MONTHS = 4
_COLUMNS = [
    "theme", "measure", "period", "hits_before", "base_before", "before", "hits_latest", "base_latest",
    "latest", "lift", "scatter", "p",
]  # fmt: skip
_EFFECTIVE = ["effective_before", "effective_latest"]


def theme_alerts(
    tally: Tally, themes: Sequence[str], *, latest: int = 1, trend: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Test for every theme whether it rose in the latest months against all months before.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
    latest : int
        Number of months that count as latest.
    trend : DataFrame, optional
        The `theme_trend` of the same Tally and themes, where it is known already.

    Returns
    -------
    DataFrame, one row a theme × measure, alerts first
        theme; measure: ``mentions`` and ``negative`` (shares of the writers), ``negativity`` (share negative
        of the theme's mentioners); period (first of the latest months); hits_before, base_before, before
        (share), hits_latest, base_latest, latest (share), lift (latest / before); scatter (how much more the
        earlier months vary than chance explains, 1 or more); p (one-sided: a rise), q (Benjamini–Hochberg
        over all rows), alert (q below 0.05 and at least 5 hits). Without 20 in both bases p is NaN. Empty
        where there are not more months than ``latest``. Hits and bases are respondents; of a weighted survey the
        shares are weighted, and tests reckon with the effective bases (effective_before, effective_latest).

    Raises
    ------
    ValueError
        If ``latest`` is less than 1.

    Notes
    -----
    p is the exact upper tail of the 2 × 2 table (Fisher 1935), so that rare themes raise no false alarm.
    Where the earlier months scatter more than chance explains (campaigns, seasons), its normal deviate is
    divided by the square root of Pearson's dispersion.

    References
    ----------
    Effective numbers: Kish, L. (1965). Survey Sampling, section 11.7.
    Fisher, R. (1935). The logic of inductive inference. JRSS 98, 39-82. Farrington, C. et al. (1996). A
    statistical algorithm for the early detection of outbreaks of infectious disease. JRSS A 159, 547-563
    (dispersion of the earlier months).

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.tally import Tally
    >>> slow = (("speed", 1),)
    >>> said = {("2026-01", 5, slow): 8, ("2026-01", 8, ()): 192}
    >>> said |= {("2026-02", 5, slow): 20, ("2026-02", 8, ()): 80}
    >>> tally = Tally(patterns=Counter(said))
    >>> theme_alerts(tally, ["speed"])[["theme", "measure", "before", "latest", "alert"]].head(2)
       theme   measure  before  latest  alert
    0  speed  mentions    0.04     0.2   True
    1  speed  negative    0.04     0.2   True
    """
    if latest < 1:
        msg = f"latest is a number of months, 1 or more; got {latest!r}"
        raise ValueError(msg)
    trend = theme_trend(tally, themes) if trend is None else trend
    periods = sorted(trend["period"].unique())
    weighted = "n_effective" in trend
    rows: list[tuple[object, ...]] = []
    if len(periods) > latest:
        since = periods[-latest]
        for theme, months in trend.groupby("theme", sort=False):
            early = months["period"] < since
            for name, (hits, base, _) in MEASURES.items():
                counts = months[[hits, base]].to_numpy(dtype=float)
                weights = _weights(months, name) if weighted else np.column_stack([counts, counts[:, 1]])
                effect = f"design_effect_{name}"
                if effect in months:
                    # So many answers more are needed to know as much of people.
                    weights[:, 2] *= months.loc[months["period"] == since, effect].item()
                rows.append((theme, name, since, *_compare(counts, weights, early.to_numpy())))
    table = pd.DataFrame(rows, columns=[*_COLUMNS, *_EFFECTIVE])
    if not weighted:
        table = table[_COLUMNS]
    table["q"] = benjamini_hochberg(table["p"].to_numpy(dtype=float))
    table["alert"] = (table["q"] < _ALPHA) & (table["hits_latest"] >= _MIN_HITS)
    by = ["alert", "p", "theme", "measure"]
    return table.sort_values(by, ascending=[False, True, True, True], ignore_index=True)


def _weights(months: pd.DataFrame, measure: str) -> Array:
    """Return the sums of weights of hits and base, and of the squared weights of the base, by month."""
    hits, base, effective = MEASURES[measure]
    weight = months["weight"].to_numpy(dtype=float)
    of_base = weight * (months["share_mentions"].to_numpy(dtype=float) if base == "mentions" else 1.0)
    squares = np.divide(of_base**2, months[effective], out=np.zeros(len(months)), where=months[effective] > 0)
    return np.column_stack([weight * months[f"share_{hits}"].to_numpy(dtype=float), of_base, squares])


def _compare(counts: Array, weights: Array, early: NDArray[np.bool_]) -> tuple[object, ...]:
    """Return everything about one theme and measure.

    The months have respondents (hits, base) and the sums of their weights (hits, base, squares of the base); tests
    take every sum at its effective number of respondents.
    """
    (before, hits, base), (share, new_hits, new_base) = (_effective(weights[part]) for part in (early, ~early))
    of_month = np.array([_effective(month[None])[1:] for month in weights[early]]).reshape(-1, 2)
    scatter = _scatter(of_month)
    p = np.nan
    if min(base, new_base) >= _MIN_BASE and hits + new_hits:
        tail = upper_tail(new_hits, new_base, hits + new_hits, base + new_base)
        p = float(ndtr(ndtri(tail) / np.sqrt(scatter)))
    lift = share / before if before else np.nan
    (old, all_old), (new, all_new) = (counts[part].sum(axis=0).astype(int).tolist() for part in (early, ~early))
    return old, all_old, before, new, all_new, share, lift, scatter, p, base, new_base


def _effective(weights: Array) -> tuple[float, float, float]:
    """Return the share of hits, and hits and base at the effective number of respondents."""
    hits, base, squares = weights.sum(axis=0).tolist()
    if not squares:
        return np.nan, 0.0, 0.0
    worth = base / squares
    return hits / base, hits * worth, base * worth


def _scatter(months: Array) -> float:
    """Return Pearson's dispersion of the shares of several months, 1 or more."""
    hits, base = months[months[:, 1] > 0].T
    share = hits.sum() / base.sum() if base.sum() else 0.0
    if len(hits) < _MIN_MONTHS or not 0 < share < 1:
        return 1.0
    squares = (hits - base * share) ** 2 / (base * share * (1 - share))
    return float(max(1.0, squares.sum() / (len(hits) - 1)))
