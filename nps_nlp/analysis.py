"""The whole product in one screen: export → Survey → annotated statements → Tally → Analysis → report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from nps_nlp import insight
from nps_nlp.answerers import Answerers
from nps_nlp.classify import DEFAULT_MODEL, load_classifier
from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.collector import no_collector
from nps_nlp.intake.export import CHUNK_ROWS
from nps_nlp.joined import join_all, open_ledger
from nps_nlp.quote_pool import REQUEST
from nps_nlp.result import Analysis
from nps_nlp.scorecard import build_scorecard, distribution_table, everybody, score_of
from nps_nlp.settings import ScoreOptions, Settings, collect_settings, metric_of, score_settings, shown_themes
from nps_nlp.tally import Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.classify.protocol import Classifier
    from nps_nlp.insight.people import People
    from nps_nlp.intake import Export
    from nps_nlp.intake.frame import SurveySource
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.survey import Survey

SEED = 20260401
_OTHER_COLUMNS = {"respondent", "weight", "touchpoint", "wave", "key", "score_coding"}


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
        The other columns of `open_export` (respondent, weight, touchpoint, wave, key) and its score_coding; taxonomy,
        model, language, confidence, seed, title, mask_pii, chunk_rows, errors, break_points, metric, benchmarks and
        industry of `analyze_export`.

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

    others = {name: choices.pop(name) for name in _OTHER_COLUMNS & choices.keys()}
    export = open_source(
        source,
        score=score,
        comments=tuple(comments),
        segments=tuple(segments),
        date=date,
        tool=tool,
        drop_duplicates=drop_duplicates,
        **others,
    )
    return analyze_export(export, **choices)


def analyze_export(  # noqa: PLR0913 - keyword options that mirror the command line
    export: Export | SurveySource,
    *,
    taxonomy: str | Path | None = None,
    model: str | Classifier = DEFAULT_MODEL,
    language: str | None = None,
    confidence: float = 0.95,
    seed: int = SEED,
    title: str | None = None,
    mask_pii: bool | Masker = True,
    chunk_rows: int = CHUNK_ROWS,
    errors: str | Path | None = None,
    on_chunk: Callable[[Survey, list[Answer]], None] | None = None,
    **score_options: Unpack[ScoreOptions],
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
    mask_pii : bool or Masker
        Mask personal data in all that the Analysis holds; labels are those of the original text. A
        `nps_nlp.privacy.masker.Masker` of your own can use a key.
    chunk_rows : int
        Responses read at a time; the result does not depend on it.
    errors : str or Path, optional
        What ``nps-nlp evaluate LABELLED.jsonl --json`` printed for the classifier: how often it errs, theme by theme.
        ``Analysis.depth.corrected`` then has the drivers without these errors.
    on_chunk : callable, optional
        Is handed every chunk with its annotated answers, instead of keeping ``Analysis.statements`` in memory.
    **score_options
        break_points (highest detractor, lowest promoter), metric (``"NPS"`` or ``"eNPS"``, by default what the question
        asks), benchmarks (a table of scores, its file, or ``"ntt_com_online_2022"``), industry (the own one in it);
        crm, crm_key, invitations and waves of `nps_nlp.joined.join_all`.

    Returns
    -------
    Analysis
    """
    from nps_nlp.classify.annotate import Annotator
    from nps_nlp.classify.frame import statement_frame
    from nps_nlp.classify.taxonomy import load_taxonomy
    from nps_nlp.privacy.masker import Masker

    chosen = score_settings(score_options)
    classifier = load_classifier(model) if isinstance(model, str) else model
    annotator = Annotator(classifier, load_taxonomy(taxonomy or "tourism"))
    masker = Masker(on=mask_pii) if isinstance(mask_pii, bool) else mask_pii
    readings = None if errors is None else insight.load_readings(Path(errors), classifier.name)
    total, frames, ledger = Tally(scale=chosen["scale"]), [], open_ledger(export.columns, score_options)
    people = Answerers(across=ledger is not None and ledger.wave is not None)
    for original in export.chunks(chunk_rows):
        # From here on nothing holds personal data: neither the Tally nor anything that is shown or written.
        chunk, answers = masker.survey(original), masker.answers(annotator.annotate(original))
        tally(chunk, answers, into=total)
        # Masked ids would make different people one: hashes of them are kept, and what is joined is masked at the end.
        people.add(original, answers, chunk.segments)
        if ledger is not None:
            ledger.add(original, answers)
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
        masker=masker,
        title=title,
        readings=readings,
        **chosen,
    )
    found = build_analysis(total, export, options, frames, people.again(total))
    found = replace(found, repeated=people.repeated(total, confidence))
    if ledger is None:
        return found
    joined = join_all(ledger, export.columns, score_options, total.scale, confidence)
    return replace(found, joined=joined.masked(masker.identifier, masker.cell))


@no_collector()
def build_analysis(
    total: Tally,
    export: Export | SurveySource,
    options: Settings,
    frames: Sequence[pd.DataFrame] = (),
    people: People | None = None,
) -> Analysis:
    """Compute an Analysis from a Tally, and those who answered more than once; the export tells how it was read."""
    import pandas as pd

    shown = shown_themes(total, options)
    wrote_again = None if people is None else people.writing()
    data = insight.cells(total, shown, wrote_again)
    impacts = insight.impact_table(data, seed=options.seed, confidence=options.confidence)
    theme_table = insight.theme_table(data, options.taxonomy, impacts)
    counted = insight.count_groups(total, shown, wrote_again)
    by_group = insight.segment_themes(total, shown, counted=counted)
    by_month = insight.theme_trend(total, shown, wrote_again)
    trend = insight.trend_table(total, options.confidence, people)
    card = build_scorecard(
        total,
        export.columns,
        confidence=options.confidence,
        metric=metric_of(export, options),
        benchmarks=options.benchmarks,
        industry=options.industry,
        people=people,
    )
    whole, wrote = everybody(total), everybody(total, "writers")
    score = score_of(total, whole, options.confidence)
    assert score is not None  # an export without a response was refused
    return Analysis(
        nps=score,
        scorecard=card,
        writers=score_of(total, wrote, options.confidence),
        silent=score_of(total, whole - wrote, options.confidence),
        nps_change=insight.score_change(trend, insight.month_levels(total, people)),
        distribution=distribution_table(total),
        themes=theme_table,
        impacts=impacts,
        drivers=insight.rank_drivers(theme_table, by_group, by_month, "negative"),
        strengths=insight.rank_drivers(theme_table, by_group, by_month, "positive"),
        crosstab=insight.crosstab(data),
        segments=insight.segment_table(total, options.confidence, people),
        segment_themes=by_group,
        trend=trend,
        theme_trend=by_month,
        terms=insight.term_table(total, shown),
        all_quotes=insight.quote_table(total, shown),
        questions=insight.question_table(total, export.columns.comments),
        disagreement=insight.disagreement_table(total),
        requests=insight.request_table(total, shown, options.confidence),
        request_quotes=insight.quote_table(total, [*shown, UNMENTIONED], [REQUEST]),
        depth=insight.depth(
            total,
            shown,
            data,
            (trend, by_month),
            counted,
            seed=options.seed,
            confidence=options.confidence,
            readings=options.readings,
            people=people,
        ),
        rows=export.log.rows(),
        settings=collect_settings(total, export, options, shown),
        tally=total,
        people=people,
        statements=pd.concat(frames, ignore_index=True) if frames else None,
    )
