"""The part for analysts: what must be known before reading the importances, and the figures without errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from nps_nlp.insight import corrected_drivers, refit, regression_design
from nps_nlp.report import render_html
from nps_nlp.report.tables import Names
from nps_nlp.report.view_depth import remarks
from nps_nlp.report.words import load_words
from tests.report.pieces import change
from tests.report.standin import people, tally_of


def with_drivers(analysis, **columns):
    """Replace columns of the first driver that is used."""
    table = analysis.depth.importance.table.copy()
    for name, value in columns.items():
        table.loc[0, name] = value
    found = replace(analysis.depth.importance, table=table)
    return change(analysis, depth=replace(analysis.depth, importance=found))


def said(analysis, language):
    return remarks(analysis, Names.of(analysis, load_words(language)))


@pytest.mark.parametrize(
    ("language", "vif", "sign"), [("ja", "VIF が 5 を超える", "符号"), ("en", "VIF above 5", "the sign of")]
)
def test_overlap_and_turned_signs_are_said_with_the_names_of_the_drivers(language, vif, sign, ja, en):
    analysis = {"ja": ja, "en": en}[language]
    first = analysis.depth.importance.table.iloc[0]
    name = Names.of(analysis, load_words(language)).theme(first["theme"])
    texts = said(with_drivers(analysis, vif=7.5, disagreement="sign, rank"), language)
    assert any(vif in text and name in text for text in texts)
    assert any(sign in text and name in text for text in texts)
    before = said(analysis, language)
    assert not any(vif in text for text in before)


def test_what_is_left_out_is_said_with_the_number_that_is_needed(en):
    table = en.depth.importance.table
    n = ((table["left_out"] == "few mentions") & (table["n"] > 0)).sum()
    texts = said(with_drivers(en, left_out="few mentions"), "en")
    assert any(f"{n + 1} with fewer than {en.settings['min_n']} mentions" in text for text in texts)


def test_one_score_for_all_is_said(en):
    found = en.depth.importance
    flat = replace(found, table=found.table.assign(ordinal=np.nan))
    texts = said(change(en, depth=replace(en.depth, importance=flat)), "en")
    assert any("the same score" in text for text in texts)


def test_remarks_stand_in_the_page(ja):
    page = render_html(with_drivers(ja, vif=7.5), "ja")
    assert "重要度を合わせて読むべき要因" in page
    assert "重要度を合わせて読むべき要因" not in render_html(ja, "ja")


@pytest.mark.parametrize(
    ("language", "heading"), [("ja", "分類の誤りを補正した要因"), ("en", "Drivers without the classifier’s errors")]
)
def test_figures_without_errors_stand_in_the_page_only_where_errors_are_known(language, heading, ja, en):
    analysis = {"ja": ja, "en": en}[language]
    assert heading not in render_html(analysis, language)
    themes = list(analysis.themes["id"])
    design = regression_design(tally_of(people(language, 640)), themes)
    known = {theme: [[900, 10, 10, 0], [20, 80, 5, 0], [20, 5, 80, 0]] for theme in themes}
    corrected = corrected_drivers(design, refit(design, seed=1, replicates=20), known, seed=1)
    page = render_html(change(analysis, depth=replace(analysis.depth, corrected=corrected)), language)
    assert heading in page
    assert "105" in page  # the labelled comments of each side


@pytest.mark.parametrize(("language", "row"), [("ja", "（どのテーマにも触れない）"), ("en", "(no theme mentioned)")])
def test_who_names_no_theme_has_a_row_so_that_contributions_add_up(language, row, ja, en):
    page = render_html({"ja": ja, "en": en}[language], language)
    assert f'<th scope="row" class="stick">{row}</th>' in page
