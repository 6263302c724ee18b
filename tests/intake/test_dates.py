from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.dates import date_order, day_comes_first, parse_dates


def read(text: str, *, day_first: bool = False) -> pd.Timestamp:
    return parse_dates([text], day_first=day_first)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-05 09:30:15", "2024-01-05 09:30:15"),
        ("2024-01-05T09:30:15Z", "2024-01-05 09:30:15"),
        ("2024-01-05T09:30:15.123+09:00", "2024-01-05 09:30:15"),
        ("2024-01-05 09:30:15 UTC", "2024-01-05 09:30:15"),
        ("2024-01-05", "2024-01-05"),
        ("2024/1/5", "2024-01-05"),
        ("2024.1.5", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("2024/1/5（金）", "2024-01-05"),
        ("2024年1月5日", "2024-01-05"),
        ("２０２４年１月５日", "2024-01-05"),
        ("2024年1月5日 15時30分", "2024-01-05 15:30:00"),
        ("2024年1月5日(金) 15時5分9秒", "2024-01-05 15:05:09"),
        ("2024年1月5日 午後3:30", "2024-01-05 15:30:00"),
        ("2024年1月", "2024-01-01"),
        ("2024-01", "2024-01-01"),
        ("2020/07/27 3:15:06 午後 GMT+9", "2020-07-27 15:15:06"),
        ("2020/07/27 12:15:06 午前 GMT+9", "2020-07-27 00:15:06"),
        ("1/5/2024 15:30:12", "2024-01-05 15:30:12"),
        ("12/31/2024 11:59 PM", "2024-12-31 23:59:00"),
        ("12/31/2024 12:05AM", "2024-12-31 00:05:00"),
        ("05/23/2022 03:15:06 PM", "2022-05-23 15:15:06"),
        ("1/5/24 15:30", "2024-01-05 15:30:00"),
        ("31.12.2024", "2024-12-31"),
        ("05.04.2024", "2024-04-05"),
        ("25/12/2024", "2024-12-25"),
        ("Jan 5, 2024", "2024-01-05"),
        ("2024. 1. 5 오후 3:15:06", "2024-01-05 15:15:06"),
        ("2024/1/5 上午9:15", "2024-01-05 09:15:00"),
        ("Jan 05, 2024 03:15:06 PM", "2024-01-05 15:15:06"),
        ("January 5th, 2024 at 3:15 PM", "2024-01-05 15:15:00"),
        ("Fri, 05 Jan 2024 15:15:06 +0000", "2024-01-05 15:15:06"),
        ("05-Jan-2024 15:15:06", "2024-01-05 15:15:06"),
        ("5. März 2024", "2024-03-05"),
        ("5 août 2024", "2024-08-05"),
        ("5 de enero de 2024", "2024-01-05"),
        ("令和6年1月5日", "2024-01-05"),
        ("令和元年5月1日", "2019-05-01"),
        ("R6.1.5 15:15", "2024-01-05 15:15:00"),
        ("Ｒ６／１／５", "2024-01-05"),
        ("H31.4.1", "2019-04-01"),
        ("45296", "2024-01-05"),
        ("45296.6354166667", "2024-01-05 15:15:00"),
        ("45296,5", "2024-01-05 12:00:00"),
    ],
)
def test_dates_as_survey_tools_write_them(text, expected):
    assert date_order(text) is not None
    assert read(text) == pd.Timestamp(expected)


def test_the_day_may_come_first():
    assert read("03/04/2024", day_first=True) == pd.Timestamp("2024-04-03")
    assert read("03/04/2024", day_first=False) == pd.Timestamp("2024-03-04")
    assert read("12/25/2024", day_first=True) == pd.Timestamp("2024-12-25")


@pytest.mark.parametrize(
    "text",
    ["", "満足", "9", "2024", "13:30", "24/01/05", "10,000円", "Jan 5", "Yesterday 5, 2024", "May we, 2024", "R6",
     "19999", "80000", "1" * 5000],
)  # fmt: skip
def test_what_is_no_date(text):
    assert date_order(text) is None
    assert read(text) is pd.NaT


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13-01", "99/99/2024", "2024-01-05 25:00", "0000-01-01"])
def test_impossible_dates_become_nat(text):
    assert read(text) is pd.NaT


def test_a_column_keeps_its_length_and_type():
    dates = parse_dates(["2024-01-05 10:00:00", "", "2024/1/6", "ひみつ"], day_first=False)
    assert dates.dtype == "datetime64[s]"
    assert list(dates.isna()) == [False, True, False, True]
    assert parse_dates([], day_first=False).dtype == "datetime64[s]"


def test_the_sample_tells_which_number_is_the_day():
    assert day_comes_first(["13/04/2024", "01/02/2024", ""]) is True
    assert day_comes_first(["04/13/2024", "01/02/2024"]) is False
    assert day_comes_first(["2024-01-05", "x"]) is False
    assert day_comes_first(["01/02/2024"]) is None


# Exports write local time without a zone.
MOMENTS = st.datetimes(
    dt.datetime(1990, 1, 1),  # noqa: DTZ001
    dt.datetime(2049, 12, 31),  # noqa: DTZ001
).map(lambda moment: moment.replace(microsecond=0))
FORMATS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y年%m月%d日 %H時%M分%S秒",
    "%m/%d/%Y %I:%M:%S %p",
    "%d.%m.%Y %H:%M:%S",
]


@settings(max_examples=100, deadline=None)
@given(MOMENTS, st.sampled_from(FORMATS))
def test_dates_round_trip(moment, form):
    assert read(moment.strftime(form)) == pd.Timestamp(moment)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text("0123456789/-:. 年月日T午後APM", max_size=24), max_size=5))
def test_any_cells_are_dates_or_nat(cells):
    dates = parse_dates(cells, day_first=True)
    assert len(dates) == len(cells)
    assert all(pd.isna(d) for c, d in zip(cells, dates, strict=True) if date_order(c) is None)
