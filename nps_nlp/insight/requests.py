"""What people ask for: how many, about which theme, and whether they are promoters or detractors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight.cells import MIN_MENTIONS, floats
from nps_nlp.insight.groups import PLACE, Sums, category_sums, score_table
from nps_nlp.insight.two_by_two import two_proportions_p
from nps_nlp.scoring import benjamini_hochberg, wilson_interval
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]

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
        First a row with theme ``""`` for all who ask, then one a theme that is asked about, by its share, and last
        ``"unmentioned"`` for requests that no theme fits. Somebody who asks for two things is in two rows; requests on
        themes that are not listed are in the first row alone. n, promoters, passives, detractors (respondents); share
        of all writers (0–1) with Wilson's interval, on Kish's effective n where the survey is weighted;
        share_promoters, share_passives, share_detractors (of the category's writers); p (promoters and detractors ask
        equally often, Fisher's exact test) and q (Benjamini–Hochberg over the themes that are shown); nps of those who
        ask, with se, ci_low, ci_high (NPS points); shown (bool: enough who ask). Empty where nobody asks.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.tally import Tally
    >>> tally = Tally(
    ...     requests=Counter({(9, ("price",)): 3, (2, ("hours", "price")): 1, (7, ("unmentioned",)): 1}),
    ...     writers=Counter({("", "", "", 9): 12, ("", "", "", 2): 4, ("", "", "", 7): 4}),
    ... )
    >>> request_table(tally, ["hours", "price"])[["theme", "n", "share", "share_detractors", "nps"]].round(2)
             theme  n  share  share_detractors    nps
    0               5   0.25              0.25   40.0
    1        price  4   0.20              0.25   50.0
    2        hours  1   0.05              0.25 -100.0
    3  unmentioned  1   0.05              0.00    0.0
    """
    asked = _asked(tally, {*themes, UNMENTIONED})
    wrote = category_sums(tally, "writers", lambda key: ALL if key[0] == ALL else None).get(ALL, Sums())
    weights = {t: floats(sums.weight, tally.unit) for t, sums in asked.items()}
    listed = sorted(asked.keys() - {ALL, UNMENTIONED}, key=lambda t: (-weights[t].sum(), t))
    rows = [t for t in (ALL, *listed, UNMENTIONED) if t in asked]
    table = score_table(tally, [asked[t] for t in rows], confidence)[list(_SCORE)]
    table.insert(0, "theme", rows)
    table["shown"] = table["n"] >= MIN_MENTIONS
    return _shares(table, np.array([weights[t] for t in rows]).reshape(-1, 3), wrote, tally.unit, confidence)


def _asked(tally: Tally, themes: Collection[str]) -> dict[str, Sums]:
    """Add up those who ask by theme; ``""`` is everybody who asks, also for what no listed theme is about."""
    sums: dict[str, Sums] = {}
    for (score, wished), n, weight, square in tally.masses("requests"):
        place = PLACE[tally.category(score)]
        for theme in (ALL, *(t for t in wished if t in themes)):
            mine = sums.setdefault(theme, Sums())
            mine.n[place] += n
            mine.weight[place] += weight
            mine.square[place] += square
    return sums


def _shares(table: pd.DataFrame, weights: Array, wrote: Sums, unit: float, confidence: float) -> pd.DataFrame:
    """Add the shares of all writers and of each category's, with limits and the test between the outer categories."""
    base, squares = floats(wrote.weight, unit), floats(wrote.square, unit**2)
    table["share"] = share = weights.sum(axis=1) / (base.sum() or np.nan)
    # Kish's effective number of all writers; without weights it is their number.
    worth = base.sum() / (squares.sum() or np.nan)
    effective = base.sum() * worth
    table["share_ci_low"], table["share_ci_high"] = wilson_interval(
        share * effective, np.full(len(table), effective), confidence
    )
    for place, name in enumerate(_CATEGORIES):
        table[f"share_{name}"] = weights[:, place] / (base[place] or np.nan)
    outer = [v for place in (0, 2) for v in (weights[:, place] * worth, np.full(len(table), base[place] * worth))]
    table["p"] = two_proportions_p(*np.nan_to_num(outer))
    family = table["shown"] & ~table["theme"].isin([ALL, UNMENTIONED])
    return table.assign(q=benjamini_hochberg(table["p"].where(family).to_numpy()))
