"""Counters of tuples that are kept in arrays: a key costs tens of bytes, and its sums are exact in any order.

A million keys of Python tuples, numbers and lists would fill the memory; here a key is a few machine words, and a sum
of survey weights as many digits of 32 bits as it needs. Nothing is rounded, so that counters add up to the same whole
numbers whatever was counted first.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import ItemsView, Mapping
from copy import copy
from itertools import chain
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    Words = NDArray[np.uint64]
    # Whole numbers of any size, digit by digit, the lowest first, shape (digits, n).
    Digits = NDArray[np.int64] | NDArray[np.uint32]

_BITS = 32
_LOW = (1 << _BITS) - 1
_STATE_BITS = 4
_STATES_A_WORD = 64 // _STATE_BITS
_MASSES = 3  # respondents, the sum of their weights, and that of the squared weights


class Counts(Mapping[tuple[Any, ...], int]):
    """How many respondents each key has, and the sums of their weights and squared weights where they have weights.

    A Mapping from the keys to the numbers of respondents, which `add` and `absorb` count up.

    Attributes
    ----------
    heads : dict
        The first part of every key → its number.
    """

    def __init__(self, numbers: Mapping[Any, int] | None = None) -> None:
        self.heads: dict[tuple[Any, ...], int] = {}
        self._words: Words = np.zeros((1, 0), dtype=np.uint64)
        self._sums: list[Digits] = [np.zeros((1, 0), dtype=np.uint32)]
        self._late: list[tuple[Words, list[Digits]]] = []
        self.update(numbers or {})

    @abstractmethod
    def _encode(self, keys: Sequence[Any]) -> Words:
        """Return keys as words, shape (words, n)."""

    @abstractmethod
    def _tails(self) -> Iterator[tuple[Any, ...]]:
        """Yield what every key has behind its head."""

    def __len__(self) -> int:
        return int(self._settled()[0].shape[1])

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        heads = list(self.heads)
        return (heads[at] + tail for at, tail in zip(self.heads_at.tolist(), self._tails(), strict=True))

    def __getitem__(self, key: tuple[Any, ...]) -> int:
        asked = self._encode([key])
        words, (n, *_) = self._settled()
        found = np.flatnonzero((words == asked[: len(words)]).all(axis=0))
        if asked[len(words) :].any() or not len(found):
            raise KeyError(key)
        return whole(n[:, found])[0]

    def items(self) -> ItemsView[tuple[Any, ...], int]:
        """Return the keys with their respondents."""
        return _Items(self)

    def numbers(self) -> list[int]:
        """Return the respondents of every key."""
        return whole(self._settled()[1][0])

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Counts):
            return dict(self.masses()) == dict(other.masses())
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({dict(self.items())!r})"

    def total(self) -> int:
        """Return the number of respondents of all keys."""
        return sum(self.numbers())

    def add(self, keys: Sequence[Any], sums: Sequence[Digits]) -> None:
        """Count respondents.

        Parameters
        ----------
        keys : sequence of tuple
        sums : sequence of ndarray, shape (digits, n)
            Of every key: the respondents; of weighted ones also the sums of weights, and of squared weights.
        """
        if len(keys):
            self._append(self._encode(keys), sums)

    def update(self, numbers: Mapping[Any, int]) -> None:
        """Count respondents without weights: key → number."""
        self.add(list(numbers), [digits(list(numbers.values()))])

    def absorb(self, other: Self) -> None:
        """Add the sums of another counter, which may have numbered its keys in another order."""
        self.add(list(other), other._settled()[1])

    def masses(self) -> Iterator[tuple[Any, tuple[int, int, int]]]:
        """Yield every key with its exact sums: respondents, weights and squared weights (0 without weights)."""
        parts = [whole(part) for part in self._settled()[1]]
        return zip(self, zip(*parts, *[[0] * len(self)] * (_MASSES - len(parts)), strict=True), strict=True)

    def added(self, places: NDArray[np.integer[Any]], size: int) -> tuple[list[int], list[int], list[int]]:
        """Add the sums of all keys up by a place of each, 0 to size − 1; keys at −1 are left out.

        Returns
        -------
        tuple of list of int
            Of every place: respondents, weights and squared weights (0 without weights).
        """
        kept = places >= 0
        at, planes = places[kept], [[0] * size for _ in range(_MASSES)]
        for mass, part in enumerate(self._settled()[1]):
            sums = np.zeros((len(part), size), dtype=np.int64)
            for row, digit in zip(sums, part, strict=True):
                np.add.at(row, at, digit[kept].astype(np.int64))
            planes[mass] = whole(sums)
        n, weights, squares = planes
        return n, weights, squares

    @property
    def heads_at(self) -> NDArray[np.int64]:
        """The number of every key's head."""
        return np.asarray(self._settled()[0][0] >> np.uint64(_BITS), dtype=np.int64)

    def _only(self, kept: NDArray[np.bool_]) -> Self:
        """Return a counter of some of the keys; both know the parts of all."""
        words, sums = self._settled()
        part = copy(self)
        vars(part).update(_words=words[:, kept], _sums=[digit[:, kept] for digit in sums], _late=[])
        return part

    def _append(self, words: Words, sums: Sequence[Digits]) -> None:
        self._late.append(_gather(words, sums))
        if sum(late.shape[1] for late, _ in self._late) > self._words.shape[1]:
            self._settle()

    def _settled(self) -> tuple[Words, list[Digits]]:
        if self._late:
            self._settle()
        return self._words, self._sums

    def _settle(self) -> None:
        """Bring together what was appended. Done when as much is new as there was: every key is moved a few times."""
        words, sums = zip((self._words, self._sums), *self._late, strict=True)
        parts = [[part[k] if k < len(part) else part[0][:0] for part in sums] for k in range(max(map(len, sums)))]
        sizes = [w.shape[1] for w in words]
        self._words, gathered = _gather(_beside(words, sizes), [_beside(part, sizes) for part in parts])
        self._sums, self._late = [_carried(part) for part in gathered], []


