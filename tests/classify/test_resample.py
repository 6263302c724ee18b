import numpy as np
import pytest

from nps_nlp.classify.evaluate import Given, score
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.resample import score_intervals


def made(n, seed=3):
    rng = np.random.default_rng(seed)
    truth = rng.choice(["positive", "negative", "neutral"], n).tolist()
    given = [t if rng.random() < 0.8 else "neutral" for t in truth]
    themes = [{"price"} if rng.random() < 0.5 else {"staff"} for _ in truth]
    rows = [GoldRow("", "x", t, None, frozenset({"price"})) for t in truth]
    return rows, Given(given, None, themes)


def test_intervals_hold_the_scores_and_have_the_binomial_width():
    rows, given = made(400)
    found, scores = score_intervals(rows, given), score(rows, given)
    for kind, key in (("sentiment", "accuracy"), ("sentiment", "macro_f1"), ("themes", "micro_f1")):
        low, high = found[kind][key]
        assert low < scores[kind][key] < high
    accuracy = scores["sentiment"]["accuracy"]
    low, high = found["sentiment"]["accuracy"]
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(accuracy * (1 - accuracy) / 400), rel=0.1)


def test_the_same_rows_give_the_same_interval():
    assert score_intervals(*made(50)) == score_intervals(*made(50))


def test_without_labels_there_is_no_interval():
    found = score_intervals([GoldRow("", "x", None, None, None)], Given(["mixed"], None, None))
    assert found == {
        "sentiment": {"accuracy": None, "macro_f1": None},
        "intent": {"accuracy": None, "macro_f1": None},
        "themes": {"micro_f1": None},
    }


def test_a_perfect_classifier_has_an_interval_of_one():
    rows, _ = made(30)
    found = score_intervals(rows, Given([r.sentiment for r in rows], None, [{"price"}] * 30))
    assert found["sentiment"] == {"accuracy": [1, 1], "macro_f1": [1, 1]}
    assert found["themes"] == {"micro_f1": [1, 1]}
