"""Who answered, as hashes: how many people the answers are from, and which answers are of the same person.

A Tally knows answers, not people. What is kept beside it are some 30 bytes an answer and four a segment, and only where
the survey has a column of respondents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.people import Pattern, People
from nps_nlp.intake.repeats import GLOBAL_ID
from nps_nlp.scoring import category, repeated_answers
from nps_nlp.scoring._tables import key_text
from nps_nlp.tally import ALL, WEIGHT_UNIT, states_by_respondent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.scoring import RepeatedAnswers
    from nps_nlp.survey import Survey
    from nps_nlp.tally import Tally

_NOBODY = _UNDATED = 0
_WROTE_NOTHING = -1


@dataclass
class Answerers:
    """Who gave which answer.

    Attributes
    ----------
    across : bool
        Whether every id is that of the same person in all files, as where waves are followed. Else short ones, which
        may count from 1 in every file anew, are the same person within one file alone.
    parts : list of DataFrame
        who (0: nobody known), score, weight, month (since the year 0, 0: none) and said (a number of `patterns`, −1:
        wrote nothing) of every chunk.
    patterns : dict
        What somebody says of the themes → its number.
    places : list of ndarray of int, shape (segments, answers)
        Which of the `values` of each segment, of every chunk.
    values : dict of str to dict
        Segment → its values → their numbers.
    """

    across: bool = False
    parts: list[pd.DataFrame] = field(default_factory=list)
    patterns: dict[Pattern, int] = field(default_factory=dict)
    places: list[NDArray[np.int32]] = field(default_factory=list)
    values: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, chunk: Survey, answers: Sequence[Answer], groups: pd.DataFrame | None = None) -> None:
        """Keep the hashes of a chunk with its own ids; nothing where the survey does not know its respondents.

        `groups` are the segments as the Tally has them, where these are masked.
        """
        if chunk.columns.respondent is None:
            return
        ids = key_text(chunk.responses["respondent"])
        own = ids
        if not self.across:
            within = chunk.responses["file"].astype(str) + "\n" + ids
            own = ids.where(ids.str.fullmatch(GLOBAL_ID.pattern), within)
        who = pd.util.hash_array(own.to_numpy(dtype=object)).astype("int64")
        weight = chunk.responses["weight"] if chunk.columns.weight else pd.Series(1.0, index=ids.index)
        said = np.full(len(chunk), _WROTE_NOTHING, dtype=np.int32)
        for respondent, pattern in states_by_respondent(answers).items():
            said[respondent] = self.patterns.setdefault(pattern, len(self.patterns))
        dates = chunk.responses["date"]
        month = (12 * dates.dt.year + dates.dt.month - 1).fillna(_UNDATED).to_numpy(dtype=np.int32)
        kept = {"score": chunk.responses["score"].to_numpy(), "weight": weight.to_numpy(dtype=float), "month": month}
        self.parts.append(pd.DataFrame({"who": np.where(ids == "", _NOBODY, who), **kept, "said": said}))
        segments = chunk.segments if groups is None else groups
        numbered = [self._numbers(name, segments[name]) for name in segments.columns]
        self.places.append(np.array(numbered, dtype=np.int32).reshape(len(numbered), len(chunk)))

    def _numbers(self, segment: str, column: pd.Series) -> NDArray[np.int32]:
        """Return the number of every answer's value of a segment."""
        numbers = self.values.setdefault(segment, {})
        place, found = pd.factorize(column)
        return np.array([numbers.setdefault(value, len(numbers)) for value in found], dtype=np.int32)[place]

    def repeated(self, total: Tally, confidence: float) -> RepeatedAnswers | None:
        """Return what answers of the same people do to the certainty of the score; None where nobody answered twice."""
        if not self.parts:
            return None
        rows = pd.concat(self.parts, ignore_index=True)
        return repeated_answers(
            rows["who"], category(rows["score"], total.scale), rows["weight"], confidence=confidence
        )

    def again(self, total: Tally) -> People | None:
        """Return the answers of those who answered more than once; None where nobody did.

        Parameters
        ----------
        total : Tally
            Of the same answers.
        """
        if not self.parts:
            return None
        rows = pd.concat(self.parts, ignore_index=True)
        rows = rows[rows["who"] != _NOBODY]
        rows = rows[rows["who"].duplicated(keep=False)].sort_values("who", kind="stable")
        if rows.empty:
            return None
        patterns = [*self.patterns, None]  # the last one, at −1, for who wrote nothing
        places = np.concatenate(self.places, axis=1)[:, rows.index]
        named = {segment: list(numbers) for segment, numbers in self.values.items()}
        return People(
            rows["who"].to_numpy(),
            rows["score"].to_numpy(dtype=np.int64),
            [patterns[number] for number in rows["said"]],
            np.rint(rows["weight"].to_numpy() / WEIGHT_UNIT) * total.unit if total.weighted else np.ones(len(rows)),
            [_month(number) for number in rows["month"].tolist()],
            {s: [names[at] for at in places[k].tolist()] for k, (s, names) in enumerate(named.items())},
        )


@cache
def _month(number: int) -> str:
    """Return a month as the Tally names it."""
    return ALL if number == _UNDATED else f"{number // 12:04d}-{number % 12 + 1:02d}"
