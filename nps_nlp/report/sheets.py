"""What the workbook holds: which table on which sheet, with which headings, widths and number formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.report.format import brackets, known, probability
from nps_nlp.report.tables import category_name, confidence_of, file_name, records
from nps_nlp.report.view_depth import agreement, remarks
from nps_nlp.report.view_method import aids, facts
from nps_nlp.report.words import translate_reason
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pandas as pd

    from nps_nlp.report.tables import Names, Row
    from nps_nlp.result import Analysis


def _list(names: str) -> tuple[str, ...]:
    return tuple(names.split())


_SIX = _list("nps_of_mentioners impact_negative impact_positive impact bounded contribution")
_TEXTS = {"text", "groups", "evidence", "question", "reason", "source", "left_out"}
_NAMES = _list(
    "driver kind measure quadrant disagreement theme_a theme_b name industry label theme id segment value who_segment "
    "who_value since period category polarity sentiment term file heading role"
)
_POINTS = {
    *_SIX, "nps", "nps_of_askers", "se", "ci_low", "ci_high", "difference", "own_score", "associated_change",
    "associated_nps", "bound_change", "bound_nps", "rest_impact", "driver_impact",
}  # fmt: skip
_NUMBERS = {
    "lift", "lift_negative", "residual", "expected", "mean", "n_effective", "coefficient", "gap", "ordinal", "vif",
    "phi",
}  # fmt: skip
_PERCENTS = {
    "confidence",
    "since_before",
    "since_after",
    "top_box",
    "importance",
    "relative_weight",
    "before",
    "latest",
    "fewer",
    "recall",
    "false_alarms",
}
_IMPACTS = {"impact", "impact_negative", "impact_positive", "bounded", "contribution"}
_WIDTHS = {"text": 70, "reason": 70, "heading": 50, "groups": 45, "evidence": 45, "question": 45, "file": 30}
_WIDTHS |= {
    "value": 24,
    "label": 22,
    "theme": 22,
    "segment": 22,
    "who_segment": 20,
    "who_value": 20,
    "term": 16,
}
_THEME = _list(
    "label id comments share detractors passives promoters share_detractors share_passives share_promoters "
    "share_negative_detractors share_negative_promoters share_positive_detractors share_positive_promoters "
    "negative positive neutral nps_of_mentioners impact_negative impact_positive impact bounded contribution "
    "p_negative q_negative p_positive q_positive shown"
)
_STORY = _list("who_segment who_value who_share who_rest_share who_q since since_before since_after since_q")
_GROUP_THEME = (
    "segment value theme writers mentions negative positive share_negative rest_share_negative lift_negative "
    "impact_negative nps_of_mentioners p q"
)
_BENCHMARK = "name industry year score n own_score difference ci_low ci_high p_adjusted source"
_IMPORTANCE = (
    "rank driver n share importance coefficient p q gap relative_weight ordinal ordinal_rank rank_low rank_high vif "
    "disagreement left_out"
)
_ALERTS = "theme measure period before latest lift hits_before base_before hits_latest base_latest p q alert"
_SCAN = "segment value driver writers mentioners share rest_share impact rest_impact difference ci_low ci_high p q"
_REQUESTS = (
    "theme n_asking share detractors passives promoters share_detractors share_passives share_promoters p q "
    "nps_of_askers ci_low ci_high shown"
)
# Only where it is known who answered more than once.
_BY_PEOPLE = {"people", "design_effect"}
# Table, its columns, and how many of them stay in view.
_TABLES = (
    ("impacts", "theme polarity n share nps_of_mentioners impact bounded contribution p q shown", 2),
    ("crosstab", "theme category count share expected lift residual p q", 1),
    ("segments", "segment value n detractors passives promoters nps ci_low ci_high se people design_effect other", 2),
    ("segment_themes", _GROUP_THEME, 3),
    ("trend", "period n detractors passives promoters nps ci_low ci_high se people design_effect", 1),
    (
        "theme_trend",
        "period theme writers mentions negative positive share_mentions share_negative share_positive",
        2,
    ),
    ("quotes", "theme polarity category score text evidence question period groups file row", 1),
    ("requests", _REQUESTS, 1),
    ("request_quotes", "theme category score text evidence question period groups file row", 1),
    ("terms", "theme polarity term count", 1),
    ("questions", "question heading answers fillers positive negative mixed neutral", 1),
    ("disagreement", "category sentiment respondents share", 0),
)


@dataclass(frozen=True)
class Column:
    """A column of a sheet: heading, width in characters, kind of its cells, and how they are drawn."""

    heading: str
    width: float
    kind: str
    look: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, columns and rows, how many columns stay in view, and the sheets that its last rows lead to."""

    name: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    frozen: int = 0
    links: Sequence[str] = ()


