"""Survey weights through every table: weights of 1 change nothing, whole weights are repeated respondents."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.insight import (
    cells,
    composition_difference,
    crosstab,
    disagreement_table,
    impact_table,
    importance,
    overlap_table,
    priority_map,
    refit,
    regression_design,
    scan_segments,
    segment_table,
    segment_themes,
    select_periods,
    theme_alerts,
    theme_difference,
    theme_table,
    theme_trend,
    trend_table,
    what_if,
)
from nps_nlp.tally import ALL, Tally

THEMES = ("price", "speed", "staff")
PEOPLE = st.lists(
    st.tuples(
        st.integers(0, 10),
        st.sampled_from(["a", "b"]),
        st.sampled_from(["2026-01", "2026-02"]),
        st.dictionaries(st.sampled_from(THEMES), st.sampled_from([1, 2, 3, 4]), max_size=3),
        st.integers(1, 4),
    ),
    min_size=3,
    max_size=60,
)


class Forced(Tally):
    """A Tally that counts as weighted although its weights are all the same."""

    weighted = True


def count(people, *, weighted=True, repeated=False, into=Tally) -> Tally:
    result = into()
    for score, group, period, said, weight in people:
        states = tuple(sorted(said.items()))
        times = weight if repeated else 1
        units = weight * 2**40 if weighted else 0
        masses = [1] * times, ([units] * times, [units**2] * times) if weighted else ()
        for segment, value in ((ALL, ALL), ("group", group)):
            for name in ("responses", "writers"):
                result.count(name, [(segment, value, period, score)] * times, *masses)
            for theme, state in states:
                result.count("mentions", [(segment, value, theme, state, score)] * times, *masses)
        result.count("patterns", [(period, score, states)] * times, *masses)
        result.count("moods", [(score, 1)] * times, *masses)
    return result


def tables(tally: Tally) -> dict[str, pd.DataFrame]:
    data, taxonomy = cells(tally, THEMES), load_taxonomy("base")
    design = regression_design(tally, THEMES, min_n=2)
    first, second = (select_periods(tally, m, m) for m in ("2026-01", "2026-02"))
    found = {
        "themes": theme_table(data, taxonomy, impact_table(data, seed=1)),
        "crosstab": crosstab(data),
        "segments": segment_table(tally, 0.95),
        "trend": trend_table(tally, 0.95),
        "segment_themes": segment_themes(tally, THEMES),
        "theme_trend": theme_trend(tally, THEMES),
        "alerts": theme_alerts(tally, THEMES),
        "moods": disagreement_table(tally),
        "overlap": overlap_table(data, min_n=1),
        "what_if": what_if(design),
        "scan": scan_segments(tally, THEMES, min_n=2, min_mentions=1).table,
        "difference": theme_difference(cells(first, THEMES), cells(second, THEMES), seed=1).table,
    }
    if design.drivers:
        result = importance(design, refit(design, seed=1))
        found |= {"importance": result.table, "priority": priority_map(data, result, min_n=1).table}
    if first.responses and second.responses:
        found["composition"] = composition_difference(first, second, "group", seed=1).table
    return found


@settings(max_examples=8, phases=[Phase.generate])
@given(PEOPLE)
def test_weights_of_one_give_every_number_of_the_unweighted_survey(people):
    ones = [(*person[:4], 1) for person in people]
    plain, forced = tables(count(ones, weighted=False)), tables(count(ones, into=Forced))
    assert not count(ones).weighted
    for name, table in plain.items():
        same = forced[name][table.columns]
        pd.testing.assert_frame_equal(same, table, check_dtype=False, rtol=1e-7, atol=1e-7, obj=name)


@settings(max_examples=8, phases=[Phase.generate])
@given(PEOPLE)
def test_whole_weights_give_the_estimates_of_repeated_respondents(people):
    weighted = count(people)
    repeated = count(people, weighted=False, repeated=True)
    data, twice = cells(weighted, THEMES), cells(repeated, THEMES)
    one = theme_table(data, load_taxonomy("base"), impact_table(data, seed=1)).set_index("id")
    other = theme_table(twice, load_taxonomy("base"), impact_table(twice, seed=1)).set_index("id").loc[one.index]
    columns = ["share", "nps_of_mentioners", "impact", "impact_negative", "impact_positive", "bounded", "contribution"]
    np.testing.assert_allclose(one[columns].astype(float), other[columns].astype(float), atol=1e-9)
    for make in (segment_table, trend_table):
        a, b = make(weighted, 0.95), make(repeated, 0.95)
        key = "value" if "value" in a else "period"
        pd.testing.assert_series_equal(a.set_index(key)["nps"].sort_index(), b.set_index(key)["nps"].sort_index())
    design, again = (regression_design(t, THEMES, min_n=1) for t in (weighted, repeated))
    if [d.name for d in design.drivers] == [d.name for d in again.drivers]:
        np.testing.assert_allclose(refit(design, seed=1, replicates=0).mean, refit(again, seed=1, replicates=0).mean)


@settings(max_examples=8, phases=[Phase.generate])
@given(PEOPLE, st.integers(1, 1000))
def test_the_scale_of_the_weights_does_not_matter(people, factor):
    one, other = tables(count(people)), tables(count([(*p[:4], p[4] * factor) for p in people]))
    # Where the order of a table hangs on the last digit, ties may swap: compared by key.
    for name, key in (("themes", "id"), ("trend", "period"), ("theme_trend", "theme"), ("segment_themes", "theme")):
        pair = (made[name].sort_values(key, kind="stable", ignore_index=True) for made in (other, one))
        pd.testing.assert_frame_equal(*pair, rtol=1e-7, atol=1e-7, obj=name)


@settings(max_examples=8, phases=[Phase.generate])
@given(PEOPLE, st.randoms(use_true_random=False))
def test_no_order_of_the_responses_shows_in_any_digit(people, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    one, other = count(people), count(shuffled)
    for field in dataclasses.fields(Tally):
        assert getattr(one, field.name) == getattr(other, field.name)
    again = tables(other)
    for name, table in tables(one).items():
        pd.testing.assert_frame_equal(again[name], table, check_exact=True, obj=name)


def test_intervals_widen_with_unequal_weights_and_match_a_bootstrap_of_respondents():
    rng = np.random.default_rng(3)
    n = 600
    weights = rng.choice([1, 8], n, p=[0.8, 0.2])
    score = np.where(rng.random(n) < 0.45, 9, 3)
    slow = (score == 3) & (rng.random(n) < 0.5)
    people = [
        (int(s), "a", "2026-01", {"speed": 1} if b else {}, int(w))
        for s, b, w in zip(score, slow, weights, strict=True)
    ]
    data = cells(count(people), THEMES)
    made = theme_table(data, load_taxonomy("base"), impact_table(data, seed=1)).set_index("id")
    width = made.loc["speed", "impact_negative_ci_high"] - made.loc["speed", "impact_negative_ci_low"]
    points = np.where(score == 9, 100.0, -100.0)
    drawn = []
    for _ in range(1000):
        w = weights * rng.poisson(1, n)
        drawn.append((w @ points) / w.sum() - (w[~slow] @ points[~slow]) / w[~slow].sum())
    assert width == pytest.approx(np.subtract(*np.quantile(drawn, [0.975, 0.025])), rel=0.1)
    data = cells(count([(*p[:4], 1) for p in people]), THEMES)
    plain = theme_table(data, load_taxonomy("base"), impact_table(data, seed=1)).set_index("id").loc["speed"]
    assert width > 1.3 * (plain["impact_negative_ci_high"] - plain["impact_negative_ci_low"])
