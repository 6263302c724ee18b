import csv

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify.annotate import Answer, Statement
from nps_nlp.run import score_export, statement_writer, write_quarantine
from nps_nlp.survey import IntakeLog
from tests.conftest import make_survey


@given(
    cells=st.lists(
        st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00\r")),
        min_size=1,
        max_size=5,
    )
)
def test_quarantined_cells_come_back_and_none_can_run_as_a_formula(cells, tmp_path_factory):
    path = tmp_path_factory.mktemp("q") / "quarantine.csv"
    log = IntakeLog()
    log.quarantine("a.csv", 7, "blank score", cells)
    write_quarantine(path, log)
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, row = csv.reader(file)
    assert row[:3] == ["a.csv", "7", "blank score"]
    assert not any(c.startswith(("=", "+", "-", "@", "\t")) for c in row[3:])
    assert [c.removeprefix("'") for c in row[3:]] == [c.removeprefix("'") for c in cells]


def test_statements_are_written_chunk_by_chunk(tmp_path):
    survey = make_survey([(3, "高い", "a", "2026-01-05")])
    said = Statement(0, 2, "ja", "negative", 0.9, "complaint", ("price",), (0.8,), ("高い",))
    with statement_writer(tmp_path / "s.parquet") as write:
        write(survey, [Answer(0, "comment", "高い", (said,))])
        write(survey, [])
    table = pq.read_table(tmp_path / "s.parquet").to_pylist()
    assert len(table) == 1
    assert table[0]["text"] == "高い"
    assert table[0]["themes"] == ["price"]


def test_score_export_counts_without_text(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("NPS,why\n" + "10,a\n" * 30 + "0,b\n" * 10 + ",c\n", "utf-8")
    result, weighted, groups, export = score_export([path], {})
    assert weighted is None
    assert groups == {}
    assert result.score == 50
    assert export.log.rows()["quarantined"] == 1
