"""The Tally: mergeable counts from which everything in the report is computed.

``tally(a + b) == tally(a) + tally(b)`` to the bit: all members are integer counts, sums of weights in whole units, or
best-of lists under a total order. So one pass in chunks, or many processes, give the same Analysis as one DataFrame
does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.collector import no_collector
from nps_nlp.counts import Counts, PairCounts, PatternCounts, digits, number
from nps_nlp.intake.answers import is_filler
from nps_nlp.quote_pool import best, collect, polarities
from nps_nlp.scoring.scales import NPS, Scale

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.quote_pool import Quote
    from nps_nlp.survey import Survey

ALL = ""  # the segment (and its value) that holds everybody
NEGATIVE, POSITIVE, NEUTRAL = 1, 2, 4
_STATE = {"negative": NEGATIVE, "positive": POSITIVE, "mixed": NEGATIVE | POSITIVE, "neutral": NEUTRAL}
POLARITIES = ("negative", "positive", "neutral")
# Survey weights are counted in whole units of this size (about 1e-12), because sums of whole numbers do not depend on
# the order of the responses; a power of two, so that a weight of 1 is exactly 2**40 units.
WEIGHT_UNIT = 2.0**-40
# Counts of respondents, and how many items of a key are its first part.
_CUTS = {"responses": 2, "writers": 2, "mentions": 2, "moods": 1, "requests": 1, "ratings": 1}
_OTHER_COUNTS = ("statements", "answers", "terms")


@dataclass
class Tally:
    """Sufficient statistics of a survey.

    Attributes
    ----------
    responses : PairCounts
        (segment, value, period, score) → responses; segment ``""`` holds everybody.
    writers : PairCounts
        The same for the respondents with at least one comment that is not a filler.
    mentions : PairCounts
        (segment, value, theme, state, score) → writers; state is the sum of 1 (says something negative of the
        theme), 2 (positive) and 4 (neutral).
    patterns : PatternCounts
        (period, score, ((theme, state), …)) → writers: who mentions what together, for regressions and trends.
    moods : PairCounts
        (score, state) → writers, over all their statements.
    requests : PairCounts
        (score, (theme, …)) → writers who ask for something: the themes of all their requests, ``"unmentioned"`` among
        them where one fits no theme.
    ratings : PairCounts
        (heading, level) → responses: the answers to companion questions (CSAT, CES) on their own scale.
    statements : Counter
        (question, language, sentiment, intent) → statements.
    answers : Counter
        (question, "answer" or "filler") → cells that are not blank.
    terms : Counter
        (theme, polarity, term) → statements.
    quotes : dict
        (theme, polarity, category) → the best quotes, as `nps_nlp.quote_pool` keeps them.
    scale : Scale
        The break points of the score.

    The counts of respondents also hold the sums of their weights and of the squared weights, in whole units of
    `WEIGHT_UNIT` (and of its square), where the survey has weights. They may be given as plain mappings.
    """

    responses: PairCounts = field(default_factory=lambda: PairCounts(2))
    writers: PairCounts = field(default_factory=lambda: PairCounts(2))
    mentions: PairCounts = field(default_factory=lambda: PairCounts(2))
    patterns: PatternCounts = field(default_factory=PatternCounts)
    moods: PairCounts = field(default_factory=PairCounts)
    requests: PairCounts = field(default_factory=PairCounts)
    ratings: PairCounts = field(default_factory=PairCounts)
    statements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    terms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    quotes: dict[tuple[str, str, int], list[Quote]] = field(default_factory=dict)
    scale: Scale = NPS

    def __post_init__(self) -> None:
        for name, cut in _CUTS.items():
            if not isinstance(numbers := getattr(self, name), Counts):
                setattr(self, name, PairCounts(cut, numbers))
        if not isinstance(self.patterns, Counts):
            self.patterns = PatternCounts(self.patterns)

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
        for name in (*_CUTS, "patterns"):
            getattr(self, name).absorb(getattr(other, name))
        for name in _OTHER_COUNTS:
            getattr(self, name).update(getattr(other, name))
        for key, quotes in other.quotes.items():
            self.quotes[key] = best([*self.quotes.get(key, ()), *quotes])

    def category(self, score: int) -> int:
        """Return −1 for a detractor, 0 for a passive, 1 for a promoter, by the break points of the scale."""
        return category(score, self.scale)

    @property
    def weighted(self) -> bool:
        """Whether responses count differently; weights that are all the same are no weights."""
        n, units, squares = self._of_everybody()
        # Cauchy–Schwarz: equal only where all weights are; whole numbers, so no rounding decides.
        return units * units != n * squares

    @property
    def unit(self) -> float:
        """What a unit of `masses` is worth: the weights of all responses then have a mean of 1."""
        if not self.weighted:
            return 1.0
        n, units, _ = self._of_everybody()
        return n / units

    def _of_everybody(self) -> tuple[int, int, int]:
        """Return the number of all responses, the sum of their weights, and that of the squares; 0 without weights."""
        everybody = self.responses.heads_at == self.responses.heads.get((ALL, ALL), -1)
        n, units, squares = self.responses.added(np.where(everybody, 0, -1), 1)
        return n[0], units[0], squares[0]

    def masses(self, name: str) -> Iterator[tuple[Any, int, int, int]]:
        """Return the keys of a counter with respondents, and units of their weights and of the squared weights.

        Whole numbers, to be added up as they are and multiplied by `unit` (its square) at the end, so that no order of
        the responses shows in the last digit. Without weights all three are the number of respondents.
        """
        counts: Counts = getattr(self, name)
        if not self.weighted:
            return ((key, n, n, n) for key, n in counts.items())
        return ((key, n, unit, square) for key, (n, unit, square) in counts.masses())

    def added(self, name: str, places: NDArray[np.int64], size: int) -> tuple[list[int], list[int], list[int]]:
        """Add up the `masses` of a counter by a place of each key, 0 to size − 1; keys at −1 are left out."""
        counts: Counts = getattr(self, name)
        n, units, squares = counts.added(places, size)
        return (n, units, squares) if self.weighted else (n, n, n)

    def count(
        self, name: str, keys: Sequence[Any], numbers: Sequence[int], units: Sequence[Sequence[int]] = ()
    ) -> None:
        """Add respondents to the keys of a counter, and the units of their weights and squared weights, if any."""
        getattr(self, name).add(keys, [digits(part) for part in (numbers, *units)])


@no_collector()
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
    masses = _masses(survey)
    groups = [_Groups.of(ALL, [ALL] * len(survey))]
    groups += [_Groups.of(s, survey.segments[s].tolist()) for s in survey.segments.columns]
    _count_groups(result.responses, groups, range(len(survey)), list(zip(periods, scores, strict=True)), masses)
    for heading in survey.comments.columns:
        kinds = ("filler" if is_filler(t) else "answer" for t in survey.comments[heading].tolist() if t)
        result.answers.update((heading, kind) for kind in kinds)
    _count_ratings(result, survey, masses)
    people = _by_respondent(answers)
    said = {r: _states(statements) for r, statements in people.items()}
    mine = _of(masses, people)
    result.patterns.add([(periods[r], scores[r], said[r]) for r in people], mine)
    result.moods.add([(scores[r], _mood(statements)) for r, statements in people.items()], mine)
    wishes = {r: wished for r, statements in people.items() if (wished := _wishes(statements))}
    result.requests.add([(scores[r], wished) for r, wished in wishes.items()], _of(masses, wishes))
    _count_groups(result.writers, groups, list(said), [(periods[r], scores[r]) for r in said], masses)
    speakers = [r for r, states in said.items() for _ in states]
    mentioned = [(theme, state, scores[r]) for r, states in said.items() for theme, state in states]
    _count_groups(result.mentions, groups, speakers, mentioned, masses)
    _count_statements(result, answers)
    result.quotes.update(collect(result.quotes, survey, answers, periods, result.category))
    return result


class _Groups(NamedTuple):
    """The values of a segment, and the place of every respondent's among them."""

    heads: list[tuple[str, str]]
    place: NDArray[np.int64]

    @classmethod
    def of(cls, segment: str, values: Sequence[str]) -> _Groups:
        places: dict[str, int] = {}
        place = np.array([places.setdefault(v, len(places)) for v in values], dtype=np.int64)
        return cls([(segment, value) for value in places], place)


