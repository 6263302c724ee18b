import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify.annotate import Answer, Statement
from nps_nlp.privacy.masker import Masker, mask_keys
from nps_nlp.privacy.pseudonyms import Pseudonyms
from tests.conftest import make_survey
from tests.privacy.test_find import ROWS, TEXTS


@given(TEXTS)
def test_masking_again_changes_nothing(text):
    once = Masker().text(text)
    assert Masker().text(once) == once


@given(st.sampled_from(ROWS))
def test_masking_marked_comments_again_changes_nothing(row):
    for masker in (Masker(), Masker(pseudonyms=Pseudonyms(bytes(32)))):
        once = masker.text(row["text"])
        assert masker.text(once) == once


@given(TEXTS, st.data())
def test_spans_of_the_original_are_right_in_the_masked_text(text, data):
    masked = Masker().read(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    left, right = masked.span(start, end)
    assert 0 <= left <= right <= len(masked.text)
    hidden = set().union(*(range(f.start, f.end) for f in masked.found)) if masked.found else set()
    kept = "".join(c for i, c in enumerate(text[start:end], start) if i not in hidden)
    shown = masked.text[left:right]
    for mask in masked.masks:
        if mask in shown and mask not in kept:
            shown = shown.replace(mask, "", 1)
    assert shown == kept or not masked.found or len(masked.masks) > 1


def test_masks_read_in_the_language_of_the_comment():
    assert Masker().text("受付の佐藤さん、090-1234-5678") == "受付の［氏名］さん、［電話］"
    assert Masker().text("call Mr Henderson on 07700 900123") == "call Mr [name] on [phone]"


def answer():
    text = "受付の佐藤さんが親切。駐車場が狭い。"
    parts = [(0, 11, ("受付", "佐藤", "親切")), (11, 18, ("駐車場", "狭い"))]
    said = [Statement(a, b, "ja", "positive", 0.9, "praise", ("staff",), (0.8,), terms) for a, b, terms in parts]
    return Answer(0, "comment", text, tuple(said))


def test_answers_keep_their_labels_and_their_evidence():
    masker = Masker()
    (masked,) = masker.answers([answer()])
    assert [masked.text[s.start : s.end] for s in masked.statements] == ["受付の［氏名］さんが親切。", "駐車場が狭い。"]
    assert masked.statements[0].terms == ("受付", "親切")
    assert [s.sentiment for s in masked.statements] == ["positive", "positive"]
    assert masker.found() == {"name": 1}


def test_switched_off_nothing_changes():
    masker = Masker(on=False)
    assert masker.answers([answer()]) == [answer()]
    assert masker.cell("山田 太郎") == "山田 太郎"
    assert masker.found() is None


def test_groups_and_respondents_that_are_personal_data():
    survey = make_survey([(3, "高い", "taro@example.jp", "2026-01-05"), (9, "良い", "東京", "2026-01-05")])
    heading = survey.segments.columns[0]
    masker = Masker()
    assert masker.survey(survey).segments[heading].tolist() == ["[email]", "東京"]
    assert masker.found() == {"email": 1}
    assert masker.group("担当者", "田中").text == "［氏名］"
    assert masker.group("都道府県", "福井").text == "福井"
    assert survey.segments[heading].tolist() == ["taro@example.jp", "東京"]


@pytest.mark.parametrize("identifier", ["114000000123", "4111111111111111", "R_3kZ9aB1cD2e", "8f14e45f-ceea-467f-a8b2"])
def test_ids_of_respondents_stay(identifier):
    survey = make_survey([(3, "高い", "a", "2026-01-05")])
    survey.responses["respondent"] = identifier
    assert Masker().survey(survey).responses["respondent"].tolist() == [identifier]


def test_codes_are_stable_and_tell_people_apart():
    masker = Masker(pseudonyms=Pseudonyms(bytes(32)))
    first, second = masker.text("佐藤さん"), masker.text("田中さん")
    assert re.fullmatch(r"［氏名:[A-Z2-7]{8}］さん", first)
    assert first != second
    assert masker.text("佐藤さん") == first
    assert Masker(pseudonyms=Pseudonyms(bytes([1] * 32))).text("佐藤さん") != first


def test_reasons_that_become_equal_are_added_up():
    counts = {"score a@example.com is no number": 1, "score b@example.com is no number": 2, "blank": 3}
    assert mask_keys(counts, Masker().text) == {"score [email] is no number": 3, "blank": 3}
