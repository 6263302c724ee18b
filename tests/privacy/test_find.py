import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.privacy.find import MASKS, find_personal_data, folded, is_whole_name

HERE = Path(__file__).parent
ROWS = [
    json.loads(line)
    for language in ("ja", "en")
    for line in (HERE / f"comments_{language}.jsonl").read_text("utf-8").splitlines()
]
PIECES = (
    "受付の佐藤さん|担当：山崎|090-1234-5678|０９０ー１２３４ー５６７８|taro@example.jp"
    "|ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ"
    "|〒123-4567 東京都港区芝9-9-9|4111 1111 1111 1111|注文番号A-10293|Sarah at the front desk|Mr Henderson"
    "|https://example.com/?token=abc|192.0.2.10|@hanako_t|［氏名］|[email]"
    "|[name:K7Q2ABCD]|3丁目|号室|さん|の|、|。| |\n"
    "|&#64;|☀️|㌔|1|-|様|@|example.com|Thanks to|Emily|は|店長|\u200b|ｶﾞ"
    "|〇九〇|です|[|］|:|内線"
)
TEXTS = st.one_of(
    st.text(st.characters(blacklist_categories=())),
    st.lists(st.one_of(st.sampled_from(PIECES.split("|")), st.text(max_size=3)), max_size=8).map("".join),
)


def letters(text, start, end):
    return {i for i in range(start, end) if text[i].isalnum()}


def measured(split, kinds):
    """Return recall and precision of some kinds, as the benchmark has them."""
    marks = found = masks = right = 0
    for row in (r for r in ROWS if r["split"] == split):
        text = row["text"]
        known = [(k, letters(text, a, b)) for a, b, k in row["spans"] if k in kinds]
        given_ = [(f.kind, letters(text, f.start, f.end)) for f in find_personal_data(text) if f.kind in kinds]
        marks, masks = marks + len(known), masks + len(given_)
        found += sum(place <= set().union(*(p for k2, p in given_ if k2 == k)) for k, place in known)
        right += sum(any(k == k2 and place & p for k2, p in known) for k, place in given_)
    return found / marks, right / masks


@pytest.mark.parametrize("split", ["dev", "test"])
def test_what_is_found_in_the_marked_comments(split):
    assert len(ROWS) >= 800
    for kind in ("email", "phone", "card", "address"):
        recall, precision = measured(split, {kind})
        assert recall >= 0.97, kind
        assert precision >= 0.95, kind
    recall, precision = measured(split, {"name"})
    assert recall >= 0.85
    assert precision >= 0.95
    assert measured(split, set(MASKS))[1] >= 0.95


@pytest.mark.parametrize(
    "text",
    [
        "お客様と皆様、店員さん、看護師さん、神様、お疲れ様",
        "恐竜博物館と東尋坊、福井県坂井市",
        "2,500円、10:00-17:00、iPhone15",
        "5 stars in 2024",
    ],
)
def test_what_is_public_stays(text):
    assert find_personal_data(text) == ()


@given(TEXTS)
def test_findings_are_in_order_inside_the_text_and_never_overlap(text):
    places = [(f.start, f.end) for f in find_personal_data(text)]
    assert all(0 <= a < b <= len(text) for a, b in places)
    assert all(left[1] <= right[0] for left, right in pairwise(places))
    assert {f.kind for f in find_personal_data(text)} <= set(MASKS)


@given(
    st.from_regex(re.compile(r"[a-z][a-z0-9._-]{0,12}@[a-z]{2,9}\.(com|co\.jp|ne\.jp|org)", re.ASCII), fullmatch=True),
    TEXTS,
)
def test_no_e_mail_survives(mail, around):
    for written in (mail, mail.translate({i: i + 0xFEE0 for i in range(0x21, 0x7F)})):
        text = f"{around} {written} です"
        start = len(around) + 1
        masked = [f for f in find_personal_data(text) if f.start < start + len(written) and f.end > start]
        hidden = set().union(*(range(f.start, f.end) for f in masked)) if masked else set()
        assert set(range(start, start + len(written))) <= hidden


@given(st.text("0123456789ー－−‐-（） ", max_size=30))
def test_folding_moves_nothing(text):
    assert len(folded(text)) == len(text)


def test_a_full_width_number_is_found_at_its_place():
    text = "連絡は０９０ー１２３４ー５６７８（夜）へ"
    (found,) = find_personal_data(text)
    assert text[found.start : found.end] == "０９０ー１２３４ー５６７８"


def test_an_entity_does_not_hide_an_address():
    text = "mail a.b&#64;example.com please"
    (found,) = find_personal_data(text)
    assert text[found.start : found.end] == "a.b&#64;example.com"


def test_a_cell_that_is_a_name():
    assert is_whole_name("山田 太郎")
    assert is_whole_name("Priya Raman")
    assert not any(map(is_whole_name, ["福井県", "20代", "男性", "Premium Plan", "山口", ""]))
    assert is_whole_name("山口", alone=True)


@pytest.mark.parametrize(
    "piece", ["a@", "市1-", "0-", "佐藤さん", "担当の", "https://", "A1-", "order ", "1 Aa ", "東"]
)
def test_long_texts_without_sense_end(piece):
    find_personal_data(piece * (5_000 // len(piece)))
