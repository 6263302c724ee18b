from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake.layout import _unique, clean_heading, find_layout
from nps_nlp.intake.tables import open_table
from tests.intake.samples import ja_rows, refusal, write


def layout(path, content, tool=None):
    table = open_table(write(path / "a.csv", content))
    return find_layout(table, list(table.rows())[:20], tool)


def answers(found):
    return [row.cells for row in found.answers(found.table.rows())]


def test_the_first_row_holds_the_headings(tmp_path):
    found = layout(tmp_path, ja_rows(3))
    assert found.headings == ("回答日時", "NPS", "推奨の理由", "性別")
    assert answers(found) == ja_rows(3)[1:]
    assert found.notes == ()


def test_title_rows_above_the_headings_are_skipped_and_said(tmp_path):
    found = layout(tmp_path, [["2024年5月 アンケート結果"], ["集計", "2024-06-01"], *ja_rows(3)])
    assert found.headings == tuple(ja_rows(0)[0])
    assert len(answers(found)) == 3
    assert found.notes == ("2 title rows above the headings were skipped",)


@pytest.mark.parametrize("channels", [["利用チャネル"] * 3, ["利用チャネル", "", ""]])
def test_codes_texts_and_options_in_three_rows(tmp_path, channels):
    head = [
        ["SEQ", "Q1", "Q2_1", "Q2_2", "Q2_3", "Q3"],
        ["通番", "友人にすすめたいですか", *channels, "その理由"],
        ["", "", "Web", "電話", "店舗", ""],
    ]
    found = layout(tmp_path, [*head, *([str(i), str(i % 11), "1", "0", "1", "とても良い"] for i in range(12))])
    assert found.headings == tuple(head[0])
    assert found.questions["Q2_2"] == "利用チャネル - 電話"
    assert found.questions["Q3"] == "その理由"
    assert len(answers(found)) == 12
    assert found.notes == ("the second row holds the question texts", "the third row holds the options")


def test_a_title_row_with_values_is_no_row_of_headings(tmp_path):
    titles = [["NPS export", "", "", ""], ["Period", "2024-01-01", "2024-03-31", ""]]
    found = layout(tmp_path, [*titles, *ja_rows(3), ["Average", "5.5", "", ""]])
    assert found.headings == tuple(ja_rows(0)[0])
    assert found.notes == ("2 title rows above the headings were skipped",)


@pytest.mark.parametrize("wide", [["9", "a", "b", "c", "d", "e", "f"], ["9"] * 40])
def test_ragged_answers_do_not_make_the_headings_look_like_a_title(tmp_path, wide):
    found = layout(tmp_path, [["NPS", "reason"], wide, ["8", "good"], ["7", "fine"]])
    assert found.headings == ("NPS", "reason")
    assert len(answers(found)) == 3


def test_one_ragged_answer_alone_does_not_either(tmp_path):
    assert layout(tmp_path, "NPS,reason\n9,good, cheap, near, nice\n").headings == ("NPS", "reason")


def test_one_column(tmp_path):
    found = layout(tmp_path, "NPS\n9\n\n10\n")
    assert (found.headings, answers(found)) == (("NPS",), [["9"], ["10"]])


def test_blank_rows_are_no_answers(tmp_path):
    assert answers(layout(tmp_path, "NPS,reason\n,\n9,x\n,\n , \n")) == [["9", "x"], [" ", " "]]


def test_headings_lose_line_breaks_and_markup(tmp_path):
    found = layout(
        tmp_path,
        [
            ["NPS", "理由を\nお聞かせ\r\nください", "<b>Plan</b>&nbsp;now", "満足度<5段階>"],
            ["9", "x", "y", "z"],
        ],
    )
    assert found.headings == ("NPS", "理由を お聞かせ ください", "Plan now", "満足度<5段階>")


def test_blank_and_repeated_headings_get_names_of_their_own(tmp_path):
    found = layout(tmp_path, "NPS,Other,Other,Other (2),Other,,column 6\n9,a,b,c,d,e,f\n")
    assert found.headings == (
        "NPS",
        "Other",
        "Other (3)",
        "Other (2)",
        "Other (4)",
        "column 6 (2)",
        "column 6",
    )
    assert found.notes == ("repeated headings were numbered: Other",)


@given(st.lists(st.sampled_from(["", "a", "a (2)", "a (3)", "column 1", "column 2", "b"])))
def test_headings_are_always_unique(headings):
    unique, _ = _unique(headings)
    assert len(unique) == len(set(unique)) == len(headings)
    assert all(unique)
    assert all(
        name == heading
        for heading, name in zip(headings, unique, strict=True)
        if heading and headings.count(heading) == 1
    )


@given(st.text())
def test_cleaning_a_heading_twice_changes_nothing_more_than_entities_do(text):
    once = clean_heading(text)
    assert once == " ".join(once.split())


def test_a_heading_that_is_a_novel_is_refused(tmp_path):
    message = refusal(lambda: layout(tmp_path, f"NPS,{'a' * 10_001}\n9,x\n"))
    assert "row 1 has a heading of over 10,000 characters" in message


def test_an_unclosed_quote_in_the_headings_swallows_nothing(tmp_path):
    found = layout(tmp_path, 'NPS,"reason,plan\n9,a,b\n8,c,d\n7,e,f\n')
    assert found.headings == ("NPS", '"reason', "plan")
    assert len(list(found.answers(found.table.rows()))) == 3


def test_a_file_without_headings_is_refused(tmp_path):
    assert "no row of headings" in refusal(lambda: layout(tmp_path, ",,\n,,\n"))


def test_a_tool_may_be_named_and_a_wrong_one_is_said(tmp_path):
    found = layout(tmp_path, ja_rows(5), "google_forms")
    assert found.notes == ("the file does not look like an export of Google Forms, as which it was read",)
    assert "choose one of alchemer, " in refusal(lambda: layout(tmp_path, ja_rows(5), "forms"))


def test_rows_that_the_tool_marks_as_no_answers(tmp_path):
    rows = [
        ["Status", "Q1"],
        ["Response Type", "How likely?"],
        ['{"ImportId":"status"}', '{"ImportId":"QID1"}'],
    ]
    found = layout(tmp_path, [*rows, ["0", "9"]])
    assert found.preset.id == "qualtrics"
    assert found.drop_reason(["Survey Preview", "9"]) == found.drop_reason([" 1 ", "9"]) != ""
    assert [found.drop_reason([status, "9"]) for status in ("0", "4", "16", "IP Address", "Imported", "")] == [""] * 6
    assert found.drop_reason([]) == ""
