"""The page: what it says and in which order, safe whatever customers wrote, the same bytes every time."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from nps_nlp.errors import InputError
from nps_nlp.report import render_html
from tests.report.pieces import HOSTILE, cases, change

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Every element of a page with its attributes, and the text inside headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.headings: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-4]", tag):
            self.headings.append((tag, ""))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if self.open and re.fullmatch(r"h[1-4]", self.open[-1]):
            tag, text = self.headings[-1]
            self.headings[-1] = (tag, text + data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def data_of(html: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.DOTALL)[1])


def test_answers_the_questions_in_order(ja):
    headings = [h for h in Page(render_html(ja, "ja")).headings if h[0] in {"h1", "h2", "h3"}]
    assert headings == [
        ("h1", "ことり会計（架空）"),
        ("h2", "スコアはいくつで、どのくらい確かか"),
        ("h3", "評点の分布"),
        ("h3", "書いた人と、評点だけの人"),
        ("h2", "何がスコアを下げ、何が支えているか"),
        ("h3", "最もスコアを下げているのは「不具合・安定性」への不満"),
        ("h3", "最もスコアを支えているのは「使いやすさ」への好評"),
        ("h3", "下げているもの"),
        ("h3", "支えているもの"),
        ("h3", "どこから手をつけるか"),
        ("h3", "評点と言葉が食い違う人"),
        ("h2", "誰が、いつから"),
        ("h3", "グループ別の NPS"),
        ("h3", "NPS の推移"),
        ("h3", "直近で増えているもの"),
        ("h3", "不満の割合の推移"),
        ("h3", "グループ別の不満の割合"),
        ("h2", "何が求められているか"),
        ("h3", "価格・料金"),
        ("h3", "機能"),
        ("h3", "どのテーマにも当てはまらない要望"),
        ("h2", "お客様自身の言葉で"),
        ("h2", "分析者向けの詳細"),
        ("h3", "評点の違いを説明する要因（重要度）"),
        ("h3", "不満が減っていたら（仮の計算）"),
        ("h3", "評点の分布の形と、区切りの影響"),
        ("h2", "このレポートの作り方"),
        ("h3", "読み込んだ行"),
        ("h3", "設定"),
        ("h3", "質問ごとの回答"),
    ]


def test_shows_the_score_with_its_interval_and_a_true_minus(ja):
    html = render_html(change(ja, writers=ja.silent, silent=ja.writers), "ja")
    assert '<p class="big">+7.5</p>' in html
    assert "95%区間 +1.3〜+13.6" in html
    assert "−3.7" in html
    assert not re.search(r">-\d", html)


def test_every_driver_row_has_size_interval_and_shares(en):
    html = render_html(en, "en")
    row = html[html.index('data-theme="reliability"') :].split("</li>")[0]
    top = en.drivers.iloc[0]
    assert f"−{-top['impact_negative']:.1f}" in row
    assert f"[−{-top['impact_negative_ci_low']:.1f}, −{-top['impact_negative_ci_high']:.1f}]" in row
    assert "33%" in row
    assert "5%" in row
    assert "since July 2026" in row


@pytest.mark.parametrize("language", ["ja", "en"])
def test_policy_allows_this_style_and_script_and_nothing_else(language, request):
    html = render_html(request.getfixturevalue(language), language)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1].replace("&#39;", "'")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for rule, block in (("style-src", r"<style>(.*?)</style>"), ("script-src", r"<script>(.*?)</script>")):
        found = re.findall(block, html, re.DOTALL)
        assert len(found) == 1
        digest = base64.b64encode(hashlib.sha256(found[0].encode()).digest()).decode()
        assert rules.pop(rule) == f"'sha256-{digest}'"
    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


@pytest.mark.parametrize("language", ["ja", "en"])
def test_makes_no_request_and_has_nothing_that_the_policy_would_block(language, request):
    html = render_html(request.getfixturevalue(language), language)
    assert not re.search(r"https?://|//[a-z]+\.|@import|url\(", html)
    page = Page(html)
    for tag, attributes in page.elements:
        assert not [a for a in attributes if a == "style" or a.startswith("on")], tag
        assert (attributes.get("href") or "#").startswith(("#", "data:,"))
        assert "src" not in attributes
    assert page.elements[0] == ("html", {"lang": language})


def test_customers_words_never_become_markup(hostile):
    html = render_html(hostile, "en")
    page = Page(html)
    assert not page.all("img")
    assert len(page.all("script")) == 2
    assert "<img" not in html
    quote = data_of(html)["quotes"][0]
    assert (
        quote["marked"] + quote["after"]
        == '=HYPERLINK("http://example.invalid","x")' + HOSTILE + "\ufffd\u2028" + quote["after"][len(HOSTILE) + 2 :]
    )
    assert "\u2028" not in html.split('id="data">')[1].split("</script>")[0]
    assert "\x00" not in html


def test_the_same_analysis_gives_the_same_bytes(ja):
    assert render_html(ja, "ja") == render_html(ja, "ja")


def test_evidence_is_cut_by_characters_not_by_utf16_units(ja):
    quote = ja.all_quotes.iloc[0].to_dict() | {
        "text": "😊😊使える。でも高い。",
        "start": 6,
        "end": 10,
        "polarity": "negative",
    }
    html = render_html(change(ja, all_quotes=type(ja.all_quotes)([quote])), "ja")
    assert "<p>😊😊使える。<mark>でも高い</mark>。</p>" in html
    shown = data_of(html)["quotes"][0]
    assert (shown["before"], shown["marked"], shown["after"]) == ("😊😊使える。", "でも高い", "。")


def test_a_very_long_comment_is_shortened_around_its_evidence(ja):
    text = "あ" * 50_000 + "ここが問題" + "い" * 50_000
    quotes = ja.all_quotes.iloc[:1].assign(text=text, start=50_000, end=50_005)
    shown = data_of(render_html(change(ja, all_quotes=quotes), "ja"))["quotes"][0]
    assert shown["marked"] == "ここが問題"
    assert shown["before"].startswith("…あ")
    assert shown["after"].endswith("い…")
    assert len(shown["before"] + shown["after"]) < 700


def test_tables_say_what_their_headings_are_for(ja):
    page = Page(render_html(ja, "ja"))
    assert all("scope" in head for head in page.all("th"))
    assert len(page.all("caption")) == len(page.all("table"))


def test_a_piece_that_is_missing_leaves_a_page_that_says_so(degraded):
    name, analysis = degraded
    for language in ("ja", "en"):
        html = render_html(analysis, language)
        page = Page(html)
        # Without a request there is no part on requests.
        assert [t for t, _ in page.headings].count("h2") == (7 if len(analysis.requests) else 6)
        assert not page.open
        assert "nan" not in re.sub(r"<(style|script)[^>]*>.*?</\1>", "", html, flags=re.DOTALL).lower(), name
        assert "None" not in html


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no comments", "コメントがないため、理由の分析はありません"),
        ("comments without a theme", "テーマに分類できたものがありませんでした"),
        ("everybody wrote", "回答者は全員コメントを書いています"),
        ("no dates", "日付がないか 1 か月分しかないため"),
        ("no groups", "グループ分けに使える列がないため"),
        ("scores alone", "日付もグループの列もないため"),
        ("no drivers", "スコアを下げているテーマは見つかりませんでした"),
        ("nothing certain", "スコアを下げていると言い切れるテーマはありません"),
        ("one respondent", "この 1 件からはほとんど何も言えません"),
    ],
)
def test_the_sentence_names_what_is_missing(name, said, ja):
    assert said in render_html(cases(ja)[name], "ja")


def test_an_unknown_language_is_an_input_error(ja):
    with pytest.raises(InputError, match="'fr'; give one of ja, en"):
        render_html(ja, "fr")
