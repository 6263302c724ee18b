import time

import pytest

from nps_nlp.language import Comment, read_comment
from nps_nlp.language.comment import MAX_READ


def test_words_of_a_span():
    comment = read_comment("価格は高いがサポートは最高")
    words = [[t.morph.surface for t in comment.words(a, b)] for a, b in comment.statements]
    assert words == [["価格", "は", "高い", "が"], ["サポート", "は", "最高"]]
    assert comment.words(0, len(comment.normalised.text)) == comment.tokens
    assert comment.words(0, 0) == ()


def test_other_languages_are_cut_into_words_and_sentences():
    comment = read_comment("Очень хорошо. Спасибо вам")
    assert comment.language == "other"
    assert len(comment.tokens) == 5
    assert len(comment.statements) == 2


def test_empty_comment():
    comment = read_comment("")
    assert comment == Comment("", "other", comment.normalised, ())
    assert comment.statements == ()


def test_only_the_beginning_of_an_endless_comment_is_read():
    comment = read_comment("高い。" * 40_000)
    assert len(comment.normalised.text) == MAX_READ
    assert comment.statements[-1][1] == MAX_READ


@pytest.mark.parametrize(
    "unit",
    [
        " ", "-", ",", "and the ", "but ", "(", "「", "・", "。", "\n", "1. ", "&", "に", "、",
        "も、", "のに", "😀", "\u200b", "!?", "ｶﾞ", "ー", "あ,",
    ],
)  # fmt: skip
def test_no_text_takes_forever(unit):
    """Nothing may grow with the square of the length; a bound that only such growth can break."""
    text = (unit * MAX_READ)[:MAX_READ]
    read_comment(unit)
    started = time.process_time()
    read_comment(text)
    read_comment("あ" + text)
    assert time.process_time() - started < 2
