"""The NPS of groups: by segment, by month, by anything that respondents share."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pandas as pd

from nps_nlp.scoring.nps import nps_table
from nps_nlp.scoring.scales import NPS, Scale, category

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    import numpy.typing as npt


def nps_by(
    scores: npt.ArrayLike, groups: Iterable[Hashable], *, scale: Scale = NPS, confidence: float = 0.95
) -> pd.DataFrame:
    """Return the NPS of every group, in order of the groups' names.

    Parameters
    ----------
    scores : array_like of numbers, shape (n,)
        The answers, none missing.
    groups : iterable of hashable, length n
        What each respondent belongs to: a segment's value, a month.
    scale : Scale
        The break points.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    DataFrame, one row a group
        group, promoters, passives, detractors, n, nps, se, ci_low, ci_high; the last four in NPS points, the interval
        the adjusted Wald one.

    Raises
    ------
    ValueError
        If there are not as many groups as scores, or a score is missing or off the scale.

    Examples
    --------
    >>> nps_by([10, 9, 3, 8], ["a", "a", "b", "b"])[["group", "n", "nps"]].to_dict("records")
    [{'group': 'a', 'n': 2, 'nps': 100.0}, {'group': 'b', 'n': 2, 'nps': -50.0}]
    """
    counts = Counter(zip(groups, category(scores, scale).tolist(), strict=True))
    return nps_of_counts(counts, confidence=confidence)


def nps_of_counts(counts: Mapping[tuple[Any, int], int], *, confidence: float = 0.95) -> pd.DataFrame:
    """Return the table of `nps_by` from counts that add up over chunks.

    Parameters
    ----------
    counts : mapping of (group, category) to int
        Category is 1 for promoters, 0 for passives, −1 for detractors.
    confidence : float
        Share between 0 and 1.
    """
    names = sorted({group for group, _ in counts}, key=str)
    rows = [[counts.get((name, c), 0) for c in (1, 0, -1)] for name in names]
    table = pd.DataFrame(rows, columns=["promoters", "passives", "detractors"], dtype="int64")
    table = nps_table(table, confidence=confidence)
    table.insert(0, "group", pd.Series(names, dtype="object"))
    return table
