"""Read exports as one survey: decide on a sample, then stream every row, accounting for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.answers import is_filler, parse_score
from nps_nlp.intake.dates import day_comes_first, parse_dates
from nps_nlp.intake.files import find_inputs
from nps_nlp.intake.layout import Layout, find_layout
from nps_nlp.intake.profile import describe
from nps_nlp.intake.roles import Wishes, assign_roles
from nps_nlp.intake.tables import MAX_CELL, open_table
from nps_nlp.survey import Columns, IntakeLog, SourceFile, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from nps_nlp.survey import Role

CHUNK_ROWS = 5_000
_SAMPLE_ROWS = 6_000


@dataclass
class Export:
    """Input files whose columns are understood; ``chunks()`` streams the responses.

    Attributes
    ----------
    columns : Columns
        The role of every column of the union of the files.
    sources : tuple of SourceFile
        What each file was read as.
    log : IntakeLog
        The account of all rows, complete once ``chunks()`` is exhausted.
    """

    layouts: tuple[Layout, ...]
    columns: Columns
    sources: tuple[SourceFile, ...]
    day_first: bool
    drop_duplicates: bool = False
    log: IntakeLog = field(default_factory=IntakeLog)

    @property
    def name(self) -> str:
        """The input in a few words, for titles and messages."""
        first = self.layouts[0].table.path
        return str(first) if len(self.layouts) == 1 else f"{first} and {len(self.layouts) - 1} more files"

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[Survey]:
        """Yield the kept responses, at most `rows` a chunk, in file order; the rest goes to the log.

        Raises
        ------
        InputError
            After the last row, when not one row could be used.
        """
        self.log = IntakeLog()
        seen: set[int] = set()
        union = list(dict.fromkeys(h for layout in self.layouts for h in layout.headings))
        for layout in self.layouts:
            reader = _Reader(self, layout, union, seen)
            answers = layout.answers()
            while batch := list(islice(answers, rows)):
                survey = reader.read(batch)
                self.log += survey.log
                yield survey
        if not self.log.kept:
            reasons = ", ".join(f"{n} × {reason}" for reason, n in self.log.reasons().items())
            raise InputError(f"{self.name}: none of the {self.log.read} rows can be used ({reasons}); name the 0–10 column with --score.")


def open_export(
    inputs: Iterable[str | Path] | str | Path,
    *,
    score: str | None = None,
    comments: Sequence[str] = (),
    segments: Sequence[str] = (),
    date: str | None = None,
    tool: str | None = None,
    drop_duplicates: bool = False,
) -> Export:
    """Understand the columns of one or more export files without reading all of their rows.

    Parameters
    ----------
    inputs : str, Path or iterable of them
        Files, folders or glob patterns; read as one survey with the union of their columns.
    score, comments, segments, date : str or sequences of str, optional
        Columns by heading or question text; found from names and contents where not given.
    tool : str, optional
        Preset id of the survey tool; recognised from the contents where not given.
    drop_duplicates : bool
        Set exact repetitions of a row aside instead of keeping and counting them.

    Raises
    ------
    InputError
        With the file, the column and the next step.
    """
    paths = find_inputs([inputs] if isinstance(inputs, str) or not hasattr(inputs, "__iter__") else inputs)
    layouts = tuple(find_layout(open_table(p), tool) for p in paths)
    sample = _sample(layouts)
    questions = {h: q for layout in reversed(layouts) for h, q in layout.questions.items()}
    profiles = [describe(h, questions.get(h, h), cells) for h, cells in sample.items()]
    where = str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} more files"
    columns = assign_roles(profiles, _preset_roles(layouts), Wishes(score, tuple(comments), tuple(segments), date), where)
    day_first = day_comes_first(sample[columns.date]) if columns.date else False
    return Export(layouts, columns, tuple(_source(layout) for layout in layouts), day_first, drop_duplicates)


def read_export(inputs: Iterable[str | Path] | str | Path, **options: object) -> Survey:
    """Read one or more survey exports into memory as one Survey; the options are those of `open_export`.

    Examples
    --------
    >>> from nps_nlp.demo import demo_path
    >>> survey = read_export(demo_path("en"))
    >>> survey.columns.score, survey.log.rows()
    ('Q1', {'read': 456, 'kept': 450, 'quarantined': 6, 'duplicates': 0})
    """
    import pandas as pd

    export = open_export(inputs, **options)  # type: ignore[arg-type]
    parts = list(export.chunks())
    frames = [pd.concat([getattr(p, name) for p in parts], ignore_index=True) for name in ("responses", "comments", "segments")]
    return Survey(frames[0], frames[1], frames[2], export.columns, export.log)


def _sample(layouts: Sequence[Layout]) -> dict[str, list[str]]:
    """Take the first answers of every file: enough to judge a column, also one that only late files have."""
    each = max(200, _SAMPLE_ROWS // len(layouts))
    cells: dict[str, list[str]] = {}
    for layout in layouts:
        for heading in layout.headings:
            cells.setdefault(heading, [])
        for row in islice(layout.answers(), each):
            if row.problem or _is_dropped(layout, row.cells):
                continue
            for heading, cell in zip(layout.headings, row.cells, strict=False):
                cells[heading].append(cell)
    return cells


def _preset_roles(layouts: Sequence[Layout]) -> dict[str, Role]:
    return {h: role for layout in layouts for h in layout.headings if (role := layout.preset.role_of(h))}  # type: ignore[misc]


def _source(layout: Layout) -> SourceFile:
    table = layout.table
    return SourceFile(str(table.path), table.format, layout.preset.id, table.encoding, table.notes + layout.notes)


def _is_dropped(layout: Layout, cells: Sequence[str]) -> str:
    """Return why the tool's rules drop a row, empty when they do not."""
    import re

    for heading, (pattern, reason) in layout.preset.drop.items():
        if heading in layout.headings:
            index = layout.headings.index(heading)
            if index < len(cells) and re.fullmatch(pattern, cells[index].strip()):
                return reason
    return ""


