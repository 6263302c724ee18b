"""Read answer times as survey tools write them, Japanese ones included."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_ZONE = r"(?: ?(?:Z|UTC|JST|GMT|[+-]\d{2}:?\d{2}|GMT[+-]\d{1,2}(?::\d{2})?))?"
# Pattern → strptime order. Only the date is kept by the analysis; the time makes duplicates and sorting exact.
_FORMATS: tuple[tuple[str, str], ...] = (
    (rf"(?P<y>\d{{4}})[-/.](?P<m>\d{{1,2}})[-/.](?P<d>\d{{1,2}}){_TIME}(?: ?(?:午前|午後|AM|PM))?{_ZONE}", "ymd"),
    (rf"(?P<y>\d{{4}})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日(?: ?[(（].[)）])?{_TIME}", "ymd"),
    (r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", "ymd"),
    (rf"(?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}})[-/.](?P<y>\d{{4}}){_TIME}(?: ?(?:AM|PM))?{_ZONE}", "abY"),
    (rf"(?P<y>\d{{4}})[-/年](?P<m>\d{{1,2}})月?", "ym"),
)
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), order) for pattern, order in _FORMATS)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")


def _match(text: str) -> tuple[re.Match[str], str] | None:
    plain = unicodedata.normalize("NFKC", text).strip() if not text.isascii() else text.strip()
    return next(((m, order) for pattern, order in _COMPILED if (m := pattern.fullmatch(plain))), None)


def date_format(text: str) -> str | None:
    """Return which order of year, month and day a cell is written in, or None where it is no date.

    Examples
    --------
    >>> date_format("2020/07/27 3:15:06 午後 GMT+9"), date_format("満足"), date_format("12/31/2024")
    ('ymd', None, 'abY')
    """
    found = _match(text)
    return found[1] if found else None


def parse_dates(cells: Sequence[str], *, day_first: bool) -> pd.Series:
    """Read a column of dates; what is no date becomes NaT.

    Parameters
    ----------
    cells : sequence of str
        Dates, with or without time, in any of the forms that survey tools write.
    day_first : bool
        How ``03/04/2024`` is read: 3 April (True) or March 4 (False).

    Returns
    -------
    Series of datetime64[s]
        Local time as written; a time zone is not converted.
    """
    import pandas as pd

    # The plain ISO form is nine tenths of all exports and the fast path of pandas.
    fast = pd.to_datetime(pd.Series(cells, dtype="str"), format="%Y-%m-%d %H:%M:%S", errors="coerce").astype("datetime64[s]")
    slow = [i for i, missing in enumerate(fast.isna()) if missing and cells[i].strip()]
    if slow:
        fast.iloc[slow] = pd.to_datetime([_iso(cells[i], day_first=day_first) for i in slow], errors="coerce", format="ISO8601").astype("datetime64[s]")
    return fast


def day_comes_first(cells: Sequence[str]) -> bool:
    """Tell from a sample whether ``a/b/yyyy`` is day/month: it is where some first number exceeds 12."""
    firsts = [int(found[0]["a"]) for c in cells if (found := _match(c)) and found[1] == "abY"]
    return any(a > 12 for a in firsts)


def _iso(text: str, *, day_first: bool) -> str:
    found = _match(text)
    if not found:
        return ""
    match, order = found
    if order == "abY":
        day, month = (match["a"], match["b"]) if day_first else (match["b"], match["a"])
    else:
        month, day = match["m"], match["d"] if order == "ymd" else "1"
    return f"{match['y']}-{int(month):02}-{int(day):02}T{_clock(text)}"


def _clock(text: str) -> str:
    found = _CLOCK.search(text)
    if not found:
        return "00:00:00"
    hour = int(found[1])
    afternoon = "午後" in text or "PM" in text.upper().split()
    morning = "午前" in text or "AM" in text.upper().split()
    hour = hour % 12 + 12 * afternoon if afternoon or morning else hour
    return f"{hour:02}:{found[2]}:{found[3] or '00'}"
