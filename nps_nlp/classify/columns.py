"""The columns that the features of many pieces have in a vocabulary, by array operations instead of strings.

Gives exactly what `features` and a look-up of every string give (a test compares them), some ten times as fast: words
become numbers once a word form, pairs of words and character n-grams are looked up as whole numbers.
"""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from nps_nlp.classify.features import (
    LAST_WORDS,
    NEGATIONS,
    SCOPE,
    SIZES,
    asked_mark,
    characters,
    marks,
    question_features,
    question_kinds,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Piece

    Integers = NDArray[np.int64]
    Shares = NDArray[np.float32]

# Four characters of 15 bits each fit into one 64-bit number.
_BITS = 15
_UNICODE = 0x110000
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


class Columns:
    """Finds the columns of pieces of one language in a vocabulary.

    Parameters
    ----------
    vocabulary : mapping of str to int
        Feature → column.
    language : {"ja", "en"}
    """

    def __init__(self, vocabulary: Mapping[str, int], language: str) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._words = _WordTable(vocabulary, language)
        grams = [(name[2:], column) for name, column in vocabulary.items() if name.startswith("c:")]
        letters = sorted({c for gram, _ in grams for c in gram})[: 2**_BITS - 1]
        self._alphabet = np.zeros(_UNICODE, dtype=np.int16)
        self._alphabet[[ord(c) for c in letters]] = np.arange(1, len(letters) + 1)
        place = {c: i for i, c in enumerate(letters, start=1)}
        kept = [(gram, column) for gram, column in grams if all(c in place for c in gram)]
        keys = [sum(place[c] << _BITS * i for i, c in enumerate(gram)) for gram, _ in kept]
        self._grams = _IntegerMap(keys, [column for _, column in kept])
        self._asked: dict[str, _Question] = {}

    def find(self, pieces: Sequence[Piece]) -> Found:
        """Return where each piece has which features of the vocabulary, and how familiar it looks."""
        *letters, familiar = self._ngrams(pieces)
        parts = [self._loose(pieces), self._words.find(pieces), letters]
        rows, columns = (np.concatenate(side) for side in zip(*parts, strict=True))
        width = max(1, len(self._vocabulary))
        cells = np.sort(rows * width + columns)
        cells = cells[np.diff(cells, prepend=-1) > 0]
        return Found(*np.divmod(cells, width), familiar)

    def _loose(self, pieces: Sequence[Piece]) -> tuple[Integers, Integers]:
        """Look up what differs too much to be counted in arrays: the question and the marks of lexicon and keywords."""
        rows: list[int] = []
        columns: list[int] = []
        for row, piece in enumerate(pieces):
            question = self._asked.get(piece.question) or self._ask(piece.question)
            before = len(columns)
            columns += question.columns
            known = question.marks
            for mark in marks(piece.text, piece.tokens, self._language):
                found = known.get(mark)
                if found is None:
                    found = known[mark] = self._known(asked_mark(mark, question.kinds))
                columns += found
            rows += repeat(row, len(columns) - before)
        return np.array(rows, dtype=np.int64), np.array(columns, dtype=np.int64)

    def _ask(self, question: str) -> _Question:
        known = _Question(self._known(question_features(question)), question_kinds(question), {})
        self._asked[question] = known
        return known

    def _known(self, names: Sequence[str]) -> tuple[int, ...]:
        return tuple(self._vocabulary[name] for name in names if name in self._vocabulary)

    def _ngrams(self, pieces: Sequence[Piece]) -> tuple[Integers, Integers, Shares]:
        text = characters(piece.text for piece in pieces)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        letters = self._alphabet[codes].astype(np.int64)
        rows = np.cumsum(codes == 0)
        size = 0
        found_rows, found_columns = [], []
        key, whole = letters.copy(), letters > 0
        sizes = SIZES[self._language]
        for size in range(1, max(sizes) + 1):
            if size > 1:
                # An unknown letter, or NUL between two texts, ends every n-gram that would run over it.
                end = letters[size - 1 :]
                key, whole = key[: len(end)] + (end << _BITS * (size - 1)), whole[: len(end)] & (end > 0)
            if size in sizes:
                places = np.flatnonzero(whole)
                columns = self._grams.get(key[places])
                found_rows.append(rows[places[columns >= 0]])
                found_columns.append(columns[columns >= 0])
        # Of the longest n-grams, which say most: the share that the vocabulary has.
        longest = np.bincount(rows[codes > 0], minlength=len(pieces))[: len(pieces)] - size + 1
        known = np.bincount(found_rows[-1], minlength=len(pieces))[: len(pieces)]
        familiar = ((known + 1) / (np.maximum(longest, 0) + 1)).astype(np.float32)
        return np.concatenate(found_rows), np.concatenate(found_columns), familiar


class Found(NamedTuple):
    """The features of pieces.

    Attributes
    ----------
    rows, columns : ndarray of int64
        Of every feature that the vocabulary has, each once, in ascending order.
    familiar : ndarray of float32, shape (n,)
        Share of each piece's longest character n-grams that the vocabulary has, 0–1.
    """

    rows: Integers
    columns: Integers
    familiar: Shares


class _Question(NamedTuple):
    """What is known of a question: its own columns, and those of the marks met under it so far."""

    columns: tuple[int, ...]
    kinds: tuple[str, ...]
    marks: dict[str, tuple[int, ...]]


class _Numbers(dict[str, int]):
    """Lemma → number of its word, -1 for unknown words; every lemma is worked out once."""

    def __init__(self, words: Mapping[str, int]) -> None:
        super().__init__()
        self._known = words

    def __missing__(self, lemma: str) -> int:
        number = self._known.get(word(lemma), -1)
        self[lemma] = number
        return number


class _WordTable:
    """The columns of words, pairs of words, last words and negated words."""

    def __init__(self, vocabulary: Mapping[str, int], language: str) -> None:
        self._before = language == "ja"
        pairs = [(name[2:].split(" "), column) for name, column in vocabulary.items() if name.startswith("b:")]
        single = {name[2:] for name in vocabulary if name.startswith(("w:", "e:", "x:"))}
        words = sorted(single | NEGATIONS[language] | {w for pair, _ in pairs for w in pair})
        number = {w: i for i, w in enumerate(words)}
        self._numbers = _Numbers(number)
        self._count = len(words)
        # The last entry of each table stands for unknown words: index -1.
        self._single, self._last, self._governed = (
            np.array([*(vocabulary.get(kind + w, -1) for w in words), -1], dtype=np.int64)
            for kind in ("w:", "e:", "x:")
        )
        self._negates = np.array([*(w in NEGATIONS[language] for w in words), False])
        self._pairs = _IntegerMap(
            [number[a] * self._count + number[b] for (a, b), _ in pairs], [column for _, column in pairs]
        )

    def find(self, pieces: Sequence[Piece]) -> tuple[Integers, Integers]:
        """Return rows and columns, in no order and with repeats."""
        lengths = np.array([len(p.tokens) for p in pieces], dtype=np.int64)
        tokens = chain.from_iterable(p.tokens for p in pieces)
        words = np.array([self._numbers[t.morph.lemma] for t in tokens], dtype=np.int64)
        rows = np.repeat(np.arange(len(pieces)), lengths)
        left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(words))
        last = left <= LAST_WORDS
        found = [(rows, self._single[words]), (rows[last], self._last[words[last]])]
        together = (rows[1:] == rows[:-1]) & (words[1:] >= 0) & (words[:-1] >= 0)
        found.append((rows[1:][together], self._pairs.get((words[:-1] * self._count + words[1:])[together])))
        found.extend(self._negated(rows, words))
        all_rows, columns = (np.concatenate(side) for side in zip(*found, strict=True))
        known = columns >= 0
        return all_rows[known], columns[known]

    def _negated(self, rows: Integers, words: Integers) -> Iterator[tuple[Integers, Integers]]:
        negations = np.flatnonzero(self._negates[words])
        for step in range(1, SCOPE + 1):
            places = negations - step if self._before else negations + step
            inside = (places >= 0) & (places < len(words))
            places, own = places[inside], rows[negations[inside]]
            same = rows[places] == own
            yield own[same], self._governed[words[places[same]]]


