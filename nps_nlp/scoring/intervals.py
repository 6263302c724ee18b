"""Confidence intervals of the NPS from counts, every method vectorised over rows.

Every function takes promoters, passives and detractors (scalars or arrays of one shape, every row with at
least one response) and returns the lower and the upper limit in NPS points, clipped to ±100. ``METHODS``
names them all.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from nps_nlp.scoring._checks import FloatArray, check_confidence

Limits: TypeAlias = tuple[FloatArray, FloatArray]
IntervalMethod: TypeAlias = Callable[[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, float], Limits]

# Rocks (2016): three pseudo-responses, half of them passive, pull the estimate gently towards 0.
PSEUDO_PROMOTERS, PSEUDO_PASSIVES, PSEUDO_DETRACTORS = 0.75, 1.5, 0.75
JEFFREYS_PRIOR = 0.5
HALVINGS = 40
# Limits are then exact to 0.03 points in the worst cases (few responses, all alike), to 0.001 elsewhere.
QUADRATURE_NODES = 128
# Twelve standard deviations and twenty steps hold all but 1e-30 of the bootstrap distribution, also when it
# is Poisson-like.
TAIL_DEVIATIONS, TAIL_STEPS = 12, 20


def critical_value(confidence: float) -> float:
    """Return the two-sided normal critical value, 1.96 for a confidence of 0.95.

    Raises
    ------
    ValueError
        If the confidence is no share between 0 and 1.

    Examples
    --------
    >>> round(critical_value(0.95), 4)
    1.96
    """
    check_confidence(confidence)
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def response_variance(promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike) -> FloatArray:
    """Return the variance of one response coded 1, 0, -1: ``p + d - (p - d)**2``.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts or sums of weights, of one shape, with a positive total.

    Returns
    -------
    ndarray of float
        Between 0 (all answer alike) and 1 (half promoters, half detractors); times 100² in squared NPS
        points.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372.

    Examples
    --------
    >>> float(response_variance(50, 0, 50))
    1.0
    """
    p, q, d = _as_float(promoters, passives, detractors)
    n = p + q + d
    # Clipped because rounding can leave -1e-17 where everybody answers alike.
    return np.maximum((p + d) / n - ((p - d) / n) ** 2, 0.0)


def wald(
    promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return the Wald interval: score ± z · standard error.

    The textbook interval. It is too narrow for small n and skewed answers, and has no width where all answer
    alike.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in NPS points (-100 to 100), in the shape of the counts.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372.

    Examples
    --------
    >>> low, high = wald(50, 30, 20)
    >>> print(f"{low:.2f} {high:.2f}")
    14.69 45.31
    """
    p, q, d = _as_float(promoters, passives, detractors)
    n = p + q + d
    centre = (p - d) / n
    half_width = critical_value(confidence) * np.sqrt(response_variance(p, q, d) / n)
    return _in_points(centre - half_width, centre + half_width)


