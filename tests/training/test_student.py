"""A bag of words that a larger model teaches."""

import json

import numpy as np
import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.classify.cascade import Cascade
from nps_nlp.classify.protocol import Piece
from nps_nlp.classify.store import model_folder, verified_files
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError
from nps_nlp.training import student
from nps_nlp.training.data import Example

KINDS = [
    ("The price was {} for us", "high", "negative", "complaint", ["price"]),
    ("The staff were {} to us", "kind", "positive", "praise", ["staff"]),
    ("Please add {} to the list", "tea", "neutral", "suggestion", ["selection"]),
]
TEACHER = str(model_folder("feedback-encoder"))
TAUGHT = ["The nurses were lovely", "Parking costs too much", "The ward was clean and quiet"]


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    rows = [
        {"text": f"{text.format(word)} on day {n}", "sentiment": s, "intent": i, "themes": t, "source": f"s{n % 2}"}
        for n in range(60)
        for text, word, s, i, t in KINDS
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.fixture
def data(tmp_path):
    for name in ("nhs", "mams"):
        (tmp_path / name).mkdir()
    (tmp_path / "nhs" / "friends_and_family_v6.csv").write_text("FFT question,FFT answer\n", "utf-8")
    (tmp_path / "nhs" / "phase1_text_data.csv").write_text("feedback\n" + "\n".join(TAUGHT), "utf-8")
    for name in ("train.xml", "val.xml"):
        (tmp_path / "mams" / name).write_text("<sentences/>", "utf-8")
    return tmp_path


@pytest.fixture
def teach(gold, data, tmp_path, monkeypatch):
    pytest.importorskip("torch", reason="needs the extra [train]")
    monkeypatch.setattr(student, "_EVERY", 1)

    def run(name, *measured_on):
        told: list[str] = []
        student.train_student([gold], tmp_path / name, TEACHER, data, measured_on, told.append)
        return tmp_path / name, told

    return run


def test_what_is_measured_on_is_not_taught(teach, tmp_path):
    dev = tmp_path / "dev.jsonl"
    dev.write_text(json.dumps({"text": TAUGHT[1]}), "utf-8")
    (first, open_), (second, closed) = teach("open"), teach("closed", dev)
    assert open_[0] == "encoder reads 180 labelled texts and 3 public answers"
    assert closed[0] == "encoder reads 180 labelled texts and 2 public answers"
    assert load_classifier(str(first)).fingerprint != load_classifier(str(second)).fingerprint


def test_what_is_labelled_is_not_taught_again(teach, gold):
    row = {"text": TAUGHT[0], "sentiment": "positive", "themes": ["staff"]}
    gold.write_text(gold.read_text("utf-8") + "\n" + json.dumps(row), "utf-8")
    _, told = teach("m")
    assert told[0] == "encoder reads 181 labelled texts and 2 public answers"


def test_a_language_with_few_labels_is_refused_before_the_teacher_reads(teach, gold):
    rows = [json.dumps({"text": f"駅から遠い{n}", "sentiment": "negative", "themes": ["access"]}) for n in range(3)]
    gold.write_text("\n".join([gold.read_text("utf-8"), *rows]), "utf-8")
    with pytest.raises(InputError, match="Only 3 labelled rows are in language 'ja'"):
        teach("m")


def test_public_answers_of_a_language_without_labels_are_left_out(teach, data):
    with (data / "nhs" / "phase1_text_data.csv").open("a", encoding="utf-8") as file:
        file.write("\n景色がとても良かった")
    folder, _ = teach("m")
    assert verified_files(folder)[1]["languages"] == ["en"]


def test_the_same_rows_give_the_same_bytes(teach):
    first, second = (sorted(teach(name)[0].iterdir()) for name in "ab")
    assert [p.name for p in first] == ["en.safetensors", "en.vocabulary.txt", "manifest.json"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]


def test_a_student_knows_what_it_was_taught_and_when_to_ask(teach):
    folder, told = teach("m")
    _, settings = verified_files(folder)
    assert settings["held_out"]["en"]["comments"] > 5
    quick, asking, both = (settings["held_out"]["en"][name] for name in ("bag of words", "asking", "both"))
    assert all(b - a <= student._MOST_LOST + 1e-4 for a, b in zip(asking, both, strict=True))
    assert len(quick) == 2
    assert f"asks below {settings['asks_below']['en']}" in told[-1]
    model = load_classifier(str(folder))
    assert model.asks_below == settings["asks_below"]
    Cascade("fast", model, load_classifier(TEACHER), model.asks_below)
    found = model.predict([Piece(f"{text.format(word)} on day 7", (), "en", "") for text, word, *_ in KINDS])
    assert found.sentiment.argmax(axis=1).tolist() == [1, 0, 3]


def test_a_model_is_the_mean_of_what_teacher_and_labels_teach_in_logits(monkeypatch):
    pytest.importorskip("torch", reason="needs the extra [train]")
    # Two rows have the last theme: too few.
    lessons = [_lesson(n, word, last_theme=float(n == 0)) for n in range(30) for word in ("kind", "rude")]

    def logits(share):
        monkeypatch.setattr(student, "_LABELS_ALONE", share)
        model = student._fit(lessons)
        values = model.matrix([lesson.features for lesson in lessons]) @ model.weights + model.bias
        labels = model.readout.shape[1]
        return values[:, :labels] + np.maximum(values[:, labels:], 0) @ model.readout

    taught, plain, both = logits(0.0), logits(1.0), logits(0.25)
    assert both[:, :-1] == pytest.approx(0.75 * taught[:, :-1] + 0.25 * plain[:, :-1], abs=0.02)
    assert (plain[::2, 0] > 1).all()
    assert (plain[1::2, 0] < -1).all()
    assert both[:, -1] == pytest.approx(taught[:, -1], abs=0.02)


def _lesson(n, word, last_theme):
    """A labelled comment on which the teacher has no opinion."""
    themes = len(load_taxonomy("tourism").ids)
    targets = (float(word == "kind"), float(word == "rude"), *[0.0] * (6 + themes - 1), last_theme)
    example = Example("", f"{word} {n}", targets, key=f"{word} {n}")
    return student._Lesson(example, "en", (f"w:{word}", "w:they"), np.full(len(targets), 0.5, np.float32))


def test_hidden_units_learn_what_no_word_tells_alone():
    pytest.importorskip("torch", reason="needs the extra [train]")
    from scipy import sparse

    from nps_nlp.training.wide import fit_wide

    # One of two words is good news, both or none are not.
    words = np.array([[0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1]] * 5_000, np.float32)
    goal = np.zeros((len(words), 9), np.float32)
    goal[:, 0] = words[:, 0] != words[:, 1]
    x = sparse.csr_matrix(words / np.linalg.norm(words, axis=1, keepdims=True))
    found = fit_wide(x, goal, np.ones(len(words), np.float32))
    values = x @ found.weights + found.bias
    logits = values[:, :9] + np.maximum(values[:, 9:], 0) @ found.readout
    assert ((logits[:, 0] > 0) == goal[:, 0]).all()


def test_a_teacher_needs_something_to_read(gold, tmp_path):
    with pytest.raises(InputError, match="--data"):
        student.train_student([gold], tmp_path / "m", "fast")


def test_a_teacher_of_other_themes_is_refused(gold, data, tmp_path, monkeypatch):
    class Other:
        name, theme_ids = "other", ("price",)

    monkeypatch.setattr(student, "load_classifier", lambda _: Other())
    with pytest.raises(InputError, match="'other' knows other themes"):
        student.train_student([gold], tmp_path / "m", "other", data)
