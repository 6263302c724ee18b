import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from nps_nlp.insight import ordinal
from nps_nlp.insight.ordinal import _derivatives, _log_likelihood, proportional_odds

# Cheese tasting: four additives × nine ratings (McCullagh & Nelder 1989, Generalized Linear Models, p. 175).
CHEESE = np.array(
    [[0, 0, 1, 7, 8, 8, 19, 8, 1], [6, 9, 12, 11, 7, 6, 1, 0, 0], [1, 1, 6, 8, 23, 7, 5, 1, 0],
     [0, 0, 0, 1, 3, 7, 14, 16, 11]]
)  # fmt: skip


def simulated(seed, n=400, k=3):
    rng = np.random.default_rng(seed)
    said = (rng.random((n, k)) < 0.3).astype(float)
    latent = said @ np.array([-1.5, 0.8, 0.0]) + rng.logistic(size=n)
    score = np.digitize(latent, [-2, -1, 0, 1.5])
    return said, score, rng.integers(1, 4, n)


def test_the_published_cheese_tasting_fit():
    additive, rating = np.nonzero(CHEESE)
    said = (additive[:, None] == np.arange(3)).astype(float)
    fit = proportional_odds(said, rating, CHEESE[additive, rating])
    # SAS/STAT User's Guide, PROC LOGISTIC: "Multiple Response Cheese Tasting Experiment". SAS models the chance of
    # a low rating, and its standard errors rest on the expected information.
    assert -fit.coefficients == pytest.approx([1.6128, 4.9646, 3.3227], abs=1e-4)
    cuts = [-7.0802, -6.0250, -4.9254, -3.8568, -2.5205, -1.5685, -0.0669, 1.4930]
    assert fit.thresholds == pytest.approx(cuts, abs=2e-4)
    assert -2 * fit.log_likelihood == pytest.approx(711.348, abs=1e-3)
    assert fit.se == pytest.approx([0.3778, 0.4741, 0.4251], rel=0.01)
    assert fit.converged


def test_against_statsmodels_on_expanded_rows():
    model = pytest.importorskip("statsmodels.miscmodels.ordinal_model")
    said, score, count = simulated(1)
    fit = proportional_odds(said, score, count)
    rows = np.repeat(np.arange(len(score)), count)
    other = model.OrderedModel(score[rows], said[rows], distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    assert fit.coefficients == pytest.approx(other.params[:3], abs=1e-4)
    assert fit.se == pytest.approx(other.bse[:3], rel=1e-3)
    assert fit.log_likelihood == pytest.approx(other.llf, abs=1e-6)


def test_derivatives_against_finite_differences():
    said, score, count = simulated(2, n=50)
    said = sparse.csr_matrix(said)
    at = np.array([-1.5, -0.4, 0.3, 1.1, 0.2, -0.3, 0.1])
    _, gradient, information = _derivatives(at, said, score, count.astype(float))
    step = 1e-5 * np.eye(7)
    for i in range(7):
        up, down = (_log_likelihood(at + s * step[i], said, score, count.astype(float)) for s in (1, -1))
        assert gradient[i] == pytest.approx((up - down) / 2e-5, rel=1e-5, abs=1e-6)
        slopes = [_derivatives(at + s * step[i], said, score, count.astype(float))[1] for s in (1, -1)]
        assert information[i] == pytest.approx(-(slopes[0] - slopes[1]) / 2e-5, rel=1e-4, abs=1e-5)


@given(st.integers(0, 1000))
def test_turning_the_scale_turns_the_signs(seed):
    said, score, count = simulated(seed, n=120)
    there, back = proportional_odds(said, score, count), proportional_odds(said, 4 - score, count)
    assert back.coefficients == pytest.approx(-there.coefficients, abs=1e-5)


def test_counts_are_repeated_rows_and_only_sharpen():
    said, score, count = simulated(3)
    once, fourfold = proportional_odds(said, score, count), proportional_odds(said, score, 4 * count)
    assert fourfold.coefficients == pytest.approx(once.coefficients, abs=1e-6)
    assert fourfold.se == pytest.approx(once.se / 2, rel=1e-5)


def test_one_score_for_all_has_no_odds():
    fit = proportional_odds(np.ones((3, 2)), np.array([7, 7, 7]), np.array([1, 2, 3]))
    assert np.isnan(fit.coefficients).all()
    assert not fit.converged


def test_complete_separation_keeps_the_sign():
    fit = proportional_odds(np.array([[0.0], [1.0]]), np.array([9, 2]), np.array([20, 20]))
    assert fit.coefficients[0] < -5
    assert not fit.converged


def test_blocks_of_cells_add_up_to_the_whole(monkeypatch):
    whole = proportional_odds(*simulated(4, n=60))
    monkeypatch.setattr(ordinal, "_CELLS_AT_ONCE", 7)
    assert proportional_odds(*simulated(4, n=60)).se == pytest.approx(whole.se)
