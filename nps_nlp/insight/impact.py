"""How much of the score comes with a theme: leave-out impact, bounded impact, additive contribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight.cells import MIN_MENTIONS, REPLICATES, Cells, draw_people, effective, expanded_tails, poisson_draw
from nps_nlp.insight.gap import difference_p, points
from nps_nlp.insight.people import alone
from nps_nlp.scoring import benjamini_hochberg
from nps_nlp.scoring.intervals import adjusted_wald

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from nps_nlp.insight.cells import Mass

    Array = NDArray[np.float64]

MEASURES = ("nps_of_mentioners", "impact", "bounded", "contribution")
POLARITIES = ("all", "negative", "positive", "neutral")
# What a writer can say of a theme (negative only, positive only, both, neutral), and the share of their voice on the
# theme that each polarity has: half each where they say both.
_VOICE = np.array([[1, 1, 1, 1], [1, 0, 0.5, 0], [0, 1, 0.5, 0], [0, 0, 0, 1]])
_DRAWS_AT_ONCE = 1_000_000
_PEOPLE_AT_ONCE = 256


def impact_table(
    data: Cells, *, seed: int, confidence: float = 0.95, replicates: int = REPLICATES, min_n: int = MIN_MENTIONS
) -> pd.DataFrame:
    """Measure the part that every theme, and what is said of it, has in the score.

    Parameters
    ----------
    data : Cells
        The writers; they are the base of every figure here.
    seed : int
        Of the Poisson bootstrap.
    confidence : float
        Of all intervals.
    replicates : int
        Bootstrap replicates.
    min_n : int
        Rows with fewer writers are marked as not shown; they still count.

    Returns
    -------
    DataFrame, one row a theme × polarity, and a last one for the writers who mention no theme
        theme (``"unmentioned"`` in the last row), polarity (all; negative, positive: who say such a thing, perhaps
        both; neutral: who say nothing else), n, share (of the writers); in NPS points, each with ``_ci_low`` and
        ``_ci_high``: nps_of_mentioners; impact (leave-out: NPS − NPS without them); bounded ((NPS of them − NPS) ×
        share); contribution (every writer's 100, 0 or −100 divided equally among the themes they mention, and among
        negative and positive where they say both, over all writers). The contributions of polarity ``all`` sum to
        the NPS of the writers, those of a theme's polarities to that of the theme. p: that their NPS is that of all
        other writers, which is the same as an impact of 0; q: Benjamini–Hochberg over the shown rows of the
        polarity; shown; note (``"few mentions"``, ``"nobody"``, ``"everybody"``: nobody would be left out, so that
        there is no impact; empty elsewhere). What is undefined is NaN.

    Notes
    -----
    Giving every respondent a Poisson(1) weight makes the counts of groups that do not overlap independent Poisson
    variables, so that the few counts a row depends on are drawn, and no respondents. Percentiles are expanded for
    rows with few writers (`expanded_tails`). The NPS of mentioners has its adjusted Wald interval, which has a width
    also where all give one answer.

    References
    ----------
    Chamandy, N., Muralidharan, O., Najmi, A. & Naidu, S. (2012). Estimating uncertainty for massive data streams.
    Google technical report (Poisson bootstrap). Contribution: Shapley, L. (1953). A value for n-person games, of the
    game in which a writer's points need all their themes.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.cells import cells
    >>> from nps_nlp.tally import Tally
    >>> slow, kind = ("speed", 1), ("staff", 2)
    >>> seen = Counter({("", 3, (slow,)): 20, ("", 9, (kind,)): 50, ("", 2, (slow, kind)): 10, ("", 7, ()): 20})
    >>> table = impact_table(cells(Tally(patterns=seen), ["speed", "staff"]), seed=1)
    >>> part = table.loc[table["polarity"] == "all", ["theme", "n", "impact", "contribution"]]
    >>> part.round(1).to_dict("split", index=False)["data"]
    [['speed', 30, -51.4, -25.0], ['staff', 60, 70.0, 45.0], ['unmentioned', 20, -5.0, 0.0]]
    """
    base = _Base.of(data)
    observed = _measures(base.counts[None], data.totals(), base.named)
    drawn = [_measures(*block, base.named) for block in _draw(data, base, seed, replicates)]
    said = _by_polarity(base.counts)
    table = pd.DataFrame(
        {
            "theme": np.repeat([*data.themes, UNMENTIONED], len(POLARITIES)),
            "polarity": np.tile(POLARITIES, len(data.themes) + 1),
            "n": _by_polarity(base.add(data.count)).sum(axis=-1).ravel().astype(int),
        }
    )
    table["share"] = said.sum(axis=-1).ravel() / (data.totals().sum() or 1)
    # What tests and intervals may reckon with: effective numbers, of a weighted survey and of people who wrote again.
    some, whole = said, data.totals()
    if data.square is not None:
        squares = _by_polarity(base.add(data.square))
        some = effective(said, squares)
        whole = some + effective(data.totals() - said, data.totals(data.square) - squares)
    of_mean, of_difference = (effect[..., None] for effect in _design_effects(data, base))
    tails = expanded_tails((some / of_mean).sum(axis=-1).ravel(), confidence)
    for name in MEASURES:
        table[name] = observed[name].ravel()
        if name == "nps_of_mentioners":
            limits = _adjusted((some / of_mean).reshape(-1, 3), confidence)
        else:
            values = [b[name].reshape(-1, len(table)) for b in (observed, *drawn)]
            limits = _quantiles(np.concatenate(values)[1:], tails)
        for end, limit in zip(("low", "high"), limits, strict=True):
            # A measure that is undefined as observed has no interval either.
            table[f"{name}_ci_{end}"] = np.where(table[name].isna(), np.nan, limit)
    table["p"] = difference_p(some / of_difference, whole / of_difference).ravel()
    return _judge(table.iloc[: 1 - len(POLARITIES)], int(data.count.sum()), min_n)


def leave_out(mentioners: Array, everybody: Array) -> Array:
    """Return NPS(all) − NPS(all without the mentioners), in NPS points.

    Parameters
    ----------
    mentioners, everybody : ndarray, shape (..., 3)
        Promoters, passives, detractors.

    Returns
    -------
    ndarray, shape (...)
        Negative where the mentioners hold the score down; NaN where nobody would be left.
        Equal to ``n_t (NPS_t − NPS) / (N − n_t)``.

    Examples
    --------
    >>> round(float(leave_out(np.array([0, 0, 10]), np.array([50, 20, 30]))), 2)
    -13.33
    """
    return points(everybody) - points(everybody - mentioners)


class _Base(NamedTuple):
    """Where every cell counts: by theme (the last one stands for none), what is said of it, themes named, category.

    ``marks`` is a csr_matrix of 0/1, shape (cells, themes + 1 × 4 × numbers × 3); ``named`` are the numbers of themes;
    ``counts`` is what all cells together count for, of the shape ``(themes + 1, 4, numbers, 3)``.
    """

    marks: sparse.csr_matrix
    named: Array
    counts: Array

    @classmethod
    def of(cls, data: Cells) -> _Base:
        named = np.asarray(data.mentioned.sum(axis=1), dtype=np.int64).ravel()
        numbers, place = np.unique(np.maximum(named, 1), return_inverse=True)
        group = place * 3 + (1 - data.category)
        shape = (len(data.themes) + 1, len(_VOICE), len(numbers), 3)
        both = data.negative.multiply(data.positive)
        said = [sparse.find(m) for m in (data.negative - both, data.positive - both, both, data.neutral)]
        found: list[tuple[NDArray[Any], NDArray[Any]]]
        found = [(cell, theme * len(_VOICE) + state) for state, (cell, theme, _) in enumerate(said)]
        silent = np.flatnonzero(named == 0)
        found.append((silent, np.full(len(silent), shape[0] * len(_VOICE) - 1)))
        rows, blocks = (np.concatenate(part) for part in zip(*found, strict=True))
        columns = blocks * (3 * len(numbers)) + group[rows]
        marks = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(named), math.prod(shape)))
        return cls(marks, numbers.astype(float), np.asarray(data.mass @ marks, dtype=float).reshape(shape))

    def add(self, mass: Mass | sparse.csr_matrix) -> Array:
        """Add up another mass of the cells, or several (in the leading axis)."""
        sums = (mass @ self.marks).toarray() if isinstance(mass, sparse.csr_matrix) else mass @ self.marks
        return np.asarray(sums, dtype=float).reshape(*mass.shape[:-1], *self.counts.shape)


def _draw(data: Cells, base: _Base, seed: int, replicates: int) -> Iterator[tuple[Array, Array]]:
    """Yield blocks of replicates: the counts, and with them the totals as each theme's own draw has them."""
    rng = np.random.default_rng(seed)
    mass, square = alone(data.mass.astype(float), data.square, data.repeats)
    counts, squares = base.add(mass), None if square is None else base.add(square)
    rest = data.totals(mass) - counts.sum(axis=(1, 2))
    rest_squares = None if squares is None else data.totals(square) - squares.sum(axis=(1, 2))
    people = sparse.csr_matrix(np.zeros((0, len(mass))) if data.repeats is None else data.repeats.people)
    theirs, sides = people @ base.marks, people @ _sides(data)
    block = max(1, _DRAWS_AT_ONCE // max(1, counts.size, people.shape[0]))
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        drawn = poisson_draw(rng, size, counts, squares)
        everybody = poisson_draw(rng, size, np.maximum(rest, 0), rest_squares) + drawn.sum(axis=(2, 3))
        if people.shape[0]:
            weights = draw_people(rng, size, people.shape[0])
            drawn += (weights @ theirs).reshape(drawn.shape)
            everybody += (weights @ sides)[:, None]
        yield drawn, everybody


def _design_effects(data: Cells, base: _Base) -> tuple[Array, Array]:
    """Return by what the variances of two figures are greater because people wrote more than once, 1 or more.

    The figures are the NPS of mentioners, and its difference from that of the others; by theme × polarity. A person's
    answers are added before they are squared, of what each adds to the error of a mean, (x − mean)/n.
    """
    said, everybody = _by_polarity(base.counts), data.totals()
    if data.repeats is None:
        return np.ones(said.shape[:2]), np.ones(said.shape[:2])
    pulls = _pulls(said), -_pulls(everybody - said)

    def add(mass: Mass | sparse.csr_matrix, power: int) -> Array:
        some, all_of_them = _by_polarity(base.add(mass)), (mass @ _sides(data))[..., None, None, :]
        first = (some * pulls[0] ** power).sum(axis=-1)
        return np.stack([first, first + ((all_of_them - some) * pulls[1] ** power).sum(axis=-1)])

    single = add(data.count if data.square is None else data.square, 2)
    people, together = data.repeats.people.tocsr(), np.zeros(single.shape)
    for start in range(0, people.shape[0], _PEOPLE_AT_ONCE):
        together += (add(people[start : start + _PEOPLE_AT_ONCE], 1) ** 2).sum(axis=1)
    more = single - add(data.repeats.square, 2) + together
    # A few answers of one person that happen to contradict each other are no reason to be surer.
    mean, difference = np.maximum(np.divide(more, single, out=np.ones(single.shape), where=single > 0), 1.0)
    return mean, difference


def _sides(data: Cells) -> Array:
    """Return 1 in the place of every cell's category: promoters, passives, detractors."""
    return np.asarray(np.eye(3)[1 - data.category])


def _pulls(counts: Array) -> Array:
    """Return what one more promoter, passive or detractor adds to the error of the mean of some; 0 for nobody's."""
    n, sides = counts.sum(axis=-1, keepdims=True), np.array([1.0, 0.0, -1.0])
    mean = np.divide((counts @ sides)[..., None], n, out=np.zeros(n.shape), where=n > 0)
    return np.asarray(np.divide(sides - mean, n, out=np.zeros(counts.shape), where=n > 0))


def _measures(counts: Array, everybody: Array, named: Array) -> dict[str, Array]:
    """Return the measures by theme × polarity from counts (replicates, themes, 4, numbers, 3)."""
    said = _by_polarity(counts)
    everybody = np.broadcast_to(everybody, (*counts.shape[:2], 3))[:, :, None]
    # A replicate can draw nobody; what is divided by nobody is undefined.
    n = np.where(everybody.sum(axis=-1) > 0, everybody.sum(axis=-1), np.nan)
    nps_of = points(said)
    balance = ((counts[..., 0] - counts[..., 2]) / named).sum(axis=-1)
    return {
        "nps_of_mentioners": nps_of,
        "impact": leave_out(said, everybody),
        "bounded": (nps_of - points(everybody)) * said.sum(axis=-1) / n,
        "contribution": 100 * balance @ _VOICE.T / n,
    }


def _by_polarity(counts: Array) -> Array:
    """Return promoters, passives and detractors of each polarity, shape (..., themes, polarities, 3)."""
    return np.asarray((_VOICE > 0).astype(float) @ counts.sum(axis=-2))


def _adjusted(said: Array, confidence: float) -> tuple[Array, Array]:
    return adjusted_wald(said[:, 0], said[:, 1], said[:, 2], confidence)


def _quantiles(drawn: Array, tails: Array) -> tuple[Array, Array]:
    limits = np.full((2, drawn.shape[1]), np.nan)
    for column, tail in enumerate(tails):
        # Replicates in which a measure is undefined (nobody drawn) say nothing about it.
        values = drawn[~np.isnan(drawn[:, column]), column]
        if len(values):
            limits[:, column] = np.quantile(values, [tail, 1 - tail])
    return limits[0], limits[1]


def _judge(table: pd.DataFrame, writers: int, min_n: int) -> pd.DataFrame:
    """Add q, whether a row is shown, and a note where it lacks something."""
    shown = table["n"] >= min_n
    table = table.assign(q=np.nan, shown=shown)
    for polarity in POLARITIES:
        family = shown & (table["polarity"] == polarity)
        table.loc[family, "q"] = benjamini_hochberg(table.loc[family, "p"].to_numpy())
    notes = [table["n"] == 0, table["n"] == writers, ~shown]
    return table.assign(note=np.select(notes, ["nobody", "everybody", "few mentions"], ""))
