from __future__ import annotations

import os
import random
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nps_nlp.errors import InputError
from nps_nlp.intake import open_export, read_export
from nps_nlp.survey import IntakeLog
from tests.intake.samples import EN, JA, csv_text, ja_rows, refusal, write, write_jsonl

FUKUI = Path(__file__).parents[2].parent / "shared" / "data" / "fukui"
EXPORTS = FUKUI.parents[1] / "exports"


def assert_accounted(survey):
    log = survey.log
    assert log.read == log.kept + len(log.quarantined)
    assert log.kept == len(survey) == len(survey.comments) == len(survey.segments)
    assert survey.responses["score"].between(0, 10).all()


def same(a, b):
    for left, right in ((a.responses, b.responses), (a.comments, b.comments), (a.segments, b.segments)):
        pd.testing.assert_frame_equal(left, right)
    assert a.log == b.log


# --- formats and encodings ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be"]
)
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


# --- bad input: one sentence ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "only blank lines"),
        ("NPS,理由\n", "headings but no answers"),
        ("NPS,理由\n,\n", "headings but no answers"),
        ("年齢,理由\n34,良い\n45,悪い\n", "no column with 0–10 answers was found; name it with --score"),
        ([["NPS", "推奨度"], *[[str(i % 11)] * 2 for i in range(30)]], "2 columns could hold the 0–10 score"),
        ([["NPS", "理由"], *[[str(i % 11 + 1), "良い"] for i in range(55)]], "counted from 1"),
        ([["NPS", "理由"], *[[str(i % 11 * 10), "良い"] for i in range(55)]], "0–100 scale"),
        (b"%PDF-1.7", "a PDF"),
        (bytes(range(256)) * 100, "binary"),
        ("<html><body><table>", "web page"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, content, expected):
    path = write(tmp_path / "a.csv", content)
    message = refusal(lambda: read_export(path))
    assert expected in message
    assert str(path) in message


def test_no_file(tmp_path):
    assert "no such file" in refusal(lambda: open_export(tmp_path / "missing.csv"))


def test_a_zip_under_another_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("inner.csv", csv_text(ja_rows(9)))
    assert "ZIP archive" in refusal(lambda: open_export(tmp_path / "a.csv"))


def test_a_scale_that_goes_wrong_late_is_refused_at_the_end_of_its_file(tmp_path):
    rows = [["NPS", "理由"], *[[str(i % 11), f"理由 {i}"] for i in range(9_000)], *[["85", "late"]] * 400]
    good, bad = write(tmp_path / "a.csv", rows[:200]), write(tmp_path / "b.csv", rows)
    export = open_export([good, bad])
    read = 0
    with pytest.raises(InputError, match=r"b\.csv: column 'NPS' holds values from 0 to 85") as caught:
        for chunk in export.chunks(1_000):
            read += chunk.log.read
    assert "expected whole numbers from 0 to 10" in str(caught.value)
    assert export.log.read == read == 9_000


def test_a_few_slips_late_in_the_file_are_set_aside(tmp_path):
    rows = [["NPS", "理由"], *[[str(i % 11), f"理由 {i}"] for i in range(9_000)], *[["85", "late"]] * 100]
    survey = read_export(write(tmp_path / "a.csv", rows))
    assert survey.log.reasons() == {"score 85 is outside 0–10": 100}
    assert_accounted(survey)


def test_slips_that_are_many_over_all_files_are_refused(tmp_path):
    for i in range(6):
        write(tmp_path / f"{i}.csv", [["NPS", "理由"], *[[str(j % 11), "x"] for j in range(11)], ["55", "y"]])
    assert "0.csv and 5 more files: column 'NPS' holds values from 0 to 55" in refusal(
        lambda: read_export(tmp_path)
    )


def test_no_row_can_be_used(tmp_path):
    rows = [["NPS", "理由"], *[["9", "x", "one cell too many"]] * 3, ["", ""], ["", "y"]]
    message = refusal(lambda: read_export(write(tmp_path / "a.csv", rows), score="NPS"))
    assert "none of the 4 rows can be used (3 × 3 cells under 2 headings" in message


def test_a_named_score_without_numbers(tmp_path):
    path = write(tmp_path / "a.csv", ja_rows(20))
    assert "column '性別' holds no numbers but answers such as '男性'" in refusal(
        lambda: open_export(path, score="性別")
    )
    assert "there is no column 'nps'" in refusal(lambda: open_export(path, score="nps"))


def test_chunks_of_no_rows_are_refused(tmp_path):
    export = open_export(write(tmp_path / "a.csv", ja_rows(3)))
    with pytest.raises(ValueError, match="rows must be at least 1"):
        next(export.chunks(0))


# --- small, odd and damaged input: kept -----------------------------------------------------------------------------


