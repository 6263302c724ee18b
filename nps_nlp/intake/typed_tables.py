"""Open workbooks and Parquet: formats whose cells have types."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.rows import LONG_CELL, MAX_CELL, Row, Table, cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyarrow.parquet import ParquetFile
    from python_calamine import CalamineWorkbook

_BATCH = 5_000


def open_workbook(path: Path) -> Table:
    """Open the largest visible sheet of an XLSX, XLSM, XLS or ODS workbook; the others stand beside it.

    Raises
    ------
    InputError
        When the file is no workbook, is locked by a password, or all of its sheets are empty.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    with _workbook(path) as book:
        visible = [
            book.get_sheet_by_name(sheet.name)
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        # The key to few answers can have more rows than they; it never has as many cells.
        sizes = {sheet.name: (sheet.height * sheet.width, sheet.height) for sheet in visible if sheet.height}
    if not sizes:
        raise InputError(f"{path}: every sheet of the workbook is empty; export the responses again.")
    name = max(sizes, key=lambda n: sizes[n])
    notes = (f"sheet {name!r} was read, the largest of {len(sizes)}",) if len(sizes) > 1 else ()
    kind = path.suffix.lower().lstrip(".") or "xlsx"
    beside = {other: partial(_sheet_rows, path, other) for other in sizes if other != name}
    return Table(path, kind, partial(_sheet_rows, path, name), sizes[name][1], notes=notes, beside=beside)


def open_parquet(path: Path) -> Table:
    """Open a Parquet file.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    with _parquet(path) as file:
        lines = file.metadata.num_rows
    return Table(path, "parquet", lambda: _parquet_rows(path), lines)


@contextmanager
def _workbook(path: Path) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except PasswordError as error:
        raise InputError(f"{path}: the workbook is locked by a password; save it without one.") from error
    except (CalamineError, OSError) as error:
        raise InputError(
            f"{path}: this is a ZIP archive or a damaged workbook, not a table; "
            "unzip it and name the files in it, or export the responses again."
        ) from error


def _sheet_rows(path: Path, name: str) -> Iterator[Row]:
    with _workbook(path) as book:
        sheet = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for number, cells in enumerate(sheet, start=1):
        yield _row(number, cells)


@contextmanager
def _parquet(path: Path) -> Iterator[ParquetFile]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the Parquet file is damaged or cut off; write it again.") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    with _parquet(path) as file:
        yield Row(0, list(file.schema_arrow.names))
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield _row(number, cells)


def _row(number: int, values: Iterable[object]) -> Row:
    cells = [cell_text(value) for value in values]
    return Row(number, cells, LONG_CELL if max(map(len, cells), default=0) > MAX_CELL else "")
