import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.insight import segment_table, trend_table
from nps_nlp.insight.groups import month_levels
from nps_nlp.insight.people import People
from nps_nlp.scoring import nps_test_people
from nps_nlp.tally import Tally

MONTHS = ("2026-01", "2026-02", "2026-03")
ANSWERS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 10), st.sampled_from("abc"), st.sampled_from(MONTHS)),
    min_size=2,
    max_size=60,
)


def survey(answers, weights=None) -> tuple[Tally, People | None]:
    """Count answers (who, score, shop, month), and lay aside those of people with more than one."""
    tally, weights = Tally(), [None] * len(answers) if weights is None else weights
    for (_, score, shop, month), weight in zip(answers, weights, strict=True):
        units = () if weight is None else ([weight * 2**40] * 2, [(weight * 2**40) ** 2] * 2)
        tally.count("responses", [("", "", month, score), ("shop", shop, month, score)], [1, 1], units)
    who = np.array([a[0] for a in answers])
    rows = np.flatnonzero(np.bincount(who)[who] > 1).tolist()
    if not rows:
        return tally, None
    mine = [answers[r] for r in rows]
    scale = 2**40 * tally.unit if tally.weighted else 1.0
    weight = np.array([weights[r] or 1 for r in rows], dtype=float) * scale if tally.weighted else np.ones(len(rows))
    people = People(
        who[rows], np.array([a[1] for a in mine]), [None] * len(rows), weight, [a[3] for a in mine],
        {"shop": [a[2] for a in mine]},
    )  # fmt: skip
    return tally, people


def moody(rng, people=60, most=5, steady=1.0):
    """Draw answers that are alike within a person."""
    who = np.repeat(np.arange(people), rng.integers(1, most + 1, people))
    mood = rng.normal(0, 2 * steady, people)[who]
    score = np.clip(np.round(7 + mood + rng.normal(0, 1, len(who))), 0, 10).astype(int)
    return list(zip(who.tolist(), score.tolist(), rng.choice(list("abc"), len(who)), rng.choice(MONTHS, len(who))))  # noqa: B905


def sides(answers):
    return np.array([(s >= 9) * 1 - (s <= 6) * 1 for _, s, _, _ in answers])


@settings(max_examples=40)
@given(ANSWERS)
def test_groups_in_which_nobody_repeats_keep_their_numbers(answers):
    tally, people = survey(answers)
    for make, key in ((segment_table, "value"), (trend_table, "period")):
        plain, found = make(tally, 0.95), make(tally, 0.95, people)
        if people is None:
            assert found.equals(plain)
            continue
        once = found["people"] == found["n"]
        columns = ["nps", "se", "ci_low", "ci_high"]
        assert found.loc[once, columns].equals(plain.loc[once, columns])
        assert (found.loc[once, "design_effect"] == 1).all()
        assert found["nps"].equals(plain["nps"])
        assert (found["se"] >= plain["se"]).all()
        assert (found["people"] <= found["n"]).all()
        assert list(found[key]) == list(plain[key])


def test_people_who_never_answer_twice_in_a_group_change_nothing_there():
    answers = [(k, 9 if k % 3 else 2, shop, "2026-01") for k in range(30) for shop in "abc"]
    tally, people = survey(answers)
    plain, found = segment_table(tally, 0.95), segment_table(tally, 0.95, people)
    assert found[plain.columns].equals(plain)


def test_errors_of_groups_against_statsmodels_clustered_by_person():
    api = pytest.importorskip("statsmodels.api")
    answers = moody(np.random.default_rng(1), 200)
    table = segment_table(*[(t := survey(answers))[0], 0.95, t[1]]).set_index("value")
    for shop in "abc":
        mine = [a for a in answers if a[2] == shop]
        x, who = 100.0 * sides(mine), [a[0] for a in mine]
        fit = api.OLS(x, np.ones(len(x))).fit(cov_type="cluster", cov_kwds={"groups": who})
        # The plain standard error divides by n, the clustered one by n − 1.
        assert table.loc[shop, "se"] == pytest.approx(fit.bse[0] * np.sqrt(1 - 1 / len(x)), rel=1e-6)
        assert table.loc[shop, "people"] == len(set(who))


