from collections import Counter

import numpy as np
import pytest

from nps_nlp.insight.cells import cells
from nps_nlp.insight.design import refit, regression_design
from nps_nlp.insight.importance import importance
from nps_nlp.insight.priority import QUADRANTS, priority_map
from nps_nlp.scoring import wilson_interval
from nps_nlp.tally import Tally

THEMES = ["price", "staff", "place", "food", "rare"]


def mapped(seen, **choices):
    tally = Tally(patterns=Counter(seen))
    design = regression_design(tally, THEMES)
    result = importance(design, refit(design, seed=1, replicates=200))
    return priority_map(cells(tally, THEMES), result, **choices), result


# Price and staff move the score, place and food do not; price and place are blamed, staff and food praised.
SEEN = {
    ("", 1, (("price", 1),)): 200, ("", 7, (("price", 2),)): 20, ("", 10, (("staff", 2),)): 200,
    ("", 7, (("staff", 1),)): 20, ("", 6, (("place", 1),)): 100, ("", 6, (("place", 2),)): 10,
    ("", 6, (("food", 2),)): 100, ("", 6, (("food", 1),)): 10, ("", 6, ()): 100, ("", 6, (("rare", 1),)): 3,
}  # fmt: skip


def test_the_four_quadrants():
    result, _ = mapped(SEEN)
    table = result.table.set_index("theme")
    assert table["quadrant"].to_dict() == {"price": "improve", "staff": "keep", "place": "later", "food": "maintain"}
    assert table.loc["price", "quadrant_ja"] == "重点改善"
    assert table.loc["price", "sure"]
    assert table["importance"].is_monotonic_decreasing
    assert "rare" not in table.index


def test_borders_shares_and_limits():
    result, weighed = mapped(SEEN)
    assert result.importance_border == pytest.approx(weighed.themes["importance"].mean())
    assert result.negative_border == pytest.approx((200 + 20 + 100 + 10) / 660)
    row = result.table.set_index("theme").loc["place"]
    assert row["share_negative"] == pytest.approx(100 / 110)
    low, high = wilson_interval(100, 110)
    assert (row["share_negative_ci_low"], row["share_negative_ci_high"]) == pytest.approx((float(low), float(high)))


def test_a_theme_at_the_border_is_not_sure():
    seen = {("", 1, (("price", 1),)): 12, ("", 8, (("price", 2),)): 10, ("", 7, (("staff", 1),)): 11}
    seen |= {("", 9, (("staff", 2),)): 10, ("", 6, ()): 20}
    result, _ = mapped(seen)
    assert not result.table["sure"].all()


def test_without_themes_the_map_is_empty():
    result, _ = mapped({("", 9, ()): 1})
    assert result.table.empty
    assert np.isnan(result.importance_border)


def test_quadrants_have_names_in_both_languages():
    assert len(set(QUADRANTS.values())) == 4
    assert all(all(names) for names in QUADRANTS.values())
