"""Find the one column that holds the 0–10 answer, or say exactly why none can be chosen."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.answers import HIGH, LOW, is_filler, parse_number
from nps_nlp.intake.codings import ScoreCoding, counted_from_one, find_coding
from nps_nlp.intake.shorter_scale import is_shorter, refusal, remark
from nps_nlp.survey import ColumnDecision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from nps_nlp.intake.profile import Profile

_STRONG = re.compile(
    r"\bn\.?p\.?s\b|net.?promoter|how likely|likely (are|is|would) .*recommend|likelihood to recommend|"
    r"would you recommend|"
    r"(友人|知人|同僚|家族|他の人|ほかの人).{0,20}(すすめ|勧め|薦め|推奨|紹介)|"
    r"weiterempf|empfehlungsbereit|wahrscheinlich.{0,60}empf|probabilit.{0,80}(recomm|recomien|recomen|consigl)|"
    r"\b(re)?comman(derie|dez|diez)|recomendar[ií]a|recomiend[ae]|aanbevelen|consigliere|raccomand|"
    r"(すすめ|勧め|薦め|推奨|紹介).{0,12}(可能性|たい|度|したい)|推奨度|推奨意向|おすすめ度",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"score|bewertung|puntuaci|"
    r"点数|スコア|評点|recommend|推奨|(?<!\d)0.{0,6}10(?!\d)",
    re.IGNORECASE,
)
# Of several scores, the one for the whole comes before those for its parts.
_OVERALL = re.compile(r"overall|総合|全体|company|brand|会社|ブランド全体|貴社|当社|弊社", re.IGNORECASE)
_WAVE = re.compile(
    r"(?<!\d)(20\d\d)(?:[-/.年 ]?(1[0-2]|0?[1-9])(?!\d))?|\b(?:wave|w) ?(\d+)\b|第 ?(\d+)[回期波]", re.IGNORECASE
)
_SHARE = 0.9
# Share of the numbers from which on values outside 0–10 are another scale and no slips of single respondents.
_MAX_OUTSIDE, _MAX_OUTSIDE_OF_FEW = 0.02, 0.2
_MAX_ELEVENS = 4
# Answers from which on no 0 at all says something about the scale.
_ENOUGH = 50


@dataclass(frozen=True)
class Candidate:
    """A column that may hold the score.

    Attributes
    ----------
    heading : str
    strength : int
        5 known to the tool, 4 named and fitting, 3 on another scale, 2 half named, 1 unnamed.
    scores, filled : float
        Share of the filled cells that read as scores, and share of the cells that are filled.
    numbers : Counter of float
        The numbers in its cells, on whatever scale.
    overall : bool
        Whether it is named as the score of the whole.
    wave : int
        The year, month or number of the wave in its name; 0 where there is none.
    coding : str
        How it writes the score.
    evidence : str
        What the coding rests on, as a sentence about the column; empty for 0–10.
    """

    heading: str
    strength: int
    scores: float
    filled: float
    numbers: Counter[float]
    overall: bool
    wave: int
    coding: ScoreCoding = "0-10"
    evidence: str = ""

    def decision(self) -> ColumnDecision:
        """Return the decision for this column, with the reason."""
        if self.coding != "0-10":
            return ColumnDecision(self.heading, "score", self.strength / 5, f"it {self.evidence}")
        if self.strength == 5:
            return ColumnDecision(self.heading, "score", 1.0, "known heading of the survey tool")
        by = "its name and" if self.strength > 1 else "its"
        reason = f"{by} contents: {self.scores:.0%} of the cells are whole numbers 0–10"
        if self.numbers.total() >= _ENOUGH and not self.numbers[0] and self.numbers[1]:
            reason += f", but none of {self.numbers.total():,} is 0: is the scale 1–10?"
        return ColumnDecision(self.heading, "score", min(1.0, self.strength / 4), reason)


def candidates(profiles: Sequence[Profile], known: Collection[str] = ()) -> dict[str, Candidate]:
    """Return the columns that may hold the score, by heading; the tool knows those in `known`."""
    found = (_candidate(profile, profiles, is_known=profile.heading in known) for profile in profiles)
    return {c.heading: c for c in found if c}


def choose_scores(
    found: Mapping[str, Candidate], profiles: Sequence[Profile], files: Mapping[str, Collection[str]]
) -> tuple[list[Candidate], list[Candidate]]:
    """Choose the score column of every file: usually the same; a renamed one is found by its own name.

    Parameters
    ----------
    found : mapping of str to Candidate
        The columns that may hold it.
    profiles : sequence of Profile
        All columns that may have any role, for messages.
    files : mapping of str to collection of str
        The headings of each file.

    Returns
    -------
    chosen, others : list of Candidate
        One for each heading; no file has two of `chosen`, the first of which is the one that most files have.
        `others` are as good as the chosen ones by name and contents: waves or products of one survey.

    Raises
    ------
    InputError
        A file has no candidate, or several equal ones.
    """
    named = [c for c in found.values() if c.strength >= 4]
    waves = all(candidate.wave for candidate in named)
    rank = {heading: _rank(heading, found, files, waves=waves) for heading in found}
    chosen = Counter(_best(path, headings, found, rank, profiles) for path, headings in files.items())
    order = [heading for heading, _ in chosen.most_common()]
    for path, headings in files.items():
        both = [heading for heading in order if heading in headings]
        if len(both) > 1:
            raise InputError(_two(path, both))
        # Alone, contents may decide; beside a file whose score has a name, they are too thin a reason.
        if both[0] != order[0] and found[both[0]].strength < 2:
            raise InputError(_missing(path, order[0]))
    least = min(found[heading].strength for heading in order)
    others = [c for h, c in found.items() if h not in chosen and c.strength >= max(4, least) and c.coding != "groups"]
    return [found[heading] for heading in order], others


def why_taken(chosen: Candidate, others: Sequence[Candidate]) -> str:
    """Return what spoke for one of several columns that could hold the score."""
    if chosen.wave and all(0 < other.wave < chosen.wave for other in others):
        return "the latest wave"
    if chosen.strength > max(other.strength for other in others):
        return "the tool's own score"
    if chosen.overall and not any(other.overall for other in others):
        return "the one for the whole"
    most = all(round(chosen.filled, 1) > round(other.filled, 1) for other in others)
    return "the one with the most answers" if most else "the first of them"


def check_everywhere(named: str, files: Mapping[str, Collection[str]]) -> None:
    """Refuse a score column that the user named and that some file lacks.

    Raises
    ------
    InputError
        With the file.
    """
    missing = next((path for path, headings in files.items() if named not in headings), None)
    if missing:
        raise InputError(_missing(missing, named))


def count_numbers(cells: Mapping[str, int]) -> Counter[float]:
    """Count the numbers that the cells of a score column hold, on whatever scale."""
    counts: Counter[float] = Counter()
    for cell, n in cells.items():
        number = parse_number(cell)[0]
        if number is not None:
            counts[number] += n
    return counts


def check_sample(path: str, heading: str, cells: Iterable[str], coding: ScoreCoding) -> None:
    """Refuse a score column whose first cells hold no number at all, or another scale than its coding.

    Raises
    ------
    InputError
        With the file, the column and the next step.
    """
    filled = Counter(filter(None, map(str.strip, cells)))
    numbers = count_numbers(filled)
    if coding == "groups":
        return
    if filled and not numbers:
        example = next(iter(filled))
        raise InputError(
            f"{path}: column {_short(heading)} holds no numbers but answers such as {_short(example)}, "
            "expected whole numbers from 0 to 10; name another column with --score."
        )
    check_scale(path, heading, numbers, coding)


def check_scale(path: str, heading: str, numbers: Counter[float], coding: ScoreCoding = "0-10") -> None:
    """Refuse a column whose numbers are on another scale than 0–10; a few slips are left to the quarantine.

    Raises
    ------
    InputError
        When more than 2 % of the numbers (in small files: more than one) are no whole numbers from 0 to 10.
    """
    if coding == "1-11":
        numbers = Counter({number - 1: n for number, n in numbers.items()})
    total = numbers.total()
    outside = Counter({v: n for v, n in numbers.items() if not LOW <= v <= HIGH or v != int(v)})
    few = outside.total() <= _MAX_OUTSIDE * total
    one = outside.total() == 1 and total >= 1 / _MAX_OUTSIDE_OF_FEW
    if counted_from_one(numbers):
        # Nobody types 11 on a scale to 10 again and again.
        few, one = few and outside.total() <= _MAX_ELEVENS, False
    if outside and not (few or one):
        advice = "confirm that with --score-coding 1-11" if counted_from_one(numbers) else "recode it"
        raise InputError(
            f"{path}: column {_short(heading)} holds {_scale(numbers)}, expected whole numbers from 0 to 10; "
            f"{advice}, or name another column with --score (nothing is rescaled silently)."
        )


def _candidate(profile: Profile, others: Sequence[Profile], *, is_known: bool) -> Candidate | None:
    numbers = count_numbers(profile.values) if profile.scores + profile.numbers >= _SHARE / 2 else Counter[float]()
    coding, evidence = find_coding(profile, numbers, others)
    fits = True
    if coding != "groups":
        total = numbers.total()
        answers = sum(n for value, n in profile.values.items() if not is_filler(value))
        if not total or total < _SHARE * answers or profile.dates > 0.5:
            return None
        fits = profile.scores * profile.filled >= _SHARE * answers or coding == "1-11"
    strength = _strength(profile, numbers, fits=fits, is_known=is_known)
    if not strength:
        return None
    filled = profile.filled / profile.cells
    overall, wave = bool(_OVERALL.search(profile.name)), _WAVE.search(profile.name)
    number = int("".join(f"{part or 0:0>2}" for part in wave.groups())) if wave else 0
    return Candidate(profile.heading, strength, profile.scores, filled, numbers, overall, number, coding, evidence)


def _strength(profile: Profile, numbers: Counter[float], *, fits: bool, is_known: bool) -> int:
    if not numbers:
        # Groups stand in for scores only where there are none.
        return 2 if is_known or _STRONG.search(profile.name) else 1
    if is_known and fits:
        return 5
    if _STRONG.search(profile.name):
        yes_or_no = set(numbers) == {0, 1} and numbers.total() > 4
        return 0 if yes_or_no else 4 if fits and not is_shorter(numbers) else 3
    if fits and (len(numbers) > 5 or (max(numbers) > 5 and numbers.total() < 60)):
        return 2 if _WEAK.search(profile.name) else int(max(numbers) == HIGH)
    return 0


def _rank(
    heading: str, found: Mapping[str, Candidate], files: Mapping[str, Collection[str]], *, waves: bool
) -> tuple[float, ...]:
    """Return what decides between two candidates, the most important first; the first column wins a tie."""
    candidate = found[heading]
    having = sum(heading in headings for headings in files.values())
    # Which of two products was rated by slightly more people says nothing of which one is meant.
    filled = round(candidate.filled, 1)
    place = -list(found).index(heading)
    wave = candidate.wave if waves else 0
    return candidate.strength, candidate.coding != "groups", having, wave, candidate.overall, filled, place


def _best(
    path: str,
    headings: Collection[str],
    found: Mapping[str, Candidate],
    rank: Mapping[str, tuple[float, ...]],
    profiles: Sequence[Profile],
) -> str:
    here = sorted((c for c in found.values() if c.heading in headings), key=lambda c: rank[c.heading], reverse=True)
    best = [c for c in here if rank[c.heading][:2] == rank[here[0].heading][:2]]
    if not best:
        near = _near_miss([p for p in profiles if p.heading in headings])
        raise InputError(f"{path}: no column with 0–10 answers was found; name it with --score ({near}).")
    # Several columns that ask for the recommendation are waves or products; other scores may be anything.
    if len(best) > 1 and best[0].strength < 4:
        raise InputError(_two(path, [c.heading for c in best]))
    if best[0].heading.isdecimal():
        raise InputError(
            f"{path}: the first row seems to hold answers ({_short(best[0].heading)} above the scores); "
            "expected a row of headings above them, so write one in."
        )
    if is_shorter(best[0].numbers):
        raise InputError(f"{path}: column {_short(best[0].heading)} {refusal(best[0].numbers)}")
    return best[0].heading


def _missing(path: str, heading: str) -> str:
    return (
        f"{path}: the score column {_short(heading)} of the other files is missing here; "
        "rename this file's score column to it, or leave the file out."
    )


def _two(path: str, headings: Sequence[str]) -> str:
    names = " and ".join(map(_short, headings[:4]))
    return f"{path}: {len(headings)} columns could hold the 0–10 score, {names}; choose one with --score."


def _scale(numbers: Counter[float]) -> str:
    low, high = min(numbers), max(numbers)
    halves = next((v for v in numbers if v != int(v)), None)
    if counted_from_one(numbers):
        return "the values 1–11, which look like a 0–10 scale counted from 1"
    if halves is not None and low >= LOW and high <= HIGH:
        return f"decimals such as {halves:g}, which look like averages"
    like = ", which look like a 0–100 scale" if low >= 0 and 50 < high <= 100 else ""
    return f"values from {low:g} to {high:g}{like}"


def _near_miss(profiles: Sequence[Profile]) -> str:
    near = [p for p in profiles if _STRONG.search(p.name)] or [p for p in profiles if _WEAK.search(p.name)]
    if near:
        examples = ", ".join(_short(value) for value, _ in near[0].values.most_common(3)) or "all blank"
        return f"the nearest by name is {_short(near[0].heading)}, whose answers are {examples}"
    short = next((p for p in profiles if p.numbers > _SHARE and is_shorter(count_numbers(p.values))), None)
    if short:
        return f"{_short(short.heading)} {remark(count_numbers(short.values))}"
    return f"the columns are {listing([p.heading for p in profiles])}"


def listing(headings: Sequence[str], most: int = 12) -> str:
    """Return headings for a message, the first `most` of them."""
    more = f" and {len(headings) - most} more" if len(headings) > most else ""
    return ", ".join(map(_short, headings[:most])) + more


def _short(heading: str) -> str:
    return repr(heading if len(heading) <= 60 else heading[:59] + "…")
