import pytest

from nps_nlp.language.japanese import tokenise
from nps_nlp.language.predicates import read_negation, read_predicate


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("高かった", "高い"), ("待ちました", "待つ"), ("使いやすかった", "使いやすい"),
        ("見えづらい", "見えづらい"), ("高すぎました", "高すぎる"),
        ("美味しさ", "美味しさ"), ("待たされた", "待たされる"), ("食べられる", "食べられる"),
        ("感じた", "感じる"),
        ("使えない", "使えない"), ("使えなかった", "使えない"), ("使えません", "使えない"),
        ("使えず", "使えない"), ("わからん", "わからない"),
        ("帰りません", "帰らない"), ("飲みませんでした", "飲まない"), ("会いません", "会わない"),
        ("感じません", "感じない"), ("しません", "しない"),
        ("美味しくない", "美味しくない"), ("高くありません", "高くない"), ("高くはない", "高くはない"),
        ("行き届いていません", "行き届いていない"), ("教えてくれなかった", "教えてくれない"),
        ("食べたくない", "食べたくない"),
        ("行かないと困る", "行く"), ("待たなければならない", "待つ"),
    ],
)  # fmt: skip
def test_plain_form(text, written):
    assert read_predicate(tokenise(text), 0).written == written


def test_what_belongs_to_a_predicate():
    assert read_predicate(tokenise("使いにくくない"), 0)[1:] == (3, True, True)
    assert read_predicate(tokenise("待たされた"), 0)[1:] == (2, True, False)
    assert read_predicate(tokenise("高い"), 0)[1:] == (1, False, False)


@pytest.mark.parametrize(
    ("text", "negation"),
    [
        ("対応できない", "できない"), ("予約していません", "していない"), ("問題ない", "ない"),
        ("便利ではない", "ではない"),
        ("便利ではありません", "ではない"), ("便利じゃない", "じゃない"),
        ("対応できる", ""), ("便利でした", ""), ("対応", ""), ("対応 できない", ""),
        ("車でないと不便", ""),
    ],
)  # fmt: skip
def test_negation_of_a_noun(text, negation):
    assert read_negation(tokenise(text), 1)[0] == negation
