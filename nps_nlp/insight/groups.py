"""For whom and since when: scores and themes by segment and by month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import MIN_MENTIONS, floats
from nps_nlp.insight.gap import points
from nps_nlp.insight.impact import leave_out
from nps_nlp.insight.levels import Levels, by_people
from nps_nlp.insight.two_by_two import two_proportions_p
from nps_nlp.scoring import benjamini_hochberg, nps_table, weighted_nps_table
from nps_nlp.scoring.natural import natural_places
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.people import People
    from nps_nlp.tally import Tally

    FloatArray = NDArray[np.float64]
    Counts = dict[str, FloatArray]
    GroupCounts = tuple[dict[str, Counts], dict[str, Counts]]

MAX_GROUPS = 20
OTHER, BLANK = "…", "–"
_COLUMNS = ("promoters", "passives", "detractors")
PLACE = {1: 0, 0: 1, -1: 2}


def segment_table(tally: Tally, confidence: float, people: People | None = None) -> pd.DataFrame:
    """Return the NPS of every group of every segment; small groups are joined under ``…``, which comes last.

    Groups come in their natural order where they have one (10代, 20代, …; 初めて, 2〜4回, …), else largest first.
    Errors are those of people where it is known who answered more than once (`by_people`).
    """
    names = group_names(tally)
    sums = category_sums(tally, "responses", lambda k: (k[0], names[k[0]].get(k[1], OTHER)) if k[0] != ALL else None)
    own: dict[str, list[str]] = {s: [v for t, v in sums if t == s and v not in {OTHER, BLANK}] for s in names}
    order = {s: natural_places(values) or {} for s, values in own.items()}

    def place(key: tuple[str, str]) -> tuple[object, ...]:
        segment, value = key
        natural = order[segment].get(value, 0.0)
        return (list(names).index(segment), value == OTHER, value == BLANK, natural, -sum(sums[key].n), value)

    keys = sorted(sums, key=place)
    parts = []
    for segment in names:
        own_keys = [key for key in keys if key[0] == segment]
        groups, rows = [sums[key] for key in own_keys], {value: at for at, (_, value) in enumerate(own_keys)}
        answers = () if people is None else people.groups[segment]
        levels = Levels.of(tally, groups, people, (rows[names[segment].get(value, OTHER)] for value in answers))
        parts.append(by_people(score_table(tally, groups, confidence), levels, confidence))
    table = pd.concat(parts, ignore_index=True) if parts else score_table(tally, [], confidence)
    table.insert(0, "segment", [k[0] for k in keys])
    table.insert(1, "value", [k[1] for k in keys])
    return table.assign(other=[k[1] == OTHER for k in keys])


def trend_table(tally: Tally, confidence: float, people: People | None = None) -> pd.DataFrame:
    """Return the NPS of every month; responses without a date are left out. Errors are as in `segment_table`."""
    sums = _months(tally)
    keys = sorted(sums)
    table = score_table(tally, [sums[k] for k in keys], confidence)
    table = by_people(table, month_levels(tally, people), confidence)
    table.insert(0, "period", keys)
    return table


def month_levels(tally: Tally, people: People | None) -> Levels | None:
    """Return the answers of the months of `trend_table` with those of the same people; None where nobody repeats."""
    sums = _months(tally)
    place = {month: at for at, month in enumerate(sorted(sums))}
    answers = () if people is None else people.period
    return Levels.of(tally, [sums[month] for month in place], people, (place.get(month, -1) for month in answers))


def _months(tally: Tally) -> dict[str, Sums]:
    return category_sums(tally, "responses", lambda k: k[2] if k[0] == ALL and k[2] != ALL else None)


@dataclass
class Sums:
    """Promoters, passives and detractors of a group: respondents, and units of their weights and squared weights."""

    n: list[int] = field(default_factory=lambda: [0, 0, 0])
    weight: list[int] = field(default_factory=lambda: [0, 0, 0])
    square: list[int] = field(default_factory=lambda: [0, 0, 0])

    def __sub__(self, part: Sums) -> Sums:
        rest = Sums()
        for name in ("n", "weight", "square"):
            pairs = zip(getattr(self, name), getattr(part, name), strict=True)
            setattr(rest, name, [whole - taken for whole, taken in pairs])
        return rest


def category_sums(tally: Tally, name: str, label: Callable[[Any], Hashable | None]) -> dict[Any, Sums]:
    """Add up the responses or writers of every group; keys that `label` turns into None are left out."""
    sums: dict[Any, Sums] = {}
    for key, n, weight, square in tally.masses(name):
        group = label(key)
        if group is not None:
            mine, place = sums.setdefault(group, Sums()), PLACE[tally.category(key[3])]
            mine.n[place] += n
            mine.weight[place] += weight
            mine.square[place] += square
    return sums


def score_table(tally: Tally, groups: Sequence[Sums], confidence: float) -> pd.DataFrame:
    """Return the NPS of groups with its interval: `nps_table`, or `weighted_nps_table` of a weighted survey."""
    counts = np.array([g.n for g in groups], dtype=np.int64).reshape(-1, 3)
    if not tally.weighted:
        return nps_table(pd.DataFrame(counts, columns=list(_COLUMNS)), confidence=confidence)
    weights, squares = (
        floats([u for g in groups for u in getattr(g, name)], unit).reshape(-1, 3)
        for name, unit in (("weight", tally.unit), ("square", tally.unit**2))
    )
    return weighted_nps_table(counts, weights, squares, confidence=confidence)


def effective_counts(table: pd.DataFrame) -> FloatArray:
    """Return promoters, passives and detractors of a `score_table` as the numbers that tests may reckon with."""
    if "n_effective" not in table:
        return table[list(_COLUMNS)].to_numpy(dtype=float).reshape(-1, 3)
    shares = table[[f"share_{name}" for name in _COLUMNS]].to_numpy(dtype=float)
    return np.asarray(shares * table[["n_effective"]].to_numpy(dtype=float))


def segment_themes(tally: Tally, themes: Sequence[str], *, counted: GroupCounts | None = None) -> pd.DataFrame:
    """Compare each group with the rest of its segment: who complains of what beyond the rest.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
    counted : GroupCounts, optional
        The `count_groups` of the same Tally and themes, where they are known already.

    Returns
    -------
    DataFrame, one row a segment × group × theme
        writers, mentions, positive, negative; share_negative (of the group's writers), rest_share_negative,
        lift_negative, and the same shares of positive mentions; impact_negative (leave-out within the group) and
        nps_of_mentioners, NPS points; p of Fisher's exact test of the negative shares, q (Benjamini–Hochberg over
        the segment), p_positive.
    """
    said, writers = count_groups(tally, themes) if counted is None else counted
    parts = [_compare_groups(segment, groups, writers[segment], themes) for segment, groups in said.items() if groups]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_GROUP_COLUMNS)


_GROUP_COLUMNS = [
    "segment", "value", "theme", "writers", "mentions", "positive", "negative", "share_negative", "rest_share_negative",
    "lift_negative", "share_positive", "rest_share_positive", "impact_negative", "nps_of_mentioners", "p", "q",
    "p_positive",
]  # fmt: skip
MENTIONED, SAID_NEGATIVE, SAID_POSITIVE = range(3)
_SHARES = ("mentions", "positive", "negative")
# The marks of a state: mentioned at all, something negative, something positive.
_MARKS = [
    [MENTIONED, *([SAID_NEGATIVE] * bool(s & NEGATIVE)), *([SAID_POSITIVE] * bool(s & POSITIVE))] for s in range(8)
]


def count_groups(tally: Tally, themes: Sequence[str]) -> GroupCounts:
    """Return, by segment and group, what is said, shape (masses, themes, marks, categories), and the writers.

    The writers have the shape (masses, categories). Masses are respondents, and the sums of their weights and of the
    squared weights; without weights the same numbers three times. Groups are those of `group_names`, in the order of
    their names.
    """
    names, place = group_names(tally), {t: i for i, t in enumerate(themes)}
    units = (1.0, tally.unit, tally.unit**2) if tally.weighted else (1.0,)
    width = 3 * len(_MARKS[-1])
    size = width * len(themes)
    writers: dict[str, dict[str, list[int]]] = {segment: {} for segment in names}
    for (segment, value, _, score), *masses in tally.masses("writers"):
        if segment != ALL:
            group = names[segment].get(value, OTHER)
            counts = writers[segment].setdefault(group, [0] * (3 * len(units)))
            for plane, mass in zip(range(len(units)), masses, strict=False):
                counts[3 * plane + PLACE[tally.category(score)]] += mass
    said = {s: {g: [0] * (size * len(units)) for g in sorted(groups)} for s, groups in writers.items()}
    for (segment, value, theme, state, score), *masses in tally.masses("mentions"):
        if segment != ALL and theme in place:
            counts = said[segment][names[segment].get(value, OTHER)]
            at = place[theme] * width + PLACE[tally.category(score)]
            for plane, mass in zip(range(len(units)), masses, strict=False):
                for mark in _MARKS[state]:
                    counts[plane * size + at + 3 * mark] += mass
    return (
        {s: {g: _planes(c, units, (len(themes), -1, 3)) for g, c in groups.items()} for s, groups in said.items()},
        {s: {g: _planes(c, units, (3,)) for g, c in sorted(groups.items())} for s, groups in writers.items()},
    )


def _planes(sums: Sequence[int], units: Sequence[float], shape: tuple[int, ...]) -> FloatArray:
    """Lay out exact sums as floats, one plane a mass."""
    flat = np.array(sums, dtype=object if len(units) > 1 else float).reshape(len(units), -1).astype(float)
    planes = (flat * np.array(units)[:, None]).reshape(len(units), *shape)
    return planes if len(units) > 1 else np.broadcast_to(planes, (3, *planes.shape[1:]))


def _compare_groups(segment: str, said: Counts, writers: Counts, themes: Sequence[str]) -> pd.DataFrame:
    counts, base = (np.stack(list(part.values()), axis=1) for part in (said, writers))
    table = pd.DataFrame({"segment": segment, "value": np.repeat(list(said), len(themes))})
    table["theme"] = np.tile(list(themes), len(said))
    table["writers"] = np.repeat(base[0].sum(axis=1).astype(int), len(themes))
    for mark, name in ((MENTIONED, "mentions"), (SAID_POSITIVE, "positive"), (SAID_NEGATIVE, "negative")):
        table[name] = counts[0][:, :, mark].sum(axis=2).ravel().astype(int)
    mentions, n = counts[1].sum(axis=3), base[1].sum(axis=1)[:, None]
    rest, rest_n = mentions.sum(axis=0) - mentions, n.sum() - n
    # Tests reckon with the effective number of writers of the group, and of the rest.
    squares = base[2].sum(axis=1)[:, None]
    worth, rest_worth = _shares(n, squares), _shares(rest_n, squares.sum() - squares)
    for mark, name, p in ((SAID_NEGATIVE, "negative", "p"), (SAID_POSITIVE, "positive", "p_positive")):
        hits, others = mentions[:, :, mark], rest[:, :, mark]
        table[f"share_{name}"] = _shares(hits, n).ravel()
        table[f"rest_share_{name}"] = _shares(others, rest_n).ravel()
        sides = (hits * worth, n * worth, np.nan_to_num(others * rest_worth), np.nan_to_num(rest_n * rest_worth))
        table[p] = two_proportions_p(*sides).ravel()
    table["lift_negative"] = table["share_negative"] / table["rest_share_negative"].replace(0, np.nan)
    table["impact_negative"] = leave_out(counts[1][:, :, SAID_NEGATIVE], base[1][:, None]).ravel()
    table["nps_of_mentioners"] = points(counts[1][:, :, MENTIONED]).ravel()
    table["q"] = np.nan
    own = table["value"] != OTHER
    table.loc[own, "q"] = benjamini_hochberg(table.loc[own, "p"].to_numpy(dtype=float))
    return table[_GROUP_COLUMNS]


def theme_trend(tally: Tally, themes: Sequence[str]) -> pd.DataFrame:
    """Return how many writers of each month mention a theme, and speak well or badly of it.

    Counts are of writers, shares are weighted where the survey is. Then ``weight`` is the sum of the writers' weights
    (1 on average over the survey), and ``n_effective`` and ``mentions_effective`` are the numbers of writers and of
    mentioners that tests may reckon with (Kish 1965, Survey Sampling, section 11.7).
    """
    base: dict[str, list[int]] = {}
    said: dict[tuple[str, str, int], list[int]] = {}
    for (period, _, pattern), n, weight, square in tally.masses("patterns"):
        if period == ALL:
            continue
        cells = [base.setdefault(period, [0, 0, 0])]
        cells += [said.setdefault((period, *mention), [0, 0, 0]) for mention in pattern]
        for cell in cells:
            cell[0] += n
            cell[1] += weight
            cell[2] += square
    # Asked once: it goes over all responses.
    weighted, unit = tally.weighted, tally.unit
    rows = []
    for period in sorted(base):
        for theme in themes:
            states = {state: said.get((period, theme, state), [0, 0, 0]) for state in range(8)}
            marks = [[c for s, c in states.items() if s & bits] for bits in (7, POSITIVE, NEGATIVE)]
            counts, weights = ([sum(c[at] for c in mark) for mark in marks] for at in (0, 1))
            worth = _worth(weights[0], sum(c[2] for c in marks[0])) if weighted else 0.0
            rows.append((period, theme, base[period][0], *counts, *(w / base[period][1] for w in weights), worth))
    columns = ["period", "theme", "writers", *_SHARES, *(f"share_{name}" for name in _SHARES), "mentions_effective"]
    table = pd.DataFrame(rows, columns=columns)
    order = [*columns[:6], "share_mentions", "share_negative", "share_positive"]
    if not weighted:
        return table[order]
    table["weight"] = table["period"].map({p: float(weight) * unit for p, (_, weight, _) in base.items()})
    table["n_effective"] = table["period"].map({p: _worth(*sums) for p, (_, *sums) in base.items()})
    return table[[*order, "weight", "n_effective", "mentions_effective"]]


def _worth(weight: int, square: int) -> float:
    """Return Kish's effective number of respondents from exact sums of their weights and squared weights."""
    return weight / square * weight if square else 0.0


def group_names(tally: Tally, most: int = MAX_GROUPS, least: int = MIN_MENTIONS) -> dict[str, dict[str, str]]:
    """Return, for every segment, the values that keep their own group: the largest ones with enough responses.

    Where no value has enough and there are no more than `most`, all keep theirs: joined they would say nothing.
    """
    sizes: dict[str, Counter[str]] = {}
    for (segment, value, _, _), n in tally.responses.items():
        if segment != ALL:
            sizes.setdefault(segment, Counter())[value] += n
    names = {}
    for segment in sorted(sizes):
        ranked = sorted(sizes[segment].items(), key=lambda pair: (-pair[1], pair[0]))
        few = len(ranked) <= most and ranked[0][1] < least
        names[segment] = {v: v or BLANK for v, n in ranked[:most] if few or n >= least}
    return names


def _shares(part: FloatArray, whole: FloatArray) -> FloatArray:
    result: FloatArray = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return result
