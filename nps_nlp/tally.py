"""The Tally: mergeable counts from which everything in the report is computed.

``tally(a + b) == tally(a) + tally(b)`` to the bit: all members are integer counts, or best-of lists under a total
order. So one pass in chunks, or many processes, give the same Analysis as one DataFrame does.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.intake.answers import is_filler
from nps_nlp.scoring.scales import NPS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nps_nlp.classify.annotate import Answer, Statement
    from nps_nlp.survey import Survey

ALL = ""  # the segment (and its value) that holds everybody
NEGATIVE, POSITIVE, NEUTRAL = 1, 2, 4
_STATE = {"negative": NEGATIVE, "positive": POSITIVE, "mixed": NEGATIVE | POSITIVE, "neutral": NEUTRAL}
POLARITIES = ("negative", "positive", "neutral")
QUOTES_KEPT = 40
_QUOTE_LENGTH = (8, 140)


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


@dataclass
class Tally:
    """Sufficient statistics of a survey.

    Attributes
    ----------
    responses : Counter
        (segment, value, period, score) → responses; segment ``""`` holds everybody.
    writers : Counter
        The same for the respondents with at least one comment that is not a filler.
    mentions : Counter
        (segment, value, theme, state, score) → writers; state is the sum of 1 (says something negative of the
        theme), 2 (positive) and 4 (neutral).
    patterns : Counter
        (period, score, ((theme, state), …)) → writers: who mentions what together, for regressions and trends.
    statements : Counter
        (question, language, sentiment, intent) → statements.
    answers : Counter
        (question, "answer" or "filler") → cells that are not blank.
    moods : Counter
        (score, state) → writers, over all their statements.
    terms : Counter
        (theme, polarity, term) → statements.
    quotes : dict
        (theme, polarity, category) → the best `QUOTES_KEPT` quotes.
    """

    responses: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    writers: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str, str, int, int]] = field(default_factory=Counter)
    patterns: Counter[tuple[str, int, tuple[tuple[str, int], ...]]] = field(default_factory=Counter)
    statements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    moods: Counter[tuple[int, int]] = field(default_factory=Counter)
    terms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    quotes: dict[tuple[str, str, int], list[Quote]] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        keys = sorted({*self.quotes, *other.quotes})
        return Tally(
            self.responses + other.responses,
            self.writers + other.writers,
            self.mentions + other.mentions,
            self.patterns + other.patterns,
            self.statements + other.statements,
            self.answers + other.answers,
            self.moods + other.moods,
            self.terms + other.terms,
            {k: _best([*self.quotes.get(k, ()), *other.quotes.get(k, ())]) for k in keys},
        )

    def absorb(self, other: Tally) -> None:
        """Add another Tally in place: what a stream of chunks does instead of making a new sum each time."""
        for name in (
            "responses",
            "writers",
            "mentions",
            "patterns",
            "statements",
            "answers",
            "moods",
            "terms",
        ):
            getattr(self, name).update(getattr(other, name))
        for key, quotes in other.quotes.items():
            self.quotes[key] = _best([*self.quotes.get(key, ()), *quotes])


def tally(survey: Survey, answers: Sequence[Answer] = ()) -> Tally:
    """Count a Survey (or a chunk of one) with the annotated answers to it.

    Parameters
    ----------
    survey : Survey
    answers : sequence of Answer
        From `Annotator.annotate`; empty where only scores are wanted.

    Returns
    -------
    Tally
    """
    result = Tally()
    periods = survey.responses["date"].dt.strftime("%Y-%m").fillna(ALL).tolist()
    scores = survey.responses["score"].tolist()
    groups = [
        (ALL, [ALL] * len(survey)),
        *((s, survey.segments[s].tolist()) for s in survey.segments.columns),
    ]
    for segment, values in groups:
        result.responses.update(zip((segment,) * len(values), values, periods, scores, strict=True))
    for heading in survey.comments.columns:
        kinds = ("filler" if is_filler(t) else "answer" for t in survey.comments[heading].tolist() if t)
        result.answers.update((heading, kind) for kind in kinds)
    people = _by_respondent(answers)
    for segment, values in groups:
        result.writers.update((segment, values[r], periods[r], scores[r]) for r in people)
    for respondent, said in people.items():
        themes = _states(said)
        score = scores[respondent]
        for segment, values in groups:
            for theme, state in themes:
                result.mentions[segment, values[respondent], theme, state, score] += 1
        result.patterns[periods[respondent], score, themes] += 1
        result.moods[score, _mood(said)] += 1
        _count_statements(result, said)
    _collect_quotes(result, survey, answers, periods, scores)
    return result


def category(score: int) -> int:
    """Return −1 for a detractor (0–6), 0 for a passive (7–8), 1 for a promoter (9–10)."""
    return -1 if score <= NPS.detractor_max else 1 if score >= NPS.promoter_min else 0


def _by_respondent(answers: Iterable[Answer]) -> dict[int, list[Answer]]:
    people: dict[int, list[Answer]] = {}
    for answer in answers:
        people.setdefault(answer.respondent, []).append(answer)
    return people


def _states(answers: Iterable[Answer]) -> tuple[tuple[str, int], ...]:
    """Return what one respondent says of each theme, over all of their comments."""
    states: dict[str, int] = {}
    for answer in answers:
        for statement in answer.statements:
            for theme in statement.themes:
                states[theme] = states.get(theme, 0) | _STATE[statement.sentiment]
    return tuple(sorted(states.items()))


def _mood(answers: Iterable[Answer]) -> int:
    mood = 0
    for answer in answers:
        for statement in answer.statements:
            mood |= _STATE[statement.sentiment]
    return mood


def _count_statements(result: Tally, answers: Iterable[Answer]) -> None:
    for answer in answers:
        for s in answer.statements:
            result.statements[answer.question, s.language, s.sentiment, s.intent] += 1
            for polarity in _polarities(s):
                result.terms.update((theme, polarity, term) for theme in s.themes for term in s.terms)


def _polarities(statement: Statement) -> tuple[str, ...]:
    # A mixed statement is evidence for neither side of a theme.
    return () if statement.sentiment == "mixed" else (statement.sentiment,)


def _collect_quotes(
    result: Tally, survey: Survey, answers: Sequence[Answer], periods: Sequence[str], scores: Sequence[int]
) -> None:
    """Keep a uniform sample of the readable comments of each theme, polarity and category: the lowest hashes."""
    files, rows = survey.responses["file"].tolist(), survey.responses["row"].tolist()
    names = tuple(survey.segments.columns)
    values = list(zip(*(survey.segments[n].tolist() for n in names), strict=True)) if names else [()] * len(survey)
    pools: dict[tuple[str, str, int], list[Quote]] = {}
    for respondent, question, text, statements in answers:
        key = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        for s in statements:
            tier = _tier(text, s)
            for polarity in _polarities(s):
                for theme in s.themes:
                    quote = Quote(
                        tier, key, files[respondent], rows[respondent], text, s.start, s.end, question,
                        scores[respondent],
                        periods[respondent], tuple(zip(names, values[respondent], strict=True)),
                    )  # fmt: skip
                    pools.setdefault((theme, polarity, category(scores[respondent])), []).append(quote)
    for pool_key, pool in pools.items():
        result.quotes[pool_key] = _best([*result.quotes.get(pool_key, ()), *pool])


def _tier(text: str, statement: Statement) -> int:
    """Prefer sure and readable quotes: 0 is best, 2 is kept only where there is nothing else."""
    low, high = _QUOTE_LENGTH
    return int(not low <= len(text) <= high) + int(statement.sentiment_confidence < 0.6)


def _best(quotes: Iterable[Quote]) -> list[Quote]:
    """Return the first quotes in total order, one of each text."""
    chosen: dict[str, Quote] = {}
    for quote in sorted(quotes):
        chosen.setdefault(quote.key, quote)
        if len(chosen) == QUOTES_KEPT:
            break
    return list(chosen.values())
