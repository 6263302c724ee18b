"""What the second part of the page shows: the findings, drivers and strengths, all themes, disagreement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.report.charts import Interval, axis, domain_of, interval_row, share_bar, share_row
from nps_nlp.report.format import brackets, count, known, percent, points, probability
from nps_nlp.report.quotes import split, typical
from nps_nlp.report.sentences import finding, tags
from nps_nlp.report.tables import category_name, confidence_of, is_certain, records

if TYPE_CHECKING:
    import pandas as pd

    from nps_nlp.report.svg import Domain
    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis

MOST = 8
_FULL = 5
_ALWAYS_FULL = 2
_TERMS = 6
_MOODS = ("negative", "mixed", "neutral", "positive")
_COUNTS = {"comments", "promoters", "passives", "detractors", "positive", "negative", "neutral"}
_SHARES = {"share", "share_promoters", "share_passives", "share_detractors"}
_POINTS = {"nps_of_mentioners", "impact", "impact_negative", "impact_positive", "bounded", "contribution"}
_WHO = ("comments", "share", "share_detractors", "share_passives", "share_promoters")
_HOW_MUCH = (
    "negative",
    "positive",
    "neutral",
    "nps_of_mentioners",
    "impact_negative",
    "q_negative",
    "impact_positive",
    "q_positive",
    "impact",
)
_ORDER = (*_WHO, *_HOW_MUCH, "bounded", "contribution", "detractors", "passives", "promoters")


def themes_view(analysis: Analysis, names: Names) -> dict[str, Any]:
    """Return the contents of part 2."""
    words, themes = names.words, records(analysis.themes)
    if not themes:
        # Without a single theme there is nothing to rank: one sentence says which of the two reasons it is.
        return {"empty": words("drivers.no_comments" if analysis.writers is None else "drivers.no_themes")}
    quoted: set[str] = set()
    sides = [_Side(analysis, names, side, quoted) for side in ("negative", "positive")]
    width = max(d.high - d.low for d in (s.natural for s in sides))
    writers, min_n = _base(analysis), analysis.settings.get("min_n", 1)
    return {
        "empty": "",
        "sides": [s.view(width) for s in sides],
        "method": words("drivers.method", n=writers, min_n=min_n),
        "columns": [{"label": words(f"column.{key}")} for key in _ORDER],
        "all": [_all_row(row, names) for row in (*themes, *_unmentioned(analysis))],
        "all_label": words("drivers.all_themes", n=len(themes)),
        "all_caption": words(
            "drivers.all_caption", n=writers, min_n=min_n, confidence=confidence_of(analysis), nps=_nps(analysis)
        ),
        "disagreement": _disagreement(analysis, names),
    }


def _base(analysis: Analysis) -> str:
    return count(analysis.writers.n if analysis.writers else 0)


def _nps(analysis: Analysis) -> str:
    return points(analysis.writers.score if analysis.writers else None)


def _unmentioned(analysis: Analysis) -> list[Row]:
    """Return those who name no theme as a last row, without which contributions do not sum to the NPS."""
    rows = [r for r in records(analysis.impacts) if r["theme"] == UNMENTIONED and r["n"]]
    return [{**r, "id": UNMENTIONED, "comments": r["n"]} for r in rows]


@dataclass(frozen=True)
class _Side:
    """Drivers or strengths: the ranked list and its chart."""

    analysis: Analysis
    names: Names
    side: str
    quoted: set[str]  # what stands under a theme already

    @cached_property
    def ranked(self) -> list[Row]:
        table = self.analysis.drivers if self.side == "negative" else self.analysis.strengths
        return [r for r in records(table) if r.get("shown", True)]

    @cached_property
    def quotes(self) -> list[Row]:
        return records(self.analysis.all_quotes)

    @property
    def natural(self) -> Domain:
        """The stretch that this side's intervals need."""
        column = f"impact_{self.side}"
        return domain_of([(r[f"{column}_ci_low"], r[f"{column}_ci_high"]) for r in self.ranked[:MOST]], 0.0)

    def view(self, width: float) -> dict[str, Any]:
        """Return the list, on a scale as wide as the other side's, so that bars compare across both."""
        words, up = self.names.words, self.side == "positive"
        natural, confidence = self.natural, confidence_of(self.analysis)
        domain = domain_of([(natural.low, natural.high)], width=width)
        rest = len(self.ranked) - MOST
        return {
            "side": self.side,
            "colour": "promoter" if up else "detractor",
            "label": words("drivers.up" if up else "drivers.down"),
            "finding": finding(self.ranked, self.side, self.names, confidence),
            "chart_label": words("drivers.chart_up" if up else "drivers.chart_down", confidence=confidence),
            "mention": words("drivers.mention_up" if up else "drivers.mention"),
            "axis": axis(domain),
            "rows": [self._row(k, r, domain) for k, r in enumerate(self.ranked[:MOST])],
            "more": words.many("drivers.more", rest) if rest > 0 else "",
        }

    def _row(self, place: int, row: Row, domain: Domain) -> dict[str, Any]:
        column, colour = f"impact_{self.side}", "promoter" if self.side == "positive" else "detractor"
        low, high, certain = row[f"{column}_ci_low"], row[f"{column}_ci_high"], is_certain(row, self.side)
        # Words and a quote only where there is something to explain; the rest stays one line.
        full = place < _ALWAYS_FULL or (certain and place < _FULL)
        label, quote = self.names.theme(row["id"]), self._quote(row["id"]) if full else None
        mentioned = "drivers.mentioned_up" if self.side == "positive" else "drivers.mentioned"
        return {
            "id": row["id"],
            "label": label,
            "impact": points(row[column]),
            "interval": brackets(low, high),
            "certain": certain,
            "full": full,
            "chart": interval_row(Interval(row[column], low, high, colour, certain), domain, bar=True),
            "mentioned": self.names.words(mentioned, comments=count(row["comments"]), polar=count(row[self.side])),
            "shares": self._shares(row),
            "terms": _terms(self.analysis.terms, row["id"], self.side),
            "tags": tags(row, self.names),
            "quote": quote
            and {"parts": split(quote["text"], quote["start"], quote["end"]), "by": quoted_by(quote, self.names)},
        }

    def _quote(self, theme: str) -> Row | None:
        quote = typical(self.quotes, theme, self.side, self.quoted)
        if quote:
            self.quoted.add(quote["text"])
        return quote

    def _shares(self, row: Row) -> list[dict[str, Any]]:
        keys = (f"share_{self.side}_promoters", f"share_{self.side}_detractors")
        highest = max((r[k] for r in self.ranked[:MOST] for k in keys if known(r[k])), default=0)
        order = ("promoter", "detractor") if self.side == "positive" else ("detractor", "promoter")
        return [
            {
                "label": self.names.words(f"word.{name}"),
                "share": percent(row[f"share_{self.side}_{name}s"]),
                "bar": share_row(row[f"share_{self.side}_{name}s"], highest, name),
            }
            for name in order
        ]


