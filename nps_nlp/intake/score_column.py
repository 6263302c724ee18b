"""Find the one column that holds the 0–10 answer, or say exactly why none can be chosen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.answers import HIGH, LOW, is_filler, parse_number
from nps_nlp.survey import ColumnDecision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from nps_nlp.intake.profile import Profile

_STRONG = re.compile(
    r"\bn\.?p\.?s\b|net.?promoter|how likely|likely (are|is|would) .*recommend|likelihood to recommend|"
    r"would you recommend|"
    r"(友人|知人|同僚|家族|他の人|ほかの人).{0,20}(すすめ|勧め|薦め|推奨|紹介)|"
    r"(すすめ|勧め|薦め|推奨|紹介).{0,12}(可能性|たい|度|したい)|推奨度|推奨意向|おすすめ度",
    re.IGNORECASE,
)
_WEAK = re.compile(r"score|点数|スコア|評点|recommend|推奨|(?<!\d)0.{0,6}10(?!\d)", re.IGNORECASE)
_SHARE = 0.9
# Share of the numbers from which on values outside 0–10 are another scale and no slips of single respondents.
_MAX_OUTSIDE, _MAX_OUTSIDE_OF_FEW = 0.02, 0.2
_MAX_ELEVENS = 4
# Answers from which on 1–5, or no 0 at all, says something about the scale.
_ENOUGH = 50


@dataclass(frozen=True)
class Candidate:
    """A column that may hold the score: 4 named and fitting, 3 on another scale, 2 half named, 1 unnamed."""

    heading: str
    strength: int
    scores: float
    numbers: Counter[float]

    def decision(self) -> ColumnDecision:
        """Return the decision for this column, with the reason."""
        by = "its name and" if self.strength > 1 else "its"
        reason = f"{by} contents: {self.scores:.0%} of the cells are whole numbers 0–10"
        if self.numbers.total() >= _ENOUGH and not self.numbers[0] and self.numbers[1]:
            reason += f", but none of {self.numbers.total():,} is 0: is the scale 1–10?"
        return ColumnDecision(self.heading, "score", self.strength / 4, reason)


def candidates(profiles: Iterable[Profile]) -> dict[str, Candidate]:
    """Return the columns that may hold the score, by heading."""
    found = (_candidate(profile) for profile in profiles)
    return {c.heading: c for c in found if c}


def choose_scores(
    profiles: Sequence[Profile], named: str | None, files: Mapping[str, Collection[str]]
) -> list[ColumnDecision]:
    """Choose the score column of every file: usually the same; a renamed one is found by its own name.

    Parameters
    ----------
    profiles : sequence of Profile
        The columns that may hold it.
    named : str or None
        The column that the user named; it is not searched for.
    files : mapping of str to collection of str
        The headings of each file.

    Returns
    -------
    list of ColumnDecision
        One for each heading; no file has two of them. The first is the one that most files have.

    Raises
    ------
    InputError
        A file has no candidate, or several equal ones.
    """
    if named is not None:
        _check_everywhere(named, files)
        return [ColumnDecision(named, "score", 1.0, "named by the user")]
    found = candidates(profiles)
    chosen = Counter(_best(path, headings, found, profiles) for path, headings in files.items())
    order = [heading for heading, _ in chosen.most_common()]
    for path, headings in files.items():
        both = [heading for heading in order if heading in headings]
        if len(both) > 1:
            raise InputError(_two(path, both))
        # Alone, contents may decide; beside a file whose score has a name, they are too thin a reason.
        if both[0] != order[0] and found[both[0]].strength < 2:
            raise InputError(_missing(path, order[0]))
    return [found[heading].decision() for heading in order]


def count_numbers(cells: Mapping[str, int]) -> Counter[float]:
    """Count the numbers that the cells of a score column hold, on whatever scale."""
    counts: Counter[float] = Counter()
    for cell, n in cells.items():
        number = parse_number(cell)[0]
        if number is not None:
            counts[number] += n
    return counts


def check_sample(path: str, heading: str, cells: Iterable[str]) -> None:
    """Refuse a score column whose first cells hold no number at all, or another scale.

    Raises
    ------
    InputError
        With the file, the column and the next step.
    """
    filled = Counter(filter(None, map(str.strip, cells)))
    numbers = count_numbers(filled)
    if filled and not numbers:
        example = next(iter(filled))
        raise InputError(
            f"{path}: column {_short(heading)} holds no numbers but answers such as {_short(example)}, "
            "expected whole numbers from 0 to 10; name another column with --score."
        )
    check_scale(path, heading, numbers)


def check_scale(path: str, heading: str, numbers: Counter[float]) -> None:
    """Refuse a column whose numbers are on another scale than 0–10; a few slips are left to the quarantine.

    Raises
    ------
    InputError
        When more than 2 % of the numbers (in small files: more than one) are no whole numbers from 0 to 10.
    """
    total = numbers.total()
    outside = Counter({v: n for v, n in numbers.items() if not LOW <= v <= HIGH or v != int(v)})
    few = outside.total() <= _MAX_OUTSIDE * total
    one = outside.total() == 1 and total >= 1 / _MAX_OUTSIDE_OF_FEW
    if _counts_from_one(numbers):
        # Nobody types 11 on a scale to 10 again and again.
        few, one = few and outside.total() <= _MAX_ELEVENS, False
    if outside and not (few or one):
        raise InputError(
            f"{path}: column {_short(heading)} holds {_scale(numbers)}, expected whole numbers from 0 to 10; "
            "recode it, or name another column with --score (nothing is rescaled silently)."
        )


def _candidate(profile: Profile) -> Candidate | None:
    if profile.scores + profile.numbers < _SHARE / 2:
        return None
    numbers = count_numbers(profile.values)
    total = numbers.total()
    answers = sum(n for value, n in profile.values.items() if not is_filler(value))
    if not total or total < _SHARE * answers or profile.dates > 0.5:
        return None
    fits = profile.scores * profile.filled >= _SHARE * answers
    strength = 0
    if _STRONG.search(profile.name):
        yes_or_no = set(numbers) == {0, 1} and total > 4
        strength = 0 if yes_or_no else 4 if fits and not _ends_at_five(numbers) else 3
    elif fits and (len(numbers) > 5 or (max(numbers) > 5 and total < 60)):
        strength = 2 if _WEAK.search(profile.name) else int(max(numbers) == HIGH)
    return Candidate(profile.heading, strength, profile.scores, numbers) if strength else None


def _ends_at_five(numbers: Counter[float]) -> bool:
    return numbers.total() >= _ENOUGH and len(numbers) > 2 and min(numbers) >= 1 and max(numbers) <= 5


def _best(path: str, headings: Collection[str], found: Mapping[str, Candidate], profiles: Sequence[Profile]) -> str:
    here = [c for c in found.values() if c.heading in headings]
    best = [c for c in here if c.strength == max(c.strength for c in here)]
    if not best:
        near = _near_miss([p for p in profiles if p.heading in headings])
        raise InputError(f"{path}: no column with 0–10 answers was found; name it with --score ({near}).")
    if len(best) > 1:
        raise InputError(_two(path, [c.heading for c in best]))
    if best[0].heading.isdecimal():
        raise InputError(
            f"{path}: the first row seems to hold answers ({_short(best[0].heading)} above the scores); "
            "expected a row of headings above them, so write one in."
        )
    if _ends_at_five(best[0].numbers):
        raise InputError(
            f"{path}: column {_short(best[0].heading)} holds only 1 to 5, which looks like a five-point "
            "scale, expected 0 to 10; recode it, or confirm it with --score if nobody gave more than 5."
        )
    return best[0].heading


def _check_everywhere(named: str, files: Mapping[str, Collection[str]]) -> None:
    missing = next((path for path, headings in files.items() if named not in headings), None)
    if missing:
        raise InputError(_missing(missing, named))


def _missing(path: str, heading: str) -> str:
    return (
        f"{path}: the score column {_short(heading)} of the other files is missing here; "
        "rename this file's score column to it, or leave the file out."
    )


def _two(path: str, headings: Sequence[str]) -> str:
    names = " and ".join(map(_short, headings[:4]))
    return f"{path}: {len(headings)} columns could hold the 0–10 score, {names}; choose one with --score."


def _counts_from_one(numbers: Counter[float]) -> bool:
    return bool(numbers) and min(numbers) >= 1 and max(numbers) == HIGH + 1


def _scale(numbers: Counter[float]) -> str:
    low, high = min(numbers), max(numbers)
    halves = next((v for v in numbers if v != int(v)), None)
    if _counts_from_one(numbers):
        return "the values 1–11, which look like a 0–10 scale counted from 1 (subtract 1)"
    if halves is not None and low >= LOW and high <= HIGH:
        return f"decimals such as {halves:g}, which look like averages"
    like = ", which look like a 0–100 scale" if low >= 0 and 50 < high <= 100 else ""
    return f"values from {low:g} to {high:g}{like}"


def _near_miss(profiles: Sequence[Profile]) -> str:
    near = [p for p in profiles if _STRONG.search(p.name)] or [p for p in profiles if _WEAK.search(p.name)]
    if near:
        examples = ", ".join(_short(value) for value, _ in near[0].values.most_common(3)) or "all blank"
        return f"the nearest by name is {_short(near[0].heading)}, whose answers are {examples}"
    return f"the columns are {listing([p.heading for p in profiles])}"


def listing(headings: Sequence[str], most: int = 12) -> str:
    """Return headings for a message, the first `most` of them."""
    more = f" and {len(headings) - most} more" if len(headings) > most else ""
    return ", ".join(map(_short, headings[:most])) + more


def _short(heading: str) -> str:
    return repr(heading if len(heading) <= 60 else heading[:59] + "…")
