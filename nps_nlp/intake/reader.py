"""Turn the rows of files into responses, accounting for each row."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from itertools import compress, islice
from operator import eq, itemgetter
from typing import TYPE_CHECKING, cast

from nps_nlp.intake.answers import is_filler
from nps_nlp.intake.codings import reader_of
from nps_nlp.intake.companions import parse_weight, read_level
from nps_nlp.intake.dates import latest_date, parse_dates
from nps_nlp.intake.layout import is_last_line
from nps_nlp.intake.repeats import EXACT, Repeats
from nps_nlp.intake.roles import BLANK
from nps_nlp.intake.score_column import check_scale, count_numbers
from nps_nlp.survey import Columns, IntakeLog, Mended, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from nps_nlp.intake.codings import ScoreCoding
    from nps_nlp.intake.layout import Layout
    from nps_nlp.intake.repeats import Seen
    from nps_nlp.intake.rows import Row
    from nps_nlp.survey import Rating

_SHORT = "rows with fewer cells than headings, filled with blanks"
_NO_DATE = "rows without a readable date"
_FUTURE = "rows dated years ahead, whose date is not used"
# Among the columns of many rows, the last one is blank: what the columns that a file lacks read.
_ABSENT = -1
_BATCH = 500
_LAST_LINE = "a line of the report below its rows, no answer"


@dataclass
class Draft:
    """Responses on their way into one Survey: parallel lists, and the account of the rows they came from.

    ``columns`` are the cells of the columns that the Plan takes, one list a column.
    """

    files: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    columns: list[list[str]] = field(default_factory=list)
    log: IntakeLog = field(default_factory=IntakeLog)


@dataclass(frozen=True)
class Plan:
    """What to take from every file: the columns of a record, all columns for comparing rows, how scores are coded."""

    columns: Columns
    comments: tuple[str, ...]
    headings: tuple[str, ...]
    day_first: bool
    drop_duplicates: bool
    codings: Mapping[str, ScoreCoding]

    def survey(self, draft: Draft) -> Survey:
        """Lay the responses of a draft out as a Survey."""
        import pandas as pd

        after = 2 + len(self.comments)
        beside = after + len(self.columns.segments)
        cells = draft.columns or [[] for _ in range(beside + len(self.extras))]
        respondent, date, *comments = ([cell.strip() for cell in column] for column in cells[:after])
        segments = [_one_line(column) for column in cells[after:beside]]
        extras = dict(zip(self.extras, cells[beside:], strict=True))
        dates = parse_dates(date, day_first=self.day_first)
        future = dates > latest_date()
        if future.any():
            draft.log.notes[_FUTURE] += int(future.sum())
            dates = dates.mask(future)
        draft.log.kept = len(draft.scores)
        draft.log.answers = sum(len(column) - column.count("") for column in comments)
        draft.log.fillers = sum(sum(map(is_filler, filter(None, column))) for column in comments)
        if self.columns.date and dates.isna().any():
            draft.log.notes[_NO_DATE] += int(dates.isna().sum())
        responses = pd.DataFrame(
            {
                "file": _text(draft.files),
                "row": pd.Series(draft.numbers, dtype="int64"),
                "respondent": _text(respondent),
                "score": pd.Series(draft.scores, dtype="int8"),
                "date": dates,
                **self._beside(extras),
            }
        )
        levels = {rating.heading: _levels(rating, extras[rating.heading]) for rating in self.columns.ratings}
        return Survey(
            responses,
            _frame(self.comments, comments, responses.index),
            _frame(self.columns.segments, segments, responses.index),
            self.columns,
            draft.log,
            pd.DataFrame(levels, index=responses.index, dtype="int8"),
        )

    @property
    def extras(self) -> tuple[str, ...]:
        """The headings of what stands beside the score: weight, wave, key and companion questions."""
        columns = self.columns
        single = (columns.weight, columns.wave, columns.key)
        return tuple(dict.fromkeys((*filter(None, single), *(rating.heading for rating in columns.ratings))))

    def _beside(self, extras: Mapping[str, Sequence[str]]) -> dict[str, pd.Series]:
        import pandas as pd

        found: dict[str, pd.Series] = {}
        if self.columns.weight is not None:
            weights = [parse_weight(cell)[0] for cell in extras[self.columns.weight]]
            found["weight"] = pd.Series(weights, dtype="float64")
        for name in ("wave", "key"):
            heading = getattr(self.columns, name)
            if heading is not None:
                found[name] = _text(_one_line(extras[heading]))
        return found


class FileReader:
    """Reads the rows of one file into drafts; `seen` are the rows of the files that were read before it."""

    def __init__(self, plan: Plan, layout: Layout, seen: Seen) -> None:
        columns = plan.columns
        place = {heading: at for at, heading in enumerate(layout.headings)}
        taken = (columns.respondent, columns.date, *plan.comments, *columns.segments, *plan.extras)
        self._taken = [place.get(heading or "", _ABSENT) for heading in taken]
        self._score = next((h for h in columns.score_elsewhere if h in place), columns.score)
        self._score_at = place.get(self._score, _ABSENT)
        self._weight_at = None if columns.weight is None else place.get(columns.weight, _ABSENT)
        self._coding = plan.codings.get(self._score, "0-10")
        self._read_score = reader_of(self._coding)
        self._repeats = Repeats(plan.headings, columns, self._score, layout, seen)
        # A column that was blank where it was judged must not vanish unseen when it fills later.
        blank = [d.heading for d in columns.decisions if d.reason == BLANK and d.heading in place]
        self._late = [(place[h], f"answers in column {h!r}, blank in the first rows and so not read") for h in blank]
        self._layout, self._drop_duplicates = layout, plan.drop_duplicates
        self._width = layout.width
        self._file = os.fsencode(layout.table.path).decode("utf-8", "replace")
        self._score_cells: Counter[str] = Counter()
        self._parsed: dict[str, tuple[int | None, str]] = {}

    def start(self, log: IntakeLog) -> None:
        """Account for what was found about the file as a whole, and in its headings."""
        log.notes.update(self._layout.table.damage)
        self._mend(self._layout.mended, log)

    def read(self, rows: Iterable[Row], draft: Draft) -> None:
        """Check rows and add them to a draft: to its columns, or with the reason to its log.

        Rows are handled many at a time, column by column, so that a million of them take no loop each; and no
        more at a time than the caches of a processor hold.
        """
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            self._read(batch, draft)

    def _read(self, batch: Sequence[Row], draft: Draft) -> None:
        log = draft.log
        log.read += len(batch)
        reasons = self._misfits(batch, log)
        sound = [row for row, reason in zip(batch, reasons, strict=True) if not reason] if any(reasons) else batch
        whole = self._completed(sound)
        scores, problems = self._scores(whole)
        problems = self._repetitions(whole, self._weightless(whole, problems), log)
        if any(problems):
            kept = [not problem for problem in problems]
            late = iter(problems)
            reasons = [reason or next(late) for reason in reasons]
            sound, whole = list(compress(sound, kept)), list(compress(whole, kept))
            scores = list(compress(scores, kept))
        for row, reason in zip(batch, reasons, strict=True):
            if reason:
                log.quarantine(self._file, row.number, reason, row.cells)
        self._mend(batch, log)
        draft.numbers.extend(map(itemgetter(0), sound))
        draft.scores.extend(cast("list[int]", scores))
        draft.files.extend([self._file] * len(whole))
        if not whole:
            return
        columns = [*zip(*whole, strict=True), [""] * len(whole)]
        for at, pattern, note in self._layout.counts:
            log.notes[note] += sum(map(bool, map(pattern.fullmatch, map(str.strip, columns[at]))))
        for at, note in self._late:
            log.notes[note] += sum(map(bool, map(str.strip, columns[at])))
        draft.columns = draft.columns or [[] for _ in self._taken]
        for column, at in zip(draft.columns, self._taken, strict=True):
            column.extend(columns[at])

    def _mend(self, rows: Iterable[Row], log: IntakeLog) -> None:
        for row in rows:
            for fix in row.repairs:
                at = fix.column
                column = self._layout.headings[at] if at < self._width else f"column {at + 1}"
                log.mend(Mended(self._file, row.number, column, fix.what, fix.before, fix.after))

    def finish(self) -> Counter[float]:
        """Return the scores of the file as they are coded; refuse the file when they are on another scale."""
        self._repeats.finish()
        if self._coding == "groups":
            return Counter()
        numbers = count_numbers(self._score_cells)
        check_scale(str(self._layout.table.path), self._score, numbers, self._coding)
        shift = 1 if self._coding == "1-11" else 0
        return Counter({number - shift: n for number, n in numbers.items()})

    def _misfits(self, batch: Sequence[Row], log: IntakeLog) -> list[str]:
        """Return why each row is no answer at all, empty for those that are."""
        reasons = [row.problem for row in batch]
        if self._layout.drops or {len(row.cells) for row in batch} != {self._width}:
            reasons = [reason or self._misfit(row.cells, log) for reason, row in zip(reasons, batch, strict=True)]
        return reasons

    def _fitted(self, cells: list[str]) -> list[str]:
        return [*cells[: self._width], *[""] * (self._width - len(cells))]

    def _misfit(self, cells: list[str], log: IntakeLog) -> str:
        if len(cells) > self._width and any(map(str.strip, cells[self._width :])):
            return f"{len(cells)} cells under {self._width} headings: an unquoted delimiter in an answer?"
        if len(cells) == 1 and self._width > 2:
            if is_last_line(cells):
                return _LAST_LINE
            return f"1 cell under {self._width} headings: an unquoted line break in an answer?"
        if len(cells) < self._width:
            log.notes[_SHORT] += 1
        return self._layout.drop_reason(cells)

    def _completed(self, rows: Sequence[Row]) -> list[list[str]]:
        """Return the cells of rows at full width, with the columns that intake adds."""
        whole = [row.cells if len(row.cells) == self._width else self._fitted(row.cells) for row in rows]
        added = self._layout.added
        return list(map(added.complete, whole)) if added else whole

    def _scores(self, rows: Sequence[list[str]]) -> tuple[list[int | None], list[str]]:
        """Return the score of each row, or why there is none."""
        cells = [""] * len(rows) if self._score_at == _ABSENT else list(map(itemgetter(self._score_at), rows))
        self._score_cells.update(cells)
        parsed = self._parsed
        for cell in set(cells) - parsed.keys():
            parsed[cell] = self._read_score(cell)
        scores, problems = [parsed[cell][0] for cell in cells], [parsed[cell][1] for cell in cells]
        for i, problem in enumerate(problems):
            if problem:
                problems[i] = self._no_answer(rows[i]) or problem
        return scores, problems

    def _weightless(self, rows: Sequence[list[str]], problems: list[str]) -> list[str]:
        """Add why a row has no usable weight, where the survey has weights and the row a score."""
        if self._weight_at is None:
            return problems
        cells = [""] * len(rows) if self._weight_at == _ABSENT else map(itemgetter(self._weight_at), rows)
        return [problem or parse_weight(cell)[1] for problem, cell in zip(problems, cells, strict=True)]

    def _no_answer(self, row: list[str]) -> str:
        """Say of a row without a score what else it is, where it is anything else than an answer."""
        if tuple(row[: self._width]) == self._layout.written:
            return "the row of headings once more"
        return _LAST_LINE if is_last_line(row) else ""

    def _repetitions(self, rows: Sequence[list[str]], problems: list[str], log: IntakeLog) -> list[str]:
        """Count the sound rows that repeat another one; return the problems with those to be set aside."""
        for i, found in self._repeats.find(rows, problems):
            log.duplicates += 1
            problems[i] = found if found != EXACT or self._drop_duplicates else ""
        return problems


def _one_line(column: Sequence[str]) -> Sequence[str]:
    """Write group names on one line: a stray line break must not make a second group of the same name."""
    plain = {value: " ".join(value.split()) for value in set(column)}
    return column if all(map(eq, plain, plain.values())) else list(map(plain.__getitem__, column))


def _levels(rating: Rating, cells: Sequence[str]) -> list[int]:
    level = {cell: read_level(rating, cell) for cell in set(cells)}
    return [level[cell] for cell in cells]


def _frame(headings: Sequence[str], columns: Iterable[Sequence[str]], index: pd.Index[int]) -> pd.DataFrame:
    import pandas as pd

    texts = dict(zip(headings, map(_text, columns), strict=True))
    return pd.DataFrame(texts, index=index, columns=list(headings), dtype=None if texts else "str")


def _text(cells: Sequence[str]) -> pd.Series[str]:
    """Return text as a column, past the search for missing values that pandas does on lists."""
    import pandas as pd
    import pyarrow as pa

    return pd.Series(pd.array(pa.array(cells, pa.large_string()), dtype="str"))
