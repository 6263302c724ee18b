"""What the command line prints: decisions, progress, findings. Quiet where nobody watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from nps_nlp.privacy.find import MASKS
from nps_nlp.privacy.masker import mask_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nps_nlp.analysis import Analysis
    from nps_nlp.intake import Export
    from nps_nlp.privacy.masker import Masker

_ROLES = ("score", "comment", "date", "respondent", "segment", "weight", "wave", "key")
# rich would read [brackets] in headings and comments as markup; they are customers' and analysts' words.
_PLAIN: dict[str, Any] = {"markup": False, "highlight": False}


def console() -> Console:
    """Return a console on standard output that wraps nothing where it is not a terminal."""
    return Console(soft_wrap=not sys.stdout.isatty())


def print_columns(export: Export, mask: Callable[[str], str]) -> None:
    """Print what was read as what, and why; notes can quote cells, so they are masked."""
    out = console()
    tools = sorted({s.tool for s in export.sources})
    encodings = sorted({f"{s.encoding} ({s.confidence:.0%} sure)" for s in export.sources if s.encoding})
    out.print(
        f"{len(export.sources)} file(s), tool: {', '.join(tools)}, encoding: {', '.join(encodings) or '–'}",
        **_PLAIN,
    )
    for decision in sorted(
        (d for d in export.columns.decisions if d.role in _ROLES), key=lambda d: _ROLES.index(d.role)
    ):
        out.print(f"  {decision.role:<11}{decision.heading}  ({decision.reason})", **_PLAIN)
    for rating in export.columns.ratings:
        turned = ", lower is better" if rating.turned else ""
        out.print(f"  {rating.kind:<11}{rating.heading}  (a scale of {rating.low}–{rating.high}{turned})", **_PLAIN)
    if export.columns.touchpoint:
        out.print(f"  touchpoint {export.columns.touchpoint}  (its scores are shown apart)", **_PLAIN)
    companions = {rating.heading for rating in export.columns.ratings}
    unused = sum(d.role not in _ROLES and d.heading not in companions for d in export.columns.decisions)
    out.print(f"  {unused} more columns are not used", **_PLAIN)
    for note in dict.fromkeys(f"{s.path}: {n}" for s in export.sources for n in s.notes):
        out.print(f"  note: {mask(note)}", **_PLAIN)


def print_decisions(export: Export, mask: Callable[[str], str]) -> None:
    """Print the decision on every column, the used ones first: role, confidence, heading, reason."""
    out = console()
    for source in export.sources:
        encoding = f"{source.encoding} ({source.confidence:.0%} sure)" if source.encoding else "–"
        out.print(f"{source.path}: {source.format}, tool {source.tool}, encoding {encoding}", **_PLAIN)
        for note in source.notes:
            out.print(f"  note: {mask(note)}", **_PLAIN)
    place = {role: at for at, role in enumerate(_ROLES)}
    for decision in sorted(export.columns.decisions, key=lambda d: place.get(d.role, len(place))):
        out.print(f"  {decision.role:<13}{decision.confidence:.2f}  {decision.heading}  ({decision.reason})", **_PLAIN)


def described(export: Export, mask: Callable[[str], str]) -> dict[str, Any]:
    """Return what was read as what, and why, as plain data for ``inspect --json``."""
    files = [
        {
            "path": s.path,
            "format": s.format,
            "tool": s.tool,
            "encoding": s.encoding,
            "encoding_confidence": s.confidence if s.encoding else None,
            "notes": [mask(n) for n in s.notes],
        }
        for s in export.sources
    ]
    first = files[0]
    return {
        "tool": first["tool"],
        "encoding": first["encoding"],
        "rows": {
            **export.log.rows(),
            "reasons": mask_keys(export.log.reasons(), mask),
            "answers": export.log.answers,
            "fillers": export.log.fillers,
        },
        "columns": export.columns.to_dict(),
        "other_scores": list(export.columns.other_scores),
        "decisions": [
            {"heading": d.heading, "role": d.role, "confidence": d.confidence, "reason": d.reason}
            for d in export.columns.decisions
        ],
        "files": files,
        "notes": [mask(note) for note in export.log.remarks(export.notes)],
    }


def print_rows(export: Export, mask: Callable[[str], str]) -> None:
    """Print the account of every row that was read; reasons can quote cells, so they are masked."""
    log, out = export.log, console()
    out.print(log.account(), **_PLAIN)
    for remark in log.remarks(export.notes):
        out.print(f"  note: {mask(remark)}", **_PLAIN)
    for reason, n in mask_keys(log.reasons(), mask).items():
        out.print(f"  {n:,} × {reason}", **_PLAIN)
    out.print(
        f"comments: {log.answers:,} answers, {log.fillers:,} of them fillers such as 特になし or n/a",
        **_PLAIN,
    )


def print_masked(masker: Masker) -> None:
    """Print how much personal data was masked, by kind."""
    found = masker.found()
    said = ", ".join(f"{n:,} {MASKS[kind][1]}" for kind, n in (found or {}).items())
    line = "left as it is (--no-mask-pii)" if found is None else f"masked: {said}" if said else "none found"
    console().print(f"personal data: {line}", **_PLAIN)


def print_findings(analysis: Analysis, folder: Path) -> None:
    """Print the score, what belongs beside it, the first drivers and strengths, and where the files are."""
    out = console()
    out.print(str(analysis.nps).replace("NPS", analysis.scorecard.metric, 1), **_PLAIN)
    for note in _notes(analysis):
        out.print(f"  note: {note}", **_PLAIN)
    for row in analysis.scorecard.companions.to_dict("records"):
        low, high = row["top_box_ci_low"], row["top_box_ci_high"]
        top = f"top {row['boxes']} of {row['low']}–{row['high']}: {row['top_box']:.0%} [{low:.0%}, {high:.0%}]"
        out.print(f"{row['kind'].upper()} {row['heading']}: {top}, mean {row['mean']:.2f} (n = {row['n']:,})", **_PLAIN)
    for row in analysis.scorecard.touchpoints.to_dict("records"):
        limits = f"[{row['ci_low']:+.1f}, {row['ci_high']:+.1f}]"
        out.print(f"{row['kind']} – {row['value']}: {row['nps']:+.1f} {limits} (n = {row['n']:,})", **_PLAIN)
    if analysis.writers:
        wrote = f"{analysis.writers.n:,} respondents, NPS {analysis.writers.score:+.1f}"
        out.print(f"wrote a comment: {wrote} (themes rest on these)", **_PLAIN)
    for sentence in _joined(analysis):
        out.print(sentence, **_PLAIN)
    label = f"label_{analysis.settings['language']}"
    for title, table, side in (
        ("holds the score down", analysis.drivers, "negative"),
        ("lifts the score", analysis.strengths, "positive"),
    ):
        for row in table.head(3).to_dict("records"):
            low, high = row[f"impact_{side}_ci_low"], row[f"impact_{side}_ci_high"]
            found = f"{row[label]}: {row[f'impact_{side}']:+.1f} points [{low:+.1f}, {high:+.1f}]"
            out.print(f"{title}: {found}{_who(row, analysis)}", **_PLAIN)
    out.print(f"report: {(folder / 'report.html').resolve()}", **_PLAIN)


def _joined(analysis: Analysis) -> list[str]:
    """Return what the joined tables say, a sentence each."""
    joined, language = analysis.joined, analysis.settings["language"]
    if joined is None:
        return []
    found = [f"note: {note}" for note in joined.notes]
    if joined.outcomes is not None:
        found.append(str(getattr(joined.outcomes.join, language)))
        if joined.outcomes.revenue_weighted is not None:
            found.append(f"NPS weighted by revenue: {joined.outcomes.revenue_weighted.score:+.1f}")
    if joined.response is not None:
        found.append(str(getattr(joined.response.rate, language)))
    if joined.panel is not None:
        moves = joined.panel.moves
        ends = f"{joined.panel.before} → {joined.panel.after}"
        found.append(f"{ends}: {moves.n:,} answered both, {moves.up:,} moved up, {moves.down:,} down")
    return found


def _notes(analysis: Analysis) -> list[str]:
    """Return what a reader must know before reading the score."""
    card, language = analysis.scorecard, analysis.settings["language"]
    low, high = analysis.settings["break_points"]
    notes = [] if (low, high) == (6, 9) else [f"break points {low},{high}: not comparable with a standard NPS (6,9)"]
    if card.mixed:
        notes.append(f"{len(card.touchpoints)} kinds of scores are mixed in it; they are shown apart")
    if card.weighting is not None:
        result, plain = card.weighting.result, card.weighting.unweighted.score
        notes.append(
            f"weighted by {card.weighting.heading} (unweighted {plain:+.1f}); effective n "
            f"{result.n_effective:,.0f} of {result.n:,}, design effect {result.design_effect:.2f}"
        )
    notes += [
        f"{row['segment']}: {row['values']:,} different values, all but the {row['kept']} largest joined"
        for row in analysis.depth.scan.groups.to_dict("records")
        if row["joined"]
    ]
    found = (card.sample_note, card.centre or None, card.reading)
    return notes + [str(getattr(note, language)) for note in found if note is not None]


def _who(row: dict[Any, Any], analysis: Analysis) -> str:
    parts = []
    if isinstance(row["who_value"], str):
        question = analysis.settings["questions"].get(row["who_segment"], row["who_segment"])
        parts.append(f"most in {question} = {row['who_value']}")
    if isinstance(row["since"], str):
        parts.append(f"more since {row['since']}")
    return f" ({'; '.join(parts)})" if parts else ""


def print_evaluation(result: dict[str, Any]) -> None:
    """Print the scores of a classifier beside its baselines, by subset and by label, and what it takes for what."""
    out = console()
    _print_rivals(out, result)
    for kind, subsets in result.get("subsets", {}).items():
        if subsets:
            table = _table(f"by {kind}", *_MAIN, "n")
            for name, scores in subsets.items():
                table.add_row(name, *_main(scores), str(scores["n"]))
            out.print(table)
    for name, key in (("sentiment", "per_class"), ("intent", "per_class"), ("themes", "per_theme")):
        table = _table(name, "precision", "recall", "F1", "n")
        for label, s in result[name][key].items():
            table.add_row(label, *(_number(s[k]) for k in ("precision", "recall", "f1")), str(s["n"]))
        out.print(table)
    for name in ("sentiment", "intent"):
        confusion = result[name].get("confusion", {})
        table = _table(f"{name}: rows are labelled, columns are given", *confusion)
        for label, found in confusion.items():
            table.add_row(label, *map(str, found.values()))
        out.print(table)


_MAIN = ("sentiment accuracy", "sentiment macro-F1", "intent accuracy", "theme micro-F1")


def _print_rivals(out: Console, result: dict[str, Any]) -> None:
    table = _table(f"{result['n']} labelled comments, 95 % bootstrap intervals", *_MAIN, "n")
    table.add_row(result["model"], *_main(result), str(result["n"]))
    rivals = result.get("baselines", [])
    for rival in rivals:
        if rival["language"] == "all":
            table.add_row(rival["name"], *_main(rival), str(rival["n"]))
    out.print(table)
    for language in sorted({r["language"] for r in rivals} - {"all"}):
        tools = [r for r in rivals if r["language"] == language]
        table = _table(f"sentiment of the {tools[0]['n']} comments in {language!r}", *_MAIN[:2])
        own = next((r["model"] for r in tools if not r["note"]), None)
        if own:
            table.add_row(result["model"], *_main(own)[:2])
            for tool in tools:
                if not tool["note"]:
                    table.add_row(tool["name"], *_main(tool)[:2])
            out.print(table)
        for tool in tools:
            if tool["note"]:
                out.print(f"{tool['name']}: {tool['note']}", **_PLAIN)


def _main(scores: dict[str, Any]) -> list[str]:
    cells = []
    for name, key in (
        ("sentiment", "accuracy"), ("sentiment", "macro_f1"), ("intent", "accuracy"), ("themes", "micro_f1"),
    ):  # fmt: skip
        interval = ((scores.get("intervals") or {}).get(name) or {}).get(key)
        between = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
        cells.append(_number((scores[name] or {}).get(key)) + between)
    return cells


def _table(title: str, *headings: str) -> Table:
    table = Table(title=title)
    for heading in ("", *headings):
        table.add_column(heading)
    return table


@contextmanager
def progress(total: int) -> Iterator[Callable[[int], None]]:
    """Show progress with rate and time left on a terminal; yields a function that is told the rows done."""
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    watched = Console(stderr=True)
    if not watched.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("reading"), BarColumn(), TaskProgressColumn(show_speed=True), TimeRemainingColumn())
    with Progress(*columns, console=watched, transient=True) as bar:
        task = bar.add_task("rows", total=total)
        yield lambda n: bar.advance(task, n)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
