"""The priority map: how much a theme matters against how badly it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.scoring import wilson_interval

if TYPE_CHECKING:
    from nps_nlp.insight.cells import Cells
    from nps_nlp.insight.importance import Importance

# (matters, does badly) → id, and its names in Japanese (those of the CS portfolio analysis) and English.
QUADRANTS = {
    (True, True): ("improve", "重点改善", "Improve first"),
    (True, False): ("keep", "重点維持", "Keep it up"),
    (False, True): ("later", "改善", "Improve later"),
    (False, False): ("maintain", "維持", "Maintain"),
}


@dataclass(frozen=True)
class PriorityMap:
    """Themes in four quadrants of importance × performance.

    Attributes
    ----------
    table : DataFrame, one row a theme, most important first
        theme, mentions, negative (writers), share_negative (of its mentioners) and importance, each with
        ``_ci_low`` and ``_ci_high``; quadrant (improve, keep, later, maintain), quadrant_ja, quadrant_en, and
        sure (False where an interval reaches over a border, so that the theme may belong to the next
        quadrant).
    importance_border : float
        Mean importance of the themes shown.
    negative_border : float
        Share negative over all their mentions together.
    """

    table: pd.DataFrame
    importance_border: float
    negative_border: float


def priority_map(
    data: Cells, importance: Importance, *, min_n: int = MIN_MENTIONS, confidence: float = 0.95
) -> PriorityMap:
    """Place every theme by its importance for the score and the share of its mentioners who complain.

    Parameters
    ----------
    data : Cells
    importance : Importance
        Of the same Tally. Themes without a driver in its regression are not shown.
    min_n : int
        Nor are themes with fewer mentions.
    confidence : float
        Of the Wilson intervals of the shares.

    Returns
    -------
    PriorityMap

    References
    ----------
    Martilla, J. & James, J. (1977). Importance-performance analysis. Journal of Marketing 41(1), 77-79; with
    importance derived from the score instead of asked, and borders at the means, as they propose.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.cells import cells
    >>> from nps_nlp.insight.design import refit, regression_design
    >>> from nps_nlp.insight.importance import importance
    >>> from nps_nlp.tally import Tally
    >>> seen = {("", 2, (("speed", 1),)): 40, ("", 8, (("staff", 2),)): 40, ("", 9, ()): 40}
    >>> tally, themes = Tally(patterns=Counter(seen)), ["speed", "staff"]
    >>> design = regression_design(tally, themes)
    >>> result = priority_map(cells(tally, themes), importance(design, refit(design, seed=1)))
    >>> result.table[["theme", "share_negative", "quadrant_en"]]
       theme  share_negative    quadrant_en
    0  speed             1.0  Improve first
    1  staff             0.0       Maintain
    """
    counts = pd.DataFrame(
        {
            "theme": data.themes,
            "mentions": data.by_category(data.mentioned, data.count).sum(axis=1).astype(int),
            "negative": data.by_category(data.negative, data.count).sum(axis=1).astype(int),
            "_all": data.by_category(data.mentioned).sum(axis=1),
            "_part": data.by_category(data.negative).sum(axis=1),
            "_effective": data.effective(data.mentioned)[0].sum(axis=1),
        }
    )
    table = importance.themes.merge(counts[counts["mentions"] >= min_n], on="theme")
    table["share_negative"] = table["_part"] / table["_all"]
    limits = wilson_interval(table["share_negative"] * table["_effective"], table["_effective"], confidence)
    table["share_negative_ci_low"], table["share_negative_ci_high"] = limits
    if table.empty:
        matters_from = negative_from = np.nan
    else:
        matters_from = float(table["importance"].mean())
        negative_from = float(table["_part"].sum() / table["_all"].sum())
    places = zip(table["importance"] >= matters_from, table["share_negative"] >= negative_from, strict=True)
    names = [QUADRANTS[bool(matters), bool(badly)] for matters, badly in places]
    table[["quadrant", "quadrant_ja", "quadrant_en"]] = pd.DataFrame(names, columns=range(3), dtype=object)
    across = [
        (table[f"{name}_ci_low"] < border) & (table[f"{name}_ci_high"] >= border)
        for name, border in (("importance", matters_from), ("share_negative", negative_from))
    ]
    table["sure"] = ~(across[0] | across[1])
    return PriorityMap(table[_COLUMNS], matters_from, negative_from)


_COLUMNS = [
    "theme", "mentions", "negative", "share_negative", "share_negative_ci_low", "share_negative_ci_high",
    "importance", "importance_ci_low", "importance_ci_high", "quadrant", "quadrant_ja", "quadrant_en", "sure",
]  # fmt: skip
