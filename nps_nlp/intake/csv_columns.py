"""Cut sound blocks of delimited text into columns, without an object for each cell."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from nps_nlp.intake.rows import MAX_CELL

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.csv import ConvertOptions


def columns_of(block: str, delimiter: str, width: int) -> pa.RecordBatch | None:
    r"""Return the columns of a block of whole lines as text; None where the `csv` module must look at the rows.

    pyarrow reads a million rows in the time in which Python makes one object a row. It sees what `csv` sees
    where every record has `width` cells, every quote stands at the edge of a cell, and no line is empty.

    Examples
    --------
    >>> columns_of('9,"a, b"\n3,c\n', ",", 2).to_pydict()
    {'0': ['9', '3'], '1': ['a, b', 'c']}
    >>> columns_of('9,a "b" c\n', ",", 2), columns_of("9,a\n3\n", ",", 2)
    (None, None)
    """
    import pyarrow as pa
    from pyarrow import csv

    if width < 2 or not block or len(block) > MAX_CELL or not _is_plain(block, delimiter):
        return None
    data = block.encode()
    try:
        table = csv.read_csv(
            pa.py_buffer(data),
            csv.ReadOptions(column_names=_names(width), use_threads=False, block_size=len(data) + 1),
            csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False),
            _as_text(width),
        )
    except pa.ArrowInvalid:
        return None
    return table.combine_chunks().to_batches()[0]


def _is_plain(block: str, delimiter: str) -> bool:
    if "\n\n" in block or "\n\r\n" in block or block.startswith(("\n", "\r")):
        return False
    if "\r" in block and block.count("\r") != block.count("\r\n"):
        return False
    if '"' not in block:
        return True
    if block.count('"') % 2:
        return False
    inner, after_empty = _quotes_out_of_place(delimiter)
    unescaped = block.replace('""', "")
    return not (inner.search(f"\n{unescaped}\n") or after_empty.search(f"\n{block}\n"))


@cache
def _quotes_out_of_place(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what finds a quote within a cell, and signs behind an empty cell in quotes."""
    edge = re.escape(delimiter) + r"\r\n"
    return re.compile(f'"(?<![{edge}]")(?![{edge}])'), re.compile(f'""(?<=[{edge}]"")(?![{edge}"])')


@cache
def _names(width: int) -> list[str]:
    return [str(at) for at in range(width)]


@cache
def _as_text(width: int) -> ConvertOptions:
    import pyarrow as pa
    from pyarrow import csv

    return csv.ConvertOptions(
        column_types=dict.fromkeys(_names(width), pa.large_string()), strings_can_be_null=False, check_utf8=False
    )
