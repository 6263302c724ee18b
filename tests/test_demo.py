"""The fictional surveys hold a planted story; the report must find it."""

import pytest

from nps_nlp.analysis import analyze
from nps_nlp.demo import demo_path


@pytest.fixture(scope="module", params=["ja", "en"])
def told(request):
    story = {
        "ja": {
            "driver": "reliability",
            "who": "スタンダード",
            "since": "2026-07",
            "strength": "support",
            "tool": "google_forms",
            "kept": 478,
        },
        "en": {
            "driver": "speed",
            "who": "Airport",
            "since": "2026-06",
            "strength": "staff",
            "tool": "qualtrics",
            "kept": 450,
        },
    }[request.param]
    return analyze(demo_path(request.param)), story


def test_the_export_is_recognised_and_every_row_accounted_for(told):
    analysis, story = told
    assert analysis.settings["sources"][0]["tool"] == story["tool"]
    assert analysis.rows["kept"] == story["kept"] >= 400
    assert analysis.rows["read"] == analysis.rows["kept"] + analysis.rows["quarantined"]


def test_what_holds_the_score_down_is_found_for_whom_and_since_when(told):
    analysis, story = told
    worst = analysis.drivers.iloc[0]
    assert worst["id"] == story["driver"]
    assert worst["who_value"] == story["who"]
    assert worst["since"] == story["since"]
    assert worst["impact_negative_ci_high"] < 0
    assert worst["q_negative"] < 0.001


def test_what_lifts_the_score_is_found(told):
    analysis, story = told
    # "quality" is by definition what is praised with nothing more specific: the story is about what can be named.
    named = analysis.strengths[analysis.strengths["id"] != "quality"].iloc[0]
    assert named["id"] == story["strength"]
    assert named["impact_positive_ci_low"] > 0


def test_the_month_in_which_the_score_fell_is_found(told):
    analysis, story = told
    assert analysis.nps_change.since == story["since"]
    assert analysis.nps_change.after < analysis.nps_change.before - 15


def test_a_theme_that_many_praise_and_many_blame_nets_to_little(told):
    analysis, _ = told
    price = analysis.themes.set_index("id").loc["price"]
    assert min(price["positive"], price["negative"]) >= 10
    assert abs(price["impact"]) < abs(analysis.drivers["impact_negative"].iloc[0]) / 2


def test_quotes_of_the_driver_are_complaints_of_it(told):
    analysis, story = told
    quotes = analysis.quotes(story["driver"], polarity="negative", category="detractor")
    assert len(quotes) >= 5
    assert quotes["text"].is_unique
