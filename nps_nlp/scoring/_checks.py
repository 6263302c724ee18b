"""Checks that several modules share; each message names what was wrong, where, and what is expected."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

FloatArray: TypeAlias = npt.NDArray[np.float64]
IntArray: TypeAlias = npt.NDArray[np.int64]

CATEGORY_COLUMNS = ["promoters", "passives", "detractors"]
POSITIONS_SHOWN = 10


def positions_text(wrong: npt.NDArray[np.bool_]) -> str:
    """Say where a mask is true, as ``3, 7, 12`` (0-based), cut after ten positions."""
    found = np.flatnonzero(wrong)
    text = ", ".join(str(position) for position in found[:POSITIONS_SHOWN])
    return text if len(found) <= POSITIONS_SHOWN else f"{text}, … ({len(found)} in all)"


def check_confidence(confidence: float) -> None:
    """Raise ValueError unless the confidence is a share strictly between 0 and 1."""
    if not 0 < confidence < 1:
        msg = f"confidence is a share between 0 and 1 (0.95 for 95 %), got {confidence!r}"
        raise ValueError(msg)


def check_choice(name: str, value: str, choices: Sequence[str]) -> None:
    """Raise ValueError that lists the choices unless ``value`` is one of them."""
    if value not in choices:
        msg = f"{name} must be one of {', '.join(choices)}; got {value!r}"
        raise ValueError(msg)


def whole_scores(scores: npt.ArrayLike, low: int, high: int) -> FloatArray:
    """Return scores as floats; raise ValueError naming the positions that are missing or not on the scale."""
    values = np.atleast_1d(np.asarray(scores, dtype=np.float64))
    missing = np.isnan(values)
    if missing.any():
        where = positions_text(missing)
        msg = f"missing score at position {where}: leave out respondents without a score before counting"
        raise ValueError(msg)
    outside = (values < low) | (values > high) | (values != np.floor(values))
    if outside.any():
        msg = f"score that is no whole number from {low} to {high} at position {positions_text(outside)}"
        raise ValueError(msg)
    return values


def whole_counts(counts: npt.ArrayLike, what: str) -> IntArray:
    """Return counts as int64; raise ValueError naming the positions that are no count of people."""
    values = np.asarray(counts, dtype=np.float64)
    wrong = ~np.isfinite(values) | (values < 0) | (values != np.floor(values))
    if wrong.any():
        where = positions_text(wrong.ravel())
        msg = f"{what}: counts must be whole numbers of 0 or more; wrong at position {where}"
        raise ValueError(msg)
    return values.astype(np.int64)


def category_counts_of(counts: npt.ArrayLike, what: str) -> IntArray:
    """Return (promoters, passives, detractors) as int64; raise ValueError when nobody answered."""
    values = whole_counts(counts, what)
    if values.shape != (3,):
        msg = f"{what}: expected three counts (promoters, passives, detractors), got shape {values.shape}"
        raise ValueError(msg)
    if values.sum() == 0:
        msg = f"{what}: there are no responses, so there is no NPS; leave this group out"
        raise ValueError(msg)
    return values


def category_columns(counts: pd.DataFrame) -> IntArray:
    """Return the three category columns of a table as int64, shape (rows, 3)."""
    missing = [column for column in CATEGORY_COLUMNS if column not in counts.columns]
    if missing:
        msg = f"the table needs the columns {', '.join(CATEGORY_COLUMNS)}; missing: {', '.join(missing)}"
        raise ValueError(msg)
    return whole_counts(counts[CATEGORY_COLUMNS].to_numpy(dtype=np.float64), "the table of counts")


def two_sided_p(z: float) -> float:
    """Return the two-sided normal p-value of a z statistic."""
    return math.erfc(abs(z) / math.sqrt(2))
