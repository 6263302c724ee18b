from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.insight.design import refit, regression_design
from nps_nlp.insight.importance import COLUMNS, importance
from nps_nlp.tally import Tally

THEMES = ["price", "speed", "staff", "place"]


def survey(seed, n=600, scale=1):
    """Price weighs most, then speed, then praise of staff; place does not matter."""
    rng = np.random.default_rng(seed)
    state = (rng.random((n, 4)) < 0.25) * rng.choice([1, 2], size=(n, 4))
    effect = -3.0 * (state[:, 0] == 1) - 2.0 * (state[:, 1] == 1) + 1.0 * (state[:, 2] == 2)
    score = np.clip(np.rint(7 + effect + rng.normal(0, 1.5, n)), 0, 10).astype(int)
    said = [tuple((t, int(s)) for t, s in zip(THEMES, row, strict=True) if s) for row in state]
    seen = Counter(("", int(y), p) for y, p in zip(score, said, strict=True))
    return Tally(patterns=Counter({k: scale * v for k, v in seen.items()}))


def analysed(tally, themes=THEMES, **choices):
    design = regression_design(tally, themes)
    return importance(design, refit(design, seed=1, replicates=200), **choices)


def test_the_planted_order_signs_and_columns():
    result = analysed(survey(1))
    table = result.table.set_index("driver")
    assert list(table.index[:3]) == ["price:negative", "speed:negative", "staff:positive"]
    assert table["coefficient"].iloc[:3].round().tolist() == [-3, -2, 1]
    assert (np.sign(table["ordinal"].iloc[:3]) == [-1, -1, 1]).all()
    assert table["disagreement"].iloc[:3].tolist() == ["", "", ""]
    assert (table["q"].iloc[:3] < 0.01).all()
    assert tuple(result.table.columns) == COLUMNS
    assert result.method == "shapley"


@given(st.integers(0, 500), st.sampled_from([0, 12]))
@settings(max_examples=10)
def test_importances_add_up_and_lie_in_their_limits(seed, exact):
    result = analysed(survey(seed, n=200), exact=exact)
    used = result.table[result.table["left_out"] == ""]
    assert used["importance"].sum() == pytest.approx(result.r2, abs=1e-9)
    assert result.themes["importance"].sum() == pytest.approx(result.r2, abs=1e-9)
    assert used["ordinal_importance"].sum() == pytest.approx(result.r2, abs=1e-9)
    assert (used["importance_ci_low"] <= used["importance"] + 1e-9).all()
    assert sorted(used["rank"]) == list(range(1, len(used) + 1))
    assert ((used["rank_low"] <= used["rank_high"]) & (used["vif"] >= 1)).all()


def test_the_coefficient_of_one_driver_is_its_gap():
    seen = {("", 3, (("price", 1),)): 30, ("", 6, (("price", 1),)): 10, ("", 9, ()): 40, ("", 7, ()): 40}
    row = analysed(Tally(patterns=Counter(seen)), themes=["price"]).table.iloc[0]
    assert row["gap"] == pytest.approx(3.75 - 8)
    assert row["coefficient"] == pytest.approx(row["gap"])
    assert row["vif"] == pytest.approx(1)


def test_turning_the_scale_turns_the_signs_and_keeps_the_importance():
    tally = survey(3)
    turned = Tally(patterns=Counter({(p, 10 - s, said): n for (p, s, said), n in tally.patterns.items()}))
    there, back = (analysed(t).table.set_index("driver") for t in (tally, turned))
    back = back.reindex(there.index)
    assert back["coefficient"].to_numpy() == pytest.approx(-there["coefficient"].to_numpy())
    assert back["ordinal"].to_numpy() == pytest.approx(-there["ordinal"].to_numpy(), abs=1e-5)
    assert back["importance"].to_numpy() == pytest.approx(there["importance"].to_numpy())


def test_four_times_the_writers_keep_the_estimates_and_narrow_the_limits():
    once, more = (analysed(survey(4, scale=s)).table for s in (1, 4))
    assert more["importance"].to_numpy() == pytest.approx(once["importance"].to_numpy())
    width = [(t["importance_ci_high"] - t["importance_ci_low"]).iloc[0] for t in (once, more)]
    assert width[1] == pytest.approx(width[0] / 2, rel=0.2)


