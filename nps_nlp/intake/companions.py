"""Recognise what stands beside the score: survey weights, CSAT and CES, the touchpoint, the wave."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.answers import is_filler, parse_number
from nps_nlp.survey import Rating

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nps_nlp.intake.profile import Profile

_WEIGHT = re.compile(
    r"((survey|sample|sampling|final|person|respondent|response|design|calibration|post.?strat\w*|rim|raking)[ _-]*)?"
    r"(weights?|wts?|wgt)([ _-]*(final|factor|value|norm\w*))?|"
    r"(補正|調整|集計|標本|最終|回収|構成比補正)?(ウェイト|ウエイト|ウェート|重み)(値|係数|付け|バック(係数|値)?)?",
    re.IGNORECASE,
)
# Survey weights that are not named by the user must look like them: positive, and about 1 on average.
_MEAN_WEIGHT = (0.5, 2.0)
_CSAT = re.compile(r"満足|不満|csat|satisf", re.IGNORECASE)
_CES = re.compile(
    r"\bces\b|effort|(?<!un)\beas(y|e|ily|ier)\b|簡単|容易|手間|労力|負担|たやす|スムーズに(でき|行え|解決)",
    re.IGNORECASE,
)
_TOUCHPOINT = re.compile(
    r"タッチポイント|顧客接点|接点|(アンケート|調査|サーベイ)(種別|種類|区分|タイプ)|配信(契機|トリガー)|"
    r"touch.?points?|survey.?(type|name|kind)|(type|kind) of survey|trigger(ing)?.?event|journey.?stage",
    re.IGNORECASE,
)
_WAVE = re.compile(
    r"ウェーブ|ウエーブ|調査(回|回数|年度|年月|期|時期)|実施回|第?\d*回目?|wave|survey.?round|round", re.IGNORECASE
)
_EASE = re.compile(r"簡単|容易|たやす|スムーズ|\beas", re.IGNORECASE)
_EFFORT = re.compile(r"effort|手間|労力|負担", re.IGNORECASE)
_MARKS = re.compile(r"^\d+点?|[\W_]+|\d+点?$")
_HIGHEST = 10


def is_weight(profile: Profile) -> str:
    """Return why a column is taken for survey weights; empty where it is not.

    A column that is only named like one (a body weight, a parcel's) has another mean.
    """
    if not any(map(_WEIGHT.fullmatch, (name.strip() for name in profile.names))) or profile.numbers < 0.7:
        return ""
    numbers = [(parse_weight(value)[0], n) for value, n in profile.values.items()]
    known = [(w, n) for w, n in numbers if w is not None]
    mean = sum(w * n for w, n in known) / max(1, sum(n for _, n in known))
    low, high = _MEAN_WEIGHT
    return f"survey weights by name and contents: mean {mean:.3g}" if low <= mean <= high else ""


def parse_weight(text: str) -> tuple[float | None, str]:
    """Read a survey weight; the second value says why there is none.

    Examples
    --------
    >>> parse_weight("０．８５"), parse_weight("1,234.5")
    ((0.85, ''), (1234.5, ''))
    >>> parse_weight("0"), parse_weight("-1"), parse_weight(" "), parse_weight("heavy")
    ((None, 'weight 0 is not above 0'), (None, 'weight -1 is not above 0'), (None, 'blank weight'), \
(None, "weight 'heavy' is not a number"))
    """
    plain = unicodedata.normalize("NFKC", text).strip().replace("−", "-")
    if not plain:
        return None, "blank weight"
    try:
        weight = float(plain.replace(",", ""))
    except ValueError:
        return None, f"weight {plain[:40]!r} is not a number"
    # Smaller and larger ones are slips too: no population is weighted up a billion times.
    if not 1e-9 <= weight <= 1e9:
        return None, f"weight {weight:g} is {'not above 0' if weight <= 0 else 'out of range'}"
    return weight, ""


def check_weights(path: str, heading: str, cells: Iterable[str]) -> None:
    """Refuse a column named as weights that holds no number above 0.

    Raises
    ------
    InputError
        With the file, the column and the next step.
    """
    filled = [cell for cell in cells if cell.strip()]
    if filled and not any(parse_weight(cell)[0] for cell in filled):
        raise InputError(
            f"{path}: column {heading!r} holds no survey weights but answers such as {filled[0][:40]!r}, "
            "expected numbers above 0; name another column with --weight."
        )


def is_touchpoint(profile: Profile) -> bool:
    """Tell whether a column says what the score is about: a purchase, a support case, the relation as a whole."""
    return any(map(_TOUCHPOINT.search, profile.names))


def is_wave(profile: Profile) -> bool:
    """Tell whether a column names the wave of a panel by its heading."""
    return any(map(_WAVE.fullmatch, (name.strip() for name in profile.names)))


def companion(profile: Profile) -> Rating | None:
    """Return the scale of a companion question, None where its answers are on no scale that is known.

    Labels count by their ladder (とても満足 … とても不満), whatever number stands before them. Numbers count as they
    are, higher being better; where the question asks for the effort it took, lower is.

    Examples
    --------
    >>> from nps_nlp.intake.profile import describe
    >>> companion(describe("満足度", "満足度", ["とても満足", "満足", "不満"] * 3)).ladder
    'satisfaction'
    >>> companion(describe("CES", "CES", ["7", "6", "2", "5", "1"] * 3)).high
    7
    """
    about = " ".join(profile.names)
    kind = "ces" if _CES.search(about) else "csat" if _CSAT.search(about) else "rating"
    answers = [value for value in profile.values if not is_filler(value)]
    words = [word for value in answers if (word := _word(value))]
    for name, ladder in _ladders().items():
        rungs = {_rung(ladder, word) for word in words}
        if len(rungs) > 1 and None not in rungs:
            return Rating(profile.heading, kind, 1, len(ladder), name)
    levels = {number for value in answers if (number := parse_number(value)[0]) is not None}
    if len(levels) < 2 or max(profile.numbers, profile.scores) < 0.9 or any(v != int(v) for v in levels):
        return None
    low, high = min(1, int(min(levels))), int(max(levels))
    high = next((top for top in (5, 7, 10) if high <= top), high)
    effort = kind == "ces" and bool(_EFFORT.search(about)) and not _EASE.search(about)
    return Rating(profile.heading, kind, low, high, turned=effort) if low >= 0 and high <= _HIGHEST else None


def read_level(rating: Rating, cell: str) -> int:
    """Return the point of the scale that a cell gives, higher being better; −1 where it gives none.

    Examples
    --------
    >>> scale = Rating("満足度", "csat", 1, 5, "satisfaction")
    >>> [read_level(scale, cell) for cell in ("1. とても満足", "やや不満", "", "n/a")]
    [5, 2, -1, -1]
    >>> read_level(Rating("手間", "ces", 1, 5, turned=True), "1")
    5
    """
    if rating.ladder:
        return _rung(_ladders()[rating.ladder], _word(cell)) or -1
    number = parse_number(cell)[0]
    if number is None or number != int(number) or not rating.low <= number <= rating.high:
        return -1
    return rating.low + rating.high - int(number) if rating.turned else int(number)


@cache
def _ladders() -> dict[str, tuple[frozenset[str], ...]]:
    """Return the labels of closed answers by ladder, from the best point to the worst."""
    raw = tomllib.loads(resources.files("nps_nlp.intake").joinpath("ladders.toml").read_text("utf-8"))
    return {name: tuple(map(frozenset, rungs)) for name, rungs in raw.items()}


def _rung(ladder: tuple[frozenset[str], ...], word: str) -> int | None:
    """Return the point of a label, 1 the worst; None where the ladder has no such label."""
    best = len(ladder)
    return next((best - k for k in range(best) if word in ladder[k]), None)


def _word(cell: str) -> str:
    """Return a label without its number, spaces and marks."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", cell)).casefold()
