"""In which groups a theme weighs differently on the NPS than elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.insight.groups import SAID_NEGATIVE, SAID_POSITIVE, count_groups, group_names
from nps_nlp.scoring import benjamini_hochberg
from nps_nlp.scoring.compare import HALF_PSEUDO
from nps_nlp.scoring.intervals import response_variance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.groups import GroupCounts
    from nps_nlp.insight.pairs import Pairs
    from nps_nlp.tally import Tally

    Array = NDArray[np.float64]

SIDES = ("negative", "positive")
MIN_WRITERS = 30
_COLUMNS = [
    "segment", "value", "theme", "polarity", "writers", "mentioners", "share", "rest_share", "impact",
    "rest_impact", "difference", "ci_low", "ci_high", "p", "q",
]  # fmt: skip


@dataclass(frozen=True)
class Scan:
    """Where themes weigh differently, and which groups could not be looked at.

    Attributes
    ----------
    table : DataFrame, one row a segment × group × theme × polarity, the clearest first
        segment, value, theme, polarity; writers, mentioners (who say something negative or positive of the
        theme), share and rest_share (of the writers of the group and of the rest of the segment); impact and
        rest_impact (leave-out, in NPS points, within the group and within the rest), difference with ci_low
        and ci_high; p, q (Benjamini–Hochberg over the whole table), rank.
    groups : DataFrame, one row a segment
        segment, values (in the data), kept (with a group of their own), joined (values under ``…``), hidden
        (kept groups without enough writers, or without enough others to compare with), tested.
    """

    table: pd.DataFrame
    groups: pd.DataFrame


def scan_segments(
    tally: Tally,
    themes: Sequence[str],
    *,
    min_n: int = MIN_WRITERS,
    min_mentions: int = MIN_MENTIONS,
    confidence: float = 0.95,
    counted: GroupCounts | None = None,
) -> Scan:
    """Compare the impact of every theme in every group with its impact in the rest of the segment.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
    min_n : int
        Groups with fewer writers, or fewer others, are hidden.
    min_mentions : int
        Mentions that group and rest need together, and that the group would have by its size, or has.
    confidence : float
        Of the intervals of the differences.
    counted : GroupCounts, optional
        The `count_groups` of the same Tally and themes, where they are known already.

    Returns
    -------
    Scan
        The largest values of a segment have a group of their own; the others are joined under ``…``, count as
        part of the rest, and are not ranked.

    Notes
    -----
    The leave-out impact is ``s (μ₁ − μ₀)`` with s the share of mentioners and μ₁, μ₀ the NPS of mentioners
    and others. Its variance is ``s² (σ₁²/n₁ + σ₀²/n₀) + (μ₁ − μ₀)² s (1 − s)/n`` (delta method), with half of
    the three pseudo-responses in each σ² and a pseudo-mention in s, so that a small group without mentions
    does not look free of error. The reference is Student's t with Welch's degrees of freedom over the three terms of
    both sides: with ten mentioners in a group the normal p of 0.001 comes up by chance five to ten times as often.
    Where people wrote more than once, the products of what their answers add to the difference come on top of its
    variance (Liang & Zeger 1986), and the degrees of freedom are divided by its design effect.

    References
    ----------
    Delta method: Agresti, A. (2013). Categorical Data Analysis, 3rd ed., section 16.1. Pseudo-responses: as
    `nps_nlp.scoring.nps_test`. Degrees of freedom: Satterthwaite, F. (1946). An approximate distribution of estimates
    of variance components. Biometrics Bulletin 2, 110-114. Benjamini, Y. & Hochberg, Y. (1995). JRSS B 57, 289-300.

    Examples
    --------
    >>> from collections import Counter
    >>> from nps_nlp.tally import Tally
    >>> writers = {("shop", v, "", s): 100 for v in "ABC" for s in (9, 2)}
    >>> slow = {("shop", v, "speed", 1, 2): n for v, n in (("A", 90), ("B", 10), ("C", 9))}
    >>> tally = Tally(responses=Counter(writers), writers=Counter(writers), mentions=Counter(slow))
    >>> scan_segments(tally, ["speed"]).table[["value", "theme", "impact", "rest_impact"]].head(1).round(1)
      value  theme  impact  rest_impact
    0     A  speed   -81.8         -5.0
    """
    names = group_names(tally)
    said, writers, pairs = count_groups(tally, themes) if counted is None else counted
    rows: list[pd.DataFrame] = []
    groups = []
    for segment, kept in names.items():
        mine = writers[segment]
        total = sum(mine.values(), np.zeros((3, 3)))
        own = [v for v in kept.values() if v in mine]
        tested = [v for v in own if min(mine[v][0].sum(), (total - mine[v])[0].sum()) >= min_n]
        by_side = {v: counts[:, :, [SAID_NEGATIVE, SAID_POSITIVE]] for v, counts in said[segment].items()}
        all_said = sum(by_side.values(), np.zeros((3, len(themes), len(SIDES), 3)))
        for value in tested:
            here, there = (mine[value], by_side[value]), (total - mine[value], all_said - by_side[value])
            at = list(mine).index(value)
            more = pairs[segment].only(at) if segment in pairs else None
            compared = _compare(here, there, confidence, more)
            compared = compared.assign(segment=segment, value=value, theme=np.repeat(list(themes), len(SIDES)))
            rows.append(compared[_enough(compared, min_mentions)])
        groups.append((segment, *_sizes(tally, segment, kept), len(own) - len(tested), len(tested)))
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=_COLUMNS)
    table["q"] = benjamini_hochberg(table["p"].to_numpy(dtype=float))
    by = ["p", "segment", "value", "theme", "polarity"]
    table = table.sort_values(by, ignore_index=True)[_COLUMNS]
    table["rank"] = np.arange(1, len(table) + 1)
    return Scan(table, pd.DataFrame(groups, columns=["segment", "values", "kept", "joined", "hidden", "tested"]))


def _compare(
    ours: tuple[Array, Array], rest: tuple[Array, Array], confidence: float, pairs: Pairs | None = None
) -> pd.DataFrame:
    """Compare the impacts of all themes and sides in a group with those in the rest."""
    here, there = _impact(*ours), _impact(*rest)
    difference = here[0] - there[0]
    variance = here[1] + there[1]
    effect = np.ones(len(variance))
    if pairs is not None:
        # A few answers of one person that happen to contradict each other are no reason to be surer.
        effect = np.maximum(1.0, 1 + pairs.more(_influence(*ours)[None], _influence(*rest)[None])[0] / variance)
    se = np.sqrt(variance * effect)
    free = variance**2 / (here[2] + there[2]) / effect
    half = stdtrit(free, 0.5 + confidence / 2) * se
    sides = np.tile(list(SIDES), ours[1].shape[1])
    n, m = ours[0][0].sum(), rest[0][0].sum()
    mentioners, others = (part[1][0].sum(axis=-1).ravel() for part in (ours, rest))
    columns = {
        "polarity": sides,
        "writers": int(n),
        "mentioners": mentioners.astype(int),
        "share": ours[1][1].sum(axis=-1).ravel() / ours[0][1].sum(),
        "rest_share": rest[1][1].sum(axis=-1).ravel() / rest[0][1].sum(),
        "expected": (mentioners + others) * n / (n + m),
        "impact": here[0],
        "rest_impact": there[0],
        "difference": difference,
        "ci_low": difference - half,
        "ci_high": difference + half,
        "p": 2 * stdtr(free, -np.abs(difference) / se),
    }
    return pd.DataFrame(columns)


def _impact(base: Array, said: Array) -> tuple[Array, Array, Array]:
    """Return impact, variance, and the sum of its squared terms over their degrees of freedom, by theme × side.

    The impact is NaN where nobody would be left. Weighted answers count as their effective number (Kish 1965).
    """
    worth = float(base[1].sum() / base[2].sum())
    base, said = base[1] * worth, said[1].reshape(-1, 3) * worth
    rest = base - said
    n = base.sum()
    some, others = said.sum(axis=1), rest.sum(axis=1)
    left = (rest[:, 0] - rest[:, 2]) / np.where(others > 0, others, np.nan)
    impact = 100 * ((base[0] - base[2]) / n - left)
    share = (some + 1) / (n + 2)
    means, terms = [], []
    for counts in (said, rest):
        padded = counts + HALF_PSEUDO
        size = padded.sum(axis=1)
        means.append(100 * (padded[:, 0] - padded[:, 2]) / size)
        terms.append((share**2 * 10_000 * response_variance(*padded.T) / size, size - 1))
    # The error of a share is known no better than the fewer of its two counts.
    terms.append(((means[0] - means[1]) ** 2 * share * (1 - share) / n, np.minimum(some, others) + 1))
    return impact, np.sum([v for v, _ in terms], axis=0), np.sum([v**2 / free for v, free in terms], axis=0)


def _influence(base: Array, said: Array) -> Array:
    """Return what an answer adds to the impact of every theme × side, as `Pairs.more` takes it.

    One that counts adds (x − μ)/n to the score of all, and takes (x − μ₀)/n₀ from it where it does not say the thing.
    """
    base, said = base[1], said[1].reshape(-1, 3)
    rest = base - said
    n, others = base.sum(), rest.sum(axis=1)
    each = np.divide(100.0, others, out=np.zeros(len(others)), where=others > 0)
    level = (base[0] - base[2]) / n
    left = np.divide(rest[:, 0] - rest[:, 2], others, out=np.zeros(len(others)), where=others > 0)
    return np.stack([left * each - 100 * level / n, 100 / n - each, -left * each, each], axis=-1)


def _enough(table: pd.DataFrame, min_mentions: int) -> pd.Series[bool]:
    """Whether there are mentions enough; a group that lacks the mentions it should have counts too."""
    return table["p"].notna() & (table[["mentioners", "expected"]].max(axis=1) >= min_mentions)


def _sizes(tally: Tally, segment: str, kept: Mapping[str, str]) -> tuple[int, int, int]:
    values = {value for name, value, _, _ in tally.responses if name == segment}
    return len(values), len(kept), len(values) - len(kept)
