from collections import Counter

from nps_nlp.classify import load_classifier
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.privacy.masker import Masker
from nps_nlp.settings import Settings, report_language, shown_themes
from nps_nlp.tally import ALL, NEGATIVE, Tally


def options(*, automatic=True):
    return Settings(load_taxonomy("tourism"), automatic, load_classifier("fast"), None, 0.95, 1, Masker())


def mentions(food, price):
    return Tally(mentions=Counter({(ALL, ALL, "food", NEGATIVE, 3): food, (ALL, ALL, "price", NEGATIVE, 3): price}))


def test_tourism_themes_are_shown_where_people_travel():
    assert "food" in shown_themes(mentions(30, 70), options())
    assert "food" not in shown_themes(mentions(3, 97), options())
    assert "food" in shown_themes(mentions(3, 97), options(automatic=False))


def test_the_report_speaks_the_language_of_the_statements_then_of_the_headings():
    ja = Tally(statements=Counter({("q", "ja", "neutral", "none"): 3, ("q", "en", "neutral", "none"): 2}))
    assert report_language(ja, ["why"]) == "ja"
    assert report_language(Tally(), ["理由"]) == "ja"
    assert report_language(Tally(), ["score"]) == "en"
