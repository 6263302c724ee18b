from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pytest
import xlwt

from nps_nlp.intake import read_export
from nps_nlp.intake.tables import open_table
from nps_nlp.intake.workbooks import open_workbook
from tests.intake.samples import ja_rows, refusal, write


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


def test_a_cut_off_workbook_is_refused(tmp_path):
    whole = workbook(tmp_path / "a.xlsx", S=[["NPS"], [9]]).read_bytes()
    message = refusal(lambda: open_table(write(tmp_path / "cut.xlsx", whole[: len(whole) // 2])))
    assert "archive or workbook is damaged" in message


def test_an_old_binary_workbook_that_is_none_is_refused(tmp_path):
    path = write(tmp_path / "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "damaged workbook" in refusal(lambda: open_table(path))


def test_the_sheet_with_scores_wins_over_a_larger_one_without(tmp_path):
    places = [["郵便番号", "住所", "備考"], *[[f"{i:07}", f"福井県 {i}", "x"] for i in range(200)]]
    answers = [["NPS", "理由"], *[[i % 11, f"理由 {i}"] for i in range(30)]]
    table = open_workbook(workbook(tmp_path / "a.xlsx", places=places, 回答=answers))
    assert table.notes == ("sheet '回答' was read, the largest with 0–10 answers of 2",)
    assert set(table.beside) == {"places"}


def test_headings_over_merged_cells_are_joined(tmp_path):
    rows = [
        ["五月のアンケート", None, None, None, None],
        ["ID", "満足度", None, "NPS", "理由"],
        [None, "味", "接客", None, None],
        *[[f"R{i}", i % 5 + 1, i % 4 + 1, i % 11, f"理由は {i}"] for i in range(25)],
    ]
    path = workbook(tmp_path / "a.xlsx", S=rows)
    book = openpyxl.load_workbook(path)
    for area in ("A1:E1", "A2:A3", "B2:C2", "D2:D3", "E2:E3"):
        book["S"].merge_cells(area)
    book.save(path)
    found = [(row.number, row.cells) for row in open_workbook(path).rows()]
    assert found[1] == (3, ["ID", "満足度 - 味", "満足度 - 接客", "NPS", "理由"])
    assert found[2] == (4, ["R0", "1", "1", "0", "理由は 0"])
    survey = read_export(path)
    assert (survey.columns.score, survey.log.kept) == ("NPS", 25)
    assert list(survey.responses["row"][:2]) == [4, 5]


def test_merged_answers_are_no_headings(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx", S=[["NPS", "理由", "改善点"], [9, "良い", None], [8, "悪い", "x"], [7, "y", "z"]]
    )
    book = openpyxl.load_workbook(path)
    book["S"].merge_cells("B2:C2")
    book.save(path)
    assert cells(open_workbook(path)) == [
        ["NPS", "理由", "改善点"],
        ["9", "良い", ""],
        ["8", "悪い", "x"],
        ["7", "y", "z"],
    ]


def old_workbook(path, rows):
    book = xlwt.Workbook()
    sheet = book.add_sheet("回答")
    style = xlwt.easyxf(num_format_str="YYYY/MM/DD HH:MM:SS")
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            sheet.write(y, x, value, style if isinstance(value, dt.datetime) else xlwt.Style.default_style)
    book.save(str(path))
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_dates_and_numbers_of_every_kind_of_workbook(tmp_path, kind):
    head, *answers = ja_rows(30)
    typed = [[dt.datetime.fromisoformat(row[0]), int(row[1]), *row[2:]] for row in answers]
    path = tmp_path / "export.csv"
    if kind == "xls":
        old_workbook(path, [head, *typed])
    else:
        engine = {"xlsx": "openpyxl", "ods": "odf"}[kind]
        with pd.ExcelWriter(tmp_path / f"a.{kind}", engine=engine) as writer:
            pd.DataFrame(typed, columns=head).to_excel(writer, index=False)
        (tmp_path / f"a.{kind}").rename(path)
    survey = read_export(path)
    assert open_table(path).format == kind
    assert survey.log.rows() == {"read": 30, "kept": 30, "quarantined": 0, "duplicates": 0}
    assert list(survey.responses["score"]) == [int(row[1]) for row in answers]
    assert list(survey.responses["date"].astype(str)) == [row[0] for row in answers]
    assert list(survey.comments["推奨の理由"]) == [row[2] for row in answers]