class _Reader:
    """Turn batches of raw rows of one file into Surveys."""

    def __init__(self, export: Export, layout: Layout, union: list[str], seen: set[int]) -> None:
        self.export, self.layout, self.seen = export, layout, seen
        self.width = len(layout.headings)
        place = {h: i for i, h in enumerate(layout.headings)}
        self.place = place
        # Rows are compared over the union of the columns, so that column order and missing columns do not matter.
        self.key = itemgetter(*(place.get(h, self.width) for h in union), self.width)
        self.file = str(layout.table.path)

    def read(self, batch: list) -> Survey:  # type: ignore[type-arg]
        """Check every row of a batch and lay the kept ones out as a Survey."""
        log = IntakeLog(read=len(batch))
        score_at = self.place.get(self.export.columns.score, self.width)
        kept: list[list[str]] = []
        numbers: list[int] = []
        scores: list[int] = []
        for number, cells, problem in batch:
            reason = problem or self._damage(cells)
            row = cells + [""] * (self.width + 1 - len(cells)) if len(cells) <= self.width else [*cells[: self.width], ""]
            score, why = (None, reason) if reason else parse_score(row[score_at])
            if score is not None and self._is_repeated(row):
                log.duplicates += 1
                if self.export.drop_duplicates:
                    score, why = None, "exact duplicate of an earlier row"
            if score is None:
                log.quarantine(self.file, number, why, cells)
                continue
            kept.append(row)
            numbers.append(number)
            scores.append(score)
        log.kept = len(kept)
        return self._survey(kept, numbers, scores, log)

    def _damage(self, cells: list[str]) -> str:
        if len(cells) > self.width and any(c.strip() for c in cells[self.width :]):
            return f"{len(cells)} cells where the headings are {self.width}: an unquoted delimiter in a comment?"
        if len(cells) < 2 and self.width > 2:
            return f"{len(cells)} cells where the headings are {self.width}: a truncated row"
        if any(len(c) > MAX_CELL for c in cells):
            return f"a cell of over {MAX_CELL:,} characters: an unclosed quote?"
        return _is_dropped(self.layout, cells) if self.layout.preset.drop else ""

    def _is_repeated(self, row: list[str]) -> bool:
        before = len(self.seen)
        self.seen.add(hash(self.key(row)))
        return len(self.seen) == before

    def _survey(self, rows: list[list[str]], numbers: list[int], scores: list[int], log: IntakeLog) -> Survey:
        import pandas as pd

        columns = self.export.columns

        def cells(heading: str | None) -> list[str]:
            at = self.place.get(heading, self.width) if heading else self.width
            return [row[at].strip() for row in rows]

        comments = {c: cells(c) for c in columns.comments}
        log.answers = sum(1 for texts in comments.values() for t in texts if t)
        log.fillers = sum(1 for texts in comments.values() for t in texts if t and is_filler(t))
        dates = parse_dates(cells(columns.date), day_first=self.export.day_first)
        if columns.date:
            log.notes["rows without a readable date"] += int(dates.isna().sum())
        responses = pd.DataFrame(
            {
                "file": self.file,
                "row": pd.Series(numbers, dtype="int64"),
                "respondent": pd.Series(cells(columns.respondent), dtype="str"),
                "score": pd.Series(scores, dtype="int8"),
                "date": dates,
            }
        )
        segments = {s: [" ".join(v.split()) for v in cells(s)] for s in columns.segments}
        index = responses.index
        return Survey(
            responses, pd.DataFrame(comments, index=index, dtype="str"), pd.DataFrame(segments, index=index, dtype="str"), columns, log
        )
