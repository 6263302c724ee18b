from itertools import pairwise

import pytest

from nps_nlp.language.clauses_ja import breaks_off, clause_cuts, clings, is_afterthought
from nps_nlp.language.japanese import tokenise


def parts(text):
    edges = [0, *sorted({*clause_cuts(text, tokenise(text))} - {0, len(text)}), len(text)]
    return [text[a:b].strip() for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    "text",
    [
        "価格は高いが|サポートは最高",
        "価格は高いですが、|サポートは最高",
        "味は良いけど|店が狭い",
        "味は良いけれども|店が狭い",
        "味は良いし、|値段も安い",
        "料理は良い(特に刺身)が、|店員が無愛想",
        "操作は直感的でいいのに、|ログインが毎回切れる",
        "月謝が安いのに|検定は一発合格できた",
        "値段が高くて、|しかも遅い",
        "品質は良いものの、|納期が遅い",
        "対応は早いのに|金額が毎回違っている",
        "見た目は刷新、|中身は十年前",
        "珍しい野菜が入っていて楽しい反面、|一人には多い",
        "早く届けてくれたうえ、|まだ温かい",
        "週末は混んでいて、|座る椅子もなかった",
        "夜遅くまで開いていて、|駐車場まで広い",
        "味は良かった しかし|値段が高い",
        "景色が良い |食べ物が美味しい",
        "早い|・安い|・うまい",
    ],
)
def test_turns_and_additions_part(text):
    expected = [part.strip() for part in text.split("|")]
    if "しかし" in text:
        expected = ["味は良かった", "しかし値段が高い"]
    assert parts(text.replace("|", "")) == expected


@pytest.mark.parametrize(
    "text",
    [
        "値段が高いところが嫌い",
        "店員が感じが良い",
        "駅に行くのに便利",
        "深夜なのにすぐ届いた",
        "ここは肉、魚、野菜が新鮮",
        "お忙しいところ恐れ入りますが、増設をご検討ください",
        "すみませんが、駐車場を広げてください",
        "申し訳ありませんが普通でした",
        "小さなことで恐縮ですが、直してください",
        "難しいとは思いますが広げてほしい",
        "使えないこともないが遅い",
        "だが高い",
        "せやけど高い",
        "コーヒー・紅茶",
        "ヴィクトリア・フォールズ",
        "子供が好きなので、乗り物もほしい",
        "野菜だけでなく、魚もある",
        "電話したら何度かけても、誰も出ない",
        "一時間待って、最後まで席がなかった",
        "お茶を飲みながら待った",
        "",
    ],
)
def test_what_only_looks_like_a_turn_stays(text):
    assert parts(text) == [text]


def test_particles_cling_and_break_off():
    assert clings("「良い。」って感じ", tokenise("「良い。」って感じ"), 5)
    assert not clings("良い!", tokenise("良い!"), 3)
    assert breaks_off(tokenise("お店の\n数"), 3)
    assert not breaks_off(tokenise("良いよね\n数"), 4)
    assert not breaks_off([], 0)


@pytest.mark.parametrize(
    ("remark", "merged"),
    [
        ("ありがたい。", True),
        ("もう通いません。", True),
        ("値段も良い。", False),
        ("接客最悪。", False),
        ("でも高い。", False),
        ("もっと広げて。", False),
        ("二度と行かないと心に決めました。", False),
    ],
)
def test_remarks_on_the_sentence_before(remark, merged):
    first = "翌日にはもう届きました。"
    text = first + remark
    assert is_afterthought(text, tokenise(text), (len(first), len(text)), (0, len(first))) is merged


def test_no_remark_on_a_short_sentence():
    text = "安い。遅い。"
    assert not is_afterthought(text, tokenise(text), (3, 6), (0, 3))
