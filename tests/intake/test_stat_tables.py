from __future__ import annotations

import builtins
import datetime as dt

import pandas as pd
import pyreadstat
import pytest

from nps_nlp.intake import read_export
from nps_nlp.intake.tables import open_table
from tests.intake.samples import refusal, write

N = 33
FRAME = pd.DataFrame(
    {
        "q1": [float(i % 11) for i in range(N)],
        "q2": [f"店員さんが親切でした {i}" for i in range(N)],
        "sex": [1.0 + i % 2 for i in range(N)],
        "when": [dt.date(2024, 5, 1 + i % 28) for i in range(N)],
    }
)
QUESTIONS = {
    "q1": "どの程度おすすめしたいと思いますか",
    "q2": "その理由をお聞かせください",
    "sex": "性別",
    "when": "回答日",
}
LABELS = {"q1": {0: "まったく思わない", 10: "非常にそう思う"}, "sex": {1: "男性", 2: "女性"}}


@pytest.fixture(params=["sav", "zsav", "dta"])
def path(request, tmp_path):
    # The name says nothing: a file is known by its contents.
    path = tmp_path / "export.csv"
    if request.param == "dta":
        pyreadstat.write_dta(FRAME, path, column_labels=QUESTIONS, variable_value_labels=LABELS)
    else:
        pyreadstat.write_sav(
            FRAME, path, column_labels=QUESTIONS, variable_value_labels=LABELS, compress=request.param == "zsav"
        )
    return path


def test_labels_become_questions_and_answers(path):
    table = open_table(path)
    rows = [row.cells for row in table.rows()]
    assert rows[0] == ["q1", "q2", "sex", "when"]
    assert rows[1] == ["0 - まったく思わない", "店員さんが親切でした 0", "男性", "2024-05-01"]
    assert rows[10] == ["9", "店員さんが親切でした 9", "女性", "2024-05-10"]
    assert (len(rows), table.lines, table.questions) == (N + 1, N, QUESTIONS)


def test_the_score_is_found_by_its_question(path):
    survey = read_export(path)
    assert (survey.columns.score, survey.columns.comments, survey.columns.date) == ("q1", ("q2",), "when")
    assert list(survey.responses["score"]) == [i % 11 for i in range(N)]
    assert set(survey.segments["sex"]) == {"男性", "女性"}


def test_declared_missing_answers_are_blank(tmp_path):
    frame = pd.DataFrame({"NPS": [9.0, 99.0, 3.0]})
    pyreadstat.write_sav(frame, tmp_path / "a.sav", missing_ranges={"NPS": [99]})
    assert [row.cells for row in open_table(tmp_path / "a.sav").rows()] == [["NPS"], ["9"], [""], ["3"]]


def test_a_fully_labelled_scale_keeps_its_numbers(tmp_path):
    frame = pd.DataFrame({"NPS": [float(i % 11) for i in range(22)]})
    labels = {i: f"{i}" if 0 < i < 10 else f"端 {i}" for i in range(11)}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels={"NPS": labels})
    rows = [row.cells[0] for row in open_table(tmp_path / "a.sav").rows()]
    assert rows[1:12] == ["0 - 端 0", *map(str, range(1, 10)), "10 - 端 10"]


def test_a_damaged_file_is_refused(path, tmp_path):
    data = path.read_bytes()
    for cut in (40, 200):
        assert "damaged or cut off" in refusal(lambda cut=cut: open_table(write(tmp_path / "b.sav", data[:cut])))


def test_without_pyreadstat_the_command_to_get_it_is_said(path, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "pyreadstat":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "pip install 'nps-nlp[statistics]'" in refusal(lambda: open_table(path))
