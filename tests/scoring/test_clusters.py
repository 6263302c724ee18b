import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.scoring import repeated_answers


def simulated(rng, people=300, most=5):
    """Respondents with several answers that are alike."""
    times = rng.integers(1, most + 1, people)
    mood = np.repeat(rng.normal(0, 1, people), times)
    points = np.sign(np.round(mood + rng.normal(0, 0.5, times.sum())))
    return np.repeat(np.arange(1, people + 1), times), points


def test_against_statsmodels_clustered_by_respondent():
    api = pytest.importorskip("statsmodels.api")
    who, points = simulated(np.random.default_rng(1))
    weights = np.random.default_rng(2).gamma(3, 0.4, len(who))
    for w in (np.ones(len(who)), weights):
        fit = api.WLS(100 * points, np.ones(len(who)), weights=w).fit(
            cov_type="cluster", cov_kwds={"groups": who}, use_t=True
        )
        found = repeated_answers(who, points, w)
        # statsmodels has one more factor, (n − 1)/(n − k), which is 1 for a mean.
        assert found.score == pytest.approx(float(fit.params[0]))
        assert found.se == pytest.approx(float(fit.bse[0]), rel=1e-9)
        assert (found.ci_low, found.ci_high) == pytest.approx(tuple(fit.conf_int()[0]), rel=1e-9)


def test_against_a_bootstrap_of_respondents():
    rng = np.random.default_rng(3)
    who, points = simulated(rng)
    sums, counts = np.bincount(who, points)[1:], np.bincount(who)[1:]
    drawn = []
    for _ in range(2_000):
        some = rng.integers(0, len(sums), len(sums))
        drawn.append(100 * sums[some].sum() / counts[some].sum())
    assert repeated_answers(who, points).se == pytest.approx(np.std(drawn), rel=0.06)


def test_copies_of_every_answer_are_as_sure_as_single_ones():
    rng = np.random.default_rng(4)
    points = rng.choice([-1, 0, 1], 400)
    found = repeated_answers(np.tile(np.arange(1, 401), 3), np.tile(points, 3))
    assert found.se == pytest.approx(100 * np.std(points, ddof=1) / 20)
    assert found.design_effect == pytest.approx(3, rel=0.01)
    assert (found.answers, found.respondents, found.repeating, found.most) == (1200, 400, 400, 3)


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=30))
def test_nobody_who_answers_twice_is_nothing_to_say(points):
    assert repeated_answers(np.arange(1, len(points) + 1), points) is None
    assert repeated_answers(np.zeros(len(points), dtype=int), points) is None
    assert repeated_answers([""] * len(points), points) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([-1, 0, 1])), min_size=2, max_size=40))
def test_limits_hold_the_score_and_the_scale(rows):
    found = repeated_answers([who for who, _ in rows], [p for _, p in rows])
    if found is not None and found.respondents > 1:
        assert -100 <= found.ci_low <= found.score + 1e-9
        assert found.score - 1e-9 <= found.ci_high <= 100


def test_the_sentences_have_the_numbers():
    found = repeated_answers([1, 1, 1, 2, 3, 4], [1, 1, 0, -1, 0, 1])
    assert found.en.startswith("The 6 answers are of 4 people; 1 answered more than once (up to 3 times)")
    assert "6 件は 4 人" in found.ja
    assert "design_effect" in found.to_dict()
    assert not {"en", "ja"} & found.to_dict().keys()


@pytest.mark.parametrize("points", [[1, 1, 1], [1, -1, 0]])
def test_one_person_or_one_score_has_no_interval_to_compare(points):
    found = repeated_answers(["a"] * 3, points)
    assert found.repeating == 1
    assert "nan" not in found.en + found.ja
    same = repeated_answers(["a", "a", "b"], [1, 1, 1])
    assert "nan" not in same.en + same.ja
