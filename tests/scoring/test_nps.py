import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import METHODS, Scale, nps, nps_of_scores, nps_se, nps_table

counts = st.tuples(*[st.integers(0, 2000)] * 3).filter(lambda c: sum(c) > 0)


def test_textbook_example():
    # Reichheld's arithmetic: 60 % promoters less 15 % detractors.
    assert nps(60, 25, 15).score == 45.0


def test_fukui_survey_as_published():
    # The 76,352 answers of the Fukui visitor survey, 2022-04 to 2025-06: NPS 9.97.
    result = nps(26_767, 30_427, 19_158)
    assert round(result.score, 2) == 9.97
    assert result.ci_high - result.ci_low == pytest.approx(2 * 1.96 * result.se, rel=1e-3)


@given(counts)
def test_score_is_within_100_and_se_is_that_of_the_mean(c):
    result = nps(*c)
    answers = np.repeat([100.0, 0.0, -100.0], c)
    assert -100 <= result.score <= 100
    assert result.score == pytest.approx(answers.mean(), abs=1e-9)
    assert result.se == pytest.approx(answers.std() / np.sqrt(len(answers)), abs=1e-5)
    assert result.se == nps_se(*c)
    assert result.n == sum(c)


@given(counts)
def test_swapping_promoters_and_detractors_mirrors_the_score(c):
    result, mirrored = nps(*c), nps(*c[::-1])
    assert mirrored.score == -result.score
    assert (mirrored.ci_low, mirrored.ci_high) == pytest.approx((-result.ci_high, -result.ci_low), abs=1e-9)


def test_scores_and_counts_agree():
    scores = [10] * 5 + [7] * 3 + [0] * 2
    assert nps_of_scores(scores) == nps(5, 3, 2)


def test_scale_by_option():
    assert nps_of_scores([5, 4, 3, 1], scale=Scale("stars", 1, 5, 2, 5)).score == 0.0


def test_one_respondent_has_a_score_and_a_wide_interval():
    result = nps(1, 0, 0)
    assert (result.score, result.se) == (100.0, 0.0)
    assert result.ci_low < 0


@pytest.mark.parametrize(
    ("c", "message"),
    [
        ((0, 0, 0), "there are no responses, so there is no NPS"),
        ((-1, 2, 3), "whole numbers of 0 or more; wrong at position 0"),
        ((1, 2.5, 3), "whole numbers of 0 or more; wrong at position 1"),
        ((1, 2, float("nan")), "whole numbers of 0 or more; wrong at position 2"),
    ],
)
def test_counts_that_give_no_score_are_refused_in_a_sentence(c, message):
    with pytest.raises(ValueError, match=message):
        nps(*c)
    with pytest.raises(ValueError, match=message):
        nps_se(*c)


def test_unknown_method_lists_the_known_ones():
    with pytest.raises(ValueError, match="adjusted_wald, wald, score, dirichlet, bootstrap; got 'magic'"):
        nps(1, 1, 1, method="magic")


def test_result_is_json_and_reads_as_a_sentence():
    result = nps(np.int64(50), np.int64(30), np.int64(20), confidence=0.9, method="score")
    assert json.loads(json.dumps(result.to_dict()))["promoters"] == 50
    assert str(result).startswith("NPS +30.0 (90 % CI +16.")
    assert "score; n = 100: 50 promoters, 30 passives, 20 detractors" in str(result)


@pytest.mark.parametrize("method", METHODS)
def test_table_rows_are_what_nps_gives(method):
    table = pd.DataFrame(
        [(50, 30, 20), (0, 0, 9), (7, 1, 0), (0, 4, 0)], columns=["promoters", "passives", "detractors"]
    )
    result = nps_table(table, method=method, confidence=0.9)
    for (_, given_row), (_, row) in zip(table.iterrows(), result.iterrows(), strict=True):
        single = nps(*given_row, method=method, confidence=0.9)
        expected = (single.n, single.score, single.se, single.ci_low, single.ci_high)
        assert tuple(row[["n", "nps", "se", "ci_low", "ci_high"]]) == pytest.approx(expected, abs=1e-9)


def test_table_keeps_index_and_columns_and_leaves_the_input_alone():
    table = pd.DataFrame(
        {"promoters": [1, 0], "passives": [1, 0], "detractors": [0, 0], "shop": ["A", "B"]}, index=[7, 9]
    )
    before = table.copy()
    result = nps_table(table)
    pd.testing.assert_frame_equal(table, before)
    assert result.index.tolist() == [7, 9]
    assert result["shop"].tolist() == ["A", "B"]
    assert result.loc[9, ["nps", "se", "ci_low", "ci_high"]].isna().all()
    assert result.loc[9, "n"] == 0


def test_empty_table():
    result = nps_table(pd.DataFrame({"promoters": [], "passives": [], "detractors": []}))
    assert result.columns.tolist() == [
        "promoters",
        "passives",
        "detractors",
        "n",
        "nps",
        "se",
        "ci_low",
        "ci_high",
    ]
    assert len(result) == 0


def test_table_without_a_column_names_it():
    with pytest.raises(ValueError, match="missing: detractors"):
        nps_table(pd.DataFrame({"promoters": [1], "passives": [1]}))
