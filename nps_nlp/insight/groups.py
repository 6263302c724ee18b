"""For whom and since when: scores and themes by segment and by month."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import MIN_MENTIONS, floats
from nps_nlp.insight.gap import points
from nps_nlp.insight.impact import leave_out
from nps_nlp.insight.levels import Levels, by_people
from nps_nlp.insight.pairs import Voices, cut_effects, share_effects
from nps_nlp.insight.two_by_two import two_proportions_p
from nps_nlp.scoring import benjamini_hochberg, nps_table, weighted_nps_table
from nps_nlp.scoring.natural import natural_places
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    from nps_nlp.counts import PairCounts
    from nps_nlp.insight.pairs import Pairs
    from nps_nlp.insight.people import People
    from nps_nlp.tally import Tally

    FloatArray = NDArray[np.float64]
    Counts = dict[str, FloatArray]
    GroupCounts = tuple[dict[str, Counts], dict[str, Counts], dict[str, Pairs]]

MAX_GROUPS = 20
CUT_EFFECTS = [f"design_effect_{measure}" for measure in ("mentions", "positive", "negative", "negativity")]
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
    said, writers, pairs = count_groups(tally, themes) if counted is None else counted
    parts = [
        _compare_groups(segment, groups, writers[segment], themes, pairs.get(segment))
        for segment, groups in said.items()
        if groups
    ]
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


def count_groups(tally: Tally, themes: Sequence[str], people: People | None = None) -> GroupCounts:
    """Return, by segment and group, what is said, shape (masses, themes, marks, categories), and the writers.

    Then, by segment, what answers of the same people (those who wrote more than once) have in common: `Pairs` with the
    groups as sets, in the same order, and as marks every theme's negative and positive mentions; empty without people.

    The writers have the shape (masses, categories). Masses are respondents, and the sums of their weights and of the
    squared weights; without weights the same numbers three times. Groups are those of `group_names`, in the order of
    their names.
    """
    names = group_names(tally)

    def group(head: tuple[str, str]) -> tuple[str, str]:
        return head[0], names[head[0]].get(head[1], OTHER)

    groups = sorted({group(head) for head in tally.writers.heads if head[0] != ALL})
    number = {key: at for at, key in enumerate(groups)}

    def places(counts: PairCounts, of_kind: Sequence[int], size: int) -> NDArray[np.int64]:
        """Return where every key counts, −1 where it does not: `of_kind` places its second part within a group."""
        first = np.array([size * number[group(h)] if h[0] != ALL else -1 for h in counts.heads], dtype=np.int64)
        head, kind = first[counts.heads_at], np.array(of_kind, dtype=np.int64)[counts.kinds_at]
        return np.where((head < 0) | (kind < 0), -1, head + kind)

    wrote = places(tally.writers, [PLACE[tally.category(score)] for _, score in tally.writers.kinds], 3)
    writers = _planes(tally, "writers", wrote, (len(groups), 3))
    column, marks = {t: 3 * i for i, t in enumerate(themes)}, []
    for mark in (MENTIONED, SAID_NEGATIVE, SAID_POSITIVE):
        kinds = [
            column[theme] + PLACE[tally.category(score)] if theme in column and mark in _MARKS[state] else -1
            for theme, state, score in tally.mentions.kinds
        ]
        at = places(tally.mentions, kinds, 3 * len(themes))
        marks.append(_planes(tally, "mentions", at, (len(groups), len(themes), 3)))
    said = np.stack(marks, axis=-2)
    return (
        {s: {g: said[:, at] for (t, g), at in number.items() if t == s} for s in names},
        {s: {g: writers[:, at] for (t, g), at in number.items() if t == s} for s in names},
        _group_pairs(tally, themes, people, {s: [g for t, g in groups if t == s] for s in names}),
    )


def _planes(tally: Tally, name: str, places: NDArray[np.int64], shape: tuple[int, ...]) -> FloatArray:
    """Add the masses of a counter up by place, one plane a mass."""
    planes = zip(tally.added(name, places, math.prod(shape)), (1.0, tally.unit, tally.unit**2), strict=True)
    return np.stack([floats(units, unit).reshape(shape) for units, unit in planes])


def _group_pairs(
    tally: Tally, themes: Sequence[str], people: People | None, groups: Mapping[str, Sequence[str]]
) -> dict[str, Pairs]:
    voices = Voices.of(tally, themes, people)
    if people is None or voices is None:
        return {}
    names = group_names(tally)
    hits = np.stack([voices.states & NEGATIVE, voices.states & POSITIVE], axis=-1).reshape(len(voices.who), -1) > 0
    found = {}
    for segment, values in groups.items():
        own = np.array([names[segment].get(value, OTHER) for value in people.groups[segment]], dtype=object)
        found[segment] = voices.pairs([own[voices.order] == group for group in values], hits)
    return found


def _compare_groups(
    segment: str, said: Counts, writers: Counts, themes: Sequence[str], pairs: Pairs | None
) -> pd.DataFrame:
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
    effects = np.ones((len(said), len(themes), 2))
    if pairs is not None:
        # Marks in the order of `count_groups`: negative and positive of every theme.
        hits = np.stack([m[:, :, 1:].reshape(len(said), -1) for m in (mentions, rest)])
        bases = np.stack([n, rest_n]), np.nan_to_num(np.stack([n * worth, rest_n * rest_worth]))
        effects = share_effects(pairs, hits, *bases).reshape(effects.shape)
    for mark, name, p in ((SAID_NEGATIVE, "negative", "p"), (SAID_POSITIVE, "positive", "p_positive")):
        hits, others = mentions[:, :, mark], rest[:, :, mark]
        table[f"share_{name}"] = _shares(hits, n).ravel()
        table[f"rest_share_{name}"] = _shares(others, rest_n).ravel()
        sides = (hits * worth, n * worth, np.nan_to_num(others * rest_worth), np.nan_to_num(rest_n * rest_worth))
        table[p] = two_proportions_p(*(side / effects[:, :, mark - SAID_NEGATIVE] for side in sides)).ravel()
    table["lift_negative"] = table["share_negative"] / table["rest_share_negative"].replace(0, np.nan)
    table["impact_negative"] = leave_out(counts[1][:, :, SAID_NEGATIVE], base[1][:, None]).ravel()
    table["nps_of_mentioners"] = points(counts[1][:, :, MENTIONED]).ravel()
    table["q"] = np.nan
    own = table["value"] != OTHER
    table.loc[own, "q"] = benjamini_hochberg(table.loc[own, "p"].to_numpy(dtype=float))
    return table[_GROUP_COLUMNS]


def theme_trend(tally: Tally, themes: Sequence[str], people: People | None = None) -> pd.DataFrame:
    """Return how many writers of each month mention a theme, and speak well or badly of it.

    Counts are of writers, shares are weighted where the survey is. Then ``weight`` is the sum of the writers' weights
    (1 on average over the survey), and ``n_effective`` and ``mentions_effective`` are the numbers of writers and of
    mentioners that tests may reckon with (Kish 1965, Survey Sampling, section 11.7). With `people` (those who wrote
    more than once) the columns of `CUT_EFFECTS` say by what the variance of the difference between the months from this
    one on and those before is greater than that of answers.
    """
    base, said = _by_period(tally, themes)
    # Asked once: it goes over all responses.
    weighted, unit = tally.weighted, tally.unit
    rows, masses = [], []
    for period in sorted(base):
        for theme in themes:
            states = {state: said[period, theme, state] for state in range(8)}
            marks = [[c for s, c in states.items() if s & bits] for bits in (7, POSITIVE, NEGATIVE)]
            counts, weights = ([sum(c[at] for c in mark) for mark in marks] for at in (0, 1))
            worth = _worth(weights[0], sum(c[2] for c in marks[0])) if weighted else 0.0
            masses.append((weights[0], weights[1], weights[2], *(sum(c[2] for c in mark) for mark in marks)))
            rows.append((period, theme, base[period][0], *counts, *(w / base[period][1] for w in weights), worth))
    columns = ["period", "theme", "writers", *_SHARES, *(f"share_{name}" for name in _SHARES), "mentions_effective"]
    table = pd.DataFrame(rows, columns=columns)
    order = [*columns[:6], "share_mentions", "share_negative", "share_positive"]
    dated = None if people is None else people.only(np.array(people.period) != ALL)
    voices = Voices.of(tally, themes, dated)
    if dated is not None and voices is not None and rows:
        place = {period: at for at, period in enumerate(sorted(base))}
        month = np.array([place[period] for period in dated.period])[voices.order]
        units = np.array([unit, unit**2])
        mentioned = np.array(masses, dtype=float).reshape(len(base), len(themes), 2, 3).transpose(2, 0, 1, 3)
        wrote = np.array([base[period][1:] for period in place], dtype=float).T
        effects = cut_effects(voices, month, wrote * units[:, None], mentioned * units[:, None, None, None])
        table[CUT_EFFECTS] = effects.reshape(len(CUT_EFFECTS), -1).T
        order += CUT_EFFECTS
    if not weighted:
        return table[order]
    table["weight"] = table["period"].map({p: float(weight) * unit for p, (_, weight, _) in base.items()})
    table["n_effective"] = table["period"].map({p: _worth(*sums) for p, (_, *sums) in base.items()})
    return table[[*order, "weight", "n_effective", "mentions_effective"]]


def _by_period(
    tally: Tally, themes: Sequence[str]
) -> tuple[dict[str, tuple[int, ...]], dict[tuple[str, str, int], tuple[int, ...]]]:
    """Return the masses of the writers of each month, and by theme and state of those who mention it."""
    patterns = tally.patterns
    periods = sorted({period for period, _ in patterns.heads if period != ALL})
    place = {period: at for at, period in enumerate(periods)}
    month = np.array([place.get(period, -1) for period, _ in patterns.heads], dtype=np.int64)[patterns.heads_at]
    sums = zip(*tally.added("patterns", month, len(periods)), strict=True)
    # Months in which nobody wrote are those that `select_periods` left out.
    base: dict[str, tuple[int, ...]] = {p: masses for p, masses in zip(periods, sums, strict=True) if masses[0]}
    said: dict[tuple[str, str, int], tuple[int, ...]] = {}
    for theme, states in zip(themes, patterns.states(themes).T, strict=True):
        at = np.where((month < 0) | (states == 0), -1, 8 * month + states)
        for cell, masses in enumerate(zip(*tally.added("patterns", at, 8 * len(periods)), strict=True)):
            said[periods[cell // 8], theme, cell % 8] = masses
    return base, said


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
