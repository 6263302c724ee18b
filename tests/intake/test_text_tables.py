from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.csv_rows import find_delimiter
from nps_nlp.intake.rows import MAX_CELL, cell_text
from nps_nlp.intake.text_tables import open_text
from tests.intake.samples import csv_text, ja_rows, refusal, write, write_jsonl


def cells(table):
    return [row.cells for row in table.rows()]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(tmp_path, delimiter, end):
    rows = [["NPS", "理由"], ["9", 'a "quoted", comment; with | all\tof them\nand two lines'], ["3", ""]]
    table = open_text(write(tmp_path / "a.csv", csv_text(rows, delimiter, end)))
    assert cells(table) == rows
    assert table.format == ("tsv" if delimiter == "\t" else "csv")


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text("aé日 0\n\r\t,;|\"'=<", max_size=8), min_size=3, max_size=3), min_size=1, max_size=8
    ),
    delimiter=st.sampled_from([",", "\t", ";"]),
)
def test_what_a_csv_writer_writes_is_read_back(tmp_path_factory, rows, delimiter):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["NPS", "理由", "性別"], *rows])
    assert cells(open_text(path)) == [["NPS", "理由", "性別"], *rows]


@pytest.mark.parametrize(
    ("text", "delimiter", "width"),
    [
        ("NPS,choices\n9,a;b;c;d;e\n8,a;b;c;d;e\n3,a;b;c;d;e\n", ",", 2),
        ("NPS;Grund\n9;gut, schnell, billig\n3;zu teuer, zu laut, zu weit\n", ";", 2),
        ("NPS\treason\n9\tquick, kind, cheap, near\n", "\t", 2),
        ("NPS\n9\n10\n", ",", 1),
        ("Survey of May\n\nNPS,a,b,c\n9,1,2,3\n8,1,2,3\n", ",", 4),
    ],
)
def test_the_delimiter_cuts_most_records_evenly(text, delimiter, width):
    assert find_delimiter(text) == (delimiter, width)


def test_rows_are_numbered_as_a_spreadsheet_counts(tmp_path):
    table = open_text(write(tmp_path / "a.csv", 'NPS,理由\n\n9,"two\nlines"\n,\n3,x\n'))
    assert [(row.number, row.cells) for row in table.rows()] == [
        (1, ["NPS", "理由"]),
        (3, ["9", "two\nlines"]),
        (4, ["", ""]),
        (5, ["3", "x"]),
    ]


def test_every_reading_starts_anew(tmp_path):
    table = open_text(write(tmp_path / "a.csv", ja_rows(5)))
    first = table.rows()
    next(first)
    assert cells(table) == cells(table) == ja_rows(5)


def test_nul_bytes_and_damage_are_removed_and_counted(tmp_path):
    data = csv_text(ja_rows(9)).encode().replace("駅".encode(), b"\xe9\xa7", 1).replace(b"NPS", b"N\x00P\x00S", 1)
    table = open_text(write(tmp_path / "a.csv", data))
    assert table.damage == {
        "NUL bytes removed": 2,
        "lines with bytes that no encoding explains, shown as \ufffd": 1,
    }
    for _ in range(2):
        assert len(cells(table)) == 10
        assert cells(table)[0][1] == "NPS"


def test_an_unclosed_quote_costs_its_own_row_only(tmp_path):
    text = 'NPS,reason,plan\n9,good,A\n8,"never, closed,B\n7,"fine, really",C\n6,"two\nlines",D\n5,last,E\n'
    table = open_text(write(tmp_path / "a.csv", text))
    rows = list(table.rows())
    assert [row.cells[0] for row in rows if not row.problem] == ["NPS", "9", "7", "6", "5"]
    assert [row.cells for row in rows if row.problem] == [['8,"never, closed,B']]
    assert "never closed" in rows[2].problem
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]


def test_an_unclosed_quote_that_hides_no_delimiter_is_a_sign_like_any_other(tmp_path):
    text = 'NPS,reason,plan\n9,good,A\n8,"never closed,B\n7,"fine, really",C\n6,"two\nlines",D\n5,"cut off'
    assert cells(open_text(write(tmp_path / "a.csv", text)))[1:] == [
        ["9", "good", "A"],
        ["8", '"never closed', "B"],
        ["7", "fine, really", "C"],
        ["6", "two\nlines", "D"],
        ["5", "cut off"],
    ]


def test_a_quote_that_nothing_closes_to_the_end_of_the_file(tmp_path):
    text = "NPS,reason\n" + "".join(f"{i % 11},row {i}\n" for i in range(50)) + '9,"open\n' + "8,after\n" * 200
    rows = cells(open_text(write(tmp_path / "a.csv", text)))
    assert len(rows) == 252
    assert rows[51] == ["9", '"open']
    assert rows[52:] == [["8", "after"]] * 200


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('9,"quoted" word,B', ["9", '"quoted" word', "B"]),
        ('9,"very "good" thing",B', ["9", 'very "good" thing', "B"]),
        ('9,"said ""yes"" and "no"",B', ["9", 'said "yes" and "no"', "B"]),
        ('9,"a, "b", c",B', ["9", 'a, b"', ' c"', "B"]),
    ],
)
def test_quotes_that_were_not_doubled(tmp_path, line, expected):
    text = f'NPS,reason,plan\n9,good,A\n{line}\n7,"fine, really",C\n'
    assert cells(open_text(write(tmp_path / "a.csv", text)))[1:] == [
        ["9", "good", "A"], expected, ["7", "fine, really", "C"],
    ]  # fmt: skip


