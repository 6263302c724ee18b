"""The findings in plain words, made from the tables: what holds the score down, what lifts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.report.format import known, month, percent, points, span
from nps_nlp.report.tables import is_certain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.report.tables import Names, Row

_NEXT = 2


@dataclass(frozen=True)
class Finding:
    """The main finding about one side of the score."""

    heading: str
    amount: str = ""
    interval: str = ""
    body: str = ""


def finding(rows: Sequence[Row], side: str, names: Names, confidence: str) -> Finding:
    """Say what weighs most on one side.

    Parameters
    ----------
    rows : sequence of Row
        Drivers (side ``negative``) or strengths (``positive``) with enough mentions, heaviest first.
    side : str
        ``"negative"`` or ``"positive"``.
    names : Names
        Labels and the report's language.
    confidence : str
        Of the intervals, as percent.

    Returns
    -------
    Finding
        One that says so where nothing is beyond chance: the report never invents a story.
    """
    words, up = names.words, "up" if side == "positive" else "down"
    certain = [r for r in rows if is_certain(r, side)]
    if not rows:
        return Finding(words(f"drivers.none_{up}"))
    top = (certain or rows)[0]
    size = {"impact": points(top[f"impact_{side}"]), "range": _range(top, side, words.language)}
    size |= {"confidence": confidence}
    label = names.theme(top["id"])
    if not certain:
        largest = words(f"drivers.largest_{up}", theme=label, **size)
        return Finding(words(f"drivers.uncertain_{up}"), body=largest)
    return Finding(
        words(f"drivers.lead_{up}", theme=label),
        words("drivers.lead_amount", impact=size["impact"]),
        words("score.interval", confidence=confidence, range=size["range"]),
        ("" if words.language == "ja" else " ").join([*_details(top, side, names), *_next(certain[1:], side, names)]),
    )


def _range(row: Row, side: str, language: str) -> str:
    return span(row[f"impact_{side}_ci_low"], row[f"impact_{side}_ci_high"], language)


def _details(row: Row, side: str, names: Names) -> list[str]:
    """Return who mentions the theme, since when, and where most."""
    words, up = names.words, "_up" if side == "positive" else ""
    said = []
    shares = {name: row.get(f"share_{side}_{name}") for name in ("detractors", "promoters")}
    if all(known(share) for share in shares.values()):
        said.append(words(f"drivers.lead_share{up}", **{n: percent(s) for n, s in shares.items()}))
    if known(row.get("since")):
        change = {"before": percent(row["since_before"]), "after": percent(row["since_after"])}
        said.append(words(f"drivers.lead_since{up}", month=month(row["since"], words.language), **change))
    if known(row.get("who_value")):
        where = {
            "segment": names.heading(row["who_segment"]),
            "value": names.value(row["who_segment"], row["who_value"]),
        }
        shares = {"share": percent(row["who_share"]), "rest": percent(row["who_rest_share"])}
        said.append(words(f"drivers.lead_who{up}", **where, **shares))
    return said


def _next(rows: Sequence[Row], side: str, names: Names) -> list[str]:
    words = names.words
    items = [
        words("drivers.lead_item", theme=names.theme(r["id"]), impact=points(r[f"impact_{side}"])) for r in rows[:_NEXT]
    ]
    return [words("drivers.lead_next", themes=words("drivers.lead_join").join(items))] if items else []


def tags(row: Row, names: Names) -> list[str]:
    """Return since when and where a theme stands out, in the fewest words."""
    words, found = names.words, []
    if known(row.get("since")):
        change = {"before": percent(row["since_before"]), "after": percent(row["since_after"])}
        found.append(words("drivers.since", month=month(row["since"], words.language), **change))
    if known(row.get("who_value")):
        shares = {"share": percent(row["who_share"]), "rest": percent(row["who_rest_share"])}
        found.append(words("drivers.who", value=names.value(row["who_segment"], row["who_value"]), **shares))
    return found
