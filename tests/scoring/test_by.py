import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import nps_by, nps_of_scores
from nps_nlp.scoring.by import nps_of_counts


@given(st.lists(st.tuples(st.integers(0, 10), st.sampled_from("abc")), min_size=1, max_size=60))
def test_each_group_has_the_score_of_its_own_answers(rows):
    table = nps_by([s for s, _ in rows], [g for _, g in rows]).set_index("group")
    assert set(table.index) == {g for _, g in rows}
    for group, row in table.iterrows():
        alone = nps_of_scores([s for s, g in rows if g == group])
        assert row["nps"] == pytest.approx(alone.score)
        assert row["se"] == pytest.approx(alone.se)
        assert (row["ci_low"], row["ci_high"]) == pytest.approx((alone.ci_low, alone.ci_high))


def test_groups_and_scores_must_be_as_many():
    with pytest.raises(ValueError, match="zip"):
        nps_by([1, 2], ["a"])


def test_no_counts_make_an_empty_table():
    assert nps_of_counts({}).empty
