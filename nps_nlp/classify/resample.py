"""Bootstrap intervals of the scores of a classifier: the labelled comments are drawn again, with replacement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.evaluate import Given
    from nps_nlp.classify.gold import GoldRow

    Numbers = NDArray[np.float64]

SEED = 20260401
_DRAWS = 2_000


def score_intervals(rows: Sequence[GoldRow], given: Given, confidence: float = 0.95) -> dict[str, dict[str, Any]]:
    """Return percentile intervals of the main scores.

    Parameters
    ----------
    rows : sequence of GoldRow
    given : Given
        The labels of a classifier for these rows.
    confidence : float

    Returns
    -------
    dict
        ``sentiment`` and ``intent`` {accuracy, macro_f1}, ``themes`` {micro_f1}: [low, high] each, 0–1, or None where
        nothing could be counted. The percentile bootstrap over comments (Efron & Tibshirani 1993, ch. 13), 2,000 draws
        of a fixed seed.
    """
    n = len(rows)
    draws = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=_DRAWS).astype(np.float64)
    tails = (50 * (1 - confidence), 50 * (1 + confidence))

    def interval(values: Numbers | None) -> list[float] | None:
        if values is None or np.isnan(values).all():
            return None
        return [float(v) for v in np.nanpercentile(values, tails)]

    out: dict[str, dict[str, Any]] = {}
    for name, found in (("sentiment", given.sentiment), ("intent", given.intent)):
        accuracy, macro = (None, None) if found is None else _classes(draws, [getattr(r, name) for r in rows], found)
        out[name] = {"accuracy": interval(accuracy), "macro_f1": interval(macro)}
    out["themes"] = {"micro_f1": interval(None if given.themes is None else _themes(draws, rows, given.themes))}
    return out


def _classes(draws: Numbers, truth: Sequence[str | None], given: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return accuracy and macro-F1 of every draw; macro over the classes that occur in the draw."""
    real, said = np.array([t or "" for t in truth]), np.array(given)
    known = real != ""
    accuracy = _ratio(draws @ (known & (real == said)), draws @ known)
    f1 = []
    for name in sorted(set(real[known].tolist())):
        hits, true, called = (
            draws @ (known & m) for m in ((real == name) & (said == name), real == name, said == name)
        )
        f1.append(np.where(true > 0, _ratio(2 * hits, true + called), np.nan))
    return accuracy, _mean(np.array(f1)) if f1 else accuracy


def _themes(draws: Numbers, rows: Sequence[GoldRow], given: Sequence[set[str]]) -> Numbers:
    counts = np.zeros((len(rows), 2))
    for place, (row, themes) in enumerate(zip(rows, given, strict=True)):
        if row.themes is not None:
            said, real = themes - row.optional, row.themes - row.optional
            counts[place] = 2 * len(said & real), len(said) + len(real)
    hits, both = (draws @ counts).T
    return _ratio(hits, both)


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    return np.asarray(np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _mean(rows: Numbers) -> Numbers:
    present = ~np.isnan(rows)
    return _ratio(np.nansum(rows, axis=0), present.sum(axis=0).astype(np.float64))
