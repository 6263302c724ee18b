"""What the linear models see of a comment: words, character n-grams, lexicon hits, and the question."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

from nps_nlp.classify.keywords import KeywordMatcher
from nps_nlp.classify.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[a-z']+|[^\W\d_a-z]+")
# What a question asks for changes how a bare noun reads: 海の幸 is praise under one and a request under another.
_QUESTION_KINDS = (
    ("want", r"求める|要望|改善|追加|欲しい|ほしい|して欲し|期待|希望|提案|あったら|improve|better|suggest|change|would you like|want|add\b|missing|wish"),
    ("like", r"推奨|良かった|よかった|良い点|気に入|満足した|魅力|すすめ.*(点|理由)|強み|pleasant|\blike\b|liked|best|good|enjoy|strength|love|favou?rite|satisfied"),
    ("dislike", r"不便|不満|悪かった|困った|嫌|残念|弱み|課題|問題|difficult|hinder|dislike|worst|problem|frustrat|not (address|like|work)|bad|weak|dissatisf|lack"),
    ("reason", r"理由|なぜ|どうして|要因|きっかけ|why|reason|explain|because|main factor|tell us"),
)
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTION_KINDS)


@cache
def _lexicon(language: str) -> KeywordMatcher:
    suffix = "ja" if language == "ja" else "en"
    polarity = tomllib.loads((resources.files("nps_nlp.classify") / "lexicon" / "polarity.toml").read_text("utf-8"))
    labels = {f"l:{name}": polarity[f"{name}_{suffix}"] for name in ("positive", "negative", "request", "negation")}
    labels |= {f"k:{t.id}": t.keywords(suffix) for t in load_taxonomy("tourism").themes}
    return KeywordMatcher(labels, at_words=suffix == "en")


@cache
def question_features(question: str) -> tuple[str, ...]:
    """Return the features of a question: what it asks for, its words (character pairs in Japanese), and itself.

    Examples
    --------
    >>> question_features("What should we do better?")[:2]
    ('q:want', 'qw:what')
    """
    text = unicodedata.normalize("NFKC", question).lower()
    kinds = [f"q:{kind}" for kind, pattern in _KINDS if pattern.search(text)] or ["q:other" if text else "q:none"]
    words = _WORDS.findall(text)
    parts = (w if w.isascii() else w[i : i + 2] for w in words for i in range(1 if w.isascii() else max(1, len(w) - 1)))
    return (*kinds, *(f"qw:{p}" for p in dict.fromkeys(parts)), *(f"qb:{a} {b}" for a, b in pairwise(words)), f"qt:{' '.join(words)}")


def features(text: str, tokens: Sequence[Token], language: Language, question: str) -> list[str]:
    """Return the features of a piece of text as strings, for a bag-of-features model.

    Parameters
    ----------
    text : str
        Normalised text of the piece.
    tokens : sequence of Token
        Its words, with starts counted in `text`.
    language : {"ja", "en", "other"}
    question : str
        The question that the text answers, empty if unknown.

    Returns
    -------
    list of str
        May repeat; the model counts each once.
    """
    lowered = text.lower()
    words = [_DIGITS.sub("0", t.morph.lemma.lower()) for t in tokens]
    hits = [label for label, _, _ in _lexicon(language).find(lowered, tokens)]
    asked = question_features(question)
    kinds = [a for a in asked if a.startswith("q:")]
    found = ["w:" + w for w in words]
    found += [f"b:{a} {b}" for a, b in pairwise(words)]
    found += [f"e:{w}" for w in words[-4:]]
    found += hits
    found += [f"{kind}&{hit}" for kind in kinds for hit in sorted({*hits, *_shape(words)})]
    found += asked
    found += _ngrams(_DIGITS.sub("0", _SPACES.sub(" ", lowered)), language)
    polar = [h for h in hits if h[0] == "l"]
    found += [f"s:{a}>{b}" for a, b in pairwise(polar)]
    if polar:
        found.append(f"first{polar[0]}")
        found.append(f"last{polar[-1]}")
    return found


def _shape(words: Sequence[str]) -> set[str]:
    return {"n:1" if len(words) < 2 else "n:4" if len(words) < 5 else "n:12" if len(words) < 13 else "n:long"}


def _ngrams(text: str, language: Language) -> list[str]:
    padded = f"^{text}$"
    sizes = (1, 2, 3, 4) if language == "ja" else (3, 4)
    return [padded[i : i + n] for n in sizes for i in range(len(padded) - n + 1)]
