"""Whether one NPS is higher than another: two independent groups, the same respondents asked twice, or some of them."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import category_counts_of, two_sided_p, whole_counts
from nps_nlp.scoring.clusters import design_effects, numbered
from nps_nlp.scoring.intervals import (
    PSEUDO_DETRACTORS,
    PSEUDO_PASSIVES,
    PSEUDO_PROMOTERS,
    critical_value,
    response_variance,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from nps_nlp.scoring._checks import FloatArray, IntArray

# Two samples share the pseudo-responses that one sample gets, as Agresti & Caffo (2000) do for proportions.
# This covers best (benchmarks/interval_coverage.py); all of them in each sample fell to 91.6 % at n = 20.
HALF_PSEUDO = np.array([PSEUDO_PROMOTERS, PSEUDO_PASSIVES, PSEUDO_DETRACTORS]) / 2
# In the 3 x 3 table the same total is spread as if the two answers were independent (Agresti & Min 2005).
HALF_PSEUDO_TABLE = np.outer(HALF_PSEUDO, HALF_PSEUDO) / HALF_PSEUDO.sum()
CATEGORY_VALUES = np.array([1, 0, -1])


@dataclass(frozen=True, slots=True)
class NpsComparison:
    """A difference between two Net Promoter Scores and how sure it is.

    Attributes
    ----------
    score_a, score_b : float
        The two scores as observed, in NPS points (-100 to 100).
    difference : float
        ``score_b - score_a`` in NPS points (-200 to 200): positive where b, or the second wave, is higher.
    se : float
        Standard error in NPS points, after adding the pseudo-responses; the interval, z and p rest on it.
    ci_low, ci_high : float
        Confidence limits of the difference in NPS points.
    z, p : float
        Test statistic and two-sided p-value of "no difference"; p ≤ 1 - confidence exactly where the interval
        leaves out 0.
    n_a, n_b : int
        Respondents on either side.
    confidence : float
        Share between 0 and 1.
    paired : bool
        Whether the same respondents answered twice.
    """

    score_a: float
    score_b: float
    difference: float
    se: float
    ci_low: float
    ci_high: float
    z: float
    p: float
    n_a: int
    n_b: int
    confidence: float
    paired: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python values, ready for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        interval = f"{100 * self.confidence:g} % CI {self.ci_low:+.1f} to {self.ci_high:+.1f}"
        scores = f"{self.score_a:+.1f} (n = {self.n_a:,}) to {self.score_b:+.1f} (n = {self.n_b:,})"
        return f"NPS difference {self.difference:+.1f} points ({interval}, p = {self.p:.3g}): {scores}"


def nps_test(a_counts: npt.ArrayLike, b_counts: npt.ArrayLike, *, confidence: float = 0.95) -> NpsComparison:
    """Compare the NPS of two independent groups.

    Parameters
    ----------
    a_counts, b_counts : array_like of int, shape (3,)
        ``(promoters, passives, detractors)`` of either group; a is the base (before, rest, competitor).
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    NpsComparison
        Difference b - a in NPS points with its adjusted Wald interval and test.

    Raises
    ------
    ValueError
        If a group has no responses, or counts are negative or fractional.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372 (pseudo-responses). Agresti, A. & Caffo, B. (2000). Simple and effective confidence intervals for
    proportions and differences of proportions. The American Statistician 54(4), 280-288 (sharing them between
    two samples).

    Examples
    --------
    >>> print(nps_test([180, 140, 80], [230, 110, 60]))
    NPS difference +17.5 points (95 % CI +7.0 to +27.8, p = 0.00103): +25.0 (n = 400) to +42.5 (n = 400)
    """
    a = category_counts_of(a_counts, "group a")
    b = category_counts_of(b_counts, "group b")
    score, variance = adjusted_scores([a, b])
    estimate = float(score[1] - score[0]), math.sqrt(variance.sum())
    return _comparison(a, b, estimate, confidence=confidence, paired=False)


def nps_test_paired(table: npt.ArrayLike, *, confidence: float = 0.95) -> NpsComparison:
    """Compare the NPS of the same respondents before and after.

    Parameters
    ----------
    table : array_like of int, shape (3, 3)
        Respondents by category before (rows) and after (columns), each in the order promoter, passive,
        detractor.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    NpsComparison
        ``score_a`` is before, ``score_b`` after; the difference is their change in NPS points.

    Raises
    ------
    ValueError
        If the table has another shape, is empty, or holds something that is no count.

    References
    ----------
    Agresti, A. (2013). Categorical Data Analysis, 3rd ed., section 11.1 (variance of a paired difference).
    Agresti, A. & Min, Y. (2005). Simple improved confidence intervals for comparing matched proportions.
    Statistics in Medicine 24, 729-740 (pseudo-responses spread over the table; here with the total of
    `nps_test`).

    Examples
    --------
    >>> moves = [[60, 8, 2], [20, 50, 10], [5, 15, 30]]
    >>> print(nps_test_paired(moves))
    NPS difference +11.5 points (95 % CI +2.7 to +20.1, p = 0.0101): +10.0 (n = 200) to +21.5 (n = 200)
    """
    counts = whole_counts(table, "the before-after table")
    if counts.shape != (3, 3):
        msg = f"the before-after table needs 3 rows and 3 columns, got shape {counts.shape}"
        raise ValueError(msg)
    if counts.sum() == 0:
        msg = "the before-after table is empty: nobody answered both times"
        raise ValueError(msg)
    shares = counts + HALF_PSEUDO_TABLE
    total = shares.sum()
    change = CATEGORY_VALUES[np.newaxis, :] - CATEGORY_VALUES[:, np.newaxis]
    mean = float((shares * change).sum() / total)
    variance = float((shares * change**2).sum() / total) - mean**2
    estimate = 100 * mean, 100 * math.sqrt(variance / total)
    before, after = counts.sum(axis=1), counts.sum(axis=0)
    return _comparison(before, after, estimate, confidence=confidence, paired=True)


def nps_test_people(
    respondents: npt.ArrayLike, points: npt.ArrayLike, later: npt.ArrayLike, *, confidence: float = 0.95
) -> NpsComparison:
    """Compare the NPS of two groups or periods, some of whose answers are of the same people.

    Parameters
    ----------
    respondents : array_like, shape (n,)
        What tells people apart; 0 or an empty text is nobody known, who counts as one of their own. A person may have
        several answers, in one group or in both.
    points : array_like of {-1, 0, 1}, shape (n,)
        Detractor, passive, promoter.
    later : array_like of bool, shape (n,)
        Which answers are of group b, or of the second period.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    NpsComparison
        As of `nps_test`, and equal to it where nobody answered twice; n_a and n_b are answers. The variance is that of
        `nps_test` times the design effect of the difference: what a person's answers do to it is added up before it is
        squared, over both groups, so that people who are in both make the difference surer, as in `nps_test_paired`.

    Raises
    ------
    ValueError
        If a group has no answers, or there are not as many respondents, points and groups.

    References
    ----------
    Liang, K. & Zeger, S. (1986). Longitudinal data analysis using generalized linear models. Biometrika 73, 13-22.
    Interval and test: as `nps_test`.

    Examples
    --------
    >>> who, later = ["ann", "bob", "cy", "dee"] * 20, [False] * 40 + [True] * 40
    >>> who = [f"{name}{k % 40 // 4}" for k, name in enumerate(who)]  # 40 people, twice each
    >>> print(nps_test_people(who, [1, 0, -1, -1, 1] * 8 + [1, 1, 0, -1, 0] * 8, later))
    NPS difference +20.0 points (95 % CI -4.1 to +42.7, p = 0.106): +0.0 (n = 40) to +20.0 (n = 40)
    """
    x, b = np.asarray(points, dtype=np.int64), np.asarray(later, dtype=bool)
    clusters, _ = numbered(respondents)
    if not x.shape == b.shape == clusters.shape:
        msg = f"one respondent, point and group each: got {clusters.shape}, {x.shape}, {b.shape}"
        raise ValueError(msg)
    first, second = (
        category_counts_of([int((x[side] == value).sum()) for value in CATEGORY_VALUES], name)
        for side, name in ((~b, "group a"), (b, "group b"))
    )
    score, variance = adjusted_scores([first, second])
    influence = np.zeros(len(x))
    for side, sign in ((~b, -1), (b, 1)):
        influence[side] = sign * (x[side] - x[side].mean()) / side.sum()
    squares = (np.bincount(clusters, influence) ** 2).sum(), (influence**2).sum()
    effect = float(design_effects(*squares, clusters.max() + 1, len(x))[0])
    estimate = float(score[1] - score[0]), math.sqrt(variance.sum() * effect)
    return _comparison(first, second, estimate, confidence=confidence, paired=False)


def adjusted_scores(counts: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return score and variance of every group after adding half the pseudo-responses.

    Parameters
    ----------
    counts : array_like, shape (groups, 3)
        Promoters, passives, detractors.

    Returns
    -------
    tuple of ndarray, each of shape (groups,)
        Score in NPS points and its variance in squared NPS points.

    References
    ----------
    As `nps_test`.

    Examples
    --------
    >>> score, variance = adjusted_scores([[50, 30, 20]])
    >>> print(f"{score[0]:.3f} {variance[0]:.3f}")
    29.557 60.067
    """
    p, q, d = (np.asarray(counts, dtype=np.float64) + HALF_PSEUDO).T
    n = p + q + d
    return 100 * (p - d) / n, 10_000 * response_variance(p, q, d) / n


def _comparison(
    a: IntArray, b: IntArray, estimate: tuple[float, float], *, confidence: float, paired: bool
) -> NpsComparison:
    """Put the result together from both counts and the adjusted difference with its standard error."""
    adjusted, se = estimate
    half_width = critical_value(confidence) * se
    score_a, score_b = (float(100 * (counts @ CATEGORY_VALUES) / counts.sum()) for counts in (a, b))
    return NpsComparison(
        score_a=score_a,
        score_b=score_b,
        difference=score_b - score_a,
        se=se,
        ci_low=max(-200.0, adjusted - half_width),
        ci_high=min(200.0, adjusted + half_width),
        z=adjusted / se,
        p=two_sided_p(adjusted / se),
        n_a=int(a.sum()),
        n_b=int(b.sum()),
        confidence=confidence,
        paired=paired,
    )
