"""How a column writes the 0–10 answer: as it is, counted from 1, or as the groups of the NPS."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from nps_nlp.intake.answers import HIGH, LOW, parse_number, parse_score
from nps_nlp.intake.profile import is_group

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

    from nps_nlp.intake.profile import Profile

ScoreCoding = Literal["0-10", "1-11", "groups"]
CODINGS: tuple[ScoreCoding, ...] = ("0-10", "1-11", "groups")
# The number that stands for a group: the NPS is exact, and only the NPS.
GROUP_SCORES = {"promoter": 9, "passive": 7, "detractor": 3}
_FROM_ZERO = re.compile(r"(?<![\d.])0\D{0,12}10(?!\d)")
# Answers from which on a missing 0 and repeated 11s say that a scale is counted from 1.
_ENOUGH, _MANY_ELEVENS = 50, 4


def reader_of(coding: ScoreCoding) -> Callable[[str], tuple[int | None, str]]:
    """Return the function that reads a cell of a column in this coding, as `parse_score` does.

    Examples
    --------
    >>> reader_of("1-11")("11"), reader_of("groups")("推奨者")
    ((10, ''), (9, ''))
    """
    return _of_group if coding == "groups" else _from_one if coding == "1-11" else parse_score


@lru_cache(maxsize=1024)
def _from_one(text: str) -> tuple[int | None, str]:
    number, problem = parse_number(text)
    if number is None:
        return None, problem
    if number != int(number) or not LOW + 1 <= number <= HIGH + 1:
        return None, f"score {number:g} is not a whole number from 1 to 11"
    return int(number) - 1, ""


@lru_cache(maxsize=1024)
def _of_group(text: str) -> tuple[int | None, str]:
    if not text.strip():
        return None, "blank score"
    group = is_group(text) or {"1": "detractor", "2": "passive", "3": "promoter"}.get(_plain(text), "")
    return (GROUP_SCORES[group], "") if group else (None, f"{text.strip()[:40]!r} is no group of the NPS")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def find_coding(profile: Profile, numbers: Counter[float], others: Sequence[Profile]) -> tuple[ScoreCoding, str]:
    """Return the coding of a score column and the evidence for it; 0–10 where there is none for another.

    Parameters
    ----------
    profile : Profile
    numbers : Counter of float
        The numbers in its cells.
    others : sequence of Profile
        All columns: one with the groups of the NPS tells where they begin.

    Returns
    -------
    {'0-10', '1-11', 'groups'}, str
    """
    if _is_grouped(profile):
        example = next(iter(profile.values))
        return "groups", (
            f"holds NPS groups such as {example!r} in place of scores: promoters were read as 9, passives as 7 and "
            "detractors as 3, so the NPS is exact and averages are not"
        )
    if not counted_from_one(numbers):
        return "0-10", ""
    for other in others:
        if other is not profile and _same_groups(numbers, other):
            return "1-11", f"is counted from 1 to 11, as the groups in {other.heading!r} show: 1 was taken from each"
    said = any(_FROM_ZERO.search(name) for name in profile.names)
    if said and numbers.total() >= _ENOUGH and numbers[HIGH + 1] > _MANY_ELEVENS:
        return "1-11", "is counted from 1 to 11 where its question says 0 to 10: 1 was taken from each"
    return "0-10", ""


def labelled(profile: Profile) -> str:
    """Return a score of a column that has words beside the number, empty where none has.

    Examples
    --------
    >>> from nps_nlp.intake.profile import describe
    >>> labelled(describe("NPS", "NPS", ["8", "10 - Extremely likely"]))
    '10 - Extremely likely'
    """
    wordy = (value for value in profile.values if re.search(r"[^\W\d_]", value))
    return next((value for value in wordy if parse_score(value)[0] is not None), "")


def counted_from_one(numbers: Counter[float]) -> bool:
    """Tell whether whole numbers from 1 to 11 were given, and no 0."""
    whole = all(number == int(number) for number in numbers)
    return bool(numbers) and whole and min(numbers) >= 1 and max(numbers) == HIGH + 1


def _is_grouped(profile: Profile) -> bool:
    coded = profile.heading.endswith("_NPS_GROUP") and bool(profile.values) and set(profile.values) <= {"1", "2", "3"}
    return coded or profile.groups >= 0.9


def _same_groups(numbers: Counter[float], groups: Profile) -> bool:
    """Tell whether a column of groups counts as many of each as the numbers do when 11 is the best."""
    if not _is_grouped(groups):
        return False
    found = dict.fromkeys(GROUP_SCORES, 0)
    for value, n in groups.values.items():
        for group, score in GROUP_SCORES.items():
            found[group] += n * (_of_group(value)[0] == score)
    bounds = {"promoter": (10, 11), "passive": (8, 9), "detractor": (1, 7)}
    return found == {g: sum(n for v, n in numbers.items() if low <= v <= high) for g, (low, high) in bounds.items()}
