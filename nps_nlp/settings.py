"""How an Analysis was made: everything that a reader needs to repeat it, and nothing that changes by itself."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from nps_nlp.classify.taxonomy import Taxonomy, load_taxonomy
from nps_nlp.insight.cells import MIN_MENTIONS
from nps_nlp.language import detect_language
from nps_nlp.privacy.masker import mask_keys
from nps_nlp.scoring import NPS, Scale, example_benchmarks, load_benchmarks
from nps_nlp.scoring.scales import scale_of
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.intake import Export
    from nps_nlp.intake.frame import SurveySource
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.tally import Tally

# Where fewer of all mentions than this are of the tourism themes, the survey is not about a journey.
_TOURISM_SHARE = 0.1
# A score question that speaks of the place of work is asked of employees.
_EMPLOYEES = re.compile(
    r"職場|働く場|この会社|勤務先|当社で働|自社で働|従業員|社員として|place to work|\bworkplace|\bemployer|\benps\b|"
    r"work(ing)? (here|at|for)",
    re.IGNORECASE,
)
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
    masker : Masker
        Has masked everything that the Tally holds.
    title : str or None
        Of the report; None for the name of the input.
    scale : Scale
        The break points of the score.
    metric : str or None
        ``"NPS"`` or ``"eNPS"``; None for what the question asks.
    benchmarks : DataFrame or None
        Scores to compare with, as of `load_benchmarks`.
    industry : str or None
        The own industry in that table.
    readings : mapping or None
        How the classifier reads comments with known labels, as of `nps_nlp.insight.load_readings`.
    """

    taxonomy: Taxonomy
    automatic: bool
    classifier: Classifier
    language: str | None
    confidence: float
    seed: int
    masker: Masker
    title: str | None = None
    scale: Scale = NPS
    metric: str | None = None
    benchmarks: pd.DataFrame | None = None
    industry: str | None = None
    readings: Mapping[str, NDArray[np.float64]] | None = None


class ScoreOptions(TypedDict, total=False):
    """Options of an analysis that concern the score alone.

    ``break_points`` is (highest detractor, lowest promoter); ``metric`` ``"NPS"`` or ``"eNPS"``; ``benchmarks`` a
    table, its file, or the name of a packaged one; ``industry`` the own one in it.

    ``crm`` and ``invitations`` are tables or their files, joined on ``crm_key`` (by default the name that the key has
    in the survey); ``waves`` is ``"file"``, ``"month"``, ``"quarter"`` or ``"year"``.
    """

    break_points: tuple[int, int] | None
    metric: str | None
    benchmarks: pd.DataFrame | str | Path | None
    industry: str | None
    crm: pd.DataFrame | str | Path | None
    crm_key: str | None
    invitations: pd.DataFrame | str | Path | None
    waves: str | None


PACKAGED = {"ntt_com_online_2022": example_benchmarks}


def score_settings(options: ScoreOptions) -> dict[str, Any]:
    """Return the fields of `Settings` that options of the score set.

    Raises
    ------
    ValueError
        If the break points are out of order.
    InputError
        If the table of benchmarks cannot be used.
    """
    source, industry = options.get("benchmarks"), options.get("industry")
    if source is None and industry is not None:
        source = "ntt_com_online_2022"
    table = PACKAGED[source]() if isinstance(source, str) and source in PACKAGED else source
    return {
        "scale": scale_of(options.get("break_points")),
        "metric": options.get("metric"),
        "benchmarks": None if table is None else load_benchmarks(table),
        "industry": industry,
    }


def metric_of(export: Export | SurveySource, options: Settings) -> str:
    """Return what the score is called: eNPS where the question speaks of the place of work."""
    if options.metric is not None:
        return options.metric
    columns = export.columns
    asked = (columns.score, columns.question(columns.score))
    return "eNPS" if any(map(_EMPLOYEES.search, asked)) else "NPS"


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
    columns, log, plain = export.columns, export.log, options.masker.text
    headings = [d.heading for d in columns.decisions] or [columns.score, *columns.comments]
    return {
        "title": options.title or _title(export),
        "language": options.language or report_language(total, headings),
        "sources": [
            {**asdict(s), "path": Path(s.path).name, "notes": [plain(n) for n in s.notes]} for s in export.sources
        ],
        "columns": columns.to_dict(),
        "questions": {h: columns.question(h) for h in (columns.score, *columns.comments, *columns.segments)},
        "decisions": [asdict(d) for d in columns.decisions],
        "reasons": mask_keys(log.reasons(), plain),
        "notes": [plain(n) for n in log.remarks(export.notes)],
        "answers": log.answers,
        "fillers": log.fillers,
        "masked": options.masker.found(),
        "writers": sum(n for (segment, _, _, _), n in total.writers.items() if segment == ALL),
        "taxonomy": options.taxonomy.name if shown == options.taxonomy.ids else "base",
        "themes": list(shown),
        "model": {"name": options.classifier.name, "fingerprint": options.classifier.fingerprint},
        "versions": {name: version(name) for name in _PACKAGES},
        "confidence": options.confidence,
        "seed": options.seed,
        "min_n": MIN_MENTIONS,
        "metric": metric_of(export, options),
        "break_points": [options.scale.detractor_max, options.scale.promoter_min],
        "weights": _weights(total, columns.weight),
    }


def _weights(total: Tally, heading: str | None) -> str | None:
    """Say what the weights are: none, equal (so that they change nothing), or their column."""
    return None if heading is None else heading if total.weighted else f"{heading} (equal)"


def _title(export: Export | SurveySource) -> str:
    paths = [Path(s.path) for s in export.sources]
    if len(paths) == 1:
        return paths[0].stem
    parents = {p.parent.name for p in paths}
    return f"{parents.pop()} ({len(paths)})" if len(parents) == 1 else f"{paths[0].stem} … ({len(paths)})"
