"""What the drivers would look like to a classifier without errors, where its error rates are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.insight.cells import MIN_MENTIONS, expanded_tails
from nps_nlp.insight.design import SIDES, Refits
from nps_nlp.insight.importance import decompose, share_limits
from nps_nlp.insight.regression import linear_fit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.insight.design import Design

    Array = NDArray[np.float64]

# What a comment says of a theme: nothing (or only neutral), blame, praise; what is read of it: these, or both.
TRUE, READ = ("none", *SIDES), ("none", *SIDES, "both")
# How many comments the rates of all themes together count for beside those of a theme.
_PRIOR = 10.0
# A reading that follows so little of what was written cannot be corrected for.
_LEAST_SKILL = 0.2
MEASURES = ("impact", "importance", "coefficient")


def load_readings(path: Path, model: str) -> dict[str, Array]:
    """Read the ``readings`` of ``nps-nlp evaluate GOLD.jsonl --model MODEL --json``.

    Raises
    ------
    InputError
        If the file holds no such counts, or those of another model.
    """
    try:
        found = json.loads(path.read_text("utf-8-sig"))
        readings = {str(theme): np.asarray(counts, dtype=float) for theme, counts in found["readings"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"{path}: no counts of readings ({type(error).__name__}); expected what "
            f"'nps-nlp evaluate LABELLED.jsonl --model {model} --json' prints."
        ) from error
    for theme, counts in readings.items():
        if counts.shape != (len(TRUE), len(READ)) or not (counts >= 0).all():
            raise InputError(f"{path}: the readings of {theme!r} are no table of counts, {len(TRUE)} by {len(READ)}.")
    if found.get("model") != model:
        raise InputError(
            f"{path}: the errors are those of the model {found.get('model')!r}, the comments are read by {model!r}; "
            f"measure that one with 'nps-nlp evaluate LABELLED.jsonl --model {model} --json'."
        )
    return readings


def corrected_drivers(
    design: Design,
    refits: Refits,
    readings: Mapping[str, Array],
    *,
    seed: int,
    confidence: float = 0.95,
    min_n: int = MIN_MENTIONS,
) -> pd.DataFrame:
    """Return what drivers do to the score with the classifier's errors taken out, and the doubt that this adds.

    A classifier that misses mentions, or reads blame as praise, makes effects look smaller than they are, and more
    responses do not help. Where it is known how often it errs (labelled comments that it was not trained on), the
    moments that impacts and regressions need can be put right.

    Parameters
    ----------
    design : Design
        From `regression_design`.
    refits : Refits
        From `refit`: the bootstrap.
    readings : mapping of str to array_like, shape (3, 4)
        Theme → labelled comments by what they say of the theme (rows: nothing, blame, praise) and what was read
        (columns: nothing, blame, praise, both), as of `nps_nlp.classify.readings.count_readings`. Other themes are
        taken as read without errors.
    seed : int
        Of the draws of the error rates.
    confidence : float
        Of the intervals.
    min_n : int
        Drivers that fewer labelled comments say have no corrected figures.

    Returns
    -------
    DataFrame, one row a driver, in the order of the design
        driver, theme, polarity; known (labelled comments that say it); recall (the share of them that the classifier is
        taken to find) and false_alarms (the share of comments that say nothing of the theme); impact (leave-out, NPS
        points), importance (share of the score's variance) and coefficient (score points), each with ``_ci_low`` and
        ``_ci_high``. NaN where the errors are not known, known from too few comments, or too many to be corrected for.

    Notes
    -----
    For each theme let P be the probabilities of what is read given what is true. With errors that depend neither on the
    score nor on other themes, indicators are read as f + M x in the mean: f what is read of nothing, M the differences
    from it. So means are M⁻¹(m − f), covariances with the score M⁻¹c, and those of the drivers M⁻¹(C − E)M⁻ᵀ, with E
    the variance that errors add within a theme. Every bootstrap replicate draws its own P from the Dirichlet posterior
    of the counts, with the rates of all themes together as a prior worth ten comments, so that the intervals hold the
    doubt about the errors too. `benchmarks/planted_drivers.py` simulates the coverage.

    References
    ----------
    Matrix method: Barron, B. (1977). The effects of misclassification on the estimation of relative risk. Biometrics
    33, 414-418. Corrected moments: Fuller, W. (1987). Measurement Error Models, section 3.1. Rates from a validation
    sample: Greenland, S. (1988). Variance estimation for epidemiologic effect estimates under misclassification.
    Statistics in Medicine 7, 745-757.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.design import refit, regression_design
    >>> from nps_nlp.tally import Tally
    >>> slow = (("speed", 1),)
    >>> seen = Counter({("", 3, slow): 90, ("", 3, ()): 10, ("", 9, ()): 100})
    >>> design = regression_design(Tally(patterns=seen), ["speed"])
    >>> found = {"speed": [[9000, 0, 0, 0], [1000, 9000, 0, 0], [0, 0, 1, 0]]}  # nine complaints in ten are read
    >>> table = corrected_drivers(design, refit(design, seed=1), found, seed=1)
    >>> table[["driver", "recall", "coefficient"]].round(2).to_dict("records")
    [{'driver': 'speed:negative', 'recall': 0.9, 'coefficient': -6.0}]
    """
    k, sides = len(design.drivers), [TRUE.index(d.polarity) for d in design.drivers]
    rates = _rates(design, readings, len(refits.mean) - 1, np.random.default_rng(seed))
    fixed = _corrected(refits, *_errors(design, rates, refits.mean[:, :k]))
    decomposed, _, shares, chance = decompose(design, fixed, linear_fit(design, design.score.astype(float)))
    n = np.array([float(d.n) for d in design.drivers])
    spread = np.sqrt(np.maximum(np.diagonal(fixed.covariance, axis1=1, axis2=2), 0))
    with np.errstate(invalid="ignore", divide="ignore"):
        slopes = np.where(spread[:, :k] > 0, decomposed.slopes * spread[:, k, None] / spread[:, :k], np.nan)
        # π (μ₁ − μ₀), with the difference of the means as covariance over π (1 − π).
        impacts = fixed.covariance[:, :k, k + 1] / (1 - fixed.mean[:, :k])
    known = [
        round(float(np.sum(readings[d.theme][s]))) if d.theme in rates else 0
        for d, s in zip(design.drivers, sides, strict=True)
    ]
    rows = [(d.name, d.theme, d.polarity) for d in design.drivers]
    table = pd.DataFrame(rows, columns=["driver", "theme", "polarity"]).assign(known=known)
    for name, states in (("recall", sides), ("false_alarms", [0] * k)):
        found = zip(design.drivers, states, sides, strict=True)
        table[name] = np.array(
            [rates[d.theme][0, z, s] if d.theme in rates else np.nan for d, z, s in found], dtype=float
        )
    measured = {
        "impact": (impacts, _percentiles(impacts, n, confidence)),
        "importance": (shares, share_limits(shares, chance, n, confidence)),
        "coefficient": (slopes, _percentiles(slopes, n, confidence)),
    }
    for name, (values, (low, high)) in measured.items():
        table[name], table[f"{name}_ci_low"], table[f"{name}_ci_high"] = values[0], low, high
        table.loc[table["recall"].isna() | (table["known"] < min_n), [name, f"{name}_ci_low", f"{name}_ci_high"]] = (
            np.nan
        )
    return table


def _percentiles(drawn: Array, n: Array, confidence: float) -> tuple[Array, Array]:
    ends = [np.full(2, np.nan) for _ in n]
    for at, (column, tail) in enumerate(zip(drawn[1:].T, expanded_tails(n, confidence), strict=True)):
        # A replicate in which nobody is left who says it tells nothing of its effect.
        values = column[np.isfinite(column)]
        ends[at] = np.quantile(values, [tail, 1 - tail]) if len(values) else ends[at]
    low, high = np.reshape(ends, (-1, 2)).T
    return low, high


def _rates(
    design: Design, readings: Mapping[str, Array], replicates: int, rng: np.random.Generator
) -> dict[str, Array]:
    """Return, by theme, P(blame, praise or both is read | true), shape (1 + replicates, 3 true, 4).

    Of the last axis 1 and 2 are that blame, or praise, is read at all, 3 that both are. The first are as expected, the
    others drawn. Themes without counts, and those whose reading follows too little of what is true, are left out.
    """
    counts = {d.theme: np.asarray(readings[d.theme], dtype=float) for d in design.drivers if d.theme in readings}
    together = np.sum([np.zeros((len(TRUE), len(READ))), np.eye(*(len(TRUE), len(READ))), *counts.values()], axis=0)
    prior = _PRIOR * together / together.sum(axis=1, keepdims=True)
    rates = {}
    for theme, mass in counts.items():
        # A Dirichlet draw is one of independent gamma variables over their sum.
        drawn = rng.standard_gamma(mass + prior, size=(replicates, *mass.shape))
        share = np.concatenate([(mass + prior)[None], drawn])
        share /= share.sum(axis=2, keepdims=True)
        share[:, :, 1:3] += share[:, :, 3:]
        if np.linalg.det(share[0, 1:, 1:3] - share[0, 0, 1:3]) >= _LEAST_SKILL:
            rates[theme] = share
    return rates


def _errors(design: Design, rates: Mapping[str, Array], read: Array) -> tuple[Array, Array, Array]:
    """Return M⁻¹ (replicates, k, k), true shares (replicates, k), and E (replicates, k, k)."""
    size, k = read.shape
    skill, false, added = np.tile(np.eye(k), (size, 1, 1)), np.zeros((size, k)), np.zeros((size, k, k))
    blocks = {t: [i for i, d in enumerate(design.drivers) if d.theme == t] for t in rates}
    sides = [TRUE.index(d.polarity) for d in design.drivers]
    for theme, members in blocks.items():
        for i in members:
            false[:, i] = rates[theme][:, 0, sides[i]]
            for j in members:
                skill[:, i, j] = rates[theme][:, sides[j], sides[i]] - false[:, i]
    inverse = np.asarray(np.linalg.inv(skill), dtype=np.float64)
    true = np.clip((inverse @ (read - false)[..., None])[..., 0], 0, 1 - 1e-9)
    for theme, members in blocks.items():
        p = rates[theme]
        states = [(0, np.clip(1 - true[:, members].sum(axis=1), 0, 1)), *((sides[m], true[:, m]) for m in members)]
        for i in members:
            for j in members:
                both = p[:, :, sides[i]] if i == j else p[:, :, 3]
                beyond = both - p[:, :, sides[i]] * p[:, :, sides[j]]
                added[:, i, j] = sum(share * beyond[:, state] for state, share in states)
    return inverse, true, added


def _corrected(refits: Refits, inverse: Array, true: Array, added: Array) -> Refits:
    k = true.shape[1]
    mean, covariance = refits.mean.copy(), refits.covariance.copy()
    mean[:, :k] = true
    beside = inverse @ covariance[:, :k, k:]
    covariance[:, :k, k:], covariance[:, k:, :k] = beside, np.swapaxes(beside, 1, 2)
    covariance[:, :k, :k] = inverse @ (covariance[:, :k, :k] - added) @ np.swapaxes(inverse, 1, 2)
    return Refits(mean, covariance)
