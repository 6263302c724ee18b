"""A linear model that a larger one teaches; needs no torch."""

import json

import pytest

from nps_nlp.classify import load_classifier
from nps_nlp.errors import InputError
from nps_nlp.training import student

KINDS = [
    ("The price was {} for us", "high", "negative", "complaint", ["price"]),
    ("The staff were {} to us", "kind", "positive", "praise", ["staff"]),
    ("Please add {} to the list", "tea", "neutral", "suggestion", ["selection"]),
]
TAUGHT = ["The nurses were lovely", "Parking costs too much", "The ward was clean and quiet"]


@pytest.fixture
def gold(tmp_path):
    path = tmp_path / "gold.jsonl"
    rows = [
        {"text": f"{text.format(word)} on day {n}", "sentiment": s, "intent": i, "themes": t, "source": f"s{n % 2}"}
        for n in range(20)
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


def test_what_is_measured_on_is_not_taught(gold, data, tmp_path, monkeypatch):
    monkeypatch.setattr(student, "_EVERY", 1)
    dev = tmp_path / "dev.jsonl"
    dev.write_text(json.dumps({"text": TAUGHT[1]}), "utf-8")
    told: list[str] = []
    student.train_student([gold], tmp_path / "open", "fast", data, report=told.append)
    student.train_student([gold], tmp_path / "closed", "fast", data, [dev], told.append)
    assert [line for line in told if "reads" in line] == ["fast reads 3 public answers", "fast reads 2 public answers"]
    weights = [load_classifier(str(tmp_path / name)).fingerprint for name in ("open", "closed")]
    assert weights[0] != weights[1]


def test_a_teacher_needs_something_to_read(gold, tmp_path):
    with pytest.raises(InputError, match="--data"):
        student.train_student([gold], tmp_path / "m", "fast")
