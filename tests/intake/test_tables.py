from __future__ import annotations

import gzip

import pandas as pd
import pytest

from nps_nlp.intake.tables import open_table
from tests.intake.samples import csv_text, ja_rows, refusal, write, write_jsonl


def test_one_table_whatever_the_format(tmp_path):
    rows = [[cell.strip() for cell in row] for row in ja_rows(30)]
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    paths = [
        write(tmp_path / "a.csv", rows),
        write(tmp_path / "a.tsv", csv_text(rows, "\t")),
        write_jsonl(tmp_path / "a.jsonl", rows),
        tmp_path / "a.parquet",
        tmp_path / "a.xlsx",
    ]
    frame.to_parquet(paths[3], index=False)
    frame.to_excel(paths[4], index=False)
    tables = [open_table(path) for path in paths]
    assert [table.format for table in tables] == ["csv", "tsv", "jsonl", "parquet", "xlsx"]
    assert all([row.cells for row in table.rows()] == rows for table in tables)


def test_a_file_is_opened_by_what_it_holds(tmp_path):
    pd.DataFrame({"NPS": [9]}).to_parquet(tmp_path / "a.csv", index=False)
    assert open_table(tmp_path / "a.csv").format == "parquet"
    assert open_table(write(tmp_path / "a.xlsx", "NPS,a\n9,b\n")).format == "csv"


def test_an_empty_file_is_refused(tmp_path):
    assert "the file is empty" in refusal(lambda: open_table(write(tmp_path / "a.csv", b"")))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (gzip.compress(b"NPS\n9\n"), "archive within an archive"),
        (b"SQLite format 3\x00", "a database"),
        (b"$FL2@(#)", "damaged or cut off"),
    ],
)
def test_other_kinds_of_files_are_named(tmp_path, data, kind):
    assert kind in refusal(lambda: open_table(write(tmp_path / "a.csv", data)))


def test_a_folder_or_a_missing_file_cannot_be_opened(tmp_path):
    assert "cannot be opened" in refusal(lambda: open_table(tmp_path))
    assert "cannot be opened" in refusal(lambda: open_table(tmp_path / "missing.csv"))
