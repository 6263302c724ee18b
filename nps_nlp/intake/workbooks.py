"""Open workbooks: find the sheet with the answers, and join headings that stand in merged cells."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.errors import InputError
from nps_nlp.intake.answers import parse_score
from nps_nlp.intake.rows import Row, Table, cell_text, typed_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

# Rows that tell whether a sheet holds answers, and among which headings stand.
_JUDGED, _HEADING_ROWS = 40, 6
_MANY_SCORES, _FEW_ROWS = 0.8, 3


class _Sheet(NamedTuple):
    name: str
    holds_scores: bool
    size: int
    rows: int


def open_workbook(path: Path, kind: str = "xlsx") -> Table:
    """Open the visible sheet of an XLSX, XLSM, XLS or ODS workbook that holds the answers; the others stand beside.

    Of the sheets with a column of 0–10 scores, or of all where none has one, that is the one with most cells.

    Parameters
    ----------
    path : Path
    kind : {'xlsx', 'xlsm', 'xlsb', 'xls', 'ods'}

    Raises
    ------
    InputError
        When the file is no workbook, is locked by a password, or all of its sheets are empty.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    with _workbook(path) as book:
        sheets = [
            _look_at(book.get_sheet_by_name(sheet.name))
            for sheet in book.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise InputError(f"{path}: every sheet of the workbook is empty; export the responses again.")
    # The key to few answers can have more rows than they; it never has as many cells.
    best = max(filled, key=lambda sheet: (sheet.holds_scores, sheet.size))
    why = "the largest with 0–10 answers" if best.holds_scores else "the largest"
    notes = (f"sheet {best.name!r} was read, {why} of {len(filled)}",) if len(filled) > 1 else ()
    beside = {sheet.name: partial(_rows, path, sheet.name) for sheet in filled if sheet is not best}
    return Table(path, kind, partial(_rows, path, best.name), best.rows, notes=notes, beside=beside)


def _look_at(sheet: CalamineSheet) -> _Sheet:
    first = list(islice(sheet.iter_rows(), _JUDGED))
    columns = zip(*first, strict=True) if len(first) > _FEW_ROWS else ()
    holds = any(_are_scores([cell_text(cell) for cell in column[1:]]) for column in columns)
    return _Sheet(sheet.name, holds, sheet.height * sheet.width, sheet.height)


def _are_scores(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    scores = {score for cell in filled if (score := parse_score(cell)[0]) is not None}
    found = sum(parse_score(cell)[0] is not None for cell in filled)
    # The numbers of a key, or of rows, are all different; scores repeat themselves or are few.
    return len(filled) >= _FEW_ROWS and found >= _MANY_SCORES * len(filled) and len(scores) < found


def _rows(path: Path, name: str) -> Iterator[Row]:
    with _workbook(path) as book:
        sheet = book.get_sheet_by_name(name)
        cells, merged = sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []
    headings = _joined_headings(cells[:_HEADING_ROWS], merged)
    for number, values in enumerate(cells, start=1):
        if number - 1 in headings:
            if headings[number - 1]:
                yield Row(number, headings[number - 1])
        else:
            yield typed_row(number, values)


def _joined_headings(
    rows: Sequence[Sequence[object]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> dict[int, list[str]]:
    """Return what to read in place of rows of headings over which cells were merged; empty for those to skip.

    A question merged over its options gives ``question - option``; a cell merged over all columns is a title.
    """
    width = max(map(len, rows), default=0)
    groups = [((top, left), (low, right)) for (top, left), (low, right) in merged if right - left + 1 < width - 1]
    wide = [area for area in groups if area[1][1] > area[0][1] and area[1][0] + 1 < len(rows)]
    if not wide:
        return {}
    top = min(start for (start, _), _ in wide)
    bottom = max(low for _, (low, _) in wide) + 1
    if bottom - top > 2 or any(parse_score(cell_text(cell))[0] is not None for cell in rows[bottom]):
        return {}
    texts = [[cell_text(value) for value in row] for row in rows[: bottom + 1]]
    for (row, left), (low, right) in groups:
        for y in range(row, min(low, bottom) + 1):
            for x in range(left, right + 1):
                if top <= y and row <= bottom:
                    texts[y][x] = texts[row][left]
    joined = [" - ".join(dict.fromkeys(t for t in parts if t)) for parts in zip(*texts[top:], strict=True)]
    return {**{row: [] for row in range(top, bottom)}, bottom: joined}


@contextmanager
def _workbook(path: Path) -> Iterator[CalamineWorkbook]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            yield book
    except PasswordError as error:
        raise InputError(f"{path}: the workbook is locked by a password; save it without one.") from error
    except (CalamineError, OSError) as error:
        raise InputError(f"{path}: this is a damaged workbook; export the responses again.") from error
