"""Turn exports with one row an answer into tables with one row a response."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.intake.answers import parse_score
from nps_nlp.intake.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nps_nlp.intake.layout import Layout
    from nps_nlp.intake.mojibake import Repair
    from nps_nlp.intake.rows import Table

_ID = re.compile(
    r"respon(dent|se)|user|customer|participant|submission|contact|会員|回答者|回答(ID|番号)|顧客|\bid\b|_id$|^id$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"question|設問|質問|項目|prompt|\bitem\b", re.IGNORECASE)
_ANSWER = re.compile(r"answer|response|value|回答|値|result", re.IGNORECASE)
_JOIN = "; "


class Long(NamedTuple):
    """The columns of an export with one row an answer, by position."""

    respondent: int
    question: int
    answer: int


def find_long(headings: Sequence[str], cells: Mapping[str, Sequence[str]]) -> Long | None:
    """Tell whether every row of a table is one answer of a respondent, and in which columns it stands.

    Parameters
    ----------
    headings : sequence of str
    cells : mapping of str to sequence of str
        The first rows, by heading.

    Examples
    --------
    >>> find_long(
    ...     ["response_id", "question", "answer"],
    ...     {
    ...         "response_id": ["1", "1", "2", "2"],
    ...         "question": ["How likely are you to recommend us?", "Why?"] * 2,
    ...         "answer": ["9", "quick", "3", "slow"],
    ...     },
    ... )
    Long(respondent=0, question=1, answer=2)
    """
    named = {
        pattern: [at for at, heading in enumerate(headings) if pattern.search(heading)]
        for pattern in (_ID, _QUESTION, _ANSWER)
    }
    if not all(named.values()):
        return None
    columns = [cells[heading] for heading in headings]
    tried = (
        Long(respondent, question, answer)
        for question in sorted(named[_QUESTION], key=lambda at: -sum(map(len, set(columns[at]))))
        for answer in named[_ANSWER]
        for respondent in named[_ID]
        if len({respondent, question, answer}) == 3
    )
    return next((long for long in tried if _holds(*(columns[at] for at in long))), None)


def _holds(respondents: Sequence[str], questions: Sequence[str], answers: Sequence[str]) -> bool:
    rows = [row for row in zip(respondents, questions, answers, strict=True) if row[0] and row[1]]
    people, different = {row[0] for row in rows}, {row[1] for row in rows}
    if (
        not rows
        or len(rows) < 0.9 * len(questions)
        or len(people) > 0.7 * len(rows)
        or len(different) > 0.5 * len(rows)
    ):
        return False
    # Everybody is asked the same questions: the most frequent one reaches most respondents.
    if Counter(row[1] for row in rows).most_common(1)[0][1] < 0.5 * len(people):
        return False
    asked: dict[str, Counter[bool]] = {}
    for _, question, answer in rows:
        if answer:
            asked.setdefault(question, Counter())[parse_score(answer)[0] is not None] += 1
    if not 2 <= len(asked) <= 300 or len({row[:2] for row in rows}) < 0.6 * len(rows):
        return False
    # One of the questions must be answered in scores, and another in something else.
    return any(c[True] > 0.9 * c.total() for c in asked.values()) and any(c[False] for c in asked.values())


def widen(layout: Layout, long: Long) -> Table:
    """Return the table with one row a response; every answer of the file is in it.

    Several answers of one respondent to one question are joined. Rows without a respondent or a question, and
    damaged ones, stay rows of their own with the reason. The whole file is held in memory.
    """
    table, kept = layout.table, _constant(layout, long)
    headings = [layout.headings[at] for at in kept]
    wide = replace(table, rows=lambda: _wide_rows(layout, long, kept, headings), parts=None, beside={})
    responses = sum(not row.problem for row in wide.rows()) - 1
    answers = sum(1 for _ in layout.answers(table.rows()))
    note = f"{answers} rows, each one answer, were put together to {responses} responses by {headings[0]!r}"
    left = [layout.headings[at] for at in range(layout.width) if at not in {*kept, *long[1:]}]
    notes = (note, f"columns that differ within a response were left out: {', '.join(left)}") if left else (note,)
    return replace(wide, lines=responses + 1, notes=(*table.notes, *layout.notes, *notes))


def _constant(layout: Layout, long: Long) -> list[int]:
    """Return the columns that say the same in all rows of a response, the respondent first."""
    first: dict[str, list[str]] = {}
    same = [at for at in range(layout.width) if at not in long]
    for row in layout.answers(layout.table.rows()):
        if not row.problem and len(row.cells) >= layout.width:
            before = first.setdefault(row.cells[long.respondent], row.cells)
            same = [at for at in same if row.cells[at] == before[at]]
    return [long.respondent, *same]


def _wide_rows(layout: Layout, long: Long, kept: Sequence[int], headings: Sequence[str]) -> Iterator[Row]:
    responses: dict[str, tuple[Row, dict[str, str]]] = {}
    questions: dict[str, None] = {}
    repairs: dict[str, list[tuple[int | str, Repair]]] = {}
    odd = []
    for row in layout.answers(layout.table.rows()):
        cells = row.cells + [""] * (layout.width - len(row.cells))
        respondent, question, answer = (cells[at].strip() if at == long.answer else cells[at] for at in long)
        if row.problem or len(row.cells) > layout.width or not (respondent and question):
            odd.append(row._replace(problem=row.problem or "an answer without respondent or question"))
            continue
        questions[question] = None
        found = [(question if fix.column == long.answer else fix.column, fix) for fix in row.repairs]
        repairs.setdefault(respondent, []).extend(found)
        given = responses.setdefault(respondent, (Row(row.number, cells), {}))[1]
        before = given.get(question)
        given[question] = answer if not before else f"{before}{_JOIN}{answer}" if answer else before
    yield Row(0, [*headings, *questions])
    yield from odd
    wide: list[int | str] = [*kept, *questions]
    places = {place: at for at, place in enumerate(wide)}
    for respondent, (row, given) in responses.items():
        cells = [*(row.cells[at] for at in kept), *(given.get(question, "") for question in questions)]
        mended = (fix._replace(column=places[at]) for at, fix in repairs[respondent] if at in places)
        yield Row(row.number, cells, repairs=tuple(mended))
