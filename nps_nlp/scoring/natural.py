"""The order that names of groups have by themselves: 10代, 20代 …; 1回, 2〜4回, 5回以上; under an hour, 1-2 hours …."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Words that stand for a number and its unit.
_WORDS = {
    "初めて": "1回", "はじめて": "1回", "初回": "1回", "半日": "0.5日", "半年": "6か月", "日帰り": "0泊",
    "なし": "0", "first time": "1 time", "first visit": "1 time", "once": "1 time", "twice": "2 times",
    "half a day": "0.5 days", "never": "0", "none": "0",
}  # fmt: skip
# In days; whatever else is counted (people, visits, yen) has one unit for all. Longer names first.
_UNITS = {
    "時間": 1 / 24, "分": 1 / 1440, "秒": 1 / 86400, "泊": 1.0, "日": 1.0, "週": 7.0, "か月": 30.0,
    "ヶ月": 30.0, "カ月": 30.0, "ケ月": 30.0, "年": 365.0, "hour": 1 / 24, "hr": 1 / 24, "min": 1 / 1440,
    "sec": 1 / 86400, "day": 1.0, "night": 1.0, "week": 7.0, "month": 30.0, "year": 365.0, "yr": 365.0,
}  # fmt: skip
_ONE = re.compile(r"\b(?:an?|one)\b(?= \w)")
_TIMES = {"万": 1e4, "千": 1e3, "億": 1e8}
_NOTHING = re.compile(r"(使|利用|購入|宿泊|訪問)[^\d]{0,5}(ない|なし)|未(使用|利用|購入)|nothing|did not .*|do not .*")
_UNIT = re.compile("|".join(_UNITS))
_BEFORE = re.compile(r"未満|以下|まで|より下|less|under|below|fewer|up to|younger|<|≤|^[~\-]")
_AFTER = re.compile(r"以上|超|より上|以降|more|over|above|older|or longer|and up|\+|>|≥")
_STARTS = re.compile(
    r"(?:約|満|第|less than|fewer than|more than|at least|under|below|over|above|up to|age[ds]?|[^\d\s]{0,2})?\s*"
    r"(\d+(?:,\d{3})*(?:\.\d+)?)\s*([万千億])?"
)
# Answers beside the scale come last, in the order they have.
_BESIDE = re.compile(
    r"その他|無回答|未回答|回答しない|答えたくない|わからない|分からない|不明|覚えていない|others?|unknown|n/?a|"
    r"(prefer|rather) not.*|don'?t know|not sure"
)


def natural_places(names: Sequence[str]) -> dict[str, float] | None:
    """Return where each of the names belongs in their natural order; None where they have none.

    Parameters
    ----------
    names : sequence of str
        All groups of one segment.

    Returns
    -------
    dict of str to float, or None
        None unless all but answers beside the scale (その他, prefer not to say) begin with a number or a word for one,
        and two numbers differ.

    Examples
    --------
    >>> places = natural_places(["5回以上", "初めて", "2〜4回", "その他"])
    >>> sorted(places, key=places.get)
    ['初めて', '2〜4回', '5回以上', 'その他']
    >>> places = natural_places(["1-2 hours", "Less than 1 hour", "Half a day", "30 minutes or less"])
    >>> sorted(places, key=places.get)
    ['30 minutes or less', 'Less than 1 hour', '1-2 hours', 'Half a day']
    >>> natural_places(["Tokyo", "Osaka", "3rd office"]) is None
    True
    """
    plain = {name: unicodedata.normalize("NFKC", name).strip().lower() for name in names}
    scale = {name: _place(text) for name, text in plain.items() if not _BESIDE.fullmatch(text)}
    found = {name: place for name, place in scale.items() if place is not None}
    if len(found) < len(scale) or len(set(found.values())) < 2:
        return None
    return {name: found.get(name, float("inf")) for name in names}


def _place(text: str) -> float | None:
    if _NOTHING.fullmatch(text):
        return 0.0
    word = next((word for word in _WORDS if text.startswith(word)), "")
    text = _WORDS.get(word, "") + text[len(word) :]
    start = _STARTS.match(_ONE.sub("1", text))
    if start is None:
        return None
    unit = _UNIT.search(start.string, start.end())
    number = float(start[1].replace(",", "")) * _TIMES.get(start[2], 1.0) * (_UNITS[unit[0]] if unit else 1.0)
    # A bound stands just beside its number: under 1 hour, 1 to 2 hours; 60s, 60 and over. With two it is a range.
    beside = bool(_AFTER.search(text)) - bool(_BEFORE.search(text))
    return number + beside * 1e-6 * max(1.0, abs(number))
