from itertools import pairwise

import pytest

from nps_nlp.language.clauses_en import clause_cuts, is_afterthought


def parts(text):
    edges = [0, *sorted({*clause_cuts(text)} - {0}), len(text)]
    return [text[a:b].strip() for a, b in pairwise(edges)]


@pytest.mark.parametrize(
    "text",
    [
        "The food was great, |but the room was cold",
        "It was great |but slow",
        "Cheap |and yet the chips are good",
        "It works |although it is ugly",
        "Nice staff, |even though they were busy",
        "Great stay |though the bed was hard",
        "The food was good, |however, the app crashes",
        "Great beer |whereas the wine was not",
        "All was great |except for the wifi",
        "Lovely place |apart from the noise",
        "Great app - |but slow",
        "Great location, |shame about the smell",
        "The food was good, |and the staff never smiled",
        "The food was cold |and the staff were rude",
        "Good service, |while the other desk is always closed",
        "Although the room was small, |the bed was comfy",
        "It was fine. While the staff were kind, |the food was not",
        "Good course. I |just wish it was longer",
        "The soup was cold, |the staff were lovely",
    ],
)
def test_turns_and_additions_part(text):
    assert parts(text.replace("|", "")) == [part.strip() for part in text.split("|")]


@pytest.mark.parametrize(
    "text",
    [
        "The food was great though",
        "The food was great, though, and cheap",
        "The door, however, is heavy",
        "Nothing but praise for the team",
        "It looks as though it rained",
        "They have yet to call back",
        "yet another bug",
        "Not cheap but also not fast",
        "Salt and pepper",
        "The staff and the food were good",
        "Friendly, quick and cheap",
        "While waiting for the bus, I was cold",
        "When I called, the staff were helpful",
        "The rooms, the food and the staff were great",
        "",
    ],
)
def test_what_only_looks_like_a_turn_stays(text):
    assert parts(text) == [text]


@pytest.mark.parametrize(
    ("remark", "merged"),
    [("Brilliant.", True), ("Never again!", True), ("Rude staff.", False), ("But cold.", False)],
)
def test_remarks_on_the_sentence_before(remark, merged):
    first = "They came back the same day. "
    assert is_afterthought(first + remark, (len(first), len(first + remark)), (0, len(first))) is merged


def test_no_remark_on_a_short_sentence():
    assert not is_afterthought("Good. Bad.", (6, 10), (0, 6))
