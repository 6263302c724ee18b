import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import ENPS, Scale, nps_test_paired, panel_moves, wilson_interval

waves = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 10)), min_size=1, max_size=40)


def wave(rows):
    return pd.DataFrame(rows, columns=["respondent", "score"])


def expand(table):
    """One respondent a count of the 3 x 3 table."""
    points = [10, 7, 2]
    pairs = [(points[i], points[j]) for i, row in enumerate(table) for j, count in enumerate(row) for _ in range(count)]
    return [wave([(f"r{k}", pair[side]) for k, pair in enumerate(pairs)]) for side in (0, 1)]


def test_matrix_and_test_by_hand():
    table = [[60, 8, 2], [20, 50, 10], [5, 15, 30]]
    moves = panel_moves(*expand(table))
    assert moves.counts().tolist() == table
    assert moves.test == nps_test_paired(table)
    assert (moves.n, moves.up, moves.down, moves.stayed) == (200, 40, 20, 140)
    row = moves.matrix.query("before == 'passive' and after == 'promoter'").iloc[0]
    assert (row["n"], row["share"], row["share_of_before"]) == (20, 0.1, 0.25)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(tuple(map(float, wilson_interval(20, 200))))
    assert (row["before_ci_low"], row["before_ci_high"]) == pytest.approx(tuple(map(float, wilson_interval(20, 80))))


def test_who_moved_is_listed_in_the_order_of_the_first_wave():
    moved = panel_moves(wave([("b", 3), ("a", 9), ("c", 10)]), wave([("c", 8), ("a", 10), ("b", 9)])).moved
    assert moved.to_dict("records") == [
        {
            "respondent": "b",
            "before": "detractor",
            "after": "promoter",
            "move": "up",
            "steps": 2,
            "score_before": 3,
            "score_after": 9,
        },
        {
            "respondent": "c",
            "before": "promoter",
            "after": "passive",
            "move": "down",
            "steps": -1,
            "score_before": 10,
            "score_after": 8,
        },
    ]


def test_the_last_answer_wins_and_the_others_are_reported():
    moves = panel_moves(wave([("a", 0), ("b", 9), ("a", 8), ("a", 10)]), wave([("a", 10), ("b", 9), ("b", 1)]))
    assert moves.moved[["respondent", "before", "after"]].to_numpy().tolist() == [["b", "promoter", "detractor"]]
    assert (moves.repeated_before, moves.repeated_after) == (2, 1)
    assert moves.duplicates.to_numpy().tolist() == [["before", "a", 3], ["after", "b", 2]]


def test_ids_join_whatever_their_type_and_blank_ones_are_counted():
    before = pd.DataFrame({"respondent": [1.0, 2.0, np.nan], "score": [9, 9, 9]})
    after = pd.DataFrame({"respondent": ["１", " 2 ", "", None], "score": [9, 0, 1, 2]})
    moves = panel_moves(before, after)
    assert (moves.n, moves.without_id_before, moves.without_id_after) == (2, 1, 2)
    assert (moves.only_before, moves.only_after) == (0, 0)


@given(waves, waves)
def test_every_respondent_is_counted_once_and_exchange_mirrors(first, second):
    a, b = wave(first), wave(second)
    ids = [set(table["respondent"]) for table in (a, b)]
    if not ids[0] & ids[1]:
        with pytest.raises(ValueError, match="no respondent answered both times"):
            panel_moves(a, b)
        return
    there, back = panel_moves(a, b), panel_moves(b, a)
    assert there.n == len(ids[0] & ids[1]) == there.matrix["n"].sum()
    assert (there.only_before, there.only_after) == (len(ids[0] - ids[1]), len(ids[1] - ids[0]))
    assert there.repeated_before == len(a) - len(ids[0])
    assert there.up + there.down + there.stayed == there.n
    assert len(there.moved) == there.up + there.down
    assert there.matrix["share"].sum() == pytest.approx(1)
    assert (back.counts() == there.counts().T).all()
    assert back.test.difference == pytest.approx(-there.test.difference, abs=1e-9)
    assert there.test.difference == pytest.approx(100 * there.moved["steps"].sum() / there.n, abs=1e-9)


def test_nobody_starting_in_a_category_has_no_transition_rate():
    matrix = panel_moves(wave([("a", 9)]), wave([("a", 9)])).matrix
    assert matrix["share_of_before"].isna().sum() == 6
    assert matrix["before_ci_low"].isna().sum() == 6


def test_other_columns_and_scale():
    stars = Scale("stars", low=1, high=5, detractor_max=3, promoter_min=5)
    before = pd.DataFrame({"member": ["a"], "stars": [3]})
    moves = panel_moves(before, before.assign(stars=5), respondent="member", score="stars", scale=stars)
    assert moves.moved["steps"].tolist() == [2]
    assert ENPS.name == "eNPS"


@pytest.mark.parametrize(
    ("after", "message"),
    [
        (pd.DataFrame({"id": ["a"], "score": [9]}), "wave 'after' has no column 'respondent'"),
        (wave([("a", np.nan)]), "wave 'after': missing score at position 0"),
        (wave([("a", 11)]), "wave 'after': score that is no whole number from 0 to 10"),
        (wave([("a", "nine")]), "wave 'after'"),
        (wave([("z", 9)]), r"answered both times \(1 only before, 1 only after\)"),
    ],
)
def test_waves_that_cannot_be_used_are_named(after, message):
    with pytest.raises(ValueError, match=message):
        panel_moves(wave([("a", 9)]), after)
