import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.errors import InputError
from nps_nlp.insight import cells, corrected_drivers, impact_table, load_readings, refit, regression_design
from nps_nlp.insight.misread import MEASURES
from nps_nlp.tally import NEGATIVE, POSITIVE, Tally

PERFECT = 1e9 * np.eye(3, 4)


def survey(said, score, themes):
    people = Counter()
    for states, s in zip(said, score, strict=True):
        people["", int(s), tuple((t, int(v)) for t, v in zip(themes, states, strict=True) if v)] += 1
    return Tally(patterns=people)


def drivers(tally, themes, readings, replicates=50):
    design = regression_design(tally, themes)
    refits = refit(design, seed=1, replicates=replicates)
    return corrected_drivers(design, refits, readings, seed=1).set_index("driver")


def people(n, rng):
    """Two themes said together, blame and praise, and what is read of them with known errors."""
    said = rng.choice([0, NEGATIVE, POSITIVE], size=(n, 2), p=[0.6, 0.25, 0.15])
    said[:, 1] = np.where(rng.random(n) < 0.3, said[:, 0], said[:, 1])
    score = np.clip(np.rint(7 - 3 * (said[:, 0] == NEGATIVE) - (said[:, 1] == NEGATIVE) + rng.normal(0, 2, n)), 0, 10)
    rates = np.array([[0.97, 0.02, 0.01, 0], [0.12, 0.8, 0.05, 0.03], [0.1, 0.1, 0.78, 0.02]])
    read = np.array([rng.choice(4, p=rates[s]) for s in said.ravel()]).reshape(said.shape)
    return said, score, read, rates


def test_the_errors_are_taken_out():
    rng, themes = np.random.default_rng(5), ["price", "speed"]
    said, score, read, rates = people(40_000, rng)
    known = dict.fromkeys(themes, 1e7 * rates)
    true = drivers(survey(said, score, themes), themes, dict.fromkeys(themes, PERFECT))
    raw = drivers(survey(read, score, themes), themes, dict.fromkeys(themes, PERFECT))
    fixed = drivers(survey(read, score, themes), themes, known)
    # Three points of NPS and a quarter of the effect are lost to the errors, and come back.
    blame = "price:negative"
    assert raw.loc[blame, "impact"] > true.loc[blame, "impact"] + 2
    assert raw.loc[blame, "coefficient"] > 0.85 * true.loc[blame, "coefficient"]
    np.testing.assert_allclose(fixed["impact"], true["impact"], atol=1.2)
    np.testing.assert_allclose(fixed["coefficient"], true["coefficient"], atol=0.12)
    np.testing.assert_allclose(fixed["importance"], true["importance"], atol=0.015)
    assert fixed.loc[blame, ["recall", "false_alarms"]].tolist() == pytest.approx([0.83, 0.02], abs=1e-3)


def test_one_driver_is_that_of_the_matrix_method_by_hand():
    # Barron (1977): of 90 who are read so among 200, with a recall of 0.8 and 5 % false alarms, 106.67 say it.
    read = Counter({("", 2, (("speed", 1),)): 70, ("", 9, (("speed", 1),)): 20, ("", 2, ()): 30, ("", 9, ()): 80})
    known = 1e8 * np.array([[0.95, 0.05, 0, 0], [0.2, 0.8, 0, 0], [0, 0, 1, 0]])
    found = drivers(Tally(patterns=read), ["speed"], {"speed": known}).loc["speed:negative"]
    who = np.array([(20 - 0.05 * 100) / 0.75, (70 - 0.05 * 100) / 0.75])  # promoters and detractors who say it
    others = 100 - who
    nps_of, nps_of_others = (100 * (p - d) / (p + d) for p, d in (who, others))
    assert found["impact"] == pytest.approx(0.0 - nps_of_others, abs=1e-4)
    assert found["coefficient"] == pytest.approx((nps_of - nps_of_others) / 200 * 7, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_without_errors_impacts_are_the_leave_out_impacts(seed):
    rng, themes = np.random.default_rng(seed), ["price", "speed"]
    said, score, *_ = people(300, rng)
    tally = survey(said, score, themes)
    found = drivers(tally, themes, dict.fromkeys(themes, PERFECT), replicates=2)
    plain = impact_table(cells(tally, themes), seed=1, replicates=2).set_index(["theme", "polarity"])["impact"]
    for name, impact in found["impact"].items():
        assert impact == pytest.approx(plain[tuple(name.split(":"))], abs=1e-5)


def test_few_labelled_comments_widen_the_interval():
    rng, themes = np.random.default_rng(6), ["price", "speed"]
    _, score, read, rates = people(1_500, rng)
    tally = survey(read, score, themes)
    few, many = (drivers(tally, themes, dict.fromkeys(themes, n * rates), replicates=300) for n in (10, 10_000))
    for measure in MEASURES:
        width = [t[f"{measure}_ci_high"] - t[f"{measure}_ci_low"] for t in (few, many)]
        assert width[0]["price:negative"] > 1.2 * width[1]["price:negative"], measure


def test_themes_of_which_nothing_is_known_have_no_corrected_figures():
    rng, themes = np.random.default_rng(7), ["price", "speed"]
    _, score, read, _ = people(500, rng)
    tally = survey(read, score, themes)
    guessing = np.full((3, 4), 25.0)
    for readings in ({"price": PERFECT}, {"price": PERFECT, "speed": guessing}):
        found = drivers(tally, themes, readings)
        assert found.loc["speed:negative", ["recall", *MEASURES]].isna().all()
        assert found.loc["price:negative", list(MEASURES)].notna().all()
    assert drivers(Tally(), themes, {}).empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("no json", "no counts of readings"),
        ({"n": 3}, "no counts of readings"),
        ({"model": "fast", "readings": {"price": [[1, 2], [3, 4]]}}, "'price'"),
        ({"model": "fast", "readings": {"price": [[-1, 0, 0, 0]] * 3}}, "'price'"),
        ({"model": "encoder", "readings": {"price": [[1, 0, 0, 0]] * 3}}, "evaluate LABELLED.jsonl --model fast"),
    ],
)
def test_what_is_no_evaluation_of_the_model_is_refused(tmp_path, content, said):
    path = tmp_path / "errors.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(InputError, match=said) as error:
        load_readings(path, "fast")
    assert str(path) in str(error.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nothing\.json"):
        load_readings(tmp_path / "nothing.json", "fast")


def test_drivers_with_few_labelled_comments_have_no_corrected_figures():
    rng, themes = np.random.default_rng(8), ["price", "speed"]
    _, score, read, rates = people(500, rng)
    known = dict.fromkeys(themes, 100 * rates)
    known["speed"] = known["speed"] * np.array([[1], [0.09], [1]])
    found = drivers(survey(read, score, themes), themes, known)
    assert found.loc["speed:negative", "known"] == 9
    assert found.loc["speed:negative", list(MEASURES)].isna().all()
    assert found.drop("speed:negative")[list(MEASURES)].notna().all(axis=None)
