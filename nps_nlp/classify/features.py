"""What the quick reader sees of a comment: words, character n-grams, lexicon hits, and the question.

This is the readable definition, with features as strings, that models are trained on; ``columns`` computes the same
for many comments at once.
"""

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
    from collections.abc import Iterable, Sequence

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token

_SPACES = re.compile(r"\s+")
_DIGITS = re.compile(r"\d+")
# A word of praise under a negation is none, and "does not work" says more than its words apart.
NEGATIONS = {
    "ja": frozenset({"無い", "ない", "ず", "ぬ"}),
    "en": frozenset({
        "not", "n't", "never", "no", "nothing", "hardly", "barely", "without", "cannot", "none", "nobody",
        "nor", "neither",
    }),
}  # fmt: skip
SCOPE = 3
_SCOPE_CHARACTERS = {"ja": 6, "en": 16}
LAST_WORDS = 4
SIZES = {"ja": (1, 2, 3, 4), "en": (3, 4)}
_CROSSED = ("l:", "k:", "n:")
_WORDS = re.compile(r"[a-z']+|[^\W\d_a-z]+")
# What a question asks for changes how a bare noun reads: 海の幸 is praise under one and a request under another.
_QUESTION_KINDS = (
    (
        "want",
        (
            r"求める|要望|改善|追加|欲しい|ほしい|して欲し|期待|希望|提案|あったら|"
            r"improve|better|suggest|change|would you like|want|add\b|missing|wish"
        ),
    ),
    (
        "like",
        r"推奨|良かった|よかった|良い点|気に入|満足した|魅力|すすめ.*(点|理由)|強み|pleasant|\blike\b|liked|best|good|enjoy|strength|love|favou?rite|satisfied",
    ),
    (
        "dislike",
        (
            r"不便|不満|悪かった|困った|嫌|残念|弱み|課題|問題|"
            r"difficult|hinder|dislike|worst|problem|frustrat|not (address|like|work)|bad|weak|dissatisf|lack"
        ),
    ),
    ("reason", r"理由|なぜ|どうして|要因|きっかけ|why|reason|explain|because|main factor|tell us"),
)
_SIDES = frozenset({"l:positive", "l:negative"})
_KINDS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _QUESTION_KINDS)


@cache
def _lexicon(language: str) -> KeywordMatcher:
    polarity = tomllib.loads((resources.files("nps_nlp.classify") / "lexicon" / "polarity.toml").read_text("utf-8"))
    labels = {f"l:{name}": polarity[f"{name}_{language}"] for name in ("positive", "negative", "request", "negation")}
    labels |= {f"k:{t.id}": t.keywords(language) for t in load_taxonomy("tourism").themes}
    return KeywordMatcher(labels, at_words=language == "en")


@cache
def question_kinds(question: str) -> tuple[str, ...]:
    """Return what a question asks for (``q:want``, ``q:like``, ``q:dislike``, ``q:reason``), or that it is silent."""
    text = unicodedata.normalize("NFKC", question)
    return tuple(f"q:{kind}" for kind, pattern in _KINDS if pattern.search(text)) or ("q:other" if text else "q:none",)


@cache
def question_features(question: str) -> tuple[str, ...]:
    """Return the features of a question: what it asks for, its words (character pairs in Japanese), and itself.

    Examples
    --------
    >>> question_features("What should we do better?")[:2]
    ('q:want', 'qw:what')
    """
    text = unicodedata.normalize("NFKC", question).lower()
    words = _WORDS.findall(text)
    parts = (w if w.isascii() else w[i : i + 2] for w in words for i in range(1 if w.isascii() else max(1, len(w) - 1)))
    return (
        *question_kinds(question),
        *(f"qw:{p}" for p in dict.fromkeys(parts)),
        *(f"qb:{a} {b}" for a, b in pairwise(words)),
        f"qt:{' '.join(words)}",
    )


