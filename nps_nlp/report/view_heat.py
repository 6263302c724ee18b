"""Who complains of what: heat tables of complaints by theme and month, and by theme and group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.report.charts import heat_level
from nps_nlp.report.format import count, known, month, percent, short_month
from nps_nlp.report.tables import BEYOND_CHANCE, by_segment, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

MOST_VALUES = 10
MOST_SEGMENTS = 6
_WIDE_MONTHS = 12


def theme_trend(analysis: Analysis, drivers: Sequence[Row], names: Names) -> dict[str, Any] | None:
    """Return the complaints about the main drivers in every month."""
    language = names.words.language
    shares = {(r["theme"], r["period"]): r for r in records(analysis.theme_trend)}
    periods = sorted({str(period) for _, period in shares})
    cells = [shares.get((d["id"], p)) for d in drivers for p in periods]
    highest = _highest(cells)
    if not periods or not drivers or not highest:
        return None
    lines = []
    for driver in drivers:
        label, since = names.theme(driver["id"]), driver.get("since")
        row = [_heat(shares.get((driver["id"], p)), highest, names, since=known(since) and p == since) for p in periods]
        lines.append({"id": driver["id"], "label": label, "cells": row})
    heads = [{"short": short_month(p, language), "long": month(p, language)} for p in periods]
    return {
        "heads": _years_once(heads),
        "rows": lines,
        "highest": percent(highest),
        "narrow": len(periods) > _WIDE_MONTHS,
    }


def _years_once(heads: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the year on the first month of each year only."""
    before = ""
    for head in heads:
        short, year = head.pop("short")
        head |= {"month": short, "year": year if year != before else ""}
        before = year
    return heads


def _heat(row: Row | None, highest: float, names: Names, *, since: bool = False) -> dict[str, Any]:
    if row is None or not known(row["share_negative"]):
        return {"text": "", "level": 0, "hint": "", "mark": "", "said": ""}
    share = row["share_negative"]
    hint = f"{percent(share)} ({count(row['negative'])}/{count(row['writers'])})"
    said = names.words("groups.mark_since") if since else ""
    return {
        "text": f"{100 * share:.0f}",
        "level": heat_level(share, highest),
        "hint": hint,
        "mark": "since" if since else "",
        "said": said,
    }


def theme_segment(analysis: Analysis, drivers: Sequence[Row], names: Names) -> dict[str, Any] | None:
    """Return the complaints about the main drivers in every group."""
    table = records(analysis.segment_themes)
    found = {(r["segment"], r["value"], r["theme"]): r for r in table}
    groups = {s: _largest(rows, names) for s, rows in by_segment(_distinct(table, analysis)).items()}
    shown = [found.get((s, r["value"], d["id"])) for s, rows in groups.items() for r in rows for d in drivers]
    highest = _highest(shown)
    if not highest:
        return None

    def line(segment: str, value: str) -> dict[str, Any]:
        cells = [found.get((segment, value, d["id"])) for d in drivers]
        writers = next((c["writers"] for c in cells if c), None)
        marked = [_marked(c, highest, names) for c in cells]
        return {"label": names.value(segment, value), "n": count(writers), "cells": marked}

    return {
        "heads": [{"id": d["id"], "label": names.theme(d["id"])} for d in drivers],
        "groups": [
            {"name": names.heading(s), "rows": [line(s, r["value"]) for r in rows]} for s, rows in groups.items()
        ],
        "highest": percent(highest),
    }


def _largest(rows: list[Row], names: Names) -> list[Row]:
    """Return the first groups, and the row of the values that were joined: it may hold nearly everybody."""
    return rows[:MOST_VALUES] + [r for r in rows[MOST_VALUES:] if (r["segment"], r["value"]) in names.joined]


def _highest(cells: Iterable[Row | None]) -> float:
    return max((c["share_negative"] for c in cells if c and known(c["share_negative"])), default=0.0)


def _distinct(table: Sequence[Row], analysis: Analysis) -> list[Row]:
    """Return each group once, in the order of the segments table where that has it."""
    once = {(r["segment"], r["value"]): r for r in reversed(table)}
    order = {(r["segment"], r["value"]): k for k, r in enumerate(records(analysis.segments))}
    return sorted(once.values(), key=lambda r: order.get((r["segment"], r["value"]), len(order)))


def _marked(row: Row | None, highest: float, names: Names) -> dict[str, Any]:
    cell = _heat(row, highest, names)
    if row is None or not known(row["q"]) or row["q"] >= BEYOND_CHANCE:
        return cell
    more = row["share_negative"] > row["rest_share_negative"]
    said = names.words("groups.mark_up" if more else "groups.mark_down")
    return cell | {"mark": "▲" if more else "▼", "said": said}
