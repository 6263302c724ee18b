"""Cut examples into token ids and group them into batches of like length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.encode import encode_pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from nps_nlp.training.data import Example


class Cut(NamedTuple):
    """An example as token ids, with and without its question."""

    full: list[int]
    bare: list[int]


def cut(tokenizer: Any, examples: Sequence[Example], longest: int = 128) -> list[Cut]:
    """Cut every example."""
    full = encode_pairs(tokenizer, [(e.question, e.text) for e in examples], longest)
    bare = encode_pairs(tokenizer, [("", e.text) for e in examples], longest)
    return [Cut(f, b) for f, b in zip(full, bare, strict=True)]


def batches(lengths: Sequence[int], tokens: int, rng: np.random.Generator) -> Iterator[list[int]]:
    """Yield places of like length that fill about ``tokens`` tokens, in random order."""
    order = np.argsort(np.asarray(lengths) + rng.uniform(0, 6, len(lengths)), kind="stable")
    groups: list[list[int]] = [[]]
    for place in order:
        if groups[-1] and (len(groups[-1]) + 1) * lengths[place] > tokens:
            groups.append([])
        groups[-1].append(int(place))
    rng.shuffle(groups)
    yield from groups


def padded(rows: Sequence[Sequence[int]], pad: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (ids, mask) of rows filled up to the longest."""
    ids = np.full((len(rows), max(map(len, rows))), pad, dtype=np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)] = row
    return ids, (ids != pad).astype(np.int64)
