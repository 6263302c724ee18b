"""Unicode-safe normalisation that remembers where every character came from."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

# What nobody sees and what parts equal words: soft hyphen, zero-width space, marks of writing direction; and
# the selectors of a glyph variant. The zero-width joiner is no such thing: it makes one emoji of two.
_UNSEEN = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_INVISIBLE = _UNSEEN + "\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Line ends and blanks that NFKC leaves alone, control characters, and halves of surrogate pairs.
_CONTROLS = "\x00-\x08\x0b-\x1f\x7f\x85\u1680\u2028\u2029\ud800-\udfff"
_MARKUP = (
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,11});"
    r"|</?(?:br|p|div)(?:\s[^<>=]{1,20}=[^<>]{1,60})?\s*/?>"
)
_ODD = re.compile(f"[{_INVISIBLE}{_CONTROLS}]|{_MARKUP}", re.IGNORECASE)
_INVISIBLE_ONE = re.compile(f"[{_INVISIBLE}]")
_LINE_ENDS = frozenset("\r\x0b\x0c\x85\u2028\u2029")
# What NFKC never changes, unless a mark stands behind it; most of every comment.
_STABLE = r"\t\n !-%'-;=-~ぁ-ゖァ-ヺー一-鿿々〆〇、。「」『』【】・"


@dataclass(frozen=True)
class Normalised:
    r"""Text for matching and the way back to the original.

    Attributes
    ----------
    text : str
        NFKC form; character references and ``<br>`` resolved, every line end ``\n``, invisible characters
        removed.
    origin, ends : tuple of int or None
        Where in the original the source of each character starts and ends; None where both texts are equal.
        Both characters of ``キロ`` from ``㌔`` have the same source.
    """

    text: str
    origin: tuple[int, ...] | None = None
    ends: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of the normalised text into the smallest one of the original with its sources.

        Parameters
        ----------
        start, end : int
            ``0 <= start <= end <= len(text)``.

        Returns
        -------
        tuple of (int, int)
            Empty spans stay empty.

        Examples
        --------
        >>> normalise("５㌔").span(1, 3)
        (1, 2)
        """
        if self.origin is None or self.ends is None:
            return start, end
        if start < end:
            return self.origin[start], self.ends[end - 1]
        place = self.origin[start] if start < len(self.origin) else (self.ends[-1] if self.ends else 0)
        return place, place


def normalise(text: str) -> Normalised:
    r"""Bring a comment into the form that all matching works on.

    Parameters
    ----------
    text : str
        A comment as it was written.

    Returns
    -------
    Normalised

    Examples
    --------
    >>> n = normalise("ｻﾎﾟｰﾄが１番")
    >>> n.text, n.span(0, 4)
    ('サポートが1番', (0, 5))
    >>> normalise("Q&amp;A<br>が☀️").text
    'Q&A\nが☀'
    """
    if (text.isascii() or unicodedata.is_normalized("NFKC", text)) and not _ODD.search(text):
        return Normalised(text)
    parts: list[str] = []
    origin: list[int] = []
    ends: list[int] = []
    for piece in _pieces().finditer(text):
        raw = piece[0]
        start, end = piece.span()
        form = raw if piece["stable"] else _form(raw)
        parts.append(form)
        if len(form) == len(raw) and (form == raw or form == "".join(map(_form, raw))):
            origin.extend(range(start, end))
            ends.extend(range(start + 1, end + 1))
        else:
            origin.extend([start] * len(form))
            ends.extend([end] * len(form))
    return Normalised("".join(parts), tuple(origin), tuple(ends))


@cache
def _pieces() -> re.Pattern[str]:
    """Return the pattern that cuts a text where NFKC forms cannot reach across."""
    # Marks join the character before them, and so do the half-width (semi-)voiced marks and the later letters
    # of a Korean syllable; an invisible character between the two does not keep them apart.
    marks = (c for c in map(chr, range(0x300, 0x1F000)) if unicodedata.category(c)[0] == "M")
    joining = "[" + "".join(marks) + "ﾞﾟ\u1160-\u11ff\uffa0-\uffdc\U000e0100-\U000e01ef]"
    attached = f"(?:[{_UNSEEN}]*+{joining})"
    return re.compile(
        rf"(?P<stable>[{_STABLE}]+(?!{attached}))|{_MARKUP}|\r\n|[{_CONTROLS}\t\n]|.{attached}*+",
        re.DOTALL | re.IGNORECASE,
    )


@lru_cache(maxsize=10_000)
def _form(raw: str) -> str:
    if raw[0] == "<" and len(raw) > 1:
        return "\n"
    if raw[0] == "&" and len(raw) > 1:
        raw = html.unescape(raw)
    if raw == "\r\n" or raw in _LINE_ENDS:
        return "\n"
    if "\ud800" <= raw <= "\udfff":
        return "\ufffd"
    if raw < " " or raw in "\x7f\u1680":
        return raw if raw in "\t\n" else " "
    return _INVISIBLE_ONE.sub("", unicodedata.normalize("NFKC", _INVISIBLE_ONE.sub("", raw)))
