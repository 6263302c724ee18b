import json

import pytest

from nps_nlp.classify.gold import read_gold
from nps_nlp.errors import InputError

ROW = {
    "question": "Why?",
    "text": "高いがサポートは最高",
    "sentiment": "mixed",
    "intent": "praise",
    "themes": ["price"],
}


def written(tmp_path, *lines):
    path = tmp_path / "gold.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_labels_and_statements_are_read(tmp_path):
    statements = [{"start": 0, "end": 3, "sentiment": "negative", "themes": ["price"]}, {"start": 3, "end": 10}]
    (row,) = read_gold([written(tmp_path, {**ROW, "statements": statements, "source": "corpus/bank", "split": "test"})])
    assert (row.sentiment, row.intent, row.themes, row.source, row.split) == (
        "mixed",
        "praise",
        {"price"},
        "corpus",
        "test",
    )
    assert [(s.text, s.sentiment, s.intent, s.themes) for s in row.statements] == [
        ("高いが", "negative", None, {"price"}),
        ("サポートは最高", None, None, None),
    ]


@pytest.mark.parametrize("labels", [{}, {"sentiment": None, "intent": None, "themes": None, "optional": None}])
def test_absent_and_null_labels_are_unknown(tmp_path, labels):
    (row,) = read_gold([written(tmp_path, {"text": "good", **labels}, "", "  ")])
    assert (row.sentiment, row.intent, row.themes, row.optional, row.question) == (None, None, None, frozenset(), "")


@pytest.mark.parametrize(
    "line",
    [
        "{", "[]", "null", '"text"', "[" * 100_000, "{}", {"text": None}, {"text": 5},
        {**ROW, "sentiment": "good"}, {**ROW, "intent": 3}, {**ROW, "intent": ["none"]}, {**ROW, "themes": "price"},
        {**ROW, "themes": [1]}, {**ROW, "optional": {"price": 1}}, {**ROW, "statements": "none"},
        {**ROW, "statements": [3]}, {**ROW, "statements": [{"start": 0}]},
        {**ROW, "statements": [{"start": 3, "end": 99}]},
        {**ROW, "statements": [{"start": -3, "end": -1}]},
        {**ROW, "statements": [{"start": 0, "end": 2, "sentiment": "bad"}]},
    ],
)  # fmt: skip
def test_an_unusable_line_is_named(tmp_path, line):
    with pytest.raises(InputError, match=r"gold\.jsonl, line 3: "):
        read_gold([written(tmp_path, ROW, "", line)])


def test_missing_empty_and_binary_files(tmp_path):
    with pytest.raises(InputError, match=r"none\.jsonl: no such file"):
        read_gold([tmp_path / "none.jsonl"])
    with pytest.raises(InputError, match="No labelled comment"):
        read_gold([written(tmp_path, "")])
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe\x00\xd8")
    with pytest.raises(InputError, match=r"b\.jsonl: not readable"):
        read_gold([tmp_path / "b.jsonl"])
