"""Personal data that has a shape of its own: addresses of the net, numbers with check digits, numbers by their name.

Every pattern reads text after NFKC whose dashes between digits are plain hyphens (``find.folded``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Span = tuple[int, int]

# Where a number begins and ends: not inside another number, a decimal, a word of Latin letters.
_START = r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-.,:/_])"
_END = r"(?![0-9A-Za-z])(?![-.,:/_][0-9A-Za-z])"

_TLD = (
    r"(?:com|net|org|info|biz|edu|gov|io|dev|app|me|co|ai|tv|xyz|online|site|jp|us|uk|de|fr|es|it|nl|se|no|fi|dk|ie|ca|au"
    r"|nz|in|cn|kr|tw|hk|sg|my|th|vn|ph|id|br|mx|ch|at|be|pl|pt|ru|eu|example|test)"
)
_USER = r"[0-9A-Za-z](?:[0-9A-Za-z._%+'-]{0,62}[0-9A-Za-z_+-])?"
# What RFC 5322 lets stand before the @, also a full stop at its end, as old addresses of mobile phones have it.
_MAILBOX = r"[0-9A-Za-z!#$%&'*+/=?^_`{|}~.-]"
_LABEL = r"[0-9A-Za-z](?:[0-9A-Za-z-]{0,61}[0-9A-Za-z])?"
_DOT = r"(?: ?\. ?|\s?[\[({]\s?(?:dot|ドット)\s?[\])}]\s?|\s(?:dot|DOT)\s|\s?ドット\s?)"
_SPELT_DOT = r"(?:\s?[\[({]\s?(?:dot|ドット)\s?[\])}]\s?|\s(?:dot|DOT)\s|\s?ドット\s?)"
_EMAIL = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9A-Za-z])(?=[0-9A-Za-z_]){_MAILBOX}{{1,128}}@(?:{_LABEL}\.){{1,8}}(?:[A-Za-z]{{2,24}}|xn--[0-9A-Za-z-]{{1,60}})(?![0-9A-Za-z])",
        # Written so that no robot reads it: name (at) example [dot] com, name★example.com.
        (
            rf"(?<![0-9A-Za-z._%+-])(?:{_USER}{_SPELT_DOT}){{0,2}}{_USER}\s?(?:@|[\[({{]\s?(?:at|AT|@|アット(?:マーク)?|あっと)\s?[\])}}]|アットマーク|\s(?:アット|あっと)\s|[★☆◎●])\s?"
            rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,3}}{_DOT}{_TLD}(?![0-9A-Za-z])"
        ),
        (
            r"(?i:e-?mail|contact|reach|write|reply|address)[^@\n]{0,25}?\s"
            rf"(?P<at>(?!(?:me|us|it|you|them|him|her) ){_USER}\sat\s(?:{_LABEL}\.){{1,8}}{_TLD})(?![0-9A-Za-z])"
        ),
        rf"(?<![0-9A-Za-z._%+-])(?:{_USER}{_SPELT_DOT}){{0,2}}{_USER}\s(?:at|AT)\s{_LABEL}(?:{_SPELT_DOT}{_LABEL}){{0,2}}{_SPELT_DOT}{_TLD}(?![0-9A-Za-z])",
    )
)

_URL = re.compile(
    r"(?:https?|ftp)://[0-9A-Za-z][^\s<>\"'「」『』()（）［］｛｝、。，！？ぁ-んァ-ヺ一-鿿\ufffc]*", re.IGNORECASE
)
_URL_END = re.compile(r"[.,;:!?\]}]+$")
_USER_INFO = re.compile(r"^[a-z]+://[^/@\s]+@", re.IGNORECASE)
_QUERY = re.compile(
    r"[?&#;](?:[\w-]*(?:token|session|sid|key|secret|pass|pwd|auth|sig|signature|code|mail|user|uid|account|phone|tel|otp"
    r"|invite|ticket|jwt|nonce|hash|guest|member|customer|order|name)[\w-]*|(?:id|u|t|e|s)(?=\S*[A-Za-z]\d|\S*\d[A-Za-z]|\S*%40))=[^&\s]",
    re.IGNORECASE,
)
# A long part of a path without words in it, or a hash, opens something that is not public.
_SECRET_PART = re.compile(
    r"/(?=[^/?#]*\d)(?=[^/?#]*[A-Z])(?=[^/?#]*[a-z])(?![^/?#]*[a-z]{5})[0-9A-Za-z_-]{16,}(?![0-9A-Za-z_.-])"
    r"|/[0-9a-f]{20,}|/[0-9a-f]{8}-[0-9a-f-]{20,}"
)
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(?:twitter|x|instagram|facebook|tiktok|linkedin|github|threads|note|ameblo)\.(?:com|net|jp)"
    r"/(?:in/|@)?[0-9A-Za-z_.-]{3,40}(?![0-9A-Za-z_.-]*/[^\s])",
    re.IGNORECASE,
)

_IPV4 = re.compile(rf"{_START}(?<![vV])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){{3}}(?:25[0-5]|2[0-4]\d|1?\d?\d){_END}")
_IPV6 = re.compile(
    r"(?<![0-9A-Za-z:])(?:(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
    r"|(?=[0-9A-Fa-f:]*[0-9A-Fa-f]{3})(?:[0-9A-Fa-f]{1,4}:){1,6}(?::[0-9A-Fa-f]{1,4}){1,6})(?![0-9A-Za-z:])"
)
_VERSION = re.compile(r"(?:version|ver\.?|release|バージョン|版|v)\s*$", re.IGNORECASE)

_CARD = re.compile(rf"{_START}\d(?:[-. ]?\d){{13,18}}{_END}")
_CARD_LENGTHS = re.compile(r"3(?:0[0-5]|[689]\d)\d{11}|3[47]\d{13}|(?:4|5[0-9]|2[2-7]|6[0-9]|35)\d+")

_TWELVE = r"\d{4}[- ]?\d{4}[- ]?\d{4}"
_MY_NUMBER_NAMED = re.compile(
    rf"(?:マイナンバー|個人番号|my\s?number)[^\d\n]{{0,12}}?({_TWELVE}){_END}"
    rf"|{_START}({_TWELVE})\s?[(（]?\s?(?:マイナンバー|個人番号)",
    re.IGNORECASE,
)
_MY_NUMBER = re.compile(rf"{_START}{_TWELVE}{_END}")


def emails(text: str) -> Iterator[Span]:
    """Yield e-mail addresses, also those that are written so that no robot reads them."""
    for pattern in _EMAIL:
        yield from (m.span("at" if "at" in m.re.groupindex else 0) for m in pattern.finditer(text))


def urls(text: str) -> Iterator[Span]:
    """Yield links that open something private (user info, tokens, ids of a session) or are somebody's profile."""
    for m in _URL.finditer(text):
        url = _URL_END.sub("", m[0])
        if _USER_INFO.search(url) or _QUERY.search(url) or _SECRET_PART.search(url):
            yield m.start(), m.start() + len(url)
    yield from (m.span() for m in _PROFILE.finditer(text))


