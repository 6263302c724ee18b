"""Find personal data in a comment, at its place in the original text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.privacy import addresses_en, addresses_ja, labelled, names_en, names_ja, numbers, phones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nps_nlp.privacy.numbers import Span

# What every mask reads, by language; the order is that of the counts.
MASKS = {
    "name": ("氏名", "name"),
    "email": ("メール", "email"),
    "phone": ("電話", "phone"),
    "address": ("住所", "address"),
    "card": ("カード番号", "card number"),
    "my_number": ("マイナンバー", "my number"),
    "id": ("番号", "number"),
    "handle": ("アカウント", "account"),
    "url": ("URL", "link"),
    "ip": ("IPアドレス", "IP address"),
}
# Without one of these, and of `names_ja.ROUGHLY`, a text holds nothing: most Japanese comments are done here.
_SOMETHING = re.compile(
    r"[\d@＠★☆◎●〒A-Za-zＡ-Ｚａ-ｚÀ-ÿ：&#]|アット|内線|丁目|番地|[〇零一二三四五六七八九](?:[-－ー−–の]?[〇零一二三四五六七八九]){2}"
)
# What a text must hold for a kind to be looked for; most comments hold none of these and are done at once.
_DIGITS = re.compile(
    r"\d[^\d\n]?\d[^\d\n]?\d[^\d\n]?\d|\d[-－ー−‐‑–—―の]\d|[a-z#:]\s?\d|\d[a-z]|#\w|内線|&#|[〇零一二三四五六七八九]{3}",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"〒|丁目|番地|郵便|\d[-－ー−‐‑–—―の]\d|[市区町村郡].{0,30}[\d一二三四五六七八九]"
    r"|\d[A-Za-zＡ-Ｚ]?,? [A-Z]|[A-Z]\d|\bzip|box \d|post|str(?:aße|asse|\.) \d|\d, \d",
    re.IGNORECASE,
)
_AT = re.compile(r"[@＠★☆◎●]|アット|あっと|\Wat\W|&#", re.IGNORECASE)
_LINK = re.compile(r"[:：][/／]{2}|\.(?:com|net|jp)[/／]", re.IGNORECASE)
_ACCOUNT = re.compile(r"[@＠]|u/|[A-Za-zＡ-Ｚァ-ヺｦ-ﾟ][^\n]{0,16}[A-Za-zＡ-Ｚ]\w{0,20}[_.#\d]", re.IGNORECASE)
_IP = re.compile(r"\d[.．]\d+[.．]\d|[:：]{2}|(?:[0-9a-f]{1,4}[:：]){3}", re.IGNORECASE)
_LATIN_NAME = re.compile(r"[A-ZÀ-ÞＡ-Ｚ][a-zß-ÿａ-ｚ]")
# Earlier kinds win where two overlap: a number that has a name is an order before it is a telephone.
_FINDERS: tuple[tuple[str, Callable[[str], Iterator[Span]], re.Pattern[str]], ...] = (
    ("url", numbers.urls, _LINK),
    ("email", numbers.emails, _AT),
    ("ip", numbers.ip_addresses, _IP),
    ("card", numbers.cards, _DIGITS),
    ("id", labelled.identifiers, _DIGITS),
    ("phone", phones.phones, _DIGITS),
    ("address", addresses_ja.addresses, _PLACE),
    ("address", addresses_en.addresses, _PLACE),
    ("my_number", numbers.my_numbers, _DIGITS),
    ("handle", labelled.handles, _ACCOUNT),
    ("name", names_ja.names, names_ja.TRIGGER),
    ("name", names_en.names, _LATIN_NAME),
)
_GONE = "\ufffc"
MASK = re.compile(
    rf"[\[［](?:{'|'.join(word for words in MASKS.values() for word in words)})(?::(?P<code>[0-9A-Z]{{8}}))?[\]］]"
)
_DASH = re.compile(r"(?<=[0-9A-Za-z)])[ー−‐‑‒–—―─━ｰ－](?=[(0-9A-Za-z])")
_ROUNDS = 4


class Found(NamedTuple):
    """Personal data at its place in the original text; ``kind`` is a key of `MASKS`."""

    start: int
    end: int
    kind: str


def find_personal_data(text: str) -> tuple[Found, ...]:
    """Find personal data.

    Parameters
    ----------
    text : str
        A comment or a cell as it was written.

    Returns
    -------
    tuple of Found
        In order, never overlapping; masks that stand in the text already are no personal data.

    Examples
    --------
    >>> find_personal_data("受付の佐藤さん ０９０ー１２３４ー５６７８")
    (Found(start=3, end=5, kind='name'), Found(start=8, end=21, kind='phone'))
    >>> find_personal_data("店員さんが親切で、恐竜博物館も良かった")
    ()
    """
    if not (_SOMETHING.search(text) or names_ja.ROUGHLY.search(text)):
        return ()
    if not any(gate.search(text) for _, _, gate in _FINDERS):
        return ()
    # Here and not at the top: most cells end above, and `nps-nlp score` must not load the language room.
    from nps_nlp.language.normalise import normalise

    normalised = normalise(text)
    spans = sorted(_spans(folded(normalised.text)))
    found: list[Found] = []
    for start, end, kind in spans:
        left, right = normalised.span(start, end)
        # Two findings can share a character that NFKC takes apart: the first has it.
        left = max(left, found[-1].end if found else 0)
        if left < right:
            found.append(Found(left, right, kind))
    return tuple(found)


def folded(text: str) -> str:
    """Return NFKC text in which dashes and long-vowel marks between digits are hyphens; no place changes.

    Examples
    --------
    >>> folded("090ー1234−5678")
    '090-1234-5678'
    """
    return _DASH.sub("-", text)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is found, kind by kind, until nothing more is found beside what was.

    What was found is blanked, so that no later kind takes it; a text whose findings are masked thus holds none.
    """
    text = MASK.sub(lambda m: _GONE * len(m[0]), text)
    for _ in range(_ROUNDS):
        before = text
        for kind, finder, gate in _FINDERS:
            if not gate.search(text):
                continue
            for span in finder(text):
                start, end = _trimmed(text, *span)
                if start < end and _GONE not in text[start:end]:
                    yield start, end, kind
                    text = text[:start] + _GONE * (end - start) + text[end:]
        if text == before:
            return


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def is_whole_name(cell: str, *, alone: bool = False) -> bool:
    """Tell whether a cell is a person's name and nothing else.

    Parameters
    ----------
    cell : str
    alone : bool
        A surname or a given name alone is enough, as in a column of names.

    Examples
    --------
    >>> is_whole_name("佐藤 花子"), is_whole_name("福井県"), is_whole_name("佐藤"), is_whole_name("佐藤", alone=True)
    (True, False, False, True)
    """
    return names_ja.is_whole_name(cell, alone=alone) or names_en.is_whole_name(cell, alone=alone)
