import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.classify.terms import shown_terms
from nps_nlp.language import read_comment


def terms(text, language="ja"):
    return list(shown_terms(read_comment(text).tokens, language))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("駐車場が狭い", ["駐車場", "狭い"]),
        ("待ち時間が長い", ["待ち時間", "長い"]),
        ("クレジットカードが使えません", ["クレジットカード", "使えない"]),
        ("コスパ最高", ["コスパ最高"]),
        ("コスパ", ["コスパ"]),
        ("無料Wi-FiやQ&A、e-mailと5Gが遅い", ["無料Wi-Fi", "Q&A", "e-mail", "5G", "遅い"]),
        ("恐竜博物館と道の駅と海の幸", ["恐竜博物館", "道の駅", "海の幸"]),
        ("使い勝手と乗り心地、使い方", ["使い勝手", "乗り心地", "使い方"]),
        ("おすすめのお土産屋さん", ["おすすめ", "お土産屋さん"]),
        ("店員さんたちとお客様", ["店員", "お客様"]),
        ("お会計", ["お会計"]),
    ],
)
def test_compounds_are_joined(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("分かりにくかった", ["分かりにくい"]),
        ("使いやすい", ["使いやすい"]),
        ("見づらいし高すぎる", ["見づらい", "高すぎる"]),
        ("待たされた", ["待たされる"]),
        ("予約できなかった", ["予約できない"]),
        ("対応してくれません", ["対応してくれない"]),
        ("親切ではなかった", ["親切ではない"]),
        ("問題ない", ["問題ない"]),
        ("良くない", ["良くない"]),
        ("何も感じませんでした", ["感じない"]),
    ],
)
def test_predicates_keep_what_changes_their_meaning(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "良いと思います",
        "3時間でした",
        "すみませんが",
        "かもしれません",
        "見に行きたい",
        "しません",
        "たくさんあります",
        "(´∀｀) 👍",
        "100円",
        "",
    ],
)
def test_light_words_are_not_shown(text):
    assert terms(text) == []


def test_written_forms_not_lemmas():
    """UniDic writes コスパ as 子 + スパ and バス停 as バス-bus + 停."""
    assert terms("バス停でビールがおいしい、うまい、美味い") == [
        "バス停",
        "ビール",
        "おいしい",
        "うまい",
        "美味い",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The check-in queues were endless", ["check-in", "queue", "endless"]),
        ("Wi-Fi didn't work on my iPhone", ["Wi-Fi", "work", "iPhone"]),
        ("GREAT STAFF but the UI and HR are bad", ["great", "staff", "UI", "HR", "bad"]),
        ("state-of-the-art B&B", ["state-of-the-art", "B&B"]),
        (
            "menus - prices, batteries; dishes boxes classes buses",
            ["menus", "price", "battery", "dish", "box", "class", "buses"],
        ),
        ("perhaps news status analysis gas movies", ["news", "status", "analysis", "gas", "movie"]),
        ("I can't get the café things, £3.50", ["café"]),
        ("", []),
    ],
)
def test_english(text, expected):
    assert terms(text, "en") == expected


def test_each_term_once():
    assert terms("店が狭い。店が狭い") == ["店", "狭い"]


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            [
                "駐車",
                "場",
                "高い",
                "くない",
                "ません",
                "で",
                "は",
                "3",
                "時間",
                "Wi",
                "-",
                "Fi",
                "お",
                "ない",
                "の",
                "駅",
                " ",
                "good",
                "&",
                "て",
            ]
        )
    ).map("".join)
)
def test_terms_of_anything_are_words(text):
    comment = read_comment(text)
    for language in ("ja", "en"):
        found = shown_terms(comment.tokens, language)
        assert len(set(found)) == len(found)
        assert all(term.strip() == term and term for term in found)