def test_one_respondent(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", ja_rows(1)))
    assert len(survey) == 1
    assert survey.columns.comments == ("推奨の理由",)


@pytest.mark.parametrize("score", ["0", "1", "7", "10"])
def test_all_the_same_score(tmp_path, score):
    rows = ja_rows(40)
    survey = read_export(write(tmp_path / "a.csv", [rows[0], *[[r[0], score, *r[2:]] for r in rows[1:]]]))
    assert set(survey.responses["score"]) == {int(score)}
    assert len(survey) == 40


def test_scores_alone(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", "NPS\n" + "".join(f"{i % 11}\n" for i in range(50))))
    assert (len(survey), survey.comments.shape, survey.columns.date) == (50, (50, 0), None)


def test_dangerous_and_endless_comments_are_kept_verbatim(tmp_path):
    comments = [
        "</script><img src=x onerror=alert(1)>",
        '=HYPERLINK("http://x","y")',
        "+1",
        "@SUM(A1)",
        "長" * 100_000,
        "a,b;c\td|e",
        "\"'`",
        "😀" * 50,
    ]
    rows = [["NPS", "推奨の理由"], *[[str(i), c] for i, c in enumerate(comments)]]
    survey = read_export(write(tmp_path / "a.csv", rows))
    assert list(survey.comments["推奨の理由"]) == comments


def test_damage_in_the_middle_keeps_its_row_and_is_counted(tmp_path):
    data = (
        csv_text(ja_rows(40))
        .encode()
        .replace("駅から".encode(), b"\xe9\xa7\xff", 1)
        .replace(b"10:05", b"10\x00:05")
    )
    export = open_export(write(tmp_path / "a.csv", data))
    survey = read_export(tmp_path / "a.csv")
    assert survey.log.rows() == {"read": 40, "kept": 40, "quarantined": 0, "duplicates": 0}
    assert survey.comments["推奨の理由"].str.contains("\ufffd").sum() == 1
    notes = {"lines with bytes that no encoding explains, shown as \ufffd": 1, "NUL bytes removed": 1}
    assert survey.log.notes == notes
    assert export.sources[0].notes == tuple(f"{n} {what}" for what, n in notes.items())


def test_ragged_rows_are_accounted(tmp_path):
    rows = ja_rows(40)
    text = (
        csv_text(rows) + '2024-05-01,9,unquoted, comma, here,男性\n9\n2024-05-01,9\n2024-05-01,8,"x",男性,,\n'
    )
    survey = read_export(write(tmp_path / "a.csv", text))
    assert survey.log.rows() == {"read": 44, "kept": 42, "quarantined": 2, "duplicates": 0}
    assert [aside.row for aside in survey.log.quarantined] == [42, 43]


def test_repeated_headings_and_exact_repetitions(tmp_path):
    rows = [
        ["NPS", "Other", "Other"],
        *[[str(i % 11), f"the first text {i}", f"the second text {i}"] for i in range(22)],
    ]
    path = write(tmp_path / "a.csv", [*rows, *rows[1:4]])
    survey = read_export(path)
    assert survey.columns.comments == ("Other", "Other (2)")
    assert survey.log.rows() == {"read": 25, "kept": 25, "quarantined": 0, "duplicates": 3}
    dropped = read_export(path, drop_duplicates=True)
    assert dropped.log.rows() == {"read": 25, "kept": 22, "quarantined": 3, "duplicates": 3}


def test_a_readme_beside_the_exports_is_left_out_and_said(tmp_path):
    write(tmp_path / "2024-05.csv", ja_rows(22))
    write(
        tmp_path / "README.txt", "These are the exports of May, made by hand.\nAsk Anna, or Ben, for more.\n"
    )
    write(tmp_path / "empty.txt", b"")
    export = open_export(tmp_path)
    assert [Path(s.path).name for s in export.sources] == ["2024-05.csv"]
    assert len(export.notes) == 2
    assert "README.txt: no column with 0–10 answers was found" in export.notes[0]
    assert sum(len(chunk) for chunk in export.chunks()) == 22
    assert all(export.log.notes[note] == 1 for note in export.notes)


def test_a_text_file_that_is_an_export_is_read(tmp_path):
    write(tmp_path / "a.csv", ja_rows(22))
    write(tmp_path / "b.txt", csv_text(ja_rows(11), "\t"))
    assert read_export(tmp_path).log.read == 33
    assert read_export(tmp_path / "b.txt").log.read == 11


def test_a_folder_with_nothing_but_readmes(tmp_path):
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name, "just words\n")
    assert "no file holds 0–10 answers" in refusal(lambda: open_export(tmp_path))


def test_data_that_cannot_be_read_is_never_left_out(tmp_path):
    write(tmp_path / "a.csv", ja_rows(22))
    bad = write(tmp_path / "b.csv", bytes(range(256)) * 50)
    assert f"{bad}: the file is binary" in refusal(lambda: open_export(tmp_path))
    bad.unlink()
    write(tmp_path / "codebook.csv", "code,meaning\n1,yes\n2,no\n")
    assert "codebook.csv: no column with 0–10 answers" in refusal(lambda: open_export(tmp_path))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read every file")
def test_a_file_without_permission_is_named(tmp_path):
    path = write(tmp_path / "a.csv", ja_rows(3))
    path.chmod(0)
    assert "cannot be opened (Permission denied)" in refusal(lambda: open_export(path))


def test_a_month_without_answers_is_no_error(tmp_path):
    write(tmp_path / "1.csv", ja_rows(22))
    write(tmp_path / "2.csv", ja_rows(0))
    export = open_export(tmp_path)
    assert export.sources[1].notes == ("headings but no answers",)
    assert sum(len(chunk) for chunk in export.chunks()) == 22


def test_dates_that_can_be_read_in_two_ways_are_mentioned(tmp_path):
    rows = [EN, *[[f"0{i % 9 + 1}/04/2024", str(i % 11), f"reason number {i}", "A"] for i in range(22)]]
    export = open_export(write(tmp_path / "a.csv", rows))
    assert any("month/day" in note for note in export.sources[0].notes)
    assert next(export.chunks()).responses["date"].dt.day.eq(4).all()
    export = open_export(write(tmp_path / "a.csv", [*rows, ["30/04/2024", "9", "late", "A"]]))
    assert not export.sources[0].notes
    assert next(export.chunks()).responses["date"].dt.month.eq(4).all()


def test_a_date_column_that_is_named_and_unreadable_is_counted(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", ja_rows(22)), date="性別")
    assert survey.responses["date"].isna().all()
    assert survey.log.notes == {"rows without a readable date": 22}


def test_a_column_that_fills_only_late_is_mentioned(tmp_path):
    rows = [
        [*row, "ご意見"] if i == 0 else [*row, "" if i < 4_900 else "後から増えた質問への答えです"]
        for i, row in enumerate(ja_rows(5_000))
    ]
    export = open_export(write(tmp_path / "a.csv", rows))
    assert sum(len(chunk) for chunk in export.chunks()) == 5_000
    assert export.log.notes == {"answers in column 'ご意見', blank in the first rows and so not read": 101}
    assert read_export(tmp_path / "a.csv", comments=["ご意見"]).log.answers == 101


def test_the_hint_that_spreadsheets_write_above_the_headings(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", "sep=;\r\n" + csv_text(ja_rows(22), ";")))
    assert survey.log.read == 22


def test_exports_that_were_joined_carelessly(tmp_path):
    text = csv_text(ja_rows(22))
    survey = read_export(write(tmp_path / "a.csv", text + text))
    assert survey.log.reasons() == {"the row of headings once more": 1}
    assert survey.log.rows() == {"read": 45, "kept": 44, "quarantined": 1, "duplicates": 22}


@pytest.mark.parametrize(
    "data",
    [
        b"a" * 50_000_000,
        b"NPS,reason\n9," + b"x" * 50_000_000,
        b"NPS,reason\n9,good\n8," + b"," * 50_000_000,
        b'NPS,reason\n9,good\n8,"' + b"x," * 25_000_000,
        "あ".encode("cp932") * 25_000_000,
        b"\x00" * 50_000_000,
        b'{"NPS": ' * 6_000_000,
    ],
    ids=["letters", "a cell", "commas", "an open quote", "cp932", "NUL", "JSON"],
)
def test_fifty_megabytes_in_one_line_are_answered_in_seconds(tmp_path, data):
    path = write(tmp_path / "a.csv", data)
    start = time.process_time()
    try:
        survey = read_export(path)
    except InputError as error:
        assert str(path) in str(error)
    else:
        assert_accounted(survey)
        assert len(survey) == 1
        assert survey.log.reasons() == {"a row of over 10,000,000 characters": 1}
    assert time.process_time() - start < 10


# --- properties -----------------------------------------------------------------------------------------------------


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
            out[at:at] = rng.choice(
                [b'"', b",", b"\n", b"\r", b"\x00", b"\xff", b"\t", b'"\n', b";;;", b"99,"]
            )
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
    try:
        survey = read_export(path)
    except InputError as error:
        assert str(error).endswith(".")
        assert "a.csv" in str(error)
    else:
        assert_accounted(survey)


CELL = st.sampled_from(
    ["9", "0", "10", "７", "", "11", "x", "良い", "特になし", "2024-05-01", "05/06/2024", " ", "a\nb", "n/a"]
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


# --- real exports ---------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not FUKUI.is_dir(), reason="the Fukui exports are not beside this checkout")
def test_the_fukui_survey_is_read_as_published():
    export = open_export(FUKUI)
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


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not beside this checkout")
@pytest.mark.parametrize(
    "path", sorted(EXPORTS.glob("*/*.csv")) if EXPORTS.is_dir() else [], ids=lambda p: p.parent.name
)
def test_real_exports_without_a_score_name_the_option_to_give(path):
    assert "no column with 0–10 answers was found; name it with --score" in refusal(lambda: open_export(path))


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the real exports are not beside this checkout")
def test_a_real_qualtrics_export_with_its_score_named():
    survey = read_export(
        EXPORTS / "qualtrics" / "qualtRics_sample.csv", score="This is a multiple choice question."
    )
    assert survey.responses[["respondent", "score"]].to_dict("records") == [
        {"respondent": "R_2YPOQ602ER1jkf1", "score": 2}
    ]
    assert survey.comments.iloc[0].tolist() == ["Hello World!"]
