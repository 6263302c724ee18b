"""What the page shows of the deeper tables: where to start and what rises, and below it the part for analysts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.insight.importance import HIGH_VIF
from nps_nlp.report.charts_priority import priority_chart
from nps_nlp.report.format import (
    DASH,
    brackets,
    count,
    decimal,
    known,
    month,
    percent,
    points,
    probability,
    with_limits,
)
from nps_nlp.report.tables import BEYOND_CHANCE, confidence_of, records

if TYPE_CHECKING:
    from markupsafe import Markup

    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

_MOST_DRIVERS, _MOST_ROWS = 12, 10


def priority_view(analysis: Analysis, names: Names) -> Markup | None:
    """Return the priority map, None where fewer than two themes can be placed."""
    plan = analysis.depth.priority
    rows = records(plan.table)
    if len(rows) < 2:
        return None
    label = f"quadrant_{names.words.language}"
    listed = (names.words("page.separator").join((names.theme(r["theme"]), r[label])) for r in rows)
    alt = names.words("depth.priority_alt", text=", ".join(listed))
    return priority_chart(plan, {r["theme"]: names.theme(r["theme"]) for r in rows}, names.words, alt)


def alerts_view(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return what rose in the latest month, one sentence each; None where there are no months to compare."""
    rows = records(analysis.depth.alerts)
    if not rows:
        return None
    period = month(rows[0]["period"], names.words.language)
    said, seen = [], set()
    for row in rows:
        # One sentence a theme: complaints before mentions say the same with more weight.
        if row["alert"] and row["theme"] not in seen:
            seen.add(row["theme"])
            shares = {"before": percent(row["before"]), "latest": percent(row["latest"])}
            said.append(
                names.words(f"depth.alert_{row['measure']}", theme=names.theme(row["theme"]), month=period, **shares)
            )
    return {"said": said, "none": names.words("depth.alerts_none", month=period)}


def analysts_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the contents of the part for analysts."""
    return {
        "importance": _importance(analysis, names),
        "remarks": remarks(analysis, names),
        "corrected": _corrected(analysis, names),
        "what_if": _what_if(analysis, names),
        "overlaps": _overlaps(analysis, names),
        "scan": _scan(analysis, names),
        "shape": _shape(analysis, names),
    }


def _driver(row: Row, names: Names) -> str:
    side = names.words(f"word.{row['polarity']}")
    return f"{names.theme(row['theme'])}{names.words('page.separator')}{side}"


def _importance(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    found, words = analysis.depth.importance, names.words
    rows = [r for r in records(found.table) if not known(r["left_out"])]
    if not rows:
        return None
    heads = ("rank", "driver", "respondents", "importance", "coefficient", "q", "vif", "disagreement")
    limits = f"{percent(found.r2_ci_low)}–{percent(found.r2_ci_high)}"
    method = words(f"analysts.method_{'shapley' if found.method == 'shapley' else 'relative'}")
    filled = {"r2": percent(found.r2), "range": limits, "method": method, "confidence": confidence_of(analysis)}
    return {
        "note": words("analysts.importance_note", **filled),
        "heads": [words(f"column.{key}") for key in heads],
        "rows": [
            [
                f"{row['rank']:.0f}",
                _driver(row, names),
                count(row["n"]),
                with_limits(row, "importance", percent),
                with_limits(row, "coefficient", decimal),
                probability(row["q"]),
                decimal(row["vif"], 1),
                agreement(str(row["disagreement"]), names),
            ]
            for row in rows[:_MOST_DRIVERS]
        ],
    }


def remarks(analysis: Analysis, names: Names) -> list[str]:
    """Return what to know before reading the importances: what they leave out, and what cannot be told apart."""
    found, words = analysis.depth.importance, names.words
    rows = [r for r in records(found.table) if not known(r["left_out"])]
    said = [_left_out(analysis, names), _everybody(analysis, names)]
    if rows and not any(known(r["ordinal"]) for r in rows):
        said.append(words("analysts.one_score"))
    elif rows and not found.ordinal_converged:
        said.append(words("analysts.separated"))
    joint = "、" if words.language == "ja" else "; "
    for key, meant in (
        ("high_vif", [r for r in rows if known(r["vif"]) and r["vif"] > HIGH_VIF]),
        ("sign", [r for r in rows if "sign" in str(r["disagreement"])]),
        ("polarity", [r for r in rows if "polarity" in str(r["disagreement"])]),
    ):
        if meant:
            said.append(words(f"analysts.{key}", names=joint.join(_driver(r, names) for r in meant)))
    return [text for text in said if text]


def agreement(found: str, names: Names) -> str:
    """Say whether the methods agree on a driver's sign and rank, and the sign with what is said."""
    kinds = [kind for kind in ("sign", "rank", "polarity") if kind in found]
    return " · ".join(names.words(f"analysts.disagree_{kind}") for kind in kinds) or names.words("analysts.agree")


