"""``analysis.json``: the numbers of an Analysis for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from nps_nlp.analysis import Analysis

_DIGITS = 6
_TABLES = ("distribution", "themes", "crosstab", "segments", "trend", "theme_trend", "disagreement")


def render_json(analysis: Analysis) -> str:
    """Return the Analysis as JSON: ``nps``, ``rows``, ``themes``, ``settings`` and the tables.

    Numbers are rounded to six digits, undefined ones are null; quotes stay in the report, not here.
    """
    content: dict[str, Any] = {
        "nps": analysis.nps.to_dict(),
        "writers": analysis.writers.to_dict() if analysis.writers else None,
        "silent": analysis.silent.to_dict() if analysis.silent else None,
        "nps_change": analysis.nps_change._asdict(),
        "rows": analysis.rows,
        **{name: _records(getattr(analysis, name)) for name in _TABLES},
        **{name: _records(_ranking(getattr(analysis, name), name)) for name in ("drivers", "strengths")},
        "settings": analysis.settings,
    }
    return json.dumps(_plain(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _ranking(table: pd.DataFrame, name: str) -> pd.DataFrame:
    side = "impact_negative" if name == "drivers" else "impact_positive"
    return table[["rank", "id", side, *(c for c in table.columns if c.startswith(("who_", "since")))]]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    """Turn numpy numbers into Python ones, round, and write undefined numbers as null."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), _DIGITS) + 0.0 if np.isfinite(value) else None
    return value
