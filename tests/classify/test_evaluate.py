from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import f1_score

from nps_nlp.classify.evaluate import evaluate
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Predictions

THEMES = ("price", "staff", "food")


def classifier(sentiment, intent, themes, **more):
    """One that says what it is told, row by row."""
    found = Predictions(
        np.eye(4, dtype=np.float32)[[SENTIMENTS.index(s) for s in sentiment]],
        np.eye(4, dtype=np.float32)[[INTENTS.index(i) for i in intent]],
        np.array([[float(t in row) for t in THEMES] for row in themes], dtype=np.float32).reshape(-1, 3),
    )
    return SimpleNamespace(name="told", theme_ids=THEMES, fingerprint="", predict=lambda _: found, **more)


def test_the_scores_are_those_of_scikit_learn():
    rng = np.random.default_rng(7)
    truth, given = ([rng.choice(SENTIMENTS, 60).tolist(), rng.random((60, 3)) < 0.4] for _ in range(2))
    names = [[{t for t, x in zip(THEMES, row, strict=True) if x} for row in side] for side in (truth[1], given[1])]
    rows = [GoldRow("", "x", s, "none", frozenset(t)) for s, t in zip(truth[0], names[0], strict=True)]
    found = evaluate(rows, classifier(given[0], ["none"] * 60, names[1]))
    assert found["sentiment"]["macro_f1"] == pytest.approx(f1_score(truth[0], given[0], average="macro"))
    assert found["sentiment"]["accuracy"] == pytest.approx(f1_score(truth[0], given[0], average="micro"))
    assert found["themes"]["micro_f1"] == pytest.approx(f1_score(truth[1], given[1], average="micro"))
    assert found["themes"]["macro_f1"] == pytest.approx(f1_score(truth[1], given[1], average="macro"))
    assert found["intent"]["accuracy"] == 1


def test_unknown_labels_and_optional_themes_count_nowhere():
    rows = [
        GoldRow("", "x", None, "praise", frozenset({"price"}), optional=frozenset({"staff"})),
        GoldRow("", "x", "positive", None, None),
    ]
    found = evaluate(rows, classifier(["negative", "positive"], ["praise", "none"], [{"price", "staff"}, {"food"}]))
    assert found["n"] == 2
    assert (found["sentiment"]["accuracy"], found["sentiment"]["n"]) == (1, 1)
    assert (found["intent"]["accuracy"], found["intent"]["n"]) == (1, 1)
    assert (found["themes"]["micro_precision"], found["themes"]["n"]) == (1, 1)


def test_without_any_label_there_is_no_score():
    found = evaluate([GoldRow("", "x", None, None, None)], classifier(["mixed"], ["none"], [set()]))
    assert found["sentiment"]["accuracy"] is found["intent"]["accuracy"] is found["themes"]["micro_f1"] is None
