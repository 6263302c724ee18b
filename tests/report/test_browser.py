"""The page in a real browser: no errors; links, filters, search and sorting work; nothing sticks out."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nps_nlp.report import render_html

selenium = pytest.importorskip("selenium", reason="selenium is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="chromium and chromedriver are not installed")
CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run --force-prefers-reduced-motion"
)


@pytest.fixture(scope="module")
def browser():
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def open_page(browser, tmp_path):
    def opened(analysis, language="ja", width=1280):
        path = tmp_path / "report.html"
        path.write_text(render_html(analysis, language), "utf-8")
        metrics = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        browser.get_log("browser")
        browser.get(path.as_uri())
        return browser

    return opened


def find(page, selector):
    return page.find_elements("css selector", selector)


def texts(page):
    return page.execute_script("return [...document.querySelectorAll('#list blockquote')].map(q => q.textContent)")


def choose(page, field, value):
    chosen = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'))"
    page.execute_script(chosen, find(page, f"#f-{field}")[0], value)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("width", [1280, 390, 320])
def test_opens_without_errors_and_fits_the_screen(open_page, request, language, width):
    page = open_page(request.getfixturevalue(language), language, width)
    assert page.get_log("browser") == []
    page.execute_script("document.querySelectorAll('details').forEach(d => { d.open = true; });")
    assert page.execute_script("return document.documentElement.scrollWidth") <= width
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0


def test_a_theme_opens_its_quotes(open_page, ja):
    page = open_page(ja)
    assert find(page, "#count")[0].text == "120 件 / 全 120 件"
    find(page, ".effects a[data-theme=reliability]")[0].click()
    assert find(page, "#count")[0].text == "5 件 / 全 120 件"
    assert {e.text.split("\n")[0] for e in find(page, "#list .about span:first-child")} == {"不具合・安定性 (不満)"}
    assert page.execute_script("return document.activeElement.id") == "h-quotes"
    assert find(page, "#list mark")


def test_a_theme_opens_by_keyboard(open_page, ja):
    page = open_page(ja)
    page.execute_script("document.querySelector('.heat a[data-theme=price]').focus()")
    page.switch_to.active_element.send_keys("\ue007")
    assert page.execute_script("return document.getElementById('f-theme').value") == "price"


def test_filters_and_search_work_together(open_page, ja):
    page = open_page(ja)
    choose(page, "polarity", "negative")
    choose(page, "category", "detractor")
    assert find(page, "#count")[0].text == "60 件 / 全 120 件"
    find(page, "#f-search")[0].send_keys("連携 ログイン")
    assert texts(page)
    assert all("連携" in t and "ログイン" in t for t in texts(page))
    find(page, "#f-search")[0].send_keys("存在しない言葉")
    assert "条件に合う声はありません" in find(page, "#count")[0].text
    find(page, "#f-reset")[0].click()
    assert find(page, "#count")[0].text == "120 件 / 全 120 件"


def test_a_group_filters_and_more_shows_more(open_page, ja):
    page = open_page(ja)
    assert len(texts(page)) == 20
    find(page, "#more")[0].click()
    assert len(texts(page)) == 40
    choose(page, "group", "スタンダード")
    assert find(page, "#count")[0].text == "40 件 / 全 120 件"


def test_search_finds_full_width_letters(open_page, ja):
    from tests.report.pieces import change

    page = open_page(change(ja, all_quotes=ja.all_quotes.iloc[:3].assign(text="ＡＰＩがない", start=0, end=3)))
    find(page, "#f-search")[0].send_keys("api")
    assert len(texts(page)) == 3


def test_the_table_of_all_themes_sorts(open_page, ja):
    page = open_page(ja)
    page.execute_script("document.getElementById('all-themes').open = true")
    buttons = find(page, "#all-themes thead button")
    column = [b.text for b in buttons].index("不満の影響")
    cells = "[...document.querySelectorAll('#all-themes tbody tr')].map(r => r.cells[arguments[0]])"
    # The row of those who name no theme has no impact.
    rows = f"return {cells}.map(c => c.dataset.sort).filter(s => s !== '').map(Number)"
    page.execute_script("arguments[0].click()", buttons[column])
    assert (found := page.execute_script(rows, column)) == sorted(found, reverse=True)
    page.execute_script("arguments[0].click()", buttons[column])
    assert (found := page.execute_script(rows, column)) == sorted(found)
    assert len(find(page, "#all-themes [aria-sort=ascending]")) == 1


def test_customers_words_stay_words(open_page, hostile):
    page = open_page(hostile, "en")
    assert page.get_log("browser") == []
    assert not find(page, "img")
    assert page.title.startswith("</script><img src=x onerror=")
    assert all(t.startswith('=HYPERLINK("http://example.invalid","x")</script><img src=x') for t in texts(page))


def test_words_can_be_read_on_their_background(open_page, ja):
    """WCAG AA: 4.5 to 1 for text, in the light and in the dark."""
    for scheme in ("light", "dark"):
        page = open_page(ja)
        page.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        )
        low = page.execute_script(CONTRAST)
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        assert low == [], scheme


def test_a_missing_piece_is_no_error(open_page, degraded):
    name, analysis = degraded
    page = open_page(analysis, width=390)
    assert page.get_log("browser") == [], name
    assert page.execute_script("return document.documentElement.scrollWidth") <= 390, name


def test_without_javascript_everything_but_the_explorer_is_there(open_page, browser, ja):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = open_page(ja)
        assert "JavaScript が必要です" in find(page, "#quotes")[0].text
        assert not find(page, "#explorer")[0].is_displayed()
        assert find(page, ".effect .quote mark")[0].is_displayed()
    finally:
        browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
