from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake.answers import is_filler, parse_number, parse_score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("9", 9),
        (" 9 ", 9),
        ("９", 9),
        ("9.0", 9),
        ("９．０", 9),
        ("0", 0),
        ("10", 10),
        ("⑨", 9),
        ("8点", 8),
        ("8 points", 8),
        ("7/10", 7),
        ("7 / 10", 7),
        ("10 - 非常にそう思う", 10),
        ("10：とても", 10),
        ("0（まったく思わない）", 0),
        ("9 out of 10", 9),
        ("10 - Extremely likely", 10),
        ("Extremely likely - 10", 10),
        ("Not at all likely - 0", 0),
        ("0 = Not at all", 0),
        ("9,0", 9),
        ("非常に勧めたい：10", 10),
    ],
)
def test_scores_as_survey_tools_write_them(text, score):
    assert parse_score(text) == (score, "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "blank score"),
        ("   ", "blank score"),
        ("n/a", "blank score"),
        ("-", "blank score"),
        ("無回答", "blank score"),
        ("11", "score 11 is outside 0–10"),
        ("-1", "score -1 is outside 0–10"),
        ("100", "score 100 is outside 0–10"),
        ("7,5", "score 7.5 is not a whole number"),
        ("7.5", "score 7.5 is not a whole number"),
        ("とても満足", "score 'とても満足' is not a number from 0 to 10"),
        ("9~10", "score '9~10' is not a number from 0 to 10"),
        ("9:30", "score '9:30' is not a number from 0 to 10"),
        ("2024-01-05", "score '2024-01-05' is not a number from 0 to 10"),
        ("1,000円", "score '1,000円' is not a number from 0 to 10"),
        ("9/11", "score '9/11' is not a number from 0 to 10"),
        ("Q1", "score 'Q1' is not a number from 0 to 10"),
    ],
)
def test_what_is_no_score_says_why(text, reason):
    assert parse_score(text) == (None, reason)


def test_a_comment_in_the_score_column_is_quoted_only_in_part():
    reason = parse_score("9 " + "long " * 100_000)[1]
    assert len(reason) < 100


@given(st.text())
def test_any_text_is_a_score_or_has_a_reason(text):
    score, reason = parse_score(text)
    assert (score in range(11) and not reason) or (score is None and reason)
    assert (parse_number(text)[0] is None) >= (score is None and "number" in reason and "whole" not in reason)


@pytest.mark.parametrize(
    "text",
    [
        "特になし",
        "特になし。",
        "特に、ありません",
        "とくになし！",
        "なし",
        "ナシ",
        "ﾅｼ",
        "無し",
        "ないです",
        "該当なし",
        "未回答",
        "同上",
        "上記に同じ",
        "わからない",
        "今のところ特になし",
        "何もありません",
        "n/a",
        "N/A",
        "N.A.",
        "#N/A",
        "ＮＡ",
        "none",
        "None.",
        "Nothing",
        "no comment",
        "nothing comes to mind",
        "-",
        "--",
        "ー",
        "―",
        "・",
        "。",
        "…",
        "?",
        "？",
        "　",
        "",
        "  \n",
        "-" * 500,
    ],
)
def test_fillers_are_no_answers(text):
    assert is_filler(text)


@pytest.mark.parametrize(
    "text",
    [
        "なしが美味しい",
        "特に店員さんが良い",
        "(^^)",
        "😀",
        "👍👍",
        "♪",
        "ok",
        "いい",
        "コンビニがない",
        "no parking",
        "None of the staff helped",
        "特になしですが駅が遠い",
        "(´・ω・`)",
        "9",
    ],
)
def test_short_answers_are_answers(text):
    assert not is_filler(text)


def test_long_texts_are_not_remembered():
    from nps_nlp.intake import answers

    before = answers._is_short_filler.cache_info().currsize
    assert not is_filler("長い" * 100_000)
    assert answers._is_short_filler.cache_info().currsize == before
