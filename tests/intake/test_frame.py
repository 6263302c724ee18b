from __future__ import annotations

import pandas as pd

from nps_nlp.intake import read_export
from nps_nlp.intake.frame import open_source
from tests.intake.samples import ja_rows, refusal, write


def test_a_dataframe_is_read_by_the_rules_of_files(tmp_path):
    rows = ja_rows(66)
    frame = pd.DataFrame(rows[1:], columns=rows[0]).assign(NPS=lambda f: f["NPS"].astype("Int64"))
    frame["回答日時"] = pd.to_datetime(frame["回答日時"])
    frame.loc[5, "NPS"] = pd.NA
    frame.loc[6, "回答日時"] = pd.NaT
    export = open_source(frame)
    (survey,) = export.chunks()
    from_file = read_export(write(tmp_path / "a.csv", rows))
    assert survey.columns.to_dict() == from_file.columns.to_dict()
    assert survey.log.reasons() == {"blank score": 1}
    assert survey.responses["date"].isna().sum() == 1
    assert list(survey.comments["推奨の理由"].drop(index=4)[:4]) == list(from_file.comments["推奨の理由"][:4])
    assert (export.sources[0].format, export.estimated_rows) == ("dataframe", 66)


def test_an_index_and_numbers_as_headings_do_no_harm():
    frame = pd.DataFrame({0: [9, 10, 3], "x": ["a b", "c d", None]}, index=["p", "q", "r"])
    (survey,) = open_source(frame, score="0").chunks()
    assert list(survey.responses["score"]) == [9, 10, 3]
    assert list(survey.responses["row"]) == [1, 2, 3]


def test_a_survey_is_its_own_source(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", ja_rows(25)))
    source = open_source(survey)
    parts = list(source.chunks(10))
    assert [len(part) for part in parts] == [10, 10, 5]
    assert source.log is survey.log
    assert (len(source.sources), source.estimated_rows) == (1, 25)
    pd.testing.assert_frame_equal(pd.concat([p.comments for p in parts], ignore_index=True), survey.comments)
    assert "columns of a Survey are decided already" in refusal(lambda: open_source(survey, score="NPS"))


def test_paths_go_to_open_export(tmp_path):
    assert open_source(write(tmp_path / "a.csv", ja_rows(5)), score=None, comments=()).columns.score == "NPS"