class _IntegerMap:
    """Whole numbers ≥ 0 → columns, looked up many at a time (open addressing, a quarter full)."""

    def __init__(self, keys: Sequence[int], values: Sequence[int]) -> None:
        bits = max(4, (4 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._mask = (1 << bits) - 1
        slots, columns = [-1] * (1 << bits), [-1] * (1 << bits)
        for key, value, start in zip(keys, values, self._slot(np.array(keys, dtype=np.int64)).tolist(), strict=True):
            place = start
            while slots[place] >= 0:
                place = (place + 1) & self._mask
            slots[place], columns[place] = key, value
        self._keys, self._values = np.array(slots, dtype=np.int64), np.array(columns, dtype=np.int64)

    def get(self, keys: Integers) -> Integers:
        """Return the column of each key, -1 for unknown ones."""
        place = self._slot(keys)
        stands = self._keys[place]
        out = np.where(stands == keys, self._values[place], -1)
        open_ = np.flatnonzero((stands != keys) & (stands >= 0))
        while len(open_):
            place[open_] = (place[open_] + 1) & self._mask
            stands = self._keys[place[open_]]
            same = stands == keys[open_]
            out[open_[same]] = self._values[place[open_[same]]]
            open_ = open_[~same & (stands >= 0)]
        return out

    def _slot(self, keys: Integers) -> Integers:
        return ((keys.astype(np.uint64) * _SPREAD) >> self._shift).astype(np.int64)
