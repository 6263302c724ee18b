"""The words of a statement that a reader wants to see: content words in their written form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.lang.en.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

_NOUNS = frozenset({"名詞", "接尾辞", "接頭辞"})
_PREDICATES = frozenset({"形容詞", "形状詞", "動詞"})
# Light words that say nothing by themselves.
_LIGHT = frozenset(
    "する ある いる なる できる 出来る 思う 言う いう 行く くる 来る いく みる 見る 良い いい よい ない 無い こと 事 もの 物 ところ 所 とき 時 "
    "ため 為 よう そう さん 方 人 中 的 さ 点 感じ 感じる くれる もらう いただく 頂く ほしい 欲しい 多い 少ない すぎる 過ぎる 今 今回 何".split()
)
_CONTRACTIONS = frozenset({"n't", "'s", "'re", "'ve", "'ll", "'m", "'d", "dont", "im", "ive"})


def shown_terms(tokens: Sequence[Token], language: Language) -> tuple[str, ...]:
    """Return the content words of a statement, each once, compounds joined (駐車 + 場 → 駐車場).

    Examples
    --------
    >>> from nps_nlp.language import read_comment
    >>> shown_terms(read_comment("駐車場がとても狭かった").tokens, "ja")
    ('駐車場', '狭い')
    """
    found = _japanese(tokens) if language == "ja" else _english(tokens)
    return tuple(dict.fromkeys(found))


def _japanese(tokens: Sequence[Token]) -> list[str]:
    found: list[str] = []
    compound = ""
    end = -1
    for start, morph in tokens:
        if morph.pos in _NOUNS and morph.pos2 not in {"数詞", "助動詞語幹", "動詞的", "形容詞的"}:
            compound = compound + morph.surface if compound and start == end else _flush(found, compound) + morph.surface
            end = start + len(morph.surface)
            continue
        compound = _flush(found, compound)
        if morph.pos in _PREDICATES and morph.pos2 != "非自立可能" and morph.base not in _LIGHT:
            found.append(morph.base)
    _flush(found, compound)
    return found


def _flush(found: list[str], compound: str) -> str:
    """Keep a finished compound unless it is light or a lone character without meaning; return the empty start of the next."""
    if compound and compound not in _LIGHT and (len(compound) > 1 or "一" <= compound <= "龠"):
        found.append(compound)
    return ""


def _english(tokens: Sequence[Token]) -> list[str]:
    return [w for t in tokens if len(w := t.morph.lemma) > 2 and w.isalpha() and w not in STOP_WORDS and w not in _CONTRACTIONS]
