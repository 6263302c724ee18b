"""Answers of the same people: what a bootstrap has to draw together, and errors have to count together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Pattern = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class People:
    """The answers of those who answered more than once.

    Attributes
    ----------
    who : ndarray of int, shape (a,)
        Whose answer it is: any number that is the person's own.
    score : ndarray of int, shape (a,)
    said : sequence of ((theme, state), …) or None, length a
        As in the patterns of a Tally, which has counted these answers too; None for who wrote nothing.
    weight : ndarray of float, shape (a,)
        Survey weights on the scale of `Tally.unit`; 1 without weights.
    period : sequence of str, length a
        The month, ``""`` without a date; empty where months are not known.
    groups : mapping of str to sequence of str, each of length a
        Segment → the value, as in the Tally.
    """

    who: NDArray[np.int64]
    score: NDArray[np.int64]
    said: Sequence[Pattern | None]
    weight: Array
    period: Sequence[str] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def writing(self) -> People | None:
        """Return the answers with a comment of those who wrote more than once; None where nobody did."""
        wrote = np.array([pattern is not None for pattern in self.said], dtype=bool)
        _, place, times = np.unique(self.who[wrote], return_inverse=True, return_counts=True)
        wrote[wrote] = times[place] > 1
        return self.only(wrote) if wrote.any() else None

    def during(self, first: str | None = None, last: str | None = None) -> People:
        """Return the answers of the months from first to last, as `select_periods` does with a Tally."""
        low, high = first or "0", last or "9"
        return self.only(np.array([low <= period <= high for period in self.period], dtype=bool))

    def only(self, kept: NDArray[np.bool_]) -> People:
        """Return some of the answers; who gave them is still the same."""
        rows = np.flatnonzero(kept).tolist()

        def of(values: Sequence[Any]) -> Sequence[Any]:
            return [values[row] for row in rows]

        groups = {segment: of(values) for segment, values in self.groups.items()}
        period = of(self.period) if len(self.period) else ()
        return People(self.who[kept], self.score[kept], of(self.said), self.weight[kept], period, groups)


class Together(NamedTuple):
    """The same answers in the cells of a table.

    Attributes
    ----------
    people : csc_matrix, shape (m, c)
        Sum of the weights of a person's answers in a cell.
    mass, square : ndarray of float, shape (c,)
        Sum of the weights of these answers, and of the squares of every answer's weight.
    answers : int
        Their number.
    who : ndarray of int, shape (m,)
        Which person a row is: rises.
    """

    people: sparse.csc_matrix
    mass: Array
    square: Array
    answers: int
    who: NDArray[np.int64]


def laid_out(people: People, at: NDArray[np.int64], cells: int) -> Together | None:
    """Lay answers out in cells by number; those at −1 are in none. None where none is left."""
    inside = at >= 0
    if not inside.any():
        return None
    (who, row), at, weight = np.unique(people.who[inside], return_inverse=True), at[inside], people.weight[inside]
    matrix = sparse.csc_matrix((weight, (row, at)), shape=(len(who), cells))
    mass, square = (np.bincount(at, weight**power, minlength=cells).astype(float) for power in (1, 2))
    return Together(matrix, mass, square, len(at), who)


def shared(repeats: Together | None, pulls: Array) -> Array:
    """Return what products of different answers of one person add to the variance of sums, shape (k,).

    `pulls`, of shape (c, k), is what one more answer in a cell adds to each error.
    """
    if repeats is None:
        return np.zeros(pulls.shape[1])
    return np.asarray((np.asarray(repeats.people @ pulls) ** 2).sum(axis=0) - repeats.square @ pulls**2)


def alone(mass: Array, square: Array | None, repeats: Together | None) -> tuple[Array, Array | None]:
    """Return the sums of weights, and of squared weights, of the answers whose people gave no other.

    Examples
    --------
    >>> twice = People(np.array([0, 0]), np.array([9, 3]), [(), ()], np.ones(2))
    >>> found = laid_out(twice, np.array([0, 1]), 2)
    >>> alone(np.array([5.0, 1.0]), None, found)
    (array([4., 0.]), None)
    """
    if repeats is None:
        return mass, square
    # What rounding leaves of a cell that only these people are in is nothing.
    left = np.maximum(mass - repeats.mass, 0.0)
    return left, None if square is None else np.maximum(square - repeats.square, 0.0)


def table_of_states(said: Sequence[Pattern | None], themes: Sequence[str]) -> NDArray[np.uint8]:
    """Return what each answer says of each theme, shape (answers, themes); 0 for nothing."""
    place = {theme: at for at, theme in enumerate(themes)}
    states = np.zeros((len(said), len(themes)), dtype=np.uint8)
    for row, pattern in zip(states, said, strict=True):
        for theme, state in pattern or ():
            if theme in place:
                row[place[theme]] = state
    return states
