"""How an Analysis was made: everything that a reader needs to repeat it, and nothing that changes by itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.taxonomy import Taxonomy, load_taxonomy
from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.language import detect_language
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.intake import Export
    from nps_nlp.intake.frame import SurveySource
    from nps_nlp.tally import Tally

# Where fewer of all mentions than this are of the tourism themes, the survey is not about a journey.
_TOURISM_SHARE = 0.1
_PACKAGES = ("nps-nlp", "fugashi", "unidic-lite", "spacy")


@dataclass(frozen=True)
class Settings:
    """The choices of an analysis that are not columns.

    Attributes
    ----------
    taxonomy : Taxonomy
    automatic : bool
        The taxonomy was not chosen by the user: themes that do not belong to the survey's subject are left out.
    classifier : Classifier
    language : str or None
        Of the report; None for that of the comments.
    confidence : float
    seed : int
    title : str or None
        Of the report; None for the name of the input.
    """

    taxonomy: Taxonomy
    automatic: bool
    classifier: Classifier
    language: str | None
    confidence: float
    seed: int
    title: str | None = None


def shown_themes(total: Tally, options: Settings) -> tuple[str, ...]:
    """Return the themes of the report: all of the taxonomy, without the tourism ones where hardly anybody travels."""
    common = load_taxonomy("base").ids
    mentions: Counter[bool] = Counter()
    for (segment, _, theme, _, _), n in total.mentions.items():
        if segment == ALL:
            mentions[theme in common] += n
    if options.automatic and mentions[False] < _TOURISM_SHARE * mentions.total():
        return common
    return options.taxonomy.ids


def report_language(total: Tally, headings: Sequence[str]) -> str:
    """Return the language of most statements, or of the headings where there are none."""
    spoken: Counter[str] = Counter()
    for (_, language, _, _), n in total.statements.items():
        spoken[language] += n
    if not spoken:
        spoken.update(detect_language(h) for h in headings)
    return "ja" if spoken["ja"] > spoken["en"] else "en"


def collect_settings(
    total: Tally, export: Export | SurveySource, options: Settings, shown: Sequence[str]
) -> dict[str, Any]:
    """Return the settings as plain data for ``analysis.json`` and the last section of the report."""
    columns, log = export.columns, export.log
    headings = [d.heading for d in columns.decisions] or [columns.score, *columns.comments]
    return {
        "title": options.title or _title(export),
        "language": options.language or report_language(total, headings),
        "sources": [{**asdict(s), "path": Path(s.path).name, "notes": list(s.notes)} for s in export.sources],
        "columns": columns.to_dict(),
        "questions": {h: columns.question(h) for h in (columns.score, *columns.comments, *columns.segments)},
        "decisions": [asdict(d) for d in columns.decisions],
        "reasons": log.reasons(),
        "notes": log.remarks(export.notes),
        "answers": log.answers,
        "fillers": log.fillers,
        "writers": sum(n for (segment, _, _, _), n in total.writers.items() if segment == ALL),
        "taxonomy": options.taxonomy.name if shown == options.taxonomy.ids else "base",
        "themes": list(shown),
        "model": {"name": options.classifier.name, "fingerprint": options.classifier.fingerprint},
        "versions": {name: version(name) for name in _PACKAGES},
        "confidence": options.confidence,
        "seed": options.seed,
        "min_n": MIN_MENTIONS,
    }


def _title(export: Export | SurveySource) -> str:
    paths = [Path(s.path) for s in export.sources]
    if len(paths) == 1:
        return paths[0].stem
    parents = {p.parent.name for p in paths}
    return f"{parents.pop()} ({len(paths)})" if len(parents) == 1 else f"{paths[0].stem} … ({len(paths)})"
