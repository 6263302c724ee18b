"""The priority map as inline SVG: themes by importance and share of complaints, in four named quadrants."""

from __future__ import annotations

import unicodedata
from itertools import product
from typing import TYPE_CHECKING

from nps_nlp.insight.priority import QUADRANTS
from nps_nlp.report.format import percent
from nps_nlp.report.svg import Domain, drawing, el, percent_of
from nps_nlp.report.tables import records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from markupsafe import Markup

    from nps_nlp.insight.priority import PriorityMap
    from nps_nlp.report.words import Words

    Box = tuple[float, float, float, float]

_TOP, _HEIGHT, _BOTTOM = 30, 380, 44
_LINE, _STEPS = 17, 12
# The width that labels are laid out for; narrower screens shrink the gaps, and the table below has every number.
_WIDTH = 1000.0
_QUADRANTS = {"improve": (1, 0), "keep": (1, 1), "later": (0, 0), "maintain": (0, 1)}


def priority_chart(plan: PriorityMap, names: Mapping[str, str], words: Words, alt: str) -> Markup:
    """Return the map of the themes of a `PriorityMap`."""
    rows = records(plan.table)
    across = _domain([r["importance"] for r in rows], plan.importance_border, left=0.05, right=0.03)
    up = _domain([r["share_negative"] for r in rows], plan.negative_border, left=0.04, right=0.04)

    def y(share: float) -> float:
        return _TOP + (1 - up.share(share)) * _HEIGHT

    parts = _frame(across, y(plan.negative_border), plan.importance_border)
    parts += _quadrant_names(words)
    parts += _axes(words)
    # Names keep clear of the quadrants' names, the borders and the dots.
    border_x, border_y = across.share(plan.importance_border) * _WIDTH, y(plan.negative_border)
    lines = (border_x - 2, _TOP, border_x + 2, _TOP + _HEIGHT), (0.0, border_y - 2, _WIDTH, border_y + 2)
    corners = [(right * (_WIDTH - 120), _TOP + low * (_HEIGHT - 24)) for right, low in _QUADRANTS.values()]
    taken: list[Box] = [(left, at, left + 120, at + 24) for left, at in corners]
    places = [(across.share(r["importance"]), y(r["share_negative"])) for r in rows]
    taken += [(x * _WIDTH - 7, at - 7, x * _WIDTH + 7, at + 7) for x, at in places]
    for row, (x, at) in zip(rows, places, strict=True):
        colour = "detractor" if row["quadrant"] == "improve" else "ink"
        look = f"fill-{colour}" if row["sure"] else f"stroke-{colour} hollow"
        hint = f"{names[row['theme']]}: {percent(row['importance'])}, {percent(row['share_negative'])}"
        parts.append(el("circle", el("title", hint), class_=f"dot {look}", cx=percent_of(x), cy=at, r=5))
        parts.append(_label(names[row["theme"]], x, at, lines, taken))
    return drawing(_TOP + _HEIGHT + _BOTTOM, parts, alt=alt, class_="priority")


def _domain(values: list[float], border: float, *, left: float, right: float) -> Domain:
    low, high = min([*values, border]), max([*values, border])
    spare = 0.06 * (high - low or 1.0)
    return Domain(max(0.0, low - spare), high + spare, left=left, right=right)


def _frame(across: Domain, border_y: float, border_x: float) -> list[Markup]:
    x = across.at(border_x)
    return [
        el(
            "rect", class_="quadrant", x=x, y=_TOP, width=percent_of(1 - across.share(border_x)), height=border_y - _TOP
        ),
        el("line", class_="reference", x1=x, x2=x, y1=_TOP, y2=_TOP + _HEIGHT),
        el("line", class_="reference", x1="0%", x2="100%", y1=border_y, y2=border_y),
        el("rect", class_="outline", x="0%", y=_TOP, width="100%", height=_HEIGHT),
    ]


def _quadrant_names(words: Words) -> list[Markup]:
    """Write the quadrants' names into their corners; empty quadrants have names too."""
    said = {key: ja if words.language == "ja" else en for key, ja, en in QUADRANTS.values()}
    parts = []
    for key, (right, low) in _QUADRANTS.items():
        where = {"x": "99.4%" if right else "0.6%", "text_anchor": "end" if right else "start"}
        at = _TOP + _HEIGHT - 10 if low else _TOP + 19
        parts.append(el("text", said[key], class_="quadrant-name", y=at, **where))
    return parts


def _axes(words: Words) -> list[Markup]:
    bottom = _TOP + _HEIGHT + 26
    return [
        el("text", words("depth.negative_axis"), class_="tick", x=0, y=_TOP - 12),
        el("text", words("depth.importance_axis"), class_="tick", x="100%", y=bottom, text_anchor="end"),
    ]


def _label(text: str, x: float, y: float, lines: Sequence[Box], taken: list[Box]) -> Markup:
    """Write a name beside its dot, on the side and height that are free; over a border only where nothing else is."""
    wide = sum(13.0 if unicodedata.east_asian_width(c) in "WF" else 7.0 for c in text)
    for avoided in ((*taken, *lines), taken):
        for step, right in product(sorted(range(-_STEPS, _STEPS + 1), key=abs), (True, False)):
            left, middle = x * _WIDTH + (10 if right else -10 - wide), y + step * _LINE
            box = (left, middle - 8, left + wide, middle + 8)
            inside = box[0] >= 0 and box[2] <= _WIDTH and box[1] >= _TOP and box[3] <= _TOP + _HEIGHT
            if inside and not any(_meet(box, other) for other in avoided):
                taken.append(box)
                # Offsets in pixels, whatever the width of the drawing.
                side = {"dx": 10, "text_anchor": "start"} if right else {"dx": -10, "text_anchor": "end"}
                return el("text", text, class_="theme-name", x=percent_of(x), y=middle + 4, **side)
    return el("text", text, class_="theme-name", x=percent_of(x), dx=10, y=y + 4)


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