def _masses(survey: Survey) -> list[NDArray[np.int64]]:
    """Return the digits of 1 for every respondent, and where the survey has weights, of their units and the squares."""
    everybody = [np.ones((1, len(survey)), dtype=np.int64)]
    if survey.columns.weight is None:
        return everybody
    units = [round(w / WEIGHT_UNIT) for w in survey.responses["weight"].tolist()]
    return [*everybody, digits(units), digits([u * u for u in units])]


def _of(masses: Sequence[NDArray[np.int64]], people: Iterable[int]) -> list[NDArray[np.int64]]:
    who = np.fromiter(people, dtype=np.int64)
    return [part[:, who] for part in masses]


def _count_groups(
    counts: PairCounts,
    groups: Sequence[_Groups],
    who: Sequence[int],
    what: Sequence[tuple[Hashable, ...]],
    masses: Sequence[NDArray[np.int64]],
) -> None:
    """Count what respondents say by every segment's value: the keys are (segment, value, *what)."""
    people, mine = np.asarray(who, dtype=np.int64), _of(masses, who)
    kinds = np.array([number(counts.kinds, w) for w in what], dtype=np.int64)
    for group in groups:
        heads = np.array([number(counts.heads, head) for head in group.heads], dtype=np.int64)
        counts.count(heads[group.place[people]], kinds, mine)


