"""The validated responses of a survey: what every room after intake works on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

Role = Literal[
    "score",
    "comment",
    "date",
    "respondent",
    "segment",
    "rating",
    "option",
    "multi_select",
    "weight",
    "wave",
    "key",
    "ignored",
]


@dataclass(frozen=True)
class ColumnDecision:
    """What one original column was taken for, how sure that is (0–1), and why."""

    heading: str
    role: Role
    confidence: float
    reason: str


@dataclass(frozen=True)
class Rating:
    """A companion question and its scale.

    Attributes
    ----------
    heading : str
    kind : {"csat", "ces", "rating"}
        Satisfaction, ease (customer effort), or another rating.
    low, high : int
        Ends of the scale.
    ladder : str
        The labels that the cells hold ("satisfaction", "ease", "agreement"); empty where they hold numbers.
    turned : bool
        The question asks for effort, so that low numbers are good; answers are turned round as they are read.
    """

    heading: str
    kind: str
    low: int
    high: int
    ladder: str = ""
    turned: bool = False


@dataclass(frozen=True)
class Columns:
    """The role of every original column, by its original heading.

    Attributes
    ----------
    score : str
        Heading of the 0–10 answer.
    date_elsewhere : tuple of str
        Date columns of files that lack `date`, surest first.
    score_elsewhere : tuple of str
        Headings of the same answer in files that name it otherwise.
    comments : tuple of str
        Headings of the free-text answers, in file order.
    date, respondent : str or None
        Headings of the answer time and of the respondent's id.
    segments : tuple of str
        Headings of the groups that results are broken down by.
    questions : dict of str to str
        The question text behind a heading where the export has both (``Q2`` → ``What is the main reason…``).
    decisions : tuple of ColumnDecision
        Every column of the input, also the unused ones, with the reason.
    other_scores : tuple of str
        Columns that could hold the score as well and were not taken: other waves, other products.
    weight : str or None
        Heading of the survey weights.
    ratings : tuple of Rating
        The companion questions (CSAT, CES) with their scales.
    touchpoint : str or None
        Heading of what the score is about (a purchase, a support case, the relation as a whole); also a segment.
    wave, key : str or None
        Headings of the wave of a panel, and of the key of the tables that are joined (customer, account).
    """

    score: str
    comments: tuple[str, ...] = ()
    date: str | None = None
    respondent: str | None = None
    segments: tuple[str, ...] = ()
    questions: dict[str, str] = field(default_factory=dict)
    decisions: tuple[ColumnDecision, ...] = ()
    score_elsewhere: tuple[str, ...] = ()
    date_elsewhere: tuple[str, ...] = ()
    other_scores: tuple[str, ...] = ()
    weight: str | None = None
    ratings: tuple[Rating, ...] = ()
    touchpoint: str | None = None
    wave: str | None = None
    key: str | None = None

    def question(self, heading: str) -> str:
        """Return the question text behind a heading: the heading itself where the export has no other."""
        return self.questions.get(heading, heading)

    def to_dict(self) -> dict[str, Any]:
        """Return the roles as plain data for ``analysis.json`` and ``inspect --json``."""
        return {
            "score": [self.score, *self.score_elsewhere] if self.score else [],
            "comments": list(self.comments),
            "date": self.date,
            "respondent": self.respondent,
            "segments": list(self.segments),
            **{name: value for name in ("weight", "touchpoint", "wave", "key") if (value := getattr(self, name))},
            **({"ratings": [rating.heading for rating in self.ratings]} if self.ratings else {}),
        }


@dataclass(frozen=True)
class SourceFile:
    """One input file as it was read; ``confidence`` says how sure its encoding is (0–1)."""

    path: str
    format: str
    tool: str
    encoding: str | None
    notes: tuple[str, ...] = ()
    confidence: float = 1.0


class SetAside(NamedTuple):
    """A row that could not be used: its file, its number as a spreadsheet counts, the reason, its cells."""

    file: str
    row: int
    reason: str
    cells: list[str]


_MENDED = {
    "repaired": "cells that had been read in a wrong encoding, repaired",
    "lost": "cells with characters that are lost, left as they are",
}


class Mended(NamedTuple):
    """A cell that was damaged before it was exported: restored to `after`, or left as it is where nothing can."""

    file: str
    row: int
    column: str
    what: Literal["repaired", "lost"]
    before: str
    after: str


@dataclass
class IntakeLog:
    """The account of every row that was read: ``read == kept + quarantined`` always.

    Attributes
    ----------
    read, kept : int
        Rows after the headings, and those of them that became responses.
    duplicates : int
        Rows that repeat an earlier one in every column (kept unless dropping them was asked for), and answers
        that a later file, or the tool itself, has written again (set aside).
    quarantined : list of SetAside
        The rows that could not be used.
    answers, fillers : int
        Comment cells that are not blank, and those of them that only say that there is no answer (特になし).
    mended : list of Mended
        Cells that had been read in a wrong encoding before they were exported.
    notes : Counter of str
        What else was found, and how often: damaged lines, unreadable dates, short rows.

    Examples
    --------
    >>> a, b = IntakeLog(read=3, kept=2), IntakeLog(read=1, kept=1)
    >>> a.quarantine("jan.csv", 4, "blank score", ["x", ""])
    >>> (a + b).rows()
    {'read': 4, 'kept': 3, 'quarantined': 1, 'duplicates': 0}
    """

    read: int = 0
    kept: int = 0
    duplicates: int = 0
    quarantined: list[SetAside] = field(default_factory=list)
    answers: int = 0
    fillers: int = 0
    mended: list[Mended] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)

    def quarantine(self, file: str, row: int, reason: str, cells: list[str]) -> None:
        """Set a row aside with its file, row number (as a spreadsheet counts) and reason."""
        self.quarantined.append(SetAside(file, row, reason, cells))

    def mend(self, cell: Mended) -> None:
        """List a cell that was damaged before it was exported, and count it among the notes."""
        self.mended.append(cell)
        self.notes[_MENDED[cell.what]] += 1

    def rows(self) -> dict[str, int]:
        """Return the row account."""
        return {
            "read": self.read,
            "kept": self.kept,
            "quarantined": len(self.quarantined),
            "duplicates": self.duplicates,
        }

    def account(self) -> str:
        """Return the row account as a sentence.

        Examples
        --------
        >>> IntakeLog(read=3, kept=3, duplicates=1).account()
        'rows: 3 read = 3 kept + 0 set aside; 1 duplicates'
        """
        read, kept, aside, twice = (f"{n:,}" for n in self.rows().values())
        return f"rows: {read} read = {kept} kept + {aside} set aside; {twice} duplicates"

    def remarks(self, sentences: Sequence[str]) -> list[str]:
        """Return the notes as text: those that are `sentences` as they are, counted things with their number.

        Examples
        --------
        >>> log = IntakeLog(notes=Counter({"README.txt was left out": 1, "rows without a readable date": 4}))
        >>> log.remarks(["README.txt was left out"])
        ['README.txt was left out', '4 rows without a readable date']
        """
        return [note if note in sentences else f"{n} {note}" for note, n in sorted(self.notes.items()) if n]

    def reasons(self) -> dict[str, int]:
        """Return how many rows were set aside for which reason, most frequent first."""
        return dict(Counter(aside.reason for aside in self.quarantined).most_common())

    def __iadd__(self, other: IntakeLog) -> Self:
        self.read += other.read
        self.kept += other.kept
        self.duplicates += other.duplicates
        self.quarantined += other.quarantined
        self.answers += other.answers
        self.fillers += other.fillers
        self.mended += other.mended
        self.notes.update(other.notes)
        return self

    def __add__(self, other: IntakeLog) -> IntakeLog:
        total = IntakeLog()
        total += self
        total += other
        return total


def _no_ratings() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True)
class Survey:
    """Validated responses, one row a respondent; four frames that share one index.

    Attributes
    ----------
    responses : DataFrame
        ``file`` (str), ``row`` (int, as a spreadsheet counts), ``respondent`` (str), ``score`` (int8, 0–10)
        and ``date`` (datetime64, NaT where unknown); where the survey has them, ``weight`` (float above 0), ``wave``
        and ``key`` (str).
    comments : DataFrame of str
        One column a comment heading, the text as it was written; ``""`` where the cell is blank. Fillers such
        as 特になし are kept: ``nps_nlp.intake.answers.is_filler`` recognises them.
    segments : DataFrame of str
        One column a segment heading; ``""`` where unknown.
    columns : Columns
        The role of every original column.
    log : IntakeLog
        The account of every row.
    ratings : DataFrame of int8
        One column a companion question: the point of its scale, −1 where blank.
    """

    responses: pd.DataFrame
    comments: pd.DataFrame
    segments: pd.DataFrame
    columns: Columns
    log: IntakeLog
    ratings: pd.DataFrame = field(default_factory=_no_ratings)

    def __len__(self) -> int:
        return len(self.responses)
