"""Open CSV, TSV and JSON Lines, whatever their encoding and damage."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.encodings import Decoded, decode, find_encoding
from nps_nlp.intake.rows import LONG_CELL, LONG_ROW, MAX_CELL, MAX_ROW, Row, Table

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_HEAD = 100_000
_FIRST_RECORDS = 25
_LINE_END = re.compile(r"[\r\n]")
_MARKUP = re.compile(r"<(!doctype|html|\?xml|table|head|meta)\b", re.IGNORECASE)
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
# What JSON and Parquet can smuggle into a text that no file can be written with: NUL and lone surrogates.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
_NULS = "NUL bytes removed"
_UNCLOSED = "a quote that is never closed, so that it swallowed the rows below it; they were read on their own"
# A file in which every line opens a quote would be read as many times as it has lines.
_MAX_RESTARTS = 1_000
# Objects within objects become columns down to this depth; below it they stay one cell of JSON.
_MAX_NESTED = 3


def open_text(path: Path) -> Table:
    """Open a text file as a table.

    Raises
    ------
    InputError
        When the bytes are no text, or the text is no table.
    """
    data = read_bytes(path)
    encoding = find_encoding(data)
    if encoding is None:
        raise InputError(f"{path}: the file is binary, not a table; export the responses again as CSV or XLSX.")
    decoded = decode(data, encoding)
    damage = _damage(decoded, data)
    # Scanning a text costs as much as decoding it: what the first reading found is not looked for again.
    text = _plain(decoded.text, nuls=damage[_NULS])
    _refuse_other_text(path, text)
    ready, lines = [text], data.count(b"\n") + 1

    def fresh_text() -> str:
        return ready.pop() if ready else _plain(decode(read_bytes(path), encoding).text, nuls=damage[_NULS])

    if _is_json_lines(path, text):
        headings = _json_headings(path, text)
        return Table(path, "jsonl", lambda: _json_rows(fresh_text(), headings), lines, encoding, damage=damage)
    # Quotes come in pairs in every sound file; one that is never closed would swallow rows unseen.
    guarded = text.count('"') % 2 == 1
    delimiter, width = find_delimiter(text, quotes=not guarded)

    def rows() -> Iterator[Row]:
        return _guarded_rows(fresh_text(), delimiter, width) if guarded else _sound_rows(fresh_text(), delimiter)

    return Table(path, "tsv" if delimiter == "\t" else "csv", rows, lines, encoding, damage=damage)


def read_bytes(path: Path) -> bytes:
    """Read a whole file, or say in one sentence why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the path and the permissions.") from error


def _damage(decoded: Decoded, data: bytes) -> Counter[str]:
    found = {
        "lines in CP932 within a UTF-8 file, read as CP932": decoded.other_lines,
        "lines with bytes that no encoding explains, shown as \ufffd": decoded.damaged_lines,
        _NULS: decoded.text.count("\x00") if 0 in data else 0,
    }
    return Counter({what: n for what, n in found.items() if n})


def _plain(text: str, *, nuls: int) -> str:
    return (text.replace("\x00", "") if nuls else text).removeprefix("\ufeff")


def _refuse_other_text(path: Path, text: str) -> None:
    start = text[:_HEAD].lstrip("\ufeff \t\r\n")
    if not start and not text.strip("\ufeff \t\r\n"):
        raise InputError(f"{path}: the file holds only blank lines; export the responses again.")
    if _MARKUP.match(start):
        raise InputError(
            f"{path}: this is a web page or XML under another name, not a table; "
            "open it in a spreadsheet program and save it as XLSX or CSV."
        )
    end = _LINE_END.search(text)
    if (end.start() if end else len(text)) > MAX_CELL and not start.startswith("{"):
        raise InputError(
            f"{path}: the first line has over {MAX_CELL:,} characters, expected a row of headings; "
            "export the responses again as CSV or XLSX."
        )


# --- CSV --------------------------------------------------------------------------------------------------


