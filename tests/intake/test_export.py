from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nps_nlp.demo import demo_path
from nps_nlp.intake import open_export, read_export
from nps_nlp.survey import IntakeLog
from tests.intake.samples import (
    JA,
    assert_accounted,
    csv_text,
    ja_rows,
    refusal,
    survey_or_message,
    write,
    write_jsonl,
)


def same(a, b):
    for left, right in ((a.responses, b.responses), (a.comments, b.comments), (a.segments, b.segments)):
        pd.testing.assert_frame_equal(left, right)
    assert a.log == b.log


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_one_survey_in_any_encoding(tmp_path, encoding, delimiter):
    rows = [[cell.replace("😀", "♪") for cell in row] for row in ja_rows(66)]
    survey = read_export(write(tmp_path / "a.csv", csv_text(rows, delimiter).encode(encoding)))
    assert (survey.columns.score, survey.columns.date) == ("NPS", "回答日時")
    assert (survey.columns.comments, survey.columns.segments) == (("推奨の理由",), ("性別",))
    assert list(survey.comments["推奨の理由"]) == [row[2] for row in rows[1:]]
    assert survey.log.rows() == {"read": 66, "kept": 66, "quarantined": 0, "duplicates": 0}


def test_every_format_gives_the_same_survey(tmp_path):
    rows = ja_rows(66)
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    typed = frame.assign(NPS=frame["NPS"].astype(float), 回答日時=pd.to_datetime(frame["回答日時"]))
    write(tmp_path / "a.csv", rows)
    write(tmp_path / "a.tsv", csv_text(rows, "\t"))
    write_jsonl(tmp_path / "a.jsonl", rows)
    typed.to_parquet(tmp_path / "a.parquet", index=False)
    typed.to_excel(tmp_path / "a.xlsx", index=False)
    surveys = [read_export(path) for path in sorted(tmp_path.iterdir())]
    for survey in surveys[1:]:
        pd.testing.assert_frame_equal(
            survey.responses.drop(columns=["file", "row"]), surveys[0].responses.drop(columns=["file", "row"])
        )
        pd.testing.assert_frame_equal(survey.comments, surveys[0].comments)
        pd.testing.assert_frame_equal(survey.segments, surveys[0].segments)


def test_a_folder_of_files_with_different_columns_is_one_survey(tmp_path):
    rows = ja_rows(33)
    write(tmp_path / "1.csv", rows)
    write(tmp_path / "2.csv", [[row[2], row[1], row[0]] for row in rows])
    write(
        tmp_path / "3.csv",
        [[*row, extra] for row, extra in zip(rows, ["Plan", *["A", "B", "C"] * 11], strict=True)],
    )
    export = open_export(tmp_path)
    assert export.columns.segments == ("性別", "Plan")
    survey = read_export(tmp_path)
    assert survey.log.rows()["read"] == 99
    assert survey.responses["file"].str[-5:].value_counts().to_dict() == {
        "1.csv": 33,
        "2.csv": 33,
        "3.csv": 33,
    }
    assert (survey.segments["Plan"] == "").sum() == 66
    assert export.estimated_rows == 99


def test_a_score_that_is_named_otherwise_in_some_files(tmp_path):
    rows = ja_rows(33)
    a = write(tmp_path / "a.csv", rows)
    b = write(tmp_path / "b.csv", [["回答日時", "友人にすすめたい度合い", "推奨の理由", "性別"], *rows[1:]])
    survey = read_export([a, b])
    assert survey.columns.to_dict()["score"] == ["NPS", "友人にすすめたい度合い"]
    assert survey.log.kept == 66
    assert "score column '友人にすすめたい度合い' of the other files is missing" in refusal(
        lambda: open_export([a, b], score="友人にすすめたい度合い")
    )


def test_scoring_alone_touches_no_comments(tmp_path):
    path = write(tmp_path / "a.csv", ja_rows(66))
    full, bare = read_export(path), read_export(path, with_comments=False)
    pd.testing.assert_frame_equal(full.responses, bare.responses)
    pd.testing.assert_frame_equal(full.segments, bare.segments)
    assert bare.comments.shape == (66, 0)
    assert bare.columns == full.columns
    assert bare.log.rows() == full.log.rows()


# --- properties -------------------------------------------------------------------------------------------


