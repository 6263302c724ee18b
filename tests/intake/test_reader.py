from __future__ import annotations

import pandas as pd
import pytest

from nps_nlp.intake.layout import find_layout
from nps_nlp.intake.reader import Draft, FileReader, Plan
from nps_nlp.intake.repeats import Seen
from nps_nlp.intake.rows import Row
from nps_nlp.intake.tables import open_table
from nps_nlp.survey import Columns, IntakeLog
from tests.intake.samples import refusal, write

COLUMNS = Columns("NPS", ("理由",), "日付", "ID", ("年代",))
HEADINGS = ["ID", "日付", "NPS", "理由", "年代"]


def read(path, *rows, headings=HEADINGS, drop_duplicates=False, seen=None, coding="0-10"):
    """Read rows of cells as one file and return the draft and the Survey that it makes."""
    table = open_table(write(path / "a.csv", [headings, *[[str(i)] * len(headings) for i in range(3)]]))
    layout = find_layout(table, list(table.rows()))
    plan = Plan(COLUMNS, COLUMNS.comments, tuple(HEADINGS), False, drop_duplicates, {"NPS": coding})
    reader, draft = FileReader(plan, layout, seen or Seen()), Draft()
    reader.read([row if isinstance(row, Row) else Row(i, list(row)) for i, row in enumerate(rows, start=2)], draft)
    return reader, plan.survey(draft)


def test_a_row_becomes_a_response(tmp_path):
    _, survey = read(tmp_path, [" M1 ", "2024-05-01 10:00:00", "９ - 高い", " 良い\n店 ", "20代\n"])
    assert survey.responses.to_dict("records") == [
        {
            "file": str(tmp_path / "a.csv"),
            "row": 2,
            "respondent": "M1",
            "score": 9,
            "date": pd.Timestamp("2024-05-01 10:00:00"),
        }
    ]
    assert survey.comments.to_dict("records") == [{"理由": "良い\n店"}]
    assert survey.segments.to_dict("records") == [{"年代": "20代"}]
    assert survey.responses.dtypes[["row", "score", "date"]].tolist() == ["int64", "int8", "datetime64[s]"]
    assert all(map(pd.api.types.is_string_dtype, survey.responses.dtypes[["file", "respondent"]]))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["M1", "", "", "良い", ""], "blank score"),
        (["M1", "", "11", "良い", ""], "score 11 is outside 0–10"),
        (
            ["M1", "", "9", "良い", "20代", "x"],
            "6 cells under 5 headings: an unquoted delimiter in an answer?",
        ),
        (["and a second line"], "1 cell under 5 headings: an unquoted line break in an answer?"),
        (HEADINGS, "the row of headings once more"),
        (Row(2, ["M1"], "the line is not a JSON object"), "the line is not a JSON object"),
    ],
)
def test_a_row_that_cannot_be_used_is_set_aside_whole(tmp_path, row, reason):
    _, survey = read(tmp_path, row, ["M2", "", "9", "", ""])
    cells = row.cells if isinstance(row, Row) else row
    assert survey.log.quarantined == [(str(tmp_path / "a.csv"), 2, reason, cells)]
    assert (survey.log.read, survey.log.kept) == (2, 1)


def test_short_rows_are_filled_and_counted_and_blank_ends_are_cut(tmp_path):
    _, survey = read(tmp_path, ["M1", "2024-05-01", "9"], ["M2", "2024-05-01", "8", "良い", "20代", "", " "])
    assert list(survey.responses["score"]) == [9, 8]
    assert list(survey.comments["理由"]) == ["", "良い"]
    assert survey.log.notes == {"rows with fewer cells than headings, filled with blanks": 1}


def test_answers_fillers_and_unreadable_dates_are_counted(tmp_path):
    _, survey = read(
        tmp_path,
        ["1", "昨日", "9", "特になし", ""],
        ["2", "", "9", "良い", ""],
        ["3", "2024-05-01", "9", " ", ""],
    )
    assert (survey.log.answers, survey.log.fillers) == (2, 1)
    assert list(survey.comments["理由"]) == ["特になし", "良い", ""]
    assert survey.log.notes == {"rows without a readable date": 2}


def test_duplicates_are_counted_or_set_aside(tmp_path):
    rows = [
        ["1", "2024-05-01", "9", "良い", ""],
        ["2", "2024-05-01", "9", "良い", ""],
        ["1", "2024-05-01", "9", "良い", ""],
    ]
    _, kept = read(tmp_path, *rows)
    assert (len(kept), kept.log.duplicates) == (3, 1)
    _, dropped = read(tmp_path, *rows, drop_duplicates=True)
    assert (len(dropped), dropped.log.duplicates, dropped.log.reasons()) == (
        2,
        1,
        {"exact duplicate of an earlier row": 1},
    )


def test_duplicates_are_found_across_files_with_other_columns(tmp_path):
    seen = Seen()
    read(tmp_path, ["1", "2024-05-01", "9", "良い", ""], seen=seen)
    _, second = read(tmp_path, ["良い", "9", "1", "2024-05-01"], headings=["理由", "NPS", "ID", "日付"], seen=seen)
    assert second.log.duplicates == 1


def test_a_file_without_some_columns_has_blanks_there(tmp_path):
    _, survey = read(tmp_path, ["9", "良い"], headings=["NPS", "理由"])
    assert survey.responses[["respondent", "score"]].to_dict("records") == [{"respondent": "", "score": 9}]
    assert survey.responses["date"].isna().all()
    assert survey.segments["年代"].tolist() == [""]


def test_scores_in_another_coding_are_checked_on_their_own_scale(tmp_path):
    reader, survey = read(tmp_path, *([str(i), "", str(i % 11 + 1), "", ""] for i in range(99)), coding="1-11")
    assert survey.responses["score"].tolist() == [i % 11 for i in range(99)]
    assert reader.finish() == dict.fromkeys(range(11), 9)
    reader, survey = read(
        tmp_path,
        *([str(i), "", label, "", ""] for i, label in enumerate(["推奨者", "中立者", "批判者", "9"])),
        coding="groups",
    )
    assert survey.responses["score"].tolist() == [9, 7, 3]
    assert survey.log.reasons() == {"'9' is no group of the NPS": 1}
    assert reader.finish() == {}


@pytest.mark.parametrize(
    "row",
    [
        ["Grand Totals (2 records)"],
        ["Copyright (c) 2000-2024 salesforce.com, inc. All rights reserved.", "", "", "", ""],
        ["総計", "", "", "件数 2", ""],
    ],
)
def test_the_last_lines_of_a_report_are_no_answers(tmp_path, row):
    _, survey = read(tmp_path, ["M2", "", "9", "", ""], row)
    assert survey.log.reasons() == {"a line of the report below its rows, no answer": 1}


def test_nothing_kept_still_has_its_columns_and_types(tmp_path):
    _, survey = read(tmp_path, ["1", "", "", "", ""])
    assert (len(survey), list(survey.comments), list(survey.segments)) == (0, ["理由"], ["年代"])
    assert survey.responses.dtypes.astype(str)["score"] == "int8"
    assert survey.log == IntakeLog(1, 0, 0, survey.log.quarantined)


def test_the_scale_is_checked_on_every_row(tmp_path):
    reader, _ = read(tmp_path, *([str(i), "", "95" if i > 90 else "9", "", ""] for i in range(100)))
    assert "values from 9 to 95" in refusal(reader.finish)
    reader, _ = read(tmp_path, *([str(i), "", "9", "", ""] for i in range(100)))
    assert reader.finish() == {9: 100}