def test_many_answers_over_several_lines(tmp_path):
    rows = [["NPS", "理由"], *[[str(i % 11), "一行目\n二行目、\r\n" * (i % 4) + f"{i}"] for i in range(9_000)]]
    assert cells(open_text(write(tmp_path / "a.csv", rows))) == rows


def test_stray_quotes_on_every_line_do_not_hang(tmp_path):
    path = write(tmp_path / "a.csv", "NPS,reason\n" + '9,"open\n' * 20_001)
    rows = list(open_text(path).rows())
    assert sum("open" in cell for row in rows for cell in row.cells) <= 20_001
    assert "".join(cell for row in rows for cell in row.cells).count("open") == 20_001


def test_inches_in_a_comment_are_kept(tmp_path):
    rows = cells(open_text(write(tmp_path / "a.csv", 'NPS,reason\n9,a 5" screen\n8,fine\n')))
    assert rows == [["NPS", "reason"], ["9", 'a 5" screen'], ["8", "fine"]]


def test_a_cell_beyond_all_measure_is_a_problem_of_its_row(tmp_path):
    text = f"NPS,reason\n9,{'a' * (MAX_CELL + 1)}\n8,{'b' * 100_000}\n"
    rows = list(open_text(write(tmp_path / "a.csv", text)).rows())
    assert [bool(row.problem) for row in rows] == [False, True, False]
    assert len(rows[2].cells[1]) == 100_000


@pytest.mark.parametrize("content", ["\n\n  \n", "\ufeff", "\ufeff\r\n"])
def test_blank_files_are_refused(tmp_path, content):
    assert "only blank lines" in refusal(lambda: open_text(write(tmp_path / "a.csv", content)))


@pytest.mark.parametrize(
    "content", ["<!DOCTYPE html><html>", "<html><table>", '<?xml version="1.0"?>', "\n <table><tr>"]
)
def test_web_pages_under_another_name_are_refused(tmp_path, content):
    assert "web page" in refusal(lambda: open_text(write(tmp_path / "a.xls", content)))


def test_binary_files_are_refused(tmp_path):
    assert "binary" in refusal(lambda: open_text(write(tmp_path / "a.csv", bytes(range(256)) * 100)))


def test_an_endless_first_line_is_refused(tmp_path):
    path = write(tmp_path / "a.csv", b"a" * 50_000_000)
    assert "first line has over 1,000,000 characters" in refusal(lambda: open_text(path))


def test_a_file_that_vanished_is_named(tmp_path):
    table = open_text(write(tmp_path / "a.csv", ja_rows(2)))
    list(table.rows())
    table.path.unlink()
    assert "a.csv: cannot be read" in refusal(lambda: list(table.rows()))


# --- JSON Lines -------------------------------------------------------------------------------------------


def test_json_lines_may_have_different_keys_and_types(tmp_path):
    lines = [
        '{"NPS": 9, "理由": "速い\\n安い"}',
        "",
        '{"NPS": 10.0, "plan": null, "tags": ["a", "b"]}',
        '{"plan": true}',
    ]
    table = open_text(write(tmp_path / "a.jsonl", "\n".join(lines)))
    assert table.format == "jsonl"
    assert [row.number for row in table.rows()] == [0, 1, 3, 4]
    assert cells(table) == [
        ["NPS", "理由", "plan", "tags"],
        ["9", "速い\n安い", "", ""],
        ["10", "", "", '["a", "b"]'],
        ["", "", "True", ""],
    ]


def test_objects_within_json_lines_become_columns(tmp_path):
    line = json.dumps({"event": "NPS", "properties": {"time": 1, "page": {"path": "/a"}, "tags": ["x"], "none": {}}})
    expected = ["event", "properties.time", "properties.page.path", "properties.tags", "properties.none"]
    assert cells(open_text(write(tmp_path / "a.jsonl", line))) == [expected, ["NPS", "1", "/a", '["x"]', "{}"]]
    deep = json.dumps({"a": {"b": {"c": {"d": {"e": 1}}}}})
    assert cells(open_text(write(tmp_path / "b.jsonl", deep))) == [["a.b.c.d"], ['{"e": 1}']]


def test_json_lines_are_recognised_without_their_suffix(tmp_path):
    path = write_jsonl(tmp_path / "a.txt", ja_rows(3))
    assert cells(open_text(path)) == ja_rows(3)


def test_broken_json_lines_are_rows_with_a_problem(tmp_path):
    lines = ['{"NPS": 9}', "not json", "[1, 2]", '{"NPS": ' + "[" * 100_000, '{"NPS": 8}']
    rows = list(open_text(write(tmp_path / "a.jsonl", "\n".join(lines))).rows())
    assert [row.problem for row in rows[1:]] == ["", *["the line is not a JSON object"] * 3, ""]
    assert rows[2].cells == ["not json"]


def test_what_no_text_may_hold_is_replaced(tmp_path):
    line = json.dumps({"NPS": 9, "reason": "a\x00b \ud800 c"})
    assert cells(open_text(write(tmp_path / "a.jsonl", line)))[1] == ["9", "a\ufffdb \ufffd c"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (9, "9"),
        (9.0, "9"),
        (7.25, "7.25"),
        (float("nan"), ""),
        (1e22, "1e+22"),
        (b"\xff9", "\ufffd9"),
        ({"a": 1}, '{"a": 1}'),
    ],
)
def test_typed_cells_as_text(value, text):
    assert cell_text(value) == text
