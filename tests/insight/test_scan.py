from collections import Counter

import numpy as np
import pytest

from nps_nlp.insight.impact import leave_out
from nps_nlp.insight.scan import _compare, scan_segments
from nps_nlp.tally import Tally, category

THEMES = ["price", "speed", "staff"]


def survey(seed, n=2000, groups=4, planted=None):
    """Draw people with a shop and three themes; in the planted shop complaints of speed are frequent and heavy."""
    rng = np.random.default_rng(seed)
    shop = rng.integers(0, groups, n)
    state = (rng.random((n, 3)) < 0.2) * rng.choice([1, 2], size=(n, 3))
    if planted is not None:
        state[(shop == planted) & (rng.random(n) < 0.4), 1] = 1
    score = np.clip(np.rint(7.5 - 2 * (state == 1).sum(axis=1) + rng.normal(0, 2, n)), 0, 10).astype(int)
    writers = Counter(("shop", f"S{g}", "", int(s)) for g, s in zip(shop, score, strict=True))
    who, theme = np.nonzero(state)
    mentions = Counter(
        ("shop", f"S{shop[i]}", THEMES[t], int(state[i, t]), int(score[i])) for i, t in zip(who, theme, strict=True)
    )
    return Tally(responses=writers, writers=writers, mentions=mentions)


def categories(counter, value, here, theme=None):
    """Count categories inside (or outside) of a shop: of all writers, or of those who complain of a theme."""
    counts = Counter()
    for key, n in counter.items():
        if (key[1] == value) == here and (theme is None or (key[2] == theme and key[3] & 1)):
            counts[category(key[-1])] += n
    return np.array([counts[1], counts[0], counts[-1]], dtype=float)


def test_the_planted_group_comes_first():
    result = scan_segments(survey(1, planted=2), THEMES)
    first = result.table.iloc[0]
    assert (first["value"], first["theme"], first["polarity"], first["rank"]) == ("S2", "speed", "negative", 1)
    assert first["q"] < 0.001
    assert first["impact"] < first["rest_impact"] < 0


def test_impacts_are_leave_out_impacts_of_group_and_rest():
    tally = survey(2)
    row = scan_segments(tally, THEMES).table.set_index(["value", "theme", "polarity"]).loc["S1", "price", "negative"]
    for column, here in (("impact", True), ("rest_impact", False)):
        base = categories(tally.writers, "S1", here)
        said = categories(tally.mentions, "S1", here, "price")
        assert row[column] == pytest.approx(float(leave_out(said, base)))
    assert row["difference"] == pytest.approx(row["impact"] - row["rest_impact"])
    assert row["ci_low"] < row["difference"] < row["ci_high"]


def test_the_error_agrees_with_the_bootstrap():
    tally = survey(3, n=4000)
    row = scan_segments(tally, THEMES).table.set_index(["value", "theme", "polarity"]).loc["S0", "price", "negative"]
    rng = np.random.default_rng(1)
    drawn = []
    for here in (True, False):
        base = categories(tally.writers, "S0", here)
        said = categories(tally.mentions, "S0", here, "price")
        some, rest = rng.poisson(said, size=(4000, 3)), rng.poisson(base - said, size=(4000, 3))
        drawn.append(leave_out(some.astype(float), (some + rest).astype(float)))
    spread = np.std(drawn[0] - drawn[1])
    assert (row["ci_high"] - row["ci_low"]) / (2 * 1.96) == pytest.approx(spread, rel=0.06)


def test_false_discoveries_are_rare():
    found = [(scan_segments(survey(seed, n=800), THEMES).table["q"] < 0.05).any() for seed in range(60)]
    assert sum(found) <= 6


def test_small_groups_are_hidden_and_thousands_of_values_joined():
    rng = np.random.default_rng(4)
    writers = Counter(
        ("shop", f"{v}", "", int(s))
        for v, s in zip(rng.integers(0, 5000, 9000), rng.integers(0, 11, 9000), strict=True)
    )
    writers += Counter({("shop", "big", "", s): 20 for s in range(11)})
    mentions = Counter({("shop", "big", "price", 1, 3): 20, ("shop", "0", "price", 1, 9): 1})
    result = scan_segments(Tally(responses=writers, writers=writers, mentions=mentions), THEMES)
    group = result.groups.iloc[0]
    values = len({k[1] for k in writers})
    assert (group["values"], group["kept"], group["joined"]) == (values, 1, values - 1)
    assert (group["tested"], group["hidden"]) == (1, 0)
    assert set(result.table["value"]) == {"big"}


def test_a_theme_that_everybody_of_a_group_mentions_is_not_compared():
    writers = Counter({("shop", v, "", s): 40 for v in "AB" for s in (2, 9)})
    mentions = Counter({("shop", "A", "price", 1, s): 40 for s in (2, 9)} | {("shop", "B", "price", 1, 2): 10})
    table = scan_segments(Tally(responses=writers, writers=writers, mentions=mentions), THEMES).table
    assert table.empty


@pytest.mark.parametrize("writers", [{}, {("shop", "A", "", 9): 1}, {("", "", "", 9): 100}])
def test_nobody_one_person_and_no_segments(writers):
    counts = Counter(writers)
    result = scan_segments(Tally(responses=counts, writers=counts), THEMES)
    assert result.table.empty
    assert "rank" in result.table


@pytest.mark.parametrize(("n", "share"), [(30, 0.4), (200, 0.05)])
def test_a_dozen_mentioners_raise_few_false_alarms(n, share):
    # Group and rest have the same share of the same complainers; the normal p of 0.01 comes up 2.5 times as often.
    rng = np.random.default_rng(8)
    p = []
    for _ in range(1500):
        sides = []
        for size in (n, 3000):
            k = rng.binomial(size, share)
            said, other = rng.multinomial(k, [0.05, 0.25, 0.7]), rng.multinomial(size - k, [0.45, 0.35, 0.2])
            # Respondents, weights and squared weights are the same numbers where there are no weights.
            everybody = np.broadcast_to((said + other).astype(float), (3, 3))
            sides.append((everybody, np.array([[[said, np.zeros(3)]]] * 3, dtype=float)))
        p.append(_compare(*sides, 0.95)["p"].iloc[0])
    assert np.mean(np.array(p) <= 0.01) <= 0.02
    assert np.mean(np.array(p) <= 0.001) <= 0.004
