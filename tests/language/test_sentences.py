from itertools import pairwise

import pytest

from nps_nlp.language.japanese import tokenise
from nps_nlp.language.sentences import sentence_ends, whole_spans


def parts(text, language):
    tokens = tokenise(text) if language == "ja" else []
    edges = [0, *sorted({*sentence_ends(text, tokens, language)} - {0}), len(text)]
    return [text[a:b].strip() for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    "text",
    [
        "味が良い。|店も広い。",
        "最高!|また来ます",
        "遅い…",
        "美味しかった...|でも高い",
        "最高です(^^)|また行きます",
        "最高です(*´▽`*)ノ|また行きます",
        "楽しい(笑)|でも高い",
        "美味しい😋|また来ます",
        "美味しい 👨\u200d👩\u200d👧|また来ます",
        "おいしい♪|また行く",
        "駐車場が狭い\n|トイレが汚い",
        "店員は「また来て。」|また行きます",
        "・駐車場が狭い\n|・トイレが汚い",
        "1. 駐車場が狭い |2. トイレが汚い",
        "【良い点】景色|【悪い点】駐車場",
        # One sentence:
        "最高!って感じ",
        "「また来て。」と言われた",
        "🍎が美味しい",
        "星は☆3つ",
        "Yahoo!の口コミを見て来た",
        "3.5点で、example.comを見た",
        "飲食店の\n数があった方が\n長くいられる",
        "時間(10:00〜17:00)が短い",
    ],
)
def test_japanese(text):
    assert parts(text.replace("|", ""), "ja") == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "Great food. |Slow service!! |Never again",
        "Great food.|But slow",
        "Loved it 😀 |will come again",
        "Loved it :) |thanks",
        'He waved. |"Come back!" |I did',
        "It's good; |it's slow",
        "Well... |I liked it",
        "Open until 5 p.m. |The staff were kind",
        "1) parking is bad |2) toilets are dirty",
        "Parking is bad\n|toilets are dirty",
        # One sentence:
        "I waited 3.5 hours, e.g. on Monday, for Dr. Lee and J. Smith",
        "Open 9 a.m. to 5 p.m. on weekdays, etc. and so on",
        "Hindi... the list goes on",
        "See example.com or node.js today",
        "The 🍕 was cold",
        "So good,\nreally",
    ],
)
def test_english(text):
    assert parts(text.replace("|", ""), "en") == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("店員が「ない。知らない」と言う", ["「ない。知らない」"]),
        ('He said "No. Go." (twice. loud)', ['"No. Go."', "(twice. loud)"]),
        ("「全部。引用」", []),
        ("「閉じない。引用", []),
        ("「" + "長い。" * 40 + "」引用", []),
    ],
)
def test_quotations_and_brackets_are_whole(text, whole):
    assert [text[a:b] for a, b in whole_spans(text)] == whole
