"""Which language is a comment written in? Survey comments are short: the script decides, not a statistical guess."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["ja", "en", "other"]

_KANA = re.compile(r"[ぁ-ゖァ-ヺー]")
_HAN = re.compile(r"[一-龠々〆]")
_LATIN = re.compile(r"[A-Za-z]")
_FOREIGN = re.compile(r"[\u0370-\u1fff\uac00-\ud7af]")


def detect_language(text: str) -> Language:
    """Return the language of a normalised comment.

    Kana or kanji make it Japanese, also among Latin words (``UIが使いにくい``); Latin letters alone make it
    English; Hangul, Cyrillic, Greek, Arabic and the like make it other. A comment without letters (emoji, digits)
    is other too.

    Examples
    --------
    >>> detect_language("UIが使いにくい"), detect_language("Great app"), detect_language("좋아요"), detect_language("👍")
    ('ja', 'en', 'other', 'other')
    """
    if _KANA.search(text):
        return "ja"
    foreign, han, latin = (len(p.findall(text)) for p in (_FOREIGN, _HAN, _LATIN))
    if foreign > han + latin:
        return "other"
    if han:
        return "ja" if han * 3 >= latin else "en"
    return "en" if latin else "other"
