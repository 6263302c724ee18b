"""English through spaCy's rule-based tokenizer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import spacy

from nps_nlp.language.tokens import Morph, Token

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def blank_en() -> Language:
    """Return ``spacy.blank("en")``: a tokenizer that needs no downloaded pipeline.

    Examples
    --------
    >>> [t.text for t in blank_en()("It doesn't work")]
    ['It', 'does', "n't", 'work']
    """
    return spacy.blank("en")


@cache
def _morph(surface: str) -> Morph:
    return Morph(surface, "", "", surface.lower(), surface)


def tokenise(text: str) -> list[Token]:
    """Cut a normalised English text into words.

    Parameters
    ----------
    text : str
        NFKC text.

    Returns
    -------
    list of Token
        Words with their start in `text`.

    Examples
    --------
    >>> [t.morph.lemma for t in tokenise("Great VALUE!")]
    ['great', 'value', '!']
    """
    return [Token(t.idx, _morph(t.text)) for t in blank_en().tokenizer(text) if not t.is_space]
