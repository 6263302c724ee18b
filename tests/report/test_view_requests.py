import pytest

from nps_nlp.classify.labels import UNMENTIONED
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


def texts(row):
    return ["".join(quote["parts"]) for quote in row["quotes"]]


def test_says_how_many_ask_and_how_sure_that_is(analysis, language):
    everybody, said = analysis.requests.iloc[0], view(analysis, language)["said"]
    assert str(everybody["n"]) in said
    for share in ("share", "share_ci_low", "share_ci_high"):
        assert f"{everybody[share]:.0%}" in said


def test_the_theme_that_most_ask_about_comes_first_and_what_fits_none_last(analysis, language):
    rows = view(analysis, language)["rows"]
    assert [row["id"] for row in rows] == ["price", "features", ""]
    assert str(analysis.requests["n"].iloc[1]) in rows[0]["n"]
    assert f"{analysis.requests['share'].iloc[1]:.0%}" in rows[0]["share"]


def test_no_request_is_shown_twice_and_those_who_ask_most_speak_first(analysis, language):
    rows = view(analysis, language)["rows"]
    shown = [text for row in rows for text in texts(row)]
    assert len(shown) == len(set(shown)) == 4
    asking = analysis.requests.set_index("theme").loc["price"]
    assert asking["detractors"] > asking["promoters"]
    assert "3" in rows[0]["quotes"][0]["by"]


def test_shares_of_a_few_are_not_shown_but_their_words_are(analysis, language):
    few = change(analysis, requests=analysis.requests.assign(shown=False))
    for row in view(few, language)["rows"]:
        assert not row["share"]
        assert not row["bar"]
        assert not row["who"]
        assert texts(row)


def test_who_asks_more_often_is_said_only_beyond_chance(analysis, language):
    clear, unclear = (view(change(analysis, requests=analysis.requests.assign(q=q)), language) for q in (0.01, 0.4))
    assert [len(row["who"]) for row in clear["rows"][:2]] == [2, 2]
    assert [len(row["who"]) for row in unclear["rows"][:2]] == [1, 1]


def test_a_category_without_writers_has_no_share(analysis, language):
    nobody = change(analysis, requests=analysis.requests.assign(share_detractors=float("nan")))
    assert [row["who"] for row in view(nobody, language)["rows"]] == [[], [], []]


def test_a_survey_without_requests_has_no_such_part(analysis, language):
    nobody = change(analysis, requests=analysis.requests.iloc[:0], request_quotes=analysis.request_quotes.iloc[:0])
    assert view(nobody, language) is None
    page = render_html(nobody, language)
    assert 'id="requests"' not in page
    assert 'href="#requests"' not in page
    assert 'href="#requests"' in render_html(analysis, language)


def test_requests_that_fit_no_theme_alone_make_the_part(analysis, language):
    alone = change(analysis, requests=analysis.requests[analysis.requests["theme"].isin(["", UNMENTIONED])])
    (row,) = view(alone, language)["rows"]
    assert texts(row) == [analysis.request_quotes.query("theme == 'unmentioned'")["text"].iloc[0]]


def test_customers_words_are_text(analysis, language):
    page = render_html(change(analysis, request_quotes=analysis.request_quotes.assign(text=HOSTILE, end=9)), language)
    assert HOSTILE not in page
    assert "<mark>&lt;/script&gt;</mark>&lt;img src=x" in page
