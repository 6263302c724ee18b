from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import read_export
from nps_nlp.survey import Columns, IntakeLog, SetAside
from tests.intake.samples import ja_rows, write

LOGS = st.builds(
    IntakeLog,
    read=st.integers(0, 9),
    kept=st.integers(0, 9),
    duplicates=st.integers(0, 9),
    quarantined=st.lists(st.builds(SetAside, st.text(), st.integers(), st.sampled_from("ab"), st.just([])), max_size=3),
    answers=st.integers(0, 9),
    fillers=st.integers(0, 9),
    notes=st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3)).map(Counter),
)


@given(LOGS, LOGS, LOGS)
def test_logs_add_up_in_any_grouping_and_change_no_part(a, b, c):
    before = repr((a, b, c))
    assert (a + b) + c == a + (b + c)
    assert a + IntakeLog() == a
    assert repr((a, b, c)) == before


def test_reasons_come_most_frequent_first():
    log = IntakeLog()
    for reason in ("blank score", "ragged", "blank score"):
        log.quarantine("a.csv", 2, reason, ["x"])
    assert list(log.reasons().items()) == [("blank score", 2), ("ragged", 1)]
    file, row, reason, cells = log.quarantined[0]
    assert (file, row, reason, cells) == ("a.csv", 2, "blank score", ["x"])


def test_columns_as_plain_data():
    columns = Columns("Q1", ("Q2",), questions={"Q2": "Why?"}, score_elsewhere=("Q9",))
    assert columns.to_dict() == {
        "score": ["Q1", "Q9"],
        "comments": ["Q2"],
        "date": None,
        "respondent": None,
        "segments": [],
    }
    assert (columns.question("Q2"), columns.question("Q1")) == ("Why?", "Q1")


def test_the_frames_of_a_survey_share_one_index(tmp_path):
    survey = read_export(write(tmp_path / "a.csv", ja_rows(30)))
    assert len(survey) == 30
    assert survey.responses.index.equals(survey.comments.index)
    assert survey.responses.index.equals(survey.segments.index)
