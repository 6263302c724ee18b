"""Read answer times as survey tools write them, Japanese ones included."""

from __future__ import annotations

import os
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

_HALF = r"(?:午前|午後|上午|下午|오전|오후|[AP]\.?M\.?)"
_CLOCK_FORM = r"\d{1,2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?|時\d{1,2}分(?:\d{1,2}秒)?)"
_TIME = rf"(?:(?:T| *){_HALF}? ?{_CLOCK_FORM}(?: ?{_HALF})?)?"
_ZONE = r"(?: ?(?:Z|UTC|JST|GMT|[+-]\d{2}:?\d{2}|(?:GMT|UTC)[+-]\d{1,2}(?::\d{2})?))?"
_END = rf"(?: ?\(.\))?{_TIME}{_ZONE}"
# The first letters of the months in English, German, French, Spanish, Portuguese, Italian, Dutch.
_MONTHS = (
    "jan ene gen", "feb fév fev", "mar mär mrz maa", "apr avr abr", "may mai mag mei", "jun juin giu", "jul juil lug",
    "aug aoû aou ago", "sep set", "oct okt out ott", "nov", "dec dez déc dic",
)  # fmt: skip
_MONTH_OF = {start: number for number, starts in enumerate(_MONTHS, start=1) for start in starts.split()}
_NAME = rf"(?P<name>(?:{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})[a-zéûäç]{{0,7}})\.?"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
# Years of the Japanese emperors: 令和6年3月1日, R6.3.1.
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
# Pattern → order. A two-digit year is read only where a time follows, as Microsoft Forms writes it.
_FORMATS = (
    (rf"(?P<y>\d{{4}})[-/.] ?(?P<m>\d{{1,2}})[-/.] ?(?P<d>\d{{1,2}})(?!\d){_END}", "ymd"),
    (rf"(?P<y>\d{{4}})年 ?(?P<m>\d{{1,2}})月 ?(?P<d>\d{{1,2}})日{_END}", "ymd"),
    (r"(?P<y>20\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])", "ymd"),
    (rf"(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?P<y>\d{{4}})(?!\d),?{_END}", "dmy"),
    (rf"(?P<a>\d{{1,2}})[-/](?P<b>\d{{1,2}})[-/](?P<y>\d{{4}})(?!\d),?{_END}", "ab"),
    (r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>\d{2}) \d{1,2}:\d{2}(?::\d{2})?", "ab"),
    # Seconds or milliseconds since 1970, from 2001 to 2033: only a column whose name speaks of time holds them.
    (r"(?P<unix>1\d{9})(?:\d{3}|\.\d{1,6})?", "unix"),
    # Days since 1900, as spreadsheets count them, from 1954 to 2119: likewise.
    (r"(?P<serial>[2-7]\d{4})(?:[.,](?P<part>\d{1,17}))?", "serial"),
    (rf"{_WEEKDAY}{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})(?!\d),?(?: at)?{_END}", "named"),
    (
        rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th)?(?: de)?[ -]{_NAME}(?: de)?[ -](?P<y>\d{{4}})(?!\d),?{_END}",
        "named",
    ),
    (
        (
            rf"(?P<era>令和|平成|昭和|[RHS])\.?(?P<e>\d{{1,2}}|元)"
            rf"(?:年|[./-]) ?(?P<m>\d{{1,2}})(?:月|[./-]) ?(?P<d>\d{{1,2}})日?{_END}"
        ),
        "era",
    ),
    (r"(?P<y>\d{4})(?:[-/](?P<m>\d{1,2})|年 ?(?P<m2>\d{1,2})月)", "ym"),
)
_BY_LENGTH = sorted(_MONTH_OF.items(), key=lambda pair: -len(pair[0]))
_COMPILED = tuple((re.compile(pattern, re.IGNORECASE), order) for pattern, order in _FORMATS)
_CLOCK = re.compile(r"(\d{1,2})[:時](\d{1,2})(?:[:分](\d{1,2}))?")
_AFTERNOON = re.compile(r"午後|下午|오후|P\.?M", re.IGNORECASE)
_MORNING = re.compile(r"午前|上午|오전|A\.?M", re.IGNORECASE)
_TOLD = re.compile(r"\(([dDmM])[dDmM]?[/.-][dDmM]{1,2}[/.-]y", re.IGNORECASE)
_LONGEST = 48
_FIRST = re.compile(r"\d|[RHSＲＨＳ][.．]?[\d０-９]|令和|平成|昭和|[A-Za-z]{3,9}[.,]? ")
_DAY_0 = datetime(1899, 12, 30, tzinfo=UTC)
# Forms know placeholders such as 0000-00-00 and 9999-12-31.
_YEARS = range(1900, 2101)