def damage(data: bytes, seed: int, times: int) -> bytes:
    """Cut, repeat, overwrite and insert bytes at random places."""
    rng, out = random.Random(seed), bytearray(data)
    for _ in range(times):
        at = rng.randrange(len(out) or 1)
        kind = rng.randrange(5)
        if kind == 0:
            del out[at : at + rng.randrange(1, 40)]
        elif kind == 1:
            out[at:at] = out[at : at + rng.randrange(1, 200)]
        elif kind == 2:
            out[at:at] = rng.choice([b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"\t", b'"\n', b";;;", b"99,"])
        elif kind == 3:
            out[at : at + 1] = bytes([rng.randrange(256)])
        else:
            del out[max(at, len(out) // 2) :]
    return bytes(out)


SOUND = csv_text(ja_rows(60)).encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    times=st.integers(1, 12),
    encoding=st.sampled_from(["utf-8", "utf-16", "cp932"]),
)
def test_whatever_happens_to_a_file_every_row_is_accounted_for(tmp_path, seed, times, encoding):
    data = SOUND.decode().replace("😀", "").encode(encoding)
    path = write(tmp_path / "a.csv", damage(data, seed, times))
    found = survey_or_message(path)
    if isinstance(found, str):
        assert found.endswith(".")
        assert "a.csv" in found
    else:
        assert_accounted(found)


CELL = st.sampled_from(
    ["9", "0", "10", "７", "", "x", "良い", "特になし", "2024-05-01", "05/06/2024", " ", "a\nb", "n/a"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files=st.lists(st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=12), min_size=1, max_size=3),
    sizes=st.lists(st.integers(1, 40), min_size=1, max_size=2),
    drop=st.booleans(),
)
def test_any_chunk_size_gives_the_same_survey_and_log(tmp_path, files, sizes, drop):
    for old in tmp_path.iterdir():
        old.unlink()
    for i, rows in enumerate(files):
        write(tmp_path / f"{i}.csv", [JA, *ja_rows(30)[1:], *rows])
    whole = open_export(tmp_path, drop_duplicates=drop)
    (one,) = whole.chunks(10_000)
    assert_accounted(one)
    for size in sizes:
        export = open_export(tmp_path, drop_duplicates=drop)
        parts = list(export.chunks(size))
        assert export.log == whole.log == sum((p.log for p in parts), IntakeLog())
        assert max(p.log.read for p in parts) <= size
        for name in ("responses", "comments", "segments"):
            together = pd.concat([getattr(p, name) for p in parts], ignore_index=True)
            pd.testing.assert_frame_equal(together, getattr(one, name))


def test_reading_twice_gives_the_same(tmp_path):
    export = open_export(write(tmp_path / "a.csv", ja_rows(50)))
    (first,), (second,) = export.chunks(), export.chunks()
    same(first, second)


# --- real exports -----------------------------------------------------------------------------------------


def test_the_fukui_survey_is_read_as_published(shared):
    export = open_export(shared / "data" / "fukui")
    assert export.columns.score == "NPS"
    assert (export.columns.date, export.columns.respondent) == ("回答日時", "会員ID")
    assert len(export.columns.comments) == 7
    assert {"性別", "年代", "都道府県", "6分類", "同行者"} <= set(export.columns.segments)
    writers = promoters = detractors = 0
    for chunk in export.chunks():
        writers += int((chunk.comments != "").any(axis=1).sum())
        promoters += int((chunk.responses["score"] >= 9).sum())
        detractors += int((chunk.responses["score"] <= 6).sum())
    assert export.log.rows() == {"read": 76_353, "kept": 76_352, "quarantined": 1, "duplicates": 3}
    assert (export.log.answers, writers, promoters, detractors) == (94_462, 33_430, 26_767, 19_158)
    assert export.log.reasons() == {"blank score": 1}
    assert 0.9 < export.estimated_rows / 76_353 < 1.1


@pytest.mark.parametrize("tool", ["qualtrics", "surveymonkey", "typeform"])
def test_real_exports_without_a_score_name_the_option_to_give(shared, tool):
    (path,) = (shared / "exports" / tool).glob("*.csv")
    assert "no column with 0–10 answers was found; name it with --score" in refusal(lambda: open_export(path))


def test_a_real_qualtrics_export_with_its_score_named(shared):
    path = shared / "exports" / "qualtrics" / "qualtRics_sample.csv"
    survey = read_export(path, score="This is a multiple choice question.")
    responses = survey.responses[["respondent", "score"]]
    assert responses.to_dict("records") == [{"respondent": "R_2YPOQ602ER1jkf1", "score": 2}]
    assert survey.comments.iloc[0].tolist() == ["Hello World!"]


def test_files_of_two_tools_have_a_date_each():
    export = open_export([demo_path("ja"), demo_path("en")], with_comments=False)
    days = pd.concat([chunk.responses["date"] for chunk in export.chunks()])
    assert (export.columns.date, export.columns.date_elsewhere) == ("タイムスタンプ", ("RecordedDate",))
    assert days.notna().all()
    alone = open_export(demo_path("en"), with_comments=False).columns
    assert (alone.date, alone.date_elsewhere) == ("RecordedDate", ())


def test_files_that_share_no_question_are_said_to_be_perhaps_two_surveys(tmp_path):
    shop = "日付,おすすめ度(0-10),理由\n" + "".join(f"2026-01-0{i % 9 + 1},{i % 11},レジが遅い{i}\n" for i in range(40))
    staff = "Date,How likely are you to recommend us as an employer?,Why?\n" + "".join(
        f"2026-01-0{i % 9 + 1},{i % 11},too many meetings {i}\n" for i in range(40)
    )
    files = [write(tmp_path / name, text.encode()) for name, text in (("a.csv", shop), ("b.csv", staff))]
    assert any("b.csv and a.csv share neither" in note for note in open_export(files).notes)
    again = write(tmp_path / "c.csv", shop.replace("おすすめ度(0-10)", "総合おすすめ度(0-10)").encode())
    assert not any("share neither" in note for note in open_export([files[0], again]).notes)
