"""Write an Analysis as a workbook: every table, with the report's headings, ready to filter."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import xlsxwriter

from nps_nlp.collector import no_collector
from nps_nlp.report.format import clean, known
from nps_nlp.report.sheets import Sheet, sheets
from nps_nlp.report.tables import Names
from nps_nlp.report.words import load_words

if TYPE_CHECKING:
    from pathlib import Path

    from nps_nlp.report.sheets import Column
    from nps_nlp.result import Analysis

# Text stays text: a comment that looks like a formula, a link or a number must not become one.
_OPTIONS: dict[str, Any] = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_CREATED = datetime(2026, 1, 1, tzinfo=UTC)  # constant, so that the same analysis gives the same bytes
_LONGEST = 32_767
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"text_wrap": True},
    "name": {},
    "count": {"num_format": "#,##0"},
    "points": {"num_format": "0.0"},
    "percent": {"num_format": "0%"},
    "number": {"num_format": "0.00"},
    "probability": {"num_format": "0.0000"},
    "head": {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#F4F6F8"},
    "title": {"bold": True, "font_size": 16},
}
# Classic colour scales: data bars with negative values need an extension that other readers warn about.
_ORANGE, _BLUE, _WHITE = "#E58F69", "#7FB2D6", "#FFFFFF"
_SCALES: dict[str, dict[str, Any]] = {
    "impact": {
        "type": "3_color_scale",
        "min_color": _ORANGE,
        "mid_color": _WHITE,
        "max_color": _BLUE,
        "mid_type": "num",
        "mid_value": 0,
    },
    "share": {
        "type": "2_color_scale",
        "min_color": _WHITE,
        "max_color": _ORANGE,
        "min_type": "num",
        "min_value": 0,
    },
}


@no_collector()
def write_excel(analysis: Analysis, path: str | Path, language: str = "ja") -> None:
    """Write the tables of an Analysis as an Excel workbook.

    Parameters
    ----------
    analysis : Analysis
        As ``docs/analysis.md`` describes it; only rendered, nothing is computed.
    path : str or Path
        The ``.xlsx`` file; replaced where it exists. The same analysis gives the same bytes.
    language : {'ja', 'en'}
        Language of the headings.

    Raises
    ------
    InputError
        When the report has no such language.
    """
    names = Names.of(analysis, load_words(language).about(analysis.scorecard.metric))
    with xlsxwriter.Workbook(str(path), _OPTIONS) as book:
        book.set_properties({"title": clean(analysis.settings.get("title") or ""), "created": _CREATED})
        writer = _Writer(book)
        for sheet in sheets(analysis, names):
            writer.write(sheet)


class _Writer:
    """One workbook being written."""

    def __init__(self, book: Any) -> None:
        self.book = book

    @cached_property
    def formats(self) -> dict[str, Any]:
        return {name: self.book.add_format({"valign": "top", **look}) for name, look in _FORMATS.items()}

    def write(self, sheet: Sheet) -> None:
        """Add a sheet: headings, rows, filter, and bars on the impacts."""
        page = self.book.add_worksheet(sheet.name)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, column.width)
            page.write_string(0, at, column.heading, self.formats["head"])
        for number, row in enumerate(sheet.rows, start=1):
            for at, column in enumerate(sheet.columns):
                self._cell(page, number, at, row[at], column)
        filtered = len(sheet.rows) - len(sheet.links)
        for number, name in enumerate(sheet.links, start=1 + filtered):
            page.write_url(number, 0, f"internal:'{name}'!A1", string=name)
        page.freeze_panes(1, sheet.frozen)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        if sheet.columns:
            page.autofilter(0, 0, max(filtered, 1), len(sheet.columns) - 1)
        self._colour(page, sheet)

    def _cell(self, page: Any, row: int, at: int, value: Any, column: Column) -> None:
        kind = self.formats[column.kind]
        if not known(value):
            page.write_blank(row, at, None, kind)
        elif isinstance(value, bool):
            page.write_boolean(row, at, value, kind)
        elif column.kind in {"text", "name"}:
            page.write_string(row, at, _fitting(value), kind)
        elif isinstance(value, str):
            page.write_string(row, at, _fitting(value), self.formats["name"])
        else:
            # The summary has scores and counts in one column.
            whole = column.kind == "points" and isinstance(value, int)
            page.write_number(row, at, float(value), self.formats["count"] if whole else kind)

    def _colour(self, page: Any, sheet: Sheet) -> None:
        """Colour impacts and shares of complaints; a filter keeps the colours."""
        last = len(sheet.rows)
        for at, column in enumerate(sheet.columns):
            if last and column.look:
                page.conditional_format(1, at, last, at, _SCALES[column.look])


def _fitting(value: Any) -> str:
    """Return text that XML and a cell can hold."""
    text = clean(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
