"""What the commands do: run an analysis over a stream and write its files."""

from __future__ import annotations

import csv
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.errors import NpsNlpError
from nps_nlp.scoring import NPS, nps, nps_table, weighted_nps, weighted_nps_table
from nps_nlp.scoring.natural import natural_places
from nps_nlp.scoring.scales import MIN_N
from nps_nlp.tally import ALL, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from nps_nlp.answerers import Answerers
    from nps_nlp.classify.annotate import Answer
    from nps_nlp.insight.people import People
    from nps_nlp.intake import Export
    from nps_nlp.intake.rows import Table
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.result import Analysis
    from nps_nlp.scoring import NpsResult, RepeatedAnswers, Scale, WeightedNpsResult
    from nps_nlp.survey import IntakeLog, Survey

_CONFIDENCE = 0.95
# Scores take little room: more rows at a time than where comments are classified.
_SCORE_ROWS = 50_000
# A spreadsheet runs a CSV cell that starts with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_report(
    inputs: Iterable[str | Path] | Table,
    out: Path,
    columns: Mapping[str, Any],
    choices: Mapping[str, Any],
    masker: Masker | None = None,
) -> Analysis:
    """Analyse exports in one pass, write every result into a folder, and say what was decided and found.

    Parameters
    ----------
    inputs : iterable of str or Path, or Table
    out : Path
        Folder; made when missing. ``report.html``, ``report.xlsx``, ``analysis.json``, ``statements.parquet`` and
        ``quarantine.csv`` in it are replaced, and ``repairs.csv`` where a cell was damaged before the export.
    columns, choices : mapping
        Options of `open_export` and of `analyze`.
    masker : Masker, optional
        Masks personal data in all that is printed and written, by default without a key.
    """
    from nps_nlp.analysis import analyze_export
    from nps_nlp.intake import open_export
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.report.words import load_words
    from nps_nlp.show import print_columns, print_findings, print_masked, print_rows, progress

    masker = masker or Masker()
    export = open_export(inputs, **columns)
    out.mkdir(parents=True, exist_ok=True)
    with progress(export.estimated_rows) as advance, statement_writer(out / "statements.parquet") as write:

        def on_chunk(chunk: Survey, answers: list[Answer]) -> None:
            write(chunk, answers)
            advance(chunk.log.read)

        try:
            analysis = analyze_export(export, on_chunk=on_chunk, mask_pii=masker, **choices)
        except NpsNlpError:
            # Whoever reads why it failed needs to see what was read as what.
            print_columns(export, masker.text, load_words(choices.get("language") or "en"))
            raise
    # Only now is it known which language the comments, and so the report, are in.
    words = load_words(analysis.settings["language"])
    print_columns(export, masker.text, words)
    _write_results(out, analysis, export.log, masker)
    print_rows(export, masker.text, words)
    print_masked(masker, words)
    print_findings(analysis, out)
    return analysis


def _write_results(out: Path, analysis: Analysis, log: IntakeLog, masker: Masker) -> None:
    """Write all files but the statements, which are written while they are read."""
    from nps_nlp.privacy.pseudonyms import MAP_NAME

    (out / "analysis.json").write_text(analysis.to_json(), "utf-8")
    write_quarantine(out / "quarantine.csv", log, masker)
    if analysis.joined is not None and len(analysis.joined.unjoined):
        write_unjoined(out / "unjoined.csv", analysis.joined.unjoined)
    write_repairs(out / "repairs.csv", log, masker)
    analysis.to_html(out / "report.html")
    analysis.to_excel(out / "report.xlsx")
    if masker.pseudonyms is not None:
        masker.pseudonyms.write_map(out / MAP_NAME)


