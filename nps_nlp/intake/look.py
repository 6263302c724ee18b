"""Look at the first rows of every file: its headings, a sample of its answers, whether it belongs here."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from nps_nlp.errors import InputError
from nps_nlp.intake.answer_key import AnswerKey, read_answer_key
from nps_nlp.intake.derived import Derived
from nps_nlp.intake.files import is_data_file
from nps_nlp.intake.folds import find_folds
from nps_nlp.intake.layout import HEAD_ROWS, Layout, clean_heading, find_layout, is_last_line
from nps_nlp.intake.long_format import find_long, widen
from nps_nlp.intake.profile import Sample, describe_all
from nps_nlp.intake.score_column import candidates
from nps_nlp.intake.tables import open_tables
from nps_nlp.intake.tools import GENERIC
from nps_nlp.survey import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from nps_nlp.intake.encodings import Encoding
    from nps_nlp.intake.rows import Row, Table

# The first answers of all files together, and of each at least: enough to judge a column that few files have.
SAMPLE_ROWS, _SAMPLE_ROWS_EACH = 4_000, 50
_COUNTED_ROWS = 20
# Confidence in an encoding below which a reader of the results should know of it.
_SURE = 0.9
_TAIL_ROWS, _TAIL_BYTES = 10, 4_000


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
    whole = len(first) < HEAD_ROWS + rows
    layout = find_layout(table, first[:HEAD_ROWS], tool, _tail(table, first, whole=whole))
    answers = list(layout.answers(first))
    sound = _sound(layout, answers)
    # Nobody's tool but a database writes one row an answer.
    long = (
        find_long(layout.headings, _columns(layout.headings, sound)) if layout.preset is GENERIC and not tool else None
    )
    if long:
        return look_at(widen(layout, long), rows, "generic")
    layout = _with_added(layout, _columns(layout.headings, sound))
    if layout.added:
        sound = [layout.added.complete(cells) for cells in sound]
    sample = Sample(str(table.path), _columns(layout.headings, sound))
    trouble = next((f"row {row.number}: {row.problem}" for row in answers if row.problem), "")
    return Look(layout, sample, len(answers) if whole else _expected_answers(table, answers), trouble)


def _sound(layout: Layout, answers: Sequence[Row]) -> list[list[str]]:
    """Return the cells of the rows that are whole, filled up to the width of the table."""
    width = layout.width
    return [
        row.cells + [""] * (width - len(row.cells))
        for row in answers
        if not row.problem
        and len(row.cells) <= width
        and not layout.drop_reason(row.cells)
        and not is_last_line(row.cells)
    ]


def _columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
    columns: Iterable[Sequence[str]] = zip(*rows, strict=True) if rows else [()] * len(headings)
    return dict(zip(headings, columns, strict=True))


def _with_added(layout: Layout, cells: dict[str, Sequence[str]]) -> Layout:
    """Explain option numbers by a key beside the answers, and put multiple choices together again."""
    key, notes = None, []
    for name, rows in layout.table.beside.items():
        key = read_answer_key(rows(), layout.headings)
        if key:
            notes.append(f"option numbers were replaced by the answers that sheet {name!r} explains")
            break
    folds, questions = find_folds(layout, cells, key)
    if folds:
        names = ", ".join(fold.heading for fold in folds)
        notes.append(f"multiple choices in several columns were put together: {names}")
    keys, texts = _explained(layout, cells, key, {at for fold in folds for at, _ in fold.options}) if key else ((), {})
    return layout.with_added(Derived(folds, keys, texts | questions), *notes) if folds or keys else layout


def _explained(
    layout: Layout, cells: dict[str, Sequence[str]], key: AnswerKey, folded: set[int]
) -> tuple[tuple[tuple[int, Mapping[str, str]], ...], dict[str, str]]:
    """Return option texts by column, and question texts, as a key has them."""
    keys, texts = [], {}
    for at, heading in enumerate(layout.headings):
        labels = key.labels(heading, {cell.strip() for cell in cells[heading]} - {""})
        if labels and at not in folded:
            keys.append((at, labels))
        if text := key.text(heading):
            texts[heading] = text
    return tuple(keys), texts


def _tail(table: Table, first: Sequence[Row], *, whole: bool) -> str:
    """Return the end of a file as far as ASCII shows it: the last rows, or the last bytes of a long text file."""
    if whole:
        return "\n".join(cell for row in first[-_TAIL_ROWS:] for cell in row.cells)
    if not (table.encoding and table.path.is_file()):
        return ""
    with table.path.open("rb") as file:
        file.seek(max(0, file.seek(0, 2) - _TAIL_BYTES))
        return file.read().decode("latin-1").replace("\x00", "")


def look_at_files(
    paths: Sequence[Path], tool: str | None = None, score: str | None = None, encoding: Encoding | None = None
) -> tuple[list[Look], list[str]]:
    """Look at every file; leave out what stands beside the exports and holds no scores, and say so.

    Only files whose names do not say that they hold data (``README.txt``), and members of an archive that has
    others, may be left out: a damaged export must not vanish from the numbers unseen.

    Parameters
    ----------
    paths : sequence of Path
    tool, score, encoding : optional
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
            tables, left_out = open_tables(path, encoding)
            beside = beside or len(tables) > 1
            found = [look_at(table, rows, tool) for table in tables]
        except InputError as error:
            if not beside:
                raise
            notes.append(f"file left out ({error})")
            continue
        notes += left_out
        for look in found:
            if beside and not _may_hold_scores(look, score):
                notes.append(f"file left out ({look.layout.table.path}: no column with 0–10 answers was found)")
            else:
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
