"""What stands beside the score on the page: notices, touchpoints, companion questions, the industry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from nps_nlp.report.charts import Interval, axis, domain_of, interval_row
from nps_nlp.report.format import (
    DASH,
    MINUS,
    brackets,
    clean,
    count,
    decimal,
    known,
    percent,
    points,
    probability,
    with_limits,
)
from nps_nlp.report.tables import break_points, confidence_of, records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.report.svg import Domain
    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

_KINDS = ("transactional", "relational", "unknown")
_STANDARD = (6, 9)
# The sentences of the scoring room are written for the command line.
_MINUS_SIGN = re.compile(r"(?<![\w–-])-(?=\d)")


def card_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return what part 1 shows under the score."""
    words, confidence = names.words, confidence_of(analysis)
    return {
        "notices": notices(analysis, names),
        "touchpoints": _touchpoints(analysis, names),
        "companions": _companions(analysis, names),
        "companions_note": _companions_note(analysis, names),
        "benchmarks": _benchmarks(analysis, names),
        "benchmarks_note": words("card.benchmarks_note", confidence=confidence),
    }


def notices(analysis: Analysis, names: Names) -> list[str]:
    """Return what a reader must know before reading the score, in whole sentences."""
    card, words, said = analysis.scorecard, names.words, []
    low, high = break_points(analysis)
    if (low, high) != _STANDARD:
        said.append(words("card.own_break_points", detractor=low, promoter=high))
    if card.mixed:
        values = "、" if words.language == "ja" else ", "
        listed = values.join(clean(r["value"]) for r in records(card.touchpoints))
        said.append(words("card.mixed", n=len(card.touchpoints), values=listed))
    if card.weighting is not None:
        result = card.weighting.result
        filled = {"n": count(result.n), "effective": count(round(result.n_effective))}
        filled |= {"deff": decimal(result.design_effect), "plain": points(card.weighting.unweighted.score)}
        said.append(words("card.weighted", heading=clean(card.weighting.heading), **filled))
    elif weights := analysis.settings.get("weights"):
        said.append(words("card.equal_weights", heading=clean(str(weights).removesuffix(" (equal)"))))
    if analysis.repeated is not None:
        said.append(getattr(analysis.repeated, words.language))
    if card.sample_note is not None:
        said.append(getattr(card.sample_note, words.language))
    if card.centre and (low, high) == _STANDARD:
        said.append(getattr(card.centre, words.language))
    if card.reading is not None:
        said.append(getattr(card.reading, words.language))
    return [_MINUS_SIGN.sub(MINUS, text) for text in said]


def _touchpoints(analysis: Analysis, names: Names) -> list[dict[str, Any]]:
    """Return the scores of every kind apart, on one scale."""
    rows = [r for r in records(analysis.scorecard.touchpoints) if known(r["nps"])]
    domain = domain_of([(r["ci_low"], r["ci_high"]) for r in rows], width=20)
    found = []
    for kind in _KINDS:
        mine = [r for r in rows if r["kind"] == kind]
        if mine:
            drawn = [_row(names.value(r["segment"], r["value"]), r, domain) for r in mine]
            found.append({"name": names.words(f"card.kind_{kind}"), "rows": drawn, "axis": axis(domain)})
    return found


def _row(label: str, row: Row, domain: Domain) -> dict[str, Any]:
    drawn = Interval(row["nps"], row["ci_low"], row["ci_high"], "ink")
    limits = brackets(row["ci_low"], row["ci_high"])
    chart = interval_row(drawn, domain, reference=None)
    return {"label": label, "n": count(row["n"]), "score": points(row["nps"]), "interval": limits, "chart": chart}


def _companions(analysis: Analysis, names: Names) -> list[dict[str, Any]]:
    words, found = names.words, []
    for row in records(analysis.scorecard.companions):
        turned = f" ({words('card.turned')})" if row["turned"] else ""
        cells = [
            words(f"metric.{row['kind']}"),
            words("card.scale", low=row["low"], high=row["high"], boxes=row["boxes"]) + turned,
            count(row["n"]),
            with_limits(row, "top_box", percent),
            with_limits(row, "mean", decimal),
        ]
        found.append({"line": [names.heading(row["heading"]), *cells]})
    return found


def _companions_note(analysis: Analysis, names: Names) -> str:
    rows, confidence = records(analysis.scorecard.companions), confidence_of(analysis)
    boxes = {r["boxes"] for r in rows}
    if len(boxes) == 1:
        return names.words("card.companions_note", boxes=boxes.pop(), confidence=confidence)
    return names.words("card.companions_note_several", confidence=confidence)


def _benchmarks(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return the own score and those of the table on one scale, and the table itself."""
    rows, own = records(analysis.scorecard.benchmarks), analysis.nps
    if not rows:
        return None
    rows = sorted(rows, key=lambda r: (-r["score"], str(r["name"])))
    domain = domain_of([(own.ci_low, own.ci_high), *((r["score"], r["score"]) for r in rows)], width=20)
    mine = {"nps": own.score, "ci_low": own.ci_low, "ci_high": own.ci_high, "n": own.n}
    drawn = [_row(names.words("card.own"), mine, domain)]
    language = names.words.language
    for row in rows:
        label = _named(row, "name", language)
        industry = _named(row, "industry", language)
        dot = Interval(row["score"], float("nan"), float("nan"), "promoter", certain=False)
        difference = names.words(
            "card.difference", points=points(row["difference"]), range=brackets(row["ci_low"], row["ci_high"])
        )
        drawn.append(
            {
                "label": f"{industry}{names.words('page.separator')}{label}",
                "n": count(row["n"]) if known(row["n"]) else "",
                "score": points(row["score"]),
                "interval": difference,
                "chart": interval_row(dot, domain, reference=own.score),
            }
        )
    return {"rows": drawn, "axis": axis(domain), "heads": _heads(names), "table": _table(rows, names)}


def _heads(names: Names) -> list[str]:
    keys = ("name", "industry", "year", "score", "n", "difference", "p_adjusted", "source")
    return [names.words(f"column.{key}") for key in keys]


def _table(rows: Sequence[Row], names: Names) -> list[list[str]]:
    language = names.words.language
    return [
        [
            _named(r, "name", language),
            _named(r, "industry", language),
            str(r["year"]),
            points(r["score"]),
            count(r["n"]) if known(r["n"]) else DASH,
            f"{points(r['difference'])} {brackets(r['ci_low'], r['ci_high'])}",
            probability(r["p_adjusted"]),
            _named(r, "source", language),
        ]
        for r in rows
    ]


def _named(row: Row, key: str, language: str) -> str:
    return clean(row[f"{key}_ja" if language == "ja" else key])