def category(score: int, scale: Scale = NPS) -> int:
    """Return −1 for a detractor, 0 for a passive, 1 for a promoter: 0–6, 7–8 and 9–10 of the NPS."""
    return -1 if score <= scale.detractor_max else 1 if score >= scale.promoter_min else 0


def _count_ratings(result: Tally, survey: Survey, masses: Sequence[NDArray[np.int64]]) -> None:
    for heading in survey.ratings.columns:
        levels = survey.ratings[heading].tolist()
        given = [at for at, level in enumerate(levels) if level >= 0]
        result.ratings.add([(heading, levels[at]) for at in given], _of(masses, given))


def states_by_respondent(answers: Iterable[Answer]) -> dict[int, tuple[tuple[str, int], ...]]:
    """Return what each respondent of a chunk who wrote says of each theme."""
    return {respondent: _states(said) for respondent, said in _by_respondent(answers).items()}


def _by_respondent(answers: Iterable[Answer]) -> dict[int, list[Answer]]:
    people: dict[int, list[Answer]] = {}
    for answer in answers:
        people.setdefault(answer.respondent, []).append(answer)
    return people


@cache
def _one(theme: str, state: int) -> tuple[str, int]:
    """Return the one pair of this theme and state that all patterns share: they are most of a Tally's memory."""
    return theme, state


def _states(answers: Iterable[Answer]) -> tuple[tuple[str, int], ...]:
    """Return what one respondent says of each theme, over all of their comments."""
    states: dict[str, int] = {}
    for answer in answers:
        for statement in answer.statements:
            for theme in statement.themes:
                states[theme] = states.get(theme, 0) | _STATE[statement.sentiment]
    return tuple(_one(theme, states[theme]) for theme in sorted(states))


def _mood(answers: Iterable[Answer]) -> int:
    return reduce(or_, (_STATE[s.sentiment] for answer in answers for s in answer.statements), 0)


def _wishes(answers: Iterable[Answer]) -> tuple[str, ...]:
    """Return the themes of what one respondent asks for; none where they ask for nothing."""
    wishes = (s.themes or (UNMENTIONED,) for a in answers for s in a.statements if s.intent == "suggestion")
    return tuple(sorted({theme for themes in wishes for theme in themes}))


def _count_statements(result: Tally, answers: Iterable[Answer]) -> None:
    said = [(answer.question, s) for answer in answers for s in answer.statements]
    result.statements.update((question, s.language, s.sentiment, s.intent) for question, s in said)
    result.terms.update(
        (theme, polarity, term) for _, s in said for polarity in polarities(s) for theme in s.themes for term in s.terms
    )
