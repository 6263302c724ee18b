"""What changed between two periods or groups: the NPS difference, shared out exactly among the themes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.errors import InputError
from nps_nlp.insight.cells import MIN_MENTIONS, draw_together
from nps_nlp.tally import ALL, Tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nps_nlp.insight.cells import Cells
    from nps_nlp.insight.people import People

    Array = NDArray[np.float64]

REPLICATES = 500
_STATES = 4


@dataclass(frozen=True)
class Difference:
    """An NPS difference and the parts it is made of.

    Attributes
    ----------
    nps_before, nps_after, difference : float
        NPS points of the base of `table`; ``difference`` is after − before.
    ci_low, ci_high : float
        Of the difference.
    n_before, n_after : int
        The base: writers for themes, all responses for segments.
    parts : DataFrame
        part, points, ci_low, ci_high; the points sum to the difference.
    table : DataFrame
        The same by theme (`theme_difference`) or by group (`composition_difference`), greatest total first.
    """

    nps_before: float
    nps_after: float
    difference: float
    ci_low: float
    ci_high: float
    n_before: int
    n_after: int
    parts: pd.DataFrame
    table: pd.DataFrame


def select_periods(tally: Tally, first: str | None = None, last: str | None = None) -> Tally:
    """Return the responses, writers and patterns of the months from first to last, both included.

    Responses without a date, and the counts that carry no month (mentions, quotes, …), are left out.

    Examples
    --------
    >>> from collections import Counter
    >>> tally = Tally(patterns=Counter({("2024-02", 9, ()): 5, ("2024-03", 2, ()): 7, ("", 3, ()): 1}))
    >>> dict(select_periods(tally, "2024-03").patterns)
    {('2024-03', 2, ()): 7}
    """
    low, high = first or "0", last or "9"

    def inside(period: str) -> bool:
        return period != ALL and low <= period <= high

    return Tally(
        responses=tally.responses.where(lambda kind: inside(kind[0])),
        writers=tally.writers.where(lambda kind: inside(kind[0])),
        patterns=tally.patterns.where(lambda head: inside(head[0])),
        scale=tally.scale,
    )


Stretch = tuple[Tally, "People | None"]


def two_stretches(
    tally: Tally, people: People | None, since: str, until: str | None, before: str | None
) -> tuple[Stretch, Stretch]:
    """Return the months from `before` (by default the first) on until `since`, and those from `since` to `until`.

    Each with its part of the answers of the people.

    Raises
    ------
    InputError
        If there is no month before `since`.
    """
    months = sorted({k[2] for k in tally.responses if k[0] == ALL and k[2] != ALL})
    earlier = [month for month in months if month < since]
    if not earlier:
        first = months[0] if months else "–"
        raise InputError(f"there is no month before {since!r}; the survey runs from {first}")
    early, late = (before, earlier[-1]), (since, until)
    return _stretch(tally, people, *early), _stretch(tally, people, *late)


def _stretch(tally: Tally, people: People | None, first: str | None, last: str | None) -> Stretch:
    return select_periods(tally, first, last), None if people is None else people.during(first, last)


def theme_difference(
    before: Cells,
    after: Cells,
    *,
    seed: int,
    confidence: float = 0.95,
    min_n: int = MIN_MENTIONS,
) -> Difference:
    """Share out the NPS difference between two groups of writers exactly among the themes.

    Every writer's 100, 0 or −100 is divided equally among the themes they mention (all of it to "unmentioned"
    where there is none), so that the NPS is the mean over themes, weighted by their share of voice.

    Parameters
    ----------
    before, after : Cells
        The writers of two periods or groups, with the same themes: `cells` of two tallies (of two parts of a
        Survey, or of `select_periods`). People who wrote more than once (`People.during`) have one weight on both
        sides.
    seed : int
        Of the Poisson bootstrap; everybody else on the two sides is drawn independently.
    confidence : float
        Of the percentile intervals.
    min_n : int
        Themes that fewer writers mention on either side are marked as not shown; they still count.

    Returns
    -------
    Difference
        Its parts: mix (other themes are talked about), sentiment (the same themes are praised or blamed
        more), score (the same theme and sentiment go with another score) and unmentioned (the score of
        writers who mention no theme). Its table: theme, n_before, n_after (mentioners), share_before,
        share_after (of voice), nps_before, nps_after, and in points mix, sentiment, score, within (sentiment
        + score) and total (mix + within), each with ``_ci_low`` and ``_ci_high``; shown. A theme that occurs
        on one side only has no within-theme change: all of it is mix. Unmentioned has a row of its own, where
        score is all its within.

    Raises
    ------
    ValueError
        If the two sides have different themes.

    References
    ----------
    Kitagawa, E. (1955). Components of a difference between two rates. JASA 50, 1168-1194: averaged weights,
    so that no interaction is left over; applied twice, to themes and to sentiments within a theme.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.cells import cells
    >>> slow, kind = (("speed", 1),), (("staff", 2),)
    >>> old = Counter({("", 2, slow): 40, ("", 9, kind): 40, ("", 8, ()): 20})
    >>> new = Counter({("", 2, slow): 20, ("", 9, kind): 60, ("", 8, ()): 20})
    >>> sides = [cells(Tally(patterns=p), ["speed", "staff"]) for p in (old, new)]
    >>> result = theme_difference(*sides, seed=1)
    >>> result.difference, result.parts[["part", "points"]].round(9).to_dict("list")["points"]
    (40.0, [40.0, 0.0, 0.0, 0.0])
    """
    if before.themes != after.themes:
        msg = "the two sides need the same themes in the same order; lay both out with the same list"
        raise ValueError(msg)
    seeds = np.random.SeedSequence(seed).generate_state(2).tolist()
    weights = draw_together([before.repeats, after.repeats], seed, REPLICATES)
    sides = [_voices(*side) for side in zip((before, after), seeds, weights, strict=True)]
    drawn = _components(*sides)
    scores = [points.sum(axis=(1, 2)) for _, points in sides]
    named = [*before.themes, UNMENTIONED]
    table = pd.DataFrame({"theme": named})
    for when, side, (share, points) in zip(("before", "after"), (before, after), sides, strict=True):
        table[f"n_{when}"] = _mentioners(side)
        table[f"share_{when}"] = share[0].sum(axis=-1)
        table[f"nps_{when}"] = _ratio(points[0].sum(axis=-1), share[0].sum(axis=-1))
    for name, values in drawn.items():
        add_interval(table, name, values, confidence)
    table["shown"] = (table[["n_before", "n_after"]] >= min_n).all(axis=1)
    within = {"sentiment": drawn["sentiment"][:, :-1], "score": drawn["score"][:, :-1]}
    parts = {"mix": drawn["mix"], **within, UNMENTIONED: drawn["within"][:, -1:]}
    ns = int(before.count.sum()), int(after.count.sum())
    return summarise((scores[0], scores[1]), ns, parts, table, confidence)


def kitagawa(share_before: Array, rate_before: Array, share_after: Array, rate_after: Array) -> tuple[Array, Array]:
    """Decompose the difference of two weighted means into composition and rate effects of every group.

    Parameters
    ----------
    share_before, rate_before, share_after, rate_after : ndarray, shape (..., groups)
        Shares sum to 1 over the groups. A rate is NaN for a group that does not occur.

    Returns
    -------
    composition, within : ndarray, shape (..., groups)
        Sum over groups and both: the difference. The composition effect counts a group's rate from the mean
        of both sides, so that a growing group with an average rate changes nothing.

    References
    ----------
    Kitagawa, E. (1955). Components of a difference between two rates. JASA 50, 1168-1194.

    Examples
    --------
    >>> effects = kitagawa(*map(np.array, ([0.5, 0.5], [0.0, 40.0], [0.25, 0.75], [20.0, 40.0])))
    >>> [e.round(4).tolist() for e in effects]
    [[4.375, 3.125], [7.5, 0.0]]
    """
    # A group on one side only has no change of its rate.
    first = np.nan_to_num(np.where(np.isnan(rate_before), rate_after, rate_before))
    second = np.nan_to_num(np.where(np.isnan(rate_after), rate_before, rate_after))
    grand = ((share_before * first).sum(axis=-1) + (share_after * second).sum(axis=-1))[..., None] / 2
    composition = (share_after - share_before) * ((first + second) / 2 - grand)
    return composition, (share_before + share_after) / 2 * (second - first)


def add_interval(table: pd.DataFrame, name: str, drawn: Array, confidence: float) -> None:
    """Add a column from row 0 of bootstrap values, and its percentile limits from the others."""
    tail = (1 - confidence) / 2
    # A replicate that draws nobody of a side says nothing.
    usable = drawn[1:][~np.isnan(drawn[1:]).any(axis=1)]
    ends = np.full((2, drawn.shape[1]), np.nan)
    if len(usable) and not np.isnan(drawn[0]).any():
        ends = np.quantile(usable, [tail, 1 - tail], axis=0)
    table[name] = drawn[0]
    table[f"{name}_ci_low"], table[f"{name}_ci_high"] = ends


def summarise(
    scores: tuple[Array, Array],
    counts: tuple[int, int],
    parts: dict[str, Array],
    table: pd.DataFrame,
    confidence: float,
) -> Difference:
    """Put a Difference together from the NPS of both sides and the parts, as observed (row 0) and drawn."""
    drawn = [scores[1] - scores[0], *(values.sum(axis=1) for values in parts.values())]
    points = pd.DataFrame({"part": ["all", *parts]})
    add_interval(points, "points", np.column_stack(drawn), confidence)
    points = points.rename(columns=lambda column: column.removeprefix("points_"))
    return Difference(
        nps_before=float(scores[0][0]),
        nps_after=float(scores[1][0]),
        difference=float(points["points"].iloc[0]),
        ci_low=float(points["ci_low"].iloc[0]),
        ci_high=float(points["ci_high"].iloc[0]),
        n_before=counts[0],
        n_after=counts[1],
        parts=points.iloc[1:].reset_index(drop=True),
        table=table.loc[table["total"].abs().sort_values(ascending=False, kind="stable").index].reset_index(drop=True),
    )


def _voices(data: Cells, seed: int, weights: NDArray[np.uint8]) -> tuple[Array, Array]:
    """Return share of voice and points by theme × state, shape (1 + replicates, themes + 1, states)."""
    both = data.negative.multiply(data.positive)
    states = [data.negative - both, data.positive - both, both, data.neutral]
    named = np.asarray(data.mentioned.sum(axis=1)).ravel()
    per_theme = sparse.diags_array(np.divide(1.0, named, out=np.zeros(len(named)), where=named > 0))
    silent = sparse.csr_matrix((named == 0).astype(float)[:, None])
    empty = sparse.csr_matrix((len(named), _STATES - 1))
    voice = sparse.csr_matrix(sparse.hstack([*(per_theme @ s for s in states), silent, empty]))
    pair = sparse.csr_matrix(sparse.hstack([voice, sparse.diags_array(100.0 * data.category) @ voice]))
    blocks = [np.asarray(data.mass[None, :] @ pair)]
    totals = [np.asarray(data.mass.sum())[None]]
    for counts in data.replicates(seed, REPLICATES, weights):
        blocks.append(np.asarray(counts @ pair))
        totals.append(counts.sum(axis=1))
    n = np.concatenate(totals).astype(float)
    sums = np.concatenate(blocks) / np.where(n > 0, n, np.nan)[:, None]
    k = len(data.themes)
    halves = np.split(sums, 2, axis=1)
    themes = [half[:, : _STATES * k].reshape(-1, _STATES, k).swapaxes(1, 2) for half in halves]
    rest = [half[:, _STATES * k :].reshape(-1, 1, _STATES) for half in halves]
    share, points = (np.concatenate(pair, axis=1) for pair in zip(themes, rest, strict=True))
    return share, points


def _components(before: tuple[Array, Array], after: tuple[Array, Array]) -> dict[str, Array]:
    """Return mix, sentiment, score, within and total of every theme, shape (1 + replicates, themes + 1)."""
    voice = [share.sum(axis=-1) for share, _ in (before, after)]
    rates = [_ratio(points.sum(axis=-1), v) for (_, points), v in zip((before, after), voice, strict=True)]
    mix, within = kitagawa(voice[0], rates[0], voice[1], rates[1])
    inner = [_ratio(share, v[..., None]) for (share, _), v in zip((before, after), voice, strict=True)]
    # A theme on one side only: the same sentiments on both, as kitagawa takes the same rate.
    inner = [np.where(np.isnan(own), other, own) for own, other in (inner, inner[::-1])]
    state_rates = [_ratio(points, share) for share, points in (before, after)]
    sentiment, _ = kitagawa(np.nan_to_num(inner[0]), state_rates[0], np.nan_to_num(inner[1]), state_rates[1])
    level = (voice[0] + voice[1]) / 2
    moved = level * sentiment.sum(axis=-1)
    return {"mix": mix, "sentiment": moved, "score": within - moved, "within": within, "total": mix + within}


def _mentioners(data: Cells) -> list[int]:
    named = np.asarray(data.mentioned.sum(axis=1)).ravel()
    by_theme = np.asarray(data.count @ data.mentioned).astype(int).tolist()
    return [*by_theme, int(data.count[named == 0].sum())]


def _ratio(part: Array, whole: Array) -> Array:
    result: Array = np.divide(part, whole, out=np.full(np.shape(part), np.nan), where=whole > 0)
    return result
