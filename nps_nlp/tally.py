"""The Tally: mergeable counts from which everything in the report is computed.

``tally(a + b) == tally(a) + tally(b)`` to the bit: all members are integer counts, sums of weights in whole units, or
best-of lists under a total order. So one pass in chunks, or many processes, give the same Analysis as one DataFrame
does.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from nps_nlp.intake.answers import is_filler
from nps_nlp.scoring.scales import NPS, Scale

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

    from nps_nlp.classify.annotate import Answer, Statement
    from nps_nlp.survey import Survey

ALL = ""  # the segment (and its value) that holds everybody
NEGATIVE, POSITIVE, NEUTRAL = 1, 2, 4
_STATE = {"negative": NEGATIVE, "positive": POSITIVE, "mixed": NEGATIVE | POSITIVE, "neutral": NEUTRAL}
POLARITIES = ("negative", "positive", "neutral")
# Survey weights are counted in whole units of this size (about 1e-12), because sums of whole numbers do not depend on
# the order of the responses; a power of two, so that a weight of 1 is exactly 2**40 units.
WEIGHT_UNIT = 2.0**-40
_COUNTERS = ("responses", "writers", "mentions", "patterns", "statements", "answers", "moods", "terms", "ratings")
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
    ratings : Counter
        (heading, level) → responses: the answers to companion questions (CSAT, CES) on their own scale.
    quotes : dict
        (theme, polarity, category) → the best `QUOTES_KEPT` quotes.
    scale : Scale
        The break points of the score.
    weights, squares : dict of str to Counter
        For ``responses``, ``writers``, ``mentions``, ``patterns``, ``moods`` and ``ratings`` of a weighted survey: the
        same keys → sum of the weights, and of their squares, in whole units of `WEIGHT_UNIT` (and of its square).
        Empty without weights.
    """

    responses: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    writers: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str, str, int, int]] = field(default_factory=Counter)
    patterns: Counter[tuple[str, int, tuple[tuple[str, int], ...]]] = field(default_factory=Counter)
    statements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    moods: Counter[tuple[int, int]] = field(default_factory=Counter)
    terms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ratings: Counter[tuple[str, int]] = field(default_factory=Counter)
    quotes: dict[tuple[str, str, int], list[Quote]] = field(default_factory=dict)
    scale: Scale = NPS
    weights: dict[str, Counter[tuple[Hashable, ...]]] = field(default_factory=dict)
    squares: dict[str, Counter[tuple[Hashable, ...]]] = field(default_factory=dict)

    def __add__(self, other: Tally) -> Tally:
        total = Tally(scale=self.scale)
        total.absorb(self)
        total.absorb(other)
        return total

    def absorb(self, other: Tally) -> None:
        """Add another Tally in place: what a stream of chunks does instead of making a new sum each time.

        Raises
        ------
        ValueError
            If the two count with different break points.
        """
        if self.scale != other.scale:
            raise ValueError(f"tallies of {self.scale} and {other.scale} cannot be added: their categories differ")
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))
        for mine, others in ((self.weights, other.weights), (self.squares, other.squares)):
            for name, counter in others.items():
                mine.setdefault(name, Counter()).update(counter)
        for key, quotes in other.quotes.items():
            self.quotes[key] = _best([*self.quotes.get(key, ()), *quotes])

    def category(self, score: int) -> int:
        """Return −1 for a detractor, 0 for a passive, 1 for a promoter, by the break points of the scale."""
        return category(score, self.scale)

    @property
    def weighted(self) -> bool:
        """Whether responses count differently; weights that are all the same are no weights."""
        units, squares = (_of_everybody(counters) for counters in (self.weights, self.squares))
        n = _of_everybody({"responses": self.responses})
        # Cauchy–Schwarz: equal only where all weights are; whole numbers, so no rounding decides.
        return units * units != n * squares

    @property
    def unit(self) -> float:
        """What a unit of `masses` is worth: the weights of all responses then have a mean of 1."""
        if not self.weighted:
            return 1.0
        return _of_everybody({"responses": self.responses}) / _of_everybody(self.weights)

    def masses(self, name: str) -> Iterator[tuple[Any, int, int, int]]:
        """Yield the keys of a counter with respondents, and units of their weights and of the squared weights.

        Whole numbers, to be added up as they are and multiplied by `unit` (its square) at the end, so that no order of
        the responses shows in the last digit. Without weights all three are the number of respondents.
        """
        counter = getattr(self, name)
        if not self.weighted:
            yield from ((key, n, n, n) for key, n in counter.items())
            return
        weights, squares = self.weights.get(name, Counter()), self.squares.get(name, Counter())
        yield from ((key, n, weights[key], squares[key]) for key, n in counter.items())

    def count(self, name: str, keys: Iterable[Any], units: Iterable[int] | None) -> None:
        """Count keys, each with the units of its weight where the survey has weights."""
        counter = getattr(self, name)
        if units is None:
            counter.update(keys)
            return
        keys = list(keys)
        counter.update(keys)
        weights, squares = self.weights.setdefault(name, Counter()), self.squares.setdefault(name, Counter())
        for key, unit in zip(keys, units, strict=True):
            weights[key] = weights.get(key, 0) + unit
            squares[key] = squares.get(key, 0) + unit * unit


