from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.insight.alerts import theme_alerts
from nps_nlp.insight.two_by_two import upper_tail
from nps_nlp.tally import Tally

THEMES = [f"t{i}" for i in range(12)]


def months(shares, writers=200, seed=None):
    """Return a Tally in which a share of each month's writers complain of t0; drawn where there is a seed."""
    rng = np.random.default_rng(seed)
    seen = Counter()
    for month, share in enumerate(shares):
        hits = round(share * writers) if seed is None else int(rng.binomial(writers, share))
        seen[f"2026-{month + 1:02d}", 3, (("t0", 1),)] += hits
        seen[f"2026-{month + 1:02d}", 9, ()] += writers - hits
    return Tally(patterns=+seen)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_the_tail_is_that_of_fishers_test(a, b, c, d):
    p = stats.fisher_exact([[a, b], [c, d]], alternative="greater").pvalue
    assert upper_tail(a, a + b, a + c, a + b + c + d) == pytest.approx(p, rel=1e-8, abs=1e-12)


def test_a_rise_is_found_with_its_numbers():
    table = theme_alerts(months([0.05] * 5 + [0.2]), ["t0"])
    row = table[table["measure"] == "negative"].iloc[0]
    assert row[["hits_before", "base_before", "hits_latest", "base_latest"]].tolist() == [50, 1000, 40, 200]
    assert row["period"] == "2026-06"
    assert (row["before"], row["latest"], row["lift"]) == pytest.approx((0.05, 0.2, 4))
    assert row["alert"]


def test_a_fall_is_no_alert():
    assert not theme_alerts(months([0.2] * 5 + [0.05]), ["t0"])["alert"].any()


def test_more_complaints_among_as_many_mentions():
    seen = {("2026-01", 8, (("t0", 2),)): 150, ("2026-01", 3, (("t0", 1),)): 50}
    seen |= {("2026-02", 8, (("t0", 2),)): 40, ("2026-02", 3, (("t0", 1),)): 40}
    table = theme_alerts(Tally(patterns=Counter(seen)), ["t0"]).set_index("measure")
    assert table["alert"].to_dict() == {"negative": True, "negativity": True, "mentions": False}


def test_two_latest_months_count_together():
    table = theme_alerts(months([0.05] * 5 + [0.1, 0.2]), ["t0"], latest=2)
    assert table.loc[0, "base_latest"] == 400
    assert table.loc[0, "period"] == "2026-06"


def test_months_that_always_scatter_raise_no_alert():
    steady, restless = [0.10] * 8, [0.02, 0.2, 0.05, 0.18, 0.03, 0.17, 0.04, 0.11]
    for shares, expected in ((steady, True), (restless, False)):
        assert theme_alerts(months([*shares, 0.2]), ["t0"])["alert"].any() == expected
    assert theme_alerts(months([*restless, 0.2]), ["t0"]).loc[0, "scatter"] > 5


def test_false_alarms_are_rare():
    # 100 surveys without any change, three tests each: at most 5 % are expected to raise an alarm.
    alarms = [theme_alerts(months([0.06] * 6, seed=s), ["t0"])["alert"].any() for s in range(100)]
    assert sum(alarms) <= 8


@pytest.mark.parametrize("patterns", [{}, {("2026-01", 9, ()): 50}, {("", 9, (("t0", 1),)): 50}])
def test_without_an_earlier_month_there_is_nothing_to_compare(patterns):
    assert theme_alerts(Tally(patterns=Counter(patterns)), THEMES).empty


def test_tiny_months_are_not_tested():
    table = theme_alerts(months([0.5, 0.5], writers=10), ["t0"])
    assert table["p"].isna().all()
    assert not table["alert"].any()


def test_no_months_at_all_is_refused():
    with pytest.raises(ValueError, match="1 or more"):
        theme_alerts(Tally(), THEMES, latest=0)


def weighted(rows):
    """Return a Tally of (month, complains, weight, respondents)."""
    tally = Tally()
    for month, complains, weight, times in rows:
        unit = round(weight * 2**40)
        keys = [("", "", month, 3)] * times
        masses = [1] * times, ([unit] * times, [unit**2] * times)
        for name in ("responses", "writers"):
            tally.count(name, keys, *masses)
        tally.count("patterns", [(month, 3, (("t0", 1),) if complains else ())] * times, *masses)
    return tally


def test_a_rise_among_those_who_weigh_little_is_no_alert():
    rows = [
        ("2026-01", True, 1, 10),
        ("2026-01", False, 1, 190),
        ("2026-02", True, 0.05, 40),
        ("2026-02", False, 1, 160),
    ]
    row = theme_alerts(weighted(rows), ["t0"]).set_index("measure").loc["negative"]
    assert (row["hits_before"], row["hits_latest"], row["base_latest"]) == (10, 40, 200)
    assert (row["before"], row["latest"]) == pytest.approx((0.05, 2 / 162))
    assert not row["alert"]
    alone = theme_alerts(weighted([(*r[:2], 1, r[3]) for r in rows]), ["t0"]).set_index("measure").loc["negative"]
    assert alone["alert"]
    assert "effective_latest" not in alone


def test_weighted_alerts_reckon_with_the_effective_number():
    rows = [
        ("2026-01", True, 2, 30),
        ("2026-01", False, 0.5, 300),
        ("2026-02", True, 2, 30),
        ("2026-02", False, 0.5, 100),
    ]
    row = theme_alerts(weighted(rows), ["t0"]).set_index("measure").loc["negative"]
    # By hand: shares 60/210 and 60/110, on (Σw)²/Σw² = 210²/195 and 110²/145 respondents.
    assert (row["before"], row["latest"]) == pytest.approx((60 / 210, 60 / 110))
    n, m = 210**2 / 195, 110**2 / 145
    assert (row["effective_before"], row["effective_latest"]) == pytest.approx((n, m))
    hits = n * 60 / 210, m * 60 / 110
    p = stats.hypergeom.sf(round(hits[1]) - 1, round(n + m), round(sum(hits)), round(m))
    assert row["p"] == pytest.approx(p)
    assert row["alert"]


def test_weighted_negativity_has_the_mentioners_as_its_base():
    rows = [("2026-01", True, 1, 40), ("2026-02", True, 3, 25), ("2026-02", False, 1, 25), ("2026-01", False, 2, 40)]
    row = theme_alerts(weighted(rows), ["t0"]).set_index("measure").loc["negativity"]
    assert (row["before"], row["latest"]) == (1, 1)
    assert (row["effective_before"], row["effective_latest"]) == pytest.approx((40, 25))
