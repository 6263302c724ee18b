"""What the third part of the page shows: the score by group and month, complaints by group and month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.report.charts import Interval, Trend, axis, domain_of, heat_level, interval_row
from nps_nlp.report.format import brackets, count, known, month, percent, points, short_month
from nps_nlp.report.tables import BEYOND_CHANCE, records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.analysis import Analysis
    from nps_nlp.report.svg import Domain
    from nps_nlp.report.tables import Names, Row

MOST_VALUES = 12
MOST_THEMES = 8


def groups_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the contents of part 3."""
    drivers = [r for r in records(analysis.drivers) if r.get("shown", True)][:MOST_THEMES]
    segments = [r for r in records(analysis.segments) if known(r["nps"])]
    months = [r for r in records(analysis.trend) if known(r["nps"])]
    words = names.words
    return {
        "segments": _segments(segments, analysis, names),
        "segment_note": words(
            "groups.segment_note", confidence=_confidence(analysis), overall=points(analysis.nps.score)
        ),
        "trend": _trend(months, names, _turn(analysis)) if len(months) > 1 else None,
        "change": _change(analysis, names),
        "trend_note": words("groups.trend_note", confidence=_confidence(analysis)),
        "theme_trend": _theme_trend(analysis, drivers, names) if len(months) > 1 else None,
        "theme_segment": _theme_segment(analysis, drivers, names),
        "hidden": words("groups.hidden_groups", n=MOST_VALUES) if _crowded(segments) else "",
    }


def _confidence(analysis: Analysis) -> str:
    return f"{100 * float(analysis.nps.confidence):g}%"


def _by_segment(rows: Sequence[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row["segment"], []).append(row)
    return grouped


def _crowded(segments: Sequence[Row]) -> bool:
    return any(len(rows) > MOST_VALUES for rows in _by_segment(segments).values())


def _segments(rows: Sequence[Row], analysis: Analysis, names: Names) -> list[dict[str, Any]]:
    domain = domain_of([(r["ci_low"], r["ci_high"]) for r in rows], analysis.nps.score)
    found = []
    for heading, values in _by_segment(rows).items():
        lines = [_segment_row(r, domain, analysis.nps.score, names) for r in values]
        rest = lines[MOST_VALUES:]
        more = names.words.many("groups.more_groups", len(rest)) if rest else ""
        found.append(
            {
                "name": names.heading(heading),
                "rows": lines[:MOST_VALUES],
                "rest": rest,
                "more": more,
                "axis": axis(domain),
            }
        )
    return found


def _segment_row(row: Row, domain: Domain, overall: float, names: Names) -> dict[str, Any]:
    apart = known(row["ci_low"]) and not row["ci_low"] <= overall <= row["ci_high"]
    colour = "ink" if not apart else "promoter" if row["nps"] > overall else "detractor"
    drawn = Interval(row["nps"], row["ci_low"], row["ci_high"], colour)
    return {
        "label": names.value(row["segment"], row["value"]),
        "n": count(row["n"]),
        "score": points(row["nps"]),
        "interval": brackets(row["ci_low"], row["ci_high"]),
        "chart": interval_row(drawn, domain, reference=overall),
    }


def _change(analysis: Analysis, names: Names) -> str:
    """Say from which month the score is another one, where that is beyond chance."""
    if not _turn(analysis):
        return ""
    change = analysis.nps_change
    month_name = month(change.since, names.words.language)
    return names.words(
        "groups.change", month=month_name, before=points(change.before), after=points(change.after)
    )


def _turn(analysis: Analysis) -> str:
    change = analysis.nps_change
    beyond = change and known(change.since) and known(change.p) and change.p < BEYOND_CHANCE
    return str(change.since) if beyond else ""


def _trend(rows: Sequence[Row], names: Names, since: str) -> dict[str, Any]:
    language = names.words.language
    best, worst = max(rows, key=lambda r: r["nps"]), min(rows, key=lambda r: r["nps"])
    said = {
        "first": month(rows[0]["period"], language), "a": points(rows[0]["nps"]),
        "last": month(rows[-1]["period"], language), "b": points(rows[-1]["nps"]),
        "top": month(best["period"], language), "high": points(best["nps"]),
        "bottom": month(worst["period"], language), "low": points(worst["nps"]),
    }  # fmt: skip
    lines = [
        [month(r["period"], language), count(r["n"]), points(r["nps"]), brackets(r["ci_low"], r["ci_high"])]
        for r in rows
    ]
    return {
        "chart": Trend(rows, language, since).draw(names.words("groups.trend_alt", **said)),
        "rows": lines,
    }


def _theme_trend(analysis: Analysis, drivers: Sequence[Row], names: Names) -> dict[str, Any] | None:
    language = names.words.language
    shares = {(r["theme"], r["period"]): r for r in records(analysis.theme_trend)}
    periods = sorted({str(period) for _, period in shares})
    cells = [shares.get((d["id"], p)) for d in drivers for p in periods]
    highest = max((c["share_negative"] for c in cells if c and known(c["share_negative"])), default=0)
    if not periods or not drivers or not highest:
        return None
    lines = []
    for driver in drivers:
        label, since = names.theme(driver["id"]), driver.get("since")
        row = [
            _heat(shares.get((driver["id"], p)), highest, names, since=known(since) and p == since)
            for p in periods
        ]
        lines.append({"id": driver["id"], "label": label, "cells": row})
    heads = [{"short": short_month(p, language), "long": month(p, language)} for p in periods]
    return {
        "heads": _years_once(heads),
        "rows": lines,
        "highest": percent(highest),
        "narrow": len(periods) > MOST_VALUES,
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


def _theme_segment(analysis: Analysis, drivers: Sequence[Row], names: Names) -> dict[str, Any] | None:
    table = records(analysis.segment_themes)
    found = {(r["segment"], r["value"], r["theme"]): r for r in table}
    wanted = {d["id"] for d in drivers}
    highest = max(
        (r["share_negative"] for r in table if r["theme"] in wanted and known(r["share_negative"])), default=0
    )
    if not found or not drivers or not highest:
        return None
    groups = []
    for heading, values in _by_segment(_distinct(table, analysis)).items():
        lines = []
        for value in [r["value"] for r in values][:MOST_VALUES]:
            cells = [found.get((heading, value, d["id"])) for d in drivers]
            writers = next((c["writers"] for c in cells if c), None)
            lines.append(
                {
                    "label": names.value(heading, value),
                    "n": count(writers),
                    "cells": [_marked(c, highest, names) for c in cells],
                }
            )
        groups.append({"name": names.heading(heading), "rows": lines})
    heads = [{"id": d["id"], "label": names.theme(d["id"])} for d in drivers]
    return {"heads": heads, "groups": groups, "highest": percent(highest)}


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
