from collections import Counter

import pytest
from scipy import stats

from nps_nlp.insight.cells import cells
from nps_nlp.insight.overlap import overlap_table
from nps_nlp.tally import Tally


def table_of(both, only_a, only_b, neither, **choices):
    a, b = ("price", 1), ("speed", 2)
    seen = {(a, b): both, (a,): only_a, (b,): only_b, (): neither}
    tally = Tally(patterns=Counter({("", 5, said): n for said, n in seen.items() if n}))
    return overlap_table(cells(tally, ["price", "speed"]), **choices)


def test_against_the_chi_squared_of_scipy():
    row = table_of(30, 10, 20, 140).iloc[0]
    chi2, p, _, expected = stats.chi2_contingency([[30, 10], [20, 140]], correction=False)
    assert row["phi"] == pytest.approx((chi2 / 200) ** 0.5)
    assert row["p"] == pytest.approx(p / 2)
    assert row["expected"] == pytest.approx(expected[0, 0])
    assert row["lift"] == pytest.approx(30 / expected[0, 0])
    assert row["overlapping"]


def test_themes_that_avoid_each_other_do_not_overlap():
    row = table_of(1, 40, 40, 20).iloc[0]
    assert row["phi"] < 0
    assert row["p"] > 0.5
    assert not row["overlapping"]


@pytest.mark.parametrize("numbers", [(0, 0, 0, 0), (0, 0, 0, 50), (5, 2, 3, 90), (50, 0, 0, 0)])
def test_few_or_constant_mentions_give_no_pair(numbers):
    assert table_of(*numbers).empty
