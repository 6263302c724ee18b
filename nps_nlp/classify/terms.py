"""The words of a statement that a reader wants to see: content words in their written form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spacy.lang.en.stop_words import STOP_WORDS

from nps_nlp.language.light_words import (
    AFTER_STEM_JA,
    COUNTERS_JA,
    FROZEN_JA,
    LIGHT_EN,
    LIGHT_EVEN_NEGATED_JA,
    LIGHT_JA,
    NO_PLURAL_EN,
    PLURAL_IE_EN,
)
from nps_nlp.language.predicates import read_negation, read_predicate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Morph, Token

_PREDICATES = frozenset({"形容詞", "動詞"})
_PERSONAL = frozenset({"さん", "様", "さま", "たち", "達", "ら"})
_KATAKANA = re.compile(r"[ァ-ヺー]+")
_GENERATION = re.compile(r"[A-Z]")
_LINKS = frozenset("-&")
_LINKED = re.compile(r"[^\W\d_]+(?:[-&][^\W\d_]+)+")
# Longer words in capitals are shouted, not acronyms.
_ACRONYM = 3


def shown_terms(tokens: Sequence[Token], language: Language) -> tuple[str, ...]:
    """Return the content words of a statement, each once, in the form that a reader would write.

    Japanese compounds are joined (駐車 + 場 → 駐車場) and so are predicates with what changes their meaning
    (使い + にくい → 使いにくい, 使え + ませ + ん → 使えない). English plurals lose their *s* if that is safe.

    Parameters
    ----------
    tokens : sequence of Token
        The words of the statement.
    language : {"ja", "en", "other"}

    Returns
    -------
    tuple of str
        In order of first appearance.

    Examples
    --------
    >>> from nps_nlp.language import read_comment
    >>> shown_terms(read_comment("駐車場がとても狭くて、コスパが良くない").tokens, "ja")
    ('駐車場', '狭い', 'コスパ', '良くない')
    >>> shown_terms(read_comment("The check-in queues were endless").tokens, "en")
    ('check-in', 'queue', 'endless')
    """
    found = _japanese(tokens) if language == "ja" else _english(tokens)
    return tuple(dict.fromkeys(found))


def _japanese(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(tokens):
        morph = tokens[index].morph
        if _is_nominal(tokens, index):
            index = _take_noun(tokens, index, found)
        elif morph.pos in _PREDICATES:
            index = _take_predicate(tokens, index, found)
        elif morph.pos2 == "数詞":
            index = _after_number(tokens, index, found)
        else:
            index += 1
    return found


def _is_nominal(tokens: Sequence[Token], index: int) -> bool:
    morph = tokens[index].morph
    if morph.pos in {"名詞", "接頭辞"}:
        return morph.pos2 not in {"数詞", "助動詞語幹"}
    if morph.pos == "形状詞":
        return morph.pos2 != "助動詞語幹"
    if morph.pos == "接尾辞":
        return morph.pos2 in {"名詞的", "形状詞的"}
    return morph.pos == "動詞" and _is_stem(tokens, index)


def _is_stem(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether this verb is the first part of a noun: 使い勝手, 行き方."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        following is not None
        and following.morph.surface in AFTER_STEM_JA
        and following.morph.pos in {"名詞", "接尾辞"}
        and following.start == tokens[index].end
        and tokens[index].morph.surface != tokens[index].morph.base
    )


def _take_noun(tokens: Sequence[Token], index: int, found: list[str]) -> int:
    """Add the compound that begins at `index`; return the index after it."""
    end = index + 1
    while end < len(tokens) and tokens[end].start == tokens[end - 1].end and _continues(tokens, end):
        end += 1
    negation, after = read_negation(tokens, end)
    if not negation and end + 1 < len(tokens) and tokens[end].morph.surface == "の":
        frozen = _written(tokens, index, end + 2)
        if frozen in FROZEN_JA:
            found.append(frozen)
            return end + 2
    compound = _written(tokens, index, _without_person(tokens, index, end))
    if compound not in LIGHT_JA and (len(compound) > 1 or "一" <= compound <= "鿿"):
        found.append(compound + negation)
    return after


def _written(tokens: Sequence[Token], start: int, end: int) -> str:
    return "".join([t.morph.surface for t in tokens[start:end]])


def _continues(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether the compound goes on with this word."""
    if _is_nominal(tokens, index):
        return True
    before, morph = tokens[index - 1].morph, tokens[index].morph
    if morph.pos == "動詞":
        return before.pos == "接頭辞" and morph.surface != morph.base  # お + すすめ
    if morph.pos == "記号" and _KATAKANA.fullmatch(morph.surface) and _KATAKANA.fullmatch(before.surface):
        return True  # コス + パ
    return morph.surface in _LINKS and before.surface.isascii() and _goes_on(tokens, index)  # Wi + - + Fi


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    return index + 1 < len(tokens) and tokens[index + 1].start == tokens[index].end and _is_nominal(tokens, index + 1)


