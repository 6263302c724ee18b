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
    from collections.abc import Callable, Mapping, Sequence

_JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠々]")
# A comma between digits belongs to a number (10,000円), not to a list of options.
_SEPARATOR = re.compile(r"[\n;；]|(?<!\d), ?|, ?(?!\d)")
# A spreadsheet takes a phone number with a leading apostrophe for a text.
_CONTACT = re.compile(r"[^\s@]+@[^\s@]+\.\w+|https?://\S+|'?[\d\s()+.-]{9,}")
_DIGIT = re.compile(r"[\d①-⑩]")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_GROUPS = {
    "promoter": "promoter promoters 推奨者 推奨 推薦者 推奨層 プロモーター 9-10",
    "passive": "passive passives neutral neutrals 中立者 中立 中間者 中立層 受動者 パッシブ ニュートラル 7-8",
    "detractor": "detractor detractors 批判者 批判 非推奨者 批判層 デトラクター 0-6 1-6",
}
# 9–10, 0〜6点, 7 to 8
_SPAN = re.compile(r"(\d{1,2})点?\s*(?:[-‐–—~〜～]|to|から|bis|à)\s*(\d{1,2})点?")
_GROUP_OF = {word: group for group, words in _GROUPS.items() for word in words.split()}
_IDENTIFIER = re.compile(r"(?=.*\d)[A-Za-z0-9_-]{8,64}")
# Dates, scores, numbers and contacts are shorter than this; longer cells are not searched for them.
_SHORT = 120
_FEW = 20


@dataclass(frozen=True)
class Sample:
    """The first answers of one file: cells by heading."""

    path: str
    cells: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Profile:
    """What a sample of a column's cells looks like.

    Attributes
    ----------
    heading, question : str
        The column, and the text of its question (the heading itself where the export has no other).
    cells, filled : int
        Cells in the sample, and those that are not blank.
    values : Counter of str
        The filled values with their counts.
    variety : float
        Different answers for each answer (0–1), where fillers such as 特になし are no answers.
    length : float
        Mean length in characters of the answers that are not fillers.
    scores, dates, numbers, contacts : float
        Shares (0–1) of the filled cells that read as a 0–10 score, a date, a number, or a mail address, link
        or phone number.
    prose : float
        Share of the answers that are words: Japanese text, or at least two words of another script.
    groups, identifiers : float
        Shares of the filled cells that name a group of the NPS (推奨者), or look like an identifier.
    options : frozenset of str
        The parts that come back in cells that join several by line breaks, semicolons or commas.
    multi : float
        Share of the filled cells that join several such options.
    """

    heading: str
    question: str
    cells: int
    filled: int
    values: Counter[str]
    variety: float
    length: float
    scores: float
    dates: float
    numbers: float
    contacts: float
    prose: float
    groups: float
    identifiers: float
    options: frozenset[str]
    multi: float

    @property
    def distinct(self) -> int:
        """Number of different filled values."""
        return len(self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """Heading and, where there is another, question text, as rules about names read them."""
        both = (self.heading,) if self.question == self.heading else (self.heading, self.question)
        # An underscore joins words as a space does: Post_Go-Live_NPS asks for the NPS.
        return tuple(unicodedata.normalize("NFKC", name).replace("_", " ") for name in both)

    @property
    def name(self) -> str:
        """Heading and question text in one."""
        return " ".join(self.names)

    def top_share(self, n: int) -> float:
        """Share of the filled cells that the `n` most frequent values hold."""
        return sum(c for _, c in self.values.most_common(n)) / self.filled if self.filled else 0.0


def is_group(text: str) -> str:
    """Return which group of the NPS a cell names, empty where it names none.

    Examples
    --------
    >>> is_group("Promoters"), is_group("批判者（0〜6）"), is_group("9")
    ('promoter', 'detractor', '')
    """
    plain = unicodedata.normalize("NFKC", text).strip().casefold()
    span = _SPAN.fullmatch(plain)
    return _GROUP_OF.get(f"{span[1]}-{span[2]}" if span else plain.split("(")[0].strip(), "")


def describe(heading: str, question: str, cells: Sequence[str]) -> Profile:
    """Describe a column from a sample of its cells.

    Examples
    --------
    >>> profile = describe("NPS", "NPS", ["9", "10 - とても", "", "３"])
    >>> profile.filled, profile.scores, profile.variety
    (3, 1.0, 1.0)
    """
    values = Counter(filter(None, map(str.strip, cells)))
    answers = {v: n for v, n in values.items() if not is_filler(v)}
    short = {v: n for v, n in values.items() if len(v) <= _SHORT}
    digits = {v: n for v, n in short.items() if _DIGIT.search(v)}
    given, filled = sum(answers.values()), values.total()
    options, multi = _options(values)

    def share(among: Mapping[str, int], test: Callable[[str], object], of: int) -> float:
        return sum(n for v, n in among.items() if test(v)) / of if of else 0.0

    return Profile(
        heading=heading,
        question=question,
        cells=len(cells),
        filled=filled,
        values=values,
        variety=len(answers) / given if given else 0.0,
        length=sum(len(v) * n for v, n in answers.items()) / given if given else 0.0,
        scores=share(digits, lambda v: parse_score(v)[0] is not None, filled),
        dates=share(digits, date_order, filled),
        numbers=share(digits, lambda v: _NUMBER.fullmatch(unicodedata.normalize("NFKC", v)), filled),
        contacts=share(short, _CONTACT.fullmatch, filled),
        prose=share(answers, lambda v: _JAPANESE.search(v) or len(v.split(maxsplit=2)) > 1, given),
        groups=share(short, is_group, filled),
        identifiers=share(digits, _IDENTIFIER.fullmatch, filled),
        options=options,
        multi=multi,
    )


def describe_all(samples: Sequence[Sample], questions: Mapping[str, str]) -> list[Profile]:
    """Describe every column of the union of the files, in the order in which they first appear."""
    cells: dict[str, list[str]] = {}
    for sample in samples:
        for heading, column in sample.cells.items():
            cells.setdefault(heading, []).extend(column)
    return [describe(heading, questions.get(heading, heading), column) for heading, column in cells.items()]


def _options(values: Counter[str]) -> tuple[frozenset[str], float]:
    """Find the parts that cells join. Commas in prose make parts too, but those do not come back."""
    joined = {v: parts for v in values if len(parts := [p.strip() for p in _SEPARATOR.split(v)]) > 1}
    counts: Counter[str] = Counter()
    for value, parts in joined.items():
        for part in filter(None, parts):
            counts[part] += values[value]
    back = frozenset(part for part, n in counts.items() if n > 1)
    # In a handful of answers nothing comes back; there a semicolon, which hardly anyone types, tells.
    few = values.total() < _FEW
    several = sum(
        values[v] for v, parts in joined.items() if back.issuperset(filter(None, parts)) or (few and ";" in v)
    )
    return back, several / values.total() if values else 0.0
