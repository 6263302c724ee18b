"""Read single cells: is it an answer at all, and which score does it hold."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# What respondents type when they have nothing to say. Compared after NFKC, case-folding and removal of punctuation.
_FILLERS = frozenset(
    """
    特になし とくになし 特に無し 特にない 特に無い 特にないです 特にありません 特に有りません とくにない とくにありません
    特になしです 特に無いです 特にございません 特別なし 特別ない なし 無し ナシ なしです 無しです ない 無い ないです ありません 無
    該当なし 該当無し 特に 特 未回答 無回答 回答なし 同上 上記と同じ 上記同様 上と同じ 前述の通り 思いつかない 思いつきません
    特に思いつかない 特に思いつきません わからない 分からない わかりません 分かりません 今のところなし 今のところない
    今のところ特になし 現状なし 現時点では特になし 現在は特になし 特に不満なし 特に問題なし
    na nan null none nil nothing noidea nocomment nocomments noanswer notapplicable notatall noneatall notsure dontknow
    idontknow idk same sameasabove asabove no nope notreally nothingtoadd nothingreally noneatthistime test
    """.split()
)
_NOT_TEXT = re.compile(r"[\W_]+")
_SCORE = re.compile(
    r"""^\s*(?P<number>-?\d{1,4}(?:\.\d+)?)\s*
        (?:点|pts?|points?)?\s*
        (?:/\s*10|[-‐–—―ー~:=.,、)\]}(\[{\s]\s*(?=[^\d\s]).*)?\s*$""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
LOW, HIGH = 0, 10


@lru_cache(maxsize=65_536)
def is_filler(text: str) -> bool:
    """Tell whether an answer says that there is no answer (``特になし``, ``n/a``, ``-``, ``・``).

    Examples
    --------
    >>> [is_filler(t) for t in ("特になし。", "N/A", "・", "なしが美味しい", "(^^)")]
    [True, True, True, False, False]
    """
    # Emoji and kaomoji are answers of their own: only what is made of dashes, dots and the like is empty.
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = _NOT_TEXT.sub("", plain).casefold()
    if bare:
        return bare in _FILLERS
    return all(c in "-‐–—―ー~_.,、。・･…/*'\"` \t\r\n\u200b\ufeff?!x×" for c in plain)


@lru_cache(maxsize=65_536)
def parse_score(text: str) -> tuple[int | None, str]:
    """Read a 0–10 answer as survey tools write it.

    Parameters
    ----------
    text : str
        A cell: ``"9"``, ``"９"``, ``"9.0"``, ``"10 - 非常にそう思う"``, ``"8点"``, ``"7/10"``.

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
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain or is_filler(plain):
        return None, "blank score"
    found = _SCORE.match(plain)
    if not found:
        return None, f"score {plain[:40]!r} is not a number from 0 to 10"
    number = float(found["number"])
    if number != int(number):
        return None, f"score {plain[:40]!r} is not a whole number"
    if not LOW <= number <= HIGH:
        return None, f"score {int(number)} is outside 0–10"
    return int(number), ""
