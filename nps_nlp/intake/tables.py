"""Open one file of any supported format as a table of rows of text cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.text_tables import open_text
from nps_nlp.intake.typed_tables import open_parquet, open_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from nps_nlp.intake.rows import Table

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"SQLite f": "a database",
    b"$FL2": "an SPSS file",
}


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
        return open_parquet(path)
    if magic.startswith(_WORKBOOKS):
        return open_workbook(path)
    other = next((kind for start, kind in _OTHERS.items() if magic.startswith(start)), None)
    if other:
        raise InputError(f"{path}: this is {other}, not a table; export the responses as CSV or XLSX.")
    return open_text(path)
