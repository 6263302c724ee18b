"""For whom and since when: scores and themes by segment and by month."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.gap import points
from nps_nlp.insight.impact import leave_out
from nps_nlp.insight.two_by_two import two_proportions_p
from nps_nlp.scoring import benjamini_hochberg, nps_table
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE, category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.tally import Tally

    FloatArray = NDArray[np.float64]
    Counts = dict[str, FloatArray]

MAX_GROUPS = 20
OTHER, BLANK = "…", "–"
_NUMBER = re.compile(r"\D{0,2}(\d+)")
_COLUMNS = ("promoters", "passives", "detractors")
_PLACE = {1: 0, 0: 1, -1: 2}


def segment_table(tally: Tally, confidence: float) -> pd.DataFrame:
    """Return the NPS of every group of every segment; small groups are joined under ``…``, which comes last.

    Groups come largest first, or by the number they begin with where all do (10代, 20代, …).
    """
    names = group_names(tally)
    counts: dict[tuple[str, str], list[int]] = {}
    for (segment, value, _, score), n in tally.responses.items():
        if segment != ALL:
            counts.setdefault((segment, names[segment].get(value, OTHER)), [0, 0, 0])[_PLACE[category(score)]] += n
    numbered = {s: all(_NUMBER.match(v) for t, v in counts if t == s and v not in {OTHER, BLANK}) for s in names}

    def place(key: tuple[str, str]) -> tuple[object, ...]:
        segment, value = key
        found = _NUMBER.match(value)
        number = int(found[1]) if found and numbered[segment] else 0
        return (list(names).index(segment), value == OTHER, value == BLANK, number, -sum(counts[key]), value)

    keys = sorted(counts, key=place)
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
    table = nps_table(
        pd.DataFrame([counts[k] for k in keys], columns=list(_COLUMNS), dtype="int64"), confidence=confidence
    )
    table.insert(0, "period", keys)
    return table


def segment_themes(tally: Tally, themes: Sequence[str]) -> pd.DataFrame:
    """Compare each group with the rest of its segment: who complains of what beyond the rest.

    Returns
    -------
    DataFrame, one row a segment × group × theme
        writers, mentions, positive, negative; share_negative (of the group's writers), rest_share_negative,
        lift_negative, and the same shares of positive mentions; impact_negative (leave-out within the group) and
        nps_of_mentioners, NPS points; p of Fisher's exact test of the negative shares, q (Benjamini–Hochberg over
        the segment), p_positive.
    """
    said, writers = count_groups(tally, themes)
    parts = [_compare_groups(segment, groups, writers[segment], themes) for segment, groups in said.items() if groups]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_GROUP_COLUMNS)


_GROUP_COLUMNS = [
    "segment", "value", "theme", "writers", "mentions", "positive", "negative", "share_negative", "rest_share_negative",
    "lift_negative", "share_positive", "rest_share_positive", "impact_negative", "nps_of_mentioners", "p", "q",
    "p_positive",
]  # fmt: skip
MENTIONED, SAID_NEGATIVE, SAID_POSITIVE = range(3)
# The marks of a state: mentioned at all, something negative, something positive.
_MARKS = [
    [MENTIONED, *([SAID_NEGATIVE] * bool(s & NEGATIVE)), *([SAID_POSITIVE] * bool(s & POSITIVE))] for s in range(8)
]


def count_groups(tally: Tally, themes: Sequence[str]) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Return, by segment and group, what is said, shape (themes, marks, categories), and the writers, shape (3,).

    Groups are those of `group_names`, in the order of their names.
    """
    names, place = group_names(tally), {t: i for i, t in enumerate(themes)}
    width = 3 * len(_MARKS[-1])
    writers: dict[str, dict[str, list[int]]] = {segment: {} for segment in names}
    for (segment, value, _, score), n in tally.writers.items():
        if segment != ALL:
            group = names[segment].get(value, OTHER)
            writers[segment].setdefault(group, [0, 0, 0])[_PLACE[category(score)]] += n
    said = {s: {group: [0] * (width * len(themes)) for group in sorted(groups)} for s, groups in writers.items()}
    for (segment, value, theme, state, score), n in tally.mentions.items():
        if segment != ALL and theme in place:
            counts, at = said[segment][names[segment].get(value, OTHER)], place[theme] * width + _PLACE[category(score)]
            for mark in _MARKS[state]:
                counts[at + 3 * mark] += n
    shape = (len(themes), -1, 3)
    return (
        {s: {g: np.reshape(np.array(c, dtype=float), shape) for g, c in groups.items()} for s, groups in said.items()},
        {s: {g: np.array(c, dtype=float) for g, c in sorted(groups.items())} for s, groups in writers.items()},
    )


def _compare_groups(segment: str, said: Counts, writers: Counts, themes: Sequence[str]) -> pd.DataFrame:
    counts = np.stack(list(said.values()))
    mentions, n = counts.sum(axis=3), np.stack(list(writers.values())).sum(axis=1)[:, None]
    rest, rest_n = mentions.sum(axis=0) - mentions, n.sum() - n
    table = pd.DataFrame({"segment": segment, "value": np.repeat(list(said), len(themes))})
    table["theme"] = np.tile(list(themes), len(said))
    table["writers"] = np.repeat(n[:, 0].astype(int), len(themes))
    for mark, name in ((MENTIONED, "mentions"), (SAID_POSITIVE, "positive"), (SAID_NEGATIVE, "negative")):
        table[name] = mentions[:, :, mark].ravel().astype(int)
    for mark, name, p in ((SAID_NEGATIVE, "negative", "p"), (SAID_POSITIVE, "positive", "p_positive")):
        table[f"share_{name}"] = _shares(mentions[:, :, mark], n).ravel()
        table[f"rest_share_{name}"] = _shares(rest[:, :, mark], rest_n).ravel()
        table[p] = two_proportions_p(mentions[:, :, mark], n, rest[:, :, mark], rest_n).ravel()
    table["lift_negative"] = table["share_negative"] / table["rest_share_negative"].replace(0, np.nan)
    everybody = np.stack(list(writers.values()))[:, None]
    table["impact_negative"] = leave_out(counts[:, :, SAID_NEGATIVE], everybody).ravel()
    table["nps_of_mentioners"] = points(counts[:, :, MENTIONED]).ravel()
    table["q"] = np.nan
    own = table["value"] != OTHER
    table.loc[own, "q"] = benjamini_hochberg(table.loc[own, "p"].to_numpy(dtype=float))
    return table[_GROUP_COLUMNS]


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


def group_names(tally: Tally, most: int = MAX_GROUPS) -> dict[str, dict[str, str]]:
    """Return, for every segment, the values that keep their own group: the largest ones."""
    sizes: dict[str, Counter[str]] = {}
    for (segment, value, _, _), n in tally.responses.items():
        if segment != ALL:
            sizes.setdefault(segment, Counter())[value] += n
    return {
        segment: {v: v or BLANK for v, _ in sorted(sizes[segment].items(), key=lambda pair: (-pair[1], pair[0]))[:most]}
        for segment in sorted(sizes)
    }


def _shares(part: FloatArray, whole: FloatArray) -> FloatArray:
    result: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return result