def latest_date() -> datetime:
    """Return the last second that an answer can carry: the end of next year.

    Clocks that are wrong by months are seen in real exports and change no month beyond doubt; an answer of 2099 is a
    slip. Not today, so that the same export gives the same bytes tomorrow; ``SOURCE_DATE_EPOCH`` fixes the year.
    """
    now = os.environ.get("SOURCE_DATE_EPOCH")
    year = datetime.fromtimestamp(int(now), UTC).year if now else datetime.now(UTC).year
    return datetime(year + 1, 12, 31, 23, 59, 59)  # noqa: DTZ001 - answer times carry no zone here


def date_order(text: str) -> str | None:
    """Return the order in which a cell writes year, month and day, or None where it is no date.

    Examples
    --------
    >>> date_order("2020/07/27 3:15:06 午後 GMT+9"), date_order("満足"), date_order("12/31/2024")
    ('ymd', None, 'ab')
    """
    found = _match(text)
    return found[1] if found else None


def parse_dates(cells: Sequence[str], *, day_first: bool) -> pd.Series[pd.Timestamp]:
    """Read a column of dates; what is no date becomes NaT.

    Parameters
    ----------
    cells : sequence of str
        Dates, with or without time, in any of the forms that survey tools write.
    day_first : bool
        How ``03/04/2024`` is read: 3 April (True) or March 4 (False). ``25/04/2024`` can only be April.

    Returns
    -------
    Series of datetime64[s]
        Local time as written; a time zone is not converted.
    """
    import pandas as pd

    # The plain ISO form is nine tenths of all exports and the fast path of pandas.
    dates = pd.to_datetime(pd.Series(cells, dtype="str"), format="%Y-%m-%d %H:%M:%S", errors="coerce")
    dates = dates.astype("datetime64[s]")
    slow = [i for i in dates.index[dates.isna()] if cells[i].strip()]
    if slow:
        iso = {cell: _iso(cell, day_first=day_first) for cell in {cells[i] for i in slow}}
        parsed = pd.to_datetime([iso[cells[i]] for i in slow], errors="coerce", format="%Y-%m-%dT%H:%M:%S")
        dates.iloc[slow] = parsed.astype("datetime64[s]")
    return dates


def day_comes_first(cells: Iterable[str]) -> bool | None:
    """Tell whether ``a/b/yyyy`` is day/month, from a column with its heading; None where they leave it open.

    Examples
    --------
    >>> day_comes_first(["05/04/2024", "25/04/2024"]), day_comes_first(["05/04/2024"])
    (True, None)
    >>> day_comes_first(["Timestamp (mm/dd/yyyy)", "05/04/2024"])
    False
    """
    cells = list(cells)
    # QuestionPro and others put the format into the heading: Timestamp (dd/MM/yyyy).
    told = _TOLD.search(cells[0]) if cells else None
    if told:
        return told[1] in "dD"
    pairs = [(int(m["a"]), int(m["b"])) for c in cells if (found := _match(c)) and (m := found[0]) and found[1] == "ab"]
    first, second = (sum(pair[at] > 12 for pair in pairs) for at in (0, 1))
    if pairs and first == second:
        return None
    return first > second


def _match(text: str) -> tuple[re.Match[str], str] | None:
    plain = text.strip()
    if len(plain) > _LONGEST or not _FIRST.match(plain):
        return None
    if not plain.isascii():
        plain = unicodedata.normalize("NFKC", plain)
    return next(((m, order) for pattern, order in _COMPILED if (m := pattern.fullmatch(plain))), None)


def _iso(text: str, *, day_first: bool) -> str:
    found = _match(text)
    if not found:
        return ""
    match, order = found
    if order == "unix":
        return datetime.fromtimestamp(int(match["unix"]), UTC).strftime("%Y-%m-%dT%H:%M:%S")
    if order == "serial":
        days = float(f"{match['serial']}.{match['part'] or 0}")
        return (_DAY_0 + timedelta(seconds=round(days * 86_400))).strftime("%Y-%m-%dT%H:%M:%S")
    year, day = _year(match, order), 1
    if order == "ab":
        first, second = int(match["a"]), int(match["b"])
        day, month = (first, second) if first > 12 or (day_first and second <= 12) else (second, first)
        year += 2000 * (year < 100)
    elif order == "named":
        month, day = next(n for start, n in _BY_LENGTH if match["name"].lower().startswith(start)), int(match["d"])
    elif order == "ym":
        month = int(match["m"] or match["m2"])
    else:
        month, day = int(match["m"]), int(match["d"])
    return f"{year}-{month:02}-{day:02}T{_clock(match.group())}" if year in _YEARS else ""


def _year(match: re.Match[str], order: str) -> int:
    if order != "era":
        return int(match["y"])
    return _ERAS[match["era"].upper()] + (1 if match["e"] == "元" else int(match["e"]))


def _clock(plain: str) -> str:
    found = _CLOCK.search(plain)
    if not found:
        return "00:00:00"
    hour = int(found[1])
    if hour <= 12 and (_AFTERNOON.search(plain) or _MORNING.search(plain)):
        hour = hour % 12 + 12 * bool(_AFTERNOON.search(plain))
    return f"{hour:02}:{found[2]:0>2}:{found[3] or '00':0>2}"
