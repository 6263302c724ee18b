"""Open JSON Lines, and JSON documents that hold a list of records; nested objects become columns."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

from nps_nlp.errors import InputError
from nps_nlp.intake.rows import MAX_CELL, Row, Table, cell_text, typed_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from nps_nlp.intake.text_files import TextFile

_SUFFIXES = frozenset({".jsonl", ".ndjson", ".json"})
_START = re.compile(r"\s*(?:\[\s*[{\[]|\{\s*\")")
# What an item of a list begins with, or the end of the list.
_SIGN = re.compile(r"[^\s,]")
# Objects within objects become columns down to this depth; below it they stay one cell of JSON.
_MAX_NESTED = 3
_NO_LINE, _NO_ITEM = "the line is not a JSON object", "the item is not a JSON object"
_CUT_OFF = "JSON that is damaged or cut off from here on"


def is_json(path: Path, head: str) -> bool:
    """Tell whether a text is JSON: by its first signs, or by its name.

    Examples
    --------
    >>> from pathlib import Path
    >>> is_json(Path("a.txt"), '{"NPS": 9}'), is_json(Path("a.txt"), "[NPS],reason")
    (True, False)
    """
    return bool(_START.match(head)) or path.suffix.lower() in _SUFFIXES


def open_json(file: TextFile) -> Table:
    """Open a JSON text as a table.

    Raises
    ------
    InputError
        When no part of it is a record.
    """
    document = _is_document(file)

    def records() -> Iterator[tuple[int, Any, str]]:
        return _document_records("".join(file.blocks())) if document else _line_records(file)

    headings: dict[str, None] = {}
    for _, record, _ in records():
        headings.update(dict.fromkeys(_flat(record) if isinstance(record, dict) else ()))
    if not headings:
        raise InputError(
            f"{file.path}: no line of the file is a JSON object and it is no list of objects; "
            "expected JSON Lines, one {…} a response, or a list [{…}, …]."
        )
    names, kind = list(headings), "json" if document else "jsonl"
    return Table(
        file.path, kind, lambda: _rows(records(), names), file.lines, file.encoding, damage=file.damage,
    )  # fmt: skip


def _rows(records: Iterable[tuple[int, Any, str]], headings: list[str]) -> Iterator[Row]:
    yield typed_row(0, headings)
    for number, record, problem in records:
        if not isinstance(record, dict):
            yield Row(number, [cell_text(record)], problem)
            continue
        flat = _flat(record)
        yield typed_row(number, map(flat.get, headings))


def _flat(record: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Lay nested objects out side by side, as event exports need it: ``{"a": {"b": 1}}`` is ``a.b``."""
    flat: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value and above.count(".") < _MAX_NESTED:
            flat |= _flat(value, f"{above}{key}.")
        else:
            flat[f"{above}{key}"] = value
    return flat


def _is_document(file: TextFile) -> bool:
    """Tell whether the text is one value over many lines, or one value that is not itself a record."""
    lines = (line for block in file.blocks() for line in io.StringIO(block) if line.strip())
    first, more = next(lines, ""), next(lines, "")
    found = _parsed(first)
    if isinstance(found, dict):
        return not more and _records_within(found) is not None
    return bool(_START.match(first)) or first.strip() in ("[", "{")


def _line_records(file: TextFile) -> Iterator[tuple[int, Any, str]]:
    lines = (line for block in file.blocks() for line in io.StringIO(block))
    for number, line in enumerate(lines, start=1):
        found = _parsed(line)
        if isinstance(found, dict):
            yield number, found, ""
        elif line.strip():
            yield number, line.rstrip("\n"), _NO_LINE


def _document_records(text: str) -> Iterator[tuple[int, Any, str]]:
    """Yield the records of a document; of a list that is cut off, those before the cut and then the rest."""
    start = text.lstrip()
    if not start.startswith("["):
        whole = _parsed(text)
        if not isinstance(whole, dict):
            yield 1, start[:MAX_CELL], _CUT_OFF
            return
        items = _records_within(whole)
        yield from ((n, item, _NO_ITEM) for n, item in enumerate([whole] if items is None else items, start=1))
        return
    decoder, number, at = json.JSONDecoder(), 0, text.index("[") + 1
    while True:
        sign = _SIGN.search(text, at)
        if not sign or sign[0] == "]":
            return
        at = sign.start()
        number += 1
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            yield number, text[at : at + MAX_CELL].rstrip(), _CUT_OFF
            return
        yield number, item, _NO_ITEM


def _records_within(value: dict[str, Any], depth: int = 2) -> list[Any] | None:
    """Return the records of an object that holds them in a list, or as pandas writes it: by column or by row."""
    columns = list(value.values())
    if columns and all(isinstance(c, dict) for c in columns) and len({tuple(c) for c in columns}) == 1 and columns[0]:
        if all(row.isdigit() for row in columns[0]):
            return [{name: value[name][row] for name in value} for row in columns[0]]
        if all(row.isdigit() for row in value):
            return columns
    lists = [v for v in columns if isinstance(v, list) and v and isinstance(v[0], dict)]
    if lists:
        return max(lists, key=len)
    inner = [r for v in columns if isinstance(v, dict) and depth and (r := _records_within(v, depth - 1))]
    return max(inner, key=len) if inner else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
