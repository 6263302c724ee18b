"""Bad input, end to end: refused in one sentence, or kept with every row accounted for."""

from __future__ import annotations

import os
import time
import zipfile
from pathlib import Path

import pytest

from nps_nlp.intake import open_export, read_export
from tests.intake.samples import EN, assert_accounted, csv_text, ja_rows, refusal, survey_or_message, write


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "the file is empty"),
        (b"\n\n", "only blank lines"),
        ("NPS,理由\n", "headings but no answers"),
        ("NPS,理由\n,\n", "headings but no answers"),
        ("年齢,理由\n34,良い\n45,悪い\n", "no column with 0–10 answers was found; name it with --score"),
        ([["スコア1", "スコア2"], *[[str(i % 11)] * 2 for i in range(30)]], "2 columns could hold the 0–10 score"),
        (
            [["NPS", "理由"], *[[str(i % 11 + 1), "良い"] for i in range(55)]],
            "counted from 1, expected whole numbers from 0 to 10; confirm that with --score-coding 1-11",
        ),
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


def test_a_zip_under_another_name_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.csv", "w") as archive:
        archive.writestr("inner.csv", csv_text(ja_rows(9)))
    assert read_export(tmp_path / "a.csv").log.read == 9


def test_a_scale_that_goes_wrong_late_is_refused_at_the_end_of_its_file(tmp_path):
    rows = [["NPS", "理由"], *[[str(i % 11), f"理由 {i}"] for i in range(9_000)], *[["85", "late"]] * 400]
    good, bad = write(tmp_path / "a.csv", rows[:200]), write(tmp_path / "b.csv", rows)
    export = open_export([good, bad])
    message = refusal(lambda: list(export.chunks(1_000)))
    assert "b.csv: column 'NPS' holds values from 0 to 85, which look like a 0–100 scale, expected" in message
    assert export.log.read == 9_000


def test_a_few_slips_late_in_the_file_are_set_aside(tmp_path):
    rows = [["NPS", "理由"], *[[str(i % 11), f"理由 {i}"] for i in range(9_000)], *[["85", "late"]] * 100]
    survey = read_export(write(tmp_path / "a.csv", rows))
    assert survey.log.reasons() == {"score 85 is outside 0–10": 100}
    assert_accounted(survey)


def test_slips_that_are_many_over_all_files_are_refused(tmp_path):
    for i in range(6):
        write(tmp_path / f"{i}.csv", [["NPS", "理由"], *[[str(j % 11), "x"] for j in range(11)], ["55", "y"]])
    assert "0.csv and 5 more files: column 'NPS' holds values from 0 to 55" in refusal(lambda: read_export(tmp_path))


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


# --- small, odd and damaged input: kept ---------------------------------------------------------------------


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
    data = csv_text(ja_rows(40)).encode().replace("駅から".encode(), b"\xe9\xa7\xff", 1).replace(b"10:05", b"10\x00:05")
    export = open_export(write(tmp_path / "a.csv", data))
    survey = read_export(tmp_path / "a.csv")
    assert survey.log.rows() == {"read": 40, "kept": 40, "quarantined": 0, "duplicates": 0}
    assert survey.comments["推奨の理由"].str.contains("\ufffd").sum() == 1
    notes = {"lines with bytes that no encoding explains, shown as \ufffd": 1, "NUL bytes removed": 1}
    assert survey.log.notes == {**notes, "cells with characters that are lost, left as they are": 1}
    assert export.sources[0].notes == tuple(f"{n} {what}" for what, n in notes.items())


def test_ragged_rows_are_accounted(tmp_path):
    rows = ja_rows(40)
    text = csv_text(rows) + '2024-05-01,9,unquoted, comma, here,男性\n9\n2024-05-01,9\n2024-05-01,8,"x",男性,,\n'
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
    write(tmp_path / "README.txt", "These are the exports of May, made by hand.\nAsk Anna, or Ben, for more.\n")
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
    found = survey_or_message(path)
    if isinstance(found, str):
        assert str(path) in found
    else:
        assert_accounted(found)
        assert found.log.reasons() == {"a row of over 10,000,000 characters": 1}
    assert time.process_time() - start < 10
