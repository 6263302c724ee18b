"""Which segments answered less than they were invited, and the weights that align the sample."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.scoring._checks import check_confidence, two_sided_p, whole_counts
from nps_nlp.scoring.multiplicity import benjamini_hochberg
from nps_nlp.scoring.satisfaction import wilson_interval

if TYPE_CHECKING:
    from nps_nlp.scoring._checks import FloatArray

# A segment is called under-represented where the answers hold less than four fifths of its share of the
# invitations and chance does not explain it; the threshold is this package's.
SMALL_REPRESENTATION = 0.8
NOT_GIVEN, OTHER = "(not given)", "(other)"
SEGMENTS_NAMED = 3


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
    by_segment = people.groupby("segment")["answered"]
    counts = pd.DataFrame({"invited": by_segment.size(), "answered": by_segment.sum()})
    return nonresponse_of_counts(counts, most_segments=most_segments, confidence=confidence)


def nonresponse_of_counts(counts: pd.DataFrame, *, most_segments: int = 50, confidence: float = 0.95) -> NonResponse:
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
        The table in the order given (by size where segments are put together), and the sentences.

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


def _checked(counts: pd.DataFrame) -> pd.DataFrame:
    """Return invited and answered as whole numbers; raise ValueError where they cannot be."""
    columns = ["invited", "answered"]
    missing = [column for column in columns if column not in counts.columns]
    if missing:
        msg = f"the table needs the columns invited, answered; missing: {', '.join(missing)}"
        raise ValueError(msg)
    values = whole_counts(counts[columns].to_numpy(dtype=np.float64), "the table of invitations")
    too_many = values[:, 1] > values[:, 0]
    if too_many.any():
        names = ", ".join(map(str, counts.index[too_many]))
        msg = f"more answered than were invited in segment {names}: check that the lists belong together"
        raise ValueError(msg)
    if values[:, 1].sum() == 0:
        msg = "nobody answered: there is no sample to compare with the invitations"
        raise ValueError(msg)
    return pd.DataFrame(values, columns=columns, index=counts.index)


def _largest(counts: pd.DataFrame, most: int) -> tuple[pd.DataFrame, int]:
    """Return at most so many segments, the smallest put together, and how many those are."""
    if most < 2:
        msg = f"most_segments must be 2 or more, got {most!r}"
        raise ValueError(msg)
    if len(counts) <= most:
        return counts, 0
    by_size = counts.sort_values("invited", ascending=False, kind="stable")
    shown, rest = by_size.iloc[: most - 1], by_size.iloc[most - 1 :]
    other = pd.DataFrame([rest.sum()], index=[OTHER])
    return pd.concat([shown, other]), len(rest)


def _against_the_rest(invited: FloatArray, answered: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return z and p of every segment against the rest; NaN where there is no rest or no difference."""
    n, total = invited.sum(), answered.sum()
    expected = total * invited / n
    variance = expected * (n - total) * (n - invited) / (n * max(n - 1, 1))
    testable = variance > 0
    z = np.full(len(invited), np.nan)
    z[testable] = (answered - expected)[testable] / np.sqrt(variance[testable])
    return z, np.array([math.nan if math.isnan(value) else two_sided_p(value) for value in z])


def _homogeneity(invited: FloatArray, answered: FloatArray) -> tuple[float, int, float]:
    """Return Pearson's chi2, its degrees of freedom and its p; NaN where there is nothing to test."""
    asked = invited > 0
    df, rate = int(asked.sum()) - 1, float(answered.sum() / invited.sum())
    if df == 0 or rate == 1:
        return math.nan, df, math.nan
    from scipy.special import chdtrc  # scipy only where a test is made

    expected = rate * invited[asked]
    chi2 = float(((answered[asked] - expected) ** 2 / (expected * (1 - rate))).sum())
    return chi2, df, float(chdtrc(df, chi2))


def _english(small: pd.DataFrame, without: tuple[str, ...]) -> str:
    parts = [
        f"{row['segment']} ({100 * row['share_of_invitations']:.0f} % of the invitations, "
        f"{100 * row['share_of_sample']:.0f} % of the answers, weight {row['weight']:.2f})"
        for row in small.head(SEGMENTS_NAMED).to_dict("records")
    ]
    more = f" and {len(small) - SEGMENTS_NAMED} more" if len(small) > SEGMENTS_NAMED else ""
    sentences = []
    if parts:
        sentences.append(
            f"Under-represented: {', '.join(parts)}{more}. If they think differently, the score leans towards "
            "the others; the weights align the sample."
        )
    if without:
        more = f" and {len(without) - SEGMENTS_NAMED} more" if len(without) > SEGMENTS_NAMED else ""
        sentences.append(
            f"Nobody answered in {', '.join(without[:SEGMENTS_NAMED])}{more}: no weight can stand for them."
        )
    return " ".join(sentences)


def _japanese(small: pd.DataFrame, without: tuple[str, ...]) -> str:
    parts = [
        f"{row['segment']}（招待の{100 * row['share_of_invitations']:.0f}%に対し回答の"
        f"{100 * row['share_of_sample']:.0f}%、ウェイト{row['weight']:.2f}）"
        for row in small.head(SEGMENTS_NAMED).to_dict("records")
    ]
    more = f"ほか{len(small) - SEGMENTS_NAMED}区分" if len(small) > SEGMENTS_NAMED else ""
    sentences = []
    if parts:
        sentences.append(
            f"回答が少なめの区分があります：{'、'.join(parts)}{more}。この区分の評価がほかと違う場合、"
            "スコアはほかの区分の側に偏ります。ウェイトを掛けると招待の構成にそろいます。"
        )
    if without:
        more = f"ほか{len(without) - SEGMENTS_NAMED}区分" if len(without) > SEGMENTS_NAMED else ""
        sentences.append(f"{'、'.join(without[:SEGMENTS_NAMED])}{more}からは回答がなく、ウェイトでは補えません。")
    return "".join(sentences)