def test_everybody_three_times_is_as_sure_as_everybody_once():
    rng = np.random.default_rng(2)
    once = [(k, int(s), "a", "2026-01") for k, s in enumerate(rng.integers(0, 11, 80))]
    plain = segment_table(survey(once)[0], 0.95)
    tally, people = survey(once * 3)
    found = segment_table(tally, 0.95, people)
    assert found["design_effect"].tolist() == pytest.approx([3], rel=0.02)
    for column in ("se", "ci_low", "ci_high"):
        assert found[column].tolist() == pytest.approx(plain[column].tolist(), rel=0.02, abs=0.3)


def test_one_person_is_no_more_than_one_answer():
    tally, people = survey([(1, 9, "a", "2026-01")] * 12 + [(k, 9, "b", "2026-02") for k in range(2, 14)])
    found = segment_table(tally, 0.95, people).set_index("value")
    assert found.loc["a", "people"] == 1
    assert found.loc["a", "ci_high"] - found.loc["a", "ci_low"] > 2 * (
        found.loc["b", "ci_high"] - found.loc["b", "ci_low"]
    )
    # All twelve agree, but they are of two people.
    tally, people = survey([(k % 2, 10, "a", "2026-01") for k in range(12)])
    assert segment_table(tally, 0.95, people)["design_effect"].tolist() == pytest.approx([6])


def test_weighted_errors_by_hand():
    answers, weights = moody(np.random.default_rng(3), 50), None
    weights = np.random.default_rng(4).integers(1, 4, len(answers)).tolist()
    tally, people = survey(answers, weights)
    table = segment_table(tally, 0.95, people).set_index("value")
    mine = [k for k, a in enumerate(answers) if a[2] == "a"]
    x, w = 100.0 * sides(answers)[mine], np.array(weights, dtype=float)[mine]
    who = np.array([answers[k][0] for k in mine])
    pull = w * (x - w @ x / w.sum()) / w.sum()
    number = len(set(who.tolist()))
    expected = (np.bincount(who, pull) ** 2).sum() * number / (number - 1) * (1 - 1 / len(x))
    assert table.loc["a", "se"] == pytest.approx(np.sqrt(max(expected, (pull**2).sum())), rel=1e-6)
    assert (table["n_effective"] == segment_table(tally, 0.95).set_index("value")["n_effective"]).all()


def test_the_effect_on_a_difference_is_that_of_the_test_on_raw_answers():
    answers = moody(np.random.default_rng(5), 80)
    levels = month_levels(*survey(answers))
    before, after = (np.array([[m in months for m in MONTHS]]) for months in (MONTHS[:2], MONTHS[2:]))
    effect = levels.effects(after, before)[0]
    later, who = [a[3] == MONTHS[2] for a in answers], [f"m{a[0]}" for a in answers]
    clustered = nps_test_people(who, sides(answers), later)
    alone = nps_test_people([f"m{k}" for k in range(len(who))], sides(answers), later)
    assert effect == pytest.approx((clustered.se / alone.se) ** 2, rel=1e-9)
    assert levels.people(before | after).tolist() == [len(set(who))]


def test_the_same_people_on_both_sides_make_a_difference_surer():
    rng = np.random.default_rng(6)
    steady = [(k, int(s), "a", m) for k, s in enumerate(rng.integers(0, 11, 200)) for m in MONTHS[:2]]
    levels = month_levels(*survey(steady))
    first, second = np.eye(2, dtype=bool)
    assert levels.effects(second[None], first[None])[0] < 0.05
    assert levels.effects(np.ones((1, 2), dtype=bool))[0] == pytest.approx(2, rel=0.01)