def test_the_same_seed_gives_the_same_table():
    pd.testing.assert_frame_equal(analysed(survey(5)).table, analysed(survey(5)).table)


def test_relative_weights_above_the_exact_number():
    result = analysed(survey(6), exact=3)
    used = result.table[result.table["left_out"] == ""]
    assert result.method == "relative weights"
    assert (used["importance"] == used["relative_weight"]).all()


def test_a_suppressor_is_said_to_change_sign():
    # Staff is praised by those who complain of the price: alone it goes with low scores, beside the price not.
    both, dear, kind = (("price", 1), ("staff", 2)), (("price", 1),), (("staff", 2),)
    seen = {("", 3, both): 80, ("", 2, dear): 20, ("", 10, kind): 10, ("", 9, ()): 90}
    table = analysed(Tally(patterns=Counter(seen)), themes=["price", "staff"]).table.set_index("driver")
    assert table.loc["staff:positive", "gap"] < 0 < table.loc["staff:positive", "coefficient"]
    assert "sign" in table.loc["staff:positive", "disagreement"]


def test_blame_that_goes_with_a_higher_score_is_flagged():
    seen = {("", 10, (("price", 1),)): 30, ("", 4, ()): 60, ("", 3, (("speed", 1),)): 30, ("", 2, ()): 5}
    result = analysed(Tally(patterns=Counter(seen)), themes=["price", "speed"])
    marks = result.table.set_index("driver")["disagreement"]
    assert "polarity" in marks["price:negative"]
    assert "polarity" not in marks["speed:negative"]
    assert any("price:negative goes against its polarity" in text for text in result.remarks)


def test_twins_are_left_out_and_said():
    seen = {("", 3, (("price", 1), ("speed", 1))): 40, ("", 9, ()): 60, ("", 4, ()): 20}
    result = analysed(Tally(patterns=Counter(seen)), themes=["price", "speed"])
    table = result.table.set_index("driver")
    assert table.loc["speed:negative", "left_out"] == "collinear with price:negative"
    assert np.isnan(table.loc["speed:negative", "importance"])
    assert table.loc["price:negative", "importance"] == pytest.approx(result.r2)
    assert "speed:negative cannot be told apart from price:negative, which stands for both." in result.remarks


def test_complete_separation_is_said():
    seen = {("", 2, (("price", 1),)): 30, ("", 9, ()): 30, ("", 10, ()): 10}
    result = analysed(Tally(patterns=Counter(seen)), themes=["price"])
    assert result.table["ordinal"].iloc[0] < -5
    assert result.table["coefficient"].iloc[0] == pytest.approx(-7.25)
    assert "separates the scores" in result.remarks[0]


@pytest.mark.parametrize(
    "patterns",
    [{}, {("", 9, ()): 1}, {("", 9, (("price", 1),)): 1}, {("", 9, ()): 500}, {("", 4, (("price", 1),)): 90}],
    ids=["nobody", "one writer", "one complaint", "no mentions", "everybody says it"],
)
def test_without_usable_drivers_there_is_no_importance(patterns):
    result = analysed(Tally(patterns=Counter(patterns)))
    assert np.isnan(result.r2)
    assert np.isnan(result.r2_ci_low)
    assert len(result.table) == 2 * len(THEMES)
    assert (result.table["left_out"] != "").all()
    assert "No driver can be weighed" in result.remarks[0]


def test_one_score_for_all_explains_nothing():
    seen = {("", 9, (("price", 1),)): 30, ("", 9, ()): 30}
    result = analysed(Tally(patterns=Counter(seen)), themes=["price"])
    assert result.r2 == 0
    assert np.isnan(result.table["ordinal"].iloc[0])
    assert result.table["disagreement"].iloc[0] == ""
    assert result.remarks == ["All 60 writers gave the same score, so that there is nothing to explain."]


def test_overlapping_drivers_are_said():
    both, dear = (("price", 1), ("speed", 1)), (("price", 1),)
    seen = {("", 3, both): 90, ("", 4, dear): 3, ("", 5, (("speed", 1),)): 3, ("", 9, ()): 90, ("", 2, ()): 5}
    result = analysed(Tally(patterns=Counter(seen)), themes=["price", "speed"])
    assert any(r.startswith("price:negative overlaps") and "VIF" in r for r in result.remarks)
    assert result.table["n"].dtype == "int64"
