"""Open one file of any supported format as a stream of rows of text cells."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.errors import InputError
from nps_nlp.intake.encodings import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

# An unclosed quote swallows the rest of a file into one cell; no respondent writes this much.
MAX_CELL = 1_000_000
MAX_HEADING = 10_000
csv.field_size_limit(sys.maxsize if sys.maxsize < 2**31 else 2**31 - 1)


class Row(NamedTuple):
    """One record: its number as a spreadsheet counts (the first row of the file is 1), its cells, and its damage."""

    number: int
    cells: list[str]
    problem: str = ""


@dataclass(frozen=True)
class Table:
    """A file as rows of text; ``rows()`` starts anew at each call."""

    path: Path
    format: str
    rows: Callable[[], Iterator[Row]]
    encoding: str | None = None
    notes: tuple[str, ...] = field(default=())

    def head(self, n: int) -> list[Row]:
        """Return the first `n` rows."""
        return list(islice(self.rows(), n))


def open_table(path: Path) -> Table:
    """Open a file by what it holds, not by its name.

    Raises
    ------
    InputError
        When the file is empty, unreadable, or of a format that holds no table.
    """
    try:
        with path.open("rb") as file:
            magic = file.read(8)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}); check the path and the permissions.") from error
    if not magic:
        raise InputError(f"{path}: the file is empty; export the responses again.")
    if magic.startswith(b"PAR1"):
        return _parquet(path)
    if magic.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return _workbook(path)
    if magic.startswith((b"%PDF", b"\x89PNG", b"\x1f\x8b", b"\xff\xd8\xff")):
        raise InputError(f"{path}: this is not a table but another kind of file; export the responses as CSV or XLSX.")
    return _text(path)


# --- text ---------------------------------------------------------------------------------------------------------


def _text(path: Path) -> Table:
    data = path.read_bytes()
    decoded = decode(data)
    text = decoded.text
    notes = []
    if "\x00" in text:
        if text.count("\x00") > len(text) // 10:
            raise InputError(f"{path}: the file is binary (NUL bytes throughout), not a CSV; export it again as CSV or XLSX.")
        notes.append(f"{text.count(chr(0))} NUL bytes were removed")
    if not text.strip("\x00 \t\r\n\ufeff"):
        raise InputError(f"{path}: the file holds only blank lines; export the responses again.")
    if decoded.other_lines:
        notes.append(f"{decoded.other_lines} lines were in CP932, not in {decoded.encoding}; they were read as CP932")
    if decoded.damaged_lines:
        notes.append(f"{decoded.damaged_lines} lines hold bytes that no encoding explains; each such byte is shown as \ufffd")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return Table(path, "jsonl", lambda: _json_rows(_reread(path)), decoded.encoding, tuple(notes))
    delimiter = _delimiter(path, text)
    name = "tsv" if delimiter == "\t" else "csv"
    return Table(path, name, lambda: _csv_rows(_reread(path), delimiter), decoded.encoding, tuple(notes))


def _reread(path: Path) -> str:
    """Decode anew at each pass: the text of one file is held at a time, however many there are."""
    return decode(path.read_bytes()).text.replace("\x00", "").removeprefix("\ufeff")


def _csv_rows(text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, cells in enumerate(reader, start=1):
        if not any(cells):
            continue
        yield Row(number, cells)


def _delimiter(path: Path, text: str) -> str:
    """Choose the delimiter that cuts the first records into the most columns, evenly."""
    head = text[:200_000].replace("\x00", "")
    if len(head.split("\n", 1)[0]) > MAX_HEADING * 10:
        raise InputError(f"{path}: the first line has over {MAX_HEADING * 10:,} characters; expected a row of headings.")

    def evenness(delimiter: str) -> tuple[float, int]:
        widths = [len(r) for r in islice(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter), 40) if any(r)]
        top = max(widths, default=0)
        return (sum(w == top for w in widths) / max(1, len(widths)) if top > 1 else 0.0, top)

    ranked = {d: evenness(d) for d in (",", "\t", ";", "|")}
    wide = {d: v for d, v in ranked.items() if v[0] > 0}
    # A comment with many semicolons makes one wide record; real delimiters make most records equally wide.
    return max(wide, key=lambda d: (wide[d][0] > 0.5, wide[d][1])) if wide else ","


def _json_rows(text: str) -> Iterator[Row]:
    records: list[tuple[int, dict[str, object] | None, str]] = []
    headings: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            record = None
        if isinstance(record, dict):
            headings.update(dict.fromkeys(record))
        records.append((number, record if isinstance(record, dict) else None, line))
    yield Row(0, list(headings))
    for number, record, line in records:
        if record is None:
            yield Row(number, [line], "the line is not a JSON object")
        else:
            yield Row(number, [_cell(record.get(h)) for h in headings])


# --- binary -------------------------------------------------------------------------------------------------------


def _workbook(path: Path) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        raise InputError(f"{path}: this is a ZIP archive or a damaged workbook, not a table; unzip it and name the files in it.") from error
    try:
        filled = [(s, len(book.get_sheet_by_name(s).to_python())) for s in book.sheet_names]
    finally:
        book.close()
    filled = [(s, n) for s, n in filled if n]
    if not filled:
        raise InputError(f"{path}: every sheet of the workbook is empty; export the responses again.")
    sheet = max(filled, key=lambda pair: pair[1])[0]
    notes = (f"sheet {sheet!r} was read, the longest of {len(filled)}",) if len(filled) > 1 else ()

    def rows() -> Iterator[Row]:
        with CalamineWorkbook.from_path(str(path)) as again:
            for number, cells in enumerate(again.get_sheet_by_name(sheet).to_python(skip_empty_area=False), start=1):
                texts = [_cell(c) for c in cells]
                if any(texts):
                    yield Row(number, texts)

    return Table(path, path.suffix.lower().lstrip(".") or "xlsx", rows, None, notes)


def _parquet(path: Path) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        names = pq.ParquetFile(path).schema_arrow.names
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: the Parquet file is damaged ({error}); write it again.") from error

    def rows() -> Iterator[Row]:
        yield Row(0, list(names))
        number = 0
        for batch in pq.ParquetFile(path).iter_batches(batch_size=5_000):
            for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield Row(number, [_cell(v) for v in values])

    return Table(path, "parquet", rows)


_WHOLE = re.compile(r"-?\d+\.0")


def _cell(value: object) -> str:
    """Write a typed cell as text: dates in ISO form, whole floats without ``.0``."""
    if value is None:
        return ""
    if isinstance(value, float):
        text = repr(value)
        return "" if value != value else text[:-2] if _WHOLE.fullmatch(text) else text  # noqa: PLR0124 - NaN
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)
