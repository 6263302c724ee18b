"""What the command line prints: decisions, progress, findings. Quiet where nobody watches."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.privacy.find import MASKS
from nps_nlp.privacy.masker import mask_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from nps_nlp.intake import Export
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.report.words import Words
    from nps_nlp.result import Analysis

_ROLES = ("score", "comment", "date", "respondent", "segment", "weight", "wave", "key")
_WIDE, _LONGEST = 200, 60
# rich would read [brackets] in headings and comments as markup; they are customers' and analysts' words.
_PLAIN: dict[str, Any] = {"markup": False, "highlight": False}


def console() -> Console:
    """Return a console on standard output that wraps nothing and squeezes no table where it is not a terminal."""
    watched = sys.stdout.isatty()
    return Console(soft_wrap=not watched, width=None if watched else _WIDE)


def print_columns(export: Export, mask: Callable[[str], str], words: Words) -> None:
    """Print what was read as what, and why; notes can quote cells, so they are masked."""
    # Here and below, not at the top: `nps-nlp score` shows its progress from here and must not load the report room.
    from nps_nlp.report.words import translate_reason

    out, columns = console(), export.columns
    sure = {words("cli.sure", encoding=s.encoding, share=f"{s.confidence:.0%}") for s in export.sources if s.encoding}
    tools = ", ".join(sorted({s.tool for s in export.sources}))
    out.print(
        words("cli.files", n=len(export.sources), tools=tools, encodings=", ".join(sorted(sure)) or "–"), **_PLAIN
    )

    def line(role: str, heading: str, reason: str) -> None:
        question = " ".join(columns.question(heading).split())
        cut = question if len(question) <= _LONGEST else f"{question[:_LONGEST]}…"
        named = heading if question == " ".join(heading.split()) else words("cli.asked", heading=heading, question=cut)
        out.print(words("cli.column", role=words(f"cli_role.{role}"), heading=named, reason=reason), **_PLAIN)

    for decision in sorted((d for d in columns.decisions if d.role in _ROLES), key=lambda d: _ROLES.index(d.role)):
        line(decision.role, decision.heading, translate_reason(decision.reason, words.language))
    for rating in columns.ratings:
        scale = words("cli.scale_turned" if rating.turned else "cli.scale", low=rating.low, high=rating.high)
        line(rating.kind, rating.heading, scale)
    if columns.touchpoint:
        line("touchpoint", columns.touchpoint, words("cli.apart"))
    companions = {rating.heading for rating in columns.ratings}
    unused = sum(d.role not in _ROLES and d.heading not in companions for d in columns.decisions)
    out.print(words("cli.unused", n=unused), **_PLAIN)
    for path, note in dict.fromkeys((s.path, n) for s in export.sources for n in s.notes):
        out.print(words("cli.note", note=f"{path}: {mask(translate_reason(note, words.language))}"), **_PLAIN)


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


def print_rows(export: Export, mask: Callable[[str], str], words: Words) -> None:
    """Print the account of every row that was read; reasons can quote cells, so they are masked."""
    from nps_nlp.report.words import translate_reason

    log, out, language = export.log, console(), words.language
    read, kept, aside, twice = (f"{n:,}" for n in log.rows().values())
    out.print(words("cli.account", read=read, kept=kept, aside=aside, twice=twice), **_PLAIN)
    for remark in log.remarks(export.notes):
        out.print(words("cli.note", note=mask(translate_reason(remark, language))), **_PLAIN)
    for reason, n in mask_keys(log.reasons(), mask).items():
        out.print(words("cli.reason", n=f"{n:,}", reason=translate_reason(reason, language)), **_PLAIN)
    out.print(words("cli.comments", answers=f"{log.answers:,}", fillers=f"{log.fillers:,}"), **_PLAIN)


def print_masked(masker: Masker, words: Words) -> None:
    """Print how much personal data was masked, by kind."""
    found, name = masker.found(), 0 if words.language == "ja" else 1
    kinds = [words("cli.masked_kind", n=f"{n:,}", kind=MASKS[kind][name]) for kind, n in (found or {}).items()]
    said = words("cli.masked", kinds=words("cli.separator").join(kinds)) if kinds else words("cli.masked_none")
    console().print(words("cli.masked_off") if found is None else said, **_PLAIN)


def print_findings(analysis: Analysis, folder: Path) -> None:
    """Print the score, what belongs beside it, the first drivers and strengths, and where the files are."""
    from nps_nlp.report.words import load_words

    words = load_words(analysis.settings["language"])
    for sentence in (
        _score(analysis, words),
        *(words("cli.note", note=note) for note in _notes(analysis, words)),
        *_beside(analysis, words),
        *_joined(analysis, words),
        *_drivers(analysis, words),
        *_requests(analysis, words),
        words("cli.report", path=(folder / "report.html").resolve()),
    ):
        console().print(sentence, **_PLAIN)


def _score(analysis: Analysis, words: Words) -> str:
    result = analysis.nps
    return words(
        "cli.nps",
        metric=analysis.scorecard.metric,
        score=f"{result.score:+.1f}",
        confidence=f"{100 * result.confidence:g} %",
        method=result.method.replace("_", " ").replace("wald", "Wald"),
        low=f"{result.ci_low:+.1f}",
        high=f"{result.ci_high:+.1f}",
        n=f"{result.n:,}",
        promoters=f"{result.promoters:,}",
        passives=f"{result.passives:,}",
        detractors=f"{result.detractors:,}",
    )


def _beside(analysis: Analysis, words: Words) -> Iterator[str]:
    """Yield what stands beside the score: companion questions, touchpoints, those who wrote."""
    for row in analysis.scorecard.companions.to_dict("records"):
        shares = {"share": "top_box", "share_low": "top_box_ci_low", "share_high": "top_box_ci_high"}
        yield words(
            "cli.companion",
            **{name: row[name] for name in ("heading", "low", "high", "boxes")},
            **{name: f"{row[column]:.0%}" for name, column in shares.items()},
            kind=words(f"cli_role.{row['kind']}") if words.language == "ja" else row["kind"].upper(),
            mean=f"{row['mean']:.2f}",
            n=f"{row['n']:,}",
        )
    for row in analysis.scorecard.touchpoints.to_dict("records"):
        limits = {"score": f"{row['nps']:+.1f}", "low": f"{row['ci_low']:+.1f}", "high": f"{row['ci_high']:+.1f}"}
        kind = words.named("card", f"kind_{row['kind']}") if words.language == "ja" else row["kind"]
        yield words("cli.touchpoint", kind=kind, value=row["value"], n=f"{row['n']:,}", **limits)
    if analysis.writers:
        yield words("cli.writers", n=f"{analysis.writers.n:,}", score=f"{analysis.writers.score:+.1f}")


def _drivers(analysis: Analysis, words: Words) -> Iterator[str]:
    """Yield the first drivers and strengths that are beyond chance, by the rule of the report."""
    from nps_nlp.report.tables import is_certain, records

    for table, side in ((analysis.drivers, "negative"), (analysis.strengths, "positive")):
        certain = [row for row in records(table) if is_certain(row, side)]
        if len(table) and not certain:
            yield words("drivers.uncertain_down" if side == "negative" else "drivers.uncertain_up")
        for row in certain[:3]:
            low, high = row[f"impact_{side}_ci_low"], row[f"impact_{side}_ci_high"]
            yield words(
                f"cli.{side}",
                label=row[f"label_{words.language}"],
                impact=f"{row[f'impact_{side}']:+.1f}",
                low=f"{low:+.1f}",
                high=f"{high:+.1f}",
                who=_who(row, analysis, words),
            )


def _requests(analysis: Analysis, words: Words) -> Iterator[str]:
    """Yield how many ask for something, and about what."""
    from nps_nlp.report.format import percent
    from nps_nlp.report.tables import Names, records

    names, rows = Names.of(analysis, words), records(analysis.requests)
    shown = [row for row in rows[1:] if row["theme"] != UNMENTIONED and row["shown"]][:3]
    named = [words("cli.requests_theme", theme=names.theme(row["theme"]), n=f"{row['n']:,}") for row in shown]
    about = words("cli.requests_about", themes=words("cli.separator").join(named)) if named else ""
    if rows:
        yield words.many("cli.requests", int(rows[0]["n"]), share=percent(rows[0]["share"]), themes=about)


def _joined(analysis: Analysis, words: Words) -> list[str]:
    """Return what the joined tables say, a sentence each."""
    joined, language = analysis.joined, words.language
    if joined is None:
        return []
    found = [words("cli.plain_note", note=note) for note in joined.notes]
    if joined.outcomes is not None:
        found.append(str(getattr(joined.outcomes.join, language)))
        if joined.outcomes.revenue_weighted is not None:
            found.append(words("cli.revenue_weighted", score=f"{joined.outcomes.revenue_weighted.score:+.1f}"))
    if joined.response is not None:
        found.append(str(getattr(joined.response.rate, language)))
    if joined.panel is not None:
        panel = joined.panel
        moves = {name: f"{getattr(panel.moves, name):,}" for name in ("n", "up", "down")}
        found.append(words("cli.panel", before=panel.before, after=panel.after, **moves))
    return found


def _notes(analysis: Analysis, words: Words) -> list[str]:
    """Return what a reader must know before reading the score."""
    card, language = analysis.scorecard, words.language
    low, high = analysis.settings["break_points"]
    notes = [] if (low, high) == (6, 9) else [words("cli.break_points", low=low, high=high)]
    if card.mixed:
        notes.append(words("cli.mixed", n=len(card.touchpoints)))
    if card.weighting is not None:
        result, plain = card.weighting.result, card.weighting.unweighted.score
        numbers = {
            "n": f"{result.n:,}",
            "effective": f"{result.n_effective:,.0f}",
            "deff": f"{result.design_effect:.2f}",
        }
        notes.append(words("cli.weighted", heading=card.weighting.heading, plain=f"{plain:+.1f}", **numbers))
    notes += [
        words(
            "cli.many_values",
            segment=row["segment"],
            n=f"{row['values']:,}",
            kept=row["kept"],
            min_n=analysis.settings["min_n"],
        )
        for row in analysis.depth.scan.groups.to_dict("records")
        if row["joined"]
    ]
    found = (analysis.repeated, card.sample_note, card.centre or None, card.reading)
    return notes + [str(getattr(note, language)) for note in found if note is not None]


def _who(row: dict[Any, Any], analysis: Analysis, words: Words) -> str:
    parts = []
    if isinstance(row["who_value"], str):
        question = analysis.settings["questions"].get(row["who_segment"], row["who_segment"])
        parts.append(words("cli.most_in", question=question, value=row["who_value"]))
    if isinstance(row["since"], str):
        parts.append(words("cli.since", month=row["since"]))
    return words("cli.who", parts=words("cli.separator").join(parts)) if parts else ""


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
    # Where nothing is labelled there is no score, and a table of noughts would read as the worst one.
    labelled = [name for name in ("sentiment", "intent", "themes") if result[name]["n"]]
    for name in labelled:
        table = _table(name, "precision", "recall", "F1", "n")
        for label, s in result[name]["per_theme" if name == "themes" else "per_class"].items():
            table.add_row(label, *(_number(s[k]) for k in ("precision", "recall", "f1")), str(s["n"]))
        out.print(table)
    for name in labelled:
        confusion = result[name].get("confusion")
        if confusion:
            table = _table(f"{name}: rows are labelled, columns are given", *confusion)
            for label, found in confusion.items():
                table.add_row(label, *map(str, found.values()))
            out.print(table)
    _print_gaps(out, result, labelled)


def _print_gaps(out: Console, result: dict[str, Any], labelled: Sequence[str]) -> None:
    """Say which kinds of label the comments lack, and which of their themes the model cannot give."""
    for name in ("sentiment", "intent", "themes"):
        if name not in labelled:
            out.print(f"No comment is labelled with {name}: it is not scored.", **_PLAIN)
    unknown = result.get("unknown_themes")
    if unknown:
        out.print(
            f"Themes in the labels that the model never gives, so that they count as missed: {', '.join(unknown)}; "
            "check their spelling, or list them under optional.",
            **_PLAIN,
        )


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
