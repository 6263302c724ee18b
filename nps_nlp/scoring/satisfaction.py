"""Companion metrics: top-box shares (CSAT, CES) and mean scores (CES), each with its interval."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import FloatArray, check_confidence, whole_counts
from nps_nlp.scoring.intervals import critical_value
from nps_nlp.scoring.scales import distribution

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ShareResult:
    """A share of respondents with its Wilson interval.

    Attributes
    ----------
    share : float
        0 to 1.
    hits, n : int
        Respondents counted, and all respondents.
    ci_low, ci_high : float
        Confidence limits, 0 to 1.
    confidence : float
        Share between 0 and 1.
    """

    share: float
    hits: int
    n: int
    ci_low: float
    ci_high: float
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class MeanResult:
    """A mean score with its t interval.

    Attributes
    ----------
    mean, sd, se : float
        In points of the scale; sd has n - 1 in its denominator. NaN for sd and se with a single answer.
    n : int
        Respondents.
    ci_low, ci_high : float
        Confidence limits in points of the scale; NaN with a single answer.
    confidence : float
        Share between 0 and 1.
    """

    mean: float
    sd: float
    se: float
    n: int
    ci_low: float
    ci_high: float
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python numbers."""
        return asdict(self)


def wilson_interval(hits: npt.ArrayLike, n: npt.ArrayLike, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Return Wilson's interval of a share, vectorised.

    Parameters
    ----------
    hits, n : array_like
        Respondents counted, and all respondents, of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits, 0 to 1; NaN where n is 0.

    References
    ----------
    Wilson, E. (1927). Probable inference, the law of succession, and statistical inference. JASA 22, 209-212.

    Examples
    --------
    >>> low, high = wilson_interval(81, 263)
    >>> print(f"{low:.4f} {high:.4f}")
    0.2553 0.3662
    """
    z2 = critical_value(confidence) ** 2
    k, total = np.asarray(hits, dtype=np.float64), np.asarray(n, dtype=np.float64)
    total = np.where(total > 0, total, np.nan)
    centre = (k + z2 / 2) / (total + z2)
    half_width = np.sqrt(z2 * (k * (total - k) / total + z2 / 4)) / (total + z2)
    return np.clip(centre - half_width, 0.0, 1.0), np.clip(centre + half_width, 0.0, 1.0)


def top_box_of_distribution(counts: npt.ArrayLike, boxes: int, *, confidence: float = 0.95) -> ShareResult:
    """Return the share of the highest answers, from the number of answers at every point of the scale.

    Parameters
    ----------
    counts : array_like of int, shape (points,)
        Answers from the lowest to the highest point.
    boxes : int
        How many of the highest points count: 2 for a top-two-box CSAT.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    ShareResult
        Share, counts and Wilson limits.

    Raises
    ------
    ValueError
        If there are no answers, or ``boxes`` is not between 1 and the number of points less one.

    References
    ----------
    Interval as `wilson_interval`.

    Examples
    --------
    >>> top_box_of_distribution([4, 6, 30, 40, 20], boxes=2).share
    0.6
    """
    values = _answered(counts)
    if not 1 <= boxes < len(values):
        msg = f"boxes must be from 1 to {len(values) - 1} on a scale of {len(values)} points, got {boxes}"
        raise ValueError(msg)
    hits, n = int(values[-boxes:].sum()), int(values.sum())
    low, high = wilson_interval(hits, n, confidence)
    return ShareResult(hits / n, hits, n, float(low), float(high), confidence)


def top_box(
    scores: npt.ArrayLike, low: int = 1, high: int = 5, boxes: int = 2, *, confidence: float = 0.95
) -> ShareResult:
    """Return the share of the highest answers of raw scores: CSAT, or CES on an agreement scale.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing, where higher is better (turn the others round first: low + high - score).
    low, high : int
        The ends of the scale.
    boxes : int
        How many of the highest points count: 2 of 5 for CSAT, 3 of 7 for CES.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    ShareResult
        Share, counts and Wilson limits.

    Raises
    ------
    ValueError
        As `category` and `top_box_of_distribution` do.

    References
    ----------
    Interval as `wilson_interval`.

    Examples
    --------
    >>> result = top_box([5, 4, 4, 3, 1])
    >>> print(f"{result.share:.0%} ({result.ci_low:.0%} to {result.ci_high:.0%})")
    60% (23% to 88%)
    """
    return top_box_of_distribution(distribution(scores, low, high), boxes, confidence=confidence)


def mean_of_distribution(counts: npt.ArrayLike, low: int, *, confidence: float = 0.95) -> MeanResult:
    """Return the mean score from the number of answers at every point of the scale.

    Parameters
    ----------
    counts : array_like of int, shape (points,)
        Answers at ``low``, ``low + 1``, ….
    low : int
        The lowest answer of the scale.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    MeanResult
        Mean, spread and t limits in points of the scale.

    Raises
    ------
    ValueError
        If there are no answers.

    References
    ----------
    Student (1908). The probable error of a mean. Biometrika 6, 1-25.

    Examples
    --------
    >>> result = mean_of_distribution([0, 1, 2, 1, 0], low=1)
    >>> print(f"{result.mean:.2f} ({result.ci_low:.2f} to {result.ci_high:.2f})")
    3.00 (1.70 to 4.30)
    """
    check_confidence(confidence)
    values = _answered(counts)
    n, point = int(values.sum()), low + np.arange(len(values))
    mean = float(values @ point) / n
    if n == 1:
        return MeanResult(mean, math.nan, math.nan, n, math.nan, math.nan, confidence)
    from scipy.special import stdtrit  # scipy only where it is needed

    sd = math.sqrt(float(values @ (point - mean) ** 2) / (n - 1))
    se = sd / math.sqrt(n)
    half_width = float(stdtrit(n - 1, 0.5 + confidence / 2)) * se
    return MeanResult(mean, sd, se, n, mean - half_width, mean + half_width, confidence)


def mean_score(scores: npt.ArrayLike, low: int = 1, high: int = 7, *, confidence: float = 0.95) -> MeanResult:
    """Return the mean of raw scores with its t interval: CES as the effort question is usually reported.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing.
    low, high : int
        The ends of the scale.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    MeanResult
        Mean, spread and t limits in points of the scale.

    Raises
    ------
    ValueError
        As `category` and `mean_of_distribution` do.

    References
    ----------
    Dixon, M., Freeman, K. & Toman, N. (2010). Stop trying to delight your customers. Harvard Business Review
    88(7) (the effort score). Interval as `mean_of_distribution`.

    Examples
    --------
    >>> mean_score([7, 6, 6, 5]).mean
    6.0
    """
    return mean_of_distribution(distribution(scores, low, high), low, confidence=confidence)


def rating_summary(
    counts: npt.ArrayLike,
    weights: npt.ArrayLike,
    squares: npt.ArrayLike,
    *,
    low: int,
    boxes: int,
    confidence: float = 0.95,
) -> dict[str, float]:
    """Return top-box share and mean of a rating with their intervals, weighted or not.

    Parameters
    ----------
    counts, weights, squares : array_like, shape (points,)
        Respondents, sums of their weights and of the squared weights at every point of the scale; the same numbers
        three times without weights.
    low : int
        The lowest answer of the scale.
    boxes : int
        How many of the highest points count.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    dict
        n, n_effective (Kish), top_box with ``_ci_low`` and ``_ci_high`` (Wilson at the effective n), mean with
        ``_ci_low`` and ``_ci_high`` (Student at the effective n; NaN for a single answer).

    Raises
    ------
    ValueError
        If there are no answers, or boxes is not between 1 and the number of points less one.

    References
    ----------
    As `top_box_of_distribution` and `mean_of_distribution`; the effective n as in `weighted_nps`.

    Examples
    --------
    >>> counts = [4, 6, 30, 40, 20]
    >>> summary = rating_summary(counts, counts, counts, low=1, boxes=2)
    >>> round(summary["top_box"], 3), round(summary["mean"], 3), summary["n_effective"]
    (0.6, 3.66, 100.0)
    """
    from scipy.special import stdtrit  # scipy only where it is needed

    people, mass = _answered(counts), np.asarray(weights, dtype=np.float64)
    if not 1 <= boxes < len(people):
        msg = f"boxes must be from 1 to {len(people) - 1} on a scale of {len(people)} points, got {boxes}"
        raise ValueError(msg)
    size = float(mass.sum() ** 2 / np.asarray(squares, dtype=np.float64).sum())
    shares, point = mass / mass.sum(), low + np.arange(len(mass))
    top, mean = float(shares[-boxes:].sum()), float(shares @ point)
    ends = wilson_interval(top * size, size, confidence)
    half_width = math.nan
    if size > 1:
        spread = math.sqrt(float(shares @ (point - mean) ** 2) / (size - 1))
        half_width = float(stdtrit(size - 1, 0.5 + confidence / 2)) * spread
    return {
        "n": int(people.sum()),
        "n_effective": size,
        "top_box": top,
        "top_box_ci_low": float(ends[0]),
        "top_box_ci_high": float(ends[1]),
        "mean": mean,
        "mean_ci_low": mean - half_width,
        "mean_ci_high": mean + half_width,
    }


def _answered(counts: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the counts of a scale; raise ValueError where nobody answered."""
    values = whole_counts(counts, "the distribution")
    if values.sum() == 0:
        msg = "the distribution is empty: nobody answered this question"
        raise ValueError(msg)
    return values