def ip_addresses(text: str) -> Iterator[Span]:
    """Yield IPv4 and IPv6 addresses; versions of programs are none."""
    for m in _IPV4.finditer(text):
        if not _VERSION.search(text[max(0, m.start() - 10) : m.start()]):
            yield m.span()
    yield from (m.span() for m in _IPV6.finditer(text))


def cards(text: str) -> Iterator[Span]:
    """Yield payment card numbers: known first digits and length, and the check digit of Luhn (ISO/IEC 7812-1)."""
    for m in _CARD.finditer(text):
        digits = _digits(m[0])
        if _CARD_LENGTHS.fullmatch(digits) and luhn(digits) and len(set(digits)) > 1:
            yield m.span()


def luhn(digits: str) -> bool:
    """Tell whether the last digit is the check digit of Luhn.

    Examples
    --------
    >>> luhn("4111111111111111"), luhn("4111111111111112")
    (True, False)
    """
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def my_numbers(text: str) -> Iterator[Span]:
    """Yield Japanese individual numbers: twelve digits that are called so, or whose check digit is right."""
    for m in _MY_NUMBER_NAMED.finditer(text):
        yield m.span(1 if m[1] else 2)
    for m in _MY_NUMBER.finditer(text):
        if my_number_check(_digits(m[0])):
            yield m.span()


def my_number_check(digits: str) -> bool:
    """Tell whether the last of twelve digits is the check digit of an individual number.

    Notes
    -----
    Ministry order 85 of 2014 (行政手続における特定の個人を識別するための番号の利用等に関する法律…総務省令), article 5.

    Examples
    --------
    >>> my_number_check("123456789018"), my_number_check("123456789012")
    (True, False)
    """
    weights = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
    rest = sum(int(d) * w for d, w in zip(digits, weights, strict=False)) % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)
