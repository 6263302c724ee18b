import pytest

from nps_nlp.report.html import render_html
from nps_nlp.report.tables import Names
from nps_nlp.report.view_requests import requests_view
from nps_nlp.report.words import load_words
from tests.report import standin
from tests.report.pieces import HOSTILE, change


@pytest.fixture(scope="module", params=["ja", "en"])
def language(request):
    return request.param


@pytest.fixture(scope="module")
def analysis(language):
    return standin.build(language)


def view(analysis, language):
    return requests_view(analysis, Names.of(analysis, load_words(language)))


def test_says_how_many_ask_and_how_sure_that_is(analysis, language):
    everybody = analysis.requests.iloc[0]
    said = view(analysis, language)["said"]
    assert str(everybody["n"]) in said
    for share in ("share", "share_ci_low", "share_ci_high", "share_promoters", "share_detractors"):
        assert f"{everybody[share]:.0%}" in said


def test_the_theme_that_most_ask_about_comes_first_with_its_words(analysis, language):
    rows = view(analysis, language)["rows"]
    most = analysis.requests.iloc[1]
    assert most["n"] >= analysis.requests["n"].iloc[2]
    assert str(most["n"]) in rows[0]["n"]
    assert "".join(rows[0]["quotes"][0]["parts"]) in set(analysis.request_quotes["text"])


def test_no_request_is_shown_under_two_themes(analysis, language):
    shown = view(analysis, language)
    texts = ["".join(q["parts"]) for part in (*shown["rows"], shown["other"]) for q in part["quotes"]]
    assert len(texts) == len(set(texts)) == 5


def test_a_survey_without_requests_has_no_such_part(analysis, language):
    nobody = change(analysis, requests=analysis.requests.iloc[:0], request_quotes=analysis.request_quotes.iloc[:0])
    assert view(nobody, language) is None
    page = render_html(nobody, language)
    assert 'id="requests"' not in page
    assert 'href="#requests"' not in page
    assert 'href="#requests"' in render_html(analysis, language)


def test_customers_words_are_text(analysis, language):
    page = render_html(change(analysis, request_quotes=analysis.request_quotes.assign(text=HOSTILE, end=9)), language)
    assert HOSTILE not in page
    assert "<mark>&lt;/script&gt;</mark>&lt;img src=x" in page
