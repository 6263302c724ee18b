from collections import Counter

import numpy as np
import pytest

from nps_nlp.insight import cells
from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE, Tally

TALLY = Tally(
    patterns=Counter(
        {
            ("2026-01", 10, (("food", POSITIVE),)): 4,
            ("2026-02", 9, (("food", POSITIVE),)): 2,
            ("2026-01", 3, (("food", NEGATIVE | POSITIVE), ("price", NEUTRAL))): 5,
            ("2026-01", 7, ()): 1,
        }
    )
)


def test_writers_of_one_category_and_pattern_share_a_cell_whatever_their_month():
    data = cells(TALLY, ("food", "price"))
    assert sorted(zip(data.category.tolist(), data.count.tolist(), strict=True)) == [(-1, 5), (0, 1), (1, 6)]
    assert data.totals().tolist() == [6, 1, 5]
    assert data.by_category(data.mentioned).tolist() == [[6, 0, 5], [0, 0, 5]]
    assert data.by_category(data.negative).tolist() == [[0, 0, 5], [0, 0, 0]]
    assert data.by_category(data.neutral).tolist() == [[0, 0, 0], [0, 0, 5]]


def test_themes_that_are_not_asked_for_leave_their_writers_in_the_base():
    data = cells(TALLY, ("price",))
    assert data.count.sum() == 12
    assert data.by_category(data.mentioned).tolist() == [[0, 0, 5]]


def test_replicates_have_the_mean_and_variance_of_poisson_counts():
    data = cells(TALLY, ("food", "price"))
    drawn = np.concatenate(list(data.replicates(seed=1, number=4000)))
    assert drawn.shape == (4000, 3)
    assert drawn.mean(axis=0) == pytest.approx(data.count, rel=0.05)
    assert drawn.var(axis=0) == pytest.approx(data.count, rel=0.1)
    assert (drawn == np.concatenate(list(data.replicates(seed=1, number=4000)))).all()
