import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given

from nps_nlp.language.normalise import Normalised, normalise

from .strategies import comments


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("ﾊﾞｽが５㌔", "バスが5キロ"),
        ("①Ｗｉ－Ｆｉ　½", "1Wi-Fi 1⁄2"),
        ("か\u3099 e\u0301", "が é"),
        ("か\u200b\u3099", "が"),
        ("葛\U000e0100城の☀\ufe0f", "葛城の☀"),
        ("Q&amp;A &lt;3 &#12459;&#x1F44D;", "Q&A <3 カ👍"),
        ("&foo; R&D", "&foo; R&D"),
        ("a<br>b<BR />c</p>d<br class='x'/>", "a\nb\nc\nd\n"),
        ("a<b and 3 < 4 > 2", "a<b and 3 < 4 > 2"),
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("\ufeff価\u200b格\u00ad\u2066", "価格"),
        ("a\x00b\x1fc", "a b c"),
        ("半分\ud83d", "半分\ufffd"),
        ("(´∀｀)", "( \u0301∀`)"),
        ("", ""),
    ],
)
def test_forms(raw, expected):
    assert normalise(raw).text == expected


@pytest.mark.parametrize("text", ["", "Great app!", "価格は高いが、良い。\n次", "👨\u200d👩\u200d👧 👍🏽", "좋아요"])
def test_what_is_normal_stays_and_costs_nothing(text):
    assert normalise(text) == Normalised(text)


@pytest.mark.parametrize(
    ("raw", "part", "source"),
    [
        ("５㌔です", "ロ", "㌔"),
        ("５㌔です", "キロで", "㌔で"),
        ("ｻﾎﾟｰﾄは", "ポー", "ﾎﾟｰ"),
        ("Q&amp;A", "&", "&amp;"),
        ("高い<br>です", "高い\nで", "高い<br>で"),
        ("高い\r\nです", "\n", "\r\n"),
        ("a☀\ufe0fb", "☀", "☀\ufe0f"),
        ("価\u200b格\u200bは", "価格", "価\u200b格"),
        ("家族👨\u200d👩\u200d👧\ufeffと", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_a_span_leads_back_to_its_source(raw, part, source):
    normalised = normalise(raw)
    start = normalised.text.index(part)
    left, right = normalised.span(start, start + len(part))
    assert raw[left:right] == source


def test_empty_spans_stay_empty_and_inside():
    normalised = normalise("㌔\u200b")
    assert [normalised.span(place, place) for place in range(3)] == [(0, 0), (0, 0), (1, 1)]
    assert normalise("\u200b").span(0, 0) == (0, 0)


@given(comments)
def test_the_way_back_is_monotone_and_inside(text):
    normalised = normalise(text)
    spans = [normalised.span(place, place + 1) for place in range(len(normalised.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    # Two sources are the same or do not overlap.
    assert all(a == b or a[1] <= b[0] for a, b in pairwise(spans))


@given(comments)
def test_every_source_gives_its_characters_again(text):
    normalised = normalise(text)
    place = 0
    while place < len(normalised.text):
        left, right = normalised.span(place, place + 1)
        end = place + 1
        while end < len(normalised.text) and normalised.span(end, end + 1) == (left, right):
            end += 1
        assert normalise(text[left:right]).text == normalised.text[place:end]
        place = end


@given(comments.filter(lambda text: "&" not in text and "<" not in text))
def test_normal_form_is_nfkc_and_final(text):
    form = normalise(text).text
    assert unicodedata.is_normalized("NFKC", form)
    assert normalise(form) == Normalised(form)
    assert not set(form) & set("\r\x00\u200b\ufeff\u00ad\ufe0f\u2028")
