"""Look at the first rows of every file: its headings, a sample of its answers, whether it belongs here."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.errors import InputError
from nps_nlp.intake.files import is_data_file
from nps_nlp.intake.layout import HEAD_ROWS, Layout, clean_heading, find_layout
from nps_nlp.intake.profile import Sample, describe_all
from nps_nlp.intake.score_column import candidates
from nps_nlp.intake.tables import open_table
from nps_nlp.survey import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from nps_nlp.intake.rows import Row, Table

# The first answers of all files together, and of each at least: enough to judge a column that few files have.
SAMPLE_ROWS, _SAMPLE_ROWS_EACH = 4_000, 50
_COUNTED_ROWS = 20
# Confidence in an encoding below which a reader of the results should know of it.
_SURE = 0.9


class Look(NamedTuple):
    """What the first rows of a file tell.

    Attributes
    ----------
    layout : Layout
        The file and its headings.
    sample : Sample
        The cells of its first sound answers.
    answers : int
        How many answers it holds, about: exact for small files.
    trouble : str
        The first damaged row, empty where there is none.
    """

    layout: Layout
    sample: Sample
    answers: int
    trouble: str

    def source(self, *notes: str) -> SourceFile:
        """Return what the file was read as."""
        table = self.layout.table
        notes = (*table.notes, *self.layout.notes, *notes)
        notes += tuple(f"{n} {what}" for what, n in table.damage.items())
        if not self.answers:
            notes += ("headings but no answers",)
        encoding, sure = (table.encoding.name, table.encoding.confidence) if table.encoding else (None, 1.0)
        if sure < _SURE:
            notes += (f"the encoding {encoding} is not certain ({sure:.0%}); name another with --encoding",)
        return SourceFile(str(table.path), table.format, self.layout.preset.id, encoding, notes, sure)


def look_at(table: Table, rows: int = SAMPLE_ROWS, tool: str | None = None) -> Look:
    """Find the headings of a table and take its first `rows` answers.

    Raises
    ------
    InputError
        When the table has no row of headings.
    """
    first = list(islice(table.rows(), HEAD_ROWS + rows))
    layout = find_layout(table, first[:HEAD_ROWS], tool)
    answers = list(layout.answers(first))
    width = len(layout.headings)
    sound = [
        row.cells + [""] * (width - len(row.cells))
        for row in answers
        if not row.problem and len(row.cells) <= width and not layout.drop_reason(row.cells)
    ]
    columns: Iterable[Sequence[str]] = zip(*sound, strict=True) if sound else [()] * width
    sample = Sample(str(table.path), dict(zip(layout.headings, columns, strict=True)))
    trouble = next((f"row {row.number}: {row.problem}" for row in answers if row.problem), "")
    whole = len(first) < HEAD_ROWS + rows
    return Look(layout, sample, len(answers) if whole else _expected_answers(table, answers), trouble)


def look_at_files(
    paths: Sequence[Path], tool: str | None = None, score: str | None = None
) -> tuple[list[Look], list[str]]:
    """Look at every file; leave out what stands beside the exports and holds no scores, and say so.

    Only files whose names do not say that they hold data (``README.txt``) may be left out: a damaged export
    must not vanish from the numbers unseen.

    Parameters
    ----------
    paths : sequence of Path
    tool, score : str, optional
        As in `open_export`.

    Raises
    ------
    InputError
        When an export cannot be read, or no file holds scores.
    """
    rows = max(_SAMPLE_ROWS_EACH, SAMPLE_ROWS // len(paths))
    looks, notes = [], []
    for path in paths:
        beside = len(paths) > 1 and not is_data_file(path)
        try:
            look = look_at(open_table(path), rows, tool)
        except InputError as error:
            if not beside:
                raise
            notes.append(f"file left out ({error})")
            continue
        if beside and not _may_hold_scores(look, score):
            notes.append(f"file left out ({path}: no column with 0–10 answers was found)")
            continue
        looks.append(look)
    if not looks:
        where = together(paths)
        raise InputError(f"{where}: no file holds 0–10 answers; name the export itself ({notes[0]}).")
    return looks, notes


def together(paths: Sequence[Path]) -> str:
    """Return several files in a few words, for titles and messages."""
    return str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more files"


def _may_hold_scores(look: Look, score: str | None) -> bool:
    if score is not None:
        return clean_heading(score) in look.sample.cells
    return bool(candidates(describe_all([look.sample], look.layout.questions)))


def _expected_answers(table: Table, answers: Sequence[Row]) -> int:
    """Estimate the answers of a file from its lines, as many of which make a row as at its start."""
    counted = answers[:_COUNTED_ROWS]
    lines = sum(1 + sum(cell.count("\n") for cell in row.cells) for row in counted)
    return max(len(answers), table.lines * len(counted) // max(1, lines))
