"""The NPS of weighted responses, from six sums that add up over chunks."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import CATEGORY_COLUMNS, FloatArray, check_confidence, positions_text
from nps_nlp.scoring.intervals import adjusted_wald
from nps_nlp.scoring.scales import NPS, Scale, category

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from nps_nlp.scoring.nps import NpsResult


@dataclass(frozen=True, slots=True)
class WeightedNpsResult:
    """A weighted Net Promoter Score and how sure it is.

    Attributes
    ----------
    score : float
        NPS points, -100 to 100.
    se : float
        Design-based standard error in NPS points (Taylor linearisation).
    n : int
        Respondents.
    n_effective : float
        Kish's effective sample size: as many equally weighted responses would be as precise, were the weights
        unrelated to the answers.
    design_effect : float
        ``n / n_effective``, 1 or more: what the weighting costs.
    promoters, passives, detractors : float
        Weighted shares, 0 to 1.
    ci_low, ci_high : float
        Confidence limits in NPS points.
    confidence : float
        Share between 0 and 1.
    method : str
        ``adjusted_wald``: the interval is the package's default at the effective sample size.
    """

    score: float
    se: float
    n: int
    n_effective: float
    design_effect: float
    promoters: float
    passives: float
    detractors: float
    ci_low: float
    ci_high: float
    confidence: float
    method: str = "adjusted_wald"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python values."""
        return asdict(self)

    def over(self, plain: NpsResult) -> NpsResult:
        """Return this score and its interval beside the counts of respondents that it rests on."""
        return replace(plain, score=self.score, se=self.se, ci_low=self.ci_low, ci_high=self.ci_high)

    def __str__(self) -> str:
        return f"Effective n {self.n_effective:,.0f} of {self.n:,} (design effect {self.design_effect:.2f})"


def check_weights(weights: npt.ArrayLike) -> FloatArray:
    """Return survey weights as floats.

    Parameters
    ----------
    weights : array_like of float, shape (n,)
        One a respondent.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        If a weight is missing, infinite, zero or negative; names the 0-based positions.

    Examples
    --------
    >>> check_weights([1.0, 0.0, -2.0])
    Traceback (most recent call last):
        ...
    ValueError: survey weights must be positive numbers; wrong at position 1, 2
    """
    values = np.atleast_1d(np.asarray(weights, dtype=np.float64))
    wrong = ~(np.isfinite(values) & (values > 0))
    if wrong.any():
        msg = f"survey weights must be positive numbers; wrong at position {positions_text(wrong)}"
        raise ValueError(msg)
    return values


def normalised_weights(weights: npt.ArrayLike) -> FloatArray:
    """Return the weights scaled to a mean of 1, so that they sum to the number of respondents.

    Parameters
    ----------
    weights : array_like of float, shape (n,)
        One a respondent.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    ValueError
        As `check_weights` does.

    Examples
    --------
    >>> normalised_weights([2.0, 4.0, 6.0])
    array([0.5, 1. , 1.5])
    """
    values = check_weights(weights)
    return np.asarray(values / values.mean())


