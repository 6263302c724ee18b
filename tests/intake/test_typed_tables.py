from __future__ import annotations

import contextlib

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import ipc

from nps_nlp.errors import InputError
from nps_nlp.intake.tables import open_table
from nps_nlp.intake.typed_tables import open_arrow, open_parquet
from tests.intake.samples import ja_rows, refusal, write


def cells(table):
    return [row.cells for row in table.rows()]


def test_parquet_with_types_missing_values_and_categories(tmp_path):
    frame = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-01-05 09:30", None]),
            "NPS": pd.Series([9, None], dtype="Int8"),
            "float": [9.0, None],
            "plan": pd.Categorical(["A", None]),
            "raw": [b"\xff", None],
            "tags": [["a", "b"], None],
        }
    )
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    table = open_parquet(tmp_path / "a.parquet")
    assert cells(table) == [
        ["date", "NPS", "float", "plan", "raw", "tags"],
        ["2024-01-05 09:30:00", "9", "9", "A", "\ufffd", '["a", "b"]'],
        [""] * 6,
    ]
    assert [row.number for row in table.rows()] == [0, 1, 2]
    assert table.lines == 2


def test_damaged_parquet_is_refused(tmp_path):
    frame = pd.DataFrame({"NPS": range(1000), "理由": [f"理由 {i}" for i in range(1000)]})
    frame.to_parquet(tmp_path / "a.parquet", index=False)
    data = (tmp_path / "a.parquet").read_bytes()
    assert "Parquet file is damaged" in refusal(lambda: open_table(write(tmp_path / "cut.parquet", data[:-40])))
    hurt = data[:200] + b"\x00" * 400 + data[600:]
    assert "Parquet file is damaged" in refusal(lambda: list(open_table(write(tmp_path / "hurt.parquet", hurt)).rows()))


@pytest.mark.parametrize("kind", ["feather", "arrow", "stream"])
def test_arrow_and_feather(tmp_path, kind):
    rows = ja_rows(30)
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    path = tmp_path / "a.csv"
    if kind == "feather":
        frame.to_feather(path, compression="zstd")
    else:
        table = pa.Table.from_pandas(frame, preserve_index=False)
        with (ipc.new_file if kind == "arrow" else ipc.new_stream)(path, table.schema) as sink:
            sink.write_table(table, max_chunksize=7)
    found = open_table(path)
    assert (cells(found), found.lines, found.format) == (rows, 30, "arrow")
    assert [row.number for row in open_arrow(path).rows()] == list(range(31))
    data = path.read_bytes()
    assert "damaged" in refusal(lambda: list(open_table(write(tmp_path / "b.csv", data[: len(data) // 2])).rows()))


def test_a_damaged_byte_anywhere_in_an_arrow_file_is_refused_or_read(tmp_path):
    table = pa.table({"NPS": ["9", "10", "3"], "理由": ["良い", "", "遠い"]})
    with ipc.new_file(tmp_path / "a.arrow", table.schema) as sink:
        sink.write_table(table)
    data = (tmp_path / "a.arrow").read_bytes()
    for at in range(8, len(data) - 4, 4):
        path = write(tmp_path / "b.arrow", data[:at] + b"\xff\xff\xff\xff" + data[at + 4 :])
        with contextlib.suppress(InputError):
            assert len(cells(open_table(path))) <= 4