def quoted_by(quote: Row, names: Names) -> str:
    """Say who wrote a quote: category and score."""
    category = names.words.named("word", f"{category_name(quote['category'])}_one")
    return names.words("word.by", category=category, score=int(quote["score"]))


def _terms(table: pd.DataFrame | None, theme: str, side: str) -> list[str]:
    found = [r for r in records(table) if r["theme"] == theme and r["polarity"] == side]
    return [str(r["term"]) for r in found[:_TERMS]]


def _all_row(row: Row, names: Names) -> dict[str, Any]:
    return {
        "id": row["id"],
        "label": names.theme(row["id"]),
        "quotes": row["id"] != UNMENTIONED,
        "shown": row.get("shown", True),
        "cells": [_cell(row, key) for key in _ORDER],
    }


def _cell(row: Row, key: str) -> dict[str, Any]:
    """Return a number with what it is sorted by and, where it has one, its interval."""
    value: Any = row.get(key)
    cell = {"text": probability(value), "interval": "", "sort": float(value) if known(value) else ""}
    if key in _COUNTS:
        cell["text"] = count(value)
    elif key in _SHARES:
        cell["text"] = percent(value)
    elif key in _POINTS:
        cell |= {
            "text": points(value),
            "interval": brackets(row.get(f"{key}_ci_low"), row.get(f"{key}_ci_high")),
        }
    return cell


def _disagreement(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return what each category wrote, as bars, and the two cells where words contradict the score."""
    words, rows = names.words, records(analysis.disagreement)
    cells = {(category_name(r["category"]), str(r["sentiment"])): r for r in rows if known(r["share"])}
    if not cells:
        return None
    contradicting = [("detractor", "positive"), ("promoter", "negative")]
    bars = []
    for category in ("detractor", "passive", "promoter"):
        shares = [(s, float(cells[category, s]["share"])) for s in _MOODS if (category, s) in cells]
        if shares:
            said = ", ".join(f"{words(f'word.only_{s}')} {percent(share)}" for s, share in shares)
            label = words(f"word.{category}")
            alt = words("drivers.disagree_alt", category=label, shares=said)
            bars.append({"label": label, "chart": share_bar([(f"said-{s}", share) for s, share in shares], alt)})
    return {
        "legend": [(s, words(f"word.only_{s}")) for s in _MOODS],
        "bars": bars,
        "cells": [_contradiction(key, cells[key], names) for key in contradicting if key in cells],
    }


def _contradiction(key: tuple[str, str], row: Row, names: Names) -> dict[str, str]:
    words, (category, sentiment) = names.words, key
    value = words.many("drivers.disagree_value", int(row["respondents"]), share=percent(row["share"]))
    return {"label": words(f"drivers.disagree_{category}_{sentiment}"), "value": value, "class": category}