def _without_person(tokens: Sequence[Token], start: int, end: int) -> int:
    """Return the end of a compound without さん and the like after a role (店員さん); お客様 stays."""
    while end - start > 1 and tokens[end - 1].morph.surface in _PERSONAL and tokens[start].morph.pos != "接頭辞":
        end -= 1
    return end


def _take_predicate(tokens: Sequence[Token], index: int, found: list[str]) -> int:
    """Add the predicate that begins at `index` if it says something; return the index after it."""
    head = tokens[index].morph
    predicate = read_predicate(tokens, index)
    if predicate.compound:
        shown = head.base not in LIGHT_EVEN_NEGATED_JA and not _is_light_wish(head, predicate.written)
    else:
        shown = head.pos2 != "非自立可能"
    if shown and predicate.written not in LIGHT_JA:
        found.append(predicate.written)
    return predicate.end


def _is_light_wish(head: Morph, written: str) -> bool:
    """行きたい and 見たい say as little as 行く and 見る."""
    return head.base in LIGHT_JA and written.endswith(("たい", "れる"))


def _after_number(tokens: Sequence[Token], index: int, found: list[str]) -> int:
    """Pass over a number and its unit (3時間, 100円), but keep 5G and 4K."""
    index += 1
    if (
        index < len(tokens)
        and tokens[index].start == tokens[index - 1].end
        and _GENERATION.fullmatch(tokens[index].morph.surface)
    ):
        found.append(_written(tokens, index - 1, index + 1))
        return index + 1
    while index < len(tokens) and (
        tokens[index].morph.pos2 == "数詞"
        or tokens[index].morph.surface in COUNTERS_JA
        or tokens[index].morph.pos == "接尾辞"
    ):
        index += 1
    return index


def _english(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(tokens):
        end = index + 1
        while end + 1 < len(tokens) and _is_link(tokens, end):
            end += 2
        if end > index + 1:
            found.append("".join(t.morph.surface for t in tokens[index:end]))
        elif word := _english_word(tokens[index].morph):
            found.append(word)
        index = end
    return found


def _is_link(tokens: Sequence[Token], index: int) -> bool:
    """Tell whether a hyphen or & links two words here, without blanks: check-in, Wi-Fi, B&B."""
    before, link, after = tokens[index - 1 : index + 2]
    return (
        link.morph.surface in _LINKS
        and before.end == link.start
        and link.end == after.start
        and before.morph.surface.isalnum()
        and after.morph.surface.isalnum()
    )


def _english_word(morph: Morph) -> str:
    """Return the word to show, or an empty text for what says nothing by itself."""
    word = morph.lemma
    if _LINKED.fullmatch(word):
        return morph.surface
    if not word.isalpha() or word in STOP_WORDS or word in LIGHT_EN:
        return ""
    if len(word) <= _ACRONYM and morph.surface.isupper() and len(word) > 1:
        return morph.surface
    if len(word) <= 2:
        return ""
    if not morph.surface[1:].islower() and not morph.surface.isupper():
        return morph.surface
    return _singular(word)


def _singular(word: str) -> str:
    """Remove a plural ending where hardly any other word could be meant.

    Examples
    --------
    >>> [_singular(word) for word in ("queues", "batteries", "boxes", "buses", "always", "status", "movies")]
    ['queue', 'battery', 'box', 'buses', 'always', 'status', 'movie']
    """
    if (
        len(word) < 4
        or word in NO_PLURAL_EN
        or not word.endswith("s")
        or word.endswith(("ss", "us", "is", "as", "uses"))
    ):
        return word
    if word.endswith("ies") and word not in PLURAL_IE_EN:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "xes", "toes", "tches")):
        return word[:-2]
    return word[:-1]
