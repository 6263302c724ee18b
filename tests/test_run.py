import csv

import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify.annotate import Answer, Statement
from nps_nlp.demo import demo_path
from nps_nlp.privacy.masker import Masker
from nps_nlp.run import score_export, statement_writer, write_quarantine, write_repairs
from nps_nlp.survey import IntakeLog, Mended
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
    write_quarantine(path, log, Masker(on=False))
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
    result, weighted, groups, export, _ = score_export([path], {})
    assert weighted is None
    assert groups == {}
    assert result.score == 50
    assert export.log.rows()["quarantined"] == 1


def test_groups_are_named_by_heading_or_by_question():
    by = ["Q5", "Which hotel type did you stay at?"]
    groups = score_export([demo_path("en")], {}, by).groups
    assert list(groups) == by
    assert set(groups[by[1]]["group"]) == {"Airport", "City", "Country house"}
    assert set(groups["Q5"]["group"]) == {"Business", "Event", "Leisure"}
    assert all(table["n"].sum() == 450 for table in groups.values())


def test_a_repair_shows_personal_data_neither_before_nor_after(tmp_path):
    log = IntakeLog()
    words = "受付の佐藤さんが親切"
    log.mend(Mended("a.csv", 2, "理由", "repaired", words.encode().decode("latin-1"), words))
    log.mend(Mended("a.csv", 3, "担当者", "repaired", "鈴木".encode().decode("latin-1"), "鈴木"))
    log.mend(Mended("a.csv", 4, "理由", "repaired", "高い".encode().decode("latin-1"), "高い"))
    write_repairs(tmp_path / "repairs.csv", log, Masker())
    with (tmp_path / "repairs.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row[4:] for row in csv.reader(file)][1:]
    assert rows[0] == ["受付の［氏名］さんが親切"] * 2
    assert rows[1] == ["［氏名］"] * 2
    assert rows[2] == ["高い".encode().decode("latin-1"), "高い"]


def test_groups_have_their_order_small_ones_are_counted_together_and_blanks_have_a_name(tmp_path):
    times = ["5回以上"] * 12 + ["初めて"] * 20 + ["2〜4回"] * 15 + [""] * 11 + ["毎日", "毎週"]
    rows = "".join(f"{'2026-01-05' if i % 4 else ''},{i % 11},{t}\n" for i, t in enumerate(times))
    (tmp_path / "a.csv").write_text(f"回答日,NPS,利用回数\n{rows}", "utf-8")
    scores = score_export([tmp_path / "a.csv"], {"date": "回答日"}, ["利用回数", "month"])
    table = scores.groups["利用回数"]
    assert table["group"].tolist() == ["初めて", "2〜4回", "5回以上", "(blank)", "(2 with fewer than 10 answers each)"]
    assert table["n"].tolist() == [20, 15, 12, 11, 2]
    assert scores.groups["month"]["group"].tolist() == ["2026-01", "(no date)"]