def score_export(
    inputs: Iterable[str | Path] | Table,
    columns: Mapping[str, Any],
    by: Sequence[str] = (),
    scale: Scale = NPS,
    masker: Masker | None = None,
) -> Scores:
    """Return the score of exports, without loading any text model.

    Parameters
    ----------
    inputs : iterable of str or Path, or Table
    columns : mapping
        Options of `open_export`.
    by : sequence of str
        Segment columns to break the score down by; ``"month"`` is the month of the answer. Groups of fewer than ten
        answers are counted together.
    scale : Scale
        The break points.
    masker : Masker, optional
        Masks groups that are personal data, by default without a key.

    Returns
    -------
    Scores
    """
    from nps_nlp.intake import open_export
    from nps_nlp.intake.layout import clean_heading
    from nps_nlp.privacy.masker import Masker
    from nps_nlp.show import progress

    named = tuple(dict.fromkeys((*columns.get("segments", ()), *(b for b in by if b != "month"))))
    masker, export = masker or Masker(), open_export(inputs, with_comments=False, **{**columns, "segments": named})
    # A column is named by its heading or by its question; groups are kept by the heading.
    headings = {export.columns.question(h): h for h in export.columns.segments}
    if not named:
        # The groups that nobody asked for need not be read.
        export.columns = replace(export.columns, segments=(), touchpoint=None, ratings=())
    total, people = Tally(scale=scale), _answerers(export) if by else None
    with progress(export.estimated_rows) as advance:
        for original in export.chunks():
            chunk = masker.survey(original)
            tally(chunk, into=total)
            if people is not None:
                people.add(original, (), chunk.segments)
            advance(chunk.log.read)
    everybody = _group_sums(total, "")[""]
    plain = {name: clean_heading(name) for name in by}
    again = None if people is None else people.again(total)
    groups = {name: _table(total, headings.get(key, key), again) for name, key in plain.items()}
    weighted = _weighted(total, everybody) if total.weighted else None
    repeated = None if people is None else people.repeated(total, _CONFIDENCE)
    return Scores(nps(*everybody[0]), weighted, groups, export, repeated)


class Scores(NamedTuple):
    """The score of all, unweighted; weighted where the survey is; by group; and the export with its account.

    ``repeated`` says what answers of the same people do to the score, where groups were asked for and people are known.
    """

    plain: NpsResult
    weighted: WeightedNpsResult | None
    groups: dict[str, pd.DataFrame]
    export: Export
    repeated: RepeatedAnswers | None

    @property
    def nps(self) -> NpsResult:
        """The score that counts: of the weighted responses where there are weights; counts are of respondents."""
        return self.plain if self.weighted is None else self.weighted.over(self.plain)


def _answerers(export: Export) -> Answerers | None:
    """Return what tells people apart, None where nothing does: it takes longer to load than a score to count."""
    if export.columns.respondent is None:
        return None
    from nps_nlp.answerers import Answerers

    return Answerers()


def _group_sums(total: Tally, name: str) -> dict[str, list[list[int]]]:
    """Return respondents, weights and squares by promoters, passives and detractors of every group."""
    sums: dict[str, list[list[int]]] = {}
    for (segment, value, period, score), *masses in total.masses("responses"):
        if segment == (ALL if name == "month" else name):
            group = sums.setdefault(period if name == "month" else value, [[0, 0, 0] for _ in masses])
            for cell, mass in zip(group, masses, strict=True):
                cell[1 - total.category(score)] += mass
    return sums


def _labels(sums: dict[str, list[list[int]]], months: bool) -> dict[str, str]:
    """Name the groups in their natural order; those of too few answers are one, where others have enough."""
    few = [group for group, masses in sums.items() if sum(masses[0]) < MIN_N and not months]
    few = few if len(few) < len(sums) else []
    places = natural_places([group for group in sums if group and group not in few]) or {}
    kept = sorted(sums.keys() - few, key=lambda group: (not group, places.get(group, 0.0), group))
    names = {group: group or ("(no date)" if months else "(blank)") for group in kept}
    return names | dict.fromkeys(few, f"({len(few)} with fewer than {MIN_N} answers each)")


