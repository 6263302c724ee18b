"""What people ask for: how many, about which theme, and whether they are promoters or detractors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.insight.groups import PLACE, Sums, category_sums, score_table
from nps_nlp.scoring import wilson_interval
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from nps_nlp.tally import Tally

_CATEGORIES = ("promoters", "passives", "detractors")
_SCORE = (*_CATEGORIES, "n", "nps", "se", "ci_low", "ci_high")


def request_table(tally: Tally, themes: Sequence[str], confidence: float = 0.95) -> pd.DataFrame:
    """Count the writers who ask for something: a wish or a proposal, complaint or not.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
    confidence : float

    Returns
    -------
    DataFrame
        First a row with theme ``""`` for all who ask, then one a theme that is asked about, most often first, and last
        ``"unmentioned"`` for requests that no theme fits. Somebody who asks for two things is in two rows. n,
        promoters, passives, detractors (respondents); share of all writers (0–1) with Wilson's interval, on Kish's
        effective n where the survey is weighted; share_promoters, share_passives, share_detractors (of the category's
        writers); nps of those who ask, with se, ci_low, ci_high (NPS points); shown (bool: enough who ask). Empty where
        nobody asks.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.tally import Tally
    >>> tally = Tally(
    ...     requests=Counter({(9, ("price",)): 3, (2, ("hours", "price")): 1, (7, ()): 1}),
    ...     writers=Counter({("", "", "", 9): 12, ("", "", "", 2): 4, ("", "", "", 7): 4}),
    ... )
    >>> request_table(tally, ["hours", "price"])[["theme", "n", "share", "share_detractors", "nps"]].round(1)
             theme  n  share  share_detractors   nps
    0               5    0.2               0.2  40.0
    1        price  4    0.2               0.2  50.0
    2        hours  1    0.0               0.2 -100.0
    3  unmentioned  1    0.0               0.0   0.0
    """
    asked = _asked(tally, set(themes))
    wrote = category_sums(tally, "writers", lambda key: ALL if key[0] == ALL else None).get(ALL, Sums())
    by_n = sorted(asked.keys() - {ALL, UNMENTIONED}, key=lambda t: (-sum(asked[t].n), t))
    rows = [t for t in (ALL, *by_n, UNMENTIONED) if t in asked]
    table = score_table(tally, [asked[t] for t in rows], confidence)[list(_SCORE)]
    table.insert(0, "theme", rows)
    weights, base = np.array([asked[t].weight for t in rows]).reshape(-1, 3), np.array(wrote.weight, dtype=float)
    table["share"] = share = weights.sum(axis=1) / (base.sum() or np.nan)
    # Kish's effective number of all writers; without weights it is their number.
    effective = base.sum() ** 2 / (sum(wrote.square) or np.nan)
    limits = wilson_interval(share * effective, np.full(len(rows), effective), confidence)
    table["share_ci_low"], table["share_ci_high"] = limits
    for place, name in enumerate(_CATEGORIES):
        table[f"share_{name}"] = weights[:, place] / (base[place] or np.nan)
    return table.assign(shown=table["n"] >= MIN_MENTIONS)


def _asked(tally: Tally, themes: Collection[str]) -> dict[str, Sums]:
    """Add up those who ask by theme; ``""`` is everybody who asks, of themes that are not listed too."""
    sums: dict[str, Sums] = {}
    for (score, wished), n, weight, square in tally.masses("requests"):
        place = PLACE[tally.category(score)]
        for theme in (ALL, *([t for t in wished if t in themes] or [UNMENTIONED])):
            mine = sums.setdefault(theme, Sums())
            mine.n[place] += n
            mine.weight[place] += weight
            mine.square[place] += square
    return sums
