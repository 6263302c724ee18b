import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import Annotator, pieces_of
from nps_nlp.classify.frame import COLUMNS, statement_frame
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.language import read_comment
from tests.conftest import make_survey


class Counting:
    """The packaged classifier, and how many pieces it was asked about."""

    def __init__(self):
        self._inner = load_classifier("fast")
        self.name, self.fingerprint, self.theme_ids = self._inner.name, self._inner.fingerprint, self._inner.theme_ids
        self.asked = 0

    def predict(self, pieces):
        found = self._inner.predict(pieces)
        self.asked += len(found.sentiment)
        return found


def annotate(*texts, taxonomy="tourism", classifier=None):
    survey = make_survey([(5, text, "", "2024-01-01") for text in texts])
    return survey, Annotator(classifier or load_classifier("fast"), load_taxonomy(taxonomy)).annotate(survey)


def test_each_statement_has_its_own_polarity():
    text = "スタッフはとても親切でしたが、駐車場が狭くて不便でした。"
    _, (answer,) = annotate(text)
    assert [(text[s.start : s.end], s.sentiment) for s in answer.statements] == [
        ("スタッフはとても親切でしたが、", "positive"),
        ("駐車場が狭くて不便でした。", "negative"),
    ]
    assert "staff" in answer.statements[0].themes


@pytest.mark.parametrize(
    "text",
    [
        "とても良い景色でした。でも遠い。" * 700,
        "👍👍👍",
        "<b>great</b><br>but slow",
        "좋아요 정말",
        "Очень хорошо",
        "x" * 100_000,
    ],
    ids=["long", "emoji", "html", "korean", "russian", "one word"],
)
def test_unusual_comments(text):
    _, (answer,) = annotate(text)
    assert answer.text == text
    assert answer.statements
    assert all(0 <= s.start <= s.end <= len(text) for s in answer.statements)


@given(
    st.lists(
        st.one_of(st.text(max_size=60), st.sampled_from(["①高い②遅い", "ｶﾞﾗｶﾞﾗ!!　最高", "good, but\r\nslow 😀"])),
        max_size=4,
    )
)
def test_spans_are_in_order_inside_the_original(texts):
    _, answers = annotate(*texts)
    for answer in answers:
        places = [p for s in answer.statements for p in (s.start, s.end)]
        assert places == sorted(places)
        assert not places or (places[0] >= 0 and places[-1] <= len(answer.text))


def test_every_theme_of_the_comment_lands_on_a_statement():
    classifier = load_classifier("fast")
    texts = [
        "値段は高いが、店員は親切。駐車場が足りない。",
        "Great food, but the wait was long and the toilets were dirty.",
    ]
    _, answers = annotate(*texts)
    for answer in answers:
        whole = classifier.predict(pieces_of(read_comment(answer.text), "comment")[:1]).themes[0]
        expected = {t for t, c in zip(classifier.theme_ids, whole, strict=True) if c >= 0.5}
        assert expected
        assert {t for s in answer.statements for t in s.themes} == expected


def test_equal_pairs_are_classified_once():
    classifier = Counting()
    survey = make_survey([(9, "Great.", "", "2024-01-01")] * 50)
    annotator = Annotator(classifier, load_taxonomy())
    first = annotator.annotate(survey)
    assert annotator.annotate(survey) == first
    assert (len(first), classifier.asked) == (50, 1)


def test_own_themes_are_found_by_keyword_and_unwanted_ones_left_out(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        '[[themes]]\nid = "dogs"\nlabel_ja = "犬"\nlabel_en = "Dogs"\nkeywords_ja = ["犬"]\nkeywords_en = ["dog"]\n',
        "utf-8",
    )
    _, answers = annotate("犬と入れて良かった。値段は高い。", "Dogs are welcome, but prices are high.", taxonomy=path)
    assert [[s.themes for s in a.statements] for a in answers] == [[("dogs",), ()], [("dogs",), ()]]
    # A letter that grows in lower case moves no word behind it.
    _, ((answer),) = annotate("İstanbul: dogs are welcome", taxonomy=path)
    assert [s.themes for s in answer.statements] == [("dogs",)]


def test_fillers_are_no_answers():
    _, answers = annotate("特になし", "", "良い")
    assert [(a.respondent, a.text) for a in answers] == [(2, "良い")]


def test_the_frame_has_a_row_a_statement():
    survey, answers = annotate("スタッフは親切でしたが、遠いです。", "good")
    frame = statement_frame(survey, answers)
    assert tuple(frame.columns) == COLUMNS
    assert frame["statement"].tolist() == [0, 1, 0]
    assert "".join(frame["text"][:2]) == answers[0].text
    assert [len(t) for t in frame["themes"]] == [len(c) for c in frame["theme_confidence"]]
    assert statement_frame(survey, []).empty


class Sure:
    """Gives each piece the sentiment and theme confidences that its words call for."""

    name, fingerprint, theme_ids = "sure", "", ("price", "staff")

    def predict(self, pieces):
        from nps_nlp.classify.protocol import Predictions

        pieces = list(pieces)
        mood = [[0.9, 0.1, 0, 0] if "kind" in p.text else [0.1, 0.9, 0, 0] for p in pieces]
        themes = [[0.9 if "dear" in p.text else 0.6, 0.9 if "kind" in p.text else 0.1] for p in pieces]
        return Predictions(*(np.array(a, dtype=np.float32) for a in (mood, mood, themes)))


def test_a_theme_that_spills_over_does_not_take_the_neighbours_polarity():
    _, (answer,) = annotate("It is far too dear. The staff were so kind.", taxonomy="base", classifier=Sure())
    assert [(s.themes, s.sentiment) for s in answer.statements] == [(("price",), "negative"), (("staff",), "positive")]


def test_a_reading_has_the_whole_beside_its_statements():
    annotator = Annotator(load_classifier("fast"), load_taxonomy("tourism"))
    whole, nothing = annotator.read([("", "スタッフは親切でしたが、駐車場が狭くて不便でした。"), ("", "")])
    assert whole.sentiment == "mixed"
    assert set(whole.themes) == {t for s in whole.statements for t in s.themes}
    assert nothing.themes == {}
    assert annotator.read([]) == []