def _left_out(analysis: Analysis, names: Names) -> str:
    """Say which drivers are not in the regression, and why."""
    words = names.words
    rows = [r for r in records(analysis.depth.importance.table) if known(r["left_out"]) and r["n"] > 0]
    few = [r for r in rows if r["left_out"] == "few mentions"]
    others = [_driver(r, names) for r in rows if r["left_out"] == "few others"]
    collinear = [_driver(r, names) for r in rows if str(r["left_out"]).startswith("collinear")]
    min_n = analysis.settings.get("min_n", 1)
    parts = [words("analysts.left_few", n=len(few), min_n=min_n)] if few else []
    parts += [words("analysts.left_others", names=", ".join(others))] if others else []
    parts += [words("analysts.left_collinear", names=", ".join(collinear))] if collinear else []
    joined = ("、" if words.language == "ja" else "; ").join(parts)
    return words("analysts.left_out", text=joined) if parts else ""


def _everybody(analysis: Analysis, names: Names) -> str:
    """Name the themes that everybody mentions: nobody would be left out."""
    n = analysis.writers.n if analysis.writers else 0
    themes = [names.theme(r["id"]) for r in records(analysis.themes) if n and r["comments"] == n]
    joined = ", ".join(themes)
    return names.words("analysts.leave_out_undefined", themes=joined) if themes else ""


def _corrected(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return the drivers without the classifier's errors, in the order of their importance so."""
    words = names.words
    rows = [r for r in records(analysis.depth.corrected) if known(r["importance"])]
    if not rows:
        return None
    heads = ("driver", "known", "recall", "false_alarms", "driver_impact", "importance", "coefficient")
    return {
        "heads": [words(f"column.{key}") for key in heads],
        "rows": [
            [
                _driver(row, names),
                count(row["known"]),
                percent(row["recall"]),
                percent(row["false_alarms"]),
                with_limits(row, "impact", points),
                with_limits(row, "importance", percent),
                with_limits(row, "coefficient", decimal),
            ]
            for row in sorted(rows, key=lambda r: -r["importance"])[:_MOST_DRIVERS]
        ],
    }


def _what_if(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    rows, words = records(analysis.depth.what_if), names.words
    if not rows:
        return None
    heads = ("theme", "respondents", "associated_change", "associated_nps", "bound_change")
    return {
        "note": words("analysts.what_if_note", fewer=percent(rows[0]["fewer"]), nps=points(rows[0]["nps"])),
        "heads": [words(f"column.{key}") for key in heads],
        "rows": [
            [
                names.theme(row["theme"]),
                count(row["n"]),
                with_limits(row, "associated_change", points),
                points(row["associated_nps"]),
                with_limits(row, "bound_change", points),
            ]
            for row in rows[:_MOST_ROWS]
        ],
    }


def _overlaps(analysis: Analysis, names: Names) -> list[str]:
    return [
        names.words(
            "analysts.overlap",
            a=names.theme(row["theme_a"]),
            b=names.theme(row["theme_b"]),
            together=count(row["together"]),
            phi=decimal(row["phi"]),
        )
        for row in records(analysis.depth.overlaps)
        if row["overlapping"]
    ][:_MOST_ROWS]


def _scan(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    rows, words = records(analysis.depth.scan.table), names.words
    if not rows:
        return None
    clear = [r for r in rows if known(r["q"]) and r["q"] < BEYOND_CHANCE][:_MOST_ROWS]
    heads = ("segment", "value", "driver", "impact", "rest_impact", "difference", "q")
    return {
        "none": words("analysts.scan_none", n=count(len(rows))),
        "heads": [words(f"column.{key}") for key in heads],
        "rows": [
            [
                names.heading(row["segment"]),
                names.value(row["segment"], row["value"]),
                _driver(row, names),
                points(row["impact"]),
                points(row["rest_impact"]),
                f"{points(row['difference'])} {brackets(row['ci_low'], row['ci_high'])}",
                probability(row["q"]),
            ]
            for row in clear
        ],
    }


def _shape(analysis: Analysis, names: Names) -> dict[str, Any]:
    card, words = analysis.scorecard, names.words
    shape = card.shape
    filled = {"mean": decimal(shape.mean), "sd": decimal(shape.sd)}
    note = words("analysts.shape_note", five=percent(shape.share_five), middle=percent(shape.share_middle), **filled)
    return {
        "note": note,
        "heads": [words("column.break_points"), words("column.nps"), words("column.difference")],
        "rows": [
            [
                f"0–{row['detractor_max']} / {row['promoter_min']}–10",
                f"{points(row['nps'])} {brackets(row['ci_low'], row['ci_high'])}",
                points(row["difference"]) if place else DASH,
            ]
            for place, row in enumerate(records(card.break_points))
        ],
    }
