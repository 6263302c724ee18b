"""Respondents who answered more than once: how many, and how sure the score is when people are counted, not answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import check_confidence

if TYPE_CHECKING:
    import numpy.typing as npt


_PSEUDO_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class RepeatedAnswers:
    """What answers of the same respondents do to the certainty of the NPS.

    Attributes
    ----------
    answers : int
        Answers whose respondent is known.
    respondents : int
        Who gave them.
    repeating : int
        Respondents with more than one answer.
    most : int
        Answers of the one with the most.
    score : float
        NPS of all answers, in NPS points.
    se, ci_low, ci_high : float
        Standard error and interval that hold where answers of one respondent are alike, in NPS points.
    confidence : float
        Of the interval.
    design_effect : float
        Squared ratio of that standard error to the one of independent answers.
    en, ja : str
        The sentence for the report.
    """

    answers: int
    respondents: int
    repeating: int
    most: int
    score: float
    se: float
    ci_low: float
    ci_high: float
    confidence: float
    design_effect: float
    en: str = ""
    ja: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the figures as plain Python numbers, without the sentences."""
        return {k: v for k, v in asdict(self).items() if k not in {"en", "ja"}}


def repeated_answers(
    respondents: npt.ArrayLike,
    points: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    confidence: float = 0.95,
) -> RepeatedAnswers | None:
    """Measure how sure the NPS is when some respondents answered more than once.

    Parameters
    ----------
    respondents : array_like, shape (n,)
        What tells respondents apart; 0 or an empty text is nobody known, who counts as one of their own.
    points : array_like of {-1, 0, 1}, shape (n,)
        Detractor, passive, promoter.
    weights : array_like of float, shape (n,), optional
        Survey weights.
    confidence : float
        Of the interval.

    Returns
    -------
    RepeatedAnswers or None
        None where nobody answered twice.

    Notes
    -----
    Each respondent's answers are one draw: the variance of the (weighted) mean is Σ(Σ w (x − x̄))² / (Σw)² · C/(C − 1)
    over the C respondents, and the interval that of Student's t with C − 1 degrees of freedom.

    References
    ----------
    Cochran, W. (1977). Sampling Techniques, 3rd ed., section 6.3 and 9A.2 (a mean as a ratio over clusters). Cameron,
    A. & Miller, D. (2015). A practitioner's guide to cluster-robust inference. Journal of Human Resources 50, 317-372.

    Examples
    --------
    >>> found = repeated_answers(["a", "a", "b", "c"], [1, 1, -1, 0])
    >>> found.repeating, found.respondents, round(found.se, 1), round(found.design_effect, 2)
    (1, 3, 60.3, 1.59)
    """
    from scipy.special import stdtrit  # here, so that the single score stays light

    check_confidence(confidence)
    x = 100.0 * np.asarray(points, dtype=np.float64)
    w = np.ones(len(x)) if weights is None else np.asarray(weights, dtype=np.float64)
    clusters, counts = numbered(respondents)
    if not (counts > 1).any():
        return None
    score = float(w @ x / w.sum())
    number = int(clusters.max()) + 1
    pulled = w * (x - score)
    # Of one respondent alone nothing can be learnt of the others.
    scale = number / (number - 1) if number > 1 else np.nan
    variance = float((np.bincount(clusters, pulled) ** 2).sum()) * scale / w.sum() ** 2
    alone = float((pulled**2).sum()) * len(x) / max(1, len(x) - 1) / w.sum() ** 2
    half = float(stdtrit(max(1, number - 1), 0.5 + confidence / 2)) * np.sqrt(variance)
    return _with_sentences(
        answers=int(counts.sum()),
        respondents=len(counts),
        repeating=int((counts > 1).sum()),
        most=int(counts.max()),
        score=score,
        se=float(np.sqrt(variance)),
        ci_low=max(-100.0, score - half),
        ci_high=min(100.0, score + half),
        confidence=confidence,
        design_effect=float(variance / alone) if alone else float("nan"),
    )


