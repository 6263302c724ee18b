"""The Tally: mergeable counts from which everything in the report is computed.

``tally(a + b) == tally(a) + tally(b)`` to the bit: all members are integer counts, sums of weights in whole units, or
best-of lists under a total order. So one pass in chunks, or many processes, give the same Analysis as one DataFrame
does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache, reduce
from itertools import repeat
from operator import or_
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.collector import no_collector
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
_COUNTERS = (
    "responses", "writers", "mentions", "patterns", "statements", "answers", "moods", "requests", "terms",
    "ratings",
)  # fmt: skip


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
    requests : Counter
        (score, (theme, …)) → writers who ask for something: the themes of all their requests, ``"unmentioned"`` among
        them where one fits no theme.
    terms : Counter
        (theme, polarity, term) → statements.
    ratings : Counter
        (heading, level) → responses: the answers to companion questions (CSAT, CES) on their own scale.
    quotes : dict
        (theme, polarity, category) → the best quotes, as `nps_nlp.quote_pool` keeps them.
    scale : Scale
        The break points of the score.
    weights : dict of str to dict
        For ``responses``, ``writers``, ``mentions``, ``patterns``, ``moods``, ``requests`` and ``ratings`` of a
        weighted survey: the same keys → [sum of the weights, sum of their squares], in whole units of `WEIGHT_UNIT`
        (and of its square). Empty without weights.
    """

    responses: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    writers: Counter[tuple[str, str, str, int]] = field(default_factory=Counter)
    mentions: Counter[tuple[str, str, str, int, int]] = field(default_factory=Counter)
    patterns: Counter[tuple[str, int, tuple[tuple[str, int], ...]]] = field(default_factory=Counter)
    statements: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    moods: Counter[tuple[int, int]] = field(default_factory=Counter)
    requests: Counter[tuple[int, tuple[str, ...]]] = field(default_factory=Counter)
    terms: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    ratings: Counter[tuple[str, int]] = field(default_factory=Counter)
    quotes: dict[tuple[str, str, int], list[Quote]] = field(default_factory=dict)
    scale: Scale = NPS
    weights: dict[str, dict[tuple[Hashable, ...], list[int]]] = field(default_factory=dict)

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
        for name, others in other.weights.items():
            mine = self.weights.setdefault(name, {})
            for key, (units, squares) in others.items():
                sums = mine.setdefault(key, [0, 0])
                sums[0] += units
                sums[1] += squares
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
        if not self.weights:
            return 0, 0, 0
        everybody = {key: n for key, n in self.responses.items() if key[0] == ALL}
        weights = self.weights.get("responses", {})
        sums = [weights[key] for key in everybody if key in weights]
        return sum(everybody.values()), sum(units for units, _ in sums), sum(squares for _, squares in sums)

    def masses(self, name: str) -> Iterator[tuple[Any, int, int, int]]:
        """Return the keys of a counter with respondents, and units of their weights and of the squared weights.

        Whole numbers, to be added up as they are and multiplied by `unit` (its square) at the end, so that no order of
        the responses shows in the last digit. Without weights all three are the number of respondents.
        """
        counter = getattr(self, name)
        if not self.weighted:
            return ((key, n, n, n) for key, n in counter.items())
        weights = self.weights.get(name, {})
        # Respondents whose weights are all 0 have no sums.
        return ((key, n, *weights.get(key, (0, 0))) for key, n in counter.items())

    def count(
        self, name: str, keys: Sequence[Any], numbers: Iterable[int], units: Sequence[Iterable[int]] = ()
    ) -> None:
        """Add respondents to the keys of a counter, and the units of their weights and squared weights, if any."""
        counter = getattr(self, name)
        if not units:
            for key, n in zip(keys, numbers, strict=False):
                counter[key] = counter.get(key, 0) + n
            return
        weights = self.weights.setdefault(name, {})
        for key, n, unit, square in zip(keys, numbers, *units, strict=False):
            counter[key] = counter.get(key, 0) + n
            sums = weights.get(key)
            if sums is None:
                weights[key] = [unit, square]
            else:
                sums[0] += unit
                sums[1] += square


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
    units = _units(survey)
    groups = [_Groups.of(ALL, [ALL] * len(survey))]
    groups += [_Groups.of(s, survey.segments[s].tolist()) for s in survey.segments.columns]
    _count_groups(result, "responses", groups, range(len(survey)), list(zip(periods, scores, strict=True)), units)
    for heading in survey.comments.columns:
        kinds = ("filler" if is_filler(t) else "answer" for t in survey.comments[heading].tolist() if t)
        result.answers.update((heading, kind) for kind in kinds)
    _count_ratings(result, survey, units)
    people = _by_respondent(answers)
    said = {r: _states(statements) for r, statements in people.items()}
    mine = _of(units, people)
    result.count("patterns", [(periods[r], scores[r], said[r]) for r in people], repeat(1), mine)
    result.count("moods", [(scores[r], _mood(statements)) for r, statements in people.items()], repeat(1), mine)
    wishes = {r: wished for r, statements in people.items() if (wished := _wishes(statements))}
    result.count("requests", [(scores[r], wished) for r, wished in wishes.items()], repeat(1), _of(units, wishes))
    _count_groups(result, "writers", groups, list(said), [(periods[r], scores[r]) for r in said], units)
    speakers = [r for r, states in said.items() for _ in states]
    mentioned = [(theme, state, scores[r]) for r, states in said.items() for theme, state in states]
    _count_groups(result, "mentions", groups, speakers, mentioned, units)
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


def _of(units: Sequence[int] | None, people: Iterable[int]) -> tuple[list[int], ...]:
    if units is None:
        return ()
    mine = [units[r] for r in people]
    return mine, [u * u for u in mine]


def _count_groups(
    result: Tally,
    name: str,
    groups: Sequence[_Groups],
    who: Sequence[int],
    what: Sequence[tuple[Hashable, ...]],
    units: Sequence[int] | None,
) -> None:
    """Count what respondents say by every segment's value: the keys are (segment, value, *what).

    Equal keys of a chunk are brought together by number first: a key a mention and segment would take seconds. Objects
    keep the sums of units exact.
    """
    if not what:
        return
    kinds: dict[tuple[Hashable, ...], int] = {}
    kind = np.array([kinds.setdefault(w, len(kinds)) for w in what])
    told = list(kinds)
    people = np.asarray(who)
    mine = [np.array(part, dtype=object) for part in _of(units, who)]
    for group in groups:
        cells = group.place[people] * len(told) + kind
        order = np.argsort(cells, kind="stable")
        starts = np.flatnonzero(np.diff(cells[order], prepend=-1))
        n = np.diff(starts, append=len(cells)).tolist()
        sums = [np.add.reduceat(part[order], starts).tolist() for part in mine]
        names, at = np.divmod(cells[order][starts], len(told))
        keys = [group.heads[v] + told[w] for v, w in zip(names.tolist(), at.tolist(), strict=True)]
        result.count(name, keys, n, sums)


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
        result.count("ratings", [(heading, levels[at]) for at in given], repeat(1), _of(units, given))


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
