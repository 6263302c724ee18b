import shutil

import numpy as np
import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import pieces_of
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import load_fast, sureness
from nps_nlp.classify.protocol import Predictions
from nps_nlp.classify.store import MANIFEST, model_folder, verified_files, write_manifest
from nps_nlp.errors import ModelError
from nps_nlp.language import read_comment


def pieces(*texts, question="Why?"):
    return [p for t in texts for p in pieces_of(read_comment(t), question)]


def test_results_do_not_depend_on_the_batch():
    classifier = load_fast()
    many = pieces(
        "値段が高い", "Great staff, but slow", "👍", "좋아요", "", "使いやすいがよく落ちる" * 50, "특별히 good"
    )
    together = classifier.predict(many)
    for place, piece in enumerate(many):
        alone = classifier.predict([piece])
        for name in ("sentiment", "intent", "themes"):
            assert np.array_equal(getattr(alone, name)[0], getattr(together, name)[place])


def test_probabilities():
    found = load_fast().predict(pieces("値段が高い", "👍", ""))
    assert np.allclose(found.sentiment.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(found.intent.sum(axis=1), 1, atol=1e-5)
    assert found.themes.min() >= 0
    assert found.themes.max() <= 1
    assert len(load_fast().predict([]).sentiment) == 0


@pytest.mark.parametrize(
    ("text", "sentiment", "intent", "theme"),
    [
        ("スタッフが親切で丁寧でした", "positive", "praise", "staff"),
        ("The app crashes all the time", "negative", "complaint", "reliability"),
    ],
)
def test_plain_comments(text, sentiment, intent, theme):
    classifier = load_fast()
    found = classifier.predict(pieces(text)[:1])
    assert SENTIMENTS[found.sentiment[0].argmax()] == sentiment
    assert INTENTS[found.intent[0].argmax()] == intent
    assert found.themes[0, classifier.theme_ids.index(theme)] >= 0.5


def copy_of_model(tmp_path, **changed):
    folder = shutil.copytree(model_folder("fast"), tmp_path / "model")
    files, settings = verified_files(folder)
    settings = {k: v for k, v in {**settings, **changed}.items() if v is not None and k != "files"}
    write_manifest(folder, settings, list(files))
    return folder


@pytest.mark.parametrize(
    "changed", [{"tier": "encoder"}, {"format": 1}, {"themes": None}, {"languages": 3}, {"languages": ["fr"]}]
)
def test_a_foreign_model_is_refused(tmp_path, changed):
    with pytest.raises(ModelError, match="model"):
        load_classifier(str(copy_of_model(tmp_path, **changed)))


def test_swapped_weights_are_refused(tmp_path):
    folder = copy_of_model(tmp_path)
    shutil.copy(folder / "en.safetensors", folder / "ja.safetensors")
    with pytest.raises(ModelError, match=r"ja\.safetensors.*not opened"):
        load_classifier(str(folder))


def test_unknown_model(tmp_path):
    with pytest.raises(ModelError, match="no such model"):
        load_classifier("none")
    with pytest.raises(ModelError, match="no such model"):
        load_classifier("x" * 300)
    with pytest.raises(ModelError, match=MANIFEST):
        load_classifier(str(tmp_path))


def test_sureness_falls_with_every_doubt_and_with_a_strange_text():
    known = np.ones(1, np.float32)
    sure = np.array([[1, 0, 0, 0]], np.float32)
    half = np.array([[0.5, 0.5, 0, 0]], np.float32)
    themes = np.array([[1, 0]], np.float32)
    assert sureness(Predictions(sure, sure, themes), known) == pytest.approx([1])
    doubts = [
        (Predictions(half, sure, themes), known, 0.5),
        (Predictions(sure, half, themes), known, 0.5**0.5),
        (Predictions(sure, sure, np.array([[0.5, 0.5]], np.float32)), known, 0.5),
    ]
    for found, familiar, likely in doubts:
        np.testing.assert_allclose(sureness(found, familiar), [0.6 * likely + 0.4], rtol=1e-6)
    assert sureness(Predictions(sure, sure, themes), 0 * known) == pytest.approx([0.6])
    # A possible "mixed" makes another label doubtful, not itself.
    for sentiment, likely in (([0.6, 0, 0.4, 0], 0.6 * 0.6), ([0.4, 0, 0.6, 0], 0.6)):
        found = Predictions(np.array([sentiment], np.float32), sure, themes)
        np.testing.assert_allclose(sureness(found, known), [0.6 * likely + 0.4], rtol=1e-6)
