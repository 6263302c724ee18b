from __future__ import annotations

import datetime as dt
import zipfile

import openpyxl
import pandas as pd
import pytest

from nps_nlp.intake.tables import open_table
from nps_nlp.intake.typed_tables import open_parquet, open_workbook
from tests.intake.samples import csv_text, ja_rows, refusal, write


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def cells(table):
    return [row.cells for row in table.rows()]


def test_typed_cells_of_a_workbook(tmp_path):
    rows = [
        ["回答日時", "NPS", "理由", "当日"],
        [pd.Timestamp("2024-01-05 09:30").to_pydatetime(), 9.0, "二行\nです", True],
        [dt.date(2024, 1, 6), 10, None, dt.time(9, 5)],
        [None, "3", 1.5, None],
    ]
    table = open_workbook(workbook(tmp_path / "a.xlsx", Sheet1=rows))
    assert cells(table) == [
        ["回答日時", "NPS", "理由", "当日"],
        ["2024-01-05 09:30:00", "9", "二行\nです", "True"],
        ["2024-01-06", "10", "", "09:05:00"],
        ["", "3", "1.5", ""],
    ]
    assert (table.format, table.encoding, table.lines) == ("xlsx", None, 4)


def test_rows_keep_their_spreadsheet_number_below_blank_ones(tmp_path):
    table = open_workbook(workbook(tmp_path / "a.xlsx", S=[[], [], ["NPS", "理由"], [9, "良い"]]))
    assert [(row.number, row.cells) for row in table.rows() if any(row.cells)] == [
        (3, ["NPS", "理由"]),
        (4, ["9", "良い"]),
    ]


def test_the_largest_visible_sheet_is_read_and_said(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        notes=[["made in May"]],
        answers=[["NPS"], [9], [8]],
        lists=[[i] for i in range(50)],
    )
    book = openpyxl.load_workbook(path)
    book["lists"].sheet_state = "hidden"
    book.save(path)
    table = open_workbook(path)
    assert cells(table) == [["NPS"], ["9"], ["8"]]
    assert table.notes == ("sheet 'answers' was read, the largest of 2",)
    assert {name: [row.cells for row in rows()] for name, rows in table.beside.items()} == {"notes": [["made in May"]]}


def test_few_wide_answers_are_read_and_not_their_long_key(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", key=[["q1", i] for i in range(9)], answers=[["ID", "q1", "q2", "q3", "q4"]] * 4
    )
    assert open_workbook(path).notes == ("sheet 'answers' was read, the largest of 2",)


def test_an_empty_workbook_is_refused(tmp_path):
    assert "every sheet" in refusal(lambda: open_workbook(workbook(tmp_path / "a.xlsx", S=[])))


@pytest.mark.parametrize("name", ["export.csv", "export.xlsx"])
def test_a_zip_under_another_name_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("export.csv", csv_text(ja_rows(5)))
    assert "ZIP archive" in refusal(lambda: open_table(tmp_path / name))


def test_an_empty_zip_and_a_cut_off_workbook_are_refused(tmp_path):
    zipfile.ZipFile(tmp_path / "empty.csv", "w").close()
    assert "ZIP archive" in refusal(lambda: open_table(tmp_path / "empty.csv"))
    whole = workbook(tmp_path / "a.xlsx", S=[["NPS"], [9]]).read_bytes()
    assert "damaged workbook" in refusal(lambda: open_table(write(tmp_path / "cut.xlsx", whole[: len(whole) // 2])))


def test_an_old_binary_workbook_that_is_none_is_refused(tmp_path):
    path = write(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "damaged workbook" in refusal(lambda: open_table(path))


def test_parquet_with_types_missing_values_and_categories(tmp_path):
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-01-05 09:30", None]),
            "NPS": pd.Series([9, None], dtype="Int8"),
            "float": [9.0, None],
            "plan": pd.Categorical(["A", None]),
            "raw": [b"\xff", None],
            "tags": [["a", "b"], None],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    table = open_parquet(tmp_path / "a.parquet")
    assert cells(table) == [
        ["date", "NPS", "float", "plan", "raw", "tags"],
        ["2024-01-05 09:30:00", "9", "9", "A", "\ufffd", '["a", "b"]'],
        [""] * 6,
    ]
    assert [row.number for row in table.rows()] == [0, 1, 2]
    assert table.lines == 2


def test_damaged_parquet_is_refused(tmp_path):
    frame = pd.DataFrame({"NPS": range(1000), "理由": [f"理由 {i}" for i in range(1000)]})
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    data = (tmp_path / "a.parquet").read_bytes()
    assert "Parquet file is damaged" in refusal(lambda: open_table(write(tmp_path / "cut.parquet", data[:-40])))
    hurt = data[:200] + b"\x00" * 400 + data[600:]
    assert "Parquet file is damaged" in refusal(lambda: list(open_table(write(tmp_path / "hurt.parquet", hurt)).rows()))
