"""The who-mentions-what-together cells of a Tally as arrays, and their bootstrap."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import ndtr, stdtrit

from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE, category

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]

REPLICATES = 1_000
# Rows of tables that rest on fewer writers are hidden.
MIN_MENTIONS = 10
_DRAWS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Cells:
    """Writers grouped by category and by what they say of which theme.

    Attributes
    ----------
    themes : tuple of str, length k
    count : ndarray of int, shape (c,)
        Writers in each cell.
    category : ndarray of int, shape (c,)
        −1, 0 or 1, rising.
    mentioned, negative, positive, neutral : csr_matrix of 0/1, shape (c, k)
        Whether the writers of a cell mention a theme, and say something negative, positive, or only neutral of it.
    """

    themes: tuple[str, ...]
    count: NDArray[np.int64]
    category: NDArray[np.int64]
    mentioned: sparse.csr_matrix
    negative: sparse.csr_matrix
    positive: sparse.csr_matrix
    neutral: sparse.csr_matrix

    def by_category(self, indicator: sparse.csr_matrix, counts: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return promoters, passives and detractors among the writers that an indicator marks, shape (..., k, 3)."""
        weights = self.count if counts is None else counts
        columns = [weights[..., part] @ indicator[part] for part in self._parts()]
        return np.stack([np.asarray(c, dtype=float) for c in columns], axis=-1)

    def totals(self, counts: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return promoters, passives and detractors among all writers, shape (..., 3)."""
        weights = self.count if counts is None else counts
        return np.stack([weights[..., part].sum(axis=-1) for part in self._parts()], axis=-1).astype(float)

    def _parts(self) -> list[slice]:
        """Return where promoters, passives and detractors lie: the cells are sorted by category."""
        edges = np.searchsorted(self.category, [-1, 0, 1, 2])
        return [slice(edges[k], edges[k + 1]) for k in (2, 1, 0)]

    def replicates(self, seed: int, number: int = REPLICATES) -> Iterator[NDArray[np.int64]]:
        """Yield blocks of Poisson bootstrap counts, shape (b, c).

        Giving every respondent a Poisson(1) weight and adding the weights up within a cell is one Poisson draw with
        the cell's count as its mean (Chamandy et al. 2012, *Estimating uncertainty for massive data streams*), so
        that the bootstrap needs the Tally alone.
        """
        rng = np.random.default_rng(seed)
        block = max(1, min(number, _DRAWS_AT_ONCE // max(1, len(self.count))))
        for start in range(0, number, block):
            yield rng.poisson(self.count, size=(min(block, number - start), len(self.count)))


def expanded_tails(n: Array, confidence: float) -> Array:
    """Return the lower tail at which to read percentile limits of a bootstrap of n respondents each.

    Bootstrap limits of small samples are too narrow, by the factor √((n − 1)/n) and by the normal in place of Student's
    t; percentiles further out make up for both (Hesterberg, T. 2015. What teachers should know about the bootstrap.
    The American Statistician 69, 371-386). For one respondent: 0, the extremes.

    Examples
    --------
    >>> expanded_tails(np.array([1, 10, 1000]), 0.95).round(4)
    array([0.    , 0.0086, 0.0248])
    """
    n = np.asarray(n, dtype=float)
    free = np.maximum(n - 1, 1e-9)
    return np.asarray(ndtr(stdtrit(np.maximum(free, 1), (1 - confidence) / 2) * np.sqrt(n / free)))


def cells(tally: Tally, themes: Sequence[str]) -> Cells:
    """Lay out the patterns of a Tally for the given themes, in a fixed order."""
    place = {t: i for i, t in enumerate(themes)}
    grouped: Counter[tuple[int, tuple[tuple[int, int], ...]]] = Counter()
    for (_, score, pattern), n in tally.patterns.items():
        grouped[category(score), tuple(sorted((place[t], s) for t, s in pattern if t in place))] += n
    ordered = sorted(grouped)
    shape = (len(ordered), len(themes))
    marks = [(row, theme, state) for row, (_, pattern) in enumerate(ordered) for theme, state in pattern]
    rows, columns, states = np.array(marks, dtype=np.int64).reshape(-1, 3).T

    def indicator(marked: NDArray[np.bool_]) -> sparse.csr_matrix:
        return sparse.csr_matrix((np.ones(marked.sum()), (rows[marked], columns[marked])), shape=shape)

    return Cells(
        tuple(themes),
        np.array([grouped[key] for key in ordered], dtype=np.int64),
        np.array([key[0] for key in ordered], dtype=np.int64),
        indicator(states > 0),
        indicator(states & NEGATIVE > 0),
        indicator(states & POSITIVE > 0),
        indicator(states == NEUTRAL),
    )
