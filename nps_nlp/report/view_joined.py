"""What the page shows of joined tables: revenue and renewal, who answered, who moved between waves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.report.charts import Interval, axis, domain_of, interval_row
from nps_nlp.report.format import (
    DASH,
    brackets,
    clean,
    count,
    known,
    percent,
    points,
    probability,
    with_limits,
)
from nps_nlp.report.tables import confidence_of, records

if TYPE_CHECKING:
    from nps_nlp.joined import Panel, Response
    from nps_nlp.report.tables import Names
    from nps_nlp.result import Analysis
    from nps_nlp.scoring import BusinessOutcomes

_CATEGORIES = ("promoter", "passive", "detractor")
_MOST = 12


def joined_view(analysis: Analysis, names: Names) -> dict[str, Any] | None:
    """Return the contents of the part on joined tables, None where nothing was joined."""
    joined = analysis.joined
    if joined is None or not (joined.outcomes or joined.response or joined.panel):
        return None
    confidence = confidence_of(analysis)
    return {
        "outcomes": joined.outcomes and _outcomes(joined.outcomes, joined.crm_columns, names, confidence),
        "response": joined.response and _response(joined.response, names),
        "panel": joined.panel and _panel(joined.panel, names),
        "notes": [clean(note) for note in joined.notes],
    }


def _outcomes(found: BusinessOutcomes, columns: dict[str, str], names: Names, confidence: str) -> dict[str, Any]:
    words, language = names.words, names.words.language
    weighted = ""
    if found.revenue_weighted is not None:
        result = found.revenue_weighted
        filled = {"score": points(result.score), "range": brackets(result.ci_low, result.ci_high)}
        filled |= {"effective": count(round(result.n_effective)), "confidence": confidence}
        weighted = words("joined.revenue_weighted", **filled)
    return {
        "joined": getattr(found.join, language),
        "weighted": weighted,
        "rates": _rates(found, columns, names),
        "revenue": _revenue(found, names),
        "accounts": _accounts(found, names),
        "more": words("joined.more_accounts", n=count(len(found.accounts))) if len(found.accounts) > _MOST else "",
        "confidence": confidence,
    }


def _rates(found: BusinessOutcomes, columns: dict[str, str], names: Names) -> dict[str, Any] | None:
    """Return the share of customers with each outcome by category, and whether it rises with the category."""
    words, rows = names.words, records(found.rates)
    if not rows:
        return None
    trends = {r["outcome"]: r for r in records(found.trends)}
    cells = {(r["outcome"], r["category"]): r for r in rows}
    lines = []
    for outcome in dict.fromkeys(r["outcome"] for r in rows if known(r["rate"])):
        row = [f"{words(f'joined.{outcome}')} ({clean(columns.get(outcome, outcome))})"]
        row += [_rate(cells[outcome, category]) for category in _CATEGORIES]
        lines.append([*row, probability(trends[outcome]["p_adjusted"])])
    if not lines:
        return None
    heads = [words("column.outcome"), *(words(f"word.{c}") for c in _CATEGORIES), words("column.rises")]
    return {"heads": heads, "rows": lines}


def _rate(row: dict[str, Any]) -> str:
    if not known(row["rate"]):
        return DASH
    return f"{percent(row['rate'])} [{percent(row['ci_low'])}, {percent(row['ci_high'])}] n = {count(row['customers'])}"


def _revenue(found: BusinessOutcomes, names: Names) -> dict[str, Any] | None:
    words, rows = names.words, records(found.revenue)
    if not rows:
        return None
    heads = ("category", "customers", "revenue_mean", "revenue_median")
    return {
        "heads": [words(f"column.{key}") for key in heads],
        "rows": [
            [
                words(f"word.{row['category']}"),
                count(row["customers"]),
                with_limits(row, "mean", _money),
                with_limits(row, "median", _money),
            ]
            for row in rows
        ],
    }


def _money(value: Any) -> str:
    return f"{value:,.0f}" if known(value) else DASH


def _accounts(found: BusinessOutcomes, names: Names) -> dict[str, Any]:
    rows = [r for r in records(found.accounts) if known(r["nps"])][:_MOST]
    domain = domain_of([(r["ci_low"], r["ci_high"]) for r in rows], width=20)
    drawn = [
        {
            "label": clean(row["account"]) + (f"（{_money(row['revenue'])}）" if "revenue" in row else ""),
            "n": count(row["n"]),
            "score": points(row["nps"]),
            "interval": brackets(row["ci_low"], row["ci_high"]),
            "chart": interval_row(Interval(row["nps"], row["ci_low"], row["ci_high"], "ink"), domain, reference=None),
        }
        for row in rows
    ]
    return {"rows": drawn, "axis": axis(domain), "note": names.words("joined.accounts_note")}


def _response(found: Response, names: Names) -> dict[str, Any]:
    words, language = names.words, names.words.language
    heads = ("value", "invited", "answered", "rate", "share_of_invitations", "share_of_sample", "q")
    tables = []
    for heading, table in found.tables.items():
        rows = [
            [
                clean(row["segment"]),
                count(row["invited"]),
                count(row["answered"]),
                f"{percent(row['rate'])} [{percent(row['ci_low'])}, {percent(row['ci_high'])}]",
                percent(row["share_of_invitations"]),
                percent(row["share_of_sample"]),
                probability(row["p_adjusted"]),
            ]
            for row in records(table.table)
        ]
        tables.append({"name": clean(heading), "rows": rows, "note": getattr(table, language)})
    uninvited = words("joined.uninvited", n=count(found.uninvited)) if found.uninvited else ""
    return {
        "sentence": getattr(found.rate, language),
        "uninvited": uninvited,
        "heads": [words(f"column.{key}") for key in heads],
        "tables": tables,
    }


def _panel(found: Panel, names: Names) -> dict[str, Any]:
    words, moves = names.words, found.moves
    counts = moves.counts()
    share = {(r["before"], r["after"]): r["share_of_before"] for r in records(moves.matrix)}
    rows = [
        [words(f"word.{a}"), *(f"{count(counts[i][j])} ({percent(share[a, b])})" for j, b in enumerate(_CATEGORIES))]
        for i, a in enumerate(_CATEGORIES)
    ]
    filled = {"before": clean(found.before), "after": clean(found.after), "n": count(moves.n)}
    filled |= {"up": count(moves.up), "down": count(moves.down), "stayed": count(moves.stayed)}
    test = moves.test
    filled |= {"change": points(test.difference), "range": brackets(test.ci_low, test.ci_high)}
    said = []
    for move in ("up", "down"):
        mine = [r for r in records(found.said) if r["move"] == move][:4]
        listed = [
            words("joined.said_item", theme=names.theme(r["theme"]), polarity=words(f"word.{r['polarity']}"), n=r["n"])
            for r in mine
        ]
        if listed:
            said.append(words(f"joined.said_{move}", items=("、" if words.language == "ja" else ", ").join(listed)))
    return {
        "sentence": words("joined.panel_sentence", **filled),
        "heads": [words("joined.panel_before"), *(f"→ {words(f'word.{c}')}" for c in _CATEGORIES)],
        "rows": rows,
        "said": said,
        "alone": words(
            "joined.panel_alone",
            before=count(moves.only_before),
            after=count(moves.only_after),
            repeated=count(moves.repeated_before + moves.repeated_after),
        ),
    }
