"""How much of the score comes with a theme: leave-out impact, bounded impact, additive contribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.insight.cells import MIN_MENTIONS, REPLICATES, Cells, effective, expanded_tails, poisson_draw
from nps_nlp.insight.gap import difference_p, points
from nps_nlp.scoring import benjamini_hochberg
from nps_nlp.scoring.intervals import adjusted_wald

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from nps_nlp.insight.cells import Mass

    Array = NDArray[np.float64]

MEASURES = ("nps_of_mentioners", "impact", "bounded", "contribution")
POLARITIES = ("all", "negative", "positive", "neutral")
# What a writer can say of a theme (negative only, positive only, both, neutral), and the share of their voice on the
# theme that each polarity has: half each where they say both.
_VOICE = np.array([[1, 1, 1, 1], [1, 0, 0.5, 0], [0, 1, 0.5, 0], [0, 0, 0, 1]])
_DRAWS_AT_ONCE = 1_000_000


def impact_table(
    data: Cells, *, seed: int, confidence: float = 0.95, replicates: int = REPLICATES, min_n: int = MIN_MENTIONS
) -> pd.DataFrame:
    """Measure the part that every theme, and what is said of it, has in the score.

    Parameters
    ----------
    data : Cells
        The writers; they are the base of every figure here.
    seed : int
        Of the Poisson bootstrap.
    confidence : float
        Of all intervals.
    replicates : int
        Bootstrap replicates.
    min_n : int
        Rows with fewer writers are marked as not shown; they still count.

    Returns
    -------
    DataFrame, one row a theme × polarity, and a last one for the writers who mention no theme
        theme (``"unmentioned"`` in the last row), polarity (all; negative, positive: who say such a thing, perhaps
        both; neutral: who say nothing else), n, share (of the writers); in NPS points, each with ``_ci_low`` and
        ``_ci_high``: nps_of_mentioners; impact (leave-out: NPS − NPS without them); bounded ((NPS of them − NPS) ×
        share); contribution (every writer's 100, 0 or −100 divided equally among the themes they mention, and among
        negative and positive where they say both, over all writers). The contributions of polarity ``all`` sum to
        the NPS of the writers, those of a theme's polarities to that of the theme. p: that their NPS is that of all
        other writers, which is the same as an impact of 0; q: Benjamini–Hochberg over the shown rows of the
        polarity; shown; note (``"few mentions"``, ``"nobody"``, ``"everybody"``: nobody would be left out, so that
        there is no impact; empty elsewhere). What is undefined is NaN.

    Notes
    -----
    Giving every respondent a Poisson(1) weight makes the counts of groups that do not overlap independent Poisson
    variables, so that the few counts a row depends on are drawn, and no respondents. Percentiles are expanded for
    rows with few writers (`expanded_tails`). The NPS of mentioners has its adjusted Wald interval, which has a width
    also where all give one answer.

    References
    ----------
    Chamandy, N., Muralidharan, O., Najmi, A. & Naidu, S. (2012). Estimating uncertainty for massive data streams.
    Google technical report (Poisson bootstrap). Contribution: Shapley, L. (1953). A value for n-person games, of the
    game in which a writer's points need all their themes.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.insight.cells import cells
    >>> from nps_nlp.tally import Tally
    >>> slow, kind = ("speed", 1), ("staff", 2)
    >>> seen = Counter({("", 3, (slow,)): 20, ("", 9, (kind,)): 50, ("", 2, (slow, kind)): 10, ("", 7, ()): 20})
    >>> table = impact_table(cells(Tally(patterns=seen), ["speed", "staff"]), seed=1)
    >>> part = table.loc[table["polarity"] == "all", ["theme", "n", "impact", "contribution"]]
    >>> part.round(1).to_dict("split", index=False)["data"]
    [['speed', 30, -51.4, -25.0], ['staff', 60, 70.0, 45.0], ['unmentioned', 20, -5.0, 0.0]]
    """
    people, named = _count(data, data.count)
    counts, squares = (
        (_count(data, data.weight)[0], _count(data, data.square)[0])
        if data.weight is not None and data.square is not None
        else (people, None)
    )
    observed = _measures(counts[None], data.totals(), named)
    drawn = [_measures(*block, named) for block in _draw(data, counts, squares, seed, replicates)]
    said = _by_polarity(counts)
    table = pd.DataFrame(
        {
            "theme": np.repeat([*data.themes, UNMENTIONED], len(POLARITIES)),
            "polarity": np.tile(POLARITIES, len(data.themes) + 1),
            "n": _by_polarity(people).sum(axis=-1).ravel().astype(int),
        }
    )
    table["share"] = said.sum(axis=-1).ravel() / (data.totals().sum() or 1)
    # What tests and intervals may reckon with: the effective numbers where the survey is weighted.
    some, whole = said, data.totals()
    if squares is not None:
        some = effective(said, _by_polarity(squares))
        whole = some + effective(data.totals() - said, data.totals(data.square) - _by_polarity(squares))
    tails = expanded_tails(some.sum(axis=-1).ravel(), confidence)
    for name in MEASURES:
        table[name] = observed[name].ravel()
        if name == "nps_of_mentioners":
            limits = _adjusted(some.reshape(-1, 3), confidence)
        else:
            values = [b[name].reshape(-1, len(table)) for b in (observed, *drawn)]
            limits = _quantiles(np.concatenate(values)[1:], tails)
        for end, limit in zip(("low", "high"), limits, strict=True):
            # A measure that is undefined as observed has no interval either.
            table[f"{name}_ci_{end}"] = np.where(table[name].isna(), np.nan, limit)
    table["p"] = difference_p(some, whole).ravel()
    return _judge(table.iloc[: 1 - len(POLARITIES)], int(data.count.sum()), min_n)


def leave_out(mentioners: Array, everybody: Array) -> Array:
    """Return NPS(all) − NPS(all without the mentioners), in NPS points.

    Parameters
    ----------
    mentioners, everybody : ndarray, shape (..., 3)
        Promoters, passives, detractors.

    Returns
    -------
    ndarray, shape (...)
        Negative where the mentioners hold the score down; NaN where nobody would be left.
        Equal to ``n_t (NPS_t − NPS) / (N − n_t)``.

    Examples
    --------
    >>> round(float(leave_out(np.array([0, 0, 10]), np.array([50, 20, 30]))), 2)
    -13.33
    """
    return points(everybody) - points(everybody - mentioners)


def _count(data: Cells, mass: Mass) -> tuple[Array, Array]:
    """Add up what cells count for by theme, what is said of it, how many themes are named, category; and those numbers.

    Or, with another mass than their count, the sums of their weights or of the squares. The shape is (themes + 1, 4,
    numbers, 3); the last theme stands for none and is counted as neutral.
    """
    named = np.asarray(data.mentioned.sum(axis=1), dtype=np.int64).ravel()
    numbers, place = np.unique(np.maximum(named, 1), return_inverse=True)
    group = place * 3 + (1 - data.category)
    rows = 3 * len(numbers)
    sums = sparse.csr_matrix((mass.astype(float), (group, np.arange(len(named)))), shape=(rows, len(named)))
    both = data.negative.multiply(data.positive)
    counts = np.zeros((len(data.themes) + 1, len(_VOICE), rows))
    for state, said in enumerate((data.negative - both, data.positive - both, both, data.neutral)):
        counts[:-1, state] = (sums @ said).toarray().T
    counts[-1, -1] = sums @ (named == 0).astype(float)
    return counts.reshape(*counts.shape[:2], len(numbers), 3), numbers.astype(float)


def _draw(
    data: Cells, counts: Array, squares: Array | None, seed: int, replicates: int
) -> Iterator[tuple[Array, Array]]:
    """Yield blocks of replicates: the counts, and with them the totals as each theme's own draw has them."""
    rng = np.random.default_rng(seed)
    rest = data.totals() - counts.sum(axis=(1, 2))
    rest_squares = None if squares is None else data.totals(data.square) - squares.sum(axis=(1, 2))
    block = max(1, _DRAWS_AT_ONCE // max(1, counts.size))
    for start in range(0, replicates, block):
        size = min(block, replicates - start)
        drawn = poisson_draw(rng, size, counts, squares)
        yield drawn, poisson_draw(rng, size, rest, rest_squares) + drawn.sum(axis=(2, 3))


def _measures(counts: Array, everybody: Array, named: Array) -> dict[str, Array]:
    """Return the measures by theme × polarity from counts (replicates, themes, 4, numbers, 3)."""
    said = _by_polarity(counts)
    everybody = np.broadcast_to(everybody, (*counts.shape[:2], 3))[:, :, None]
    # A replicate can draw nobody; what is divided by nobody is undefined.
    n = np.where(everybody.sum(axis=-1) > 0, everybody.sum(axis=-1), np.nan)
    nps_of = points(said)
    balance = ((counts[..., 0] - counts[..., 2]) / named).sum(axis=-1)
    return {
        "nps_of_mentioners": nps_of,
        "impact": leave_out(said, everybody),
        "bounded": (nps_of - points(everybody)) * said.sum(axis=-1) / n,
        "contribution": 100 * balance @ _VOICE.T / n,
    }


def _by_polarity(counts: Array) -> Array:
    """Return promoters, passives and detractors of each polarity, shape (..., themes, polarities, 3)."""
    return np.asarray((_VOICE > 0).astype(float) @ counts.sum(axis=-2))


def _adjusted(said: Array, confidence: float) -> tuple[Array, Array]:
    return adjusted_wald(said[:, 0], said[:, 1], said[:, 2], confidence)


def _quantiles(drawn: Array, tails: Array) -> tuple[Array, Array]:
    limits = np.full((2, drawn.shape[1]), np.nan)
    for column, tail in enumerate(tails):
        # Replicates in which a measure is undefined (nobody drawn) say nothing about it.
        values = drawn[~np.isnan(drawn[:, column]), column]
        if len(values):
            limits[:, column] = np.quantile(values, [tail, 1 - tail])
    return limits[0], limits[1]


def _judge(table: pd.DataFrame, writers: int, min_n: int) -> pd.DataFrame:
    """Add q, whether a row is shown, and a note where it lacks something."""
    shown = table["n"] >= min_n
    table = table.assign(q=np.nan, shown=shown)
    for polarity in POLARITIES:
        family = shown & (table["polarity"] == polarity)
        table.loc[family, "q"] = benjamini_hochberg(table.loc[family, "p"].to_numpy())
    notes = [table["n"] == 0, table["n"] == writers, ~shown]
    return table.assign(note=np.select(notes, ["nobody", "everybody", "few mentions"], ""))
