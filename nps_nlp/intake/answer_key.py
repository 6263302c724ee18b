"""Read the sheet that explains option numbers, as Japanese panels put it beside the answers."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nps_nlp.intake.answers import parse_score

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from nps_nlp.intake.rows import Row

# q1s2: item 2 of a matrix; q3_1, q3c1, q3m1: option 1 of a multiple choice; q4t1, q4fa: a text.
_PART = re.compile(r"(?P<stem>.*?\d)(?:s\d+(?:c\d+)?|_\d+\w*|c\d+|m\d+|t\d*|fa)", re.IGNORECASE)
_ITEM = re.compile(r".*?\ds(?P<item>\d+)", re.IGNORECASE)
_DRESS = "[]［］【】()（）.．:：、 　"
_PAIR = re.compile(r"(\d{1,3})\s*[:：.．=＝)）、]\s*(\S.*)", re.DOTALL)
_WITH_TEXT = re.compile(r"([A-Za-zＡ-Ｚａ-ｚ]{1,10}\d+\w*)[\s.．:：、】\])）]+(\S.*)", re.DOTALL)
_CODE = re.compile(r"\d{1,3}")
# What a key says of the kind of a question: single, multiple, free, numeric answer, matrix.
_KIND = re.compile(
    r"[SM]A|FA|N[AU]|OA|FREE|MATRIX|[SM]T(SA|MA)?|単一.*|複数.*|自由.*|数値.*|マトリクス.*|必須|任意|\d+",
    re.IGNORECASE,
)
_MOST_ROWS = 20_000


@dataclass
class AnswerKey:
    """Question texts, options by number and items of matrices, by the id of the question in small letters."""

    questions: dict[str, str] = field(default_factory=dict)
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    items: dict[str, dict[str, str]] = field(default_factory=dict)

    def label(self, question: str, number: str) -> str | None:
        """Return the text of an option of a question."""
        return self.options.get(question.casefold(), {}).get(number)

    def labels(self, heading: str, values: Collection[str]) -> Mapping[str, str] | None:
        """Return the options of a column all of whose `values` are numbers of them, None where it has none."""
        name = heading.casefold()
        options = self.options.get(name) or self.options.get(_stem(name)) or {}
        if not values or not options.keys() >= set(values):
            return None
        # Eleven wordless steps are the scale itself: labels without a number would hide the score.
        wordy = len(options) == 11 and any(parse_score(label)[0] is None for label in options.values())
        return None if wordy else options

    def text(self, heading: str) -> str:
        """Return the question behind a column: of a matrix, with the item that the column is about."""
        name = heading.casefold()
        if name in self.questions:
            return self.questions[name]
        text, item = self.questions.get(_stem(name), ""), _ITEM.fullmatch(name)
        part = self.items.get(_stem(name), {}).get(item["item"], "") if item else ""
        return f"{text} - {part}" if text and part else text


def read_answer_key(rows: Iterable[Row], headings: Sequence[str]) -> AnswerKey | None:
    """Read a sheet as the key to the columns of another one.

    Parameters
    ----------
    rows : iterable of Row
        The sheet: the id of a question, its text, and below or beside it numbers and options, however arranged.
    headings : sequence of str
        The columns of the answers.

    Returns
    -------
    AnswerKey or None
        None where the sheet explains no column.
    """
    names = {heading.casefold() for heading in headings}
    known = names | {_stem(name) for name in names}
    key, current = AnswerKey(), ""
    for number, row in enumerate(rows):
        if number > _MOST_ROWS:
            return None
        found, cells = _question([cell.strip() for cell in row.cells if cell.strip()], known)
        if found:
            current = found
        if current:
            _take(key, current, cells, is_head=bool(found))
    return key if key.options else None


def _question(cells: list[str], known: Collection[str]) -> tuple[str, list[str]]:
    """Find the id of a question among the first cells of a row; return it and the cells after it."""
    for at, cell in enumerate(cells[:3]):
        name = _plain(cell.strip(_DRESS)).casefold()
        if name in known and not name.isdecimal():
            return name, cells[at + 1 :]
        joined = _WITH_TEXT.match(cell.lstrip(_DRESS))
        if joined and _plain(joined[1]).casefold() in known:
            return _plain(joined[1]).casefold(), [joined[2], *cells[at + 1 :]]
    return "", cells


def _take(key: AnswerKey, current: str, cells: list[str], *, is_head: bool) -> None:
    """Take question text and options from the cells of a row."""
    pairs = [(_plain(match[1]), match[2].strip()) for cell in cells if (match := _PAIR.fullmatch(cell))]
    rest = [cell for cell in cells if not _PAIR.fullmatch(cell)]
    if len(rest) > 1 and _CODE.fullmatch(rest[-2]):
        pairs.append((_plain(rest[-2]), rest[-1]))
        rest = rest[:-2]
    if is_head:
        text = max((cell for cell in rest if not _KIND.fullmatch(cell)), key=len, default="")
        if text:
            key.questions.setdefault(current, text)
    for code, label in pairs:
        options = key.options.setdefault(current, {})
        if options.get(code, label) != label:
            # The numbers begin again: what came before are the items of a matrix, and now come its options.
            key.items[current], key.options[current] = options, {}
        key.options[current][code] = label


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _stem(name: str) -> str:
    part = _PART.fullmatch(name)
    return part["stem"] if part else name
