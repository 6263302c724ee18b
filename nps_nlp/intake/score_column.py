"""Find the one column that holds the 0–10 answer, or say exactly why none can be chosen."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.survey import ColumnDecision

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from nps_nlp.intake.profile import Profile

_STRONG = re.compile(
    r"\bn\.?p\.?s\b|net.?promoter|how likely|likely (are|is|would) .*recommend|likelihood to recommend|would you recommend|"
    r"(友人|知人|同僚|家族|他の人|ほかの人).{0,20}(すすめ|勧め|薦め|推奨|紹介)|(すすめ|勧め|薦め|推奨|紹介).{0,12}(可能性|たい|度|したい)|推奨度|推奨意向|おすすめ度",
    re.IGNORECASE,
)
_WEAK = re.compile(r"score|点数|スコア|評点|recommend|推奨|(?<!\d)0.{0,6}10(?!\d)", re.IGNORECASE)
_SHARE = 0.9


def choose_score(profiles: Sequence[Profile], named: str | None, where: str) -> ColumnDecision:
    """Choose the score column.

    Parameters
    ----------
    profiles : sequence of Profile
        The columns that may hold it.
    named : str or None
        The column that the user named; it is checked, not searched for.
    where : str
        The input, for error messages.

    Raises
    ------
    InputError
        No candidate, several equal candidates, or a scale other than 0–10.
    """
    if named is not None:
        chosen = next(p for p in profiles if p.heading == named)
        _check_scale(chosen, where)
        return ColumnDecision(named, "score", 1.0, "named by the user")
    ranked = sorted(((_strength(p), p) for p in profiles), key=lambda pair: -pair[0])
    ranked = [pair for pair in ranked if pair[0] > 0]
    if not ranked:
        raise InputError(f"{where}: no column with 0–10 answers was found; name it with --score. {_near_misses(profiles)}")
    best = [p for strength, p in ranked if strength == ranked[0][0]]
    if len(best) > 1:
        names = " and ".join(repr(p.heading) for p in best[:4])
        raise InputError(f"{where}: {len(best)} columns could hold the 0–10 score: {names}; choose one with --score {best[0].heading!r}.")
    _check_scale(best[0], where)
    by = "its name and" if _STRONG.search(_name(best[0])) else "its"
    return ColumnDecision(best[0].heading, "score", min(1.0, ranked[0][0] / 4), f"{by} contents: {best[0].scores:.0%} of the cells are whole numbers 0–10")


def _name(profile: Profile) -> str:
    return unicodedata.normalize("NFKC", f"{profile.heading} {profile.question}")


def _strength(profile: Profile) -> int:
    """Rank a candidate: 4 named and fitting, 3 named with another scale, 2 weakly named, 1 by contents alone, 0 none."""
    values = profile.integers
    numeric = sum(values.values()) / profile.filled if profile.filled else 0.0
    if numeric < _SHARE:
        return 0
    wide = len(values) > 5 or (max(values) > 5 and sum(values.values()) < 60)
    if _STRONG.search(_name(profile)):
        return 4 if profile.scores >= _SHARE else 3
    if profile.scores < _SHARE or not wide or profile.dates > 0.5:
        return 0
    return 2 if _WEAK.search(_name(profile)) else int(max(values) == 10)


def _check_scale(profile: Profile, where: str) -> None:
    values = profile.integers
    total = sum(values.values())
    if not total:
        raise InputError(f"{where}: column {profile.heading!r} holds no numbers; expected whole numbers from 0 to 10. Name another with --score.")
    outside = {v: n for v, n in values.items() if not 0 <= v <= 10}
    if sum(outside.values()) > 0.02 * total:
        raise InputError(f"{where}: column {profile.heading!r} {_scale(values)}; expected 0–10. Recode it (or name another column with --score); it is never rescaled silently.")


def _scale(values: Counter[int]) -> str:
    low, high = min(values), max(values)
    if low >= 1 and high == 11:
        return "holds the values 1–11, which look like a 0–10 scale counted from 1 (subtract 1)"
    if high <= 100 and low >= 0:
        return f"holds values from {low} to {high}, which look like a 0–100 scale"
    return f"holds values from {low} to {high}"


def _near_misses(profiles: Sequence[Profile]) -> str:
    near = [p for p in profiles if _STRONG.search(_name(p)) or _WEAK.search(_name(p))]
    if near:
        share = f"{near[0].scores:.0%}"
        return f"The nearest by name is {near[0].heading!r}, but only {share} of its cells are whole numbers from 0 to 10."
    return f"The columns are {', '.join(repr(p.heading) for p in profiles[:12])}{' …' if len(profiles) > 12 else ''}."
