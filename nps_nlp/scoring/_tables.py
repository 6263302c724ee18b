"""Tables that users bring along (CRM exports, benchmark lists): read, and every fault named by its row."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.scoring._checks import POSITIONS_SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HEADING_ROWS = 1
_DELIMITERS = ",\t;"
_CURRENCY = re.compile(r"^[¥$€£\\]|(円|ポイント|pt|点)$")
_MINUS = re.compile(r"^[\u2212\u2013▲△]")  # minus sign, en dash, and the triangles of Japanese accounting
_NUMBER = re.compile(r"\+?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(e[-+]?\d+)?", re.IGNORECASE)
_YES = ("true", "yes", "y", "はい", "有", "有り", "あり", "○", "〇", "◯", "済", "済み", "更新", "継続", "renewed")
_NO = ("false", "no", "n", "いいえ", "無", "無し", "なし", "×", "x", "✕", "未", "解約", "離脱", "churned")


def read_table(source: pd.DataFrame | str | Path, what: str) -> tuple[pd.DataFrame, str]:
    """Return a table with its name for messages.

    Parameters
    ----------
    source : DataFrame, str or Path
        The table, or the path of a CSV file in any usual encoding, separated by comma, tab or semicolon.
    what : str
        What a DataFrame is called in messages.

    Returns
    -------
    tuple of (DataFrame, str)
        Of a file: all cells as text, the index counting rows as a spreadsheet does (the headings are row 1).

    Raises
    ------
    InputError
        If the file cannot be read as a table; names the file and the row.

    Examples
    --------
    >>> read_table(pd.DataFrame({"a": [1]}), "the CRM table")[1]
    'the CRM table'
    """
    if isinstance(source, pd.DataFrame):
        return source, what
    name = str(source)
    records = list(_records(_text_of(Path(source)), name))
    headings = [cell.strip() for cell in records[0][1]] if records else []
    if not any(headings):
        msg = f"{name}: the file is empty; expected a row of column headings"
        raise InputError(msg)
    for row, cells in records[HEADING_ROWS:]:
        if len(cells) != len(headings):
            msg = f"{name}, row {row}: {len(cells)} cells under {len(headings)} headings; correct this row"
            raise InputError(msg)
    repeated = sorted({heading for heading in headings if headings.count(heading) > 1})
    if repeated:
        msg = f"{name}: the heading {', '.join(map(repr, repeated))} stands there more than once; rename it"
        raise InputError(msg)
    rows = records[HEADING_ROWS:]
    table = pd.DataFrame([cells for _, cells in rows], columns=headings, index=[row for row, _ in rows])
    return table, name


def check_columns(table: pd.DataFrame, wanted: Iterable[str], name: str) -> None:
    """Raise InputError that lists the columns of the table unless it has every column wanted."""
    missing = [repr(column) for column in wanted if column not in table.columns]
    if missing:
        found = ", ".join(map(repr, table.columns))
        msg = f"{name}: no column {', '.join(missing)}; it has {found or 'no columns'}"
        raise InputError(msg)


def rows_text(index: pd.Index) -> str:
    """Return the labels of rows as ``3, 7, 12``, cut after ten."""
    text = ", ".join(map(str, index[:POSITIONS_SHOWN]))
    return text if len(index) <= POSITIONS_SHOWN else f"{text}, … ({len(index)} in all)"


def key_text(column: pd.Series) -> pd.Series:
    """Return keys as text that compares: full-width forms made plain, spaces cut, 7.0 as 7, missing as "".

    Examples
    --------
    >>> key_text(pd.Series([7.0, " Ａ01 ", None], dtype=object)).tolist()
    ['7', 'A01', '']
    """
    given = column.notna()
    keys = [_key(value) if is_given else "" for value, is_given in zip(column, given, strict=True)]
    return pd.Series(keys, index=column.index, dtype=object)


def numbers(column: pd.Series, name: str) -> pd.Series:
    """Return a column as numbers: NaN where blank, InputError with the rows where it is no number.

    Reads ``1,200``, ``¥1,200``, ``1200円``, full-width digits, and ``−5``, ``▲5`` and ``(5)`` as negative.

    Examples
    --------
    >>> numbers(pd.Series(["1,200円", "▲8.1", ""]), "example").tolist()
    [1200.0, -8.1, nan]
    """
    return _parsed(column, _number, name, "a number")


def times(column: pd.Series, name: str) -> pd.Series:
    """Return a column of yes and no, or of how many times, as numbers of 0 or more; NaN where blank.

    Examples
    --------
    >>> times(pd.Series(["yes", "いいえ", "○", 3, None], dtype=object), "example").tolist()
    [1.0, 0.0, 1.0, 3.0, nan]
    """
    return _parsed(column, _times, name, "yes, no (はい, いいえ, ○, ×) or a number of 0 or more")


def blank(column: pd.Series) -> pd.Series:
    """Tell which cells are missing or hold nothing but spaces."""
    return column.isna() | (column.astype(str).str.strip() == "")


def plain(text: str) -> str:
    """Return a text as it compares: full-width forms made plain, without outer spaces, case-folded."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _text_of(path: Path) -> str:
    """Return the text of a file in whatever encoding it has."""
    # Imported here: only files need it, and the room stays light to import.
    from nps_nlp.intake.text_files import open_text_file

    return "".join(open_text_file(path).blocks())


def _records(text: str, name: str) -> Iterable[tuple[int, list[str]]]:
    """Yield every row that is not blank with its number."""
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter, strict=True)
    try:
        yield from ((row, cells) for row, cells in enumerate(reader, start=1) if any(map(str.strip, cells)))
    except csv.Error as error:
        msg = f"{name}, line {reader.line_num}: {error}; correct the quotation marks there"
        raise InputError(msg) from error


def _key(value: object) -> str:
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    return unicodedata.normalize("NFKC", str(value)).strip()


def _parsed(column: pd.Series, parse: Callable[[object], float], name: str, expected: str) -> pd.Series:
    """Return the cells parsed; raise InputError with the rows of those that are not as expected."""
    is_blank = blank(column)
    cells = zip(column, is_blank, strict=True)
    values = np.array([np.nan if empty else parse(value) for value, empty in cells], dtype=np.float64)
    wrong = ~np.isfinite(values) & ~is_blank.to_numpy()
    if wrong.any():
        example = str(column[wrong].iloc[0])[:40]
        msg = f"{name}: {example!r} is not {expected}; see row {rows_text(column.index[wrong])}"
        raise InputError(msg)
    return pd.Series(values, index=column.index)


def _number(value: object) -> float:
    """Return a number, NaN where there is none."""
    text = unicodedata.normalize("NFKC", str(value)).strip()
    if text.startswith("(") and text.endswith(")"):
        text = "-" + text[1:-1].strip()
    text = _MINUS.sub("-", text)
    sign, text = (-1.0, text[1:].strip()) if text.startswith("-") else (1.0, text)
    while _CURRENCY.search(text):
        text = _CURRENCY.sub("", text).strip()
    return sign * float(text.replace(",", "")) if _NUMBER.fullmatch(text) else np.nan


def _times(value: object) -> float:
    """Return 1 for yes, 0 for no, or a number of 0 or more; NaN where it is neither."""
    text = plain(str(value))
    if text in _YES or text in _NO:
        return float(text in _YES)
    number = _number(value)
    return number if number >= 0 else np.nan
