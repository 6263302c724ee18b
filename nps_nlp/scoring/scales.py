"""Scales and their break points: which answer makes a promoter, a passive or a detractor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from nps_nlp.scoring._checks import IntArray, whole_counts, whole_scores

# Figures that rest on fewer answers are not shown by themselves.
MIN_N = 10
CATEGORY_NAMES: dict[int, str] = {-1: "detractor", 0: "passive", 1: "promoter"}


@dataclass(frozen=True, slots=True)
class Scale:
    """An answer scale with its break points.

    Parameters
    ----------
    name : str
        What the score is called in tables and reports.
    low, high : int
        The lowest and the highest answer of the scale, both included.
    detractor_max : int
        The highest answer that still makes a detractor.
    promoter_min : int
        The lowest answer that makes a promoter; what lies between is passive.

    Raises
    ------
    ValueError
        If the points are not in the order ``low <= detractor_max < promoter_min <= high``.

    Examples
    --------
    >>> Scale("five stars", low=1, high=5, detractor_max=3, promoter_min=5).points
    5
    """

    name: str
    low: int
    high: int
    detractor_max: int
    promoter_min: int

    def __post_init__(self) -> None:
        if not self.low <= self.detractor_max < self.promoter_min <= self.high:
            msg = (
                f"scale {self.name!r}: expected low <= detractor_max < promoter_min <= high, got "
                f"{self.low}, {self.detractor_max}, {self.promoter_min}, {self.high}"
            )
            raise ValueError(msg)

    @property
    def points(self) -> int:
        """Number of answers that the scale offers."""
        return self.high - self.low + 1


# Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12): 0-6, 7-8, 9-10.
NPS = Scale("NPS", low=0, high=10, detractor_max=6, promoter_min=9)
ENPS = Scale("eNPS", low=0, high=10, detractor_max=6, promoter_min=9)


def scale_of(break_points: tuple[int, int] | None) -> Scale:
    """Return the NPS scale with other break points: the highest score of a detractor, the lowest of a promoter.

    Examples
    --------
    >>> scale_of((5, 8)).promoter_min, scale_of(None) is NPS
    (8, True)
    """
    if break_points is None:
        return NPS
    return replace(NPS, detractor_max=break_points[0], promoter_min=break_points[1])


def category(scores: npt.ArrayLike, scale: Scale = NPS) -> npt.NDArray[np.int8]:
    """Return the category of every score: 1 promoter, 0 passive, -1 detractor.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers as given.
    scale : Scale
        The break points; the NPS question by default.

    Returns
    -------
    ndarray of int8, shape (n,)
        ``CATEGORY_NAMES`` gives their names.

    Raises
    ------
    ValueError
        If a score is missing, is no whole number or lies outside the scale; names the 0-based positions.

    References
    ----------
    Reichheld, F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.

    Examples
    --------
    >>> category([10, 8, 6, 0])
    array([ 1,  0, -1, -1], dtype=int8)
    >>> category([9, float("nan")])
    Traceback (most recent call last):
        ...
    ValueError: missing score at position 1: leave out respondents without a score before counting
    """
    values = whole_scores(scores, scale.low, scale.high)
    return (values >= scale.promoter_min).astype(np.int8) - (values <= scale.detractor_max).astype(np.int8)


def category_counts(scores: npt.ArrayLike, scale: Scale = NPS) -> tuple[int, int, int]:
    """Count promoters, passives and detractors among raw scores.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers as given.
    scale : Scale
        The break points.

    Returns
    -------
    tuple of int
        ``(promoters, passives, detractors)``, the order that every function of this room takes.

    Raises
    ------
    ValueError
        As `category` does.

    Examples
    --------
    >>> category_counts([10, 9, 8, 3])
    (2, 1, 1)
    """
    detractors, passives, promoters = np.bincount(category(scores, scale) + 1, minlength=3).tolist()
    return promoters, passives, detractors


def category_counts_of_distribution(counts: npt.ArrayLike, scale: Scale = NPS) -> tuple[int, int, int]:
    """Count promoters, passives and detractors from the number of answers at each point of the scale.

    Parameters
    ----------
    counts : array_like of int, shape (scale.points,)
        Answers at ``low``, ``low + 1``, …, ``high``: 11 numbers for the NPS question.
    scale : Scale
        The break points.

    Returns
    -------
    tuple of int
        ``(promoters, passives, detractors)``.

    Raises
    ------
    ValueError
        If the vector has another length than the scale has points, or holds something that is no count.

    Examples
    --------
    >>> category_counts_of_distribution([0, 0, 0, 1, 0, 4, 2, 3, 5, 1, 1])
    (2, 8, 7)
    """
    values = whole_counts(counts, "the distribution")
    if values.shape != (scale.points,):
        msg = f"the distribution needs {scale.points} counts ({scale.low} to {scale.high}), got {values.shape}"
        raise ValueError(msg)
    point = np.arange(scale.low, scale.high + 1)
    promoters = int(values[point >= scale.promoter_min].sum())
    detractors = int(values[point <= scale.detractor_max].sum())
    return promoters, int(values.sum()) - promoters - detractors, detractors


def distribution(scores: npt.ArrayLike, low: int = 0, high: int = 10) -> IntArray:
    """Count the answers at every point of a scale.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing.
    low, high : int
        The lowest and the highest answer, both included.

    Returns
    -------
    ndarray of int, shape (high - low + 1,)
        Answers at ``low``, ``low + 1``, …, ``high``.

    Raises
    ------
    ValueError
        As `category` does.

    Examples
    --------
    >>> distribution([1, 5, 5, 4], low=1, high=5)
    array([1, 0, 0, 1, 2])
    """
    return np.bincount(whole_scores(scores, low, high).astype(np.int64) - low, minlength=high - low + 1)
