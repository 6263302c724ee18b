"""Read an Analysis for rendering: its tables as rows, its ids by their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.report.format import clean, known

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from nps_nlp.report.words import Words
    from nps_nlp.result import Analysis

Row = dict[str, Any]
CATEGORIES = ("promoter", "passive", "detractor")
BEYOND_CHANCE = 0.05


def records(table: pd.DataFrame | None) -> list[Row]:
    """Return the rows of a table that may be missing or empty."""
    if table is None or table.empty:
        return []
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def by_segment(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of every way to group, in the table's order."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(str(row["segment"]), []).append(row)
    return grouped


def break_points(analysis: Analysis) -> tuple[int, int]:
    """Return the highest score of a detractor and the lowest of a promoter."""
    low, high = analysis.settings.get("break_points") or (6, 9)
    return int(low), int(high)


def category_name(value: Any) -> str:
    """Return a category's name in the singular, however a table spells it."""
    return str(value).removesuffix("s")


def file_name(path: Any) -> str:
    """Return the file of a path: folders on the analyst's machine are nobody else's business."""
    return clean(path).replace("\\", "/").rsplit("/", 1)[-1]


def is_certain(row: Row, side: str) -> bool:
    """Tell whether an impact is beyond chance: its interval leaves zero out and its q is small."""
    low, high, q = row[f"impact_{side}_ci_low"], row[f"impact_{side}_ci_high"], row[f"q_{side}"]
    if not (known(low) and known(high)) or (known(q) and q >= BEYOND_CHANCE):
        return False
    return bool(high < 0 or low > 0)


@dataclass(frozen=True)
class Names:
    """What themes, columns and groups are called in the report."""

    themes: dict[str, str]
    headings: dict[str, str]
    joined: frozenset[tuple[str, str]]
    words: Words

    @classmethod
    def of(cls, analysis: Analysis, words: Words) -> Names:
        """Collect the names of an analysis in a language."""
        themes = {r["id"]: str(r[f"label_{words.language}"]) for r in records(analysis.themes)}
        themes |= {UNMENTIONED: words("word.unmentioned")}
        headings = analysis.settings.get("questions") or {}
        joined = frozenset((r["segment"], r["value"]) for r in records(analysis.segments) if r.get("other"))
        return cls(themes, headings, joined, words)

    def theme(self, theme: str) -> str:
        """Return a theme's label, or its id where the taxonomy has none."""
        return self.themes.get(theme, theme)

    def heading(self, heading: str) -> str:
        """Return the question behind a column's heading."""
        return clean(self.headings.get(heading, heading))

    def value(self, segment: str, value: Any) -> str:
        """Return the name of a group."""
        if (segment, value) in self.joined:
            return self.words("word.other_group")
        return clean(value) if known(value) else self.words("word.unknown")


def confidence_of(analysis: Analysis) -> str:
    """Return the confidence of the intervals as percent, ``95%``."""
    return f"{100 * float(analysis.nps.confidence):g}%"
