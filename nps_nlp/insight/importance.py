"""Which drivers explain the score: importance with intervals, signs, and where the methods disagree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import expanded_tails
from nps_nlp.insight.ordinal import proportional_odds
from nps_nlp.insight.regression import linear_fit, one_thread
from nps_nlp.insight.shares import EXACT_DRIVERS, correlations, relative_weights, roots, shapley_shares
from nps_nlp.scoring import benjamini_hochberg
from nps_nlp.scoring.intervals import critical_value

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nps_nlp.insight.design import Design, Refits
    from nps_nlp.insight.regression import LinearFit
    from nps_nlp.insight.shares import Roots

    Array = NDArray[np.float64]

# The inflation from which a coefficient is usually called unreliable (O'Brien, R. 2007. A caution regarding rules of
# thumb for variance inflation factors. Quality & Quantity 41, 673-690, discusses it).
HIGH_VIF = 5.0
_ROUNDING = 1e-9
COLUMNS = (
    "driver", "theme", "polarity", "n", "share", "importance", "importance_ci_low", "importance_ci_high",
    "rank", "rank_low", "rank_high", "gap", "coefficient", "coefficient_ci_low", "coefficient_ci_high", "p",
    "q", "relative_weight", "ordinal", "ordinal_ci_low", "ordinal_ci_high", "ordinal_importance",
    "ordinal_rank", "vif", "disagreement", "left_out",
)  # fmt: skip


@dataclass(frozen=True)
class Importance:
    """How much of the variation of the score goes with each driver. Associations: not what a change would do.

    Attributes
    ----------
    table : DataFrame, one row a theme × sentiment driver, most important first, then those left out
        driver (``price:negative``), theme, polarity, n (writers who say it), share (of all writers);
        importance (share of the score's variance, summing to `r2` over the drivers) with ``_ci_low`` and
        ``_ci_high``; rank with rank_low and rank_high (where the bootstrap puts it); gap (mean score of those
        who say it less that of all others), coefficient (the same with everything else said alike) with
        interval, p and q (Benjamini–Hochberg over the drivers), all in score points; relative_weight
        (Johnson; equal to importance where that is the method); ordinal (log odds ratio of a higher score,
        proportional-odds logit) with interval, ordinal_importance (its relative weight, scaled to `r2`),
        ordinal_rank; vif; disagreement (``"sign"`` where gap, coefficient and ordinal do not point the same
        way, ``"rank"`` where a second method's rank lies outside rank_low to rank_high, ``"polarity"`` where who
        blames scores higher, or who praises lower, with everything else said alike; or several of them);
        left_out (why a driver is not in the regression).
    themes : DataFrame, one row a theme
        theme, importance (both its drivers together) with ``_ci_low`` and ``_ci_high``.
    r2, r2_ci_low, r2_ci_high : float
        Share of the score's variance that goes with all drivers together.
    n : int
        Writers.
    method : str
        ``"shapley"`` or ``"relative weights"``.
    ordinal_converged : bool
        False where a driver separates the scores completely, so that its odds ratio has no finite value.
    """

    table: pd.DataFrame
    themes: pd.DataFrame
    r2: float
    r2_ci_low: float
    r2_ci_high: float
    n: int
    method: str
    ordinal_converged: bool

    @property
    def remarks(self) -> list[str]:
        """What to know before reading the table, as sentences; empty where there is nothing to say."""
        used = self.table[self.table["left_out"] == ""]
        said = []
        if used.empty:
            said.append(
                "No driver can be weighed: every theme has too few writers who blame or praise it, or who do not."
            )
        elif np.isnan(used["ordinal"]).all():
            said.append(f"All {self.n} writers gave the same score, so that there is nothing to explain.")
        elif not self.ordinal_converged:
            said.append("A driver separates the scores completely: of its odds ratio, only the sign can be read.")
        for driver, why in zip(self.table["driver"], self.table["left_out"], strict=True):
            if why.startswith("collinear with "):
                others = why.removeprefix("collinear with ")
                said.append(f"{driver} cannot be told apart from {others}, which stands for both.")
        for driver, vif in zip(used["driver"], used["vif"], strict=True):
            if vif > HIGH_VIF:
                said.append(f"{driver} overlaps with other drivers (VIF {vif:.1f}): read their importances together.")
        turned = used.loc[used["disagreement"].str.contains("sign"), "driver"]
        said += [f"The methods disagree on the sign of {driver}." for driver in turned]
        against = used.loc[used["disagreement"].str.contains("polarity"), "driver"]
        said += [f"{driver} goes against its polarity: chance, or what else these writers say." for driver in against]
        return said


def importance(design: Design, refits: Refits, *, confidence: float = 0.95, exact: int = EXACT_DRIVERS) -> Importance:
    """Share the explained variance of the score among theme × sentiment drivers.

    Parameters
    ----------
    design : Design
        From `regression_design`.
    refits : Refits
        From `refit`: the bootstrap.
    confidence : float
        Of all intervals.
    exact : int
        Shapley shares up to this many drivers, Johnson's relative weights above.

    Returns
    -------
    Importance

    Notes
    -----
    A driver without any effect explains (1 − R²)/(n − k − 1) of the variance by chance (Ezekiel 1930), and
    once more in every bootstrap replicate. Percentile limits are moved down by twice that, not below 0: the
    limits of drivers without effect then reach 0, and those of real drivers hardly move (coverage is
    simulated in ``benchmarks/planted_drivers.py``). Importances themselves are not moved, so that they add up
    to R². The percentiles are those that Student's t takes with the driver's number of writers, because bootstrap
    limits of small samples are too narrow (Hesterberg 2015).

    References
    ----------
    As `shapley_shares`, `relative_weights`, `linear_fit` and `proportional_odds`. Ezekiel, M. (1930). Methods
    of Correlation Analysis, p. 121 (excess of R²). Hesterberg, T. (2015). What teachers should know about the
    bootstrap. The American Statistician 69, 371-386 (expanded percentiles).

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.design import refit, regression_design
    >>> from nps_nlp.tally import Tally
    >>> slow, dear = ("speed", 1), ("price", 1)
    >>> said = {"slow": (slow,), "dear": (dear,), "both": (dear, slow), "": ()}
    >>> seen = [("slow", 3, 30), ("slow", 5, 30), ("dear", 6, 30), ("dear", 8, 30), ("both", 2, 10)]
    >>> patterns = {("", score, said[what]): n for what, score, n in [*seen, ("", 9, 99)]}
    >>> tally = Tally(patterns=Counter(patterns))
    >>> design = regression_design(tally, ["price", "speed"])
    >>> result = importance(design, refit(design, seed=1))
    >>> result.table[["driver", "importance", "coefficient"]].head(2).round(2)
               driver  importance  coefficient
    0  speed:negative        0.82         -5.0
    1  price:negative        0.08         -2.0
    """
    k = len(design.drivers)
    with one_thread():
        fit = linear_fit(design, design.score.astype(float), confidence)
    decomposed, weights, shares, chance = decompose(design, refits, fit, exact)
    n = np.array([float(d.n) for d in design.drivers])
    table, converged = _driver_table(design, refits, fit, confidence)
    table[["importance", "relative_weight", "vif"]] = np.column_stack([shares[0], weights[0], decomposed.inflation[0]])
    table["importance_ci_low"], table["importance_ci_high"] = share_limits(shares, chance, n, confidence)
    spread = np.sqrt(np.diagonal(refits.covariance[0])[:k])
    latent = relative_weights(decomposed.root[0], table["ordinal"].to_numpy() * spread)
    table["ordinal_importance"] = latent * (shares[0].sum() / latent.sum() if latent.any() else 1.0)
    _add_ranks(table, shares[1:], confidence)
    table["disagreement"] = _disagreement(table)
    table = table.sort_values("rank", kind="stable", ignore_index=True)
    of_all = np.array([chance.sum() if k else np.nan]), np.array([float(design.n)])
    low, high = share_limits(shares.sum(axis=1, keepdims=True), *of_all, confidence)
    return Importance(
        pd.concat([table, _left_out(design)], ignore_index=True)[list(COLUMNS)],
        _theme_table(design, shares, chance, confidence),
        float(shares[0].sum()) if k else np.nan,
        float(low[0]),
        float(high[0]),
        design.n,
        "shapley" if k <= exact else "relative weights",
        converged,
    )


def decompose(
    design: Design, refits: Refits, fit: LinearFit, exact: int = EXACT_DRIVERS
) -> tuple[Roots, Array, Array, Array]:
    """Return the roots, relative weights, importances (replicates, k), and what a driver without effect explains.

    `fit` is the `linear_fit` of the score.
    """
    k = len(design.drivers)
    correlation = correlations(refits.covariance[:, : k + 1, : k + 1])
    decomposed = roots(correlation[:, :k, :k], correlation[:, :k, k])
    weights = relative_weights(decomposed.root, decomposed.slopes)
    shares = shapley_shares(correlation) if 0 < k <= exact else weights
    free = design.n - k - 1
    # People who wrote several times agree with themselves: chance explains as much as with fewer writers.
    chance = fit.design_effects * ((1 - shares[0].sum()) / free if free > 0 else np.nan)
    return decomposed, weights, shares, chance


def _driver_table(design: Design, refits: Refits, fit: LinearFit, confidence: float) -> tuple[pd.DataFrame, bool]:
    """Return everything about the drivers that is not importance, and whether the ordinal fit converged."""
    k = len(design.drivers)
    share = refits.mean[0, :k]
    with one_thread():
        # Weighted answers are as much evidence as their effective number (Kish) of unweighted ones.
        worth = design.mass.sum() / design.spread.sum() if design.n else 1.0
        odds = proportional_odds(design.said, design.score, design.mass * worth)
    half = critical_value(confidence) * odds.se
    table = pd.DataFrame(
        {
            "driver": [d.name for d in design.drivers],
            "theme": [d.theme for d in design.drivers],
            "polarity": [d.polarity for d in design.drivers],
            "n": np.array([d.n for d in design.drivers], dtype=np.int64),
            "share": share,
            # A difference of two means is the covariance with the indicator over the indicator's variance.
            "gap": refits.covariance[0, :k, k] / (share * (1 - share)),
            "coefficient": fit.coefficients,
            "coefficient_ci_low": fit.ci_low,
            "coefficient_ci_high": fit.ci_high,
            "p": fit.p,
            "q": benjamini_hochberg(fit.p),
            "ordinal": odds.coefficients,
            "ordinal_ci_low": odds.coefficients - half,
            "ordinal_ci_high": odds.coefficients + half,
            "left_out": "",
        }
    )
    return table, odds.converged


def _add_ranks(table: pd.DataFrame, drawn: Array, confidence: float) -> None:
    """Add the ranks by both methods, and where the bootstrap puts the first."""
    table["rank"] = _ranks(table["importance"].to_numpy())
    table["ordinal_rank"] = _ranks(table["ordinal_importance"].to_numpy())
    tail = (1 - confidence) / 2
    ends = np.full((2, len(table)), np.nan)
    if len(drawn):
        ends = np.quantile(_ranks(drawn), [tail, 1 - tail], axis=0, method="nearest")
    table["rank_low"], table["rank_high"] = ends


def _ranks(values: Array) -> Array:
    """Rank from 1, the greatest first; ties in the order given."""
    order = np.argsort(-values, axis=-1, kind="stable")
    return np.where(np.isnan(values), np.nan, np.argsort(order, axis=-1, kind="stable") + 1.0)


def share_limits(drawn: Array, chance: Array, n: Array, confidence: float) -> tuple[Array, Array]:
    """Return expanded percentile limits of the replicates (the rows after the first), less twice what is chance."""
    if drawn[1:].size == 0 or np.isnan(chance).any():
        return np.full(drawn.shape[1], np.nan), np.full(drawn.shape[1], np.nan)
    tails = expanded_tails(n, confidence)
    ends = [np.quantile(column, [t, 1 - t]) for column, t in zip(drawn[1:].T, tails, strict=True)]
    low, high = np.maximum(np.array(ends) - 2 * chance[:, None], 0).T
    return low, high


def _disagreement(table: pd.DataFrame) -> list[str]:
    values = table[["gap", "coefficient", "ordinal"]].to_numpy(dtype=float)
    # What is left of a zero after rounding has no sign.
    signs = np.where(np.abs(values) < _ROUNDING, 0.0, np.sign(values))
    # A method that could not be fitted (NaN) contradicts nothing.
    turned = np.nanmax(signs, axis=1, initial=-1) - np.nanmin(signs, axis=1, initial=1) > 1
    others = np.column_stack([table["ordinal_rank"], _ranks(table["relative_weight"].to_numpy())])
    low, high = table["rank_low"].to_numpy(), table["rank_high"].to_numpy()
    moved = ((others < low[:, None]) | (others > high[:, None])).any(axis=1)
    against = signs[:, 1] == np.where(table["polarity"] == "negative", 1, -1)
    marks = {"sign": turned, "rank": moved, "polarity": against}
    words = np.column_stack([np.where(marked, word, "") for word, marked in marks.items()])
    return [", ".join(filter(None, row)) for row in words.tolist()]


def _theme_table(design: Design, shares: Array, chance: Array, confidence: float) -> pd.DataFrame:
    themes = list(dict.fromkeys(d.theme for d in design.drivers))
    member = np.array([[float(d.theme == t) for t in themes] for d in design.drivers])
    member = member.reshape(len(design.drivers), len(themes))
    together = shares @ member
    mentions = np.array([float(d.n) for d in design.drivers]) @ member
    low, high = share_limits(together, chance @ member, mentions, confidence)
    return pd.DataFrame(
        {
            "theme": pd.Series(themes, dtype="str"),
            "importance": together[0],
            "importance_ci_low": low,
            "importance_ci_high": high,
        }
    ).sort_values(["importance", "theme"], ascending=[False, True], ignore_index=True)


def _left_out(design: Design) -> pd.DataFrame:
    rows = [
        (d.name, d.theme, d.polarity, d.n, d.n / design.n if design.n else np.nan, "", d.left_out)
        for d in design.left_out
    ]
    names = ["driver", "theme", "polarity", "n", "share", "disagreement", "left_out"]
    return pd.DataFrame(rows, columns=names).astype({"n": "int64", "share": float}).reindex(columns=list(COLUMNS))
