"""The scorecard: weights, companion questions, touchpoints, benchmarks, from a survey to the report."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp import analyze
from nps_nlp.cli import main
from nps_nlp.scorecard import build_scorecard, everybody, score_of
from nps_nlp.scoring import mean_score, nps_of_scores, top_box, weighted_nps_of_scores
from nps_nlp.survey import Columns, Rating
from nps_nlp.tally import ALL, Tally

KINDS = ("購入後", "サポート後", "年次リレーショナル")


def frame(weights=None, n=240) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "NPS": [(i * 7) % 11 for i in range(n)],
            "理由": [f"{'対応が遅い' if i % 2 else '料理が美味しい'}です{i}" for i in range(n)],
            "アンケート種別": [KINDS[i % 3] for i in range(n)],
            "満足度": [("とても満足", "満足", "どちらでもない", "不満", "とても不満")[i % 5] for i in range(n)],
        }
    )
    return table if weights is None else table.assign(weight=[weights[i % len(weights)] for i in range(n)])


def plain(analysis) -> dict:
    content = json.loads(analysis.to_json())
    content.pop("settings")
    return content


@pytest.mark.parametrize("weight", ["1", "1.0", "0.75", "1.3"])
def test_equal_weights_give_the_bytes_of_the_unweighted_survey_but_for_the_settings(weight):
    weighted = analyze(frame([weight]))
    assert weighted.settings["columns"]["weight"] == "weight"
    assert json.dumps(plain(weighted)) == json.dumps(plain(analyze(frame())))
    assert "すべて同じ値" in weighted.to_html(language="ja")


def test_a_weighted_survey_says_so_everywhere(tmp_path):
    analysis = analyze(frame(["0.6", "1.2", "1.2"]))
    scores = [(i * 7) % 11 for i in range(240)]
    expected = weighted_nps_of_scores(scores, [(0.6, 1.2, 1.2)[i % 3] for i in range(240)])
    assert analysis.nps.score == pytest.approx(expected.score)
    assert (analysis.nps.ci_low, analysis.nps.ci_high) == pytest.approx((expected.ci_low, expected.ci_high))
    assert analysis.nps.n == 240
    weighting = analysis.scorecard.weighting
    assert weighting.result.n_effective == pytest.approx(expected.n_effective)
    assert weighting.unweighted.score == pytest.approx(nps_of_scores(scores).score)
    content = json.loads(analysis.to_json())
    assert content["weighting"]["design_effect"] == pytest.approx(240 / expected.n_effective, abs=1e-6)
    assert "n_effective" in content["segments"][0]
    assert "デザイン効果" in analysis.to_html(language="ja")
    analysis.to_excel(tmp_path / "x.xlsx")


def test_companions_agree_with_the_scoring_room():
    analysis = analyze(frame())
    levels = [(5, 4, 3, 2, 1)[i % 5] for i in range(240)]
    row = analysis.scorecard.companions.iloc[0]
    share, mean = top_box(levels), mean_score(levels, 1, 5)
    assert (row["kind"], row["boxes"], row["n"]) == ("csat", 2, 240)
    assert (row["top_box"], row["top_box_ci_low"]) == pytest.approx((share.share, share.ci_low))
    assert (row["mean"], row["mean_ci_high"]) == pytest.approx((mean.mean, mean.ci_high))


def test_scores_of_different_kinds_are_shown_apart_and_mixing_is_said(tmp_path, capsys):
    path = tmp_path / "x.csv"
    frame().to_csv(path, index=False)
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "種類の異なる 3 件のスコアが混ざっている" in said
    assert "関係全体（リレーショナル）・年次リレーショナル" in said
    content = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))
    assert content["touchpoints_mixed"] is True
    assert {t["kind"] for t in content["touchpoints"]} == {"transactional", "relational"}
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "種類の異なる 3 件のスコア" in page


def test_other_break_points_change_every_category_and_are_named(tmp_path, capsys):
    path = tmp_path / "x.csv"
    frame().to_csv(path, index=False)
    assert main(["report", str(path), "--out", str(tmp_path / "out"), "--break-points", "5,8"]) == 0
    content = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))
    scores = [(i * 7) % 11 for i in range(240)]
    assert content["nps"]["promoters"] == sum(s >= 8 for s in scores)
    assert content["nps"]["detractors"] == sum(s <= 5 for s in scores)
    assert sum(t["detractors"] for t in content["segments"]) == content["nps"]["detractors"]
    assert content["break_points"][0]["nps"] == content["nps"]["score"]
    assert "8〜10 点" in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "区切りは 5,8" in capsys.readouterr().out
    assert main(["score", str(path), "--json", "--break-points", "5,8"]) == 0
    assert json.loads(capsys.readouterr().out)["nps"]["score"] == pytest.approx(content["nps"]["score"])
    with pytest.raises(SystemExit):
        main(["report", str(path), "--break-points", "9,6"])


def test_a_survey_of_employees_has_an_enps():
    table = frame().rename(columns={"NPS": "この会社を働く場として親しい友人にすすめる可能性（0〜10）"})
    analysis = analyze(table)
    assert analysis.scorecard.metric == "eNPS"
    page = analysis.to_html(language="ja")
    assert "eNPS（従業員ネット・プロモーター・スコア）" in page
    assert "お客様自身の言葉で" not in page
    assert analyze(table, metric="NPS").scorecard.metric == "NPS"


def test_the_packaged_benchmarks_stand_beside_the_own_score_with_the_reading():
    analysis = analyze(frame(), benchmarks="ntt_com_online_2022", industry="銀行")
    table = analysis.scorecard.benchmarks
    assert table["score"].tolist() == [-22.9]
    assert table["difference"].iloc[0] == pytest.approx(analysis.nps.score + 22.9)
    page = analysis.to_html(language="ja")
    assert "業界のスコアと比べる" in page
    assert "一般的な目安では" in page
    assert analyze(frame(), benchmarks="ntt_com_online_2022").scorecard.reading is None


def test_few_responses_and_a_heap_in_the_middle_are_said():
    table = frame()
    table["NPS"] = [5, 5, 5, 7, 9, 5, 6, 8] * 30
    page = analyze(table).to_html(language="ja")
    assert "目安とされる400件に届いていません" in page
    assert "回答が中央に集まっています" in page


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(1, 9)), min_size=1, max_size=40))
def test_a_weighted_tally_gives_the_weighted_score_of_its_responses(people):
    tally = Tally()
    for score, weight in people:
        masses = [1], ([weight * 2**40], [(weight * 2**40) ** 2])
        tally.count("responses", [(ALL, ALL, "", score)], *masses)
        tally.count("ratings", [("q", score % 5 + 1)], *masses)
    expected = weighted_nps_of_scores([s for s, _ in people], [w for _, w in people])
    found = score_of(tally, everybody(tally), 0.95)
    assert found.score == pytest.approx(expected.score, abs=1e-9)
    assert -100 <= found.ci_low <= found.ci_high <= 100
    card = build_scorecard(tally, Columns("s", weight="w", ratings=(Rating("q", "csat", 1, 5),)), confidence=0.95)
    share = sum(w for s, w in people if s % 5 + 1 >= 4) / sum(w for _, w in people)
    assert card.companions["top_box"].iloc[0] == pytest.approx(share)
