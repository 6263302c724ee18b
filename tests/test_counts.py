from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.counts import PairCounts, PatternCounts, digits, same_rows, whole

THEMES = [f"theme {k}" for k in range(40)]
SAID = st.dictionaries(st.sampled_from(THEMES), st.integers(1, 7), max_size=5).map(lambda s: tuple(sorted(s.items())))
PATTERNS = st.tuples(st.sampled_from(["", "2026-01", "2026-02"]), st.integers(0, 10), SAID)
PAIRS = st.tuples(st.sampled_from(["a", "b", ""]), st.sampled_from(["x", "y"]), st.integers(0, 3))
WEIGHTS = st.integers(0, 2**75)


def counted(empty, rows, size):
    """Count rows of (key, weight), some at a time."""
    for start in range(0, len(rows), size):
        keys, weights = zip(*rows[start : start + size], strict=True)
        empty.add(keys, [digits([1] * len(keys)), digits(weights), digits([w * w for w in weights])])
    return empty


@pytest.mark.parametrize(("make", "keys"), [(PatternCounts, PATTERNS), (lambda: PairCounts(2), PAIRS)])
def test_sums_are_exact_in_any_order_and_however_they_are_added(make, keys):
    @given(st.lists(st.tuples(keys, WEIGHTS), max_size=60), st.integers(1, 60), st.randoms())
    def check(rows, size, random):
        expected = defaultdict(lambda: (0, 0, 0))
        for key, w in rows:
            n, weights, squares = expected[key]
            expected[key] = n + 1, weights + w, squares + w * w
        first = counted(make(), rows, size)
        assert dict(first.masses()) == expected
        assert first == Counter(key for key, _ in rows)
        assert first.total() == len(rows)
        shuffled = random.sample(rows, len(rows))
        second, third = counted(make(), shuffled[:20], 7), counted(make(), shuffled[20:], 60)
        second.absorb(third)
        assert second == first
        if rows:
            assert first != counted(make(), [*rows, rows[0]], size)

    check()


@given(st.lists(PATTERNS, max_size=40))
def test_states_are_those_of_the_themes_asked_for(keys):
    counts = PatternCounts(Counter(keys))
    asked = [*THEMES[::-3], "nobody names this one"]
    for (_, _, said), row in zip(counts, counts.states(asked).tolist(), strict=True):
        assert row == [dict(said).get(theme, 0) for theme in asked]


@given(st.lists(st.tuples(PAIRS, WEIGHTS), min_size=1, max_size=40))
def test_keys_are_added_up_by_place_or_left_out(rows):
    counts = counted(PairCounts(2), rows, 9)
    places = np.array([key[2] - 1 for key in counts])
    n, weights, squares = counts.added(places, 3)
    for place in range(3):
        mine = [w for key, w in rows if key[2] - 1 == place]
        assert (n[place], weights[place], squares[place]) == (len(mine), sum(mine), sum(w * w for w in mine))
    kept = counts.where(lambda kind: kind[0] > 1)
    assert kept == Counter(key for key, _ in rows if key[2] > 1)
    assert {key: counts[key] for key in kept} == dict(kept.items())
    with pytest.raises(KeyError):
        kept["a", "x", 0]


@given(st.lists(WEIGHTS, max_size=9))
def test_digits_are_of_whole_numbers_of_any_size(numbers):
    assert whole(digits(numbers)) == numbers


@given(st.lists(st.lists(st.integers(0, 255), min_size=11, max_size=11), max_size=30))
def test_different_rows_come_in_the_order_of_lists(rows):
    table = np.array(rows, dtype=np.uint8).reshape(-1, 11)
    first, place = same_rows(table)
    assert [tuple(row) for row in table[first].tolist()] == sorted(set(map(tuple, rows)))
    assert table[first][place].tolist() == rows
