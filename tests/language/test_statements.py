from itertools import pairwise

import pytest
from hypothesis import given

from nps_nlp.language import read_comment
from nps_nlp.language.statements import split_statements

from .strategies import comments


def parts(text):
    comment = read_comment(text)
    return [text[slice(*comment.normalised.span(a, b))] for a, b in comment.statements]


@pytest.mark.parametrize(
    "text",
    [
        "価格は高いがサポートは最高。",
        "①駐車場が狭い②トイレが汚い③店員は親切",
    ],
)
def test_japanese_comments_in_full_width(text):
    assert len(parts(text)) > 1
    assert "".join(parts(text)) == text


@pytest.mark.parametrize(
    ("text", "statements"),
    [
        ("接客は良いし、値段も安い。", ["接客は良いし、", "値段も安い。"]),
        ("「安いけど良い。また来て」と言われた", ["「安いけど良い。また来て」と言われた"]),
        ("味は良い(でも量は少ない。残念)です", ["味は良い(でも量は少ない。残念)です"]),
        ("「良かった。でも高い。」", ["「良かった。", "でも高い。」"]),
        ("料理がとても美味しかった。(^^)", ["料理がとても美味しかった。(^^)"]),
        ("料理がとても美味しかった。ありがとう。", ["料理がとても美味しかった。ありがとう。"]),
        ("もう少し安いと嬉しいのですが。", ["もう少し安いと嬉しいのですが。"]),
        ("①駐車場が狭い②トイレが汚い", ["①駐車場が狭い", "②トイレが汚い"]),
        ("①のプランが高い", ["①のプランが高い"]),
        ("味が良い<br>店が狭い", ["味が良い", "店が狭い"]),
        ("Great staff 😀 but the room was cold. Sad.", ["Great staff 😀", "but the room was cold. Sad."]),
        ("👍", ["👍"]),
        ("。", ["。"]),
        ("", []),
        (" \n ", []),
    ],
)
def test_statements(text, statements):
    assert parts(text) == statements


def test_breaks_begin_a_statement():
    assert split_statements("one two", [], "en", [4]) == [(0, 3), (4, 7)]


@given(comments)
def test_statements_are_ordered_and_cover_every_word(text):
    comment = read_comment(text)
    form = comment.normalised.text
    end = 0
    for start, stop in comment.statements:
        assert end <= start < stop <= len(form)
        assert form[end:start].strip() == ""
        assert form[start:stop] == form[start:stop].strip()
        end = stop
    assert form[end:].strip() == ""


@given(comments)
def test_every_word_is_in_one_statement(text):
    comment = read_comment(text)
    assert tuple(w for a, b in comment.statements for w in comment.words(a, b)) == comment.tokens


@given(comments)
def test_evidence_is_ordered_inside_the_original(text):
    comment = read_comment(text)
    spans = [comment.normalised.span(a, b) for a, b in comment.statements]
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(left[1] <= right[0] or left[0] == right[0] for left, right in pairwise(spans))
