"""The whole product in one screen: export → Survey → annotated statements → Tally → Analysis → report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp import insight
from nps_nlp.intake.export import CHUNK_ROWS
from nps_nlp.scoring import NpsResult, nps
from nps_nlp.settings import Settings, collect_settings, shown_themes
from nps_nlp.tally import ALL, Tally, category, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.insight.changes import Change
    from nps_nlp.intake import Export
    from nps_nlp.intake.frame import SurveySource
    from nps_nlp.survey import Survey

SEED = 20260401


@dataclass(frozen=True)
class Analysis:
    """The result of an analysis: tidy tables with their uncertainty, described in ``docs/analysis.md``.

    NPS, impacts and contributions are in NPS points (−100…100), shares 0–1. Theme tables rest on the writers: the
    respondents with at least one comment that is not a filler.
    """

    nps: NpsResult
    writers: NpsResult | None
    silent: NpsResult | None
    nps_change: Change
    distribution: pd.DataFrame
    themes: pd.DataFrame
    drivers: pd.DataFrame
    strengths: pd.DataFrame
    crosstab: pd.DataFrame
    segments: pd.DataFrame
    segment_themes: pd.DataFrame
    trend: pd.DataFrame
    theme_trend: pd.DataFrame
    terms: pd.DataFrame
    all_quotes: pd.DataFrame
    questions: pd.DataFrame
    disagreement: pd.DataFrame
    rows: dict[str, int]
    settings: dict[str, Any]
    tally: Tally
    statements: pd.DataFrame | None = None

    def quotes(self, theme: str, *, polarity: str | None = None, category: str | None = None) -> pd.DataFrame:
        """Return the chosen quotes of a theme, the most typical first.

        Parameters
        ----------
        theme : str
            Theme id.
        polarity : {"negative", "positive", "neutral"}, optional
        category : {"promoter", "passive", "detractor"}, optional
        """
        table = self.all_quotes[self.all_quotes["theme"] == theme]
        for column, wanted in (("polarity", polarity), ("category", category)):
            table = table if wanted is None else table[table[column] == wanted]
        return table.sort_values(["rank", "polarity", "category"], ignore_index=True)

    def to_html(self, path: str | Path | None = None, *, language: str | None = None) -> str:
        """Return the report as one self-contained HTML page, and write it where a path is given."""
        from pathlib import Path

        from nps_nlp.report.html import render_html

        page = render_html(self, language or self.settings["language"])
        if path is not None:
            Path(path).write_text(page, "utf-8")
        return page

    def to_excel(self, path: str | Path, *, language: str | None = None) -> None:
        """Write the tables as a workbook."""
        from pathlib import Path

        from nps_nlp.report.excel import write_excel

        write_excel(self, Path(path), language or self.settings["language"])

    def to_json(self) -> str:
        """Return ``analysis.json``: the same bytes for the same input and version."""
        from nps_nlp.report.json import render_json

        return render_json(self)


def analyze(
    source: Iterable[str | Path] | str | Path | Survey | pd.DataFrame,
    *,
    score: str | None = None,
    comments: Sequence[str] = (),
    segments: Sequence[str] = (),
    date: str | None = None,
    tool: str | None = None,
    drop_duplicates: bool = False,
    **choices: Any,
) -> Analysis:
    """Analyse a survey: from export files, a Survey or a DataFrame to an Analysis.

    Parameters
    ----------
    source : path(s), Survey or DataFrame
        Files, folders or globs; or responses already in memory.
    score, comments, segments, date, tool, drop_duplicates
        As in `nps_nlp.intake.open_export`: found by themselves where not given. A Survey has its roles already.
    **choices
        taxonomy, model, language, confidence, seed, title and chunk_rows of `analyze_export`.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        When the input cannot be used; says which file and column, and what to do.

    Examples
    --------
    >>> from nps_nlp.demo import demo_path
    >>> result = analyze(demo_path("en"))
    >>> result.drivers["id"].iloc[0]
    'speed'
    """
    from nps_nlp.intake.frame import open_source

    export = open_source(
        source,
        score=score,
        comments=tuple(comments),
        segments=tuple(segments),
        date=date,
        tool=tool,
        drop_duplicates=drop_duplicates,
    )
    return analyze_export(export, **choices)


def analyze_export(
    export: Export | SurveySource,
    *,
    taxonomy: str | Path | None = None,
    model: str | Classifier = "fast",
    language: str | None = None,
    confidence: float = 0.95,
    seed: int = SEED,
    title: str | None = None,
    chunk_rows: int = CHUNK_ROWS,
    on_chunk: Callable[[Survey, list[Answer]], None] | None = None,
) -> Analysis:
    """Analyse an opened export in one pass.

    Parameters
    ----------
    export : Export
        From `nps_nlp.intake.open_export`.
    taxonomy : str or Path, optional
        ``"base"``, ``"tourism"`` or a TOML file. By default the built-in themes that occur.
    model : str or Classifier
        As in `load_classifier`, or a classifier of your own.
    language : {"ja", "en"}, optional
        Of the report; by default that of the comments.
    confidence : float
        Of all intervals.
    seed : int
        Of the bootstrap.
    title : str, optional
        Of the report; by default the name of the input.
    chunk_rows : int
        Responses read at a time; the result does not depend on it.
    on_chunk : callable, optional
        Is handed every chunk with its annotated answers, instead of keeping ``Analysis.statements`` in memory.

    Returns
    -------
    Analysis
    """
    from nps_nlp.classify import load_classifier
    from nps_nlp.classify.annotate import Annotator
    from nps_nlp.classify.frame import statement_frame
    from nps_nlp.classify.taxonomy import load_taxonomy

    classifier = load_classifier(model) if isinstance(model, str) else model
    annotator = Annotator(classifier, load_taxonomy(taxonomy or "tourism"))
    total, frames = Tally(), []
    for chunk in export.chunks(chunk_rows):
        answers = annotator.annotate(chunk)
        total.absorb(tally(chunk, answers))
        if on_chunk is None:
            frames.append(statement_frame(chunk, answers))
        else:
            on_chunk(chunk, answers)
    options = Settings(
        taxonomy=annotator.taxonomy,
        automatic=taxonomy is None,
        classifier=annotator.classifier,
        language=language,
        confidence=confidence,
        seed=seed,
        title=title,
    )
    return build_analysis(total, export, options, frames)


def build_analysis(
    total: Tally, export: Export | SurveySource, options: Settings, frames: Sequence[pd.DataFrame] = ()
) -> Analysis:
    """Compute an Analysis from a Tally; the export tells how it was read."""
    import pandas as pd

    shown = shown_themes(total, options)
    data = insight.cells(total, shown)
    theme_table = insight.theme_table(data, options.taxonomy, seed=options.seed, confidence=options.confidence)
    by_group = insight.segment_themes(total, shown)
    by_month = insight.theme_trend(total, shown)
    trend = insight.trend_table(total, options.confidence)
    everybody, wrote = _counts(total.responses), _counts(total.writers)
    return Analysis(
        nps=nps(*everybody, confidence=options.confidence),
        writers=_nps(wrote, options),
        silent=_nps([a - b for a, b in zip(everybody, wrote, strict=True)], options),
        nps_change=insight.score_change(trend),
        distribution=_distribution(total),
        themes=theme_table,
        drivers=insight.rank_drivers(theme_table, by_group, by_month, "negative"),
        strengths=insight.rank_drivers(theme_table, by_group, by_month, "positive"),
        crosstab=insight.crosstab(data),
        segments=insight.segment_table(total, options.confidence),
        segment_themes=by_group,
        trend=trend,
        theme_trend=by_month,
        terms=insight.term_table(total, shown),
        all_quotes=insight.quote_table(total, shown),
        questions=insight.question_table(total, export.columns.comments),
        disagreement=insight.disagreement_table(total),
        rows=export.log.rows(),
        settings=collect_settings(total, export, options, shown),
        tally=total,
        statements=pd.concat(frames, ignore_index=True) if frames else None,
    )


def _counts(counter: dict[tuple[str, str, str, int], int]) -> list[int]:
    """Return promoters, passives and detractors of everybody in a score counter."""
    found = {1: 0, 0: 0, -1: 0}
    for (segment, _, _, score), n in counter.items():
        if segment == ALL:
            found[category(score)] += n
    return list(found.values())


def _nps(counts: Sequence[int], options: Settings) -> NpsResult | None:
    return nps(*counts, confidence=options.confidence) if sum(counts) else None


def _distribution(total: Tally) -> pd.DataFrame:
    import pandas as pd

    counts = [0] * 11
    for (segment, _, _, score), n in total.responses.items():
        if segment == ALL:
            counts[score] += n
    return pd.DataFrame({"score": range(11), "count": counts, "share": [c / sum(counts) for c in counts]})
