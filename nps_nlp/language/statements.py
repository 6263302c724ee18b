"""Cut a comment into statements: the clauses and sentences that each hold one opinion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from nps_nlp.language.clauses_ja import clause_cuts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

# Sentence ends of both languages; a full stop only before a blank, so that 3.5 and example.com stay whole.
_SENTENCE_END = re.compile(r"[。！？!?\n♪☆★]+[」』）)\s]*|\.{1,3}(?=\s|$)\s*|;\s+|\s*[・●■◆]\s*(?=\S)")
# Conjunctive particles that turn or add an opinion: 高いが, 良いけど, 安いし.
_TURNING_PARTICLES = frozenset({"が", "けど", "けれど", "けれども", "けども", "し", "つつ", "ながら"})
_TURNING_WORDS = frozenset({"ただ", "ただし", "しかし", "でも", "だが", "だけど", "けど", "けれど", "けれども", "一方", "逆に", "なのに", "とはいえ", "それでも", "ですが"})
_ENGLISH_TURN = re.compile(
    r"\s*[,;–—-]?\s+(?=(?:but|although|though|however|yet|whereas|except|unfortunately|on the other hand|that said|even though|despite)\b)"
    r"|,\s+(?=(?:and|while|otherwise|just|also)\s+\w+\s+\w+)",
    re.IGNORECASE,
)
_LEADING_SUBORDINATE = re.compile(r"^\s*(?:although|though|while|even though|despite)\b[^,]*(,\s*)", re.IGNORECASE)
_MIN_LETTERS = 2
_WORD = re.compile(r"\w")


def split_statements(text: str, tokens: Sequence[Token], language: Language) -> list[tuple[int, int]]:
    """Return the spans of the statements of a normalised comment.

    Parameters
    ----------
    text : str
        NFKC text.
    tokens : sequence of Token
        Its words; used in Japanese, where particles mark the turn.
    language : {"ja", "en", "other"}
        Decides which signs of contrast count.

    Returns
    -------
    list of (int, int)
        Spans in order, without the blanks around them; they cover every word of the comment.

    Examples
    --------
    >>> from nps_nlp.language.japanese import tokenise
    >>> text = "価格は高いがサポートは最高。"
    >>> [text[a:b] for a, b in split_statements(text, tokenise(text), "ja")]
    ['価格は高いが', 'サポートは最高。']
    """
    cuts = {0, len(text), *(m.end() for m in _SENTENCE_END.finditer(text))}
    if language == "ja":
        cuts.update(clause_cuts(text, tokens))
    else:
        cuts.update(m.end() for m in _ENGLISH_TURN.finditer(text))
        if leading := _LEADING_SUBORDINATE.match(text):
            cuts.add(leading.end())
    if len(cuts) == 2:
        return _trim(text, [(0, len(text))])
    edges = sorted(cuts)
    return _trim(text, _merge_short(text, list(zip(edges, edges[1:], strict=False))))


def _merge_short(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join what holds no words (kaomoji, a lone しかし) to the statement before it, or else to the one after."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and (_letters(text, start, end) < _MIN_LETTERS or _letters(text, *merged[-1]) < _MIN_LETTERS):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _letters(text: str, start: int, end: int) -> int:
    return len(_WORD.findall(text, start, end))


def _trim(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    trimmed = []
    for start, end in spans:
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        if piece.strip():
            trimmed.append((start + left, start + len(piece.rstrip())))
    return trimmed
