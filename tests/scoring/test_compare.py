import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nps_nlp.scoring import nps, nps_test, nps_test_paired, nps_test_people

counts = st.tuples(*[st.integers(0, 500)] * 3).filter(lambda c: sum(c) > 0)
tables = st.lists(st.integers(0, 60), min_size=9, max_size=9).filter(any).map(lambda c: np.reshape(c, (3, 3)))


def test_two_groups_by_hand():
    # Half of the pseudo-responses each: (50.375, 30.75, 20.375) and (20.375, 30.75, 50.375) of 101.5.
    result = nps_test([50, 30, 20], [20, 30, 50])
    share = 30 / 101.5
    variance = 70.75 / 101.5 - share**2
    se = 100 * math.sqrt(2 * variance / 101.5)
    assert result.difference == -60.0
    assert result.se == pytest.approx(se, rel=1e-12)
    assert result.z == pytest.approx(-200 * share / se, rel=1e-12)
    assert result.ci_low == pytest.approx(-200 * share - 1.959963984540054 * se, rel=1e-12)
    assert result.p == pytest.approx(2 * stats.norm.sf(abs(result.z)), rel=1e-9)


def test_two_large_groups_against_welch():
    a, b = (5200, 3100, 1700), (4900, 3200, 1900)
    answers = [np.repeat([100.0, 0.0, -100.0], c) for c in (a, b)]
    welch = stats.ttest_ind(answers[1], answers[0], equal_var=False)
    result = nps_test(a, b)
    interval = welch.confidence_interval()
    assert result.z == pytest.approx(welch.statistic, rel=1e-3)
    assert (result.ci_low, result.ci_high) == pytest.approx((interval.low, interval.high), abs=0.01)


@given(counts, counts)
def test_exchanging_the_groups_mirrors_the_difference(a, b):
    there, back = nps_test(a, b), nps_test(b, a)
    assert back.difference == pytest.approx(-there.difference, abs=1e-9)
    assert (back.ci_low, back.ci_high) == pytest.approx((-there.ci_high, -there.ci_low), abs=1e-9)
    assert back.p == pytest.approx(there.p, abs=1e-12)


@given(counts, counts)
def test_difference_is_that_of_the_scores_and_p_agrees_with_the_interval(a, b):
    result = nps_test(a, b)
    assert result.difference == pytest.approx(nps(*b).score - nps(*a).score, abs=1e-9)
    assert -200 <= result.ci_low <= result.ci_high <= 200
    # Rounding decides only when p is 0.05 to the last digits.
    if abs(result.p - 0.05) > 1e-9:
        assert (result.p < 0.05) == (not result.ci_low <= 0 <= result.ci_high)


def test_small_unanimous_groups_do_not_claim_certainty():
    result = nps_test([5, 0, 0], [0, 0, 5])
    assert result.difference == -200.0
    assert result.se > 0
    assert result.ci_low == -200
    assert result.ci_high > -200


def test_false_alarms_come_at_the_nominal_rate():
    rng = np.random.default_rng(11)
    surveys = rng.multinomial(60, (0.12, 0.38, 0.50), size=(1500, 2))
    rejected = np.mean([nps_test(a, b).p <= 0.05 for a, b in surveys])
    # 1,500 tests: three standard errors are 1.7 points.
    assert rejected == pytest.approx(0.05, abs=0.017)


@pytest.mark.parametrize(
    ("a", "message"),
    [
        ([0, 0, 0], "group a: there are no responses"),
        ([1, 2], "group a: expected three counts"),
        ([1, -1, 2], "group a"),
    ],
)
def test_groups_that_cannot_be_compared_are_named(a, message):
    with pytest.raises(ValueError, match=message):
        nps_test(a, [1, 2, 3])
    with pytest.raises(ValueError, match=message.replace("group a", "group b")):
        nps_test([1, 2, 3], a)


def test_paired_by_hand():
    # Margins ¾ : 1½ : ¾ spread over the table, 1.5 in all: corners 0.09375, edges 0.1875, centre 0.375.
    table = [[60, 8, 2], [20, 50, 10], [5, 15, 30]]
    total, ups, downs, up2, down2 = 201.5, 35.375, 18.375, 5.09375, 2.09375
    mean = (ups - downs + 2 * (up2 - down2)) / total
    variance = (ups + downs + 4 * (up2 + down2)) / total - mean**2
    result = nps_test_paired(table)
    assert (result.score_a, result.score_b, result.n_a, result.paired) == (10.0, 21.5, 200, True)
    assert result.se == pytest.approx(100 * math.sqrt(variance / total), rel=1e-12)
    assert result.z == pytest.approx(100 * mean / result.se, rel=1e-12)


