"""Cut a comment into statements: the clauses and sentences that each hold one opinion."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING
from unicodedata import combining

from nps_nlp.language import clauses_en, clauses_ja
from nps_nlp.language.sentences import sentence_ends, whole_spans

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

_WORD = re.compile(r"[^\W_]{2,}|[一-鿿]")


def split_statements(
    text: str, tokens: Sequence[Token], language: Language, breaks: Iterable[int] = ()
) -> list[tuple[int, int]]:
    """Return the spans of the statements of a normalised comment.

    Parameters
    ----------
    text : str
        NFKC text.
    tokens : sequence of Token
        Its words; used in Japanese, where particles mark the turn.
    language : {"ja", "en", "other"}
        Decides which signs of contrast count.
    breaks : iterable of int, optional
        Places where a statement begins for reasons that normalisation hides: after it ① is a plain 1.

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
    ends = {*breaks, *sentence_ends(text, tokens, language)}
    turns = set(clauses_ja.clause_cuts(text, tokens) if language == "ja" else clauses_en.clause_cuts(text))
    cuts = ends | turns
    if cuts:
        for start, end in whole_spans(text):
            cuts.difference_update(range(start + 1, end))
        # A mark stays with the character that it modifies.
        cuts = {cut for cut in cuts if not combining(text[cut : cut + 1] or " ")}
    edges = [0, *sorted(cuts - {0, len(text)}), len(text)]
    return _trim(text, _merge(text, tokens, language, pairwise(edges), ends))


def _merge(
    text: str,
    tokens: Sequence[Token],
    language: Language,
    spans: Iterable[tuple[int, int]],
    ends: Collection[int],
) -> list[tuple[int, int]]:
    """Join what is no statement of its own to the one before it: kaomoji, 楽しみです。, Brilliant."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and (
            not _WORD.search(text, start, end)
            or not _WORD.search(text, *merged[-1])
            or (start in ends and _is_afterthought(text, tokens, language, (start, end), merged[-1]))
        ):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _is_afterthought(
    text: str, tokens: Sequence[Token], language: Language, span: tuple[int, int], before: tuple[int, int]
) -> bool:
    if language == "ja":
        return clauses_ja.is_afterthought(text, tokens, span, before)
    return clauses_en.is_afterthought(text, span, before)


def _trim(text: str, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    trimmed = []
    for start, end in spans:
        piece = text[start:end]
        left = len(piece) - len(piece.lstrip())
        if left < len(piece):
            trimmed.append((start + left, start + len(piece.rstrip())))
    return trimmed
