"""Telephone numbers, as people write them in Japan and elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.privacy.numbers import Span

_START = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-.,:/_])"
_END = r"(?!\d)(?![-.,:/_]\d)"
_GAP = r"[-. )(]{0,2}"
_EXTENSION = r"(?:\s?[(,、]?\s?(?:内線|ext(?:ension)?\.?|x)\s?[:番号]{0,3}\s?\d{1,6}\)?)?"
# A number in its national form begins with 0; in Japan it has ten digits, mobile and IP numbers eleven.
_NATIONAL = re.compile(
    rf"(?:(?<=TEL)|(?<=Tel)|(?<=tel)|(?<=FAX)|{_START})\(?0\d{{1,4}}{_GAP}\d{{1,4}}{_GAP}\d{{3,4}}{_END}{_EXTENSION}"
)
_NATIONAL_GROUPS = re.compile(rf"{_START}0\d{{3,4}} \d{{3}} ?\d{{3,4}}{_END}|{_START}0\d(?:[ .]\d\d){{4}}{_END}")
_INTERNATIONAL = re.compile(
    rf"(?:(?<![0-9A-Za-z])\+|{_START}00(?=[1-9]))\d{{1,3}}(?:{_GAP}\d{{1,5}}){{2,6}}{_END}{_EXTENSION}"
)
_AMERICAN = re.compile(rf"{_START}(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{{4}}{_END}{_EXTENSION}")
# Digits that only their neighbours make a telephone number.
_CALL = (
    r"(?:\b(?:call(?:ed)?(?: me)?|phone|cell|mobile|tel|telephone|text|whatsapp|number is"
    r"|rang|ring|voicemails?|dial|fax|hotline)"
    r"|電話|携帯|連絡先|TEL|ＴＥＬ|Tel|FAX|ファックス|フリーダイヤル)"
)
_CALLED = re.compile(
    rf"{_CALL}(?:番号)?(?:\s?(?:is|was|at|on|to|me|us|back|は|が|:|：|\.|,|#|number|no\.?)){{0,4}}\s?[(（]?"
    rf"(\d{{2,4}}[- .]\d{{4}}|\d{{7}}|\d{{2,4}}[- ]\d{{3,4}}[- ]\d{{3,4}}|\d{{10}}){_END}",
    re.IGNORECASE | re.ASCII,
)
_INTERNAL = re.compile(
    r"(?:内線(?:番号)?\s?[:は]?\s?|\b)(?P<number>(?:extension|ext\.?)\s?\d{2,6}|(?<=内線)\d{1,6})\b",
    re.IGNORECASE | re.ASCII,
)
_INTERNAL_JA = re.compile(r"内線(?:番号)?\s?[:は]?\s?(\d{1,6})(?!\d|コール|回|件|台)")
_KANJI = re.compile(
    r"[〇零一二三四五六七八九]{2,5}[-ー−の][〇零一二三四五六七八九]{1,4}[-ー−の][〇零一二三四五六七八九]{4}"
)
_NATIONAL_LENGTHS = (10, 11)


def phones(text: str) -> Iterator[Span]:
    """Yield telephone numbers; the text is folded (`nps_nlp.privacy.find.folded`)."""
    for m in _INTERNATIONAL.finditer(text):
        if 8 <= _count(m[0]) <= 21:
            yield m.span()
    for m in _NATIONAL.finditer(text):
        main = re.split(r"内線|ext|x", m[0], maxsplit=1)[0]
        if _count(main) in _NATIONAL_LENGTHS and _balanced(main):
            yield _without_open(text, m.start(), m.end())
    for pattern in (_NATIONAL_GROUPS, _AMERICAN, _KANJI):
        yield from (m.span() for m in pattern.finditer(text))
    for pattern in (_CALLED, _INTERNAL_JA):
        yield from (m.span(1) for m in pattern.finditer(text))
    yield from (m.span("number") for m in _INTERNAL.finditer(text))


def _count(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _balanced(text: str) -> bool:
    """Tell whether no more than the bracket around the whole is open: 03(1234)5678, (06)1234-5678."""
    return abs(text.count("(") - text.count(")")) <= 1


def _without_open(text: str, start: int, end: int) -> Span:
    """Leave a bracket that opens before the number and closes after it where it is: (090-1234-5678)."""
    if text[start] == "(" and ")" not in text[start:end]:
        start += 1
    return start, end
