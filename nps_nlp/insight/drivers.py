"""Rank what holds the score down and what lifts it, and say for whom and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.changes import NO_CHANGE, share_change
from nps_nlp.insight.groups import BLANK, OTHER
from nps_nlp.scoring import benjamini_hochberg

if TYPE_CHECKING:
    from nps_nlp.insight.changes import Change

_ALPHA = 0.05
# A group or a month is named only where the share is also visibly higher, not just significantly.
_MIN_LIFT = 1.25
_MIN_HITS = 5


def rank_drivers(themes: pd.DataFrame, segments: pd.DataFrame, trend: pd.DataFrame, side: str) -> pd.DataFrame:
    """Rank themes by the impact of their negative or positive mentions.

    Parameters
    ----------
    themes, segments, trend : DataFrame
        From `theme_table`, `segment_themes` and `theme_trend`.
    side : {"negative", "positive"}
        Improvement drivers (most harmful first) or strengths (most helpful first).

    Returns
    -------
    DataFrame
        The shown themes whose impact has the sign of the side, with rank, and the group and the month that stand
        out (None and NaN where nothing is beyond noise).
    """
    sign = -1 if side == "negative" else 1
    measure = f"impact_{side}"
    ranked = themes[themes["shown"] & (sign * themes[measure] > 0)]
    ranked = ranked.sort_values([measure, "id"], ascending=[side == "negative", True], ignore_index=True)
    ranked.insert(0, "rank", np.arange(1, len(ranked) + 1))
    who = pd.DataFrame(
        [_who(segments[segments["theme"] == t], side) for t in ranked["id"]], columns=_WHO, index=ranked.index
    )
    # When is asked only of themes that matter beyond noise (tests of details follow the test of the whole).
    matters = ranked[f"q_{side}"] < _ALPHA if len(trend) else pd.Series(data=False, index=ranked.index)
    changes = [
        share_change(trend[trend["theme"] == t], side) if asked else NO_CHANGE
        for t, asked in zip(ranked["id"], matters, strict=True)
    ]
    return pd.concat([ranked, who, _since(changes, ranked.index)], axis=1)


_WHO = ["who_segment", "who_value", "who_share", "who_rest_share", "who_q"]


def _who(table: pd.DataFrame, side: str) -> tuple[object, ...]:
    """Return the group whose share of such mentions is most clearly above the rest."""
    share, rest, p = (
        ("share_negative", "rest_share_negative", "p")
        if side == "negative"
        else ("share_positive", "rest_share_positive", "p_positive")
    )
    mine = table[~table["value"].isin([OTHER, BLANK])].copy()
    mine["q_side"] = benjamini_hochberg(mine[p].to_numpy(dtype=float))
    mine = mine[(mine["q_side"] < _ALPHA) & (mine[share] > _MIN_LIFT * mine[rest]) & (mine[side] >= _MIN_HITS)]
    if mine.empty:
        return (None, None, np.nan, np.nan, np.nan)
    # A group is worth naming for the mentions it has too many of: a tiny one with a high share explains little.
    excess = (mine[share] - mine[rest]) * mine["writers"]
    best = mine.iloc[int(excess.to_numpy().argmax())]
    return (best["segment"], best["value"], best[share], best[rest], best["q_side"])


def _since(changes: list[Change], index: pd.Index) -> pd.DataFrame:
    q = benjamini_hochberg(np.array([c.p for c in changes], dtype=float))
    clear = [bool(v < _ALPHA) and c.after > _MIN_LIFT * c.before for c, v in zip(changes, q, strict=True)]
    shown = [c if ok else NO_CHANGE for c, ok in zip(changes, clear, strict=True)]
    return pd.DataFrame(
        {
            "since": pd.Series([c.since for c in shown], dtype="object", index=index),
            "since_before": [c.before for c in shown],
            "since_after": [c.after for c in shown],
            "since_q": np.where(clear, q, np.nan) if len(q) else [],
        },
        index=index,
    )
