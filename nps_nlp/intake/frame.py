"""Responses that are already in memory, read by the same rules as files."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.intake.export import CHUNK_ROWS, Export, Options, open_export
from nps_nlp.intake.rows import Row, Table, typed_row
from nps_nlp.survey import Columns, IntakeLog, SourceFile, Survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass
class SurveySource:
    """A Survey that is in memory, with the face of an Export."""

    survey: Survey
    sources: tuple[SourceFile, ...] = (SourceFile("survey", "memory", "generic", None),)
    notes: tuple[str, ...] = ()
    columns: Columns = field(init=False)
    log: IntakeLog = field(init=False)
    estimated_rows: int = field(init=False)

    def __post_init__(self) -> None:
        self.columns, self.log, self.estimated_rows = self.survey.columns, self.survey.log, len(self.survey)

    def chunks(self, rows: int = CHUNK_ROWS) -> Iterator[Survey]:
        """Yield slices of the Survey, at most `rows` responses each; their account is that of the whole."""
        whole = self.survey
        frames = (whole.responses, whole.comments, whole.segments, whole.ratings)
        for start in range(0, len(whole), rows):
            responses, comments, segments, ratings = (
                f.iloc[start : start + rows].reset_index(drop=True) for f in frames
            )
            yield Survey(responses, comments, segments, self.columns, IntakeLog(), ratings)


def open_source(
    source: Survey | pd.DataFrame | Iterable[str | Path] | str | Path, **options: Unpack[Options]
) -> Export | SurveySource:
    """Open whatever `nps_nlp.analyze` is given: paths, a DataFrame or a Survey.

    Raises
    ------
    InputError
        As `open_export` does; or when columns are named for a Survey, whose columns are decided.

    Examples
    --------
    >>> frame = pd.DataFrame({"NPS": [9, 3, 10], "Why?": ["quick and kind", "too slow for me", None]})
    >>> export = open_source(frame)
    >>> [len(survey) for survey in export.chunks()], export.columns.score, export.columns.comments
    ([3], 'NPS', ('Why?',))
    """
    if isinstance(source, Survey):
        if any(options.values()):
            raise InputError("The columns of a Survey are decided already; give the options to read_export instead.")
        return SurveySource(source)
    return open_export(_table(source) if isinstance(source, pd.DataFrame) else source, **options)


def _table(frame: pd.DataFrame) -> Table:
    def rows() -> Iterator[Row]:
        yield typed_row(0, frame.columns)
        for start in range(0, len(frame), CHUNK_ROWS):
            part = frame.iloc[start : start + CHUNK_ROWS].astype(object)
            cells = part.where(part.notna(), None).itertuples(index=False, name=None)
            for number, row in enumerate(cells, start=start + 1):
                yield typed_row(number, row)

    return Table(Path("DataFrame"), "dataframe", rows, len(frame))
