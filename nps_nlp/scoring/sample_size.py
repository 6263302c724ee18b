"""How many responses a given precision needs, and what precision the responses at hand give."""

from __future__ import annotations

import math
from dataclasses import dataclass

from nps_nlp.scoring._checks import category_counts_of
from nps_nlp.scoring.intervals import (
    PSEUDO_DETRACTORS,
    PSEUDO_PASSIVES,
    PSEUDO_PROMOTERS,
    critical_value,
    response_variance,
)

# The usual rule: 384 responses give ±5 points for a share, and ±10 points for an NPS, in the worst case at 95
# %.
RULE_OF_THUMB = 400
WORST_CASE = (0.5, 0.5)


@dataclass(frozen=True, slots=True)
class SampleNote:
    """What a small number of responses means, in words.

    Attributes
    ----------
    n, needed : int
        Responses at hand, and the number asked for.
    margin, margin_at_needed : float
        Half-width of the interval now and with the number asked for, in NPS points.
    en, ja : str
        The sentence for the report.
    """

    n: int
    needed: int
    margin: float
    margin_at_needed: float
    en: str
    ja: str


def sample_size(
    margin: float,
    *,
    shares: tuple[float, float] = WORST_CASE,
    confidence: float = 0.95,
    population: int | None = None,
) -> int:
    """Return how many responses are needed for a margin of error.

    Parameters
    ----------
    margin : float
        Half-width wanted, in NPS points: 5 for ±5.
    shares : tuple of float
        Expected shares of promoters and detractors (0 to 1), from an earlier wave. Half and half, the worst
        case, when not given.
    confidence : float
        Share between 0 and 1.
    population : int, optional
        Size of the group that the sample stands for, where it is small (employees, accounts).

    Returns
    -------
    int
        Responses (not invitations).

    Raises
    ------
    ValueError
        If the margin is not positive, the shares are no shares, or the population is smaller than 1.

    References
    ----------
    Cochran, W. (1977). Sampling Techniques, 3rd ed., section 4.4, with the NPS variance of Rocks, B. (2016).
    The American Statistician 70(4), 365-372.

    Examples
    --------
    >>> sample_size(10)
    385
    >>> sample_size(5, shares=(0.35, 0.25))
    907
    >>> sample_size(10, population=300)
    169
    """
    if not margin > 0:
        msg = f"margin must be a positive number of NPS points, got {margin!r}"
        raise ValueError(msg)
    if population is not None and population < 1:
        msg = f"population must be 1 or more, got {population!r}"
        raise ValueError(msg)
    n = critical_value(confidence) ** 2 * _variance(shares) / (margin / 100) ** 2
    if population is not None:
        n = n / (1 + (n - 1) / population)
    # Rounded first so that 385.0000000001 does not ask for one response more; and somebody must answer.
    return max(1, math.ceil(round(n, 9)))


def margin_of_error(
    n: int,
    *,
    shares: tuple[float, float] = WORST_CASE,
    confidence: float = 0.95,
    population: int | None = None,
) -> float:
    """Return the margin of error that a number of responses reaches.

    Parameters
    ----------
    n : int
        Responses.
    shares, confidence, population
        As in `sample_size`.

    Returns
    -------
    float
        Half-width of the Wald interval in NPS points; 0 where the whole population answered.

    Raises
    ------
    ValueError
        If n is smaller than 1 or larger than the population, or the shares are no shares.

    References
    ----------
    As `sample_size`.

    Examples
    --------
    >>> round(margin_of_error(400), 2)
    9.8
    """
    if n < 1 or (population is not None and n > population):
        msg = f"n must be from 1 to the population ({population or 'unlimited'}), got {n!r}"
        raise ValueError(msg)
    correction = 1.0 if population is None else (population - n) / max(population - 1, 1)
    return 100 * critical_value(confidence) * math.sqrt(_variance(shares) / n * correction)


def sample_size_note(
    promoters: int,
    passives: int,
    detractors: int,
    *,
    needed: int = RULE_OF_THUMB,
    confidence: float = 0.95,
) -> SampleNote | None:
    """Explain the "at least 400 responses" rule where it is not met.

    The rule comes from shares: 384 responses give ±5 percentage points at 95 % in the worst case. An NPS is a
    difference of two shares, so its worst-case margin is twice that; the note says what the answers at hand
    give.

    Parameters
    ----------
    promoters, passives, detractors : int
        Numbers of respondents.
    needed : int
        The number asked for.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    SampleNote or None
        The note with a sentence in English and in Japanese; None where enough people answered.

    Raises
    ------
    ValueError
        If nobody answered, or a count is negative or fractional.

    References
    ----------
    As `sample_size`.

    Examples
    --------
    >>> import textwrap
    >>> print(textwrap.fill(sample_size_note(40, 35, 25).en, 100))
    100 responses, fewer than the 400 usually asked for: the score is known to about ±15.3 points (95
    %); 400 such responses would give about ±7.7. Smaller differences may be chance.
    >>> sample_size_note(160, 140, 100) is None
    True
    """
    p, q, d = category_counts_of([promoters, passives, detractors], "sample_size_note").tolist()
    n = p + q + d
    if n >= needed:
        return None
    # With the pseudo-responses of the default interval, so that unanimous answers claim no margin of 0.
    added = PSEUDO_PROMOTERS + PSEUDO_PASSIVES + PSEUDO_DETRACTORS
    shares = (p + PSEUDO_PROMOTERS) / (n + added), (d + PSEUDO_DETRACTORS) / (n + added)
    now = margin_of_error(round(n + added), shares=shares, confidence=confidence)
    then = margin_of_error(round(needed + added), shares=shares, confidence=confidence)
    level = f"{100 * confidence:g}"
    return SampleNote(
        n=n,
        needed=needed,
        margin=now,
        margin_at_needed=then,
        en=(
            f"{n:,} responses, fewer than the {needed:,} usually asked for: the score is known to about "
            f"±{now:.1f} points ({level} %); {needed:,} such responses would give about ±{then:.1f}. "
            "Smaller differences may be chance."
        ),
        ja=(
            f"回答数は{n:,}件で、目安とされる{needed:,}件に届いていません。このスコアの誤差は約±{now:.1f}ポイント"
            f"（信頼度{level}%）で、同じ傾向の回答が{needed:,}件あれば約±{then:.1f}ポイントになります。"
            "これより小さな差は偶然かもしれません。"
        ),
    )


def _variance(shares: tuple[float, float]) -> float:
    """Return the variance of one response from the shares of promoters and detractors."""
    promoters, detractors = shares
    if not (promoters >= 0 and detractors >= 0 and promoters + detractors <= 1):
        msg = f"shares of promoters and detractors must be 0 or more and sum to 1 at most, got {shares!r}"
        raise ValueError(msg)
    return float(response_variance(promoters, 1 - promoters - detractors, detractors))
