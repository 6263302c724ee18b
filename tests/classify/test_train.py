from dataclasses import replace

import numpy as np
import pytest

from nps_nlp.classify import load_classifier, train
from nps_nlp.classify.evaluate import evaluate
from nps_nlp.classify.gold import GoldRow
from nps_nlp.classify.train import choose_thresholds, train_fast
from nps_nlp.errors import InputError

KINDS = [
    ("The price was {} for us", "high", "negative", "complaint", {"price"}),
    ("The staff were {} to us", "kind", "positive", "praise", {"staff"}),
    ("Please add {} to the list", "tea", "neutral", "suggestion", {"selection"}),
]
ROWS = [
    GoldRow(
        "Why?",
        f"{text.format(word)} on day {'abcdefghijklmnopqrstu'[n]}",
        sentiment,
        intent,
        frozenset(themes),
        source=f"s{n % 2}",
    )
    for n in range(20)
    for text, word, sentiment, intent, themes in KINDS
]


def test_the_same_rows_give_the_same_bytes(tmp_path, monkeypatch):
    statements = (replace(ROWS[0], intent=None), replace(ROWS[1], intent=None))
    rows = [
        *ROWS,
        replace(ROWS[0], text="The price was high, but the staff were kind", sentiment="mixed", statements=statements),
    ]
    told = []
    # Once in one process, once over all of them.
    for name, cells in (("a", 10**9), ("b", 0)):
        monkeypatch.setattr(train, "_WORTH_SHARING", cells)
        train_fast(rows, tmp_path / name, report=told.append)
    first, second = (sorted((tmp_path / name).iterdir()) for name in "ab")
    assert [p.name for p in first] == ["en.safetensors", "en.vocabulary.txt", "manifest.json"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in second]
    assert told == ["en: 61 rows"] * 2


def test_what_was_taught_is_known(tmp_path):
    test = [replace(row, split="test", text="特になし") for row in ROWS]
    train_fast([*ROWS, *test], tmp_path / "m")
    found = evaluate(ROWS, load_classifier(str(tmp_path / "m")))
    assert found["sentiment"]["accuracy"] == found["intent"]["accuracy"] == found["themes"]["micro_f1"] == 1


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS[:49], "Only 49 labelled rows are in language 'en'"),
        ([*ROWS, replace(ROWS[0], text="高い")], "Only 1 labelled rows are in language 'ja'"),
        ([replace(r, split="test") for r in ROWS], "no row to train on"),
        ([], "no row to train on"),
        ([*ROWS, replace(ROWS[0], themes=frozenset({"dogs"}))], "no place for: 'dogs' .1 times.; use price, staff"),
    ],
)
def test_too_few_rows(tmp_path, rows, said):
    with pytest.raises(InputError, match=said):
        train_fast(rows, tmp_path / "m")
    assert not (tmp_path / "m").exists()


def test_a_label_that_every_row_has_is_always_given(tmp_path):
    train_fast([replace(row, intent="praise") for row in ROWS], tmp_path / "m")
    found = evaluate(
        [replace(ROWS[0], text="Nothing like the others", intent="praise")], load_classifier(str(tmp_path / "m"))
    )
    assert found["intent"]["accuracy"] == 1


def test_threshold_separates_and_rare_themes_lean_on_the_common_one():
    truth = np.zeros((200, 2), dtype=bool)
    truth[:100, 0] = True
    probability = np.where(truth, 0.88, 0.62).astype(np.float32)
    cuts = choose_thresholds(probability, truth, np.ones_like(truth), np.ones(200))
    assert 0.62 < cuts[0] <= 0.88
    assert cuts[1] == pytest.approx(cuts[0], abs=0.05)


def test_what_is_not_counted_does_not_move_a_threshold():
    truth = np.arange(600).reshape(-1, 1) % 2 == 0
    probability = np.where(truth, 0.7, 0.3).astype(np.float32)
    counted = np.ones_like(truth)
    counted[:10] = False
    # What is left out says the opposite.
    cuts = choose_thresholds(np.where(counted, probability, 1 - probability), truth, counted, np.ones(600))
    assert cuts.tolist() == choose_thresholds(probability, truth, counted, np.ones(600)).tolist()
