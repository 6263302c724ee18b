from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import open_export, read_export
from nps_nlp.intake.long_format import find_long
from tests.intake.samples import assert_accounted, ja_rows, write

ASKED = ["当社を友人に薦める可能性は？（0〜10）", "その理由を教えてください", "利用したもの"]
HEAD = ["response_id", "submitted_at", "region", "question_id", "question", "answer"]


def long_rows(n):
    """Return a table with one row an answer of `n` respondents: two choices in two rows, some blank reasons."""
    rows = []
    for i in range(n):
        reason = f"対応がとても丁寧で早かった（{i}）" if i % 3 else ""
        given_ = [(0, str(i % 11)), (1, reason), (2, "店舗"), *([(2, "通販")] if i % 2 else [])]
        who = [f"R{i:04}", f"2024-05-{i % 28 + 1:02} 10:00:00", ["東京", "大阪"][i % 2]]
        rows += [[*who, f"q{at}", ASKED[at], answer] for at, answer in given_]
    return rows


def test_one_row_an_answer_becomes_one_row_a_response(tmp_path):
    path = write(tmp_path / "a.csv", [HEAD, *long_rows(40)])
    survey = read_export(path)
    columns = survey.columns
    assert (columns.score, columns.comments, columns.respondent) == (ASKED[0], (ASKED[1],), "response_id")
    assert columns.date == "submitted_at"
    assert survey.responses["score"].tolist() == [i % 11 for i in range(40)]
    assert survey.responses["row"].tolist()[:3] == [2, 5, 9]
    assert survey.segments["region"].tolist()[:2] == ["東京", "大阪"]
    assert survey.log.rows() == {"read": 40, "kept": 40, "quarantined": 0, "duplicates": 0}
    notes = open_export(path).sources[0].notes
    assert "140 rows, each one answer, were put together to 40 responses by 'response_id'" in notes
    assert "columns that differ within a response were left out: question_id" in notes


def test_several_answers_to_one_question_are_joined(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", [HEAD, *long_rows(40)]), segments=[ASKED[2]])
    assert survey.segments[ASKED[2]].tolist()[:2] == ["店舗", "店舗; 通販"]


def test_repaired_cells_are_listed_under_the_question(tmp_path):
    rows = [list(row) for row in long_rows(40)]
    plain = rows[1][5] = "対応がとても丁寧でした"
    rows[1][5] = plain.encode().decode("latin-1")
    survey = read_export(write(tmp_path / "a.csv", [HEAD, *rows]))
    assert survey.comments[ASKED[1]][0] == plain
    assert [(m.row, m.column, m.after) for m in survey.log.mended] == [(2, ASKED[1], plain)]


def test_rows_that_belong_to_nobody_are_set_aside(tmp_path):
    rows = [HEAD, *long_rows(40), ["", "", "", "q0", ASKED[0], "9"], ["R0001", "x"]]
    survey = read_export(write(tmp_path / "a.csv", rows))
    assert survey.log.reasons() == {"an answer without respondent or question": 2}
    assert_accounted(survey)
    assert survey.log.read == 42


@given(st.integers(2, 30), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(n, order):
    rows = long_rows(n)
    order.shuffle(rows)
    columns = dict(zip(HEAD, zip(*rows, strict=True), strict=True))
    assert find_long(HEAD, columns) == (0, 4, 5)


def test_shuffled_rows_give_the_same_scores(tmp_path):
    rows = long_rows(40)
    random.Random(3).shuffle(rows)
    survey = read_export(write(tmp_path / "a.csv", [HEAD, *rows]))
    scores = dict(zip(survey.responses["respondent"], survey.responses["score"], strict=True))
    assert scores == {f"R{i:04}": i % 11 for i in range(40)}


def test_wide_tables_are_left_as_they_are(tmp_path):
    members = [[f"M{i % 9}", "2024-05-01", str(i % 11), "", f"良かった点{i}"] for i in range(60)]
    wide = [["会員ID", "回答日時", "NPS", "推奨項目", "回答"], *members]
    assert read_export(write(tmp_path / "a.csv", wide)).columns.score == "NPS"
    head, *rows = ja_rows(40)
    assert find_long(head, dict(zip(head, zip(*rows, strict=True), strict=True))) is None
    assert find_long(["id", "question", "answer"], {"id": [], "question": [], "answer": []}) is None
