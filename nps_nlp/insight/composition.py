"""Who answers, or what they answer: an NPS difference shared out among the groups of a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import draw_together, floats, poisson_draw
from nps_nlp.insight.difference import REPLICATES, Difference, add_interval, kitagawa, summarise
from nps_nlp.insight.gap import points
from nps_nlp.insight.groups import MAX_GROUPS, OTHER, Sums, category_sums, group_names
from nps_nlp.insight.levels import Levels
from nps_nlp.insight.people import alone
from nps_nlp.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.people import People, Together

    Array = NDArray[np.float64]

MIN_GROUP = 10


def composition_difference(
    before: Tally,
    after: Tally,
    segment: str,
    *,
    seed: int,
    confidence: float = 0.95,
    most: int = MAX_GROUPS,
    people: tuple[People | None, People | None] = (None, None),
) -> Difference:
    """Share out the NPS difference of all responses between who answers and what the same groups answer.

    Parameters
    ----------
    before, after : Tally
        Two periods (see `select_periods`) or two groups of responses.
    segment : str
        A segment of both; for several at once, one whose values are those of all (``"30s, Tokyo"``).
    seed, confidence
        As in `theme_difference`.
    most : int
        Groups that are kept, the largest of both sides together; the others are joined under ``…``.
    people : (People or None, People or None)
        The answers on either side (`People.during`) of those who answered more than once, where this is known: they
        are drawn as people, with one weight on both sides.

    Returns
    -------
    Difference
        Its parts: composition (other groups answer) and within (the same groups answer otherwise). Its table:
        value, n_before, n_after, share_before, share_after, nps_before, nps_after, and in points composition,
        within and total, each with ``_ci_low`` and ``_ci_high``; other (bool: the joined groups), shown
        (False below 10 responses on either side; they still count). A group on one side only is composition.

    Raises
    ------
    ValueError
        If nobody of a side has a value of the segment.

    References
    ----------
    Kitagawa, E. (1955). Components of a difference between two rates. JASA 50, 1168-1194. With groups as the
    only covariate this is the symmetric form of Oaxaca, R. (1973). Male-female wage differentials in urban
    labor markets. International Economic Review 14, 693-709.

    Examples
    --------
    >>> from collections import Counter
    >>> old = Tally(responses=Counter({("visit", "first", "", 9): 20, ("visit", "again", "", 5): 60}))
    >>> new = Tally(responses=Counter({("visit", "first", "", 9): 60, ("visit", "again", "", 5): 20}))
    >>> result = composition_difference(old, new, "visit", seed=1)
    >>> result.difference, result.parts[["part", "points"]].to_dict("list")["points"]
    (100.0, [100.0, 0.0])
    """
    both = Tally()
    for side in (before, after):
        both.responses.absorb(side.responses)
    names = group_names(both, most, 1).get(segment, {})
    sides = [
        category_sums(side, "responses", lambda k: names.get(k[1], OTHER) if k[0] == segment else None)
        for side in (before, after)
    ]
    if not all(sides):
        msg = f"the segment {segment!r} has no responses on one side; name a segment that both sides have"
        raise ValueError(msg)
    values = sorted({*sides[0], *sides[1]}, key=lambda v: (v == OTHER, v))
    place = {value: at for at, value in enumerate(values)}
    groups = [[side.get(v, Sums()) for v in values] for side in sides]
    levels = [
        Levels.of(t, g, p, () if p is None else (place[names.get(v, OTHER)] for v in p.groups[segment]))
        for t, g, p in zip((before, after), groups, people, strict=True)
    ]
    repeats = [None if level is None else level.repeats for level in levels]
    weights = draw_together(repeats, seed, REPLICATES)
    rngs = np.random.default_rng(seed).spawn(2)
    drawn = [_drawn(*side) for side in zip((before, after), groups, rngs, repeats, weights, strict=True)]
    counts = [np.array([sum(side.get(v, Sums()).n) for v in values]) for side in sides]
    sizes = [d.sum(axis=-1) for d in drawn]
    shares = [_shares(n) for n in sizes]
    rates = [points(d) for d in drawn]
    composition, within = kitagawa(shares[0], rates[0], shares[1], rates[1])
    table = pd.DataFrame({"value": values})
    for when, n, share, rate in zip(("before", "after"), counts, shares, rates, strict=True):
        table[f"n_{when}"] = n
        table[f"share_{when}"], table[f"nps_{when}"] = share[0], rate[0]
    for name, effect in (("composition", composition), ("within", within), ("total", composition + within)):
        add_interval(table, name, effect, confidence)
    table["other"] = table["value"] == OTHER
    table["shown"] = (table[["n_before", "n_after"]] >= MIN_GROUP).all(axis=1)
    scores = points(drawn[0].sum(axis=1)), points(drawn[1].sum(axis=1))
    ns = int(counts[0].sum()), int(counts[1].sum())
    parts = {"composition": composition, "within": within}
    return summarise(scores, ns, parts, table, confidence)


def _drawn(
    tally: Tally,
    groups: Sequence[Sums],
    rng: np.random.Generator,
    repeats: Together | None,
    weights: NDArray[np.uint8],
) -> Array:
    """Return the categories of every group as observed (row 0) and drawn, shape (1 + replicates, groups, 3)."""
    count = np.array([n for g in groups for n in g.n], dtype=np.int64)
    observed, square = count.astype(float), None
    if tally.weighted:
        observed = floats([u for g in groups for u in g.weight], tally.unit)
        square = floats([u for g in groups for u in g.square], tally.unit**2)
    drawn = poisson_draw(rng, REPLICATES, *alone(observed, square, repeats))
    if repeats is not None:
        drawn += weights @ repeats.people
    rows = np.concatenate([observed[None], drawn])
    return np.asarray(rows.reshape(-1, len(groups), 3), dtype=float)


def _shares(n: Array) -> Array:
    total = n.sum(axis=-1, keepdims=True)
    result: Array = np.divide(n, total, out=np.full(n.shape, np.nan), where=total > 0)
    return result
