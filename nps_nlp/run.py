"""What the commands do: run an analysis over a stream and write its files."""

from __future__ import annotations

import csv
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from nps_nlp.scoring import NpsResult, category, nps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd
    import pyarrow as pa

    from nps_nlp.analysis import Analysis
    from nps_nlp.classify.annotate import Answer
    from nps_nlp.intake import Export
    from nps_nlp.intake.rows import Table
    from nps_nlp.survey import IntakeLog, Survey

# A spreadsheet runs a CSV cell that starts with one of these as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_report(
    inputs: Iterable[str | Path] | Table, out: Path, columns: Mapping[str, Any], choices: Mapping[str, Any]
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
    """
    from nps_nlp.analysis import analyze_export
    from nps_nlp.intake import open_export
    from nps_nlp.show import print_columns, print_findings, print_rows, progress

    export = open_export(inputs, **columns)
    print_columns(export)
    out.mkdir(parents=True, exist_ok=True)
    with progress(export.estimated_rows) as advance, statement_writer(out / "statements.parquet") as write:

        def on_chunk(chunk: Survey, answers: list[Answer]) -> None:
            write(chunk, answers)
            advance(chunk.log.read)

        analysis = analyze_export(export, on_chunk=on_chunk, **choices)
    (out / "analysis.json").write_text(analysis.to_json(), "utf-8")
    write_quarantine(out / "quarantine.csv", export.log)
    write_repairs(out / "repairs.csv", export.log)
    analysis.to_html(out / "report.html")
    analysis.to_excel(out / "report.xlsx")
    print_rows(export)
    print_findings(analysis, out)
    return analysis


def score_export(
    inputs: Iterable[str | Path] | Table, columns: Mapping[str, Any], by: Sequence[str] = ()
) -> tuple[NpsResult, dict[str, pd.DataFrame], Export]:
    """Return the score of exports, without loading any text model.

    Parameters
    ----------
    inputs : iterable of str or Path, or Table
    columns : mapping
        Options of `open_export`.
    by : sequence of str
        Segment columns to break the score down by; ``"month"`` is the month of the answer.

    Returns
    -------
    NpsResult, dict of str to DataFrame, Export
        The score of all; for each of `by` the table of `nps_by`; and the export with its notes and the account of
        every row.
    """
    from nps_nlp.intake import open_export
    from nps_nlp.scoring import nps_of_counts
    from nps_nlp.show import progress

    named = tuple(dict.fromkeys((*columns.get("segments", ()), *(b for b in by if b != "month"))))
    export = open_export(inputs, with_comments=False, **{**columns, "segments": named})
    if not named:
        # The groups that nobody asked for need not be read.
        export.columns = replace(export.columns, segments=())
    counts: dict[str, Counter[tuple[str, int]]] = {name: Counter() for name in ("", *by)}
    with progress(export.estimated_rows) as advance:
        for chunk in export.chunks():
            categories = category(chunk.responses["score"]).tolist()
            for name, count in counts.items():
                count.update(zip(_groups(chunk, name), categories, strict=True))
            advance(chunk.log.read)
    everybody = counts.pop("")
    result = nps(*(everybody["", c] for c in (1, 0, -1)))
    return result, {name: nps_of_counts(count) for name, count in counts.items()}, export


def _groups(chunk: Survey, name: str) -> list[str]:
    if not name:
        return [""] * len(chunk)
    if name == "month":
        return list(chunk.responses["date"].dt.strftime("%Y-%m").fillna(""))
    return list(chunk.segments[name])


def write_quarantine(path: Path, log: IntakeLog) -> None:
    """Write the rows that were set aside, with file, row and reason; nothing in it can run as a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "reason", "cells…"])
        for name, row, reason, cells in log.quarantined:
            writer.writerow([name, row, reason, *(f"'{c}" if c.startswith(_FORMULA) else c for c in cells)])


def write_repairs(path: Path, log: IntakeLog) -> None:
    """Write the cells that were damaged before the export; without any, a file of an earlier run is removed."""
    path.unlink(missing_ok=True)
    if log.mended:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["file", "row", "column", "what", "before", "after"])
            for cell in log.mended:
                writer.writerow([f"'{c}" if isinstance(c, str) and c.startswith(_FORMULA) else c for c in cell])


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
