"""Read one comment: its language, its words, its statements."""

from __future__ import annotations

from dataclasses import dataclass

from nps_nlp.language import english, japanese
from nps_nlp.language.detect import Language, detect_language
from nps_nlp.language.normalise import Normalised, normalise
from nps_nlp.language.statements import split_statements
from nps_nlp.language.tokens import Token

# Longer comments are read to this length: what follows is kept in every output but not classified.
MAX_READ = 5_000


@dataclass(frozen=True)
class Comment:
    """A comment as the classifiers read it.

    Attributes
    ----------
    language : {"ja", "en", "other"}
    normalised : Normalised
        Text for matching, with the way back to the original.
    tokens : tuple of Token
    statements : tuple of (int, int)
        Spans in the normalised text.
    """

    language: Language
    normalised: Normalised
    tokens: tuple[Token, ...]
    statements: tuple[tuple[int, int], ...]

    def words(self, start: int, end: int) -> tuple[Token, ...]:
        """Return the words of a span."""
        return self.tokens if start <= 0 and end >= len(self.normalised.text) else tuple(t for t in self.tokens if start <= t.start < end)


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
    tokens = tokenise(normalised.text)
    statements = split_statements(normalised.text, tokens, language)
    return Comment(language, normalised, tuple(tokens), tuple(statements))