def sheets(analysis: Analysis, names: Names) -> Iterator[Sheet]:
    """Yield the sheets of the workbook in order; the first ends with links to the others."""
    words, others = names.words, list(_others(analysis, names))
    index = [(None, None, words.many("sheet.rows", len(sheet.rows))) for sheet in others]
    rows = [*_summary(analysis, names), (None, None, ""), *index]
    yield Sheet(words("sheet.summary"), _pair_columns(names), rows, links=[sheet.name for sheet in others])
    yield from others


def _others(analysis: Analysis, names: Names) -> Iterator[Sheet]:
    words = names.words
    for key, side in (("drivers", "negative"), ("strengths", "positive")):
        order = (
            "rank",
            *_THEME[:2],
            f"impact_{side}",
            *(k for k in _THEME[2:] if k != f"impact_{side}"),
            *_STORY,
        )
        yield _sheet(key, getattr(analysis, key), order, names, frozen=2)
    yield _sheet("themes", analysis.themes, _THEME, names, frozen=1)
    for key, columns, frozen in _TABLES:
        table = analysis.all_quotes if key == "quotes" else getattr(analysis, key)
        table = _asking(table, names) if key == "requests" else table
        yield _sheet(key, table, _list(columns), names, frozen=frozen)
    for key, table, columns in (*_more_tables(analysis), *_joined_tables(analysis)):
        yield _sheet(key, table, _list(columns), names, frozen=1)
    yield Sheet(words("sheet.method"), _pair_columns(names), list(_method(analysis, names)))
    decisions = [{**d, "role": words.named("role", d["role"])} for d in analysis.settings.get("decisions", [])]
    order = ("heading", "role", "confidence", "reason")
    rows = [
        [translate_reason(str(d[k]), words.language) if k == "reason" else d.get(k) for k in order] for d in decisions
    ]
    yield Sheet(words("sheet.columns"), [_column(k, names) for k in order], rows)


