import numpy as np
import pandas as pd

from nps_nlp.insight.changes import NO_CHANGE, score_change, share_change


def months(hits, base=100):
    periods = [f"2026-{m:02}" for m in range(1, len(hits) + 1)]
    return pd.DataFrame({"period": periods, "negative": hits, "writers": base})


def test_a_rise_is_dated_to_its_month():
    change = share_change(months([3, 2, 4, 3, 20, 24, 22]), "negative")
    assert change.since == "2026-05"
    assert change.before == 0.03
    assert change.after == 0.22
    assert change.p < 1e-6


def test_a_fall_is_no_rise():
    assert share_change(months([20, 24, 22, 3, 2]), "negative") == NO_CHANGE


def test_too_few_writers_tell_nothing():
    assert share_change(months([0, 3], base=5), "negative") == NO_CHANGE


def test_p_is_corrected_for_looking_at_every_month():
    rng = np.random.default_rng(0)
    found = sum(share_change(months(list(rng.binomial(100, 0.1, 12))), "negative").p < 0.05 for _ in range(300))
    assert found <= 300 * 0.05


def test_score_change_finds_the_month_and_both_levels():
    trend = pd.DataFrame(
        {
            "period": ["2026-01", "2026-02", "2026-03"],
            "promoters": [50, 50, 10],
            "passives": [40, 40, 40],
            "detractors": [10, 10, 50],
        }
    )
    change = score_change(trend)
    assert (change.since, change.before, change.after) == ("2026-03", 40.0, -40.0)


def test_one_month_has_no_change():
    assert (
        score_change(pd.DataFrame({"period": ["2026-01"], "promoters": [9], "passives": [1], "detractors": [1]}))
        == NO_CHANGE
    )