def _of_everybody(counters: Mapping[str, Mapping[Any, int]]) -> int:
    return sum(n for key, n in counters.get("responses", {}).items() if key[0] == ALL)


def tally(survey: Survey, answers: Sequence[Answer] = (), scale: Scale = NPS, *, into: Tally | None = None) -> Tally:
    """Count a Survey (or a chunk of one) with the annotated answers to it.

    Parameters
    ----------
    survey : Survey
    answers : sequence of Answer
        From `Annotator.annotate`; empty where only scores are wanted.
    scale : Scale
        The break points of the score.
    into : Tally, optional
        Counts, and keeps its scale: what a stream of chunks does, instead of making and adding a Tally for each.

    Returns
    -------
    Tally
        `into` where it is given.
    """
    result = Tally(scale=scale) if into is None else into
    periods = survey.responses["date"].dt.strftime("%Y-%m").fillna(ALL).tolist()
    scores = survey.responses["score"].tolist()
    units = _units(survey)
    groups = [
        (ALL, [ALL] * len(survey)),
        *((s, survey.segments[s].tolist()) for s in survey.segments.columns),
    ]
    for segment, values in groups:
        result.count("responses", zip(repeat(segment), values, periods, scores, strict=False), units)
    for heading in survey.comments.columns:
        kinds = ("filler" if is_filler(t) else "answer" for t in survey.comments[heading].tolist() if t)
        result.answers.update((heading, kind) for kind in kinds)
    _count_ratings(result, survey, units)
    people = _by_respondent(answers)
    said = {r: _states(statements) for r, statements in people.items()}
    result.count("patterns", ((periods[r], scores[r], said[r]) for r in people), _of(units, people))
    result.count("moods", ((scores[r], _mood(statements)) for r, statements in people.items()), _of(units, people))
    _count_by_group(result, groups, (periods, scores), said, units)
    for statements in people.values():
        _count_statements(result, statements)
    _collect_quotes(result, survey, answers, periods, scores)
    return result


def _of(units: Sequence[int] | None, people: Iterable[int]) -> list[int] | None:
    return None if units is None else [units[r] for r in people]


def _count_by_group(
    result: Tally,
    groups: Sequence[tuple[str, Sequence[str]]],
    known: tuple[Sequence[str], Sequence[int]],
    said: Mapping[int, tuple[tuple[str, int], ...]],
    units: Sequence[int] | None,
) -> None:
    """Count writers and mentions by group; columns are zipped, since a loop over all mentions takes seconds."""
    periods, scores = ([column[r] for r in said] for column in known)
    speakers = [r for r, states in said.items() for _ in states]
    themes, states = [t for s in said.values() for t, _ in s], [s for pairs in said.values() for _, s in pairs]
    heard = [known[1][r] for r in speakers]
    writers_units, speakers_units = _of(units, said), _of(units, speakers)
    for segment, values in groups:
        theirs = map(values.__getitem__, said)
        result.count("writers", zip(repeat(segment), theirs, periods, scores, strict=False), writers_units)
        theirs = map(values.__getitem__, speakers)
        result.count("mentions", zip(repeat(segment), theirs, themes, states, heard, strict=False), speakers_units)


def category(score: int, scale: Scale = NPS) -> int:
    """Return −1 for a detractor, 0 for a passive, 1 for a promoter: 0–6, 7–8 and 9–10 of the NPS."""
    return -1 if score <= scale.detractor_max else 1 if score >= scale.promoter_min else 0


def _units(survey: Survey) -> list[int] | None:
    """Return every respondent's weight in whole units, None where the survey has no weights."""
    if survey.columns.weight is None:
        return None
    return [round(w / WEIGHT_UNIT) for w in survey.responses["weight"].tolist()]


def _count_ratings(result: Tally, survey: Survey, units: Sequence[int] | None) -> None:
    for heading in survey.ratings.columns:
        levels = survey.ratings[heading].tolist()
        given = [at for at, level in enumerate(levels) if level >= 0]
        result.count("ratings", [(heading, levels[at]) for at in given], units and [units[at] for at in given])


def states_by_respondent(answers: Iterable[Answer]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return what each respondent of a chunk who wrote says of each theme."""
    return {respondent: _states(said) for respondent, said in _by_respondent(answers).items()}


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
    full = {k: pool[-1][:2] for k, pool in result.quotes.items() if len(pool) == QUOTES_KEPT}
    for respondent, question, text, statements in answers:
        key = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
        score = scores[respondent]
        side = result.category(score)
        for s in statements:
            tier = _tier(text, s)
            for polarity in _polarities(s):
                for theme in s.themes:
                    pool = theme, polarity, side
                    # Behind the last of a full pool nothing is kept: most quotes of a long stream end here.
                    if pool in full and (tier, key) > full[pool]:
                        continue
                    quote = Quote(
                        tier, key, files[respondent], rows[respondent], text, s.start, s.end, question, score,
                        periods[respondent], tuple(zip(names, values[respondent], strict=True)),
                    )  # fmt: skip
                    pools.setdefault(pool, []).append(quote)
    for pool, found in pools.items():
        result.quotes[pool] = _best([*result.quotes.get(pool, ()), *found])


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