def _more_tables(analysis: Analysis) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield what stands beside the score and the deeper tables; what the survey does not have has no sheet."""
    card, deep = analysis.scorecard, analysis.depth
    tables = (
        ("companions", card.companions, "question kind low high boxes n n_effective top_box mean"),
        ("touchpoints", card.touchpoints, "segment value kind n nps ci_low ci_high se people design_effect"),
        ("benchmarks", card.benchmarks, _BENCHMARK),
        ("break_points", card.break_points, "detractor_max promoter_min n nps ci_low ci_high difference"),
        ("importance", deep.importance.table, _IMPORTANCE),
        (
            "corrected",
            _corrected(deep.corrected),
            "driver known recall false_alarms driver_impact importance coefficient",
        ),
        ("what_if", deep.what_if, "theme n share fewer nps associated_change associated_nps bound_change bound_nps"),
        ("priority", deep.priority.table, "theme quadrant importance share_negative mentions negative sure"),
        ("alerts", deep.alerts, _ALERTS),
        ("overlaps", deep.overlaps, "theme_a theme_b together expected lift phi p q overlapping"),
        ("scan", deep.scan.table, _SCAN),
    )
    yield from ((key, table, columns) for key, table, columns in tables if table is not None and len(table))


def _asking(table: pd.DataFrame, names: Names) -> pd.DataFrame:
    """Call the first row of the requests by its name, and say whose number and NPS the others have."""
    table = table.rename(columns={"n": "n_asking", "nps": "nps_of_askers"})
    return table.assign(theme=table["theme"].replace(ALL, names.words("word.all_requests")))


def _corrected(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """Call the impact of one side of a theme so: that of a theme is its net impact."""
    return None if table is None else table.rename(columns=lambda c: c.replace("impact", "driver_impact"))


def _joined_tables(analysis: Analysis) -> Iterator[tuple[str, pd.DataFrame, str]]:
    """Yield the tables of what was joined to the survey."""
    joined = analysis.joined
    if joined is None:
        return
    if joined.outcomes is not None:
        money = "revenue " if "revenue" in joined.outcomes.accounts else ""
        columns = f"account customers {money}n detractors passives promoters nps ci_low ci_high"
        yield "accounts", joined.outcomes.accounts, columns
        yield "outcomes", joined.outcomes.rates, "outcome category customers missing n_effective rate mean"
        yield "unjoined", joined.unjoined, "side file row key reason"
    if joined.panel is not None:
        yield "panel", joined.panel.moves.matrix, "before after n share share_of_before"
        yield "moved", joined.panel.moves.moved, "respondent before after score_before score_after"
    if joined.response is not None:
        for table in joined.response.tables.values():
            yield "nonresponse", table.table, "segment invited answered rate share_of_invitations share_of_sample"
            break


def _sheet(key: str, table: pd.DataFrame | None, order: Sequence[str], names: Names, *, frozen: int) -> Sheet:
    """Lay out a table; limits follow the number that they belong to."""
    limits = "" if table is None else set(table.columns)
    keys: list[str] = []
    for name in order:
        if name in _BY_PEOPLE and name not in limits:
            continue
        keys.append(name)
        keys += [f"{name}{end}" for end in ("_ci_low", "_ci_high") if f"{name}{end}" in limits]
    rows = [[_value(row, name, names) for name in keys] for row in records(table)]
    return Sheet(names.words(f"sheet.{key}"), [_column(name, names) for name in keys], rows, frozen)


def _column(name: str, names: Names) -> Column:
    words, base = names.words, name
    for end in ("_ci_low", "_ci_high"):
        if name.endswith(end) and name != end[1:]:
            base = name.removesuffix(end)
            kind = _kind(base) if base in {*_PERCENTS, *_NUMBERS, "share_negative", "share"} else "points"
            return Column(f"{words(f'column.{base}')} {words(f'column.{end[1:]}')}", 10, kind)
    look = "impact" if name in _IMPACTS else "share" if name == "share_negative" else ""
    return Column(words(f"column.{name}"), _WIDTHS.get(name, 12), _kind(name), look)


def _kind(name: str) -> str:
    if name in _TEXTS:
        return "text"
    if name in _NAMES:
        return "name"
    if name in _POINTS:
        return "points"
    if "share" in name or name in _PERCENTS:
        return "percent"
    if name in {"p", "q"} or name.startswith(("p_", "q_")) or name.endswith("_q"):
        return "probability"
    return "number" if name in _NUMBERS else "count"


def _value(row: Row, name: str, names: Names) -> Any:
    """Return a cell in the report's language: labels for ids, words for categories."""
    made = _MADE.get(name)
    return made(row, names) if made else row.get(name)


def _group(row: Row, names: Names, heading: str, value: str) -> str | None:
    return names.value(str(row[heading]), row[value]) if known(row[heading]) else None


def _question(row: Row, names: Names) -> str:
    return names.heading(str(row["question"] if "question" in row else row["heading"]))


def _groups(row: Row, names: Names) -> str:
    return " / ".join(f"{names.heading(h)}: {v}" for h, v in (row["segments"] or {}).items() if known(v))


def _category(row: Row, names: Names) -> str:
    return names.words(f"word.{category_name(row['category'])}{'_one' if 'text' in row else ''}")


def _flag(key: str) -> Callable[[Row, Names], str]:
    return lambda row, names: names.words("word.yes" if row[key] else "word.no")


def _in_language(key: str) -> Callable[[Row, Names], Any]:
    return lambda row, names: row.get(f"{key}_ja" if names.words.language == "ja" else key)


