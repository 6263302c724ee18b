import pytest

from nps_nlp.classify.label_names import meanings
from nps_nlp.errors import ModelError


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["NEGATIVE", "POSITIVE"], ["negative", "positive"]),
        (["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"],
         ["negative", "negative", "neutral", "positive", "positive"]),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"],
         ["negative", "negative", "neutral", "positive", "positive"]),
        (["星1", "星３", "★5"], ["negative", "neutral", "positive"]),
        (["LABEL_0", "LABEL_1"], ["negative", "positive"]),
        (["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4"],
         ["negative", "negative", "neutral", "positive", "positive"]),
        (["ポジティブ", "ﾈｶﾞﾃｨﾌﾞ", "中立"], ["positive", "negative", "neutral"]),
    ],
)  # fmt: skip
def test_usual_names_of_sentiments(labels, expected):
    assert meanings(labels, {}, ("price",)) == ("sentiment", expected)


def test_intents_and_themes():
    assert meanings(["要望", "苦情"], {}, ())[0] == "intent"
    assert meanings(["Price", "staff"], {}, ("price", "staff")) == ("themes", ["price", "staff"])


@pytest.mark.parametrize(
    "labels", [["LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3"], ["joy", "positive"], ["LABEL_7", "x"]]
)
def test_what_cannot_be_known_is_not_guessed(labels):
    with pytest.raises(ModelError, match="no known meaning"):
        meanings(labels, {}, ())


def test_labels_of_unlike_kinds_are_refused():
    with pytest.raises(ModelError, match="not of one kind"):
        meanings(["positive", "complaint"], {}, ())


def test_own_meanings_come_first():
    assert meanings(["positive", "x"], {"positive": "negative", "x": "neutral"}, ())[1] == ["negative", "neutral"]
    assert meanings(["price", "x"], {"x": "-"}, ("price",)) == ("themes", ["price", "-"])


@pytest.mark.parametrize("own", [{"x": "-", "y": "-"}, {"x": "positive", "y": "-"}, {"x": "praise", "y": "praise"}])
def test_labels_that_tell_nothing_apart_are_refused(own):
    with pytest.raises(ModelError, match="tells nothing apart"):
        meanings(["x", "y"], own, ("price",))
