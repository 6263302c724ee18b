"""Several groups at once: whether their scores differ at all, and which pairs do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nps_nlp.scoring._checks import category_columns, check_choice
from nps_nlp.scoring.compare import adjusted_scores
from nps_nlp.scoring.intervals import critical_value
from nps_nlp.scoring.multiplicity import CORRECTIONS
from nps_nlp.scoring.nps import nps_table


@dataclass(frozen=True, slots=True)
class GroupsTest:
    """Whether several groups share one NPS, and every pair of them.

    Attributes
    ----------
    chi2 : float
        Wald statistic of homogeneity.
    df : int
        Groups minus one.
    p : float
        p-value of "all groups have the same NPS".
    groups : DataFrame
        The table given, with n, nps, se, ci_low, ci_high as of `nps_table`.
    pairs : DataFrame
        One row a pair: ``group_a``, ``group_b``, ``difference`` (b - a), ``se``, ``ci_low``, ``ci_high`` in
        NPS points, ``z``, ``p`` and ``p_adjusted``. The intervals are those of each pair by itself.
    correction : str
        Which correction ``p_adjusted`` carries.
    """

    chi2: float
    df: int
    p: float
    groups: pd.DataFrame
    pairs: pd.DataFrame
    correction: str


def nps_test_groups(
    counts: pd.DataFrame, *, confidence: float = 0.95, correction: str = "benjamini_hochberg"
) -> GroupsTest:
    """Test whether several groups have the same NPS, and compare every pair.

    Parameters
    ----------
    counts : DataFrame
        One row a group, named by the index, with the columns promoters, passives, detractors.
    confidence : float
        Share between 0 and 1.
    correction : str
        ``benjamini_hochberg`` (share of false discoveries) or ``holm`` (any false rejection), over all pairs.

    Returns
    -------
    GroupsTest
        The common test and the two tables. With two groups its chi2 is the z² of `nps_test`.

    Raises
    ------
    ValueError
        If there are fewer than two groups or a group has no responses; names the groups.

    References
    ----------
    Wald test of homogeneity with inverse-variance weights: Cochran, W. (1954). The combination of estimates
    from different experiments. Biometrics 10, 101-129. Pseudo-responses as in `nps_test`.

    Examples
    --------
    >>> shops = pd.DataFrame(
    ...     {"promoters": [180, 230, 90], "passives": [140, 110, 60], "detractors": [80, 60, 50]},
    ...     index=["east", "west", "north"],
    ... )
    >>> test = nps_test_groups(shops)
    >>> print(f"chi2 = {test.chi2:.2f}, df = {test.df}, p = {test.p:.4f}")
    chi2 = 15.78, df = 2, p = 0.0004
    >>> test.pairs[["group_a", "group_b", "difference", "p_adjusted"]].round(3)
      group_a group_b  difference  p_adjusted
    0    east    west        17.5       0.002
    1    east   north        -5.0       0.462
    2    west   north       -22.5       0.002
    """
    check_choice("correction", correction, list(CORRECTIONS))
    values = category_columns(counts)
    if len(values) < 2:
        msg = f"comparing groups needs at least two of them, got {len(values)}"
        raise ValueError(msg)
    empty = values.sum(axis=1) == 0
    if empty.any():
        names = ", ".join(map(str, counts.index[empty]))
        msg = f"no responses in group {names}: leave it out of the comparison"
        raise ValueError(msg)
    from scipy.special import chdtrc  # scipy only where a test is made

    score, variance = adjusted_scores(values)
    weight = 1 / variance
    common = np.average(score, weights=weight)
    chi2 = float((weight * (score - common) ** 2).sum())
    return GroupsTest(
        chi2=chi2,
        df=len(values) - 1,
        p=float(chdtrc(len(values) - 1, chi2)),
        groups=nps_table(counts, confidence=confidence),
        pairs=_pairs(counts, confidence, correction),
        correction=correction,
    )


def _pairs(counts: pd.DataFrame, confidence: float, correction: str) -> pd.DataFrame:
    """Compare every pair of rows."""
    from scipy.special import erfc  # scipy only where a test is made

    values = category_columns(counts)
    score, variance = adjusted_scores(values)
    raw = 100 * (values[:, 0] - values[:, 2]) / values.sum(axis=1)
    a, b = np.triu_indices(len(values), k=1)
    adjusted, se = score[b] - score[a], np.sqrt(variance[a] + variance[b])
    half_width = critical_value(confidence) * se
    p = erfc(np.abs(adjusted) / se / np.sqrt(2))
    return pd.DataFrame(
        {
            "group_a": counts.index[a],
            "group_b": counts.index[b],
            "difference": raw[b] - raw[a],
            "se": se,
            "ci_low": np.maximum(adjusted - half_width, -200.0),
            "ci_high": np.minimum(adjusted + half_width, 200.0),
            "z": adjusted / se,
            "p": p,
            "p_adjusted": CORRECTIONS[correction](p),
        }
    )
