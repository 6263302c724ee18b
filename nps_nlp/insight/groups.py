"""For whom and since when: scores and themes by segment and by month."""

from __future__ import annotations

from collections import Counter
from math import erfc, sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.impact import leave_out, points
from nps_nlp.scoring import benjamini_hochberg, nps_table
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE, category

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.tally import Tally

MAX_GROUPS = 20
OTHER = "…"
_COLUMNS = ("promoters", "passives", "detractors")
_PLACE = {1: 0, 0: 1, -1: 2}


def segment_table(tally: Tally, confidence: float) -> pd.DataFrame:
    """Return the NPS of every group of every segment, largest first; small groups are joined under ``…``."""
    names = group_names(tally)
    counts: dict[tuple[str, str], list[int]] = {}
    for (segment, value, _, score), n in tally.responses.items():
        if segment != ALL:
            counts.setdefault((segment, names[segment].get(value, OTHER)), [0, 0, 0])[_PLACE[category(score)]] += n
    keys = sorted(counts, key=lambda k: (list(names).index(k[0]), k[1] == OTHER, -sum(counts[k]), k[1]))
    table = pd.DataFrame([counts[k] for k in keys], columns=list(_COLUMNS), dtype="int64")
    table = nps_table(table, confidence=confidence)
    table.insert(0, "segment", [k[0] for k in keys])
    table.insert(1, "value", [k[1] for k in keys])
    return table.assign(other=[k[1] == OTHER for k in keys])


def trend_table(tally: Tally, confidence: float) -> pd.DataFrame:
    """Return the NPS of every month; responses without a date are left out."""
    counts: dict[str, list[int]] = {}
    for (segment, _, period, score), n in tally.responses.items():
        if segment == ALL and period != ALL:
            counts.setdefault(period, [0, 0, 0])[_PLACE[category(score)]] += n
    keys = sorted(counts)
    table = nps_table(pd.DataFrame([counts[k] for k in keys], columns=list(_COLUMNS), dtype="int64"), confidence=confidence)
    table.insert(0, "period", keys)
    return table


def segment_themes(tally: Tally, themes: Sequence[str]) -> pd.DataFrame:
    """Compare each group with the rest of its segment: who complains of what beyond the rest.

    Returns
    -------
    DataFrame, one row a segment × group × theme
        writers, mentions, positive, negative; share_negative (of the group's writers), rest_share_negative,
        lift_negative; impact_negative (leave-out within the group) and nps_of_mentioners, NPS points; p of the
        two-proportion test of the negative shares, q (Benjamini–Hochberg over the segment).
    """
    names = group_names(tally)
    writers = _writers(tally, names)
    said: dict[tuple[str, str, str], np.ndarray] = {}  # type: ignore[type-arg]
    for (segment, value, theme, state, score), n in tally.mentions.items():
        if segment != ALL:
            cell = said.setdefault((segment, names[segment].get(value, OTHER), theme), np.zeros((3, 3)))
            column = _PLACE[category(score)]
            cell[0, column] += n
            cell[1, column] += n * bool(state & NEGATIVE)
            cell[2, column] += n * bool(state & POSITIVE)
    rows = []
    for segment in names:
        groups = [v for s, v in writers if s == segment]
        for theme in themes:
            total = sum((said.get((segment, v, theme), np.zeros((3, 3))) for v in groups), np.zeros((3, 3)))
            rows += [_group_row(segment, v, theme, said.get((segment, v, theme), np.zeros((3, 3))), total, writers, groups) for v in groups]
    table = pd.DataFrame(rows, columns=_GROUP_COLUMNS)
    table["q"] = np.nan
    for segment in names:
        mine = (table["segment"] == segment) & (table["value"] != OTHER)
        table.loc[mine, "q"] = benjamini_hochberg(table.loc[mine, "p"].to_numpy(dtype=float))
    return table


