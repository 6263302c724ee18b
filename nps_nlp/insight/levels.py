"""How sure the scores of groups and months are where some people gave several of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.special import stdtrit

from nps_nlp.insight.cells import floats
from nps_nlp.insight.people import laid_out, shared
from nps_nlp.scoring.clusters import design_effects
from nps_nlp.scoring.intervals import adjusted_wald, response_variance
from nps_nlp.scoring.scales import category

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from nps_nlp.insight.groups import Sums
    from nps_nlp.insight.people import People, Together
    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]
    Sets = NDArray[np.bool_]

_VALUES = np.array([1.0, 0.0, -1.0])
_COLUMNS = ("promoters", "passives", "detractors")


@dataclass(frozen=True)
class Levels:
    """The answers of groups (or months) by category, and which of them are of the same people.

    Attributes
    ----------
    mass, square : ndarray of float, shape (g, 3)
        Sums of the weights of promoters, passives, detractors, and of the squared weights; without weights their
        numbers.
    answers : ndarray of int, shape (g,)
    repeats : Together
        The answers of people who gave more than one, in the cells 3 · group + category.
    given : csr_matrix, shape (m, g)
        How many answers each of these people gave in each group.
    """

    mass: Array
    square: Array
    answers: NDArray[np.int64]
    repeats: Together
    given: sparse.csr_matrix

    @classmethod
    def of(cls, tally: Tally, groups: Sequence[Sums], people: People | None, at: Iterable[int]) -> Levels | None:
        """Lay out the groups of a Tally; `at` is the group of each of the people's answers, −1 for none.

        None where nobody answered twice.
        """
        if people is None:
            return None
        place = np.fromiter(at, dtype=np.int64, count=len(people.who))
        cells = 3 * place + 1 - category(people.score, tally.scale)
        repeats = laid_out(people, np.where(place < 0, -1, cells), 3 * len(groups))
        if repeats is None:
            return None
        counts = np.array([g.n for g in groups], dtype=np.int64).reshape(-1, 3)
        mass = square = counts.astype(float)
        if tally.weighted:
            mass = floats([u for g in groups for u in g.weight], tally.unit).reshape(-1, 3)
            square = floats([u for g in groups for u in g.square], tally.unit**2).reshape(-1, 3)
        inside = place >= 0
        rows = np.searchsorted(repeats.who, people.who[inside])
        shape = len(repeats.who), len(groups)
        given = sparse.csr_matrix((np.ones(len(rows)), (rows, place[inside])), shape=shape)
        return cls(mass, square, counts.sum(axis=1), repeats, given)

    def people(self, sets: Sets) -> NDArray[np.int64]:
        """Return how many people answered in sets of groups, shape (k,); `sets` has the shape (k, g)."""
        theirs = self.given @ sets.T.astype(float)
        return np.asarray(sets @ self.answers - theirs.sum(axis=0) + (theirs > 0).sum(axis=0), dtype=np.int64)

    def effects(self, after: Sets, before: Sets | None = None, *, one_level: bool = False) -> Array:
        """Return the design effects of the NPS of sets of groups, or of the differences of two each.

        Parameters
        ----------
        after, before : ndarray of bool, shape (k, g)
            The groups of either side.
        one_level : bool
            Measured from the common NPS of both sides, as where no difference between them is the hypothesis.

        Returns
        -------
        ndarray of float, shape (k,)
            As of `nps_nlp.scoring.clusters.design_effects`.
        """
        both = after if before is None else after | before
        pulls = self._pulls(after, both if one_level else after)
        if before is not None:
            pulls = pulls - self._pulls(before, both if one_level else before)
        flat = pulls.reshape(len(pulls), -1).T
        single = self.square.ravel() @ flat**2
        return design_effects(single + shared(self.repeats, flat), single, self.people(both), both @ self.answers)

    def _pulls(self, sets: Sets, level: Sets) -> Array:
        """Return what one more answer of each cell adds to the error of the NPS of sets of groups, shape (k, g, 3)."""
        n = (sets @ self.mass).sum(axis=1)
        whole = level @ self.mass
        mean = np.divide(whole @ _VALUES, whole.sum(axis=1), out=np.zeros(len(n)), where=whole.sum(axis=1) > 0)
        each = np.divide(1.0, n, out=np.zeros(len(n)), where=n > 0)[:, None] * (_VALUES - mean[:, None])
        return np.asarray(sets[:, :, None] * each[:, None, :])


def by_people(table: pd.DataFrame, levels: Levels | None, confidence: float) -> pd.DataFrame:
    """Measure the errors of a table of scores by people: its groups are those of the levels, in the same order.

    Parameters
    ----------
    table : DataFrame
        As of `nps_table` or `weighted_nps_table`.
    levels : Levels or None
        None where nobody answered twice: the table is left as it is.
    confidence : float
        Of the intervals.

    Returns
    -------
    DataFrame
        With se and the adjusted Wald interval of the answers over their design effect, and two more columns: people
        (who gave the answers) and design_effect (1 or more: a few answers of one person that happen to contradict each
        other are no reason to be surer).

    Notes
    -----
    The variance of a group's NPS is Σ(Σ w (x − x̄))² / (Σw)² · C/(C − 1) over its C people; the interval is widened by
    Student's t with C − 1 degrees of freedom over the one with n − 1.

    References
    ----------
    Cochran, W. (1977). Sampling Techniques, 3rd ed., section 6.3 and 9A.2 (a mean as a ratio over clusters). Cameron,
    A. & Miller, D. (2015). A practitioner's guide to cluster-robust inference. Journal of Human Resources 50, 317-372.
    """
    if levels is None:
        return table
    each = np.eye(len(table), dtype=bool)
    people, effects = levels.people(each), np.maximum(levels.effects(each), 1.0)
    shares = table[[f"share_{c}" for c in _COLUMNS] if "n_effective" in table else list(_COLUMNS)].to_numpy(dtype=float)
    shares = shares / shares.sum(axis=1, keepdims=True)
    n, se = table["n"].to_numpy(dtype=float), table["se"].to_numpy(dtype=float)
    kish = table["n_effective"].to_numpy(dtype=float) if "n_effective" in table else n
    size = np.divide(1e4 * response_variance(*shares.T), se**2, out=kish.copy(), where=se > 0)
    wider = effects * (_reach(people, confidence) / _reach(n, confidence)) ** 2
    # Of answers that are all of one person no more is known than of one answer.
    size = np.maximum(np.minimum(size, n) / wider, np.minimum(kish, 1.0))
    again = people < n
    promoters, passives, detractors = (shares * size[:, None]).T
    low, high = adjusted_wald(promoters, passives, detractors, confidence)
    table = table.assign(se=np.where(again, se * np.sqrt(effects), se))
    for name, limit in (("ci_low", low), ("ci_high", high)):
        table[name] = np.where(again, limit, table[name])
    return table.assign(people=people, design_effect=effects)


def _reach(number: NDArray[np.int64] | Array, confidence: float) -> Array:
    """Return how many standard errors an interval reaches: Student's t, for one respondent that for two."""
    return np.asarray(stdtrit(np.maximum(number - 1, 1), 0.5 + confidence / 2))