def model_language(language: Language) -> str:
    """Return which of the two models reads a language; what is neither Japanese nor English is read as English."""
    return "ja" if language == "ja" else "en"


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
    known = model_language(language)
    found = _word_features([word(t.morph.lemma) for t in tokens], known)
    kinds = question_kinds(question)
    for mark in marks(text, tokens, known):
        found += asked_mark(mark, kinds)
    found += question_features(question)
    padded = characters([text])
    return found + [f"c:{padded[i : i + n]}" for n in SIZES[known] for i in range(len(padded) - n + 1)]


def word(lemma: str) -> str:
    """Return a word as the models know it: lower case, every number as 0, without blanks."""
    return _DIGITS.sub("0", _SPACES.sub("_", lemma.lower()))


def characters(texts: Iterable[str]) -> str:
    """Return texts as character n-grams are taken from them, each between ``^`` and ``$``, with NUL between texts."""
    joined = "\0".join([f"^{text.replace(chr(0), ' ')}$" for text in texts])
    return _DIGITS.sub("0", _SPACES.sub(" ", joined.lower()))


def _word_features(words: Sequence[str], language: str) -> list[str]:
    """Return words, pairs of words, the last words, and the words that a negation governs."""
    found = [f"w:{w}" for w in words]
    found += [f"b:{a} {b}" for a, b in pairwise(words)]
    found += [f"e:{w}" for w in words[-LAST_WORDS:]]
    for place, w in enumerate(words):
        if w in NEGATIONS[language]:
            # What is negated stands before ない and after not.
            governed = (
                words[max(0, place - SCOPE) : place] if language == "ja" else words[place + 1 : place + 1 + SCOPE]
            )
            found += [f"x:{g}" for g in governed]
    return found


def asked_mark(mark: str, kinds: Sequence[str]) -> tuple[str, ...]:
    """Return the features of a mark: itself, and crossed with what the question asks for."""
    return (mark, *(f"{kind}&{mark}" for kind in kinds)) if mark.startswith(_CROSSED) else (mark,)


def marks(text: str, tokens: Sequence[Token], language: str) -> list[str]:
    """Return what the keyword lists and the polarity lexicon say of a text, each mark once.

    ``k:`` themes; ``l:`` polarity; ``f:`` polarity and whether it is negated; ``h:`` polarity in the first or second
    half; ``s:``, ``first``, ``last`` their order; ``v:`` their balance; ``n:`` the length in words.
    """
    hits = _lexicon(language).find(text, tokens)
    found = {label: None for label, _, _ in hits}
    polar = [label for label, _, _ in hits if label[0] == "l"]
    for a, b in pairwise(polar):
        found[f"s:{a}>{b}"] = None
    if polar:
        found[f"first{polar[0]}"] = found[f"last{polar[-1]}"] = None
    sides = [hit for hit in hits if hit[0] in _SIDES]
    if sides:
        negations = [t.start for t in tokens if t.morph.lemma in NEGATIONS[language]]
        middle = len(text) / 2
        for label, start, end in sides:
            found[f"f:{label}{'!' if _negated(negations, start, end, language) else '+'}"] = None
            found[f"h:{label}{int(start > middle)}"] = None
    found[_balance(polar)] = None
    size = len(tokens)
    found["n:1" if size < 2 else "n:4" if size < 5 else "n:12" if size < 13 else "n:long"] = None
    return list(found)


def _negated(negations: Sequence[int], start: int, end: int, language: str) -> bool:
    reach = _SCOPE_CHARACTERS[language]
    return any(end - 1 <= n <= end + reach if language == "ja" else start - reach <= n < start for n in negations)


def _balance(polar: Sequence[str]) -> str:
    praise, blame = polar.count("l:positive"), polar.count("l:negative")
    if praise and blame:
        return f"v:both{'>' if praise > blame else '<' if praise < blame else '='}"
    return f"v:+{min(praise, 3)}" if praise else f"v:-{min(blame, 3)}"