def adjusted_wald(
    promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return the adjusted Wald interval: Wald after adding ¾ promoter, 1½ passives and ¾ detractor.

    The default of the package: close to nominal from about 20 responses on, and computable by hand.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in NPS points (-100 to 100). Centred on the adjusted score, a little nearer to
        0 than the score itself.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70(4),
    365-372.

    Examples
    --------
    >>> low, high = adjusted_wald(50, 30, 20)
    >>> print(f"{low:.2f} {high:.2f}")
    14.05 44.20
    """
    p, q, d = _as_float(promoters, passives, detractors)
    low, high = wald(p + PSEUDO_PROMOTERS, q + PSEUDO_PASSIVES, d + PSEUDO_DETRACTORS, confidence)
    # The interval of one or two unanimous answers, centred towards the middle, can miss ±100: it is widened to the
    # score itself, which can only raise its coverage.
    n = p + q + d
    observed = 100 * (p - d) / np.where(n > 0, n, np.nan)
    return np.fmin(low, np.clip(observed, -100, 100)), np.fmax(high, np.clip(observed, -100, 100))


def score(
    promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return the score interval: all values that a score test would not reject, found by iteration.

    The variance is taken at the value tested (constrained maximum likelihood), so the interval bends away
    from ±100 as it should. It is Tango's interval for paired proportions, which have the same trinomial
    likelihood.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in NPS points (-100 to 100).

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the
    paired-sample design. Statistics in Medicine 17, 891-908. Rocks, B. (2016), as in `wald`.

    Examples
    --------
    >>> low, high = score(1, 13, 7)
    >>> print(f"{low:.1f} {high:.1f}")
    -51.7 -2.6
    """
    p, q, d = _as_float(promoters, passives, detractors)
    z = critical_value(confidence)
    # The lower limit is the upper limit of the mirrored survey.
    return _in_points(-_score_upper(d, q, p, z), _score_upper(p, q, d, z))


def _score_upper(p: FloatArray, q: FloatArray, d: FloatArray, z: float) -> FloatArray:
    """Return the largest difference of shares that the score test keeps, by bisection up to 1."""
    n = p + q + d
    kept, rejected = (p - d) / n, np.ones_like(n)
    for _ in range(HALVINGS):
        middle = (kept + rejected) / 2
        # Likeliest share of detractors if promoters - detractors were `middle` (Tango 1998: q21).
        linear = middle * (2 * n - p + d) - (p + d)
        constrained = (np.sqrt(linear**2 + 8 * n * d * middle * (1 - middle)) - linear) / (4 * n)
        variance = np.maximum(2 * constrained + middle * (1 - middle), 0.0) / n
        keeps = ((p - d) / n - middle) ** 2 <= z**2 * variance
        kept, rejected = np.where(keeps, middle, kept), np.where(keeps, rejected, middle)
    return np.asarray((kept + rejected) / 2)


def dirichlet(
    promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return the equal-tailed Bayesian interval under Jeffreys' Dirichlet(½, ½, ½) prior.

    Computed by quadrature, not by drawing, so it is the same every time: promoters + detractors and the
    promoters' part of them are independent Beta variables, and their difference is s (2t - 1). As with
    Jeffreys' interval for a proportion, the limit is ±100 where everybody is a promoter or a detractor.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in NPS points (-100 to 100).

    References
    ----------
    Gelman, A. et al. (2013). Bayesian Data Analysis, 3rd ed., section 3.4. Brown, L., Cai, T. & DasGupta, A.
    (2001). Interval estimation for a binomial proportion. Statistical Science 16, 101-133 (limits at the
    boundary).

    Examples
    --------
    >>> low, high = dirichlet(50, 30, 20)
    >>> print(f"{low:.1f} {high:.1f}")
    14.0 44.3
    """
    p, q, d = _as_float(promoters, passives, detractors)
    check_confidence(confidence)
    low = _dirichlet_quantile(p, q, d, (1 - confidence) / 2)
    high = _dirichlet_quantile(p, q, d, (1 + confidence) / 2)
    n = p + q + d
    return _in_points(np.where(d == n, -1.0, low), np.where(p == n, 1.0, high))


def _dirichlet_quantile(p: FloatArray, q: FloatArray, d: FloatArray, probability: float) -> FloatArray:
    """Return a posterior quantile of promoters - detractors by bisection on its distribution function."""
    # Imported here because only this method needs scipy, whose import takes longer than all the rest.
    from scipy.special import betainc, betaincinv

    a, b, c = (count[..., np.newaxis] + JEFFREYS_PRIOR for count in (p, q, d))
    nodes, node_weights = np.polynomial.legendre.leggauss(QUADRATURE_NODES)
    opinionated = betaincinv(a + c, b, (nodes + 1) / 2)
    low, high = -np.ones_like(p), np.ones_like(p)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        share = np.clip((1 + middle[..., np.newaxis] / opinionated) / 2, 0.0, 1.0)
        below = betainc(a, c, share) @ (node_weights / 2) < probability
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def bootstrap(
    promoters: npt.ArrayLike, passives: npt.ArrayLike, detractors: npt.ArrayLike, confidence: float = 0.95
) -> Limits:
    """Return the bias-corrected and accelerated (BCa) bootstrap interval, without drawing.

    Resampling three categories has a distribution that can be written down: the n-fold convolution of the
    observed shares. It is computed here by Fourier transform, which is the bootstrap with infinitely many
    resamples; nothing is random, so no seed is needed. Where all answer alike it has no width, like every
    plain bootstrap.

    Parameters
    ----------
    promoters, passives, detractors : array_like
        Counts of one shape.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    tuple of ndarray
        Lower and upper limits in NPS points (-100 to 100).

    References
    ----------
    Efron, B. (1987). Better bootstrap confidence intervals. JASA 82, 171-185. Efron, B. & Tibshirani, R.
    (1993). An Introduction to the Bootstrap, section 14.3.

    Examples
    --------
    >>> low, high = bootstrap(50, 30, 20)
    >>> print(f"{low:.1f} {high:.1f}")
    14.0 45.0
    """
    p, q, d = np.broadcast_arrays(*_as_float(promoters, passives, detractors))
    check_confidence(confidence)
    rows = [_bca(*row, confidence) for row in zip(p.flat, q.flat, d.flat, strict=True)]
    limits = np.array(rows).reshape(*p.shape, 2)
    return _in_points(limits[..., 0], limits[..., 1])


def _bca(p: float, q: float, d: float, confidence: float) -> tuple[float, float]:
    """Return the BCa limits of one row as differences of shares."""
    n, centre = p + q + d, (p - d) / (p + q + d)
    variance = float(response_variance(p, q, d))
    if variance == 0:
        return centre, centre
    steps, mass = _resampled(p, q, d)
    below = float(mass[steps < 0].sum() + mass[steps == 0].sum() / 2)
    third = (p * (1 - centre) ** 3 - q * centre**3 - d * (1 + centre) ** 3) / n
    acceleration = third / (6 * variance**1.5 * n**0.5)
    bias = NormalDist().inv_cdf(below)
    z = critical_value(confidence) * np.array([-1.0, 1.0])
    level = [NormalDist().cdf(bias + shift / (1 - acceleration * shift)) for shift in bias + z]
    # Rounding can leave the sum a hair below 1, hence never beyond the last step.
    at = np.minimum(np.searchsorted(np.cumsum(mass), level), len(steps) - 1)
    low, high = centre + steps[at] / n
    return float(low), float(high)


def _resampled(p: float, q: float, d: float) -> tuple[FloatArray, FloatArray]:
    """Return the distribution of promoters - detractors over resamples, in steps from the observed one."""
    n = p + q + d
    deviation = float(np.sqrt(n * response_variance(p, q, d)))
    reach = int(min(2 * n, np.ceil(TAIL_DEVIATIONS * deviation) + TAIL_STEPS))
    steps = np.arange(-reach, reach + 1, dtype=np.float64)
    frequency = 2 * np.pi * np.fft.fftfreq(len(steps))
    one_response = (p * np.exp(-1j * frequency) + q + d * np.exp(1j * frequency)) / n
    # Multiplying by the observed difference puts the resample that equals the data at step 0.
    centred = one_response**n * np.exp(1j * frequency * (p - d))
    mass = np.fft.fftshift(np.fft.ifft(centred).real)
    return steps, np.maximum(mass, 0.0)


METHODS: dict[str, IntervalMethod] = {
    "adjusted_wald": adjusted_wald,
    "wald": wald,
    "score": score,
    "dirichlet": dirichlet,
    "bootstrap": bootstrap,
}


def _as_float(*counts: npt.ArrayLike) -> tuple[FloatArray, ...]:
    """Return the counts as float arrays."""
    return tuple(np.asarray(count, dtype=np.float64) for count in counts)


def _in_points(low: FloatArray, high: FloatArray) -> Limits:
    """Return limits in NPS points, clipped to what a score can be."""
    return np.clip(100 * low, -100.0, 100.0), np.clip(100 * high, -100.0, 100.0)
