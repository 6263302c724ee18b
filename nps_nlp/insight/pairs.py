"""What two answers of the same person have in common: the part of a variance that counting answers leaves out.

A figure's error is a sum of what every answer adds to it, its influence. Where each answer is one more person's, the
variance of the sum is the sum of squares; where some are of the same people, twice the products of their influences
come on top. Shares and impacts of a set of writers against the rest have influences that are linear in four things:
whether somebody counts, their category, whether they say it, and both; so sixteen sums of products serve all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.insight.people import table_of_states
from nps_nlp.scoring.scales import category
from nps_nlp.tally import NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.people import People
    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]
    Marks = NDArray[np.bool_]

_MARKS_AT_ONCE = 12


class Pairs(NamedTuple):
    """Sums of products over people, by set and mark: of shape (sets, marks, 4, 4), or (1, marks, 4, 4) of all answers.

    Attributes
    ----------
    inside : ndarray
        Of what a person adds up to in the set with itself.
    across : ndarray
        Of the same with what the person adds up to in all.
    everywhere : ndarray
        Of what a person adds up to in all with itself.
    single, all_single : ndarray
        Of every answer in the set with itself, and of every answer.
    """

    inside: Array
    across: Array
    everywhere: Array
    single: Array
    all_single: Array

    def only(self, at: int) -> Pairs:
        """Return those of one set."""
        one = slice(at, at + 1)
        return self._replace(inside=self.inside[one], across=self.across[one], single=self.single[one])

    def more(self, here: Array, rest: Array) -> Array:
        """Return what is added to the variance of figures of sets, less those of the rest.

        Parameters
        ----------
        here, rest : ndarray, shape (sets, marks, 4)
            What an answer adds to the figure of its side: factors of whether it counts, its category (−1, 0, 1),
            whether it says the thing, and its category where it does.

        Returns
        -------
        ndarray, shape (sets, marks)
        """
        both = here + rest
        people = (
            _form(both, self.inside, both) - 2 * _form(both, self.across, rest) + _form(rest, self.everywhere, rest)
        )
        answers = _form(here, self.single, here) + _form(rest, self.all_single - self.single, rest)
        return people - answers


@dataclass(frozen=True)
class Voices:
    """What people who wrote more than once say in each of their answers, in order of the people.

    Attributes
    ----------
    who : ndarray of int, shape (a,)
    order : ndarray of int, shape (a,)
        Where each answer stands among those of the `People`.
    weight, side : ndarray of float, shape (a,)
        Survey weight, and −1, 0 or 1 for the category.
    states : ndarray of int, shape (a, themes)
        What is said of each theme, as in the patterns of a Tally; 0 for nothing.
    """

    who: NDArray[np.int64]
    order: NDArray[np.int64]
    weight: Array
    side: Array
    states: NDArray[np.uint8]

    @classmethod
    def of(cls, tally: Tally, themes: Sequence[str], people: People | None) -> Voices | None:
        """Lay out the answers of `People.writing`; None where nobody wrote twice."""
        if people is None:
            return None
        order = np.argsort(people.who, kind="stable")
        states = table_of_states([people.said[answer] for answer in order.tolist()], themes)
        side = category(people.score[order], tally.scale).astype(float)
        return cls(people.who[order], order, people.weight[order], side, states)

    def pairs(self, sets: Sequence[NDArray[np.bool_]], hits: Marks, base: Marks | None = None) -> Pairs:
        """Add up the products of answers of the same people.

        Parameters
        ----------
        sets : sequence of ndarray of bool, each of shape (a,)
            The answers of each set, in the order of the people.
        hits, base : ndarray of bool, shape (a, marks)
            Which answers say a thing, and which count for it; all of them by default.
        """
        parts = []
        for start in range(0, hits.shape[1], _MARKS_AT_ONCE):
            some = slice(start, start + _MARKS_AT_ONCE)
            said = hits[:, some].astype(float)
            counts = np.ones_like(said) if base is None else base[:, some].astype(float)
            side = self.side[:, None]
            values = np.stack([counts, counts * side, said, said * side], axis=-1) * self.weight[:, None, None]
            parts.append(_products(values, self.who, sets))
        return Pairs(*(np.concatenate(part, axis=1) for part in zip(*parts, strict=True)))


def share_effects(pairs: Pairs, hits: Array, base: Array, worth: Array) -> Array:
    """Return by what the variance of a difference of two shares is greater because people wrote more than once.

    Parameters
    ----------
    pairs : Pairs
    hits, base, worth : ndarray, shapes (2, sets, marks), (2, sets, marks or 1)
        Hits, those who count, and the numbers of respondents that tests may reckon with: of the sets, and of the rest.

    Returns
    -------
    ndarray, shape (sets, marks)
        1 or more: a few answers of one person that happen to contradict each other are no reason to be surer.
    """
    base, worth = np.broadcast_to(base, hits.shape), np.broadcast_to(worth, hits.shape)
    share = _ratio(hits.sum(axis=0), base.sum(axis=0))
    each = _ratio(np.ones_like(hits), base)
    zero = np.zeros_like(share)
    here, rest = (np.stack([-share * one, zero, one, zero], axis=-1) for one in each)
    variance = share * (1 - share) * _ratio(np.ones_like(hits), worth).sum(axis=0)
    return np.asarray(np.maximum(1.0, 1 + _ratio(pairs.more(here, rest), variance)))


def cut_effects(voices: Voices, month: NDArray[np.int64], base: Array, said: Array) -> Array:
    """Return the effects of `share_effects` on the difference between the months from each one on, and those before.

    Parameters
    ----------
    voices : Voices
        Of answers with a date.
    month : ndarray of int, shape (a,)
        The month of each of their answers, as a place among all months.
    base : ndarray, shape (2, months)
        All writers: sums of their weights and of the squared weights.
    said : ndarray, shape (2, months, themes, 3)
        Those who mention a theme, say something positive, and something negative.

    Returns
    -------
    ndarray, shape (4, months, themes)
        Of the shares who mention it, praise it, complain of it (of the writers), and who complain (of its mentioners);
        1 for the first month, before which there is none.
    """
    later = [month >= at for at in range(1, base.shape[1])]
    marks = [voices.states > 0, voices.states & POSITIVE > 0, voices.states & NEGATIVE > 0]
    effects = np.ones((4, *said.shape[1:3]))
    if not later:
        return effects
    sums = [_both_sides(part) for part in (base[:, :, None], said[..., 0], said[..., 1], said[..., 2])]
    for at, (hits, of) in enumerate(((1, 0), (2, 0), (3, 0), (3, 1))):
        weights, squares = sums[of]
        pairs = voices.pairs(later, marks[hits - 1], marks[0] if of else None)
        effects[at, 1:] = share_effects(pairs, sums[hits][0], weights, _ratio(weights**2, squares))
    return effects


def _both_sides(sums: Array) -> tuple[Array, Array]:
    """Return weights and squares of the months from each but the first on, and of those before: (2, months − 1, …)."""
    before = np.cumsum(sums, axis=1)
    weights, squares = np.stack([before[:, -1:] - before[:, :-1], before[:, :-1]], axis=1)
    return weights, squares


def _products(values: Array, who: NDArray[np.int64], sets: Sequence[NDArray[np.bool_]]) -> tuple[Array, ...]:
    whole, person = _added(values, who)
    everywhere, all_single = _gram(whole, whole)[None], _gram(values, values)[None]
    found = []
    for inside in sets:
        mine = values[inside]
        sums, _ = _added(mine, who[inside])
        theirs = whole[np.unique(person[inside])]
        found.append((_gram(sums, sums), _gram(sums, theirs), _gram(mine, mine)))
    inside_sums, across, single = (np.stack(part) for part in zip(*found, strict=True))
    return inside_sums, across, everywhere, single, all_single


def _added(values: Array, who: NDArray[np.int64]) -> tuple[Array, NDArray[np.int64]]:
    """Add up the values of each person, whose answers stand together; with the person's number of every answer."""
    first = np.flatnonzero(np.diff(who, prepend=who[:1] - 1))
    person = np.repeat(np.arange(len(first)), np.diff(first, append=len(who)))
    return (np.add.reduceat(values, first, axis=0) if len(first) else values), person


def _gram(left: Array, right: Array) -> Array:
    """Return the sums of products over the first axis, shape (marks, 4, 4)."""
    return np.asarray(left.transpose(1, 2, 0) @ right.transpose(1, 0, 2))


def _form(left: Array, matrix: Array, right: Array) -> Array:
    return np.asarray(np.einsum("smi,smij,smj->sm", left, np.broadcast_to(matrix, (*left.shape, 4)), right))


def _ratio(part: Array, whole: Array) -> Array:
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)
