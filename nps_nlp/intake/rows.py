"""What every file format becomes: a table of rows of text cells."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.intake.mojibake import Repair, is_suspect, repair_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from nps_nlp.intake.encodings import Encoding

# What JSON and Parquet can smuggle into a text that no file can be written with: NUL and lone surrogates.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
# No respondent writes this much; an unclosed quote or a damaged file does.
MAX_CELL, MAX_ROW = 1_000_000, 10_000_000
LONG_CELL = f"a cell of over {MAX_CELL:,} characters"
LONG_ROW = f"a row of over {MAX_ROW:,} characters"


class Row(NamedTuple):
    """One record: its number as a spreadsheet counts (the first row is 1), its cells, and its damage.

    ``repairs`` are the cells that were damaged before they were exported.
    """

    number: int
    cells: list[str]
    problem: str = ""
    repairs: tuple[Repair, ...] = ()


def mended(row: Row) -> Row:
    """Return a row with what was read in a wrong encoding before it was exported put right."""
    cells, repairs = repair_cells(row.cells)
    return Row(row.number, cells, row.problem, repairs) if repairs else row


@dataclass(frozen=True)
class Block:
    """Sound rows of a table as columns of text: all of the same width, none of them blank lines.

    Attributes
    ----------
    first : int
        Number of the first row.
    cells : RecordBatch
    """

    first: int
    cells: pa.RecordBatch

    def __len__(self) -> int:
        return int(self.cells.num_rows)

    def part(self, start: int, end: int | None = None) -> Block:
        """Return some of the rows."""
        return Block(self.first + start, self.cells[start:end])

    def chosen(self, places: Sequence[int]) -> list[Row]:
        """Return some of the rows by their places, one by one."""
        rows = Block(0, self.cells.take(places)).rows()
        return [Row(self.first + at, row.cells) for at, row in zip(places, rows, strict=True)]

    def rows(self) -> list[Row]:
        """Return the rows one by one."""
        columns = [column.to_pylist() for column in self.cells.columns]
        cells = map(list, zip(*columns, strict=True))
        return [Row(number, row) for number, row in enumerate(cells, start=self.first)]


@dataclass(frozen=True)
class Table:
    """A file as rows of text.

    Attributes
    ----------
    path : Path
    format : str
        ``csv``, ``tsv``, ``jsonl``, ``parquet``, the kind of workbook, and so on.
    rows : callable
        Reads the file from its start, anew at each call; text in blocks, other formats whole.
        Empty lines are no rows; rows of blank cells are.
    parts : callable, optional
        The same rows, many at a time: those that are sound as columns. Who replaces `rows` replaces it too.
    lines : int
        Lines of the file, or rows where the format counts them: no fewer than its rows, in most files.
    encoding : Encoding or None
        None where the format itself knows.
    notes : tuple of str
        What a reader of the results should know about how the file was read.
    damage : Counter of str
        What was wrong with how many lines or bytes.
    beside : mapping of str to callable
        The other sheets of a workbook by name: one of them may explain the answers of this one.
    questions : mapping of str to str
        Question texts by heading, where the format itself has both.
    """

    path: Path
    format: str
    rows: Callable[[], Iterator[Row]]
    lines: int
    encoding: Encoding | None = None
    notes: tuple[str, ...] = ()
    damage: Counter[str] = field(default_factory=Counter)
    beside: Mapping[str, Callable[[], Iterator[Row]]] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    parts: Callable[[], Iterator[Sequence[Row] | Block]] | None = None


def typed_row(number: int, values: Iterable[object]) -> Row:
    """Return a row of typed cells as one of text."""
    cells = [cell_text(value) for value in values]
    if max(map(len, cells), default=0) > MAX_CELL:
        return Row(number, cells, LONG_CELL)
    row = Row(number, cells)
    return mended(row) if is_suspect("\n".join(cells)) else row


def cell_text(value: object) -> str:
    """Write a typed cell as text: dates in ISO form, whole floats without ``.0``.

    Examples
    --------
    >>> cell_text(9.0), cell_text(None), cell_text(["web", "shop"]), cell_text(7.25)
    ('9', '', '["web", "shop"]', '7.25')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return "" if value != value else repr(value).removesuffix(".0")  # noqa: PLR0124 - NaN alone differs from itself
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    else:
        text = json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    return _NO_TEXT.sub("\ufffd", text)
