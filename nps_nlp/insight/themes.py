"""The theme tables: who mentions what, with which sentiment, and how that differs between the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.people import shared
from nps_nlp.insight.two_by_two import two_proportions_p
from nps_nlp.scoring import benjamini_hochberg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nps_nlp.classify.taxonomy import Taxonomy
    from nps_nlp.insight.cells import Cells

CATEGORIES = ("promoter", "passive", "detractor")


def theme_table(data: Cells, taxonomy: Taxonomy, impacts: pd.DataFrame) -> pd.DataFrame:
    """Return one row a theme with counts, shares, impacts and intervals, most mentioned first.

    Impacts are those of `impact_table` of the same cells. The columns are those of ``docs/analysis.md``.
    """
    by_category, weighted = data.by_category(data.mentioned, data.count), data.by_category(data.mentioned)
    base = data.totals()
    table = pd.DataFrame(
        {
            "id": data.themes,
            "label_ja": [taxonomy[t].label_ja for t in data.themes],
            "label_en": [taxonomy[t].label_en for t in data.themes],
            "comments": by_category.sum(axis=1).astype(int),
            "share": _divide(weighted.sum(axis=1), base.sum()),
        }
    )
    for place, name in enumerate(CATEGORIES):
        table[f"{name}s"] = by_category[:, place].astype(int)
        table[f"share_{name}s"] = _divide(weighted[:, place], base[place])
    for name, indicator in (("positive", data.positive), ("negative", data.negative), ("neutral", data.neutral)):
        said = data.by_category(indicator)
        table[name] = data.by_category(indicator, data.count).sum(axis=1).astype(int)
        if name != "neutral":
            for place, category in enumerate(CATEGORIES):
                table[f"share_{name}_{category}s"] = _divide(said[:, place], base[place])
    measured = impacts.set_index(["polarity", "theme"])
    every = measured.loc["all"].reindex(data.themes)
    wanted = [("nps_of_mentioners", "all"), *(("impact", p) for p in ("all", "negative", "positive"))]
    for name, polarity in [*wanted, ("bounded", "all"), ("contribution", "all")]:
        for end in ("", "_ci_low", "_ci_high"):
            suffix = "" if polarity == "all" else f"_{polarity}"
            table[f"{name}{suffix}{end}"] = measured.loc[polarity].reindex(data.themes)[f"{name}{end}"].to_numpy()
    table["shown"] = every["shown"].to_numpy()
    for side in ("negative", "positive"):
        # One family of tests: the themes that are shown.
        table[f"p_{side}"] = measured.loc[side].reindex(data.themes)["p"].to_numpy()
        table[f"q_{side}"] = benjamini_hochberg(table[f"p_{side}"].where(table["shown"]).to_numpy())
    return table.sort_values(["comments", "id"], ascending=[False, True], ignore_index=True)


def crosstab(data: Cells) -> pd.DataFrame:
    """Cross-tabulate themes with promoters, passives and detractors.

    Returns
    -------
    DataFrame, one row a theme × category
        count, share (of the category's writers), expected, lift (share / share of all writers), residual (adjusted
        standardised residual, Haberman 1973), p (that the category mentions it as often as the other two; Fisher's
        exact test, `two_proportions_p`), q (Benjamini–Hochberg over the whole table).
    """
    counts = data.by_category(data.mentioned)
    base = data.totals()
    n = base.sum()
    # Weighted answers test as many as they are worth (Kish's effective number of writers).
    worth = 1.0 if data.square is None or not n else n / data.square.sum()
    totals = counts.sum(axis=1, keepdims=True)
    expected = totals * base / n if n else np.zeros_like(counts)
    with np.errstate(invalid="ignore", divide="ignore"):
        residual = (counts - expected) / np.sqrt(expected * (1 - totals / n) * (1 - base / n)) * np.sqrt(worth)
        lift = np.where(expected > 0, counts / expected, np.nan)
        share = np.where(base > 0, counts / base, np.nan)
    table = pd.DataFrame(
        {
            "theme": np.repeat(data.themes, 3),
            "category": np.tile(CATEGORIES, len(data.themes)),
            "count": data.by_category(data.mentioned, data.count).ravel().astype(int),
            "share": share.ravel(),
            "expected": expected.ravel(),
            "lift": lift.ravel(),
            "residual": np.where(np.isfinite(residual), residual, np.nan).ravel(),
        }
    )
    sides = np.broadcast_arrays(counts, base, totals - counts, n - base)
    known = worth / _effects(data, totals / (n or 1.0), base, worth)
    table["p"] = two_proportions_p(*(v * known for v in sides)).ravel()
    table["q"] = benjamini_hochberg(table["p"].to_numpy())
    return table


def _effects(data: Cells, share: NDArray[np.float64], base: NDArray[np.float64], worth: float) -> NDArray[np.float64]:
    """Return by what the variance of each difference between shares is greater because people wrote more than once."""
    effects = np.ones((len(data.themes), len(CATEGORIES)))
    if data.repeats is None:
        return effects
    marks, n = data.mentioned.toarray() - share.T, base.sum()
    for place, category in enumerate((1, 0, -1)):
        if 0 < base[place] < n:
            side = np.where(data.category == category, 1 / base[place], -1 / (n - base[place]))
            variance = (share * (1 - share)).ravel() * (1 / base[place] + 1 / (n - base[place])) / worth
            more = shared(data.repeats, side[:, None] * marks)
            some = variance > 0
            effects[some, place] = np.maximum(1.0, 1 + more[some] / variance[some])
    return effects


def _divide(part: NDArray[np.float64], whole: float) -> NDArray[np.float64]:
    return part / whole if whole else np.full_like(part, np.nan)
