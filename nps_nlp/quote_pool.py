"""Comments that may be shown as evidence: small pools that add up like counts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.classify.labels import UNMENTIONED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from nps_nlp.classify.annotate import Answer, Statement
    from nps_nlp.survey import Survey

    Pools = dict[tuple[str, str, int], list["Quote"]]

QUOTES_KEPT = 40
REQUEST = "request"  # where a polarity stands: the pool of what people ask for
_LENGTH = (8, 140)


class Quote(NamedTuple):
    """A comment that may be shown as evidence; the order of the fields is the total order of quotes."""

    tier: int
    key: str
    file: str
    row: int
    text: str
    start: int
    end: int
    question: str
    score: int
    period: str
    segments: tuple[tuple[str, str], ...]


def collect(
    full: Mapping[tuple[str, str, int], Sequence[Quote]],
    survey: Survey,
    answers: Sequence[Answer],
    periods: Sequence[str],
    category: Callable[[int], int],
) -> Pools:
    """Return the pools that the comments of a chunk change.

    A pool is a uniform sample of the readable comments of a theme, polarity and category: the lowest hashes.

    Parameters
    ----------
    full : mapping
        (theme, polarity, category) → quotes: the pools so far.
    survey : Survey
    answers : sequence of Answer
    periods : sequence of str
        The month of every respondent.
    category : callable
        From a score to −1, 0 or 1.

    Returns
    -------
    dict
        The changed pools, with what they held before.
    """
    scores, files = survey.responses["score"].tolist(), survey.responses["file"].tolist()
    rows = survey.responses["row"].tolist()
    names = tuple(survey.segments.columns)
    values = list(zip(*(survey.segments[n].tolist() for n in names), strict=True)) if names else [()] * len(survey)
    last = {k: pool[-1][:2] for k, pool in full.items() if len(pool) == QUOTES_KEPT}
    found: Pools = {}
    for respondent, question, text, statements in answers:
        key = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        score = scores[respondent]
        side = category(score)
        for s in statements:
            tier = _tier(text, s)
            for theme, polarity in _speaks_for(s):
                pool = theme, polarity, side
                # Behind the last of a full pool nothing is kept: most quotes of a long stream end here.
                if pool in last and (tier, key) > last[pool]:
                    continue
                quote = Quote(
                    tier, key, files[respondent], rows[respondent], text, s.start, s.end, question, score,
                    periods[respondent], tuple(zip(names, values[respondent], strict=True)),
                )  # fmt: skip
                found.setdefault(pool, []).append(quote)
    return {pool: best([*full.get(pool, ()), *quotes]) for pool, quotes in found.items()}


def best(quotes: Iterable[Quote]) -> list[Quote]:
    """Return the first quotes in total order, one of each text."""
    chosen: dict[str, Quote] = {}
    for quote in sorted(quotes):
        chosen.setdefault(quote.key, quote)
        if len(chosen) == QUOTES_KEPT:
            break
    return list(chosen.values())


def polarities(statement: Statement) -> tuple[str, ...]:
    """Return the sides of a theme that a statement is evidence for: a mixed one for neither."""
    return () if statement.sentiment == "mixed" else (statement.sentiment,)


def _speaks_for(statement: Statement) -> Iterator[tuple[str, str]]:
    """Yield the theme and polarity of every pool that a statement belongs to; a request may be about no theme."""
    yield from ((theme, polarity) for polarity in polarities(statement) for theme in statement.themes)
    if statement.intent == "suggestion":
        yield from ((theme, REQUEST) for theme in statement.themes or (UNMENTIONED,))


def _tier(text: str, statement: Statement) -> int:
    """Prefer sure and readable quotes: 0 is best, 2 is kept only where there is nothing else."""
    low, high = _LENGTH
    return int(not low <= len(text) <= high) + int(statement.sentiment_confidence < 0.6)
