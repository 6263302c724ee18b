"""Cut delimited text into rows, block by block, and let a stray quote cost no more than its own row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

from nps_nlp.intake.csv_columns import columns_of
from nps_nlp.intake.mojibake import is_suspect
from nps_nlp.intake.rows import LONG_CELL, LONG_ROW, MAX_CELL, MAX_ROW, Block, Row, mended

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterable, Iterator, Sequence

_FIRST_RECORDS = 25
# An answer with more line breaks is a quote that is never closed. Each one that is found halves the patience, so
# that a file with a quote on every line is not read as many times as it has lines.
_MOST_LINES, _FEWEST_LINES = 5_000, 50
UNCLOSED = "a quote that is never closed, so that it swallowed the rows below it; they were read on their own"


def find_delimiter(text: str) -> tuple[str, int]:
    r"""Find the delimiter that cuts the first records most evenly, and the number of columns it makes.

    Examples
    --------
    >>> find_delimiter("NPS;reason\n9;quick, friendly, cheap\n3;slow, rude, dear\n")
    (';', 2)
    """
    head = list(io.StringIO(text, newline=""))
    sure, cut = _evenness(head, quotes=True)
    if not _is_sound(head, cut[0]):
        # A stray quote in the first lines may have swallowed those below it.
        plain, plain_cut = _evenness(head, quotes=False)
        cut = plain_cut if plain >= sure else cut
    return cut


def _is_sound(head: list[str], delimiter: str) -> bool:
    try:
        list(islice(_reader(head, delimiter, strict=True), _FIRST_RECORDS))
    except csv.Error:
        return False
    return True


def _evenness(head: list[str], *, quotes: bool) -> tuple[float, tuple[str, int]]:
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
    return rank[0], best


class CsvRows:
    """Rows of delimited text; sound records have `width` cells."""

    def __init__(self, delimiter: str, width: int) -> None:
        self._delimiter, self._width = delimiter, width
        self._patience = _MOST_LINES

    def rows(self, blocks: Iterable[str]) -> Iterator[Row]:
        """Yield the records of blocks of whole lines, numbered from 1; empty lines count, but are no rows."""
        for part in self.parts(blocks, columns=False):
            yield from part.rows() if isinstance(part, Block) else part

    def parts(self, blocks: Iterable[str], *, columns: bool = True) -> Iterator[list[Row] | Block]:
        """Yield the records block by block: as columns where a block is sound, else as rows.

        Most blocks are sound, and are read whole: that is several times faster than any loop about records.
        """
        number, held, suspect = 1, "", False
        for block in chain(blocks, [""]):
            # The first record may have begun in the block before.
            before, suspect = suspect, is_suspect(block)
            text, held = held + block, ""
            if columns and not (suspect or before):
                whole = _whole_records(text) if block else len(text)
                cells = columns_of(text[:whole], self._delimiter, self._width)
                if cells is not None:
                    held = text[whole:]
                    yield Block(number, cells)
                    number += cells.num_rows
                    continue
            lines = list(io.StringIO(text, newline=""))
            records, used = self._records(lines, len(text), last=not block)
            held = "".join(lines[used:])
            rows = [Row(at, *record) for at, record in enumerate(records, start=number) if record[0]]
            yield [mended(row) if not row.problem else row for row in rows] if suspect or before else rows
            number += len(records)

    def _records(self, lines: list[str], size: int, *, last: bool) -> tuple[Sequence[tuple[list[str], str]], int]:
        records = self._sound(lines, size)
        return self._careful(lines, last=last) if records is None else ([(cells, "") for cells in records], len(lines))

    def _sound(self, lines: list[str], size: int) -> list[list[str]] | None:
        """Return the records of lines in which no quote is out of place and no cell endless, None of others."""
        records: list[list[str]] = []
        try:
            records.extend(_reader(lines, self._delimiter, strict=True))
        except csv.Error:
            return None
        if size > MAX_CELL or (len(records) != len(lines) and not {len(r) for r in records} <= {0, self._width}):
            return None
        return records

    def _careful(self, lines: list[str], *, last: bool) -> tuple[list[tuple[list[str], str]], int]:
        """Return records with their problems, and how many of the lines they took; more lines follow but the last."""
        rows: list[tuple[list[str], str]] = []
        at = 0
        while at < len(lines):
            reader = _reader(islice(lines, at, at + self._patience), self._delimiter, strict=True)
            start = end = at
            try:
                for cells in reader:
                    end = start + reader.line_num
                    if end - at > 1 and len(cells) != self._width and self._holds_rows(lines[at + 1 : end]):
                        raise csv.Error  # noqa: TRY301 - one place deals with quotes out of place
                    rows.append(_measured(cells, lines[at:end]))
                    at = end
            except csv.Error as error:
                end = start + reader.line_num
                if "unexpected end" in str(error):
                    if end - at < self._patience and sum(map(len, lines[at:end])) < MAX_CELL:
                        if end < len(lines):
                            continue
                        if not last:
                            break
                    self._patience = max(_FEWEST_LINES, self._patience // 2)
                cells, problem, used = self._out_of_place(lines[at:end])
                rows.append((cells, problem))
                at += used
        return rows, at

    def _out_of_place(self, lines: list[str]) -> tuple[list[str], str, int]:
        """Read the first record of lines that are not quoted as they should be, and say how many it takes."""
        if len(lines) > 1 and not self._holds_rows(lines[1:]):
            reader = _reader(lines, self._delimiter)
            cells, problem = _measured(next(reader, []), lines)
            return cells, problem, max(1, reader.line_num)
        plain = _unquoted(lines[0], self._delimiter)
        if len(plain) != self._width:
            if len(lines) > 1:
                return [lines[0].rstrip("\r\n")], UNCLOSED, 1
            plain = next(_reader(lines, self._delimiter), [])
        return *_measured(plain, lines[:1]), 1

    def _holds_rows(self, lines: list[str]) -> bool:
        """Tell whether some of the lines that a record goes on over are whole rows by themselves."""
        return self._width > 1 and any(
            line.count(self._delimiter) >= self._width - 1
            and self._width in (len(_unquoted(line, self._delimiter)), len(next(_reader([line], self._delimiter), [])))
            for line in lines
        )


def _whole_records(text: str) -> int:
    """Return where the last record begins that goes on beyond the text, in a text whose quotes are sound."""
    end = len(text)
    quotes = text.count('"')
    while quotes % 2:
        # The last quote is open: its record begins at the end of a line before it, outside of other quotes.
        start = text.rfind("\n", 0, text.rfind('"', 0, end)) + 1
        quotes -= text.count('"', start, end)
        end = start
    return end


def _unquoted(line: str, delimiter: str) -> list[str]:
    """Cut a line at its delimiters, whatever its quotes; those around a whole cell do not belong to it."""
    cells = line.rstrip("\r\n").split(delimiter)
    return [cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


def _measured(cells: list[str], lines: list[str]) -> tuple[list[str], str]:
    """Return a record that may be longer than anyone writes; one beyond all measure stays in one piece."""
    size = sum(map(len, lines))
    if size > MAX_ROW:
        return ["".join(lines).rstrip("\r\n")], LONG_ROW
    return cells, LONG_CELL if size > MAX_CELL and max(map(len, cells)) > MAX_CELL else ""


def _reader(lines: Iterable[str], delimiter: str, *, quotes: bool = True, strict: bool = False) -> Reader:
    csv.field_size_limit(2**31 - 1)  # the longest that every platform takes; MAX_CELL is checked on whole records
    return csv.reader(
        lines, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL if quotes else csv.QUOTE_NONE, strict=strict
    )
