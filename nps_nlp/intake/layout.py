"""Find the headings of a table: which row they stand in, which text belongs to them, where the answers begin."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.tables import MAX_HEADING, Row, Table
from nps_nlp.intake.tools import GENERIC, Preset, recognise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_TITLE_ROWS = 5
_CONTINUATION = re.compile(r"(Open-Ended Response|Response|Unnamed: \d+|)")
_TAG = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True)
class Layout:
    """A table with its headings found.

    Attributes
    ----------
    headings : tuple of str
        One a column, unique; a repeated heading carries `` (2)``.
    questions : dict of str to str
        Question text by heading, where the export has both.
    data_row : int
        Position of the first answer among the rows.
    """

    table: Table
    preset: Preset
    headings: tuple[str, ...]
    questions: dict[str, str]
    data_row: int
    notes: tuple[str, ...] = ()

    def answers(self) -> Iterator[Row]:
        """Yield the rows after the headings."""
        rows = self.table.rows()
        for _ in range(self.data_row):
            next(rows, None)
        return rows


def find_layout(table: Table, tool: str | None = None) -> Layout:
    """Find the headings of a table.

    Raises
    ------
    InputError
        When there is no row of headings, or no row after it.
    """
    head = table.head(_TITLE_ROWS + 10)
    preset = recognise(head, tool)
    start = _title_rows(head) if preset is GENERIC else 0
    first = start + preset.header_row
    if len(head) <= first:
        raise InputError(f"{table.path}: no row of headings was found; expected one row with the questions, then the answers.")
    if len(head) <= start + preset.data_row:
        raise InputError(f"{table.path}: the file has headings but no answers; export the responses again.")
    if any(len(c) > MAX_HEADING for c in head[first].cells):
        raise InputError(f"{table.path}: row {head[first].number} has a heading of over {MAX_HEADING:,} characters; expected a row of headings.")
    cells = head[first].cells
    texts = head[start + preset.text_row].cells if preset.text_row >= 0 else []
    raw = _joined_headings(cells, texts) if preset.id == "surveymonkey" else [_clean(c) for c in cells]
    headings, repeated = _unique(raw)
    questions = _questions(headings, texts) if preset.id == "qualtrics" else {}
    notes = (f"{start} title rows above the headings were skipped",) if start else ()
    if repeated:
        notes += (f"repeated headings were numbered: {', '.join(repeated)}",)
    return Layout(table, preset, headings, questions, start + preset.data_row, notes)


def _title_rows(head: Sequence[Row]) -> int:
    """Count the rows above the headings: the first row that fills most of the columns holds them."""
    width = max(sum(bool(c.strip()) for c in row.cells) for row in head)
    filled = (i for i, row in enumerate(head[:_TITLE_ROWS]) if sum(bool(c.strip()) for c in row.cells) > width * 0.5)
    return next(filled, 0)


def _clean(cell: str) -> str:
    # Headings are keys: line breaks and markup in them come from the form's editor, not from its author.
    return " ".join(_TAG.sub(" ", cell).replace("\ufeff", "").split())


def _joined_headings(cells: Sequence[str], options: Sequence[str]) -> list[str]:
    """Join a question with its option where a question spans several columns."""
    joined, question = [], ""
    for index, cell in enumerate(cells):
        option = _clean(options[index]) if index < len(options) else ""
        text = _clean(cell)
        question = question if _CONTINUATION.fullmatch(text) and index else text
        joined.append(question if _CONTINUATION.fullmatch(option) else f"{question} - {option}")
    return joined


def _unique(headings: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    seen: Counter[str] = Counter()
    taken = set(headings)
    unique, repeated = [], []
    for index, heading in enumerate(headings):
        name = heading or f"column {index + 1}"
        seen[name] += 1
        if seen[name] > 1:
            repeated.append(name)
            number = seen[name]
            while f"{name} ({number})" in taken:
                number += 1
            name = f"{name} ({number})"
        unique.append(name)
    return tuple(unique), repeated


def _questions(headings: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    pairs = zip(headings, (_clean(t) for t in texts), strict=False)
    return {h: t for h, t in pairs if t and unicodedata.normalize("NFKC", t) != h}
