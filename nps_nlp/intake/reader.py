"""Turn the rows of files into responses, accounting for each row."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, islice
from operator import itemgetter
from typing import TYPE_CHECKING, cast

from nps_nlp.intake.cells import (
    as_mask,
    as_series,
    as_text,
    beginning,
    blanks,
    count_filled,
    count_fillers,
    counts,
    hashes,
    joined,
    mapped,
    one_line,
    trimmed,
)
from nps_nlp.intake.codings import reader_of
from nps_nlp.intake.companions import parse_weight, read_level
from nps_nlp.intake.dates import latest_date, parse_dates
from nps_nlp.intake.layout import LAST_LINE, is_last_line
from nps_nlp.intake.repeats import EXACT, Repeats
from nps_nlp.intake.roles import BLANK
from nps_nlp.intake.rows import Block
from nps_nlp.intake.score_column import check_scale, count_numbers
from nps_nlp.survey import Columns, IntakeLog, Mended, Survey

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

    from nps_nlp.intake.codings import ScoreCoding
    from nps_nlp.intake.layout import Layout
    from nps_nlp.intake.repeats import Seen
    from nps_nlp.intake.rows import Row

_SHORT = "rows with fewer cells than headings, filled with blanks"
_NO_DATE = "rows without a readable date"
_FUTURE = "rows dated years ahead, whose date is not used"
# Place of the columns that a file lacks; their cells are blank.
_ABSENT = -1
_BATCH = 500
_EDGE = 2
_LAST_LINE = "a line of the report below its rows, no answer"


@dataclass
class Draft:
    """Responses on their way into one Survey: parallel lists, and the account of the rows they came from.

    ``columns`` are the cells of the columns that the Plan takes, each as arrays to be joined.
    """

    files: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    scores: list[int] = field(default_factory=list)
    columns: list[list[pa.Array]] = field(default_factory=list)
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
        cells = list(map(joined, draft.columns or [[] for _ in range(beside + len(self.extras))]))
        respondent, date, *comments = map(trimmed, cells[:after])
        segments = map(one_line, cells[after:beside])
        extras = dict(zip(self.extras, cells[beside:], strict=True))
        dates = parse_dates(date.to_pylist(), day_first=self.day_first)
        future = dates > latest_date()
        if future.any():
            draft.log.notes[_FUTURE] += int(future.sum())
            dates = dates.mask(future)
        draft.log.kept = len(draft.scores)
        draft.log.answers = sum(map(count_filled, comments))
        draft.log.fillers = sum(map(count_fillers, comments))
        if self.columns.date and dates.isna().any():
            draft.log.notes[_NO_DATE] += int(dates.isna().sum())
        responses = pd.DataFrame(
            {
                "file": as_series(as_text(draft.files)),
                "row": pd.Series(draft.numbers, dtype="int64"),
                "respondent": as_series(respondent),
                "score": pd.Series(draft.scores, dtype="int8"),
                "date": dates,
                **self._beside(extras),
            }
        )
        levels = {r.heading: mapped(extras[r.heading], partial(read_level, r)) for r in self.columns.ratings}
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

    def _beside(self, extras: Mapping[str, pa.Array]) -> dict[str, pd.Series]:
        import pandas as pd

        found: dict[str, pd.Series] = {}
        if self.columns.weight is not None:
            weights = [parse_weight(cell)[0] for cell in extras[self.columns.weight].to_pylist()]
            found["weight"] = pd.Series(weights, dtype="float64")
        for name in ("wave", "key"):
            heading = getattr(self.columns, name)
            if heading is not None:
                found[name] = as_series(one_line(extras[heading]))
        return found


class FileReader:
    """Reads the rows of one file into drafts; `seen` are the rows of the files that were read before it."""

    def __init__(self, plan: Plan, layout: Layout, seen: Seen) -> None:
        columns = plan.columns
        place = {heading: at for at, heading in enumerate(layout.headings)}
        date = next((h for h in (columns.date, *columns.date_elsewhere) if h in place), columns.date)
        taken = (columns.respondent, date, *plan.comments, *columns.segments, *plan.extras)
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
        # What depends on more of a row than its score and the tool's rules is decided row by row.
        alone = not layout.added and self._weight_at is None and self._score_at != _ABSENT
        self._takes_columns = alone and self._repeats.by_row and not plan.drop_duplicates
        self._parts = self._answers()
        self._rest: Sequence[Row] | Block = ()
        # "Average | 7" below the rows: no answer, though it has a score. A group or a comment may be called so.
        words = {*columns.comments, *columns.segments, self._score}
        self._edge = [at for at in range(min(_EDGE, self._width)) if layout.headings[at] not in words]

    def start(self, log: IntakeLog) -> None:
        """Account for what was found about the file as a whole, and in its headings."""
        log.notes.update(self._layout.table.damage)
        self._mend(self._layout.mended, log)

    def fill(self, draft: Draft, most: int) -> bool:
        """Read on until a draft has the account of `most` rows; tell whether it has, before the file ended."""
        while draft.log.read < most:
            part = self._rest if len(self._rest) else next(self._parts, None)
            if part is None:
                return False
            room = most - draft.log.read
            if isinstance(part, Block):
                self._rest = part.part(room)
                self._read_block(part.part(0, room), draft)
            else:
                self._rest = part[room:]
                self.read(part[:room], draft)
        return True

    def _answers(self) -> Iterator[Sequence[Row] | Block]:
        """Yield the rows after the headings that hold anything, many at a time."""
        table, start = self._layout.table, self._layout.start
        if table.parts is None:
            rows = self._layout.answers(table.rows())
            while batch := list(islice(rows, _BATCH)):
                yield batch
            return
        place = 0
        for part in table.parts():
            if isinstance(part, Block) and place >= start:
                yield part
            else:
                numbered = enumerate(part.rows() if isinstance(part, Block) else part, start=place)
                yield [row for at, row in numbered if at >= start and any(row.cells)]
            place += len(part)

    def _read_block(self, block: Block, draft: Draft) -> None:
        """Read rows that are columns already: those with a score at once, the others one by one."""
        if not self._takes_columns or block.cells.num_columns != self._width:
            self.read([row for row in block.rows() if any(row.cells)], draft)
            return
        scores = self._scores_of(block)
        good = scores >= 0
        if not good.all():
            others = block.chosen((~good).nonzero()[0].tolist())
            self.read([row for row in others if any(row.cells)], draft)
        cells = block.cells if good.all() else block.cells.filter(as_mask(good))
        draft.log.read += len(cells)
        draft.log.duplicates += self._repeats.count(hashes(cells.columns))
        draft.numbers.extend((block.first + good.nonzero()[0]).tolist())
        draft.scores.extend(scores[good].tolist())
        self._take(draft, cells.columns, len(cells))

    def _scores_of(self, block: Block) -> npt.NDArray[np.int64]:
        """Return the score of each row of a block, -1 where it has none or the tool's rules drop the row."""
        column = block.cells.column(self._score_at)
        scores = mapped(column, self._score_or_none)
        for at, rule, _ in self._layout.drops:
            scores[mapped(block.cells.column(at), partial(_fits, rule)) > 0] = -1
        for at in self._edge:
            scores[beginning(block.cells.column(at), LAST_LINE)] = -1
        for cell, n in counts(column.filter(as_mask(scores >= 0))):
            self._score_cells[cell] += n
        return scores

    def _score_or_none(self, cell: str) -> int:
        score = self._parse(cell)[0]
        return -1 if score is None else score

    def _parse(self, cell: str) -> tuple[int | None, str]:
        found = self._parsed.get(cell)
        if found is None:
            found = self._parsed[cell] = self._read_score(cell)
        return found

    def _take(self, draft: Draft, columns: Mapping[int, pa.Array] | Sequence[pa.Array], n: int) -> None:
        """Add the columns that the Plan takes of `n` rows to a draft."""
        if not n:
            return
        log = draft.log
        for at, pattern, note in self._layout.counts:
            log.notes[note] += int(mapped(columns[at], partial(_fits, pattern)).sum())
        for at, note in self._late:
            log.notes[note] += count_filled(trimmed(columns[at]))
        draft.files.extend([self._file] * n)
        draft.columns = draft.columns or [[] for _ in self._taken]
        for column, at in zip(draft.columns, self._taken, strict=True):
            column.append(blanks(n) if at == _ABSENT else columns[at])

    def read(self, batch: Sequence[Row], draft: Draft) -> None:
        """Check rows and add them to a draft: to its columns, or with the reason to its log.

        Rows are handled many at a time, column by column, but no more than the caches of a processor hold.
        """
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
        if whole:
            columns = list(zip(*whole, strict=True))
            used = {*self._taken, *(at for at, *_ in self._layout.counts), *(at for at, _ in self._late)}
            self._take(draft, {at: as_text(columns[at]) for at in used if at != _ABSENT}, len(whole))

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
        parsed = {cell: self._parse(cell) for cell in set(cells)}
        scores, problems = [parsed[cell][0] for cell in cells], [parsed[cell][1] for cell in cells]
        for i, problem in enumerate(problems):
            if problem or any(LAST_LINE.match(rows[i][at]) for at in self._edge):
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


def _fits(pattern: re.Pattern[str], cell: str) -> int:
    return int(bool(pattern.fullmatch(cell.strip())))


def _frame(headings: Sequence[str], columns: Iterable[pa.Array], index: pd.Index[int]) -> pd.DataFrame:
    import pandas as pd

    texts = dict(zip(headings, map(as_series, columns), strict=True))
    return pd.DataFrame(texts, index=index, columns=list(headings), dtype=None if texts else "str")
