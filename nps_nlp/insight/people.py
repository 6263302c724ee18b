"""Answers of the same people: what a bootstrap has to draw together, and errors have to count together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Pattern = tuple[tuple[str, int], ...]


class People(NamedTuple):
    """The answers of those who wrote more than once.

    Attributes
    ----------
    who : ndarray of int, shape (a,)
        Whose answer it is: 0 to m − 1.
    score : sequence of int, length a
    said : sequence of ((theme, state), …), length a
        As in the patterns of a Tally, which has counted these answers too.
    weight : ndarray of float, shape (a,)
        Survey weights on the scale of `Tally.unit`; 1 without weights.
    """

    who: NDArray[np.int64]
    score: Sequence[int]
    said: Sequence[Pattern]
    weight: Array


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
    """

    people: sparse.csc_matrix
    mass: Array
    square: Array
    answers: int


def together(
    people: People | None, place: Mapping[Hashable, int], key: Callable[[int, Pattern], Hashable]
) -> Together | None:
    """Lay the answers out in cells: `key` names the cell of a score and what is said, `place` numbers the cells."""
    if people is None or not len(people.who):
        return None
    at = np.array([place[key(*answer)] for answer in zip(people.score, people.said, strict=True)])
    shape = (int(people.who.max()) + 1, len(place))
    matrix = sparse.csc_matrix((people.weight, (people.who, at)), shape=shape)
    mass, square = (np.bincount(at, people.weight**power, minlength=len(place)).astype(float) for power in (1, 2))
    return Together(matrix, mass, square, len(at))


def alone(mass: Array, square: Array | None, repeats: Together | None) -> tuple[Array, Array | None]:
    """Return the sums of weights, and of squared weights, of the answers whose people gave no other.

    Examples
    --------
    >>> twice = People(np.array([0, 0]), [9, 3], [(), ()], np.ones(2))
    >>> found = together(twice, {9: 0, 3: 1}, lambda score, said: score)
    >>> alone(np.array([5.0, 1.0]), None, found)
    (array([4., 0.]), None)
    """
    if repeats is None:
        return mass, square
    # What rounding leaves of a cell that only these people are in is nothing.
    left = np.maximum(mass - repeats.mass, 0.0)
    return left, None if square is None else np.maximum(square - repeats.square, 0.0)
