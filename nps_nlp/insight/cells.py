"""The who-mentions-what-together cells of a Tally as arrays, and their bootstrap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import ndtr, stdtrit

from nps_nlp.counts import same_rows
from nps_nlp.insight.people import alone, laid_out, table_of_states
from nps_nlp.scoring.scales import MIN_N, category
from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nps_nlp.insight.people import People, Together
    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]
    Bytes = NDArray[np.uint8]

Mass = NDArray[np.int64] | NDArray[np.float64]

REPLICATES = 1_000
# Rows of tables that rest on fewer writers are hidden.
MIN_MENTIONS = MIN_N
_DRAWS_AT_ONCE = 1_000_000
_NOTHING = 1e-12
_LATER = 255


@dataclass(frozen=True)
class Cells:
    """Writers grouped by category and by what they say of which theme.

    Attributes
    ----------
    themes : tuple of str, length k
    count : ndarray of int, shape (c,)
        Writers in each cell.
    category : ndarray of int, shape (c,)
        −1, 0 or 1, rising.
    mentioned, negative, positive, neutral : csr_matrix of 0/1, shape (c, k)
        Whether the writers of a cell mention a theme, and say something negative, positive, or only neutral of it.
    weight, square : ndarray of float, shape (c,), or None
        Sums of the survey weights of a cell's writers and of the squared weights; None without weights.
    repeats : Together or None
        The answers of people who wrote more than once, who are drawn as people.
    """

    themes: tuple[str, ...]
    count: NDArray[np.int64]
    category: NDArray[np.int64]
    mentioned: sparse.csr_matrix
    negative: sparse.csr_matrix
    positive: sparse.csr_matrix
    neutral: sparse.csr_matrix
    weight: NDArray[np.float64] | None = None
    square: NDArray[np.float64] | None = None
    repeats: Together | None = None

    @property
    def mass(self) -> Mass:
        """What each cell counts for: the sum of its weights, or its writers."""
        return self.count if self.weight is None else self.weight

    def by_category(self, indicator: sparse.csr_matrix, counts: Mass | None = None) -> NDArray[np.float64]:
        """Return promoters, passives and detractors among the writers that an indicator marks, shape (..., k, 3).

        They are weighted where the survey is; pass `count` for the number of writers.
        """
        weights: Mass = self.mass if counts is None else counts
        columns = [weights[..., part] @ indicator[part] for part in self._parts()]
        return np.stack([np.asarray(c, dtype=float) for c in columns], axis=-1)

    def totals(self, counts: Mass | None = None) -> NDArray[np.float64]:
        """Return promoters, passives and detractors among all writers, shape (..., 3)."""
        weights: Mass = self.mass if counts is None else counts
        return np.stack([weights[..., part].sum(axis=-1) for part in self._parts()], axis=-1).astype(float)

    def effective(self, indicator: sparse.csr_matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return `by_category` and `totals` at the sizes that tests may reckon with.

        With weights, the marked writers and all others count as their effective numbers (Kish 1965, Survey Sampling,
        section 11.7): the same shares, each on Σw² / Σ(w²) writers. Without, these are the numbers of writers.
        """
        part, everybody = self.by_category(indicator), self.totals()
        if self.square is None:
            return part, everybody
        part_squares, all_squares = self.by_category(indicator, self.square), self.totals(self.square)
        marked = effective(part, part_squares)
        return marked, marked + effective(everybody - part, all_squares - part_squares)

    def _parts(self) -> list[slice]:
        """Return where promoters, passives and detractors lie: the cells are sorted by category."""
        edges = np.searchsorted(self.category, [-1, 0, 1, 2])
        return [slice(edges[k], edges[k + 1]) for k in (2, 1, 0)]

    def replicates(
        self, seed: int, number: int = REPLICATES, weights: NDArray[np.uint8] | None = None
    ) -> Iterator[Array]:
        """Yield blocks of Poisson bootstrap counts, shape (b, c).

        `weights` are those of `draw_together`, where some of the people are in another table too.

        Giving every respondent a Poisson(1) weight and adding the weights up within a cell is one Poisson draw with
        the cell's count as its mean (Chamandy et al. 2012, *Estimating uncertainty for massive data streams*), so
        that the bootstrap needs the Tally alone. With survey weights that differ within a cell, the sum of the drawn
        weights has mean Σw and variance Σ(w²); a Poisson draw of mean (Σw)² / Σ(w²), times Σ(w²) / Σw, has both. People
        who wrote more than once have one Poisson(1) weight for all their answers (Field & Welsh 2007, *Bootstrapping
        clustered data*, JRSS B 69, 369-390).
        """
        rng = np.random.default_rng(seed)
        mass, square = alone(self.mass.astype(float), self.square, self.repeats)
        weights = draw_together([self.repeats], seed, number)[0] if weights is None else weights
        block = max(1, min(number, _DRAWS_AT_ONCE // max(1, len(self.count), weights.shape[1])))
        for start in range(0, number, block):
            size = min(block, number - start)
            drawn = poisson_draw(rng, size, mass, square)
            if self.repeats is not None:
                drawn += weights[start : start + size] @ self.repeats.people
            yield drawn


def poisson_draw(rng: np.random.Generator, number: int, mass: Mass, square: Array | None) -> Array:
    """Return Poisson bootstrap counts (or sums of weights) of cells, shape (number, *cells).

    Parameters
    ----------
    rng : Generator
    number : int
        Replicates.
    mass, square : ndarray, any shape
        The cells' respondents and None; or the sums of their weights and of the squared weights.
    """
    if square is None:
        return rng.poisson(mass, size=(number, *mass.shape)).astype(float)
    # Squares left by a difference of sums may be a rounding error below 0.
    some = square > _NOTHING
    # Rounded, so that weights on another scale, whose last digits differ, draw the same.
    mean = np.divide(mass**2, square, out=np.zeros(mass.shape), where=some).round(9)
    worth = np.divide(square, mass, out=np.zeros(mass.shape), where=some)
    return np.asarray(rng.poisson(mean, size=(number, *mass.shape)) * worth, dtype=np.float64)


def draw_people(rng: np.random.Generator, number: int, people: int) -> Array:
    """Return the Poisson bootstrap weight of every person, shape (number, people)."""
    return rng.poisson(1.0, size=(number, people)).astype(float)


def draw_together(tables: Sequence[Together | None], seed: int, number: int) -> list[NDArray[np.uint8]]:
    """Return the Poisson bootstrap weights of the people of several tables, each of shape (number, its people).

    Who is in two of them has the same weight in both: what is compared then varies as it would if other people had
    been asked, and not as if there were nobody on both sides.
    """
    people = [np.zeros(0, dtype=np.int64) if table is None else table.who for table in tables]
    who = np.unique(np.concatenate(people))
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(1)[0])
    weights = np.empty((number, len(who)), dtype=np.uint8)
    for row in weights:
        row[:] = rng.poisson(1.0, len(who))
    return [weights[:, np.searchsorted(who, mine)] for mine in people]


def effective(weights: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Scale sums of weights by category (last axis) to Kish's effective number of respondents.

    Examples
    --------
    >>> effective(np.array([3.0, 0.0, 1.0]), np.array([5.0, 0.0, 1.0])).round(3)  # weights 1, 2 and 1
    array([2.   , 0.   , 0.667])
    """
    total, square = weights.sum(axis=-1, keepdims=True), squares.sum(axis=-1, keepdims=True)
    result: NDArray[np.float64] = weights * np.divide(total, square, out=np.zeros_like(total), where=square > _NOTHING)
    return result


def floats(units: Sequence[int], unit: float) -> NDArray[np.float64]:
    """Return exact sums of units as floats: they may be larger than an array of integers can hold."""
    return np.array([float(u) * unit for u in units], dtype=np.float64)


def expanded_tails(n: Array, confidence: float) -> Array:
    """Return the lower tail at which to read percentile limits of a bootstrap of n respondents each.

    Bootstrap limits of small samples are too narrow, by the factor √((n − 1)/n) and by the normal in place of Student's
    t; percentiles further out make up for both (Hesterberg, T. 2015. What teachers should know about the bootstrap.
    The American Statistician 69, 371-386). For one respondent: 0, the extremes.

    Examples
    --------
    >>> expanded_tails(np.array([1, 10, 1000]), 0.95).round(4)
    array([0.    , 0.0086, 0.0248])
    """
    n = np.asarray(n, dtype=float)
    free = np.maximum(n - 1, 1e-9)
    return np.asarray(ndtr(stdtrit(np.maximum(free, 1), (1 - confidence) / 2) * np.sqrt(n / free)))


def cells(tally: Tally, themes: Sequence[str], people: People | None = None) -> Cells:
    """Lay out the patterns of a Tally for the given themes, in a fixed order.

    `people` are those of its writers who wrote more than once, where this is known.
    """
    rows, masses, repeats = lay_out(
        tally, themes, people, lambda score, states: np.column_stack([category(score, tally.scale) + 1, states])
    )
    states = rows[:, 1:]
    return Cells(
        tuple(themes),
        np.array(masses[0], dtype=np.int64),
        rows[:, 0].astype(np.int64) - 1,
        indicators(states > 0),
        indicators(states & NEGATIVE > 0),
        indicators(states & POSITIVE > 0),
        indicators(states == NEUTRAL),
        floats(masses[1], tally.unit) if tally.weighted else None,
        floats(masses[2], tally.unit**2) if tally.weighted else None,
        repeats,
    )


def lay_out(
    tally: Tally, themes: Sequence[str], people: People | None, row: Callable[[Bytes, Bytes], NDArray[Any]]
) -> tuple[Bytes, tuple[list[int], list[int], list[int]], Together | None]:
    """Bring the writers of a Tally together in the cells of a table.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str, length k
    people : People or None
    row : callable
        From scores, shape (n,), and states of the themes, shape (n, k), to what tells cells apart, shape (n, columns).

    Returns
    -------
    rows : ndarray of int, shape (cells, columns)
        In the order of the first column, and then of the columns that are not 0, read from the left.
    masses : tuple of list of int
        As of `Tally.added`.
    repeats : Together or None
        The answers of `people`.
    """
    score = np.array([score for _, score in tally.patterns.heads], dtype=np.uint8)[tally.patterns.heads_at]
    states, own = tally.patterns.states(themes), len(score)
    wrote = np.array([] if people is None else [said is not None for said in people.said], dtype=bool)
    if people is not None:
        score = np.concatenate([score, people.score[wrote].astype(np.uint8)])
        states = np.concatenate([states, table_of_states([said for said in people.said if said is not None], themes)])
    rows = row(score, states).astype(np.uint8)
    more = np.maximum.accumulate(rows[:, :0:-1] > 0, axis=1)[:, ::-1]
    # A row that ends is before one that goes on, and one that goes on sooner is before one that does so later.
    ordered = np.where((rows[:, 1:] == 0) & more, _LATER, rows[:, 1:])
    first, place = same_rows(np.column_stack([rows[:, 0], ordered]))
    masses = tally.added("patterns", place[:own], len(first))
    if people is None:
        return rows[first], masses, None
    at = np.full(len(wrote), -1)
    at[wrote] = place[own:]
    return rows[first], masses, laid_out(people, at, len(first))


def indicators(marked: NDArray[np.bool_]) -> sparse.csr_matrix:
    """Return a table of yes and no as a sparse matrix of 1 and 0."""
    starts = np.concatenate([[0], np.cumsum(np.count_nonzero(marked, axis=1))])
    columns = np.nonzero(marked)[1]
    return sparse.csr_matrix((np.ones(len(columns)), columns, starts), shape=marked.shape)
