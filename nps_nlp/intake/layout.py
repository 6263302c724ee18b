"""Find the headings of a table: in which row they stand, what text belongs to them, where answers begin."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.tools import GENERIC, Preset, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nps_nlp.intake.rows import Row, Table

HEAD_ROWS = 20
_TITLE_ROWS = 5
_MAX_HEADING = 10_000
# What pandas and SurveyMonkey write over columns that have no name of their own.
_CONTINUATION = re.compile(r"(Open-Ended Response|Response|Unnamed: \d+(_level_\d+)?|)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


@dataclass(frozen=True)
class Layout:
    """A table with its headings found.

    Attributes
    ----------
    headings : tuple of str
        One a column, unique; a repeated heading carries `` (2)``.
    questions : dict of str to str
        Question text by heading, where the export has both.
    start : int
        Position of the first answer among the rows of the table.
    written : tuple of str
        The row of headings as it is written in the file.
    notes : tuple of str
        What was decided about the headings.
    """

    table: Table
    preset: Preset
    headings: tuple[str, ...]
    questions: dict[str, str]
    start: int
    written: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @cached_property
    def drops(self) -> tuple[tuple[int, re.Pattern[str], str], ...]:
        """Rules of the tool for rows that are no answers: position of a cell, pattern, reason."""
        rules = self.preset.drop.items()
        return tuple(
            (self.headings.index(heading), re.compile(pattern), reason)
            for heading, (pattern, reason) in rules
            if heading in self.headings
        )

    def drop_reason(self, cells: Sequence[str]) -> str:
        """Return why the tool's rules drop a row, empty where they do not."""
        fits = (reason for at, rule, reason in self.drops if at < len(cells) and rule.fullmatch(cells[at].strip()))
        return next(fits, "")

    def answers(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows after the headings that hold anything, from all rows of the table."""
        for index, row in enumerate(rows):
            if index >= self.start and any(row.cells):
                yield row


def find_layout(table: Table, head: Sequence[Row], tool: str | None = None) -> Layout:
    """Find the headings of a table among its first rows.

    Parameters
    ----------
    table : Table
    head : sequence of Row
        The first ``HEAD_ROWS`` rows of the table, or all of them.
    tool : str, optional
        Preset id; recognised from the rows where not given.

    Raises
    ------
    InputError
        When there is no row of headings.
    """
    preset = recognise(head, tool)
    above = _title_rows(head) if preset is GENERIC else 0
    first = above + preset.headings
    if first >= len(head) or not any(head[first].cells):
        raise InputError(
            f"{table.path}: no row of headings was found; expected one row of questions, then the answers."
        )
    _check_headings(table, head[: first + 1])
    cells, notes = head[first].cells, []
    if above:
        notes.append(f"{above} title rows above the headings were skipped")
    if tool and preset.require and not preset.matches(head):
        notes.append(f"the file does not look like an export of {preset.name}, as which it was read")
    options = _row(head, preset.options)
    headings, repeated = _unique(_joined_headings(cells, options) if options else [clean_heading(c) for c in cells])
    if repeated:
        notes.append(f"repeated headings were numbered: {', '.join(repeated)}")
    questions = _questions(headings, _row(head, preset.questions))
    return Layout(table, preset, headings, questions, above + preset.answers, tuple(cells), tuple(notes))


def clean_heading(cell: str) -> str:
    r"""Return a heading without the line breaks and markup that a form's editor left in it.

    Examples
    --------
    >>> clean_heading("How likely are you<br>to recommend us?\n(0&ndash;10)")
    'How likely are you to recommend us? (0–10)'
    """
    return " ".join(html.unescape(_TAG.sub(" ", cell)).replace("\ufeff", "").split())


def _check_headings(table: Table, rows: Sequence[Row]) -> None:
    expected = "expected one row of headings, then the answers; export the responses again."
    hurt = next((row for row in rows if row.problem), None)
    if hurt:
        raise InputError(f"{table.path}: row {hurt.number}, among the headings, holds {hurt.problem}; {expected}")
    row = rows[-1]
    if any(len(cell) > _MAX_HEADING for cell in row.cells):
        raise InputError(
            f"{table.path}: row {row.number} has a heading of over {_MAX_HEADING:,} characters; {expected}"
        )


def _title_rows(head: Sequence[Row]) -> int:
    """Count the rows above the headings: the first row that fills most of the columns holds them."""
    filled = [sum(map(bool, map(str.strip, row.cells))) for row in head]
    widths = Counter(len(row.cells) for row, n in zip(head, filled, strict=True) if n > 1)
    # Ragged rows are wider than the table; the width that most rows have is the table's.
    usual = widths.most_common(1)[0][0] if widths else 1
    full = max((n for row, n in zip(head, filled, strict=True) if len(row.cells) <= usual), default=0)
    return next((i for i, n in enumerate(filled[: _TITLE_ROWS + 1]) if n > full / 2), 0)


def _row(head: Sequence[Row], index: int) -> list[str]:
    return head[index].cells if 0 <= index < len(head) else []


def _joined_headings(cells: Sequence[str], options: Sequence[str]) -> list[str]:
    """Join a question with its option where a question spans several columns."""
    joined, question = [], ""
    for index, cell in enumerate(cells):
        option = clean_heading(options[index]) if index < len(options) else ""
        text = clean_heading(cell)
        question = question if _CONTINUATION.fullmatch(text) and index else text
        plain = _CONTINUATION.fullmatch(option) or not question
        joined.append(question if plain else f"{question} - {option}")
    return joined


def _unique(headings: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    taken = set(headings)
    unique: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for position, heading in enumerate(headings, start=1):
        name = base = heading or f"column {position}"
        number = 1
        while name in unique or (name != heading and name in taken):
            number += 1
            name = f"{base} ({number})"
        if heading and name != heading:
            repeated[heading] = None
        unique[name] = None
    return tuple(unique), list(repeated)


def _questions(headings: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    pairs = zip(headings, map(clean_heading, texts), strict=False)
    return {heading: text for heading, text in pairs if text and text != heading}
