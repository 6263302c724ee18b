"""The Net Promoter Score with its standard error and interval: of counts, of scores, of a table of counts."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import category_columns, category_counts_of, check_choice, check_confidence
from nps_nlp.scoring.intervals import METHODS, response_variance
from nps_nlp.scoring.scales import NPS, Scale, category_counts

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True, slots=True)
class NpsResult:
    """A Net Promoter Score and how sure it is.

    Attributes
    ----------
    score : float
        NPS points, -100 to 100.
    se : float
        Standard error in NPS points, of the score as observed (no pseudo-responses).
    n, promoters, passives, detractors : int
        The counts it rests on.
    ci_low, ci_high : float
        Confidence limits in NPS points.
    confidence : float
        Share between 0 and 1.
    method : str
        The interval's name in `nps_nlp.scoring.METHODS`.
    """

    score: float
    se: float
    n: int
    promoters: int
    passives: int
    detractors: int
    ci_low: float
    ci_high: float
    confidence: float
    method: str

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python numbers, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        interval = f"{100 * self.confidence:g} % CI {self.ci_low:+.1f} to {self.ci_high:+.1f}, {self.method}"
        counts = f"{self.promoters:,} promoters, {self.passives:,} passives, {self.detractors:,} detractors"
        return f"NPS {self.score:+.1f} ({interval}; n = {self.n:,}: {counts})"


def nps(
    promoters: int, passives: int, detractors: int, *, confidence: float = 0.95, method: str = "adjusted_wald"
) -> NpsResult:
    """Return the NPS of three counts: 100 (promoters - detractors) / n, with interval.

    Parameters
    ----------
    promoters, passives, detractors : int
        Numbers of respondents.
    confidence : float
        Share between 0 and 1.
    method : str
        ``adjusted_wald`` (default), ``score``, ``wald``, ``dirichlet`` or ``bootstrap``.

    Returns
    -------
    NpsResult
        Score, standard error and limits in NPS points.

    Raises
    ------
    ValueError
        If nobody answered, a count is negative or fractional, or method or confidence is unknown.

    References
    ----------
    Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54 (the score).
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372.

    Examples
    --------
    >>> print(nps(50, 30, 20))
    NPS +30.0 (95 % CI +14.1 to +44.2, adjusted_wald; n = 100: 50 promoters, 30 passives, 20 detractors)
    """
    counts = category_counts_of([promoters, passives, detractors], "nps")
    check_choice("method", method, list(METHODS))
    check_confidence(confidence)
    p, q, d = counts.tolist()
    low, high = METHODS[method](p, q, d, confidence)
    n = p + q + d
    return NpsResult(
        score=100 * (p - d) / n,
        se=nps_se(p, q, d),
        n=n,
        promoters=p,
        passives=q,
        detractors=d,
        ci_low=float(low),
        ci_high=float(high),
        confidence=confidence,
        method=method,
    )


def nps_of_scores(
    scores: npt.ArrayLike, *, scale: Scale = NPS, confidence: float = 0.95, method: str = "adjusted_wald"
) -> NpsResult:
    """Return the NPS of raw scores.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing.
    scale : Scale
        The break points.
    confidence, method
        As in `nps`.

    Returns
    -------
    NpsResult
        In NPS points.

    Raises
    ------
    ValueError
        As `category` and `nps` do.

    Examples
    --------
    >>> nps_of_scores([10, 9, 8, 6]).score
    25.0
    """
    return nps(*category_counts(scores, scale), confidence=confidence, method=method)


def nps_se(promoters: int, passives: int, detractors: int) -> float:
    """Return the standard error of the NPS: ``100 sqrt((p + d - (p - d)**2) / n)``.

    Parameters
    ----------
    promoters, passives, detractors : int
        Numbers of respondents.

    Returns
    -------
    float
        In NPS points; 0 where all answer alike.

    Raises
    ------
    ValueError
        If nobody answered or a count is negative or fractional.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372.

    Examples
    --------
    >>> round(nps_se(50, 30, 20), 4)
    7.8102
    """
    p, q, d = category_counts_of([promoters, passives, detractors], "nps_se").tolist()
    return 100 * math.sqrt(float(response_variance(p, q, d)) / (p + q + d))


def nps_table(counts: pd.DataFrame, *, confidence: float = 0.95, method: str = "adjusted_wald") -> pd.DataFrame:
    """Add the NPS and its interval to every row of a table of counts.

    Parameters
    ----------
    counts : DataFrame
        With the columns ``promoters``, ``passives``, ``detractors``; other columns and the index are kept.
    confidence, method
        As in `nps`. For 100,000 rows ``wald`` and ``adjusted_wald`` take milliseconds, ``score`` about a
        second, the others minutes.

    Returns
    -------
    DataFrame
        A copy with ``n`` and, in NPS points, ``nps``, ``se``, ``ci_low``, ``ci_high``; NaN where n is 0.

    Raises
    ------
    ValueError
        If a column is missing, a count is negative or fractional, or method or confidence is unknown.

    References
    ----------
    As `nps`.

    Examples
    --------
    >>> import pandas as pd
    >>> shops = pd.DataFrame(
    ...     {"promoters": [50, 0], "passives": [30, 0], "detractors": [20, 0]}, index=["A", "B"]
    ... )
    >>> nps_table(shops)[["n", "nps", "se", "ci_low", "ci_high"]].round(1)
         n   nps   se  ci_low  ci_high
    A  100  30.0  7.8    14.1     44.2
    B    0   NaN  NaN     NaN      NaN
    """
    values = category_columns(counts)
    check_choice("method", method, list(METHODS))
    check_confidence(confidence)
    n = values.sum(axis=1)
    answered = n > 0
    p, q, d = values[answered].T
    columns = np.full((4, len(values)), np.nan)
    columns[0, answered] = 100 * (p - d) / n[answered]
    columns[1, answered] = 100 * np.sqrt(response_variance(p, q, d) / n[answered])
    columns[2:, answered] = METHODS[method](p, q, d, confidence)
    return counts.assign(n=n, **dict(zip(["nps", "se", "ci_low", "ci_high"], columns, strict=True)))