def find_delimiter(text: str, *, quotes: bool = True) -> tuple[str, int]:
    r"""Find the delimiter that cuts the first records most evenly, and the number of columns it makes.

    Examples
    --------
    >>> find_delimiter("NPS;reason\n9;quick, friendly, cheap\n3;slow, rude, dear\n")
    (';', 2)
    """
    head = list(io.StringIO(text[:_HEAD], newline=""))
    best, rank = (",", 1), (0.0, 0)
    for delimiter in (",", "\t", ";", "|"):
        records = islice(_reader(head, delimiter, quotes=quotes), _FIRST_RECORDS)
        widths = Counter(len(cells) for cells in records if any(cells))
        wide = {width: n for width, n in widths.items() if width > 1}
        if wide:
            width = max(wide, key=lambda w: wide[w])
            # Comments full of semicolons make some records wide; a delimiter makes most records equally wide.
            if (wide[width] / widths.total(), width) > rank:
                best, rank = (delimiter, width), (wide[width] / widths.total(), width)
    return best


def _sound_rows(text: str, delimiter: str) -> Iterator[Row]:
    lines = io.StringIO(text, newline="")
    start = 0
    for number, cells in enumerate(_reader(lines, delimiter), start=1):
        end = lines.tell()
        if end - start > MAX_CELL:
            yield _long_row(number, cells, text[start:end])
        elif cells:
            yield Row(number, cells)
        start = end


def _guarded_rows(text: str, delimiter: str, width: int) -> Iterator[Row]:
    """Read records, giving back what an unclosed quote swallowed; sound records have `width` cells."""
    lines = list(io.StringIO(text, newline=""))
    at = number = restarts = 0
    while at < len(lines):
        reader = _reader(islice(lines, at, None), delimiter)
        start = at
        for cells in reader:
            number += 1
            end = start + reader.line_num
            if end - at > 1 and restarts < _MAX_RESTARTS and _holds_rows(lines[at + 1 : end], delimiter, width):
                yield Row(number, [lines[at].rstrip("\r\n")], _UNCLOSED)
                at, restarts = at + 1, restarts + 1
                break
            if cells:
                yield _long_row(number, cells, "".join(lines[at:end]))
            at = end


def _holds_rows(lines: list[str], delimiter: str, width: int) -> bool:
    """Tell whether some of the lines that a record goes on over are whole rows by themselves."""
    return width > 1 and any(
        line.count('"') % 2 == 0
        and line.count(delimiter) >= width - 1
        and len(next(_reader([line], delimiter), [])) == width
        for line in lines
    )


def _long_row(number: int, cells: list[str], written: str) -> Row:
    """Return a record that may be longer than anyone writes; one beyond all measure stays in one piece."""
    if len(written) > MAX_ROW:
        return Row(number, [written.rstrip("\r\n")], LONG_ROW)
    return Row(number, cells, LONG_CELL if len(written) > MAX_CELL and max(map(len, cells)) > MAX_CELL else "")


def _reader(lines: Iterable[str], delimiter: str, *, quotes: bool = True) -> Reader:
    csv.field_size_limit(2**31 - 1)  # the longest that every platform takes; MAX_CELL is checked on whole records
    return csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE)


# --- JSON Lines -------------------------------------------------------------------------------------------


def _is_json_lines(path: Path, text: str) -> bool:
    if path.suffix.lower() in _JSON_SUFFIXES:
        return True
    first = text.lstrip().split("\n", 1)[0] if text[:_HEAD].lstrip().startswith("{") else ""
    return _record(first) is not None


def _json_headings(path: Path, text: str) -> list[str]:
    """Collect the keys of all records: any of them may hold one more."""
    headings: dict[str, None] = {}
    for line in io.StringIO(text):
        headings.update(dict.fromkeys(_record(line) or ()))
    if not headings:
        raise InputError(f"{path}: no line of the file is a JSON object; expected JSON Lines, one {{…}} a response.")
    return list(headings)


def _json_rows(text: str, headings: list[str]) -> Iterator[Row]:
    yield Row(0, [cell_text(heading) for heading in headings])
    for number, line in enumerate(io.StringIO(text), start=1):
        record = _record(line)
        if record is None:
            if line.strip():
                yield Row(number, [line.rstrip("\n")], "the line is not a JSON object")
            continue
        cells = [cell_text(record.get(heading)) for heading in headings]
        yield Row(number, cells, LONG_CELL if len(line) > MAX_CELL and max(map(len, cells)) > MAX_CELL else "")


def _record(line: str) -> dict[str, object] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _flat(found) if isinstance(found, dict) else None


def _flat(record: dict[str, object], above: str = "") -> dict[str, object]:
    """Lay nested objects out side by side, as event exports need it: ``{"a": {"b": 1}}`` is ``a.b``."""
    flat: dict[str, object] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value and above.count(".") < _MAX_NESTED:
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = value
    return flat


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
