"""English through spaCy's rule-based tokenizer."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import spacy

from nps_nlp.language.tokens import Morph, Token

if TYPE_CHECKING:
    from spacy.language import Language

# spaCy keeps every different word that it has seen; past this many it starts anew.
_MOST_WORDS = 300_000
# spaCy's time grows with the square of what stands without a blank: a line of !!!!! is read in portions.
_ENDLESS = re.compile(r"\S{200}")
_PORTION = re.compile(r"\s*\S{1,199}\s*")


def blank_en() -> Language:
    """Return ``spacy.blank("en")``: a tokenizer that needs no downloaded pipeline.

    Examples
    --------
    >>> [t.text for t in blank_en()("It doesn't work")]
    ['It', 'does', "n't", 'work']
    """
    return spacy.blank("en")


@cache
def _own() -> Language:
    """Return the pipeline that `tokenise` uses: its own, so that nobody else's changes reach it."""
    return blank_en()


@lru_cache(maxsize=_MOST_WORDS)
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
        Words with their start in `text`; blanks belong to no word.

    Examples
    --------
    >>> [t.morph.lemma for t in tokenise("Great VALUE!")]
    ['great', 'value', '!']
    """
    nlp = _own()
    portions = [(m.start(), m[0]) for m in _PORTION.finditer(text)] if _ENDLESS.search(text) else [(0, text)]
    tokens = [
        Token(start + t.idx, _morph(t.text))
        for start, portion in portions
        for t in nlp.tokenizer(portion)
        if not t.is_space
    ]
    if len(nlp.vocab.strings) > _MOST_WORDS:
        _own.cache_clear()
    return tokens
