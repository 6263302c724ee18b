"""Find the keywords of many themes in a text in one pass."""

from __future__ import annotations

from collections import defaultdict
from operator import add
from typing import TYPE_CHECKING

from nps_nlp.language.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nps_nlp.language.tokens import Token


class KeywordMatcher:
    """Tells which labels have a keyword in a text.

    Parameters
    ----------
    keywords : mapping of str to iterable of str
        Label → keywords. Case and Unicode form do not matter. Matched anywhere in Japanese, at word starts in
        English (``pric`` finds *prices*); a final ``$`` asks for the end of a word.
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
                plain = _lower(normalise(word).text.strip())
                whole = plain.endswith("$")
                plain = plain.removesuffix("$")
                if plain:
                    self._index[plain[:2]].append((plain, label, whole))
        self._index.default_factory = None

    def find(self, text: str, tokens: Sequence[Token]) -> list[tuple[str, int, int]]:
        """Find every keyword in a text.

        Parameters
        ----------
        text : str
            NFKC text.
        tokens : sequence of Token
            Its words, with starts counted in `text`; used where keywords match at word starts.

        Returns
        -------
        list of (str, int, int)
            Label, start and end in `text`, in text order.
        """
        text = _lower(text)
        found = []
        for start in [t.start for t in tokens] if self.at_words else self._places(text):
            pair = text[start : start + 2]
            # Keywords of one character stand under that character. At the end of the text it is all there is.
            for key in (pair, pair[0]) if len(pair) == 2 else (pair,):
                for word, label, whole in self._index.get(key, ()):
                    end = start + len(word)
                    if text.startswith(word, start) and not (whole and text[end : end + 1].isalnum()):
                        found.append((label, start, end))
        return found

    def _places(self, text: str) -> list[int]:
        """Return where a keyword may begin, in order."""
        index = self._index
        places = [place for place, pair in enumerate(map(add, text, text[1:])) if pair in index]
        singles = [place for place, character in enumerate(text) if character in index]
        return sorted({*places, *singles}) if singles else places


def _lower(text: str) -> str:
    """Lower the case without moving a position (İ has two characters in lower case)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
