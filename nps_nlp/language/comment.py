"""Read one comment: its language, its words, its statements."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from nps_nlp.language import english, japanese
from nps_nlp.language.detect import Language, detect_language
from nps_nlp.language.normalise import Normalised, normalise
from nps_nlp.language.statements import split_statements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nps_nlp.language.tokens import Token

# Longer comments are read to this length: what follows is kept in every output but not classified.
MAX_READ = 5_000
# ①, ❶: plain digits once normalised.
_CIRCLED = re.compile(r"[①-⑳❶-❿⓫-⓴➀-➓]")
_start = itemgetter(0)


@dataclass(frozen=True)
class Comment:
    """A comment as the classifiers read it.

    Attributes
    ----------
    text : str
        As the customer wrote it.
    language : {"ja", "en", "other"}
    normalised : Normalised
        Text for matching, with the way back to the original.
    tokens : tuple of Token
    """

    text: str
    language: Language
    normalised: Normalised
    tokens: tuple[Token, ...]

    @cached_property
    def statements(self) -> tuple[tuple[int, int], ...]:
        """The opinions: spans in the normalised text. Cut when first asked for."""
        origin = self.normalised.origin
        breaks = () if origin is None else _circled_items(self.text, origin)
        return tuple(split_statements(self.normalised.text, self.tokens, self.language, breaks))

    def words(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the words that begin in a span of the normalised text."""
        first, last = (bisect_left(self.tokens, place, key=_start) for place in (start, end))
        return self.tokens[first:last]


def read_comment(text: str) -> Comment:
    """Read a comment.

    Parameters
    ----------
    text : str
        As the customer wrote it.

    Returns
    -------
    Comment

    Examples
    --------
    >>> comment = read_comment("Great staff, but the room was cold.")
    >>> comment.language, [comment.normalised.text[a:b] for a, b in comment.statements]
    ('en', ['Great staff,', 'but the room was cold.'])
    """
    normalised = normalise(text[:MAX_READ])
    language = detect_language(normalised.text)
    tokenise = japanese.tokenise if language == "ja" else english.tokenise
    return Comment(text, language, normalised, tuple(tokenise(normalised.text)))


def _circled_items(text: str, origin: tuple[int, ...]) -> Iterator[int]:
    """Yield where ①, ② … stand in the normalised text, if they count at least two items."""
    items = [m.start() for m in _CIRCLED.finditer(text, 0, origin[-1] + 1 if origin else 0)]
    if len(items) > 1:
        yield from (bisect_left(origin, place) for place in items)
