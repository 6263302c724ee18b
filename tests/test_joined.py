"""Joined tables: every row that finds no partner is listed, and the numbers are those of the scoring room."""

from __future__ import annotations

import csv
import json

import pandas as pd
import pytest

from nps_nlp import analyze
from nps_nlp.cli import main
from nps_nlp.errors import InputError
from nps_nlp.scoring import CrmColumns, join_crm, rates_by_category, revenue_weighted_nps


@pytest.fixture
def answers() -> pd.DataFrame:
    n = 120
    return pd.DataFrame(
        {
            "NPS": [(i * 5) % 11 for i in range(n)],
            "理由": [f"{'対応が遅い' if i % 2 else '料理が美味しい'}です{i}" for i in range(n)],
            "調査回": [f"第{i // 60 + 1}回" for i in range(n)],
            "顧客ID": [f"C{i % 60:03d}" for i in range(n)],
        }
    )


@pytest.fixture
def crm() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "顧客ID": [f"C{i:03d}" for i in range(10, 70)],
            "取引先名": [f"取引先{i % 5}" for i in range(60)],
            "年間売上": [f"{(i % 7) * 1000:,}円" for i in range(60)],
            "更新": ["はい" if i % 3 else "いいえ" for i in range(60)],
            "更新日": ["2026/04/01"] * 60,
        }
    )


def test_the_crm_numbers_are_those_of_the_scoring_room(answers, crm):
    found = analyze(answers, crm=crm).joined
    assert found.crm_columns == {"account": "取引先名", "revenue": "年間売上", "renewal": "更新"}
    columns = CrmColumns("顧客ID", score="NPS", account="取引先名", revenue="年間売上", renewal="更新")
    join = join_crm(answers, crm, columns)
    assert found.outcomes.revenue_weighted.score == pytest.approx(revenue_weighted_nps(join).score)
    pd.testing.assert_frame_equal(found.outcomes.rates, rates_by_category(join))


def test_rows_that_do_not_join_are_counted_and_listed(answers, crm, tmp_path, capsys):
    answers.loc[0, "顧客ID"] = "=cmd|' /C calc'!A0"
    answers.to_csv(tmp_path / "x.csv", index=False)
    crm.to_csv(tmp_path / "crm.csv", index=False)
    out = tmp_path / "out"
    assert main(["report", str(tmp_path / "x.csv"), "--crm", str(tmp_path / "crm.csv"), "--out", str(out)]) == 0
    rows = list(csv.reader((out / "unjoined.csv").read_text("utf-8-sig").splitlines()))[1:]
    # C000–C009 answered twice and are not in the CRM; C060–C069 are in it and did not answer.
    assert [r[0] for r in rows].count("survey") == 20
    assert [r[0] for r in rows].count("crm") == 10
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "結び付かなかったのは、回答者20人とCRM10行です" in capsys.readouterr().out
    page = (out / "report.html").read_text("utf-8")
    assert "売上で重み付けした NPS" in page
    assert json.loads((out / "analysis.json").read_text("utf-8"))["joined"]["outcomes"]["unjoined"] == {
        "survey": 20,
        "crm": 10,
    }


def test_people_who_answered_twice_are_followed(answers):
    panel = analyze(answers).joined.panel
    assert (panel.before, panel.after, panel.moves.n) == ("第1回", "第2回", 60)
    assert panel.moves.up + panel.moves.down + panel.moves.stayed == 60
    assert set(panel.said["move"]) <= {"up", "down"}
    first, second = answers["NPS"][:60].to_numpy(), answers["NPS"][60:].to_numpy()
    assert panel.moves.test.difference == pytest.approx(
        100 * (((second >= 9).mean() - (second <= 6).mean()) - ((first >= 9).mean() - (first <= 6).mean()))
    )
    assert analyze(answers, wave="none").joined is None


def test_waves_can_be_stretches_of_time(answers):
    dated = answers.drop(columns="調査回").assign(日付=["2026-01-10"] * 60 + ["2026-04-10"] * 60)
    assert analyze(dated).joined is None
    panel = analyze(dated, waves="quarter").joined.panel
    assert (panel.before, panel.after) == ("2026Q1", "2026Q2")


def test_invitations_give_the_response_rate_and_who_stayed_silent(answers):
    invited = pd.DataFrame(
        {"顧客ID": [f"C{i:03d}" for i in range(200)], "業種": ["製造" if i < 60 else "小売" for i in range(200)]}
    )
    response = analyze(answers, invitations=invited).joined.response
    assert (response.rate.rate.hits, response.rate.rate.n) == (60, 200)
    table = response.tables["業種"].table.set_index("segment")
    assert table.loc["製造", "answered"] == 60
    assert table.loc["小売", "answered"] == 0
    assert response.tables["業種"].without_answers == ("小売",)


def test_what_cannot_be_joined_is_refused_in_one_sentence(answers, crm):
    with pytest.raises(InputError, match="--crm-key"):
        analyze(answers, crm=crm.rename(columns={"顧客ID": "番号"}))
    with pytest.raises(InputError, match="no respondent joins"):
        analyze(answers, crm=crm.assign(顧客ID="zzz" + crm["顧客ID"]))
    with pytest.raises(InputError, match="--key"):
        analyze(answers.drop(columns="顧客ID"), crm=crm)
    with pytest.raises(InputError, match="--waves"):
        analyze(answers.drop(columns=["顧客ID", "調査回"]), waves="month")


def test_a_crm_column_that_cannot_be_read_is_left_and_said(answers, crm):
    found = analyze(answers, crm=crm.assign(更新="たぶん")).joined
    assert "renewal" not in found.crm_columns
    assert any("not used as renewal" in note for note in found.notes)


def test_people_with_addresses_as_ids_are_followed_but_not_shown(answers, crm, tmp_path):
    answers["顧客ID"] = "person" + answers["顧客ID"].str[1:] + "@example.com"
    crm["顧客ID"] = "person" + crm["顧客ID"].str[1:] + "@example.com"
    analysis = analyze(answers, crm=crm, respondent="顧客ID", key="顧客ID")
    assert analysis.joined.panel.moves.n == 60
    assert analysis.joined.outcomes.join.customers == 50
    analysis.to_excel(tmp_path / "x.xlsx")
    for table in (analysis.joined.unjoined["key"], analysis.joined.panel.moves.moved["respondent"]):
        assert not table.str.contains("@").any()
    assert "@example.com" not in analysis.to_html() + analysis.to_json()
