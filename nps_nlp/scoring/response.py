"""Who was asked and who answered: response rates, and which segments the answers under-represent."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nps_nlp.scoring._checks import check_confidence, whole_counts
from nps_nlp.scoring.multiplicity import benjamini_hochberg
from nps_nlp.scoring.satisfaction import ShareResult, wilson_interval

if TYPE_CHECKING:
    import numpy.typing as npt

    from nps_nlp.scoring._checks import FloatArray

# A segment is called under-represented where the answers hold less than four fifths of its share of the
# invitations and chance does not explain it; the threshold is this package's.
SMALL_REPRESENTATION = 0.8
NOT_GIVEN, OTHER = "(not given)", "(other)"
SEGMENTS_NAMED = 3


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


@dataclass(frozen=True, slots=True)
class NonResponse:
    """Which segments answered less than others.

    Attributes
    ----------
    table : DataFrame
        One row a segment: ``segment``, ``invited``, ``answered``, ``rate`` with ``ci_low``, ``ci_high``
        (Wilson), ``share_of_invitations``, ``share_of_sample``, ``weight`` (their ratio, which aligns the
        sample with the invitations and averages 1 over the respondents where every segment answered; NaN
        where nobody did), ``z``, ``p`` and ``p_adjusted`` (this segment against the rest,
        Benjamini-Hochberg) and ``under_represented``.
    chi2 : float
        Pearson's statistic of "all segments answer at the same rate"; NaN where it cannot be tested.
    df : int
        Segments with invitations minus one.
    p : float
        Its p-value.
    n_effective, design_effect : float
        Kish's effective number of answers under these weights, and what the weighting costs (1 or more).
    under_represented, without_answers : tuple of str
        Segments answered too little by, and segments from which nobody answered (no weight can stand for
        them: join them with a similar segment before weighting).
    grouped : int
        Small segments put together as ``(other)``.
    en, ja : str
        The sentence for the report; empty where no segment is under-represented or without answers.
    """

    table: pd.DataFrame
    chi2: float
    df: int
    p: float
    n_effective: float
    design_effect: float
    under_represented: tuple[str, ...]
    without_answers: tuple[str, ...]
    grouped: int
    en: str
    ja: str


def response_rate(
    sent: int, answered: int, *, delivered: int | None = None, confidence: float = 0.95
) -> ResponseRate:
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
    total, arrived, replies = whole_counts([sent, sent if delivered is None else delivered, answered], "response_rate")
    if not 0 < total or not replies <= arrived <= total:
        msg = (
            "response_rate: expected 1 ≤ sent and answered ≤ delivered ≤ sent, "
            f"got sent {sent}, delivered {delivered}, answered {answered}"
        )
        raise ValueError(msg)
    rate = _share(int(replies), int(total), confidence)
    counted = delivered is not None
    of_delivered = _share(int(replies), int(arrived), confidence) if counted and arrived > 0 else None
    low, high = 100 * rate.ci_low, 100 * rate.ci_high
    en = (
        f"{replies:,} of {total:,} invited answered: {100 * rate.share:.1f} % "
        f"({100 * confidence:g} % CI {low:.1f} to {high:.1f})"
    )
    ja = (
        f"招待{total:,}件のうち回答は{replies:,}件、回答率{100 * rate.share:.1f}%"
        f"（{100 * confidence:g}%信頼区間 {low:.1f}〜{high:.1f}%）"
    )
    if of_delivered:
        en += f"; {100 * of_delivered.share:.1f} % of the {arrived:,} delivered"
        ja += f"、到達{arrived:,}件に対しては{100 * of_delivered.share:.1f}%"
    return ResponseRate(
        rate=rate,
        rate_of_delivered=of_delivered,
        delivery=_share(int(arrived), int(total), confidence) if counted else None,
        en=f"{en}.",
        ja=f"{ja}です。",
    )


def nonresponse(
    invitations: pd.DataFrame,
    segment: str,
    *,
    answered: str = "answered",
    most_segments: int = 50,
    confidence: float = 0.95,
) -> NonResponse:
    """Compare who answered with who was invited, from one row an invitation.

    Parameters
    ----------
    invitations : DataFrame
        One row a person invited.
    segment : str
        The column of the segment; persons without one form the segment ``(not given)``.
    answered : str
        The column that is true where the person answered, such as
        ``invitations["id"].isin(survey["id"])``.
    most_segments : int
        How many segments are shown; of more, the smallest are put together as ``(other)``.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    NonResponse
        The table and the sentences.

    Raises
    ------
    ValueError
        If a column is missing, ``answered`` is not true or false everywhere, or as `nonresponse_of_counts`.

    References
    ----------
    As `nonresponse_of_counts`.

    Examples
    --------
    >>> people = pd.DataFrame({"age": ["young"] * 4 + ["old"] * 4, "answered": [1, 0, 0, 0, 1, 1, 1, 0]})
    >>> nonresponse(people, "age").table[["segment", "invited", "answered", "rate", "weight"]]
      segment  invited  answered  rate    weight
    0     old        4         3  0.75  0.666667
    1   young        4         1  0.25  2.000000
    """
    missing = [repr(column) for column in (segment, answered) if column not in invitations.columns]
    if missing:
        msg = f"the invitations have no column {', '.join(missing)}"
        raise ValueError(msg)
    replied = invitations[answered]
    if not replied.isin([True, False]).all():
        msg = f"the column {answered!r} of the invitations must be true or false in every row"
        raise ValueError(msg)
    names = invitations[segment].astype(object).where(invitations[segment].notna(), NOT_GIVEN).astype(str)
    people = pd.DataFrame({"segment": names, "answered": replied.astype(bool)})
    counts = people.groupby("segment")["answered"].agg(invited="size", answered="sum")
    return nonresponse_of_counts(counts, most_segments=most_segments, confidence=confidence)


def nonresponse_of_counts(
    counts: pd.DataFrame, *, most_segments: int = 50, confidence: float = 0.95
) -> NonResponse:
    """Compare who answered with who was invited, from counts by segment.

    Parameters
    ----------
    counts : DataFrame
        One row a segment, named by the index, with the columns ``invited`` and ``answered``.
    most_segments, confidence
        As in `nonresponse`.

    Returns
    -------
    NonResponse
        The table, the smallest rates last as invited, and the sentences.

    Raises
    ------
    ValueError
        If a column is missing, more answered than were invited (names the segment), or nobody was invited or
        answered.

    References
    ----------
    Weighting classes: Kalton, G. & Flores-Cervantes, I. (2003). Weighting methods. Journal of Official
    Statistics 19, 81-97. Segment against the rest, with the variance of sampling without replacement:
    Campbell, I. (2007). Chi-squared and Fisher-Irwin tests of two-by-two tables with small sample
    recommendations. Statistics in Medicine 26, 3661-3675. Effective size: Kish, L. (1965). Survey Sampling,
    section 11.7.

    Examples
    --------
    >>> counts = pd.DataFrame({"invited": [400, 600], "answered": [20, 130]}, index=["under 30", "30 or over"])
    >>> result = nonresponse_of_counts(counts)
    >>> result.table[["segment", "rate", "share_of_invitations", "share_of_sample", "weight"]].round(3)
          segment   rate  share_of_invitations  share_of_sample  weight
    0    under 30  0.050                   0.4            0.133   3.000
    1  30 or over  0.217                   0.6            0.867   0.692
    >>> import textwrap
    >>> print(textwrap.fill(result.en, 100))
    Under-represented: under 30 (40 % of the invitations, 13 % of the answers, weight 3.00). If they
    think differently, the score leans towards the others; the weights align the sample.
    """
    check_confidence(confidence)
    counts, grouped = _largest(_checked(counts), most_segments)
    invited, answered = (counts[column].to_numpy(dtype=np.float64) for column in ("invited", "answered"))
    low, high = wilson_interval(answered, invited, confidence)
    in_invitations, in_sample = invited / invited.sum(), answered / answered.sum()
    weight = np.divide(in_invitations, in_sample, out=np.full(len(counts), np.nan), where=answered > 0)
    z, p = _against_the_rest(invited, answered)
    adjusted = benjamini_hochberg(p)
    small = (in_sample < SMALL_REPRESENTATION * in_invitations) & (adjusted <= 1 - confidence)
    table = pd.DataFrame(
        {
            "segment": counts.index.astype(str).to_numpy(dtype=object),
            "invited": counts["invited"].to_numpy(),
            "answered": counts["answered"].to_numpy(),
            "rate": np.divide(answered, invited, out=np.full(len(counts), np.nan), where=invited > 0),
            "ci_low": low,
            "ci_high": high,
            "share_of_invitations": in_invitations,
            "share_of_sample": in_sample,
            "weight": weight,
            "z": z,
            "p": p,
            "p_adjusted": adjusted,
            "under_represented": small,
        }
    )
    return _result(table, grouped)


def _result(table: pd.DataFrame, grouped: int) -> NonResponse:
    """Put the result together from its table."""
    answered = table["answered"].to_numpy(dtype=np.float64)
    chi2, df, p = _homogeneity(table["invited"].to_numpy(dtype=np.float64), answered)
    weight = table["weight"].fillna(0.0).to_numpy()
    effective = float((answered @ weight) ** 2 / (answered @ weight**2))
    silent = (table["answered"] == 0) & (table["invited"] > 0)
    small = table[table["under_represented"] & ~silent].sort_values("weight", ascending=False, kind="stable")
    without = tuple(table.loc[silent, "segment"])
    return NonResponse(
        table=table,
        chi2=chi2,
        df=df,
        p=p,
        n_effective=effective,
        design_effect=float(answered.sum()) / effective,
        under_represented=tuple(table.loc[table["under_represented"], "segment"]),
        without_answers=without,
        grouped=grouped,
        en=_english(small, without),
        ja=_japanese(small, without),
    )
