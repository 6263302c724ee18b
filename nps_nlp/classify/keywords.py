"""Find the keywords of many themes in a text in one pass."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nps_nlp.language.tokens import Token


class KeywordMatcher:
    """Which labels have a keyword in a text?

    Parameters
    ----------
    keywords : mapping of str to iterable of str
        Label → keywords. Matched in lower-cased NFKC text: anywhere in Japanese, at word starts in English
        (``pric`` finds *prices*; a final ``$`` asks for the whole word).
    at_words : bool
        Whether keywords match at word starts only (English).

    Examples
    --------
    >>> from nps_nlp.language import read_comment
    >>> c = read_comment("値段が高い")
    >>> KeywordMatcher({"price": ["値段", "高い"]}, at_words=False).find(c.normalised.text, c.tokens)
    [('price', 0, 2), ('price', 3, 5)]
    """

    def __init__(self, keywords: Mapping[str, Iterable[str]], *, at_words: bool) -> None:
        self.at_words = at_words
        # Indexed by the first two characters: one look-up a position instead of one search a keyword.
        self._index: dict[str, list[tuple[str, str, bool]]] = defaultdict(list)
        for label, words in keywords.items():
            for word in words:
                whole = word.endswith("$")
                plain = word.removesuffix("$").lower()
                self._index[plain[:2]].append((plain, label, whole))

    def find(self, text: str, tokens: Sequence[Token]) -> list[tuple[str, int, int]]:
        """Return (label, start, end) of every keyword in a lower-cased text, in text order."""
        starts: Iterable[int] = (t.start for t in tokens) if self.at_words else range(len(text))
        found = []
        for start in starts:
            for key in (text[start : start + 2], text[start : start + 1]):
                for word, label, whole in self._index.get(key, ()):
                    end = start + len(word)
                    if len(key) == min(2, len(word)) and text.startswith(word, start) and not (whole and text[end : end + 1].isalnum()):
                        found.append((label, start, end))
        return found
