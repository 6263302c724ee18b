"""Surveys at the edge, through the command a user runs: a report that says what it cannot know."""

from __future__ import annotations

import json

import pytest

from nps_nlp.cli import main

HEADER = "日付,NPS,理由,店舗\n"


def report(folder, rows, *options):
    path = folder / "x.csv"
    path.write_text(HEADER + "".join(",".join(map(str, row)) + "\n" for row in rows), "utf-8")
    assert main(["report", str(path), "--out", str(folder / "out"), "--language", "ja", *options]) == 0
    out = folder / "out"
    return json.loads((out / "analysis.json").read_text("utf-8")), (out / "report.html").read_text("utf-8")


NAMED = ("--score", "NPS", "--comment", "理由", "--segment", "店舗", "--date", "日付")


def test_one_respondent(tmp_path):
    content, page = report(tmp_path, [("2026-01-01", 3, "対応が遅い", "A")], *NAMED)
    nps = content["nps"]
    assert nps["score"] == nps["ci_low"] == -100
    assert "回答は 1 件だけです" in page
    assert "目安とされる400件に届いていません" in page
    assert "除いた場合との差（影響）は定義できません" in page


@pytest.mark.parametrize(
    ("scores", "empty"), [((9, 10, 8), "detractors"), ((7, 8), "promoters"), ((2, 10), "passives")]
)
def test_an_empty_category(tmp_path, scores, empty):
    rows = [
        (f"2026-01-{i % 28 + 1:02d}", scores[i % len(scores)], f"料理が美味しい{i}", "AB"[i % 2]) for i in range(60)
    ]
    content, page = report(tmp_path, rows, *NAMED)
    assert content["nps"][empty] == 0
    assert "nan" not in page.lower().replace("nano", "")


def test_a_theme_that_everybody_mentions_has_no_leave_out_impact_and_says_so(tmp_path):
    rows = [
        (f"2026-0{i % 6 + 1}-01", i % 11, f"価格が{'高い' if i % 2 else '安い'}です{i}", "AB"[i % 2])
        for i in range(120)
    ]
    content, page = report(tmp_path, rows, *NAMED)
    price = next(t for t in content["themes"] if t["id"] == "price")
    assert price["comments"] == 120
    assert price["impact"] is None
    assert price["impact_ci_low"] is None
    assert "書いた人の全員が「価格・料金」に触れている" in page


def test_a_segment_of_thousands_of_values_is_joined_as_other_and_said(tmp_path, capsys):
    rows = [
        (
            f"2026-0{i % 6 + 1}-01",
            i % 11,
            f"{'対応が遅い' if i % 3 else '価格が高い'}{i}",
            f"店{i % 5000 if i > 40 else i % 3}",
        )
        for i in range(5200)
    ]
    content, page = report(tmp_path, rows, *NAMED)
    groups = [s for s in content["segments"] if s["segment"] == "店舗"]
    assert len(groups) == 4  # three shops with ten answers or more
    assert groups[-1]["other"] is True
    assert sum(g["n"] for g in groups) == 5200
    assert "「店舗」（5,000 種類）" in page
    assert "値が 5,000 種類。回答が 10 件以上で多い 3 件を個別に示し、ほかはまとめた" in capsys.readouterr().out


def test_dates_that_cannot_be_read_or_lie_years_ahead_are_counted_and_not_used(tmp_path):
    dates = ("いつか", "2026-13-45", "", "2026-01-03", "2099-05-05")
    rows = [(dates[i % 5], i % 11, f"対応が遅い{i}", "AB"[i % 2]) for i in range(120)]
    content, page = report(tmp_path, rows, "--date", "日付")
    assert [t["period"] for t in content["trend"]] == ["2026-01"]
    assert content["nps"]["n"] == 120
    assert any("24 rows dated years ahead" in note for note in content["settings"]["notes"])
    assert "日付が何年も先のため日付を使わない行：24" in page


def test_perfectly_overlapping_themes_are_named(tmp_path):
    said = ("価格が高く、画面が使いにくい", "対応が早い")
    rows = [("2026-01-01", 3 if i % 2 else 9, f"{said[i % 2 == 0]}（{i}）", "A") for i in range(120)]
    content, _ = report(tmp_path, rows, *NAMED)
    left = {d["driver"]: d["left_out"] for d in content["importance"]["drivers"]}
    assert any(str(reason).startswith("collinear with") for reason in left.values())


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("comment", ["", "対応が遅い"])
def test_weights_that_are_zero_or_negative_are_set_aside_with_their_reason(tmp_path, comment):
    rows = [("2026-01-01", i % 11, f"{comment}{i}" if comment else "", (-1, 0, 2, 0.5)[i % 4]) for i in range(80)]
    content, _ = report(tmp_path, rows, *NAMED[:4], "--date", "日付", "--weight", "店舗")
    assert content["rows"]["read"] == 80
    assert content["rows"]["kept"] == 40
    assert content["settings"]["reasons"] == {"weight -1 is not above 0": 20, "weight 0 is not above 0": 20}
    assert content["weighting"]["n_effective"] == pytest.approx(
        (20 * 2 + 20 * 0.5) ** 2 / (20 * 4 + 20 * 0.25), abs=1e-5
    )
