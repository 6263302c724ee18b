"""Responses that are already in memory, read by the same rules as files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nps_nlp.intake.export import Export, open_export
from nps_nlp.survey import Columns, IntakeLog, Survey

if TYPE_CHECKING:
    from collections.abc import Iterator



@dataclass
class SurveySource:
    """A Survey that is in memory, with the face of an Export."""

    survey: Survey
    sources: tuple[()] = ()
    columns: Columns = field(init=False)
    log: IntakeLog = field(init=False)

    def __post_init__(self) -> None:
        self.columns, self.log = self.survey.columns, self.survey.log

    def chunks(self, rows: int) -> Iterator[Survey]:
        """Yield slices of the Survey, at most `rows` responses each."""
        for start in range(0, len(self.survey), rows):
            part = slice(start, start + rows)
            frames = (f.iloc[part].reset_index(drop=True) for f in (self.survey.responses, self.survey.comments, self.survey.segments))
            yield Survey(*frames, self.columns, IntakeLog())


def open_source(source: Any, **options: Any) -> Export | SurveySource:
    """Open whatever `nps_nlp.analyze` is given: paths, a Survey or a DataFrame."""
    if isinstance(source, Survey):
        return SurveySource(source)
    return open_export(source, **options)
