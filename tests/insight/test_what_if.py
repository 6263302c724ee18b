from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight.cells import cells
from nps_nlp.insight.design import regression_design
from nps_nlp.insight.impact import impact_table
from nps_nlp.insight.what_if import what_if
from nps_nlp.tally import Tally

THEMES = ["price", "speed"]
DEAR, SLOW = ("price", 1), ("speed", 1)


def run(seen, themes=THEMES, **choices):
    design = regression_design(Tally(patterns=Counter(seen)), themes)
    return what_if(design, **choices).set_index("theme")


SEEN = {
    ("", 2, (DEAR,)): 30, ("", 9, (DEAR,)): 20, ("", 3, (DEAR, SLOW)): 25, ("", 8, (SLOW,)): 15, ("", 9, ()): 60,
    ("", 5, ()): 30,
}  # fmt: skip


def test_association_is_least_squares_on_the_single_writers():
    points, dear, slow = [], [], []
    for (_, score, said), n in SEEN.items():
        points += [100 if score > 8 else -100 if score < 7 else 0] * n
        dear += [DEAR in said] * n
        slow += [SLOW in said] * n
    x = np.column_stack([np.ones(len(points)), dear, slow])
    beta, *_ = np.linalg.lstsq(x, np.array(points, dtype=float), rcond=None)
    table = run(SEEN, fewer=0.3)
    assert table.loc["price", "associated_change"] == pytest.approx(-0.3 * np.mean(dear) * beta[1])
    assert table.loc["speed", "associated_change"] == pytest.approx(-0.3 * np.mean(slow) * beta[2])
    assert table.loc["price", "nps"] == pytest.approx(np.mean(points))
    assert table.loc["price", "associated_nps"] == pytest.approx(np.mean(points) - 0.3 * np.mean(dear) * beta[1])


def test_the_bound_is_the_leave_out_impact():
    table = run(SEEN, fewer=1.0)
    measured = impact_table(cells(Tally(patterns=Counter(SEEN)), THEMES), seed=1, replicates=5)
    measured = measured.set_index(["theme", "polarity"])
    for theme in THEMES:
        assert table.loc[theme, "bound_change"] == pytest.approx(-measured.loc[(theme, "negative"), "impact"])
        share = table.loc[theme, "bound_change_ci_low"], table.loc[theme, "bound_change_ci_high"]
        assert share[0] <= table.loc[theme, "bound_change"] <= share[1]


def test_alone_in_the_regression_association_and_bound_agree():
    table = run(SEEN, themes=["price"])
    assert table.loc["price", "associated_change"] == pytest.approx(table.loc["price", "bound_change"])


@given(st.floats(0.01, 1.0))
def test_the_change_grows_with_the_share(fewer):
    full, part = run(SEEN, fewer=1.0), run(SEEN, fewer=fewer)
    for column in ("associated_change", "bound_change", "associated_change_ci_low"):
        assert part[column].to_numpy() == pytest.approx(fewer * full[column].to_numpy())


def test_the_interval_agrees_with_the_bootstrap():
    rng = np.random.default_rng(1)
    drawn = []
    for _ in range(400):
        again = run({key: int(rng.poisson(20 * n)) for key, n in SEEN.items()}, fewer=1.0)
        drawn.append(again.loc[THEMES, ["associated_change", "bound_change"]].to_numpy())
    table = run({key: 20 * n for key, n in SEEN.items()}, fewer=1.0).loc[THEMES]
    for place, name in enumerate(("associated", "bound")):
        width = table[f"{name}_change_ci_high"] - table[f"{name}_change_ci_low"]
        assert width.to_numpy() / 3.92 == pytest.approx(np.std(drawn, axis=0)[:, place], rel=0.12)


def test_the_interval_agrees_with_the_normal_one():
    # One driver: the change is share × (NPS of others − NPS of mentioners), with its delta-method error.
    seen = {("", 2, (DEAR,)): 300, ("", 9, (DEAR,)): 200, ("", 9, ()): 900, ("", 4, ()): 600}
    table = run(seen, themes=["price"], fewer=1.0)
    share, gap = 0.25, -20 - 20
    variance = share**2 * (9600 / 500 + 9600 / 1500) + gap**2 * share * (1 - share) / 2000
    width = table["associated_change_ci_high"] - table["associated_change_ci_low"]
    assert width.iloc[0] == pytest.approx(2 * 1.96 * np.sqrt(variance), rel=0.01)


@pytest.mark.parametrize("fewer", [0, -0.1, 1.01])
def test_a_share_outside_of_0_to_1_is_refused(fewer):
    with pytest.raises(ValueError, match="at most 1"):
        run(SEEN, fewer=fewer)


@pytest.mark.parametrize("seen", [{}, {("", 3, (DEAR,)): 1}, {("", 3, (DEAR,)): 50}])
def test_without_enough_mentions_there_are_no_rows(seen):
    assert run(seen).empty