def weight_sums(categories: npt.ArrayLike, weights: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Return the sums of the weights and of their squares by category, which add up over chunks.

    Parameters
    ----------
    categories : array_like of int, shape (n,)
        1 promoter, 0 passive, -1 detractor, as of `category`.
    weights : array_like of float, shape (n,)
        One a respondent.

    Returns
    -------
    tuple of ndarray, each of shape (3,)
        Sums and sums of squares, in the order promoters, passives, detractors.

    Raises
    ------
    ValueError
        As `check_weights` does, or if the lengths differ.

    Examples
    --------
    >>> weight_sums([1, 1, -1], [1.0, 2.0, 0.5])
    (array([3. , 0. , 0.5]), array([5.  , 0.  , 0.25]))
    """
    codes, values = np.atleast_1d(np.asarray(categories)), check_weights(weights)
    if codes.shape != values.shape:
        msg = f"there must be one weight a respondent: {len(codes)} respondents, {len(values)} weights"
        raise ValueError(msg)
    bins = (1 - codes).astype(np.int64)
    sums, squares = (np.bincount(bins, power, minlength=3) for power in (values, values**2))
    return sums.astype(np.float64), squares.astype(np.float64)


def weighted_nps(sums: npt.ArrayLike, squares: npt.ArrayLike, n: int, *, confidence: float = 0.95) -> WeightedNpsResult:
    """Return the weighted NPS from the sums of weights and of squared weights by category.

    The scale of the weights does not matter, and equal weights give the result of `nps`. The interval is the
    adjusted Wald interval at the sample size that would give the design-based variance without weights (at
    most n).

    Parameters
    ----------
    sums, squares : array_like of float, shape (3,)
        Of promoters, passives, detractors, as of `weight_sums`.
    n : int
        Respondents.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    WeightedNpsResult
        Score, standard error and limits in NPS points.

    Raises
    ------
    ValueError
        If the weights sum to 0.

    References
    ----------
    Kish, L. (1965). Survey Sampling, section 11.7 (effective size, design effect). Lumley, T. (2010). Complex
    Surveys, chapter 2 (linearised variance of a mean). Korn, E. & Graubard, B. (1998). Confidence intervals
    for proportions with small expected number of positive counts. Survey Methodology 24, 193-201 (interval at
    the effective size).

    Examples
    --------
    >>> result = weighted_nps([50, 30, 20], [50, 30, 20], 100)
    >>> print(f"{result.score:.1f} ({result.ci_low:.1f} to {result.ci_high:.1f})")
    30.0 (14.1 to 44.2)
    """
    check_confidence(confidence)
    total_by_category = np.asarray(sums, dtype=np.float64)
    total, square = float(total_by_category.sum()), np.asarray(squares, dtype=np.float64)
    if not total > 0:
        msg = "the weights sum to 0: there are no responses to score"
        raise ValueError(msg)
    shares, values = total_by_category / total, np.array([1.0, 0.0, -1.0])
    score = float(shares @ values)
    variance = max(float(shares @ (values - score) ** 2), 0.0)
    se = math.sqrt(float(square @ (values - score) ** 2)) / total
    kish = total**2 / float(square.sum())
    size = min(variance / se**2, n) if se > 0 else kish
    p, q, d = shares * size
    low, high = adjusted_wald(p, q, d, confidence)
    return WeightedNpsResult(
        score=100 * score,
        se=100 * se,
        n=n,
        n_effective=kish,
        design_effect=n / kish,
        promoters=float(shares[0]),
        passives=float(shares[1]),
        detractors=float(shares[2]),
        ci_low=float(low),
        ci_high=float(high),
        confidence=confidence,
    )


def weighted_nps_table(
    counts: npt.ArrayLike, sums: npt.ArrayLike, squares: npt.ArrayLike, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the weighted NPS of several groups.

    Parameters
    ----------
    counts, sums, squares : array_like, shape (groups, 3)
        Respondents, sums of weights and of squared weights, by promoters, passives, detractors; nobody's group is
        empty.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    DataFrame, one row a group
        ``promoters``, ``passives``, ``detractors`` and ``n`` (respondents), in NPS points ``nps``, ``se``, ``ci_low``,
        ``ci_high``, and ``n_effective``, ``share_promoters``, ``share_passives``, ``share_detractors`` (weighted).

    Raises
    ------
    ValueError
        As `weighted_nps` does.

    References
    ----------
    As `weighted_nps`.

    Examples
    --------
    >>> weighted_nps_table([[1, 0, 1]], [[3.0, 0.0, 1.0]], [[9.0, 0.0, 1.0]])[["n", "nps", "n_effective"]]
       n   nps  n_effective
    0  2  50.0          1.6
    """
    import pandas as pd  # here, so that the single score stays light

    people = np.asarray(counts, dtype=np.int64).reshape(-1, 3)
    groups = zip(people, np.reshape(sums, (-1, 3)), np.reshape(squares, (-1, 3)), strict=True)
    results = [weighted_nps(w, s, int(n.sum()), confidence=confidence) for n, w, s in groups]
    table = pd.DataFrame(people, columns=CATEGORY_COLUMNS).assign(n=people.sum(axis=1))
    for column, name in (("nps", "score"), ("se", "se"), ("ci_low", "ci_low"), ("ci_high", "ci_high")):
        table[column] = [float(getattr(r, name)) for r in results]
    table["n_effective"] = [r.n_effective for r in results]
    for name in CATEGORY_COLUMNS:
        table[f"share_{name}"] = [float(getattr(r, name)) for r in results]
    return table


def weighted_nps_of_scores(
    scores: npt.ArrayLike, weights: npt.ArrayLike, *, scale: Scale = NPS, confidence: float = 0.95
) -> WeightedNpsResult:
    """Return the weighted NPS of raw scores.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing.
    weights : array_like of float, shape (n,)
        One a respondent.
    scale : Scale
        The break points.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    WeightedNpsResult
        In NPS points.

    Raises
    ------
    ValueError
        As `category` and `weight_sums` do.

    References
    ----------
    As `weighted_nps`.

    Examples
    --------
    >>> weighted_nps_of_scores([10, 3], [3.0, 1.0]).score
    50.0
    """
    categories = category(scores, scale)
    return weighted_nps(*weight_sums(categories, weights), len(categories), confidence=confidence)
