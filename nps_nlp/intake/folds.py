"""Find multiple choices that an export spreads over one column an option."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.intake.derived import NOT_CHOSEN, Fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.intake.answer_key import AnswerKey
    from nps_nlp.intake.layout import Layout

_CHOSEN = frozenset(
    {"1", "true", "yes", "y", "はい", "選択", "checked", "selected", "on", "x", "✓", "✔", "○", "◯", "〇", "●", "レ"}
)
_MARKS = _CHOSEN | NOT_CHOSEN
_OTHER = re.compile(
    r"other|otr[oa]s?\b|autres?\b|andere|sonstige|altro|outr[oa]s?\b|anders"
    r"|その他|ほか|specify|especi|pr[ée]cise|bitte angeben|具体的",
    re.IGNORECASE,
)
# "Question - Option", "Question [Option]", "Question（Option）", "Question/Option".
_STEMS = (
    re.compile(r"(?P<stem>.+?) - (?:Selected Choice|選択した選択肢|選択済みの選択肢) - (?P<option>.+)"),
    re.compile(r"(?P<stem>.+\S) ?[\[［【](?P<option>[^\[\]]+)[\]］】]"),
    re.compile(r"(?P<stem>.+\S)\s*[-–—:：/／|]\s*(?P<option>\S.*)"),
)
_TURNED = re.compile(r"(?P<option>.+?)\s*[:：]\s*(?P<stem>\S.*)")
_NUMBERED = re.compile(r"(?P<stem>.*?[A-Za-z0-9])(?:_|c|m)(?P<option>\d{1,3})(?:_\d+)?", re.IGNORECASE)
_REPEATED = re.compile(r" \(\d+\)")
_MOST = 80


class Option(NamedTuple):
    """A column that is one option.

    Its position, the heading and the text of the whole question, the option, and whether its cells hold marks.
    """

    at: int
    heading: str
    question: str
    option: str
    marked: bool


@dataclass(frozen=True)
class _Group:
    heading: str
    question: str
    options: tuple[tuple[int, str], ...]


def find_folds(
    layout: Layout, cells: Mapping[str, Sequence[str]], key: AnswerKey | None
) -> tuple[tuple[Fold, ...], dict[str, str]]:
    """Find the multiple choices among the columns of a file.

    Parameters
    ----------
    layout : Layout
    cells : mapping of str to sequence of str
        The first answers, by heading.
    key : AnswerKey or None
        Names the options of questions whose columns only carry a number.

    Returns
    -------
    tuple of Fold, dict of str to str
        One fold a question, and the question text by heading of the fold.
    """
    found = [
        option
        for at, heading in enumerate(layout.headings)
        if heading not in layout.roles and (option := _option(layout, at, cells[heading], key))
    ]
    folds, questions, taken = [], {}, set(layout.headings)
    for group in _groups(found):
        heading = group.heading if group.heading not in taken else group.question
        if not heading or heading in taken:
            continue
        taken.add(heading)
        folds.append(Fold(heading, group.options))
        if group.question != heading:
            questions[heading] = group.question
    return tuple(folds), questions


def _groups(found: Sequence[Option]) -> list[_Group]:
    """Put neighbouring options of one question together; two make a question."""
    groups = []
    for (stem, _), members in groupby(
        enumerate(found), key=lambda pair: ((pair[1].heading, pair[1].question), pair[1].at - pair[0])
    ):
        columns = [option for _, option in members]
        options = tuple((option.at, option.option) for option in columns)
        if not 1 < len(options) <= _MOST or not any(option.marked for option in columns):
            continue
        heading, question = stem
        if not heading:
            heading = " / ".join(option for _, option in options[:3]) + (" / …" if len(options) > 3 else "")
        groups.append(_Group(heading, question or heading, options))
    return groups


def _option(layout: Layout, at: int, cells: Sequence[str], key: AnswerKey | None) -> Option | None:
    """Tell which option of which question a column is, None where it is none."""
    heading = layout.headings[at]
    text = layout.questions.get(heading, heading)
    values = {cell.strip() for cell in cells} - {""}
    marked = {value.casefold() for value in values} <= _MARKS
    numbered = _NUMBERED.fullmatch(heading)
    if key and numbered and marked and (label := key.label(numbered["stem"], numbered["option"])):
        return Option(at, numbered["stem"], key.questions.get(numbered["stem"].casefold(), ""), label, bool(values))
    if numbered and marked and values and text == heading:
        return Option(at, numbered["stem"], "", numbered["option"], marked=True)
    # Alchemer puts the option before the question.
    turned = _TURNED.fullmatch(text)
    if turned and values == {turned["option"]}:
        return Option(at, turned["stem"], turned["stem"], turned["option"], marked=True)
    found = next((match for pattern in _STEMS if (match := pattern.fullmatch(text))), None)
    if found:
        option = found["option"]
        named = {value.casefold() for value in values} <= {option.casefold(), *NOT_CHOSEN}
        if marked or named or _OTHER.search(option):
            code = numbered["stem"] if numbered and text != heading else found["stem"]
            return Option(at, code, found["stem"], option, bool(values) and (marked or named))
    # Without a question the option itself heads the column, and is what its cells hold.
    plain = _REPEATED.sub("", heading)
    if values and values == {plain}:
        return Option(at, "", "", plain, marked=True)
    return None
