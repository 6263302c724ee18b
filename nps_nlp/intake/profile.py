"""Describe a column by its contents: the evidence that its role is decided on."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.intake.answers import is_filler, parse_score
from nps_nlp.intake.dates import date_order

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
# A comma between digits belongs to a number (10,000円), not to a list of options.
SEPARATOR = re.compile(r"[\n;；]|(?<!\d), ?|, ?(?!\d)")
_CONTACT = re.compile(r"^(\S+@\S+\.\w+|https?://\S+|[\d\s()+.-]{9,})$")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True)
class Profile:
    """What a sample of a column's cells looks like.

    Attributes
    ----------
    cells, filled : int
        Cells in the sample, and those that are not blank.
    values : Counter of str
        The filled values with their counts.
    length : float
        Mean length in characters of the answers that are not fillers.
    scores, dates, numbers, contacts : float
        Shares (0–1) of the filled cells that read as a 0–10 score, a date, a number, a mail address, link or phone.
    prose : float
        Share of the answers that are words: Japanese text, or at least two words of another script.
    """

    heading: str
    question: str
    cells: int
    filled: int
    values: Counter[str]
    length: float
    scores: float
    dates: float
    numbers: float
    contacts: float
    prose: float

    @property
    def distinct(self) -> int:
        """Number of different filled values."""
        return len(self.values)

    @property
    def variety(self) -> float:
        """Different values per filled cell, 0–1."""
        return self.distinct / self.filled if self.filled else 0.0

    @property
    def multi(self) -> float:
        """Share of filled cells that join several options by line breaks, semicolons or commas."""
        return _share(self.values, lambda v: len(SEPARATOR.split(v.strip())) > 1)

    @property
    def integers(self) -> Counter[int]:
        """The whole numbers among the values, also those outside 0–10."""
        found: Counter[int] = Counter()
        for value, count in self.values.items():
            plain = unicodedata.normalize("NFKC", value).strip()
            if re.fullmatch(r"-?\d{1,4}(\.0+)?", plain):
                found[int(float(plain))] += count
            elif (score := parse_score(value)[0]) is not None:
                found[score] += count
        return found

    def top_share(self, n: int) -> float:
        """Share of the filled cells that the `n` most frequent values hold."""
        return sum(c for _, c in self.values.most_common(n)) / self.filled if self.filled else 0.0


def describe(heading: str, question: str, cells: Sequence[str]) -> Profile:
    """Describe a column from a sample of its cells."""
    values = Counter(stripped for c in cells if (stripped := c.strip()))
    answers = {v: n for v, n in values.items() if not is_filler(v)}
    weights = sum(answers.values())
    return Profile(
        heading=heading,
        question=question,
        cells=len(cells),
        filled=sum(values.values()),
        values=values,
        length=sum(len(v) * n for v, n in answers.items()) / weights if weights else 0.0,
        scores=_share(values, lambda v: parse_score(v)[0] is not None),
        dates=_share(values, lambda v: date_order(v) is not None),
        numbers=_share(values, lambda v: _NUMBER.fullmatch(unicodedata.normalize("NFKC", v)) is not None),
        contacts=_share(values, lambda v: _CONTACT.match(v) is not None),
        prose=_share(answers, _is_prose),
    )


def _is_prose(value: str) -> bool:
    return _JAPANESE.search(value) is not None or len(value.split()) > 1


def _share(values: dict[str, int] | Counter[str], test: Callable[[str], bool]) -> float:
    total = sum(values.values())
    return sum(n for v, n in values.items() if test(v)) / total if total else 0.0
