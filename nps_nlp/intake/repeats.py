"""Tell answers that were exported twice from answers that say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nps_nlp.intake.cells import BETWEEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nps_nlp.intake.layout import Layout
    from nps_nlp.survey import Columns

EXACT = "exact duplicate of an earlier row"
_LATER = "the same answer is in a later file"
_TWICE = "the tool wrote the same answer twice (same id)"
_ABSENT = -1
# An id of one export of one tool that does not count from 1 in every survey anew.
_RESPONSE_ID = re.compile(r"response[ _]?(id|uuid)|submission[ _]?id|回答(ID|番号)", re.IGNORECASE)
GLOBAL_ID = re.compile(r"(?=.*\d)[\w-]{8,}|\d{7,}")
_TO_THE_SECOND = re.compile(r"\d:\d\d:\d\d|\d分\d|\d{10}")


@dataclass
class Seen:
    """The answers of the files that were read so far, as hashes.

    Attributes
    ----------
    several : bool
        Whether there are other files at all.
    rows : set of int
        Whole rows.
    answers : set of int
        Answers by what identifies them. Files are read last first: these are in later files.
    """

    several: bool = False
    rows: set[int] = field(default_factory=set)
    answers: set[int] = field(default_factory=set)


class Repeats:
    """Finds the answers of one file that a later file, or the tool itself, has written once more.

    An answer is known by an id that the tool gives it, else by respondent, time, score and comments. Without
    respondent the whole row must be the same and its time to the second: many say the same on one day.
    """

    def __init__(self, headings: Sequence[str], columns: Columns, score: str, layout: Layout, seen: Seen) -> None:
        place = {heading: at for at, heading in enumerate(layout.headings)}
        # Rows are compared over the columns of all files, so that their order and absence do not matter.
        self._whole = [place.get(heading, _ABSENT) for heading in headings]
        self._is_plain = self._whole == list(range(len(layout.headings)))
        named = (columns.respondent, columns.date, score, *columns.comments)
        self._answer = [place.get(heading or "", _ABSENT) for heading in named]
        self._once = self._column(layout, layout.preset.once)
        self._id = self._column(layout, layout.preset.unique or _RESPONSE_ID)
        self._seen = seen
        self._own: set[int] = set()

    def find(self, rows: Sequence[Sequence[str]], problems: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Yield the place of every sound row that repeats another one, and how it does.

        Parameters
        ----------
        rows : sequence of rows
        problems : sequence of str
            Empty for the rows that are sound.
        """
        if not rows:
            return
        by_answer = self._once is not None or self._seen.several
        columns = [] if self._is_plain and not by_answer else [*zip(*rows, strict=True), [""] * len(rows)]
        whole = rows if self._is_plain else zip(*(columns[at] for at in self._whole), strict=True)
        hashes = list(map(hash, map(BETWEEN.join, whole)))
        again = self._again(columns, hashes, problems) if by_answer else {}
        yield from again.items()
        seen = self._seen.rows
        for i, found in enumerate(hashes):
            if found in seen:
                if not problems[i] and i not in again:
                    yield i, EXACT
            elif not problems[i] and i not in again:
                seen.add(found)

    def _again(
        self, columns: Sequence[Sequence[str]], hashes: Sequence[int], problems: Sequence[str]
    ) -> dict[int, str]:
        """Return the places of sound rows whose answer a later file, or the tool itself, has written again."""
        keys = enumerate(self._keys(columns, hashes))
        return {i: known for i, key in keys if key and not problems[i] and (known := self._known(key))}

    @property
    def by_row(self) -> bool:
        """Whether nothing but whole rows of this file's own columns is compared."""
        return self._is_plain and self._once is None and not self._seen.several

    def count(self, hashes: Sequence[int]) -> int:
        """Return how many rows, by the hashes of their cells, repeat another one; where they are compared `by_row`."""
        before = len(self._seen.rows)
        self._seen.rows.update(hashes)
        return len(hashes) - (len(self._seen.rows) - before)

    def _known(self, key: int) -> str:
        """Return where an answer stands again, empty where it is new."""
        if key in self._seen.answers or (self._once is not None and key in self._own):
            return _LATER if self._once is None else _TWICE
        self._own.add(key)
        return ""

    def finish(self) -> None:
        """Make the answers of this file known to the files before it."""
        self._seen.answers |= self._own

    def _keys(self, columns: Sequence[Sequence[str]], hashes: Sequence[int]) -> Iterator[int]:
        """Yield what identifies each answer as a hash, 0 where nothing does."""
        if self._once is not None:
            yield from (hash(cell) if cell.strip() else 0 for cell in columns[self._once])
            return
        ids = columns[self._id if self._id is not None else _ABSENT]
        answers = zip(*(columns[at] for at in self._answer), strict=True)
        for id_, answer, whole in zip(ids, answers, hashes, strict=True):
            respondent, date, *_ = answer
            if id_ and GLOBAL_ID.fullmatch(id_.strip()):
                yield hash(id_.strip())
            elif respondent.strip() and date.strip():
                yield hash(answer)
            else:
                yield whole if _TO_THE_SECOND.search(date) else 0

    @staticmethod
    def _column(layout: Layout, pattern: re.Pattern[str] | None) -> int | None:
        if pattern is None:
            return None
        found = (at for at, h in enumerate(layout.headings) if any(map(pattern.fullmatch, layout.names(h))))
        return next(found, None)
