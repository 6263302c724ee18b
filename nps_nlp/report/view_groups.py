"""What the third part of the page shows: the score by group and by month; complaints are in `view_heat`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.insight.groups import MAX_GROUPS
from nps_nlp.report.charts import Interval, Trend, axis, domain_of, interval_row
from nps_nlp.report.format import brackets, count, known, month, points
from nps_nlp.report.tables import BEYOND_CHANCE, by_segment, confidence_of, records
from nps_nlp.report.view_heat import MOST_SEGMENTS, MOST_VALUES, theme_segment, theme_trend
from nps_nlp.scoring.scales import MIN_N

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.report.svg import Domain
    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

_MOST_THEMES = 8


def groups_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the contents of part 3."""
    drivers = [r for r in records(analysis.drivers) if r.get("shown", True)][:_MOST_THEMES]
    apart = {r["segment"] for r in records(analysis.scorecard.touchpoints)}  # shown beside the score
    segments = by_segment([r for r in records(analysis.segments) if known(r["nps"]) and r["segment"] not in apart])
    months = [r for r in records(analysis.trend) if known(r["nps"])]
    words, confidence = names.words, confidence_of(analysis)
    overall, folded = points(analysis.nps.score), len(segments) - MOST_SEGMENTS
    crowded = any(len(rows) > MOST_VALUES for rows in segments.values())
    return {
        "segments": [_segment(rows, analysis, names) for rows in segments.values()],
        "open": MOST_SEGMENTS,
        "confidence": confidence,
        "folded": words.many("groups.more_segments", folded) if folded > 0 else "",
        "segment_note": words("groups.segment_note", confidence=confidence, overall=overall),
        "trend": _trend(months, names, _turn(analysis)) if len(months) > 1 else None,
        "change": _change(analysis, names),
        "trend_note": words("groups.trend_note", confidence=confidence),
        "theme_trend": theme_trend(analysis, drivers, names) if len(months) > 1 else None,
        "theme_segment": theme_segment(analysis, drivers, names),
        "hidden": words("groups.hidden_groups", n=MOST_VALUES) if crowded else "",
        "joined": _joined(analysis, names),
    }


def _joined(analysis: Analysis, names: Names) -> str:
    """Name the segments whose smaller values are joined."""
    words = names.words
    rows = [r for r in records(analysis.depth.scan.groups) if r["joined"] > 0]
    listed = [words("analysts.joined_group", heading=names.heading(r["segment"]), n=count(r["values"])) for r in rows]
    joint = "、" if words.language == "ja" else ", "
    limits = {"most": MAX_GROUPS, "min_n": analysis.settings.get("min_n", MIN_N)}
    return words("analysts.joined_groups", names=joint.join(listed), **limits) if rows else ""


def _segment(rows: Sequence[Row], analysis: Analysis, names: Names) -> dict[str, Any]:
    """Lay out one way to group; small groups with their wide intervals must not squeeze the others' scale."""
    overall, parts = analysis.nps.score, (rows[:MOST_VALUES], rows[MOST_VALUES:])
    domains = [domain_of([(r["ci_low"], r["ci_high"]) for r in part], overall, width=20) for part in parts]
    drawn = [[_segment_row(r, d, overall, names) for r in part] for part, d in zip(parts, domains, strict=True)]
    return {
        "name": names.heading(rows[0]["segment"]),
        "rows": drawn[0],
        "axis": axis(domains[0]),
        "rest": drawn[1],
        "rest_axis": axis(domains[1]),
        "more": names.words.many("groups.more_groups", len(parts[1])) if parts[1] else "",
    }


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
    return names.words("groups.change", month=month_name, before=points(change.before), after=points(change.after))


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
