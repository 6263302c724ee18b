"""Write numbers as a reader of the report's language expects them: signs, percent, intervals, months."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MINUS = "\u2212"
DASH = "–"
# Control characters and lone surrogates: not text, and refused by HTML and XML alike.
_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def known(value: Any) -> bool:
    """Tell whether a table cell holds something: not None, not NaN, not an empty text.

    Examples
    --------
    >>> [known(v) for v in (0, "a", None, float("nan"), "")]
    [True, True, False, False, False]
    """
    if isinstance(value, float):  # most cells of a workbook are
        return not math.isnan(value)
    return value is not None and str(value) not in {"", "<NA>", "NaT", "nan"}


def clean(text: Any) -> str:
    r"""Replace what is not text by U+FFFD, one for one, so that spans still fit.

    Examples
    --------
    >>> clean("a\x00b")
    'a�b'
    """
    return _NOT_TEXT.sub("\ufffd", str(text).replace("\r\n", " \n").replace("\r", "\n"))


def points(value: Any, digits: int = 1) -> str:
    """Return NPS points with their sign; a zero after rounding has none.

    Examples
    --------
    >>> points(8.24), points(-0.51), points(0.04), points(float("nan"))
    ('+8.2', '−0.5', '0.0', '–')
    """
    if not known(value):
        return DASH
    text = f"{abs(value):.{digits}f}"
    if float(text) == 0:
        return text
    return ("+" if value > 0 else MINUS) + text


def percent(share: Any) -> str:
    """Return a share of 0-1 as whole percent, with one digit where a whole number would read as none or all.

    Examples
    --------
    >>> percent(0.342), percent(0.004), percent(0), percent(0.998)
    ('34%', '0.4%', '0%', '99.8%')
    """
    if not known(share):
        return DASH
    at = 100 * float(share)
    exact = at in {0.0, 100.0} or 1 <= at <= 99
    return f"{at:.0f}%" if exact else f"{min(max(at, 0.1), 99.9):.1f}%"


def count(number: Any) -> str:
    """Return a whole number with thousands separated.

    Examples
    --------
    >>> count(76352)
    '76,352'
    """
    return f"{int(number):,}" if known(number) else DASH


def decimal(value: Any, digits: int = 2) -> str:
    """Return a plain number with a true minus sign.

    Examples
    --------
    >>> decimal(-1.236)
    '−1.24'
    """
    return f"{value:.{digits}f}".replace("-", MINUS) if known(value) else DASH


def probability(value: Any) -> str:
    """Return a p or q value.

    Examples
    --------
    >>> probability(0.00002), probability(0.0123)
    ('<0.001', '0.012')
    """
    if not known(value):
        return DASH
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def span(low: Any, high: Any, language: str) -> str:
    """Return an interval for running text.

    Examples
    --------
    >>> span(-10.91, 5.6, "en"), span(-10.91, 5.6, "ja")
    ('−10.9 to +5.6', '−10.9〜+5.6')
    """
    return f"{points(low)}{'〜' if language == 'ja' else ' to '}{points(high)}"


def brackets(low: Any, high: Any) -> str:
    """Return an interval for tables; empty where it is unknown.

    Examples
    --------
    >>> brackets(-10.91, -5.6)
    '[−10.9, −5.6]'
    """
    return f"[{points(low)}, {points(high)}]" if known(low) and known(high) else ""


def with_limits(row: dict[str, Any], name: str, show: Callable[[Any], str]) -> str:
    """Return a number of a row with its interval behind it, all written alike.

    Examples
    --------
    >>> with_limits({"share": 0.2, "share_ci_low": 0.1, "share_ci_high": 0.34}, "share", percent)
    '20% [10%, 34%]'
    """
    low, high = row[f"{name}_ci_low"], row[f"{name}_ci_high"]
    around = f" [{show(low)}, {show(high)}]" if known(low) and known(high) else ""
    return show(row[name]) + around


def month(period: Any, language: str) -> str:
    """Return a period ``2026-07`` by its name; anything else as it is.

    Examples
    --------
    >>> month("2026-07", "en"), month("2026-07", "ja"), month("2026Q3", "en")
    ('July 2026', '2026年7月', '2026Q3')
    """
    parts = _year_month(period)
    if parts is None:
        return str(period) if known(period) else DASH
    year, number = parts
    return f"{year}年{number}月" if language == "ja" else f"{_MONTHS[number - 1]} {year}"


def short_month(period: Any, language: str) -> tuple[str, str]:
    """Return the month and the year of a period for narrow axes and table heads.

    Examples
    --------
    >>> short_month("2026-07", "en"), short_month("2026-07", "ja"), short_month("Q3", "en")
    (('Jul', '2026'), ('7月', '2026年'), ('Q3', ''))
    """
    parts = _year_month(period)
    if parts is None:
        return str(period), ""
    year, number = parts
    return (f"{number}月", f"{year}年") if language == "ja" else (_MONTHS[number - 1][:3], str(year))


def _year_month(period: Any) -> tuple[int, int] | None:
    year, _, number = str(period).partition("-")
    if len(year) == 4 and year.isdigit() and len(number) == 2 and number.isdigit() and 1 <= int(number) <= 12:
        return int(year), int(number)
    return None
