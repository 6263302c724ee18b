from collections import Counter

import numpy as np
import pytest

from nps_nlp.insight import regression
from nps_nlp.insight.design import regression_design
from nps_nlp.insight.regression import linear_fit
from nps_nlp.tally import Tally

THEMES = ["price", "speed", "staff"]


def survey(seed, n=300):
    rng = np.random.default_rng(seed)
    state = (rng.random((n, 3)) < 0.3) * rng.choice([1, 2, 3, 4], size=(n, 3))
    score = np.clip(np.rint(7 - 2.0 * (state[:, 0] & 1) + (state[:, 2] & 2) + rng.normal(0, 2, n)), 0, 10)
    said = [tuple((t, int(s)) for t, s in zip(THEMES, row, strict=True) if s) for row in state]
    return Tally(patterns=Counter(("", int(y), p) for y, p in zip(score, said, strict=True)))


def expanded(design):
    rows = np.repeat(np.arange(len(design.count)), design.count)
    return design.said.toarray()[rows], design.score[rows].astype(float)


@pytest.mark.parametrize("at_once", [4096, 7])
def test_against_hc3_on_single_rows(at_once, monkeypatch):
    monkeypatch.setattr(regression, "_CELLS_AT_ONCE", at_once)
    design = regression_design(survey(1), THEMES)
    said, score = expanded(design)
    x = np.column_stack([np.ones(len(score)), said])
    beta, *_ = np.linalg.lstsq(x, score, rcond=None)
    inverse = np.linalg.inv(x.T @ x)
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    residual = (score - x @ beta) / (1 - leverage)
    robust = inverse @ (x.T * residual**2) @ x @ inverse
    fit = linear_fit(design, design.score.astype(float))
    assert fit.coefficients == pytest.approx(beta[1:], abs=1e-9)
    assert fit.se == pytest.approx(np.sqrt(np.diagonal(robust))[1:], rel=1e-9)


def test_against_statsmodels():
    api = pytest.importorskip("statsmodels.api")
    design = regression_design(survey(2), THEMES)
    said, score = expanded(design)
    other = api.OLS(score, api.add_constant(said)).fit(cov_type="HC3", use_t=True)
    fit = linear_fit(design, design.score.astype(float))
    assert fit.coefficients == pytest.approx(other.params[1:], abs=1e-8)
    assert fit.p == pytest.approx(other.pvalues[1:], rel=1e-6)
    assert fit.ci_low == pytest.approx(other.conf_int()[1:, 0], abs=1e-6)


def test_more_coefficients_than_writers_is_undefined():
    design = regression_design(Tally(patterns=Counter({("", 5, (("price", 1),)): 1, ("", 9, ()): 1})), THEMES, min_n=1)
    assert np.isnan(linear_fit(design, design.score.astype(float)).coefficients).all()


def test_all_alike_gives_a_coefficient_without_a_test():
    patterns = Counter({("", 2, (("price", 1),)): 20, ("", 9, ()): 20})
    design = regression_design(Tally(patterns=patterns), THEMES)
    fit = linear_fit(design, design.score.astype(float))
    assert fit.coefficients == pytest.approx([-7.0])
    assert fit.ci_low == pytest.approx(fit.ci_high)
