"""Find the headings of a table: in which row they stand, what text belongs to them, where answers begin."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Self

from nps_nlp.errors import InputError
from nps_nlp.intake.dates import date_order
from nps_nlp.intake.derived import NOTHING, Derived
from nps_nlp.intake.tools import TITLE_ROWS, Preset, Rule, recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nps_nlp.intake.rows import Row, Table
    from nps_nlp.survey import Role

HEAD_ROWS = 30
# What reports write below their rows, in a cell or two of its own.
LAST_LINE = re.compile(
    r"\s*(?:Grand (Totals?|Summar)|"
    r"(Sub)?totals?\s*([(:：\d]|$)|Confidential Information|Copyright (\(c\)|©)|Generated (By|on)|"
    r"Report (generated|run)|As of \d|Filtered By|総計|(合計|小計|平均)[値点数]?\s*([(（:：\d]|$)|件数[:：]"
    r"|機密情報|社外秘|作成(者|日時?)[:：]|出力日時?[:：]|以上$|"
    r"(Average|Mean|Durchschnitt"
    r"|Mittelwert|Moyenne|Promedio|Summe|Gesamt|Vertraulich|Somme|Total général)\s*([(:：\d]|$)|Stand: \d)",
    re.IGNORECASE,
)
_FOOTER_CELLS = 3
_MAX_HEADING = 10_000
# What pandas and SurveyMonkey write over columns that have no name of their own.
_CONTINUATION = re.compile(r"(Open-Ended Response|Response|自由回答|自由記述|回答|Unnamed: \d+(_level_\d+)?|)")
# The short names of questions that some exports write above the question texts.
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,15}")
_NUMERIC = re.compile(r"-?\d+(\.\d+)?")
_IMPORT_ID = re.compile(r'\{"ImportId": ?"([^"]+)"')
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


@dataclass(frozen=True)
class Layout:
    """A table with its headings found.

    Attributes
    ----------
    headings : tuple of str
        One a column, unique; a repeated heading carries `` (2)``. Columns that intake adds come last.
    questions : dict of str to str
        Question text by heading, where the export has both.
    start : int
        Position of the first answer among the rows of the table.
    written : tuple of str
        The row of headings as it is written in the file.
    notes : tuple of str
        What was decided about the headings.
    ids : dict of str to str
        The tool's own name of a column by heading, where the export has both.
    mended : tuple of Row
        The rows above the answers in which characters were damaged before the export.
    added : Derived
        The columns that intake adds, and the answers that a key explains.
    """

    table: Table
    preset: Preset
    headings: tuple[str, ...]
    questions: dict[str, str]
    start: int
    written: tuple[str, ...]
    notes: tuple[str, ...] = ()
    ids: dict[str, str] = field(default_factory=dict)
    mended: tuple[Row, ...] = ()
    added: Derived = NOTHING

    @property
    def width(self) -> int:
        """Number of columns that the file itself has."""
        return len(self.headings) - len(self.added.folds)

    def names(self, heading: str) -> tuple[str, ...]:
        """Return everything that a column is called: its heading, question text and import id."""
        others = (names.get(heading) for names in (self.questions, self.ids))
        return (heading, *filter(None, others))

    @cached_property
    def roles(self) -> dict[str, Role]:
        """The roles that the tool gives to columns, by heading."""
        return self.preset.roles_of({heading: self.names(heading) for heading in self.headings})

    @cached_property
    def drops(self) -> tuple[tuple[int, re.Pattern[str], str], ...]:
        """Rules of the tool for rows that are no answers: position of a cell, pattern, reason."""
        return self._placed(self.preset.drop)

    @cached_property
    def counts(self) -> tuple[tuple[int, re.Pattern[str], str], ...]:
        """Rules of the tool for answers that are worth a note."""
        return self._placed(self.preset.count)

    def _placed(self, rules: Iterable[Rule]) -> tuple[tuple[int, re.Pattern[str], str], ...]:
        names = [self.names(heading) for heading in self.headings[: self.width]]
        return tuple(
            (at, rule.values, rule.reason)
            for rule in rules
            for at, called in enumerate(names)
            if any(map(rule.heading.fullmatch, called))
        )

    def drop_reason(self, cells: Sequence[str]) -> str:
        """Return why the tool's rules drop a row, empty where they do not."""
        fits = (reason for at, rule, reason in self.drops if at < len(cells) and rule.fullmatch(cells[at].strip()))
        return next(fits, "")

    def answers(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows after the headings that hold anything, from all rows of the table."""
        for index, row in enumerate(rows):
            if index >= self.start and any(row.cells):
                yield row

    def with_added(self, added: Derived, *notes: str) -> Self:
        """Return the layout with columns that intake adds, and answers that a key explains."""
        headings = (*self.headings, *(fold.heading for fold in added.folds))
        questions = self.questions | added.questions
        return replace(self, headings=headings, questions=questions, added=added, notes=(*self.notes, *notes))


def find_layout(table: Table, head: Sequence[Row], tool: str | None = None, tail: str = "") -> Layout:
    """Find the headings of a table among its first rows.

    Parameters
    ----------
    table : Table
    head : sequence of Row
        The first ``HEAD_ROWS`` rows of the table, or all of them.
    tool : str, optional
        Preset id; recognised from the rows where not given.
    tail : str
        The end of the file, where some tools leave their signs.

    Raises
    ------
    InputError
        When there is no row of headings.
    """
    preset, shape, start = recognise(head, tool, tail)
    above = _title_rows(head) if start is None or not shape.require else start
    first = above + shape.headings
    if first >= len(head) or not any(head[first].cells):
        raise InputError(
            f"{table.path}: no row of headings was found; expected one row of questions, then the answers."
        )
    _check_headings(table, head[: first + 1])
    cells, notes = head[first].cells, []
    if above:
        notes.append(f"{above} title rows above the headings were skipped")
    if tool and start is None and preset.shapes:
        notes.append(f"the file does not look like an export of {preset.name}, as which it was read")
    options, texts = _row(head, above, shape.options), _row(head, above, shape.questions)
    answers = above + shape.answers
    if not texts and not options and answers == first + 1 and _asks_below(head, first):
        texts, answers = head[first + 1].cells, answers + 1
        notes.append("the second row holds the question texts")
        if _options_below(head, first + 1):
            texts, answers = _joined_headings(texts, head[first + 2].cells), answers + 1
            notes.append("the third row holds the options")
    headings, repeated = _unique(_joined_headings(cells, options) if options else [clean_heading(c) for c in cells])
    if repeated:
        notes.append(f"repeated headings were numbered: {', '.join(repeated)}")
    return Layout(
        table,
        preset,
        headings,
        _questions(headings, texts or [table.questions.get(heading, "") for heading in headings]),
        answers,
        tuple(cells),
        tuple(notes),
        _import_ids(headings, _row(head, above, shape.ids)),
        tuple(row for row in head[:answers] if row.repairs),
    )


def clean_heading(cell: str) -> str:
    r"""Return a heading without the line breaks and markup that a form's editor left in it.

    Examples
    --------
    >>> clean_heading("How likely are you<br>to recommend us?\n(0&ndash;10)")
    'How likely are you to recommend us? (0–10)'
    """
    return " ".join(html.unescape(_TAG.sub(" ", cell)).replace("\ufeff", "").split())


def is_last_line(cells: Sequence[str]) -> bool:
    """Tell whether a row is a line that a report writes below its rows: totals, rights, author.

    Examples
    --------
    >>> is_last_line(["Grand Totals (40 records)"]), is_last_line(["", "Total", "40"]), is_last_line(["9", "total joy"])
    (True, True, False)
    """
    words = list(islice(filter(None, map(str.strip, cells)), _FOOTER_CELLS + 1))
    return 0 < len(words) <= _FOOTER_CELLS and bool(LAST_LINE.match(words[0]))


def _check_headings(table: Table, rows: Sequence[Row]) -> None:
    expected = "expected one row of headings, then the answers; export the responses again."
    hurt = next((row for row in rows if row.problem), None)
    if hurt:
        raise InputError(f"{table.path}: row {hurt.number}, among the headings, holds {hurt.problem}; {expected}")
    row = rows[-1]
    if any(len(cell) > _MAX_HEADING for cell in row.cells):
        raise InputError(
            f"{table.path}: row {row.number} has a heading of over {_MAX_HEADING:,} characters; {expected}"
        )


def _title_rows(head: Sequence[Row]) -> int:
    """Count the rows above the headings: the first row that fills most of the columns holds them."""
    filled = [sum(map(bool, map(str.strip, row.cells))) for row in head]
    widths = Counter(len(row.cells) for row, n in zip(head, filled, strict=True) if n > 1)
    # Ragged rows are wider than the table; the width that most rows have is the table's.
    usual = widths.most_common(1)[0][0] if widths else 1
    full = max((n for row, n in zip(head, filled, strict=True) if len(row.cells) <= usual), default=0)
    above = [i for i, n in enumerate(filled[: TITLE_ROWS + 1]) if n > full / 2]
    # "Period, 2024-01-01, 2024-03-31" is a title; headings are fuller and hold no values.
    valued = bool(above) and any(map(_is_value, head[above[0]].cells))
    plain = (i for i in above if filled[i] > filled[above[0]] and not any(map(_is_value, head[i].cells)))
    return next(plain, above[0]) if valued else (above[0] if above else 0)


def _row(head: Sequence[Row], above: int, index: int) -> list[str]:
    return head[above + index].cells if index >= 0 and above + index < len(head) else []


def _asks_below(head: Sequence[Row], first: int) -> bool:
    """Tell whether the row below the headings holds question texts: words, above columns of numbers."""
    if first + 2 >= len(head):
        return False
    codes, texts = head[first].cells, head[first + 1].cells
    asked = [at for at, text in enumerate(texts) if text.strip() and at < len(codes)]
    coded = [at for at in asked if _CODE.fullmatch(codes[at].strip())]
    if len(asked) < 3 or len(coded) < 0.6 * len(asked) or any(map(_is_value, texts)):
        return False
    columns = [
        [row.cells[at] for row in head[first + 2 :] if at < len(row.cells) and row.cells[at].strip()] for at in asked
    ]
    counted = sum(bool(column) and sum(map(_is_value, column)) > 0.8 * len(column) for column in columns)
    longer = sum(len(texts[at]) > len(codes[at]) for at in asked)
    return counted >= max(1, 0.3 * len(asked)) and longer > 0.5 * len(asked)


def _options_below(head: Sequence[Row], at: int) -> bool:
    """Tell whether the row below the question texts holds options: words where a text is repeated, else blanks."""
    if at + 2 >= len(head):
        return False
    texts, below = ([cell.strip() for cell in row.cells] for row in head[at : at + 2])
    several = {text for text, n in Counter(texts).items() if text and n > 1}
    filled = [place for place, cell in enumerate(below) if cell]
    # A question over several columns stands above each of them, or above the first alone.
    spread = {at for at, (text, after) in enumerate(zip(texts, [*texts[1:], "?"], strict=True)) if not (text and after)}
    spread |= {at for at, text in enumerate(texts) if text in several}
    return len(filled) > 1 and spread.issuperset(filled) and not any(_is_value(below[place]) for place in filled)


def _is_value(cell: str) -> bool:
    return bool(_NUMERIC.fullmatch(cell.strip()) or date_order(cell))


def _import_ids(headings: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    found = {heading: _IMPORT_ID.match(cell.strip()) for heading, cell in zip(headings, cells, strict=False)}
    return {heading: match[1] for heading, match in found.items() if match}


def _joined_headings(cells: Sequence[str], options: Sequence[str]) -> list[str]:
    """Join a question with its option where a question spans several columns."""
    joined, question = [], ""
    for index, cell in enumerate(cells):
        option = clean_heading(options[index]) if index < len(options) else ""
        text = clean_heading(cell)
        question = question if _CONTINUATION.fullmatch(text) and index else text
        plain = _CONTINUATION.fullmatch(option) or not question
        joined.append(question if plain else f"{question} - {option}")
    return joined


def _unique(headings: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    taken = set(headings)
    unique: dict[str, None] = {}
    repeated: dict[str, None] = {}
    for position, heading in enumerate(headings, start=1):
        name = base = heading or f"column {position}"
        number = 1
        while name in unique or (name != heading and name in taken):
            number += 1
            name = f"{base} ({number})"
        if heading and name != heading:
            repeated[heading] = None
        unique[name] = None
    return tuple(unique), list(repeated)


def _questions(headings: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    pairs = zip(headings, map(clean_heading, texts), strict=False)
    return {heading: text for heading, text in pairs if text and text != heading}
