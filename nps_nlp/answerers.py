"""Who answered, as hashes: how many people the answers are from, and which answers are of the same person.

A Tally knows answers, not people. What is kept beside it are some 30 bytes an answer, and only where the survey has a
column of respondents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.people import Pattern, People
from nps_nlp.intake.repeats import GLOBAL_ID
from nps_nlp.scoring import category, repeated_answers
from nps_nlp.scoring._tables import key_text
from nps_nlp.tally import WEIGHT_UNIT, states_by_respondent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.scoring import RepeatedAnswers
    from nps_nlp.survey import Survey
    from nps_nlp.tally import Tally

_NOBODY = 0
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
        who (0: nobody known), score, weight and said (a number of `patterns`, −1: wrote nothing) of every chunk.
    patterns : dict
        What somebody says of the themes → its number.
    """

    across: bool = False
    parts: list[pd.DataFrame] = field(default_factory=list)
    patterns: dict[Pattern, int] = field(default_factory=dict)

    def add(self, chunk: Survey, answers: Sequence[Answer]) -> None:
        """Keep the hashes of a chunk with its own ids; nothing where the survey does not know its respondents."""
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
        kept = {"score": chunk.responses["score"].to_numpy(), "weight": weight.to_numpy(dtype=float), "said": said}
        self.parts.append(pd.DataFrame({"who": np.where(ids == "", _NOBODY, who), **kept}))

    def repeated(self, total: Tally, confidence: float) -> RepeatedAnswers | None:
        """Return what answers of the same people do to the certainty of the score; None where nobody answered twice."""
        if not self.parts:
            return None
        rows = pd.concat(self.parts, ignore_index=True)
        return repeated_answers(
            rows["who"], category(rows["score"], total.scale), rows["weight"], confidence=confidence
        )

    def writers(self, total: Tally) -> People | None:
        """Return the answers of those who wrote more than once; None where nobody did.

        Parameters
        ----------
        total : Tally
            Of the same answers.
        """
        if not self.parts:
            return None
        rows = pd.concat([part[(part["said"] >= 0) & (part["who"] != _NOBODY)] for part in self.parts])
        again = rows[rows["who"].duplicated(keep=False)].sort_values("who", kind="stable")
        if again.empty:
            return None
        patterns = list(self.patterns)
        return People(
            np.unique(again["who"], return_inverse=True)[1],
            again["score"].tolist(),
            [patterns[number] for number in again["said"]],
            np.rint(again["weight"].to_numpy() / WEIGHT_UNIT) * total.unit if total.weighted else np.ones(len(again)),
        )
