"""The result of an analysis: every table of it, and the files that are written from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nps_nlp import insight

if TYPE_CHECKING:
    import pandas as pd

    from nps_nlp.insight.changes import Change
    from nps_nlp.insight.difference import Difference
    from nps_nlp.insight.people import People
    from nps_nlp.joined import Joined
    from nps_nlp.scorecard import Scorecard
    from nps_nlp.scoring import NpsResult, RepeatedAnswers
    from nps_nlp.tally import Tally


@dataclass(frozen=True)
class Analysis:
    """The result of an analysis: tidy tables with their uncertainty, described in ``docs/analysis.md``.

    NPS, impacts and contributions are in NPS points (−100…100), shares 0–1. Theme tables rest on the writers: the
    respondents with at least one comment that is not a filler. ``people`` are the answers of those who gave several,
    as hashes, where the survey knows its respondents.
    """

    nps: NpsResult
    scorecard: Scorecard
    writers: NpsResult | None
    silent: NpsResult | None
    nps_change: Change
    distribution: pd.DataFrame
    themes: pd.DataFrame
    impacts: pd.DataFrame
    drivers: pd.DataFrame
    strengths: pd.DataFrame
    crosstab: pd.DataFrame
    segments: pd.DataFrame
    segment_themes: pd.DataFrame
    trend: pd.DataFrame
    theme_trend: pd.DataFrame
    terms: pd.DataFrame
    all_quotes: pd.DataFrame
    questions: pd.DataFrame
    disagreement: pd.DataFrame
    requests: pd.DataFrame
    request_quotes: pd.DataFrame
    depth: insight.Depth
    rows: dict[str, int]
    settings: dict[str, Any]
    tally: Tally
    people: People | None = None
    statements: pd.DataFrame | None = None
    joined: Joined | None = None
    repeated: RepeatedAnswers | None = None

    def quotes(self, theme: str, *, polarity: str | None = None, category: str | None = None) -> pd.DataFrame:
        """Return the chosen quotes of a theme, the most typical first.

        Parameters
        ----------
        theme : str
            Theme id.
        polarity : {"negative", "positive", "neutral"}, optional
        category : {"promoter", "passive", "detractor"}, optional

        Raises
        ------
        InputError
            If there is no such theme, polarity or category; names those there are.
        """
        wanted = {"theme": theme, "polarity": polarity, "category": category}
        return insight.select_quotes(self.all_quotes, self.settings["themes"], wanted)

    @property
    def importance(self) -> pd.DataFrame:
        """Which drivers explain the score: the table of `nps_nlp.insight.Importance`."""
        return self.depth.importance.table

    @property
    def what_if(self) -> pd.DataFrame:
        """The score that goes with half the complaints of a theme: an association, see `nps_nlp.insight.what_if`."""
        return self.depth.what_if

    @property
    def priority(self) -> pd.DataFrame:
        """Importance × share of complaints in four quadrants: the table of `nps_nlp.insight.PriorityMap`."""
        return self.depth.priority.table

    @property
    def alerts(self) -> pd.DataFrame:
        """Themes that rose in the latest month: `nps_nlp.insight.theme_alerts`."""
        return self.depth.alerts

    def difference(self, since: str, *, until: str | None = None, before: str | None = None) -> Difference:
        """Share out an NPS difference between two stretches of months exactly among the themes.

        Parameters
        ----------
        since, until : str
            First and last month of the later stretch, such as ``"2024-03"``; the last month there is by default.
        before : str, optional
            First month of the earlier stretch, which ends before `since`; the first month there is by default.

        Returns
        -------
        Difference
            As of `nps_nlp.insight.theme_difference`.
        """
        wrote_again = None if self.people is None else self.people.writing()
        sides = insight.two_stretches(self.tally, wrote_again, since, until, before)
        cells = (insight.cells(tally, self.settings["themes"], people) for tally, people in sides)
        return insight.theme_difference(*cells, seed=self.settings["seed"], confidence=self.settings["confidence"])

    def composition(
        self,
        segment: str,
        since: str,
        *,
        until: str | None = None,
        before: str | None = None,
        most: int = insight.MAX_GROUPS,
    ) -> Difference:
        """Share out an NPS difference between who answers and what the same groups answer.

        Parameters
        ----------
        segment : str
            A segment column.
        since, until, before
            As in `difference`.
        most : int
            Groups that are kept apart, the largest of all.

        Returns
        -------
        Difference
            As of `nps_nlp.insight.composition_difference`.
        """
        (early, first), (late, second) = insight.two_stretches(self.tally, self.people, since, until, before)
        choices = {"seed": self.settings["seed"], "confidence": self.settings["confidence"]}
        return insight.composition_difference(early, late, segment, most=most, people=(first, second), **choices)

    def to_html(self, path: str | Path | None = None, *, language: str | None = None) -> str:
        """Return the report as one self-contained HTML page, and write it where a path is given."""
        from nps_nlp.report.html import render_html

        page = render_html(self, language or self.settings["language"])
        if path is not None:
            Path(path).write_text(page, "utf-8")
        return page

    def to_excel(self, path: str | Path, *, language: str | None = None) -> None:
        """Write the tables as a workbook."""
        from nps_nlp.report.excel import write_excel

        write_excel(self, Path(path), language or self.settings["language"])

    def to_json(self) -> str:
        """Return ``analysis.json``: the same bytes for the same input and version."""
        from nps_nlp.report.json import render_json

        return render_json(self)
