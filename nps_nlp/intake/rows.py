"""What every file format becomes: a table of rows of text cells."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

# No respondent writes this much; an unclosed quote or a damaged file does.
MAX_CELL, MAX_ROW = 1_000_000, 10_000_000
LONG_CELL = f"a cell of over {MAX_CELL:,} characters"
LONG_ROW = f"a row of over {MAX_ROW:,} characters"


class Row(NamedTuple):
    """One record: its number as a spreadsheet counts (the first row is 1), its cells, and its damage."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file as rows of text.

    Attributes
    ----------
    path : Path
    format : str
        ``csv``, ``tsv``, ``jsonl``, ``parquet`` or the kind of workbook.
    rows : callable
        Reads the file from its start, anew at each call, and holds no more than this one file.
        Empty lines are no rows; rows of blank cells are.
    lines : int
        Lines of the file, or rows where the format counts them: no fewer than its rows, in most files.
    encoding : str or None
        None where the format itself knows.
    notes : tuple of str
        What a reader of the results should know about how the file was read.
    damage : Counter of str
        What was wrong with how many lines or bytes.
    beside : mapping of str to callable
        The other sheets of a workbook by name: one of them may explain the answers of this one.
    """

    path: Path
    format: str
    rows: Callable[[], Iterator[Row]]
    lines: int
    encoding: str | None = None
    notes: tuple[str, ...] = ()
    damage: Counter[str] = field(default_factory=Counter)
    beside: Mapping[str, Callable[[], Iterator[Row]]] = field(default_factory=dict)
