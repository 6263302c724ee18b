from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.insight import design as design_module
from nps_nlp.insight.design import refit, regression_design
from nps_nlp.tally import Tally

THEMES = ["price", "speed"]
SAID = [(), (("price", 1),), (("price", 2),), (("price", 3), ("speed", 1)), (("speed", 4),), (("other", 1),)]
counts = st.lists(st.integers(0, 30), min_size=18, max_size=18)


def tally_of(numbers):
    keys = [(period, score, said) for period in ("", "2026-01") for score in (2, 8, 10) for said in SAID]
    return Tally(patterns=Counter({k: n for k, n in zip(keys, [*numbers, *numbers], strict=True) if n}))


@pytest.mark.parametrize("at_once", [2048, 3])
def test_moments_are_those_of_the_single_rows(at_once, monkeypatch):
    monkeypatch.setattr(design_module, "_CELLS_AT_ONCE", at_once)
    design = regression_design(tally_of(range(3, 21)), THEMES, min_n=1)
    rows = np.repeat(np.arange(len(design.count)), design.count)
    points = np.where(design.score > 8, 100.0, np.where(design.score < 7, -100.0, 0.0))
    values = np.column_stack([design.said.toarray(), design.score, points])[rows]
    refits = refit(design, seed=1, replicates=3)
    assert refits.mean[0] == pytest.approx(values.mean(axis=0))
    assert refits.covariance[0] == pytest.approx(np.cov(values.T, bias=True))
    assert refits.covariance.shape == (4, values.shape[1], values.shape[1])


def test_replicates_are_weighted_moments():
    design = regression_design(tally_of(range(3, 21)), THEMES, min_n=1)
    refits = refit(design, seed=5, replicates=2)
    weights = np.random.default_rng(5).poisson(design.count, size=(2, len(design.count)))[1]
    values = np.column_stack([design.said.toarray(), design.score, design.points])
    assert refits.mean[2] == pytest.approx(np.average(values, axis=0, weights=weights))
    assert refits.covariance[2] == pytest.approx(np.cov(values.T, fweights=weights, bias=True))


@given(counts, counts)
def test_designs_of_tallies_add(a, b):
    both = regression_design(tally_of(a) + tally_of(b), THEMES, min_n=1)
    summed = regression_design(tally_of([x + y for x, y in zip(a, b, strict=True)]), THEMES, min_n=1)
    assert both.drivers == summed.drivers
    assert both.left_out == summed.left_out
    assert (both.count == summed.count).all()


def test_of_twins_the_first_is_kept_and_the_other_says_with_whom():
    patterns = Counter({("", 3, (("price", 1), ("speed", 1))): 20, ("", 9, ()): 20, ("", 7, (("price", 2),)): 15})
    design = regression_design(Tally(patterns=patterns), THEMES)
    assert [d.name for d in design.drivers] == ["price:negative", "price:positive"]
    left_out = {d.name: d.left_out for d in design.left_out}
    assert left_out == {"speed:negative": "collinear with price:negative", "speed:positive": "few mentions"}


def test_a_driver_that_others_add_up_to_is_collinear():
    said = {"a": (("price", 1), ("speed", 2)), "b": (("price", 2), ("speed", 2)), "c": ()}
    design = regression_design(Tally(patterns=Counter({("", 5, p): 20 for p in said.values()})), THEMES)
    assert len(design.drivers) == 2
    reason = next(d.left_out for d in design.left_out if d.left_out.startswith("collinear"))
    assert reason == "collinear with speed:positive, price:negative"


def test_what_everybody_says_is_left_out():
    patterns = Counter({("", s, (("price", 1),)): 20 for s in (3, 9)})
    design = regression_design(Tally(patterns=patterns), THEMES)
    assert design.drivers == ()
    assert design.left_out[0].left_out == "few others"


@pytest.mark.parametrize("patterns", [Counter(), Counter({("", 9, ()): 1}), Counter({("", 9, SAID[1]): 1})])
def test_nobody_and_a_single_writer(patterns):
    design = regression_design(Tally(patterns=patterns), THEMES)
    assert design.drivers == ()
    assert design.n == sum(patterns.values())
    assert refit(design, seed=1, replicates=5).mean.shape == (6, 2)
