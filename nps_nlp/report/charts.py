"""The charts of the report as inline SVG, made here so that the page needs no chart library."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.report.format import brackets, count, known, percent, points, short_month
from nps_nlp.report.svg import Domain, drawing, el, percent_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markupsafe import Markup

_ROW = 30
_BAR = 34
_FEW = 12
_LABEL_FITS = 0.09


def share_bar(shares: Sequence[tuple[str, float]], alt: str) -> Markup:
    """Return one bar split into classes, each with its percent where it fits."""
    at, parts = 0.0, []
    for name, share in shares:
        if share > 0:
            parts.append(el("rect", class_=f"fill-{name}", x=percent_of(at), y=0, width=percent_of(share), height=_BAR))
            if share >= _LABEL_FITS:
                parts.append(_text(percent(share), at + share / 2, _BAR / 2 + 5, f"on-{name}"))
        at += share
        if 0 < at < 1:
            parts.append(el("line", class_="seam", x1=percent_of(at), x2=percent_of(at), y1=0, y2=_BAR))
    return drawing(_BAR, parts, alt=alt, class_="share-bar")


def histogram(rows: Sequence[dict[str, Any]], category: Callable[[int], str], alt: str) -> Markup:
    """Return the number of responses at every score, coloured by category."""
    highest, slot, room, base = max((r["share"] for r in rows), default=0) or 1, 1 / 11, 118, 142
    parts = []
    for row in rows:
        score = int(row["score"])
        height = max(room * row["share"] / highest, 1 if row["count"] else 0)
        left = score * slot + slot * 0.11
        hint = el("title", f"{score}: {count(row['count'])} ({percent(row['share'])})")
        bar = el(
            "rect",
            hint,
            class_=f"fill-{category(score)}",
            x=percent_of(left),
            y=base - height,
            width=percent_of(slot * 0.78),
            height=height,
        )
        parts.append(bar)
        middle = (score + 0.5) * slot
        if row["count"]:
            parts.append(_text(percent(row["share"]), middle, base - height - 6, "bar-value"))
        parts.append(_text(str(score), middle, base + 18, "tick"))
    parts.append(el("line", class_="axis", x1=0, x2="100%", y1=base + 0.5, y2=base + 0.5))
    return drawing(base + 24, parts, alt=alt)


def domain_of(rows: Sequence[tuple[float, float]], *anchors: float, width: float = 0) -> Domain:
    """Return the stretch that holds all intervals and anchors, at least `width` wide."""
    ends = [e for low, high in rows for e in (low, high) if known(e)] + list(anchors)
    low, high = (min(ends), max(ends)) if ends else (-1.0, 1.0)
    spare = max(width, 1.0) - (high - low)
    if spare > 0 and high <= abs(low):
        low -= spare
    elif spare > 0:
        high += spare
    return Domain(low, high)


@dataclass(frozen=True)
class Interval:
    """A value with its limits, and the colour class it is drawn in."""

    value: float
    low: float
    high: float
    colour: str
    certain: bool = True


def interval_row(interval: Interval, domain: Domain, *, reference: float | None = 0.0, bar: bool = False) -> Markup:
    """Return a dot with its interval on the grid of a domain; hollow where it could be chance."""
    middle = _ROW / 2
    parts = _grid(domain, _ROW)
    if reference is not None:
        parts.append(_vertical(domain.at(reference), _ROW, "reference"))
    if bar and reference is not None:
        ends = sorted((domain.share(reference), domain.share(interval.value)))
        parts.append(
            el(
                "rect",
                class_=f"fill-{interval.colour} soft",
                x=percent_of(ends[0]),
                y=middle - 7,
                width=percent_of(ends[1] - ends[0]),
                height=14,
            )
        )
    if known(interval.low) and known(interval.high):
        ends_at = {"x1": domain.at(interval.low), "x2": domain.at(interval.high)}
        parts.append(el("line", class_=f"stroke-{interval.colour} whisker", y1=middle, y2=middle, **ends_at))
    look = f"fill-{interval.colour}" if interval.certain else f"stroke-{interval.colour} hollow"
    parts.append(el("circle", class_=f"dot {look}", cx=domain.at(interval.value), cy=middle, r=5))
    return drawing(_ROW, parts)


def axis(domain: Domain) -> Markup:
    """Return the tick labels over rows of intervals."""
    return drawing(20, [_text(points(t, 0), domain.share(t), 13, "tick") for t in domain.ticks()])


def share_row(share: float, highest: float, colour: str) -> Markup:
    """Return a small bar for a share, against the highest one of the chart."""
    width = share / highest if known(share) and highest else 0.0
    return drawing(
        10,
        [
            el("rect", class_="track", width="100%", height=10),
            el("rect", class_=f"fill-{colour}", width=percent_of(width), height=10),
        ],
    )


@dataclass(frozen=True)
class Trend:
    """The months of a trend chart and where their values go."""

    rows: Sequence[dict[str, Any]]
    language: str
    since: str = ""
    top: int = 22
    height: int = 220

    @property
    def across(self) -> Domain:
        """The months from left to right; the left edge is kept free for the labels of the grid."""
        return Domain(0, max(len(self.rows) - 1, 1), left=0.09, right=0.035)

    @property
    def up(self) -> Domain:
        """The values from bottom to top."""
        return domain_of([(r["ci_low"], r["ci_high"]) for r in self.rows])

    def y(self, value: float) -> float:
        """Return the height of a value in pixels from the top."""
        return self.top + (1 - self.up.share(value)) * self.height

    def draw(self, alt: str) -> Markup:
        """Return the whole chart."""
        parts = [
            *self._values(),
            self._band(),
            *self._turn(),
            *self._dots(),
            *self._months(),
            *self._volume(),
        ]
        return drawing(self.top + self.height + 102, parts, alt=alt, class_="trend")

    def _values(self) -> list[Markup]:
        lines = []
        for tick in self.up.ticks(6):
            y = self.y(tick)
            lines.append(el("line", class_="reference" if tick == 0 else "grid", x1=0, x2="100%", y1=y, y2=y))
            lines.append(el("text", points(tick, 0), class_="tick", x=0, y=y - 4))
        return lines

    def _band(self) -> Markup:
        # Paths know no percent: the band is drawn in a stretched frame of its own, 1000 units wide.
        def path(column: str) -> list[str]:
            return [
                f"{1000 * self.across.share(k):.1f},{self.y(r[column]):.1f}"
                for k, r in enumerate(self.rows)
                if known(r[column])
            ]

        around = " ".join(path("ci_low") + path("ci_high")[::-1])
        line, bottom = " ".join(path("nps")), self.top + self.height
        return el(
            "svg",
            el("polygon", class_="band", points=around),
            el("polyline", class_="trend-line", points=line, vector_effect="non-scaling-stroke"),
            viewBox=f"0 0 1000 {bottom}",
            preserveAspectRatio="none",
            width="100%",
            height=bottom,
        )

    def _turn(self) -> list[Markup]:
        """Mark the change of level, between the month before it and its first month."""
        at = next((k for k, r in enumerate(self.rows) if k and r["period"] == self.since), None)
        if at is None:
            return []
        x = percent_of(self.across.share(at - 0.5))
        return [el("line", class_="turn", x1=x, x2=x, y1=0, y2=self.top + self.height)]

    def _dots(self) -> list[Markup]:
        values = [r["nps"] for r in self.rows]
        few = len(values) <= _FEW
        named = (
            set(range(len(values)))
            if few
            else {0, len(values) - 1, values.index(max(values)), values.index(min(values))}
        )
        parts = []
        for k, row in enumerate(self.rows):
            limits = brackets(row["ci_low"], row["ci_high"])
            hint = el("title", f"{row['period']}: {points(row['nps'])} {limits}, n = {count(row['n'])}")
            parts.append(
                el(
                    "circle",
                    hint,
                    class_="dot fill-ink",
                    cx=self.across.at(k),
                    cy=self.y(row["nps"]),
                    r=4 if few else 2.5,
                )
            )
            if k in named:
                around = values[max(k - 1, 0) : k + 2]
                # A label stands where the line does not go: below a valley, above everything else.
                y = self.y(row["nps"]) + (20 if row["nps"] == min(around) < max(around) else -10)
                label = points(row["nps"], 0 if few else 1)
                parts.append(_text(label, self.across.share(k), y, "point-value"))
        return parts

    def _months(self) -> list[Markup]:
        step, bottom, parts = -(-len(self.rows) // 13), self.top + self.height, []
        year_before = ""
        for k, row in enumerate(self.rows):
            month, year = short_month(row["period"], self.language)
            if k % step == 0:
                parts.append(_text(month, self.across.share(k), bottom + 18, "tick"))
                if year != year_before:
                    parts.append(_text(year, self.across.share(k), bottom + 34, "tick"))
                    year_before = year
        return parts

    def _volume(self) -> list[Markup]:
        base, most = self.top + self.height + 98, max(r["n"] for r in self.rows)
        width = min(0.6 * (1 - self.across.left - self.across.right) / len(self.rows), 0.05)
        parts = []
        for k, row in enumerate(self.rows):
            height = max(34 * row["n"] / most, 1)
            left = self.across.share(k) - width / 2
            parts.append(
                el(
                    "rect",
                    el("title", f"n = {count(row['n'])}"),
                    class_="fill-quiet",
                    x=percent_of(left),
                    y=base - height,
                    width=percent_of(width),
                    height=height,
                )
            )
            if len(self.rows) <= _FEW:
                parts.append(_text(count(row["n"]), self.across.share(k), base - height - 4, "tick"))
        parts.append(el("text", "n", class_="tick", x=0, y=base - 2))
        return parts


def heat_level(share: float, highest: float, levels: int = 7) -> int:
    """Return the colour step of a share: 0 for none, `levels` for the highest of the table.

    Examples
    --------
    >>> heat_level(0, 0.4), heat_level(0.05, 0.4), heat_level(0.4, 0.4), heat_level(0.1, 0)
    (0, 1, 7, 0)
    """
    if not known(share) or not highest or share <= 0:
        return 0
    return max(1, min(levels, -(-int(1000 * levels * share / highest) // 1000)))


def _text(words: str, share: float, y: float, class_: str) -> Markup:
    return el("text", words, class_=class_, x=percent_of(share), y=y, text_anchor="middle")


def _vertical(at: str, height: int, class_: str) -> Markup:
    return el("line", class_=class_, x1=at, x2=at, y1=0, y2=height)


def _grid(domain: Domain, height: int) -> list[Markup]:
    return [_vertical(domain.at(t), height, "grid") for t in domain.ticks()]
