"""Weights, companion questions, touchpoints and waves: recognised by name and contents, refused by reason."""

from __future__ import annotations

import pytest

from nps_nlp.errors import InputError
from nps_nlp.intake.companions import companion, is_weight, parse_weight, read_level
from nps_nlp.intake.export import open_export, read_export
from nps_nlp.intake.profile import describe

HEADER = "NPS,理由,年代,ウェイト\n"


def write(path, rows, header=HEADER):
    path.write_text(header + "".join(f"{r}\n" for r in rows), "utf-8")
    return path


def rows(weights):
    return [f"{i % 11},理由その{i}です,{'20代' if i % 2 else '30代'},{w}" for i, w in enumerate(weights)]


@pytest.mark.parametrize(
    "name", ["weight", "Weight", "ウェイト", "ウエイト", "wt", "survey_weight", "重み", "WB値ではない"]
)
def test_weights_are_found_by_their_name(name):
    profile = describe(name, name, ["0.8", "1.2", "1.1", "0.9"] * 5)
    assert bool(is_weight(profile)) is (name != "WB値ではない")


def test_a_body_weight_is_no_survey_weight():
    assert not is_weight(describe("weight", "weight", ["61", "72.5", "55", "80"] * 5))


def test_weights_that_cannot_be_used_are_set_aside_with_their_reason(tmp_path):
    path = write(tmp_path / "x.csv", rows(["1.2", "0.8", "0", "-1", "", "heavy", "inf", "１．１"] * 6))
    survey = read_export(path)
    assert survey.columns.weight == "ウェイト"
    assert survey.log.reasons() == {
        "weight 0 is not above 0": 6,
        "weight -1 is not above 0": 6,
        "blank weight": 6,
        "weight 'heavy' is not a number": 6,
        "weight inf is out of range": 6,
    }
    assert survey.log.read == survey.log.kept + len(survey.log.quarantined) == 48
    assert set(survey.responses["weight"]) == {1.2, 0.8, 1.1}


def test_a_named_column_without_weights_is_refused_in_one_sentence(tmp_path):
    path = write(tmp_path / "x.csv", rows(["1"] * 20))
    with pytest.raises(InputError, match=r"'年代' holds no survey weights.*--weight"):
        open_export(path, weight="年代")
    with pytest.raises(InputError, match="no column 'w'"):
        open_export(path, weight="w")


def test_weights_are_left_alone_where_the_user_says_none(tmp_path):
    path = write(tmp_path / "x.csv", rows(["0.5", "1.5"] * 10))
    assert open_export(path, weight="none").columns.weight is None


def test_a_file_without_the_weight_column_of_the_others_loses_nothing_silently(tmp_path):
    write(tmp_path / "a.csv", rows(["0.5", "1.5"] * 10))
    write(tmp_path / "b.csv", [r.rsplit(",", 1)[0] for r in rows(["1"] * 5)], "NPS,理由,年代\n")
    survey = read_export(tmp_path)
    assert (survey.log.kept, survey.log.reasons()) == (20, {"blank weight": 5})


@pytest.mark.parametrize(
    ("heading", "cells", "kind", "high", "first"),
    [
        ("満足度", ["とても満足", "満足", "どちらでもない", "不満", "とても不満"], "csat", 5, 5),
        ("総合満足度", ["5：とても満足", "4：やや満足", "3：どちらともいえない", "2：やや不満"], "csat", 5, 5),
        ("How satisfied are you?", ["Very dissatisfied", "Satisfied", "Neutral"], "csat", 5, 1),
        ("手続きは簡単でしたか", ["とても簡単", "簡単", "難しい"], "ces", 5, 5),
        ("CSAT", ["3", "5", "1", "4"], "csat", 5, 3),
        ("The company made it easy to solve my issue", ["7", "2", "5"], "ces", 7, 7),
        ("How much effort did you have to put forth?", ["1", "5", "2"], "ces", 5, 5),
        ("解決にかかった手間", ["1", "2", "3", "5"], "ces", 5, 5),
    ],
)
def test_companion_questions_know_their_scale_and_direction(heading, cells, kind, high, first):
    rating = companion(describe(heading, heading, cells * 4))
    assert (rating.kind, rating.low, rating.high) == (kind, 1, high)
    assert read_level(rating, cells[0]) == first


@pytest.mark.parametrize("cells", [["また行きたい", "機会があれば"], ["2.5", "3.5"], ["100", "250"], ["満足"], [""]])
def test_answers_on_no_known_scale_are_no_companion(cells):
    assert companion(describe("満足度", "満足度", cells * 6)) is None


def test_a_touchpoint_is_a_segment_and_a_wave_has_a_role(tmp_path):
    lines = [
        f"{i % 11},理由その{i}です,{'購入後' if i % 3 else 'サポート後'},第{i % 2 + 1}回,C{i:03d}" for i in range(60)
    ]
    path = write(tmp_path / "x.csv", lines, "NPS,理由,アンケート種別,調査回,顧客ID\n")
    columns = open_export(path).columns
    assert columns.touchpoint == "アンケート種別"
    assert columns.touchpoint in columns.segments
    assert (columns.wave, columns.respondent) == ("調査回", "顧客ID")
    assert open_export(path, touchpoint="none", wave="none").columns.touchpoint is None
    survey = read_export(path, key="顧客ID")
    assert survey.responses["key"].tolist()[:2] == ["C000", "C001"]
    assert set(survey.responses["wave"]) == {"第1回", "第2回"}


def test_parse_weight_reads_what_spreadsheets_write():
    assert [parse_weight(t)[0] for t in ("1", " 0.5 ", "1e-3", "１，２３４")] == [1.0, 0.5, 0.001, 1234.0]
