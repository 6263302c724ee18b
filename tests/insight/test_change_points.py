import numpy as np
import pandas as pd
import pytest

from nps_nlp.insight.change_points import best_split, change_points, largest_p
from nps_nlp.scoring import nps_test


def trend_of(counts):
    table = pd.DataFrame(np.asarray(counts), columns=["promoters", "passives", "detractors"])
    table.insert(0, "period", [f"{2020 + i // 12}-{i % 12 + 1:02d}" for i in range(len(table))])
    return table


def drawn(levels, n, seed):
    rng = np.random.default_rng(seed)
    shares = [(0.35 + level / 200, 0.3, 0.35 - level / 200) for level in levels]
    return [rng.multinomial(k, s) for k, s in zip(np.broadcast_to(n, len(levels)), shares, strict=True)]


@pytest.mark.parametrize(("fraction", "z"), [([0.5], 2.2), (np.arange(1, 12) / 12, 2.5), ([0.01, 0.2, 0.21, 0.9], 2.0)])
def test_the_null_distribution_against_drawn_responses(fraction, z):
    # The CUSUM of many standard normal responses, standardised at the given fractions.
    rng = np.random.default_rng(1)
    at = np.asarray(fraction)
    steps = rng.normal(size=(200_000, len(at) + 1)) * np.sqrt(np.diff([0, *at, 1]))
    walk = steps.cumsum(axis=1)
    bridge = (walk[:, :-1] - at * walk[:, -1:]) / np.sqrt(at * (1 - at))
    assert largest_p(z, at) == pytest.approx((np.abs(bridge).max(axis=1) > z).mean(), rel=0.03)


def test_the_null_distribution_lies_between_one_test_and_bonferroni():
    at = np.arange(1, 39) / 39
    for z in (2.0, 3.0, 5.0, 7.0, 9.0):
        one = largest_p(z, np.array([0.5]))
        assert one <= largest_p(z, at) <= min(1, 38 * one) * (1 + 1e-9)


def test_many_tiny_months_change_next_to_nothing():
    coarse = largest_p(2.5, np.array([0.25, 0.5, 0.75]))
    crowded = np.sort(np.concatenate([np.array([0.25, 0.5, 0.75]), 0.5 + np.arange(1, 20) * 1e-6]))
    assert largest_p(2.5, crowded) == pytest.approx(coarse, rel=0.01)


def test_two_planted_changes_are_dated():
    table = change_points(trend_of(drawn([0] * 10 + [30] * 8 + [-10] * 9, 300, seed=2)))
    assert table["since"].tolist() == ["2020-11", "2021-07"]
    assert (table["p"] < 1e-4).all()
    assert (np.sign(table["difference"]) == [1, -1]).all()


def test_levels_and_limits_are_those_of_the_stretches():
    counts = drawn([0] * 3 + [40] * 2, 400, seed=3)
    row = change_points(trend_of(counts)).iloc[0]
    before, after = np.sum(counts[:3], axis=0), np.sum(counts[3:], axis=0)
    test = nps_test(before, after)
    assert row["difference"] == pytest.approx(test.difference)
    assert (row["n_before"], row["n_after"]) == (1200, 800)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((test.ci_low, test.ci_high), abs=0.1)


def test_without_a_change_one_is_rarely_found():
    # 100 surveys: 5 % are expected; the scatter estimate makes the test a little cautious.
    sizes = np.random.default_rng(0).integers(30, 300, 24)
    found = [len(change_points(trend_of(drawn([10] * 24, sizes, seed)))) > 0 for seed in range(100)]
    assert sum(found) <= 10


def test_months_that_always_scatter_hide_small_changes():
    levels = [0, 20, -15, 25, -20, 15, -10, 20, -25, 10, 5, 30]
    table = change_points(trend_of(drawn(levels, 2000, seed=4)))
    assert table.empty
    assert not change_points(trend_of(drawn([0] * 6 + [10] * 6, 2000, seed=4))).empty


def test_against_binary_segmentation_of_ruptures():
    ruptures = pytest.importorskip("ruptures")
    counts = np.array(drawn([0] * 9 + [35] * 7 + [5] * 8, 400, seed=6))
    trend = trend_of(counts)
    found = change_points(trend)["since"].tolist()
    mean = (counts[:, 0] - counts[:, 2]) / 400
    cuts = ruptures.Binseg(model="l2", jump=1, min_size=1).fit(mean[:, None]).predict(n_bkps=len(found))[:-1]
    assert found == [trend["period"][c] for c in cuts]


@pytest.mark.parametrize(
    "counts",
    [np.zeros((0, 3)), [[1, 0, 0]], [[5, 5, 5], [5, 5, 5]], [[99, 0, 0]] * 4, [[0, 9, 0]] * 30, [[0, 0, 0]] * 3],
)
def test_too_little_or_one_category_only_has_no_change(counts):
    table = change_points(trend_of(np.asarray(counts, dtype=int)))
    assert table.empty
    assert "p" in table


def test_the_split_is_the_clearest_one():
    counts = np.array(drawn([0, 0, 0, 30, 30, 30], 200, seed=5), dtype=float)
    split = best_split(counts)
    z = [abs(nps_test(counts[:c].sum(axis=0), counts[c:].sum(axis=0)).z) for c in range(1, 6)]
    assert split.cut == 1 + int(np.argmax(z))
