"""Themes that are mentioned together far beyond chance: their effects are hard to tell apart."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.insight.two_by_two import upper_tail
from nps_nlp.scoring import benjamini_hochberg

if TYPE_CHECKING:
    from nps_nlp.insight.cells import Cells

# A "medium" association of two yes/no variables (Cohen 1988, Statistical Power Analysis, section 7.2).
MEDIUM_PHI = 0.3
_ALPHA = 0.05


def overlap_table(data: Cells, *, min_n: int = MIN_MENTIONS) -> pd.DataFrame:
    """Return the pairs of themes by how much more often than by chance one writer mentions both.

    Parameters
    ----------
    data : Cells
    min_n : int
        Pairs of themes with fewer mentions each are left out.

    Returns
    -------
    DataFrame, one row a pair, the strongest association first
        theme_a, theme_b, together (writers who mention both), expected (if independent), lift (together /
        expected), phi (correlation of the two mentions), p (together more than by chance: Fisher's exact test,
        one-sided), q (Benjamini–Hochberg over the pairs), overlapping (phi at least 0.3 and q below 0.05: read the
        two importances together).

    References
    ----------
    Yule, G. (1912). On the methods of measuring association between two attributes. Journal of the Royal
    Statistical Society 75, 579-652 (phi; n·phi² is Pearson's chi-squared).

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.cells import cells
    >>> from nps_nlp.tally import Tally
    >>> dear, slow, kind = ("price", 1), ("speed", 1), ("staff", 2)
    >>> seen = {(dear, slow): 30, (dear,): 10, (slow,): 10, (kind,): 20, (dear, kind): 5, (): 25}
    >>> tally = Tally(patterns=Counter({("", 5, p): n for p, n in seen.items()}))
    >>> table = overlap_table(cells(tally, ["price", "speed", "staff"]))
    >>> table[["theme_a", "theme_b", "together", "expected", "phi", "overlapping"]].head(1).round(2)
      theme_a theme_b  together  expected   phi  overlapping
    0   price   speed        30      18.0  0.49         True
    """
    mass = data.mass.astype(float)
    if data.square is not None and len(mass):
        # The same shares on the effective number of writers: what the tests may reckon with.
        mass *= mass.sum() / data.square.sum()
    n = float(mass.sum())
    both = (data.mentioned.T @ sparse.diags_array(mass) @ data.mentioned).toarray()
    mentions = np.diagonal(both)
    rows, margins = [], []
    for a, b in combinations(range(len(data.themes)), 2):
        expected = mentions[a] * mentions[b] / n if n else 0.0
        spread = expected * (1 - mentions[a] / n) * (1 - mentions[b] / n) if n else 0.0
        if min(mentions[a], mentions[b]) >= min_n and spread > 0:
            z = (both[a, b] - expected) / np.sqrt(spread)
            names = data.themes[a], data.themes[b]
            lift = both[a, b] / expected
            rows.append((*names, int(both[a, b]), expected, lift, z / np.sqrt(n)))
            margins.append((both[a, b], mentions[a], mentions[b], n))
    columns = ["theme_a", "theme_b", "together", "expected", "lift", "phi"]
    table = pd.DataFrame(rows, columns=columns)
    table["p"] = upper_tail(*np.reshape(margins, (-1, 4)).T)
    table["q"] = benjamini_hochberg(table["p"].to_numpy(dtype=float))
    table["overlapping"] = (table["phi"] >= MEDIUM_PHI) & (table["q"] < _ALPHA)
    return table.sort_values(["phi", "theme_a", "theme_b"], ascending=[False, True, True], ignore_index=True)
