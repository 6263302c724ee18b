"""Japanese predicates as a reader would write them: 使いにくかった → 使いにくい, 使えません → 使えない."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.language.tokens import Morph, Token

# What changes the meaning of a verb and so belongs to it: passive, causative, wish; too much, not to the end.
_VOICES = frozenset({"れる", "られる", "せる", "させる", "たい"})
_EXTENSIONS = frozenset({"すぎる", "過ぎる", "きれる", "切れる"})
_FAVOURS = frozenset({"くれる", "もらえる", "いただける", "頂ける", "いる", "おる"})
# なければ and なきゃ are conditions and duties, no denials.
_CONDITIONS = frozenset({"なけれ", "なきゃ", "なけりゃ"})
_TO_A_ROW = str.maketrans("うくぐすつぬぶむる", "わかがさたなばまら")


class Predicate(NamedTuple):
    """A verb or adjective with what belongs to it.

    Attributes
    ----------
    written : str
        In its plain present form.
    end : int
        Index of the first token after it.
    compound : bool
        Whether something was joined to the head: a voice, にくい, すぎる, a negation.
    negated : bool
    """

    written: str
    end: int
    compound: bool
    negated: bool


class _Negation(NamedTuple):
    """Where the negation proper (ない, ません) begins and ends; a polite one follows another verb form."""

    start: int
    end: int
    polite: bool


def read_predicate(tokens: Sequence[Token], index: int) -> Predicate:
    """Read the predicate that begins with the verb, adjective or nominal adjective at `index`.

    Parameters
    ----------
    tokens : sequence of Token
        Of a Japanese text.
    index : int
        Of the head.

    Returns
    -------
    Predicate

    Examples
    --------
    >>> from nps_nlp.language.japanese import tokenise
    >>> for text in ("使いにくかった", "待たされた", "分かりませんでした", "使えず", "行き届いていない"):
    ...     print(read_predicate(tokenise(text), 0).written)
    使いにくい
    待たされる
    分からない
    使えない
    行き届いていない
    """
    end = _joined(tokens, index)
    negation = _negation(tokens, end)
    if negation and not _is_condition(tokens, negation):
        return Predicate(_negative(tokens, index, negation), negation.end, True, True)
    written = _surfaces(tokens, index, end - 1) + _plain(tokens[end - 1].morph)
    return Predicate(written, end, end > index + 1, False)


def read_negation(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """Read what makes the noun before `index` negative: 対応[できない], 問題[ない], 親切[ではない].

    Returns
    -------
    tuple of (str, int)
        How it is written, and the index of the first token after it; an empty text where nothing negates it.
    """
    if index == len(tokens) or tokens[index].start != tokens[index - 1].end:
        return "", index
    head = tokens[index].morph
    if head.base in {"する", "できる", "出来る"} and head.pos == "動詞":
        predicate = read_predicate(tokens, index)
        return (predicate.written, predicate.end) if predicate.negated else ("", index)
    if head.base == "ない" and head.pos == "形容詞":
        return "ない", index + 1
    if head.base == "だ" and (negation := _negation(tokens, index)) and not _is_condition(tokens, negation):
        return _surfaces(tokens, index, negation.start) + "ない", negation.end
    return "", index


def _plain(morph: Morph) -> str:
    """Return the base form; UniDic has 感ずる where everybody writes 感じる."""
    return morph.base[:-2] + "じる" if morph.base.endswith("ずる") else morph.base


def _joined(tokens: Sequence[Token], index: int) -> int:
    """Return the index after the head at `index` and all that is joined to it."""
    end = index + 1
    while end < len(tokens) and _joins(tokens[end].morph) and tokens[end].start == tokens[end - 1].end:
        end += 1
    return end


def _joins(morph: Morph) -> bool:
    if morph.pos == "接尾辞":
        return morph.pos2 == "形容詞的" or morph.surface == "さ"
    return (morph.pos == "助動詞" and morph.base in _VOICES) or (morph.pos == "動詞" and morph.base in _EXTENSIONS)


def _negation(tokens: Sequence[Token], index: int) -> _Negation | None:
    """Find a negation that begins at `index`, also behind て (て)い, では, じゃ and は."""
    surfaces = [t.morph.surface for t in tokens[index : index + 5]]
    start = 0
    if surfaces[:2] == ["で", "は"]:
        start = 2
    elif surfaces[:1] in (["て"], ["で"]):
        start = 2 if index + 1 < len(tokens) and tokens[index + 1].morph.base in _FAVOURS else 1
    elif surfaces[:1] in (["は"], ["じゃ"]):
        start = 1
    place = index + start
    if surfaces[start : start + 3] == ["あり", "ませ", "ん"]:
        return _Negation(place, place + 3, polite=False)
    if surfaces[start : start + 2] == ["ませ", "ん"]:
        return _Negation(place, place + 2, polite=True)
    if place < len(tokens):
        morph = tokens[place].morph
        if morph.base == "ない" or (morph.base == "ぬ" and morph.surface in {"ず", "ぬ", "ん"}):
            return _Negation(place, place + 1, polite=False)
    return None


def _is_condition(tokens: Sequence[Token], negation: _Negation) -> bool:
    """Tell 行かないと, 車でないと and なければ (conditions, duties) from denials."""
    if tokens[negation.start].morph.surface in _CONDITIONS:
        return True
    following = tokens[negation.end].morph if negation.end < len(tokens) else None
    return following is not None and following.surface == "と" and following.pos2 == "接続助詞"


def _negative(tokens: Sequence[Token], index: int, negation: _Negation) -> str:
    """Write a negated predicate in its plain form: ず and ません become ない."""
    before = _surfaces(tokens, index, negation.start - 1)
    last = tokens[negation.start - 1].morph
    if last.base == "する":
        return before + "しない"
    if negation.polite and last.surface + "る" != _plain(last):
        return before + last.base[:-1] + last.base[-1:].translate(_TO_A_ROW) + "ない"
    return before + last.surface + "ない"


def _surfaces(tokens: Sequence[Token], start: int, end: int) -> str:
    return "".join(t.morph.surface for t in tokens[start:end])