def test_paired_large_table_against_the_paired_t_test():
    table = np.array([[6000, 800, 200], [2000, 5000, 1000], [500, 1500, 3000]])
    before, after = np.array([[1, 0, -1]] * 3).T, np.array([[1, 0, -1]] * 3)
    answers = [np.repeat(100.0 * wave.ravel(), table.ravel()) for wave in (after, before)]
    other = stats.ttest_rel(*answers)
    result = nps_test_paired(table)
    assert result.z == pytest.approx(other.statistic, rel=1e-3)
    assert result.difference == pytest.approx((answers[0] - answers[1]).mean(), rel=1e-12)


@given(tables)
def test_paired_margins_are_the_two_waves(table):
    result = nps_test_paired(table)
    assert result.score_a == pytest.approx(nps(*table.sum(axis=1)).score, abs=1e-9)
    assert result.score_b == pytest.approx(nps(*table.sum(axis=0)).score, abs=1e-9)
    assert nps_test_paired(table.T).z == pytest.approx(-result.z, abs=1e-9)


def test_the_same_people_are_compared_more_sharply_than_two_groups():
    table = np.diag([70, 60, 50]) + np.array([[0, 2, 0], [12, 0, 1], [3, 9, 0]])
    paired, independent = nps_test_paired(table), nps_test(table.sum(axis=1), table.sum(axis=0))
    assert paired.difference == pytest.approx(independent.difference)
    assert paired.se < independent.se / 2


def test_nobody_moved_leaves_an_interval_around_zero():
    result = nps_test_paired(np.diag([10, 5, 5]))
    assert (result.difference, result.p) == (0.0, 1.0)
    assert result.ci_low < 0 < result.ci_high


@pytest.mark.parametrize(
    ("table", "message"),
    [(np.zeros((3, 3)), "nobody answered both times"), ([[1, 2], [3, 4]], "3 rows and 3 columns")],
)
def test_paired_tables_that_cannot_be_used(table, message):
    with pytest.raises(ValueError, match=message):
        nps_test_paired(table)


def test_result_is_json_and_reads_as_a_sentence():
    result = nps_test([180, 140, 80], [230, 110, 60])
    assert json.loads(json.dumps(result.to_dict()))["paired"] is False
    assert str(result).startswith("NPS difference +17.5 points (95 % CI ")


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from([-1, 0, 1]), st.booleans()), min_size=2, max_size=50))
def test_by_people_is_the_plain_test_where_nobody_answers_twice(answers):
    points, later = [p for p, _ in answers], [b for _, b in answers]
    if not any(later) or all(later):
        return
    counts = [[sum(p == v and b == side for p, b in answers) for v in (1, 0, -1)] for side in (False, True)]
    expected = nps_test(*counts)
    for who in ([""] * len(points), list(range(1, len(points) + 1))):
        assert nps_test_people(who, points, later) == expected


def test_by_people_is_near_the_paired_test_where_all_answer_twice():
    table = np.array([[60, 8, 2], [20, 50, 10], [5, 15, 30]])
    pairs = [(1 - i, 1 - j) for i in range(3) for j in range(3) for _ in range(table[i, j])]
    who = [f"m{k}" for k in range(len(pairs))]
    points = [a for a, _ in pairs] + [b for _, b in pairs]
    found = nps_test_people(who * 2, points, [False] * len(who) + [True] * len(who))
    paired = nps_test_paired(table)
    assert found.difference == paired.difference
    assert found.se == pytest.approx(paired.se, rel=0.02)
    assert found.se < 0.8 * nps_test(table.sum(axis=1), table.sum(axis=0)).se


def test_false_alarms_where_people_answer_several_times():
    rng, rejected = np.random.default_rng(12), []
    for _ in range(600):
        who = np.repeat(np.arange(60), rng.integers(1, 6, 60))
        mood = rng.normal(0, 1.5, 60)[who] + rng.normal(0, 1, len(who))
        later = who < 30
        points = np.where(mood > 0.5, 1, np.where(mood < -0.5, -1, 0))
        people = [f"m{k}" for k in who]
        rejected.append([nps_test_people(w, points, later).p <= 0.05 for w in ([""] * len(who), people)])
    by_answers, by_people = np.mean(rejected, axis=0)
    assert by_answers > 0.12
    assert by_people == pytest.approx(0.05, abs=0.027)


def test_by_people_needs_one_of_each():
    with pytest.raises(ValueError, match="one respondent, point and group each"):
        nps_test_people(["a"], [1, 0], [True, False])
    with pytest.raises(ValueError, match="group b"):
        nps_test_people(["a", "b"], [1, 0], [False, False])
