from __future__ import annotations

import openpyxl
import pytest

from nps_nlp.intake import open_export, read_export
from nps_nlp.intake.answer_key import read_answer_key
from nps_nlp.intake.rows import Row

HEAD = ["回答者ID", "SEX", "q1s1", "q1s2", "q3_1", "q3_2", "q5", "q5t1"]
SCALE = ["0（全く薦めたくない）", *map(str, range(1, 10)), "10（非常に薦めたい）"]
BELOW = [
    ["設問番号", "設問文", "形式", "番号", "選択肢"],
    ["SEX", "性別", "SA", "1", "男性"],
    ["", "", "", "2", "女性"],
    ["q1", "次の項目の満足度", "MTSA", "1", "価格"],
    ["", "", "", "2", "接客"],
    ["", "", "", "1", "満足"],
    ["", "", "", "2", "不満"],
    ["q3", "利用したもの", "MA", "1", "店舗"],
    ["", "", "", "2", "通販"],
    ["q5", "当社を友人に薦めたいと思いますか", "SA", "1", SCALE[0]],
    *[["", "", "", str(i + 1), label] for i, label in enumerate(SCALE) if i],
    ["q5t1", "その理由", "FA", "", ""],
]
BESIDE = [
    ["【SEX】", "性別", "1：男性", "2：女性"],
    ["【q1】", "次の項目の満足度", "1：価格", "2：接客"],
    ["", "", "1：満足", "2：不満"],
    ["【q3】", "利用したもの", "1：店舗", "2：通販"],
    ["【q5】", "当社を友人に薦めたいと思いますか", *(f"{i + 1}：{label}" for i, label in enumerate(SCALE))],
    ["【q5t1】", "その理由"],
]


def rows(cells):
    return [Row(i, list(row)) for i, row in enumerate(cells, start=1)]


def answer(i):
    why = f"対応がとても丁寧で早かった（{i}）"
    return [f"S{i:05}", i % 2 + 1, i % 2 + 1, 1, i % 2, 1 if i % 3 else None, i % 11 + 1, why if i % 4 else None]


def workbook(path, key, titles=2, n=60):
    book = openpyxl.Workbook()
    data = book.active
    data.title = "ローデータ"
    for title in ["顧客満足度調査", "2024年5月"][:titles]:
        data.append([title])
    data.append(HEAD)
    for i in range(n):
        data.append(answer(i))
    sheet = book.create_sheet("回答キー")
    for row in key:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("key", [BELOW, BESIDE], ids=["below", "beside"])
def test_numbers_become_answers(key):
    found = read_answer_key(rows(key), HEAD)
    assert found is not None
    assert found.labels("SEX", {"1", "2"}) == {"1": "男性", "2": "女性"}
    assert found.labels("q1s2", {"2"}) == {"1": "満足", "2": "不満"}
    assert found.label("q3", "2") == "通販"
    assert found.labels("q5", {"11", "1"})["11"] == SCALE[10]
    assert found.text("q1s2") == "次の項目の満足度 - 接客"
    assert found.text("q5t1") == "その理由"
    assert found.labels("SEX", {"1", "3"}) is None
    assert found.labels("SEX", set()) is None


def test_a_sheet_about_something_else_is_no_key():
    assert read_answer_key(rows([["made by", "Ann"], ["1", "x"]]), HEAD) is None
    assert read_answer_key(rows([["q5", "text only"]]), HEAD) is None
    assert read_answer_key(rows([]), HEAD) is None


def test_eleven_steps_without_numbers_do_not_hide_the_score():
    words = [
        ["q5", "薦めたいですか", "SA", "1", "全く薦めない"],
        *[["", "", "", str(i), f"段階{'一二三四五六七八九十末'[i - 1]}"] for i in range(2, 12)],
    ]
    assert read_answer_key(rows(words), HEAD).labels("q5", {"1", "11"}) is None


@pytest.mark.parametrize("titles", [0, 2])
@pytest.mark.parametrize("key", [BELOW, BESIDE], ids=["below", "beside"])
def test_a_panel_workbook_with_its_key(key, titles, tmp_path):
    survey = read_export(workbook(tmp_path / "a.xlsx", key, titles))
    assert (survey.columns.score, survey.columns.comments, survey.columns.respondent) == ("q5", ("q5t1",), "回答者ID")
    assert survey.responses["score"].tolist() == [i % 11 for i in range(60)]
    assert survey.segments["SEX"].tolist() == [["男性", "女性"][i % 2] for i in range(60)]
    assert survey.segments["q3"].tolist()[:4] == ["", "店舗; 通販", "通販", "店舗"]
    assert survey.columns.question("q5") == "当社を友人に薦めたいと思いますか"
    assert survey.columns.question("q3") == "利用したもの"
    assert survey.log.rows() == {"read": 60, "kept": 60, "quarantined": 0, "duplicates": 0}
    source = open_export(tmp_path / "a.xlsx").sources[0]
    assert source.tool == "japanese_panel"
    assert "option numbers were replaced by the answers that sheet '回答キー' explains" in source.notes


def test_few_answers_beside_a_long_key(tmp_path):
    survey = read_export(workbook(tmp_path / "a.xlsx", BELOW, n=12))
    assert survey.responses["score"].tolist() == [*range(11), 0]


def test_without_the_key_the_scale_is_not_guessed(tmp_path):
    from tests.intake.samples import refusal

    path = workbook(tmp_path / "a.xlsx", [["", "q9"]])
    assert "--score" in refusal(lambda: open_export(path))
    assert "--score-coding 1-11" in refusal(lambda: open_export(path, score="q5"))
    assert len(read_export(path, score="q5", score_coding="1-11")) == 60
