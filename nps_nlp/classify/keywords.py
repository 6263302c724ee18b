"""Find the keywords of many themes in a text in one pass."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import ahocorasick

from nps_nlp.language.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from nps_nlp.language.tokens import Token

    # Label, length, and whether the word must end there.
    _Keyword = tuple[str, int, bool]

_place = itemgetter(1, 2)


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
        found: dict[str, list[_Keyword]] = {}
        for label, words in keywords.items():
            for word in words:
                plain = _lower(normalise(word).text.strip())
                whole = plain.endswith("$")
                plain = plain.removesuffix("$")
                if plain:
                    found.setdefault(plain, []).append((label, len(plain), whole))
        self._automaton = ahocorasick.Automaton()
        for plain, own in found.items():
            self._automaton.add_word(plain, own)
        self._automaton.make_automaton()

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
        if not self._automaton:
            return []
        text = _lower(text)
        found = [
            (label, end - size, end)
            for last, own in self._automaton.iter(text)
            for end in (last + 1,)
            for label, size, whole in own
            if not (whole and text[end : end + 1].isalnum())
        ]
        if self.at_words:
            starts = {token.start for token in tokens}
            found = [hit for hit in found if hit[1] in starts]
        return sorted(found, key=_place)


def _lower(text: str) -> str:
    """Lower the case without moving a position (İ has two characters in lower case)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
