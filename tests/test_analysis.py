import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp import analyze, demo_path, read_export
from nps_nlp.errors import InputError, ModelError
from nps_nlp.privacy.masker import Masker

WHOLE = analyze(demo_path("en")).to_json()


@settings(max_examples=6)
@given(st.integers(1, 500))
def test_any_split_into_chunks_gives_the_same_bytes(rows):
    assert analyze(demo_path("en"), chunk_rows=rows).to_json() == WHOLE


def test_a_survey_in_memory_gives_the_numbers_of_its_file():
    survey = read_export(demo_path("en"))
    same, other = json.loads(analyze(survey).to_json()), json.loads(WHOLE)
    assert same["nps"] == other["nps"]
    assert same["themes"] == other["themes"]
    assert same["rows"] == other["rows"]


def test_a_data_frame_is_read_by_the_same_rules():
    frame = pd.DataFrame(
        {
            "nps": [10, 2, 8, None] * 10,
            "comment": ["Great staff", "The queue was endless", "Good value", ""] * 10,
            "plan": ["a", "b"] * 20,
        }
    )
    frame["comment"] = [f"{c} {i}" if c else c for i, c in enumerate(frame["comment"])]
    analysis = analyze(frame)
    assert analysis.nps.n == 30
    assert analysis.rows["quarantined"] == 10
    assert analysis.settings["columns"]["comments"] == ["comment"]


def test_statements_carry_their_evidence():
    analysis = analyze(demo_path("ja"))
    survey = read_export(demo_path("ja"))
    texts = dict(zip(survey.responses["row"], survey.comments.to_dict("records"), strict=True))
    assert analysis.statements is not None
    for s in analysis.statements.sample(200, random_state=1).itertuples():
        assert Masker().text(texts[s.row][s.question])[s.start : s.end] == s.text


def test_evidence_is_that_of_the_original_where_nothing_is_masked():
    analysis = analyze(demo_path("ja"), mask_pii=False)
    survey = read_export(demo_path("ja"))
    texts = dict(zip(survey.responses["row"], survey.comments.to_dict("records"), strict=True))
    assert analysis.settings["masked"] is None
    assert analysis.statements is not None
    assert all(texts[s.row][s.question][s.start : s.end] == s.text for s in analysis.statements.itertuples())


def test_themes_rest_on_the_writers_and_say_so():
    result = json.loads(WHOLE)
    assert result["writers"]["n"] + result["silent"]["n"] == result["nps"]["n"]
    assert result["settings"]["writers"] == result["writers"]["n"]
    for theme in result["themes"]:
        assert (
            theme["promoters"] + theme["passives"] + theme["detractors"] == theme["comments"] <= result["writers"]["n"]
        )
        if theme["impact"] is not None:
            assert theme["impact_ci_low"] - 1e-6 <= theme["impact"] <= theme["impact_ci_high"] + 1e-6


def test_the_language_of_the_report_is_that_of_the_comments_unless_asked():
    assert analyze(demo_path("ja")).settings["language"] == "ja"
    assert analyze(demo_path("ja"), language="en").settings["language"] == "en"


def test_own_taxonomy_with_a_theme_that_no_model_knows(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(
        'extends = "base"\n[[themes]]\nid = "kiosk"\nlabel_ja = "端末"\nlabel_en = "Kiosk"\nkeywords_en = ["kiosk"]\n',
        "utf-8",
    )
    analysis = analyze(demo_path("en"), taxonomy=path)
    assert analysis.themes.set_index("id").loc["kiosk", "comments"] >= 10


def test_unknown_model_and_taxonomy_say_what_there_is():
    with pytest.raises(ModelError, match="fast"):
        analyze(demo_path("en"), model="nosuch")
    with pytest.raises(InputError, match="base"):
        analyze(demo_path("en"), taxonomy="nosuch")


def test_fukui_is_read_whole(shared):
    survey_files = shared / "data" / "fukui"
    from nps_nlp.intake import open_export
    from nps_nlp.scoring import nps_of_scores

    export = open_export(survey_files)
    scores = [s for chunk in export.chunks() for s in chunk.responses["score"]]
    result = nps_of_scores(scores)
    assert (export.log.read, result.n, result.promoters, result.detractors) == (
        76_353,
        76_352,
        26_767,
        19_158,
    )
    assert result.score == pytest.approx(9.97, abs=0.005)
    assert export.log.answers == 94_462
    assert len(export.columns.comments) == 7
    assert {"年代", "性別", "都道府県", "6分類", "同行者"} <= set(export.columns.segments)
