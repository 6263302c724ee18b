"""Choose the quotes that speak for a theme: typical, varied, short, never two that say the same."""

from __future__ import annotations

from collections import Counter
from math import log, sqrt
from typing import TYPE_CHECKING

import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.tally import POLARITIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.quote_pool import Quote
    from nps_nlp.tally import Tally

PER_POOL = 12
_CATEGORY = {1: "promoter", 0: "passive", -1: "detractor"}
# Two quotes that share more than this (cosine of their character bigrams) say the same.
_TOO_ALIKE = 0.5
_COLUMNS = [
    "theme", "polarity", "category", "rank", "score", "text", "start", "end", "question", "period", "segments", "file",
    "row",
]  # fmt: skip


def quote_table(tally: Tally, themes: Sequence[str], polarities: Sequence[str] = POLARITIES) -> pd.DataFrame:
    """Return the chosen quotes, best first within theme × polarity × category.

    Parameters
    ----------
    tally : Tally
        Its quote pools are uniform samples of the readable comments, so what is central in a pool is typical.
    themes : sequence of str
    polarities : sequence of str
        ``("request",)`` for what people ask for; theme ``"unmentioned"`` then has the requests that no theme fits.
    """
    rows = []
    for theme in themes:
        for polarity in polarities:
            for category, name in _CATEGORY.items():
                pool = tally.quotes.get((theme, polarity, category), [])
                for rank, q in enumerate(choose(pool, PER_POOL), start=1):
                    rows.append(
                        (
                            theme,
                            polarity,
                            name,
                            rank,
                            q.score,
                            q.text,
                            q.start,
                            q.end,
                            q.question,
                            q.period,
                            dict(q.segments),
                            q.file,
                            q.row,
                        )
                    )
    return pd.DataFrame(rows, columns=_COLUMNS)


def select_quotes(table: pd.DataFrame, themes: Sequence[str], wanted: Mapping[str, str | None]) -> pd.DataFrame:
    """Return the quotes of a `quote_table` with some theme, polarity and category, the most typical first.

    Raises
    ------
    InputError
        If there is no such theme, polarity or category; names those there are.
    """
    known = {"theme": themes, "polarity": POLARITIES, "category": tuple(_CATEGORY.values())}
    for column, value in wanted.items():
        if value is not None:
            if value not in known[column]:
                raise InputError(
                    f"there is no {column} {value!r} among the quotes; use one of {', '.join(known[column])}"
                )
            table = table[table[column] == value]
    return table.sort_values(["rank", "polarity", "category"], ignore_index=True)


def choose(pool: Sequence[Quote], most: int) -> list[Quote]:
    """Pick quotes one by one: each the most typical of those that repeat none picked before.

    Typical is the mean likeness to the whole pool (cosine of character-bigram weights), less a little for length.
    """
    if not pool:
        return []
    vectors = [_vector(q.text[q.start : q.end]) for q in pool]
    seen_in = Counter(gram for v in vectors for gram in v)
    weighted = [_normalised({g: n * log(1 + len(pool) / seen_in[g]) for g, n in v.items()}) for v in vectors]
    centre: dict[str, float] = {}
    for vector in weighted:
        for gram, weight in vector.items():
            centre[gram] = centre.get(gram, 0.0) + weight
    typical = [
        _dot(v, centre) / len(pool) - 0.0015 * max(0, len(q.text) - 40) - 0.2 * q.tier
        for v, q in zip(weighted, pool, strict=True)
    ]
    order = sorted(range(len(pool)), key=lambda i: (-typical[i], pool[i]))
    chosen: list[int] = []
    for i in order:
        if len(chosen) < most and all(_dot(weighted[i], weighted[j]) <= _TOO_ALIKE for j in chosen):
            chosen.append(i)
    return [pool[i] for i in chosen]


def _vector(text: str) -> Counter[str]:
    plain = "".join(text.lower().split())
    return Counter(plain[i : i + 2] for i in range(max(1, len(plain) - 1)))


def _normalised(vector: Mapping[str, float]) -> dict[str, float]:
    length = sqrt(sum(w * w for w in vector.values())) or 1.0
    return {g: w / length for g, w in vector.items()}


def _dot(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    small, large = (a, b) if len(a) < len(b) else (b, a)
    # Sorted, because floating-point sums depend on their order and the choice must not.
    return sum(small[g] * large[g] for g in sorted(small) if g in large)