# Cells that are not a column of the table as it is.
_MADE: dict[str, Callable[[Row, Names], Any]] = {
    "label": lambda row, names: names.theme(str(row["id"])),
    "theme": lambda row, names: names.theme(str(row["theme"])),
    "evidence": lambda row, _: str(row["text"])[int(row["start"]) : int(row["end"])],
    "file": lambda row, _: file_name(row["file"]),
    "question": _question,
    "groups": _groups,
    "category": _category,
    "polarity": lambda row, names: names.words.named("word", row["polarity"]),
    "sentiment": lambda row, names: names.words.named("word", f"only_{row['sentiment']}"),
    "segment": lambda row, names: names.heading(str(row["segment"])),
    "value": lambda row, names: _group(row, names, "segment", "value"),
    "who_segment": lambda row, names: names.heading(str(row["who_segment"])) if known(row["who_segment"]) else None,
    "who_value": lambda row, names: _group(row, names, "who_segment", "who_value"),
    "shown": _flag("shown"),
    "sure": _flag("sure"),
    "alert": _flag("alert"),
    "overlapping": _flag("overlapping"),
    "kind": lambda row, names: names.words(f"{'metric' if 'boxes' in row else 'touchpoint'}.{row['kind']}"),
    "measure": lambda row, names: names.words(f"measure.{row['measure']}"),
    "driver": lambda row, names: f"{names.theme(row['theme'])} ({names.words('word.' + row['polarity'])})",
    "theme_a": lambda row, names: names.theme(row["theme_a"]),
    "theme_b": lambda row, names: names.theme(row["theme_b"]),
    "quadrant": lambda row, names: row[f"quadrant_{names.words.language}"],
    "disagreement": lambda row, names: agreement(str(row["disagreement"]), names) if not row["left_out"] else None,
    "left_out": lambda row, names: translate_reason(str(row["left_out"]), names.words.language),
    **{key: _in_language(key) for key in ("name", "industry", "source")},
    "other": _flag("other"),
}


def _pair_columns(names: Names) -> list[Column]:
    words = names.words
    return [
        Column(words("column.item"), 44, "text"),
        Column(words("column.figure"), 18, "points"),
        Column(words("column.detail"), 90, "text"),
    ]


def _summary(analysis: Analysis, names: Names) -> Iterator[tuple[Any, Any, str]]:
    """Yield the score, the counts, those who wrote, and the findings."""
    words, result = names.words, analysis.nps
    yield (
        words("score.label"),
        float(result.score),
        words(
            "score.interval",
            confidence=confidence_of(analysis),
            range=brackets(result.ci_low, result.ci_high),
        ),
    )
    for key in ("n", "promoters", "passives", "detractors"):
        yield words(f"column.{key}"), int(getattr(result, key)), ""
    for key, part in (("wrote", analysis.writers), ("silent", analysis.silent)):
        if part is not None:
            yield (
                f"{words(f'word.{key}')}: NPS",
                float(part.score),
                f"{brackets(part.ci_low, part.ci_high)} n = {part.n:,}",
            )
    for key, side in (("down", "negative"), ("up", "positive")):
        table = analysis.drivers if side == "negative" else analysis.strengths
        for row in [r for r in records(table) if r.get("shown", True)][:3]:
            column = f"impact_{side}"
            limits = (
                f"{brackets(row[f'{column}_ci_low'], row[f'{column}_ci_high'])} q = {probability(row[f'q_{side}'])}"
            )
            yield f"{words(f'drivers.{key}')}: {names.theme(row['id'])}", float(row[column]), limits


def _method(analysis: Analysis, names: Names) -> Iterator[tuple[Any, Any, str]]:
    """Yield the row account, the settings, the sources, and how to read each number."""
    words, settings = names.words, analysis.settings
    for key in ("read", "kept", "quarantined", "duplicates"):
        if key in analysis.rows:
            yield words(f"method.n_{key}"), int(analysis.rows[key]), ""
    for why, n in settings.get("reasons", {}).items():
        yield words("method.reasons"), int(n), translate_reason(str(why), words.language)
    for source in settings.get("sources", []):
        parts = (file_name(source["path"]), *(source.get(k) for k in ("format", "tool", "encoding")))
        yield words("method.sources"), None, " · ".join(str(p) for p in parts if known(p))
    for text in remarks(analysis, names):
        yield words("analysts.importance"), None, text
    for label, value in facts(analysis, words):
        yield label, None, value
    for term, text in aids(analysis, words):
        yield term, None, text
