import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.classify.keywords import KeywordMatcher
from nps_nlp.language import read_comment


def find(keywords, text, *, at_words=False):
    comment = read_comment(text)
    return KeywordMatcher(keywords, at_words=at_words).find(comment.normalised.text, comment.tokens)


def test_japanese_keywords_match_anywhere_in_text_order():
    keywords = {"price": ["値段", "高"], "taste": ["味"], "other": ["段"]}
    assert find(keywords, "味も値段も高い") == [
        ("taste", 0, 1),
        ("price", 2, 4),
        ("other", 3, 4),
        ("price", 5, 6),
    ]


def test_english_keywords_match_at_word_starts():
    keywords = {"price": ["pric", "cost$"], "staff": ["check-in desk"]}
    text = "Overpriced prices, costly cost at the check-in desk"
    assert find(keywords, text, at_words=True) == [("price", 11, 15), ("price", 26, 30), ("staff", 38, 51)]


@pytest.mark.parametrize("keyword", ["Wi-Fi", "ｗｉ－ｆｉ", "WI-FI", " wi-fi "])
def test_case_and_unicode_form_do_not_matter(keyword):
    assert find({"wifi": [keyword]}, "ＷｉーなしWi-Fi") == [("wifi", 5, 10)]


def test_positions_hold_where_lower_case_is_longer():
    assert find({"price": ["price"]}, "İİ PRICE", at_words=True) == [("price", 3, 8)]


@pytest.mark.parametrize("keywords", [{}, {"empty": []}, {"blank": ["", " ", "$"]}])
def test_nothing_to_find(keywords):
    assert find(keywords, "味 $") == []


def test_a_last_character_is_found_once():
    assert find({"taste": ["味"]}, "良い味") == [("taste", 2, 3)]


@settings(deadline=None, derandomize=True)
@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(st.text("味値段高Wi", min_size=1, max_size=3), max_size=4)),
    st.text("味値段高いWi ", max_size=20),
)
def test_finds_what_a_plain_search_finds(keywords, text):
    expected = [
        (label, start, start + len(word))
        for label, words in keywords.items()
        for word in words
        for start in range(len(text))
        if text.lower().startswith(word.lower(), start)
    ]
    found = KeywordMatcher(keywords, at_words=False).find(text, [])
    assert sorted(found) == sorted(expected)
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)
