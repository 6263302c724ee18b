"""Read single cells: is it an answer at all, and which score does it hold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What respondents type when they have nothing to say, after NFKC, case-folding and removal of punctuation.
_FILLER_WORDS = """
    なし 無し ナシ なしです 無しです ない 無い ないです 無いです ありません 有りません ございません 無
    特になし とくになし 特に無し とくに無し 特にない とくにない 特に無い とくに無い 特にないです
    とくにないです 特に無いです 特になしです とくになしです 特にありません とくにありません 特に有りません
    特にございません
    とくにございません 特にはない 特にはなし 特には無し 特にはありません 特別なし 特別ない 特別にない
    特別にありません 特段なし 特段ない 特段ありません 別にない 別になし 別に無い 別にありません
    何もない 何も無い 何もなし 何もありません なにもない なにもありません
    該当なし 該当無し 特に とくに 特 未回答 無回答 回答なし ノーコメント
    同上 同じ おなじ 上記 前述 上記と同じ 上記に同じ 上記同様 上記の通り 上と同じ 上に同じ 前述の通り
    思いつかない 思いつきません 特に思いつかない 特に思いつきません
    わからない 分からない わかりません 分かりません
    今のところなし 今のところない 今のところありません 今のところ特になし 今のところ特にありません
    現状なし 現状特になし 現時点では特になし 現時点ではありません 現在は特になし 特に不満なし 特に問題なし
    na nan null none nil nothing no nope notreally notsure notapplicable notatall noneatall nothingatall
    nonereally nothingreally nothingspecific nothinginparticular nothingtosay nothingtoadd nothingcomestomind
    noneatthistime noidea nocomment nocomments noanswer noresponse nofeedback nosuggestions
    dontknow idontknow idk same sameasabove asabove test
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
_NOT_TEXT = re.compile(r"[\W_]+")
# Most answers begin with a letter with which no filler begins, and need no closer look.
_FIRST = "".join(sorted({word[0] for word in _FILLERS}))
MAY_BE_FILLER = rf"^(?:[{_FIRST}{_FIRST.upper()}]|[^A-Za-zぁ-んァ-ヶ一-鿿])"
# Emoji and kaomoji are answers of their own: only what is made of dashes, dots and the like is empty.
_STROKES = frozenset("-‐–—―ー－~〜～_＿.．,，、。・･…/／*＊'\"` \t\r\n\u3000\u200b\ufeff?？!！×")
ONLY_STROKES = f"^[{re.escape(''.join(sorted(_STROKES)))}]+$"
# Longer texts are never looked up, and never remembered: no filler and no labelled score is longer.
LONGEST_FILLER, _LONGEST_SCORE = 40, 120

_NUMBER_FIRST = re.compile(
    r"""(?P<number>-?\d{1,9}(?:\.\d{1,9}|,\d{1,2}(?!\d))?)\s*
        (?:点|pts?|points?)?\s*
        (?:/\s*10|[-‐–—―ー~:=.,、)\]}(\[{\s]\s*(?=[^\d\s]).*)?""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
# SurveyMonkey and others write the ends of the scale as "Extremely likely - 10".
_NUMBER_LAST = re.compile(r"[^\d]*[^\d\s-]\s*[-‐–—―:=(]\s*(?P<number>\d{1,2})\)?")
LOW, HIGH = 0, 10


def is_filler(text: str) -> bool:
    """Tell whether an answer says that there is no answer (``特になし``, ``n/a``, ``-``, ``・``).

    Examples
    --------
    >>> [is_filler(t) for t in ("特になし。", "N/A", "・", "なしが美味しい", "(^^)")]
    [True, True, True, False, False]
    """
    return _STROKES.issuperset(text) or (len(text) <= LONGEST_FILLER and _is_short_filler(text))


@lru_cache(maxsize=65_536)
def _is_short_filler(text: str) -> bool:
    return _NOT_TEXT.sub("", unicodedata.normalize("NFKC", text)).casefold() in _FILLERS


def parse_score(text: str) -> tuple[int | None, str]:
    """Read a 0–10 answer as survey tools write it.

    Parameters
    ----------
    text : str
        A cell: ``"9"``, ``"９"``, ``"9.0"``, ``"9,0"``, ``"10 - とても"``, ``"Likely - 10"``, ``"8点"``, ``"7/10"``.

    Returns
    -------
    score : int or None
        The score, or None where the cell holds none.
    problem : str
        Why there is none; empty otherwise.

    Examples
    --------
    >>> parse_score("10 - 非常に勧めたい"), parse_score("９．０")
    ((10, ''), (9, ''))
    >>> parse_score("11")
    (None, 'score 11 is outside 0–10')
    """
    number, problem = parse_number(text)
    if number is None:
        return None, problem
    if number != int(number):
        return None, f"score {number:g} is not a whole number"
    if not LOW <= number <= HIGH:
        return None, f"score {int(number)} is outside 0–10"
    return int(number), ""


def parse_number(text: str) -> tuple[float | None, str]:
    """Read the number of a rating, on whatever scale; the second value says why there is none.

    Examples
    --------
    >>> parse_number("100"), parse_number("7.5"), parse_number("満足")
    ((100.0, ''), (7.5, ''), (None, "score '満足' is not a number from 0 to 10"))
    """
    if len(text) > _LONGEST_SCORE:
        return None, f"score {text[:40]!r}… is not a number from 0 to 10"
    return _parse_short_number(text)


@lru_cache(maxsize=65_536)
def _parse_short_number(text: str) -> tuple[float | None, str]:
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or is_filler(plain):
        return None, "blank score"
    found = _NUMBER_FIRST.fullmatch(plain) or _NUMBER_LAST.fullmatch(plain)
    if not found:
        return None, f"score {plain[:40]!r} is not a number from 0 to 10"
    return float(found["number"].replace(",", ".")), ""
