"""Who says what, laid out for regressions of the score: cells, and their moments with a bootstrap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nps_nlp.insight.cells import MIN_MENTIONS, draw_people, floats, indicators, lay_out, poisson_draw
from nps_nlp.insight.people import alone
from nps_nlp.scoring.scales import NPS, Scale, category
from nps_nlp.tally import NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.people import People, Together
    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]

SIDES = {"negative": NEGATIVE, "positive": POSITIVE}
REFITS = 500
# A column that the columns before it explain but for this share of its variance says nothing of its own.
_OWN_VARIANCE = 1e-8
_CELLS_AT_ONCE = 2_048


@dataclass(frozen=True)
class Driver:
    """One theme × sentiment indicator: the writers who say something negative (or positive) of a theme.

    Attributes
    ----------
    theme, polarity : str
    n : int
        Writers it marks.
    left_out : str
        Why it is not in the regression: ``"few mentions"``, ``"few others"`` (nearly everybody mentions it),
        ``"collinear with …"`` (marks exactly who other drivers mark); empty where it is used.
    """

    theme: str
    polarity: str
    n: int
    left_out: str = ""

    @property
    def name(self) -> str:
        """The driver as ``price:negative``."""
        return f"{self.theme}:{self.polarity}"


@dataclass(frozen=True)
class Design:
    """Writers grouped by score and by what they say, for regressions of the score on theme × sentiment.

    Attributes
    ----------
    drivers : tuple of Driver, length k
        The columns that are used.
    left_out : tuple of Driver
        The candidates that are not, each with its reason.
    count, score : ndarray, shape (c,)
        Writers in a cell, and their score 0–10.
    said : csr_matrix of 0/1, shape (c, k)
    scale : Scale
        The break points of the score.
    weight, square : ndarray of float, shape (c,), or None
        Sums of the survey weights of a cell's writers and of the squared weights; None without weights.
    repeats : Together or None
        The answers of people who wrote more than once, who are drawn as people.
    """

    drivers: tuple[Driver, ...]
    left_out: tuple[Driver, ...]
    count: NDArray[np.int64]
    score: NDArray[np.int64]
    said: sparse.csr_matrix
    scale: Scale = NPS
    weight: Array | None = None
    square: Array | None = None
    repeats: Together | None = None

    @property
    def mass(self) -> Array:
        """What each cell counts for: the sum of its weights, or its writers."""
        return self.count.astype(float) if self.weight is None else self.weight

    @property
    def spread(self) -> Array:
        """What a cell adds to the variance of a sum: the sum of its squared weights, or its writers."""
        return self.count.astype(float) if self.square is None else self.square

    @property
    def shares(self) -> Array:
        """Share of the writers that each driver marks, shape (k,)."""
        return np.asarray(self.mass @ self.said / max(self.mass.sum(), np.finfo(float).tiny))

    @property
    def n(self) -> int:
        """Writers."""
        return int(self.count.sum())

    @property
    def points(self) -> Array:
        """100, 0 or −100 for each cell, of which the NPS is the mean."""
        return np.asarray(100.0 * category(self.score, self.scale)) if len(self.score) else np.zeros(0)

    @property
    def people(self) -> int:
        """Writers, each counted once however often they wrote."""
        return self.n if self.repeats is None else self.n - self.repeats.answers + self.repeats.people.shape[0]

    def variance(self, influences: Iterable[tuple[slice, Array]]) -> tuple[Array, Array]:
        """Return the variance of sums over people, and what it would be were every answer one more person's.

        Parameters
        ----------
        influences : iterable of (slice, ndarray of float, shape (cells, k))
            What every writer of some cells adds to the error of each driver's figure.

        Returns
        -------
        tuple of ndarray of float, shape (k,)
            Sums of squares, over people and over answers: the influences of answers that one person gave are added
            first (Liang, K. & Zeger, S. 1986, Longitudinal data analysis using generalized linear models, Biometrika
            73, 13-22).
        """
        everybody, once = self.spread, self.spread
        people = sparse.csc_matrix(np.zeros((0, len(once))))
        if self.repeats is not None:
            once, people = np.maximum(once - self.repeats.square, 0.0), self.repeats.people
        single, squares = np.zeros((2, len(self.drivers)))
        sums = np.zeros((people.shape[0], len(self.drivers)))
        for cells, influence in influences:
            squared = influence**2
            single += everybody[cells] @ squared
            squares += once[cells] @ squared
            sums += np.asarray(people[:, cells] @ influence)
        return np.asarray(squares + (sums**2).sum(axis=0)), single

    def only(self, column: int) -> Design:
        """Return the design with a single driver."""
        return replace(self, drivers=(self.drivers[column],), said=sparse.csr_matrix(self.said[:, [column]]))


@dataclass(frozen=True)
class Refits:
    """Moments of drivers, score and NPS points: row 0 as observed, the others bootstrap replicates.

    Attributes
    ----------
    mean : ndarray, shape (1 + replicates, k + 2)
        Of the k drivers, the score and the NPS points (100, 0, −100).
    covariance : ndarray, shape (1 + replicates, k + 2, k + 2)
    """

    mean: Array
    covariance: Array


def regression_design(
    tally: Tally, themes: Sequence[str], people: People | None = None, *, min_n: int = MIN_MENTIONS
) -> Design:
    """Lay out the patterns of a Tally for regressions, leaving out what cannot be told apart.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
        Theme ids; each gives a negative and a positive driver. Only-neutral mentions count as no mention.
    people : People, optional
        Those of the writers who wrote more than once, where this is known.
    min_n : int
        A driver needs this many writers who say it and as many who do not.

    Returns
    -------
    Design
        Of perfectly collinear drivers the most mentioned ones are kept.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.tally import Tally
    >>> said = (("price", 1),), (("price", 1), ("speed", 1)), ()
    >>> tally = Tally(patterns=Counter({("", 3, said[0]): 20, ("", 2, said[1]): 4, ("", 9, said[2]): 40}))
    >>> design = regression_design(tally, ["price", "speed"])
    >>> [d.name for d in design.drivers], [(d.name, d.left_out) for d in design.left_out[1:2]]
    (['price:negative'], [('speed:negative', 'few mentions')])
    """
    candidates = [(theme, side) for theme in themes for side in SIDES]
    rows, masses, repeats = lay_out(tally, themes, people, _columns)
    count, score = np.array(masses[0], dtype=np.int64), rows[:, 0].astype(np.int64)
    said = indicators(rows[:, 1:] > 0)
    n = np.asarray(count @ said, dtype=np.int64)
    reasons = ["few mentions" if a < min_n else "few others" if count.sum() - a < min_n else "" for a in n]
    enough = sorted((i for i, reason in enumerate(reasons) if not reason), key=lambda i: (-n[i], i))
    names = [f"{t}:{s}" for t, s in candidates]
    for i, others in _collinear(said, count, enough).items():
        reasons[i] = f"collinear with {', '.join(names[j] for j in others)}"
    drivers = [Driver(t, s, int(a), r) for (t, s), a, r in zip(candidates, n, reasons, strict=True)]
    used = [i for i, reason in enumerate(reasons) if not reason]
    return Design(
        tuple(drivers[i] for i in used),
        tuple(d for d in drivers if d.left_out),
        count,
        score,
        sparse.csr_matrix(said[:, used]),
        tally.scale,
        floats(masses[1], tally.unit) if tally.weighted else None,
        floats(masses[2], tally.unit**2) if tally.weighted else None,
        repeats,
    )


def refit(design: Design, *, seed: int, replicates: int = REFITS) -> Refits:
    """Accumulate the moments that linear regressions need, as observed and in Poisson bootstrap replicates.

    Parameters
    ----------
    design : Design
    seed : int
    replicates : int

    Returns
    -------
    Refits
        A regression of a replicate is then a k × k problem, whatever the number of writers. Giving every
        writer a Poisson(1) weight and adding up within a cell is one Poisson draw with the cell's count as
        its mean. People who wrote more than once have one weight for all their answers.

    References
    ----------
    Chamandy, N., Muralidharan, O., Najmi, A. & Naidu, S. (2012). Estimating uncertainty for massive data
    streams. Google technical report.
    """
    rng, width = np.random.default_rng(seed), len(design.drivers) + 3
    sums = np.zeros((1 + replicates, width * width))
    mass, square = alone(design.mass, design.square, design.repeats)
    # Block by block of cells, and of people, so that memory does not grow with their number.
    for start in range(0, len(design.count), _CELLS_AT_ONCE):
        cells = slice(start, start + _CELLS_AT_ONCE)
        drawn = poisson_draw(rng, replicates, mass[cells], None if square is None else square[cells])
        sums += (_products(design, cells).T @ np.vstack([design.mass[cells], drawn]).T).T
    people = sparse.csr_matrix(np.zeros((0, 0)) if design.repeats is None else design.repeats.people)
    for start in range(0, people.shape[0], _CELLS_AT_ONCE):
        some = people[start : start + _CELLS_AT_ONCE]
        theirs = np.unique(some.indices)
        answers = some[:, theirs] @ _products(design, theirs)
        sums[1:] += (answers.T @ draw_people(rng, replicates, some.shape[0]).T).T
    return _moments(sums, width)


def _columns(score: NDArray[np.uint8], states: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the score, and for each theme whether something negative, and something positive, is said."""
    marks = np.stack([states & bit > 0 for bit in SIDES.values()], axis=-1)
    marks = marks.reshape(len(score), len(SIDES) * states.shape[1])
    return np.column_stack([score, marks])