def _table(total: Tally, name: str, again: People | None) -> pd.DataFrame:
    """Return the score of every group, with the errors of people where it is known who answered more than once."""
    import pandas as pd

    found = _group_sums(total, name)
    labels = _labels(found, name == "month")
    sums: dict[str, list[list[int]]] = {}
    for group, label in labels.items():
        joined = sums.get(label, [[0, 0, 0] for _ in range(3)])
        planes = zip(joined, found[group], strict=True)
        sums[label] = [[a + b for a, b in zip(*pair, strict=True)] for pair in planes]
    counts = np.array([planes[0] for planes in sums.values()], dtype=np.int64).reshape(-1, 3)
    if total.weighted:
        weights, squares = (
            np.array([[float(u) * worth for u in planes[at]] for planes in sums.values()])
            for at, worth in ((1, total.unit), (2, total.unit**2))
        )
        table = weighted_nps_table(counts, weights, squares)
    else:
        table = nps_table(pd.DataFrame(counts, columns=["promoters", "passives", "detractors"]))
    if again is not None:
        values = again.period if name == "month" else again.groups[name]
        table = _by_people(table, total, sums, (labels[value] for value in values), again)
    table.insert(0, "group", list(sums))
    return table


def _by_people(
    table: pd.DataFrame, total: Tally, sums: dict[str, list[list[int]]], groups: Iterable[str], again: People
) -> pd.DataFrame:
    from nps_nlp.insight.groups import Sums
    from nps_nlp.insight.levels import Levels, by_people

    rows = {label: at for at, label in enumerate(sums)}
    levels = Levels.of(total, [Sums(*planes) for planes in sums.values()], again, (rows[g] for g in groups))
    return by_people(table, levels, _CONFIDENCE)


def _weighted(total: Tally, sums: list[list[int]]) -> WeightedNpsResult:
    weights, squares = (
        [float(u) * worth for u in part] for part, worth in zip(sums[1:], (total.unit, total.unit**2), strict=True)
    )
    return weighted_nps(weights, squares, sum(sums[0]))


def write_quarantine(path: Path, log: IntakeLog, masker: Masker) -> None:
    """Write the rows that were set aside, with file, row and reason; nothing in it can run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "reason", "cells…"])
        for name, row, reason, cells in log.quarantined:
            shown = [masker.cell(c) for c in cells]
            writer.writerow(
                [name, row, masker.text(reason), *(f"'{c}" if c.startswith(_FORMULA) else c for c in shown)]
            )


def write_repairs(path: Path, log: IntakeLog, masker: Masker) -> None:
    """Write the cells that were damaged before the export; without any, a file of an earlier run is removed.

    Damage can be undone by anybody: where a repaired cell holds personal data, what it was before is masked like it.
    """
    path.unlink(missing_ok=True)
    if log.mended:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "row", "column", "what", "before", "after"])
            for mended in log.mended:
                after = masker.group(mended.column, mended.after).text
                before = masker.cell(mended.before) if after == mended.after else after
                cell = mended._replace(before=before, after=after)
                writer.writerow([f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in cell])


def write_unjoined(path: Path, rows: pd.DataFrame) -> None:
    """Write the rows of the survey and of the CRM that found no partner; nothing in it can run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows.columns)
        for row in rows.itertuples(index=False, name=None):
            writer.writerow([_harmless(str(cell)) for cell in row])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


@contextmanager
def statement_writer(path: Path) -> Iterator[Callable[[Survey, list[Answer]], None]]:
    """Write annotated statements to Parquet, chunk by chunk; the file is complete when the context ends."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from nps_nlp.classify.frame import statement_frame

    schema = _schema()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(chunk: Survey, answers: list[Answer]) -> None:
            frame = statement_frame(chunk, answers)
            writer.write_table(pa.Table.from_pandas(frame, schema=schema, preserve_index=False))

        yield write


def _schema() -> pa.Schema:
    import pyarrow as pa

    text, number = pa.string(), pa.float64()
    return pa.schema(
        [
            ("file", text), ("row", pa.int64()), ("respondent", text), ("score", pa.int8()),
            ("date", pa.timestamp("s")),
            ("question", text), ("statement", pa.int16()), ("start", pa.int32()), ("end", pa.int32()), ("text", text),
            ("language", text), ("themes", pa.list_(text)), ("theme_confidence", pa.list_(number)), ("sentiment", text),
            ("sentiment_confidence", number), ("intent", text),
        ]
    )  # fmt: skip
