"""Answers that several exports hold: the later file wins, and every row is accounted for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import open_export, read_export
from tests.intake.samples import csv_text, write
from tests.intake.samples_tools import N, google_forms, microsoft_forms, qualtrics

LATER = "the same answer is in a later file"


def two(path, first, second):
    return read_export([write(path / "1.csv", first), write(path / "2.csv", second)])


def test_a_response_id_comes_once_and_the_later_file_wins(tmp_path):
    head, rows = qualtrics()[:3], qualtrics()[3:]
    changed = [[*row[:19], "edited later", *row[20:]] for row in rows[20:]]
    survey = two(tmp_path, [*head, *rows], [*head, *changed])
    assert survey.log.rows() == {"read": 60, "kept": 38, "quarantined": 22, "duplicates": 20}
    assert survey.log.reasons() == {LATER: 20, "preview, test or spam answer (Status)": 2}
    assert survey.responses["file"].str[-5:].value_counts().to_dict() == {"2.csv": 20, "1.csv": 18}
    assert survey.comments["Q2"].eq("edited later").sum() == 20
    assert survey.responses["respondent"].is_unique


def test_without_an_id_respondent_time_and_answers_tell(tmp_path):
    head, *rows = microsoft_forms("ja")
    survey = two(tmp_path, [head, *rows], [head, *rows[30:]])
    assert survey.log.reasons() == {LATER: 10}
    other = [[row[0], *row[1:5], "0", "別の調査への答えです", *row[7:]] for row in rows]
    assert two(tmp_path, [head, *rows], [head, *other]).log.kept == 2 * N


def test_without_a_respondent_the_whole_row_must_be_the_same(tmp_path):
    head, *rows = google_forms("ja")
    survey = two(tmp_path, [head, *rows], [head, *rows[35:]])
    assert survey.log.reasons() == {LATER: 5}
    assert survey.log.duplicates == 5
    dated = [[row[0][:10], *row[1:]] for row in rows]
    survey = two(tmp_path, [head, *dated], [head, *dated])
    assert (survey.log.kept, survey.log.duplicates) == (2 * N, N)


def test_the_order_of_the_files_is_that_of_the_rows(tmp_path):
    head, *rows = google_forms("en")
    survey = two(tmp_path, [head, *rows[:30]], [head, *rows[20:]])
    assert survey.responses["file"].str[-5:].tolist() == ["1.csv"] * 20 + ["2.csv"] * 20
    assert survey.responses["row"].tolist() == [*range(2, 22), *range(2, 22)]


@given(st.sets(st.integers(0, N - 1)), st.sets(st.integers(0, N - 1)), st.integers(1, 50))
def test_the_union_is_kept_however_the_files_overlap(tmp_path_factory, first, second, chunk):
    head, *rows = microsoft_forms("en")
    path = tmp_path_factory.mktemp("two")
    for name, chosen in (("1", first), ("2", second | {0})):
        (path / f"{name}.csv").write_text(csv_text([head, *(rows[i] for i in sorted(chosen | {0}))]), "utf-8")
    export = open_export(path, score=head[5])
    kept = [int(who) for part in export.chunks(chunk) for who in part.responses["respondent"]]
    assert sorted(kept) == sorted(i + 1 for i in first | second | {0})
    assert export.log.read == export.log.kept + len(export.log.quarantined)
    assert export.log.duplicates == len(first & second | {0})