def _collinear(said: sparse.csr_matrix, count: NDArray[np.int64], order: Sequence[int]) -> dict[int, list[int]]:
    """Return the columns that those before them in the order determine, each with the columns that do."""
    if not order:
        return {}
    chosen = said[:, list(order)]
    mean = np.asarray(count @ chosen) / count.sum()
    weighted = sparse.csr_matrix(chosen.multiply(count[:, None]))
    covariance = (chosen.T @ weighted).toarray() / count.sum() - np.outer(mean, mean)
    kept: list[int] = []
    found = {}
    for at, column in enumerate(order):
        slopes = np.linalg.solve(covariance[np.ix_(kept, kept)], covariance[kept, at])
        if covariance[at, at] - slopes @ covariance[kept, at] > _OWN_VARIANCE * covariance[at, at]:
            kept.append(at)
        else:
            found[column] = [order[kept[j]] for j in np.flatnonzero(np.abs(slopes) > 1e-6)]
    return found


def _products(design: Design, block: slice | NDArray[np.int32]) -> sparse.csr_matrix:
    """Return the outer product of (drivers, score, points, 1) of some cells: the upper triangle, flattened."""
    said, score, points = design.said[block], design.score[block], design.points[block]
    cells, k = said.shape
    beside = sparse.csr_matrix(np.column_stack([score, points, np.ones(cells)]))
    full = sparse.csr_matrix(sparse.hstack([said, beside]))
    full.sort_indices()
    width = k + 3
    row = np.repeat(np.arange(cells), np.diff(full.indptr))
    parts: list[tuple[Array, NDArray[np.int64], NDArray[np.int64]]] = []
    for step in range(int(np.diff(full.indptr).max(initial=0))):
        # Entries that stand `step` places apart in the same row.
        first = np.flatnonzero(row[: len(row) - step] == row[step:])
        second = first + step
        place = full.indices[first].astype(np.int64) * width + full.indices[second]
        parts.append((full.data[first] * full.data[second], row[first], place))
    values, rows, places = (np.concatenate(part) for part in zip(*parts, strict=True))
    return sparse.csr_matrix((values, (rows, places)), shape=(cells, width * width))


def _moments(sums: Array, width: int) -> Refits:
    upper = sums.reshape(-1, width, width)
    n = upper[:, -1, -1]
    second = np.triu(upper) + np.swapaxes(np.triu(upper, 1), 1, 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        second = second / np.where(n > 0, n, np.nan)[:, None, None]
    mean = second[:, :-1, -1]
    return Refits(mean, second[:, :-1, :-1] - mean[:, :, None] * mean[:, None, :])
