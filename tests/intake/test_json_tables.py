from __future__ import annotations

import json

import pandas as pd
import pytest

from nps_nlp.intake.text_tables import open_text
from tests.intake.samples import ja_rows, refusal, write

RECORDS = [
    {"NPS": 9, "理由": "速い\n安い", "who": {"plan": "A", "tags": ["a", "b"]}},
    {"NPS": 10.0, "who": {"plan": None}, "late": True},
]
CELLS = [
    ["NPS", "理由", "who.plan", "who.tags", "late"],
    ["9", "速い\n安い", "A", '["a", "b"]', ""],
    ["10", "", "", "", "True"],
]


def cells(table):
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"items": r, "total": 2}, lambda r: {"meta": {"n": 2}, "data": {"responses": r}}]
)
def test_a_document_with_a_list_of_records(tmp_path, indent, wrap):
    path = write(tmp_path / "a.txt", json.dumps(wrap(RECORDS), ensure_ascii=False, indent=indent))
    table = open_text(path)
    assert (table.format, cells(table)) == ("json", CELLS)
    assert [row.number for row in table.rows()] == [0, 1, 2]


@pytest.mark.parametrize("orient", ["records", "columns", "index", "table"])
def test_what_pandas_writes(tmp_path, orient):
    rows = ja_rows(12)
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    frame.to_json(tmp_path / "a.json", orient=orient, force_ascii=False)
    assert [row[-4:] for row in cells(open_text(tmp_path / "a.json"))] == rows


def test_lists_with_one_record_a_line(tmp_path):
    text = "[\n" + ",\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS) + "\n]\n"
    assert cells(open_text(write(tmp_path / "a.json", text))) == CELLS


def test_a_list_that_is_cut_off_keeps_the_records_before_the_cut(tmp_path):
    text = json.dumps([{"NPS": i} for i in range(20)])
    rows = list(open_text(write(tmp_path / "a.json", text[: text.index('"NPS": 15') + 2])).rows())
    assert [row.cells for row in rows[1:16]] == [[str(i)] for i in range(15)]
    assert [(row.cells, row.problem) for row in rows[16:]] == [
        (['{"N'], "JSON that is damaged or cut off from here on")
    ]


def test_one_record_over_many_lines(tmp_path):
    assert cells(open_text(write(tmp_path / "a.json", '{\n "NPS": 9\n}'))) == [["NPS"], ["9"]]


def test_items_that_are_no_records_are_rows_with_a_problem(tmp_path):
    rows = list(open_text(write(tmp_path / "a.json", '[{"NPS": 9}, 3, null, {"NPS": 8}]')).rows())
    assert [row.problem for row in rows] == ["", "", *["the item is not a JSON object"] * 2, ""]


@pytest.mark.parametrize("content", ["[1, 2]", "[[1], [2]]", '["NPS"]', "nothing", '{"a": [', "[" * 100_000])
def test_json_without_records_is_refused(tmp_path, content):
    assert "expected JSON Lines" in refusal(lambda: open_text(write(tmp_path / "a.json", content)))