class _Items(ItemsView[tuple[Any, ...], int]):
    """The keys of a counter with their respondents, one after the other; a Mapping's own would search for each."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._counts = counts

    def __iter__(self) -> Iterator[tuple[tuple[Any, ...], int]]:
        return zip(self._counts, self._counts.numbers(), strict=True)


class PairCounts(Counts):
    """Counts of keys that fall into two parts, few different ones each, such as a group and what it says.

    Parameters
    ----------
    cut : int
        How many items of a key are its head.
    numbers : mapping, optional
        Key → respondents.

    Attributes
    ----------
    heads, kinds : dict
        The first and the second part of the keys → their numbers.

    Examples
    --------
    >>> counts = PairCounts(1, {("price", 3): 2, ("price", 9): 1})
    >>> counts.add([("price", 3)], [digits([5])])
    >>> counts["price", 3], counts.total()
    (7, 8)
    """

    def __init__(self, cut: int = 1, numbers: Mapping[Any, int] | None = None) -> None:
        self._cut = cut
        self.kinds: dict[tuple[Any, ...], int] = {}
        super().__init__(numbers)

    def count(self, heads: NDArray[np.int64], kinds: NDArray[np.int64], sums: Sequence[Digits]) -> None:
        """Count respondents by the numbers of both parts of their keys, as `add` does by the keys."""
        if len(heads):
            self._append((heads << _BITS | kinds).astype(np.uint64)[None], sums)

    def where(self, test: Callable[[tuple[Any, ...]], bool]) -> PairCounts:
        """Return a counter of the keys whose second part passes a test."""
        return self._only(np.array([test(kind) for kind in self.kinds], dtype=bool)[self.kinds_at])

    @property
    def kinds_at(self) -> NDArray[np.int64]:
        """The number of every key's second part."""
        return np.asarray(self._settled()[0][0] & np.uint64(_LOW), dtype=np.int64)

    def _encode(self, keys: Sequence[Any]) -> Words:
        heads = [number(self.heads, key[: self._cut]) for key in keys]
        kinds = [number(self.kinds, key[self._cut :]) for key in keys]
        return (np.array(heads, dtype=np.uint64) << np.uint64(_BITS) | np.array(kinds, dtype=np.uint64))[None]

    def _tails(self) -> Iterator[tuple[Any, ...]]:
        kinds = list(self.kinds)
        return (kinds[at] for at in self.kinds_at.tolist())


