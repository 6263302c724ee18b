"""Build SVG elements as escaped markup, and map values to places in percent of a drawing's width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable

_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 25, 50, 100)


def el(name: str, *children: str, **attributes: object) -> Markup:
    """Return one element; ``class_`` is written ``class``, ``stroke_width`` as ``stroke-width``.

    Examples
    --------
    >>> print(el("text", "a < b", class_="tick", x="10%"))
    <text class="tick" x="10%">a &lt; b</text>
    """
    written = Markup().join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _number(value))
        for key, value in attributes.items()
        if value is not None
    )
    inside = Markup().join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(name), written, inside)  # noqa: S704 - name is ours


def drawing(height: int, children: Iterable[Markup], *, alt: str = "", class_: str = "") -> Markup:
    """Return a drawing as wide as its place and `height` pixels high; without `alt` it is mere decoration.

    Widths inside are in percent and heights in pixels, so a drawing stretches without distorting text and
    dots, and no style attribute is needed, which the page's security policy would refuse.
    """
    said = {"role": "img", "aria_label": alt} if alt else {"aria_hidden": "true", "focusable": "false"}
    return el("svg", *children, class_=f"chart {class_}".strip(), width="100%", height=height, **said)


def percent_of(share: float) -> str:
    """Return a place on the width: 0.25 is ``25%``."""
    return f"{100 * share:.2f}".rstrip("0").rstrip(".") + "%"


def _number(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


@dataclass(frozen=True)
class Domain:
    """Values laid over a drawing's width; `left` and `right` are the free shares at its edges."""

    low: float
    high: float
    left: float = 0.02
    right: float = 0.02

    def share(self, value: float) -> float:
        """Return where a value lies, 0-1; values outside stop at the edge."""
        width = self.high - self.low or 1.0
        inside = min(max((value - self.low) / width, 0.0), 1.0)
        return self.left + inside * (1 - self.left - self.right)

    def at(self, value: float) -> str:
        """Return where a value lies, in percent of the width.

        Examples
        --------
        >>> Domain(-10, 10, left=0, right=0).at(5)
        '75%'
        """
        return percent_of(self.share(value))

    def ticks(self, most: int = 5) -> list[float]:
        """Return round values inside, at most about `most` of them.

        Examples
        --------
        >>> Domain(-9, 4).ticks()
        [-5, 0]
        >>> Domain(-9, 4).ticks(7)
        [-8, -6, -4, -2, 0, 2, 4]
        """
        width = self.high - self.low
        step = next((s for s in _STEPS if width / s <= most), _STEPS[-1])
        first = int(-(-self.low // step))
        return [k * step for k in range(first, int(self.high // step) + 1)]