def numbered(respondents: npt.ArrayLike) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Give respondents numbers from 0: those who are known, then everybody else as one of their own.

    Parameters
    ----------
    respondents : array_like, shape (n,)
        As of `repeated_answers`.

    Returns
    -------
    tuple of ndarray of int
        The number of every answer's respondent, and the answers of each who is known.

    Examples
    --------
    >>> numbered(["b", "", "b", ""])
    (array([0, 1, 0, 2]), array([2]))
    """
    ids = np.asarray(respondents)
    known = ids != (0 if ids.dtype.kind in "iu" else "")
    values, place, counts = np.unique(ids[known], return_inverse=True, return_counts=True)
    clusters = np.empty(len(ids), dtype=np.int64)
    clusters[known] = place
    clusters[~known] = len(values) + np.arange((~known).sum())
    return clusters, counts


def design_effects(
    by_people: npt.ArrayLike, by_answers: npt.ArrayLike, people: npt.ArrayLike, answers: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Return by what the variances of figures are greater, or less, because some answers are of the same people.

    Parameters
    ----------
    by_people, by_answers : array_like of float, shape (k,)
        Squared influences on each figure, those of a person's answers added up first, and answer by answer.
    people, answers : array_like of int, shape (k,)
        How many they are of.

    Returns
    -------
    ndarray of float, shape (k,)
        1 where nobody answered twice. Less than 1 where the same people are on both sides of a comparison, but never
        0: three more answers, each of one more person, are reckoned in, as `nps_test_paired` does. Where all answers
        are the same they say nothing of people, and each person counts once: answers / people. Of one person alone
        nothing is learnt of others: the number of answers.

    References
    ----------
    As `repeated_answers`: the factors C/(C − 1) of the people, n/(n − 1) of the answers.

    Examples
    --------
    >>> design_effects([4.0, 1.0], [2.0, 2.0], [50, 50], [100, 100]).round(2)
    array([2.02, 0.52])
    """
    some, single, number, n = np.broadcast_arrays(
        *(np.atleast_1d(np.asarray(v, dtype=np.float64)) for v in (by_people, by_answers, people, answers))
    )
    ratio = np.divide(some, single, out=np.divide(n, np.maximum(number, 1)), where=single > 0)
    several = (number > 1) & (single > 0)
    scale = np.divide(number * (n - 1), (number - 1) * n, out=np.ones(n.shape), where=several)
    effect = np.where(number > 1, ratio * scale, np.maximum(n, 1))
    surer = (effect * n + _PSEUDO_ANSWERS) / (n + _PSEUDO_ANSWERS)
    return np.asarray(np.where(effect < 1, surer, effect))


def _with_sentences(**figures: Any) -> RepeatedAnswers:
    found = RepeatedAnswers(**figures)
    people, some, answers = (f"{n:,}" for n in (found.respondents, found.repeating, found.answers))
    en = f"The {answers} answers are of {people} people; {some} answered more than once (up to {found.most} times)."
    ja = f"回答 {answers} 件は {people} 人によるもので、{some} 人が複数回（最多 {found.most} 回）回答しています。"
    if np.isfinite(found.design_effect):
        level, low, high = f"{100 * found.confidence:g}%", f"{found.ci_low:+.1f}", f"{found.ci_high:+.1f}"
        wider = f"{np.sqrt(found.design_effect):.2f}"
        en += (
            f" Counting people, the {level} interval of the NPS is {low} to {high}: {wider} times as wide as where"
            " every answer is one more person. Intervals and tests of groups, months and themes are those of people;"
            " only the one beside the overall score takes every answer as one more person."
        )
        ja += (
            f"人を単位にすると、NPSの{level}区間は{low}〜{high}（回答を1件ずつ別の人とみなす場合の{wider}倍の幅）です。"
            "グループ・月・テーマごとの区間と検定は人を単位に計算しています。"
            "全体のスコアに添えた区間だけは、回答を1件ずつ別の人とみなしたものです。"
        )
    return RepeatedAnswers(**figures, en=en, ja=ja)
