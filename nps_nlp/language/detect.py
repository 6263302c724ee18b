"""Which language is a comment written in? Comments are short: the script decides, not a statistical guess."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ja", "en", "other"]

# A lone katakana letter is part of a kaomoji more often than of a word: ¯\_(ツ)_/¯, (^^)ノ.
_KANA = re.compile(r"[ぁ-ゖ]+|[ァ-ヺ][ァ-ヺー]+")
_HAN = re.compile(r"[㐀-䶿一-鿿々〆]")
_LATIN = re.compile(r"[A-Za-z]")
# Greek, Cyrillic, Hebrew, Arabic, the scripts of India and South-East Asia, Korean. A single letter is part
# of a kaomoji: (´・ω・`).
_FOREIGN = re.compile(r"[\u0370-\u1dff\u3131-\u318e\uac00-\ud7af]{2,}|[\uac00-\ud7af]")
# Characters that Chinese comments are full of and Japanese ones never hold.
_CHINESE = re.compile(r"[这们务对时说吗呢么还让给样请谢欢动东电实际现间边车费员买卖质为过觉们您很你她]")
# An English comment may name a Japanese thing (the おにぎり here were…), a Japanese one may be half English.
_LATIN_PER_JAPANESE = 8


def detect_language(text: str) -> Language:
    """Return the language of a normalised comment.

    Parameters
    ----------
    text : str
        NFKC text.

    Returns
    -------
    {"ja", "en", "other"}
        Kana or kanji make it Japanese, also among Latin words (``UIが使いにくい``), unless these are the far
        greater part; Latin letters alone make it English. Korean, Chinese, Cyrillic, Arabic and the like are
        other, and so is a comment without letters (emoji, digits).

    Examples
    --------
    >>> [detect_language(text) for text in ("UIが使いにくい", "Great app", "좋아요", "👍")]
    ['ja', 'en', 'other', 'other']
    """
    kana = _KANA.search(text) is not None
    latin = _count(_LATIN, text)
    if kana and not latin:
        return "ja"
    japanese = _count(_KANA, text) + _count(_HAN, text)
    foreign = _count(_FOREIGN, text)
    if foreign > japanese + latin:
        return "other"
    if japanese and japanese * _LATIN_PER_JAPANESE >= latin:
        return "ja" if kana or not _CHINESE.search(text) else "other"
    return "en" if latin else "other"


def _count(letters: re.Pattern[str], text: str) -> int:
    return sum(map(len, letters.findall(text)))