class PatternCounts(Counts):
    """Counts of (period, score, ((theme, state), …)): nearly every writer may say something that nobody else says.

    The state of a theme, 1 to 15, takes four bits.

    Examples
    --------
    >>> counts = PatternCounts({("2026-01", 9, (("price", 1), ("speed", 3))): 4, ("2026-01", 2, ()): 1})
    >>> counts.states(["speed", "staff", "price"]).tolist()
    [[3, 0, 1], [0, 0, 0]]
    >>> list(counts)
    [('2026-01', 9, (('price', 1), ('speed', 3))), ('2026-01', 2, ())]
    """

    def __init__(self, numbers: Mapping[Any, int] | None = None) -> None:
        self._themes: dict[str, int] = {}
        super().__init__(numbers)

    def where(self, test: Callable[[tuple[Any, ...]], bool]) -> PatternCounts:
        """Return a counter of the keys whose period and score pass a test."""
        return self._only(np.array([test(head) for head in self.heads], dtype=bool)[self.heads_at])

    def states(self, themes: Sequence[str]) -> NDArray[np.uint8]:
        """Return the state of every key's themes, shape (keys, themes); 0 where it does not name one."""
        words = self._settled()[0]
        found = np.zeros((words.shape[1], len(themes)), dtype=np.uint8)
        for column, theme in enumerate(themes):
            word, place = divmod(self._themes.get(theme, -1), _STATES_A_WORD)
            # A theme that came with a key which was left out has no word yet.
            if 0 <= word < len(words) - 1:
                found[:, column] = words[word + 1] >> np.uint64(place * _STATE_BITS) & np.uint64(15)
        return found

    def _encode(self, keys: Sequence[Any]) -> Words:
        heads = [number(self.heads, key[:2]) for key in keys]
        row = np.repeat(np.arange(len(keys)), [len(key[2]) for key in keys])
        said = list(chain.from_iterable(key[2] for key in keys))
        theme = np.array([number(self._themes, theme) for theme, _ in said], dtype=np.uint64)
        state = np.array([state for _, state in said], dtype=np.uint64)
        words = np.zeros((1 - -len(self._themes) // _STATES_A_WORD, len(keys)), dtype=np.uint64)
        words[0] = np.array(heads, dtype=np.uint64) << np.uint64(_BITS)
        word, place = np.divmod(theme, np.uint64(_STATES_A_WORD))
        np.bitwise_or.at(words, (word.astype(np.int64) + 1, row), state << place * np.uint64(_STATE_BITS))
        return words

    def _tails(self) -> Iterator[tuple[Any, ...]]:
        themes = sorted(self._themes)
        for row in self.states(themes).tolist():
            yield (tuple((theme, state) for theme, state in zip(themes, row, strict=True) if state),)


def number(book: dict[Any, int], item: Any) -> int:
    """Return the number of an item in a book of them, which a new one gets."""
    return book.setdefault(item, len(book))


def digits(numbers: Sequence[int]) -> NDArray[np.int64]:
    """Return whole numbers of any size as digits of 32 bits, the lowest first, shape (digits, n).

    Examples
    --------
    >>> digits([5, 2**32 + 7]).tolist()
    [[5, 7], [0, 1]]
    """
    long = max(1, -(-max(numbers, default=0).bit_length() // _BITS))
    rows = [[n >> _BITS * place & _LOW for n in numbers] for place in range(long)] if long > 1 else [list(numbers)]
    return np.array(rows, dtype=np.int64).reshape(long, len(numbers))


def whole(parts: Digits) -> list[int]:
    """Return the whole numbers that digits are of.

    Examples
    --------
    >>> whole(digits([5, 2**70]))
    [5, 1180591620717411303424]
    """
    total: list[int] = parts[-1].tolist()
    for lower in parts[-2::-1]:
        total = [(high << _BITS) + low for high, low in zip(total, lower.tolist(), strict=True)]
    return total


def same_rows(rows: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Find the different rows of a table, and put them in the order of what stands in them from the left.

    Returns
    -------
    first, place : ndarray of int
        A row of each kind, in that order; and the number of every row's kind.

    Examples
    --------
    >>> first, place = same_rows(np.array([[1, 9], [0, 3], [1, 9]], dtype=np.uint8))
    >>> first.tolist(), place.tolist()
    ([1, 0], [1, 0, 1])
    """
    padded = np.zeros((len(rows), -(-rows.shape[1] // 8) * 8), dtype=np.uint8)
    padded[:, : rows.shape[1]] = rows
    order, starts = _runs(np.ascontiguousarray(padded.view(">u8").T.astype(np.uint64)))
    place = np.empty(len(rows), dtype=np.int64)
    place[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(rows)))
    return order[starts], place


def _runs(words: Words) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return an order in which equal keys stand together, and where each run of them starts."""
    order = np.argsort(words[0]) if len(words) == 1 else np.lexsort(words[::-1])
    ordered = words[:, order]
    new = np.ones(words.shape[1], dtype=bool)
    new[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    return order, np.flatnonzero(new)


def _gather(words: Words, sums: Sequence[Digits]) -> tuple[Words, list[Digits]]:
    """Add up the sums of equal keys."""
    order, starts = _runs(words)
    added = [np.add.reduceat(part[:, order], starts, axis=1, dtype=np.int64) for part in sums]
    return words[:, order[starts]], added


def _carried(parts: Digits) -> NDArray[np.uint32]:
    """Return sums of digits as digits again, with what each carries to the next."""
    carry: NDArray[np.int64] = np.zeros(parts.shape[1], dtype=np.int64)
    rows = []
    for row in parts:
        carry = carry + row
        rows.append((carry & _LOW).astype(np.uint32))
        carry >>= _BITS
    if carry.any():
        rows.append(carry.astype(np.uint32))
    return np.array(rows)


def _beside(parts: Sequence[Any], sizes: Sequence[int]) -> Any:
    """Put arrays of the shape (rows, size) beside each other; those with fewer rows have zeros in the others."""
    joined = np.zeros((max(map(len, parts)), sum(sizes)), dtype=np.result_type(*parts))
    end = 0
    for part, size in zip(parts, sizes, strict=True):
        joined[: len(part), end : end + size] = part if len(part) else 0
        end += size
    return joined
