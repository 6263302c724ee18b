"""Open CSV, TSV and JSON, whatever their encoding and damage."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.csv_rows import CsvRows, find_delimiter
from nps_nlp.intake.json_tables import is_json, open_json
from nps_nlp.intake.rows import MAX_CELL, Table
from nps_nlp.intake.text_files import BLOCK, open_text_file

if TYPE_CHECKING:
    from pathlib import Path

    from nps_nlp.intake.encodings import Encoding

_HEAD = 100_000
_LINE_END = re.compile(r"[\r\n]")
_MARKUP = re.compile(r"<(!doctype|html|\?xml|table|head|meta)\b", re.IGNORECASE)


def open_text(path: Path, encoding: Encoding | None = None) -> Table:
    """Open a text file as a table.

    Parameters
    ----------
    path : Path
    encoding : Encoding, optional
        Found on the evidence of the whole file where not given.

    Raises
    ------
    InputError
        When the bytes are no text, or the text is no table.
    """
    file = open_text_file(path, encoding)
    head = "".join(islice(file.blocks(), 1 + _HEAD // BLOCK))
    _refuse_other_text(path, head)
    if is_json(path, head):
        return open_json(file)
    delimiter, width = find_delimiter(head[:_HEAD] if len(head) > _HEAD else head)
    return Table(
        path,
        "tsv" if delimiter == "\t" else "csv",
        lambda: CsvRows(delimiter, width).rows(file.blocks()),
        file.lines,
        file.encoding,
        damage=file.damage,
        parts=lambda: CsvRows(delimiter, width).parts(file.blocks()),
    )


def _refuse_other_text(path: Path, head: str) -> None:
    start = head.lstrip("\ufeff \t\r\n")
    if not start:
        raise InputError(f"{path}: the file holds only blank lines; export the responses again.")
    if _MARKUP.match(start):
        raise InputError(
            f"{path}: this is a web page or XML under another name, not a table; "
            "open it in a spreadsheet program and save it as XLSX or CSV."
        )
    end = _LINE_END.search(head)
    if (end.start() if end else len(head)) > MAX_CELL and not start.startswith(("{", "[")):
        raise InputError(
            f"{path}: the first line has over {MAX_CELL:,} characters, expected a row of headings; "
            "export the responses again as CSV or XLSX."
        )
