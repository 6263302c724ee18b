from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight import cells
from nps_nlp.tally import NEGATIVE, NEUTRAL, POSITIVE, Tally, category

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


PATTERNS = st.dictionaries(st.sampled_from(["food", "price", "staff", "other"]), st.integers(1, 7), max_size=4)


@given(st.lists(st.tuples(st.integers(0, 10), PATTERNS), min_size=1, max_size=40))
def test_cells_are_in_the_order_of_what_is_said(answers):
    """The bootstrap draws cell by cell: another order would be other intervals."""
    themes = ("price", "food", "staff")
    tally = Tally(patterns=Counter(("", score, tuple(sorted(said.items()))) for score, said in answers))
    expected = Counter(
        (category(score), tuple((k, said[theme]) for k, theme in enumerate(themes) if theme in said))
        for score, said in answers
    )
    data = cells(tally, themes)
    for part, bits in ((data.mentioned, 7), (data.negative, NEGATIVE), (data.positive, POSITIVE)):
        marked = [{k for k, state in said if state & bits} for _, said in sorted(expected)]
        assert [set(np.flatnonzero(row)) for row in part.toarray()] == marked
    assert list(zip(data.category.tolist(), data.count.tolist(), strict=True)) == [
        (side, expected[side, said]) for side, said in sorted(expected)
    ]
