from __future__ import annotations

import pytest

from nps_nlp.intake import open_export, read_export
from nps_nlp.intake.codings import GROUP_SCORES, labelled, reader_of
from nps_nlp.intake.profile import describe
from tests.intake.samples import refusal, write

ASK = "当社を友人に薦める可能性は？（0〜10）"


def export(path, heading, cells, **more):
    """Write a score column with comments, and other columns of the same length."""
    rows = [
        [heading, "理由", *more],
        *zip(cells, [f"対応がとても丁寧だった{i}" for i in range(len(cells))], *more.values(), strict=True),
    ]
    return write(path / "a.csv", rows)


@pytest.mark.parametrize(
    ("coding", "cell", "score"),
    [
        ("1-11", "1", 0), ("1-11", "１１", 10), ("1-11", "11 - Extremely likely", 10), ("1-11", "0", None),
        ("1-11", "12", None), ("1-11", "", None), ("groups", "Promoter", 9), ("groups", "passives", 7),
        ("groups", " 批判者 ", 3), ("groups", "推奨者（9〜10）", 9), ("groups", "1", 3), ("groups", "3", 9),
        ("groups", "9", None), ("groups", "", None), ("0-10", "10（非常に薦めたい）", 10),
    ],
)  # fmt: skip
def test_cells_in_every_coding(coding, cell, score):
    found, problem = reader_of(coding)(cell)
    assert found == score
    assert bool(problem) == (score is None)


@pytest.mark.parametrize(
    "names",
    [("推奨者", "中立者", "批判者"), ("Promoter", "Passive", "Detractor"), ("promoters", "neutral", "detractors")],
)
def test_groups_in_place_of_scores_give_the_exact_nps_and_are_said(names, tmp_path):
    path = export(tmp_path, "NPS区分", [names[i % 3] for i in range(60)])
    survey = read_export(path)
    assert survey.responses["score"].tolist() == [list(GROUP_SCORES.values())[i % 3] for i in range(60)]
    assert "holds NPS groups such as" in open_export(path).notes[0]


def test_a_score_beats_its_groups(tmp_path):
    groups = ["批判者" if i % 11 < 7 else "中立者" if i % 11 < 9 else "推奨者" for i in range(66)]
    export_ = open_export(export(tmp_path, "点数", [str(i % 11) for i in range(66)], NPS=groups))
    assert export_.columns.score == "点数"
    assert export_.notes == ()


def test_a_scale_from_one_is_read_where_the_evidence_is_clear_and_said(tmp_path):
    cells = [str(i % 11 + 1) for i in range(66)]
    export_ = open_export(export(tmp_path, ASK, cells))
    assert export_.codings == {ASK: "1-11"}
    assert export_.notes == (
        f"column {ASK!r} is counted from 1 to 11 where its question says 0 to 10: 1 was taken from each",
    )
    assert read_export(tmp_path / "a.csv").responses["score"].tolist() == [i % 11 for i in range(66)]
    groups = ["批判者" if i % 11 < 7 else "中立者" if i % 11 < 9 else "推奨者" for i in range(66)]
    export_ = open_export(export(tmp_path, "NPS", cells, 区分=groups))
    assert "as the groups in '区分' show" in export_.notes[0]


def test_a_scale_from_one_without_evidence_is_refused_with_the_option_that_confirms_it(tmp_path):
    path = export(tmp_path, "NPS", [str(i % 11 + 1) for i in range(66)])
    assert "confirm that with --score-coding 1-11" in refusal(lambda: open_export(path))
    export_ = open_export(path, score_coding="1-11")
    assert [chunk.responses["score"].tolist() for chunk in export_.chunks()] == [[i % 11 for i in range(66)]]
    assert export_.notes == ("column 'NPS' is read in the coding 1-11, as --score-coding says",)
    assert "unknown coding; choose one of 0-10, 1-11, groups" in refusal(lambda: open_export(path, score_coding="x"))


def test_a_scale_from_one_may_be_denied(tmp_path):
    path = export(tmp_path, ASK, [str(i % 11 + 1) for i in range(66)])
    assert "0 to 10" in refusal(lambda: open_export(path, score_coding="0-10"))


def test_few_elevens_are_slips(tmp_path):
    path = export(tmp_path, ASK, ["9"] * 300 + ["11"] * 3)
    survey = read_export(path)
    assert survey.log.reasons() == {"score 11 is outside 0–10": 3}


def test_labels_beside_the_number_are_read_and_said(tmp_path):
    cells = ["10（非常に薦めたい）" if i % 2 else "0（全く薦めたくない）" for i in range(40)]
    export_ = open_export(export(tmp_path, "NPS", cells))
    assert "the numbers in them were read" in export_.notes[0]
    assert labelled(describe("NPS", "NPS", ["9", "１０", "7.0"])) == ""
