"""Open one file of any supported format as tables of rows of text cells."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from nps_nlp.errors import InputError
from nps_nlp.intake.archives import unpack, workbook_kind
from nps_nlp.intake.files import TABLE_SUFFIXES
from nps_nlp.intake.stat_tables import open_statistics
from nps_nlp.intake.text_tables import open_text
from nps_nlp.intake.typed_tables import open_arrow, open_parquet
from nps_nlp.intake.workbooks import open_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nps_nlp.intake.archives import Unpacked
    from nps_nlp.intake.encodings import Encoding
    from nps_nlp.intake.rows import Table

_T = TypeVar("_T")
_ZIP, _GZIP = b"PK", b"\x1f\x8b"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ARROW = (b"ARROW1", b"FEA1", b"\xff\xff\xff\xff")
# The first byte of old Stata files is their version.
_STATA = (b"<stata_dta>", *(bytes((version, order)) for version in (113, 114, 115) for order in (1, 2)))
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"SQLite f": "a database; read it with --sql sqlite:///FILE QUERY",
}


def open_tables(path: Path, encoding: Encoding | None = None) -> tuple[list[Table], list[str]]:
    """Open a file, or all the tables of an archive.

    Returns
    -------
    list of Table, list of str
        The tables; and notes on members of an archive that were left out.

    Raises
    ------
    InputError
        As `open_table` does, and when an archive is damaged or unpacks to beyond all measure.
    """
    magic = _magic(path)
    if not (magic.startswith(_GZIP) or (magic.startswith(_ZIP) and not workbook_kind(path))):
        return [open_table(path, encoding)], []
    held, members, others = unpack(path, TABLE_SUFFIXES)
    tables = [_member(path, name, file, held, encoding) for name, file in members.items()]
    return tables, [f"file left out ({path / name}: its name is not that of a table)" for name in others]


def open_table(path: Path, encoding: Encoding | None = None) -> Table:
    """Open a file by what it holds, not by its name.

    Parameters
    ----------
    path : Path
    encoding : Encoding, optional
        Of a text file; found on the evidence of the whole file where not given.

    Raises
    ------
    InputError
        When the file is empty, unreadable, an archive, or of a format that holds no table.
    """
    magic = _magic(path)
    if magic.startswith(b"PAR1"):
        return open_parquet(path)
    if magic.startswith(_ARROW):
        return open_arrow(path)
    kind = "xls" if magic.startswith(_OLD_WORKBOOK) else workbook_kind(path) if magic.startswith(_ZIP) else None
    if kind:
        return open_workbook(path, kind)
    if magic.startswith((b"$FL2", b"$FL3")):
        return open_statistics(path, "sav")
    if magic.startswith(_STATA):
        return open_statistics(path, "dta")
    if magic.startswith((_ZIP, _GZIP)):
        raise InputError(f"{path}: this is an archive within an archive; unpack it and name the files in it.")
    other = next((kind for start, kind in _OTHERS.items() if magic.startswith(start)), None)
    if other:
        raise InputError(f"{path}: this is {other}, not a table; export the responses as CSV or XLSX.")
    return open_text(path, encoding)


def _magic(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            magic = file.read(11)
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}); check the path and the permissions.") from error
    if not magic:
        raise InputError(f"{path}: the file is empty; export the responses again.")
    return magic


def _member(archive: Path, name: str, file: Path, held: Unpacked, encoding: Encoding | None) -> Table:
    """Open a member of an archive under its name there; its rows keep the unpacked file alive."""
    shown = archive / name
    try:
        table = open_table(file, encoding)
    except InputError as error:
        raise InputError(str(error).replace(str(file), str(shown))) from error

    beside = {sheet: partial(_while_held, rows, held) for sheet, rows in table.beside.items()}
    parts = partial(_while_held, table.parts, held) if table.parts else None
    return replace(table, path=shown, rows=partial(_while_held, table.rows, held), parts=parts, beside=beside)


def _while_held(read: Callable[[], Iterator[_T]], held: Unpacked) -> Iterator[_T]:
    yield from read()
    del held