_GROUP_COLUMNS = [
    "segment", "value", "theme", "writers", "mentions", "positive", "negative", "share_negative", "rest_share_negative",
    "lift_negative", "share_positive", "rest_share_positive", "impact_negative", "nps_of_mentioners", "p", "p_positive",
]  # fmt: skip


def _group_row(
    segment: str,
    value: str,
    theme: str,
    said: np.ndarray,  # type: ignore[type-arg]
    total: np.ndarray,  # type: ignore[type-arg]
    writers: Mapping[tuple[str, str], np.ndarray],  # type: ignore[type-arg]
    groups: Sequence[str],
) -> tuple[object, ...]:
    own = writers[segment, value]
    n, rest_n = own.sum(), sum(writers[segment, v].sum() for v in groups) - own.sum()
    mentions, negative, positive = said.sum(axis=1)
    share, rest = _share(negative, n), _share(total[1].sum() - negative, rest_n)
    share_positive, rest_positive = _share(positive, n), _share(total[2].sum() - positive, rest_n)
    return (
        segment, value, theme, int(n), int(mentions), int(positive), int(negative), share, rest,
        share / rest if rest else np.nan, share_positive, rest_positive,
        float(leave_out(said[1], own)) if mentions else 0.0, float(points(said[0])),
        two_proportions_p(negative, n, total[1].sum() - negative, rest_n),
        two_proportions_p(positive, n, total[2].sum() - positive, rest_n),
    )  # fmt: skip


def theme_trend(tally: Tally, themes: Sequence[str]) -> pd.DataFrame:
    """Return how many writers of each month mention a theme, and speak well or badly of it."""
    base: Counter[str] = Counter()
    said: dict[tuple[str, str], list[int]] = {}
    for (period, _, pattern), n in tally.patterns.items():
        if period != ALL:
            base[period] += n
            for theme, state in pattern:
                cell = said.setdefault((period, theme), [0, 0, 0])
                cell[0] += n
                cell[1] += n * bool(state & POSITIVE)
                cell[2] += n * bool(state & NEGATIVE)
    rows = [(p, t, base[p], *said.get((p, t), [0, 0, 0])) for p in sorted(base) for t in themes]
    table = pd.DataFrame(rows, columns=["period", "theme", "writers", "mentions", "positive", "negative"])
    for name in ("mentions", "negative", "positive"):
        table[f"share_{name}"] = table[name] / table["writers"]
    return table


def group_names(tally: Tally) -> dict[str, dict[str, str]]:
    """Return, for every segment, the values that keep their own group: the largest `MAX_GROUPS`."""
    sizes: dict[str, Counter[str]] = {}
    for (segment, value, _, _), n in tally.responses.items():
        if segment != ALL:
            sizes.setdefault(segment, Counter())[value] += n
    return {
        segment: {v: v or "–" for v, _ in sorted(sizes[segment].items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_GROUPS]}
        for segment in sorted(sizes)
    }


def two_proportions_p(a: float, n: float, b: float, m: float) -> float:
    """Return the two-sided p-value that two shares a/n and b/m are equal (pooled z-test); NaN without a base.

    Examples
    --------
    >>> round(two_proportions_p(30, 100, 10, 100), 5)
    0.00041
    """
    pooled = (a + b) / (n + m) if n + m else 0.0
    if not n or not m or not 0 < pooled < 1:
        return float("nan")
    z = (a / n - b / m) / sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
    return erfc(abs(z) / sqrt(2))


def _writers(tally: Tally, names: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], np.ndarray]:  # type: ignore[type-arg]
    writers: dict[tuple[str, str], np.ndarray] = {}  # type: ignore[type-arg]
    for (segment, value, _, score), n in tally.writers.items():
        if segment != ALL:
            writers.setdefault((segment, names[segment].get(value, OTHER)), np.zeros(3))[_PLACE[category(score)]] += n
    return dict(sorted(writers.items()))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
