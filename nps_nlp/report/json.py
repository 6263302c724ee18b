"""``analysis.json``: the numbers of an Analysis for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from nps_nlp.insight import Depth
    from nps_nlp.joined import Joined
    from nps_nlp.result import Analysis
    from nps_nlp.scorecard import Scorecard

_DIGITS = 6
_CLEAR = 0.05  # of the scan, which compares everything with everything, only what is beyond chance
_TABLES = (
    "distribution",
    "themes",
    "impacts",
    "crosstab",
    "segments",
    "segment_themes",
    "trend",
    "theme_trend",
    "disagreement",
    "requests",
)


def render_json(analysis: Analysis) -> str:
    """Return the Analysis as JSON: ``nps``, ``rows``, ``themes``, ``settings`` and the tables.

    Numbers are rounded to six digits, undefined ones are null; quotes stay in the report, not here.
    """
    content: dict[str, Any] = {
        "nps": analysis.nps.to_dict(),
        "writers": analysis.writers.to_dict() if analysis.writers else None,
        "silent": analysis.silent.to_dict() if analysis.silent else None,
        "nps_change": analysis.nps_change._asdict(),
        **_scorecard(analysis.scorecard),
        **({} if analysis.repeated is None else {"repeated_answers": analysis.repeated.to_dict()}),
        "rows": analysis.rows,
        **{name: _records(getattr(analysis, name)) for name in _TABLES},
        **_depth(analysis.depth),
        **({"joined": _joined(analysis.joined)} if analysis.joined is not None else {}),
        **{name: _records(_ranking(getattr(analysis, name), name)) for name in ("drivers", "strengths")},
        "settings": analysis.settings,
    }
    return json.dumps(_plain(content), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _scorecard(card: Scorecard) -> dict[str, Any]:
    """Return what stands beside the score; a part that the survey does not have is left out."""
    weighting, note, reading = card.weighting, card.sample_note, card.reading
    found: dict[str, Any] = {"shape": card.shape.to_dict(), "centre": asdict(card.centre)}
    found["break_points"] = _records(card.break_points)
    if weighting is not None:
        result, plain = weighting.result.to_dict(), weighting.unweighted.to_dict()
        found["weighting"] = {"column": weighting.heading, **result, "unweighted": plain}
    if note is not None:
        found["sample_note"] = asdict(note)
    for name in ("companions", "touchpoints", "benchmarks"):
        if len(table := getattr(card, name)):
            found[name] = _records(table)
    if card.mixed:
        found["touchpoints_mixed"] = True
    return found | ({"usual_reading": reading.to_dict()} if reading is not None else {})


def _joined(joined: Joined) -> dict[str, Any]:
    found: dict[str, Any] = {"notes": list(joined.notes)}
    if (outcomes := joined.outcomes) is not None:
        revenue = outcomes.revenue_weighted
        found["outcomes"] = {
            "columns": joined.crm_columns,
            "customers": outcomes.join.customers,
            "unjoined": joined.unjoined["side"].value_counts().to_dict(),
            "revenue_weighted": revenue.to_dict() if revenue else None,
            "without_revenue": outcomes.without_revenue,
            **{name: _records(getattr(outcomes, name)) for name in ("accounts", "rates", "trends", "revenue")},
        }
    if (response := joined.response) is not None:
        tables = {heading: _records(table.table) for heading, table in response.tables.items()}
        found["response"] = {**response.rate.to_dict(), "uninvited": response.uninvited, "by": tables}
    if (panel := joined.panel) is not None:
        moves = panel.moves
        counts = {k: getattr(moves, k) for k in ("n", "up", "down", "stayed", "only_before", "only_after")}
        test = {k: getattr(moves.test, k) for k in ("difference", "se", "ci_low", "ci_high", "p")}
        found["panel"] = {
            "before": panel.before, "after": panel.after, "waves": panel.waves, **counts, "test": test,
            "matrix": _records(moves.matrix), "said": _records(panel.said),
        }  # fmt: skip
    return found


def _depth(deep: Depth) -> dict[str, Any]:
    explained, plan = deep.importance, deep.priority
    summary = {k: getattr(explained, k) for k in ("r2", "r2_ci_low", "r2_ci_high", "n", "method", "ordinal_converged")}
    return {
        "importance": {
            **summary,
            "remarks": explained.remarks,
            "drivers": _records(explained.table),
            "themes": _records(explained.themes),
            **({} if deep.corrected is None else {"corrected": _records(deep.corrected)}),
        },
        "what_if": _records(deep.what_if),
        "priority": {
            "importance_border": plan.importance_border,
            "negative_border": plan.negative_border,
            "themes": _records(plan.table),
        },
        "alerts": _records(deep.alerts[deep.alerts["alert"].astype(bool)]),
        "change_points": _records(deep.change_points),
        "overlaps": _records(deep.overlaps[deep.overlaps["overlapping"].astype(bool)]),
        "scan": _records(deep.scan.table[deep.scan.table["q"] < _CLEAR]),
        "segment_groups": _records(deep.scan.groups),
    }


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
