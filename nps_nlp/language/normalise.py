"""Unicode-safe normalisation that remembers where every character came from."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

# What web forms leave in comments, or a base character with what modifies it: half-width (semi-)voiced marks,
# combining marks, variation selectors.
_CLUSTER = re.compile(
    r"(?P<entity>&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});)|(?P<br><br\s*/?>)|.[\uff9e\uff9f\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*",
    re.DOTALL,
)
_MARKUP = re.compile(r"&#?\w{2,8};|<br", re.IGNORECASE)
_INVISIBLE = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))


@dataclass(frozen=True)
class Normalised:
    """Text for matching and the way back to the original.

    Attributes
    ----------
    text : str
        NFKC form; character references and ``<br>`` resolved, invisible characters removed.
    origin : tuple of int or None
        Index in the original of each character, plus the length at the end; None where both texts are equal.
    """

    text: str
    origin: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Translate a span of the normalised text into one of the original."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end]


def normalise(text: str) -> Normalised:
    """Bring a comment into the form that all matching works on.

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
    """
    if not _MARKUP.search(text) and (text.isascii() or _is_plain(text)):
        return Normalised(text)
    parts: list[str] = []
    origin: list[int] = []
    for cluster in _CLUSTER.finditer(text):
        form = _form(cluster)
        parts.append(form)
        origin.extend([cluster.start()] * len(form))
    return Normalised("".join(parts), (*origin, len(text)))


def _is_plain(text: str) -> bool:
    return unicodedata.is_normalized("NFKC", text) and text == text.translate(_INVISIBLE)


def _form(cluster: re.Match[str]) -> str:
    if cluster["br"]:
        return "\n"
    raw = html.unescape(cluster[0]) if cluster["entity"] else cluster[0]
    return unicodedata.normalize("NFKC", raw).translate(_INVISIBLE)
