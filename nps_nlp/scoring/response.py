"""How many of those invited answered, with names that follow AAPOR's."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from nps_nlp.scoring._checks import whole_counts
from nps_nlp.scoring.satisfaction import ShareResult, wilson_interval


@dataclass(frozen=True, slots=True)
class ResponseRate:
    """How many of those invited answered.

    Attributes
    ----------
    rate : ShareResult
        Answered of all sent: like AAPOR's RR1, the smallest rate, which counts every invitation that brought
        no answer as a refusal, also the undelivered ones. The one to report.
    rate_of_delivered : ShareResult or None
        Answered of those delivered: like AAPOR's RR5, the largest rate, which takes the undelivered for
        people who did not belong to the survey. None where the delivered were not counted or there are none.
    delivery : ShareResult or None
        Delivered of sent; None where the delivered were not counted.
    en, ja : str
        The sentence for the report.
    """

    rate: ShareResult
    rate_of_delivered: ShareResult | None
    delivery: ShareResult | None
    en: str
    ja: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python values, ready for JSON."""
        return asdict(self)


def response_rate(sent: int, answered: int, *, delivered: int | None = None, confidence: float = 0.95) -> ResponseRate:
    """Return the response rate of a survey with invitations.

    The names follow AAPOR's standard definitions for surveys of named persons, as far as a customer survey
    can: there, cases are sorted into eligible, ineligible and of unknown eligibility, and here nobody knows
    whether an undelivered address still is a customer. RR1 counts all of them as eligible, RR5 none, so the
    truth lies between the two. Somebody who gave the score counts as having answered.

    Parameters
    ----------
    sent : int
        Invitations sent (persons, not reminders).
    answered : int
        Persons who answered.
    delivered : int, optional
        Invitations that did not bounce.
    confidence : float
        Share between 0 and 1. The intervals speak of invitations like these; what happened with these
        themselves is known without error.

    Returns
    -------
    ResponseRate
        Rates from 0 to 1 with Wilson intervals.

    Raises
    ------
    ValueError
        If nothing was sent, or not answered ≤ delivered ≤ sent.

    References
    ----------
    AAPOR (2023). Standard Definitions: Final Dispositions of Case Codes and Outcome Rates for Surveys, 10th
    ed. (RR1, RR5). Intervals as `wilson_interval`.

    Examples
    --------
    >>> result = response_rate(1000, 120, delivered=960)
    >>> print(result.en)
    120 of 1,000 invited answered: 12.0 % (95 % CI 10.1 to 14.2); 12.5 % of the 960 delivered.
    """
    given = [sent, sent if delivered is None else delivered, answered]
    total, arrived, replies = whole_counts(given, "response_rate").tolist()
    if not total > 0 or not replies <= arrived <= total:
        msg = (
            "response_rate: expected 1 ≤ sent and answered ≤ delivered ≤ sent, "
            f"got sent {sent}, delivered {delivered}, answered {answered}"
        )
        raise ValueError(msg)
    rate = _share(replies, total, confidence)
    counted = delivered is not None
    of_delivered = _share(replies, arrived, confidence) if counted and arrived > 0 else None
    return ResponseRate(
        rate=rate,
        rate_of_delivered=of_delivered,
        delivery=_share(arrived, total, confidence) if counted else None,
        en=_english(rate, of_delivered),
        ja=_japanese(rate, of_delivered),
    )


def _share(hits: int, n: int, confidence: float) -> ShareResult:
    """Return a share with its Wilson interval."""
    low, high = wilson_interval(hits, n, confidence)
    return ShareResult(hits / n, hits, n, float(low), float(high), confidence)


def _english(rate: ShareResult, of_delivered: ShareResult | None) -> str:
    tail = f"; {100 * of_delivered.share:.1f} % of the {of_delivered.n:,} delivered" if of_delivered else ""
    return (
        f"{rate.hits:,} of {rate.n:,} invited answered: {100 * rate.share:.1f} % "
        f"({100 * rate.confidence:g} % CI {100 * rate.ci_low:.1f} to {100 * rate.ci_high:.1f}){tail}."
    )


def _japanese(rate: ShareResult, of_delivered: ShareResult | None) -> str:
    tail = ""
    if of_delivered:
        tail = f"到達{of_delivered.n:,}件に対しては{100 * of_delivered.share:.1f}%です。"
    return (
        f"招待{rate.n:,}件のうち回答は{rate.hits:,}件で、回答率は{100 * rate.share:.1f}%"
        f"（{100 * rate.confidence:g}%信頼区間 {100 * rate.ci_low:.1f}〜{100 * rate.ci_high:.1f}%）です。{tail}"
    )
