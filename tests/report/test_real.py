"""The report of a real Analysis: both demos, from the export to the page and the workbook."""

from __future__ import annotations

import re

import openpyxl
import pytest

from nps_nlp.analysis import analyze
from nps_nlp.demo import demo_path


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_demo_becomes_a_page_and_a_workbook(language, tmp_path):
    analysis = analyze(demo_path(language))
    html = analysis.to_html(tmp_path / "report.html")
    analysis.to_excel(tmp_path / "report.xlsx")
    assert f'<html lang="{language}">' in html
    label = analysis.drivers[f"label_{language}"].iloc[0]
    heading = {
        "ja": f"最もスコアを下げているのは「{label}」への不満",
        "en": f"{label} holds the score down most",
    }
    assert heading[language] in html
    assert f"{analysis.nps.n:,}" in html
    assert not re.search(r">[^<]*\bnan\b", html.split("<script")[0].split("</style>")[1])
    quotes = openpyxl.load_workbook(tmp_path / "report.xlsx")[{"ja": "声", "en": "Quotes"}[language]]
    assert quotes.max_row == len(analysis.all_quotes) + 1
