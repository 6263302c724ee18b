from __future__ import annotations

import pytest

from nps_nlp.intake import open_export, read_export
from tests.intake.samples import write

N = 44


def export(path, columns):
    """Write columns (heading → cell of row i) beside a score and read the file."""
    head = ["NPS", *columns]
    rows = [[str(i % 11), *(cell(i) for cell in columns.values())] for i in range(N)]
    return read_export(write(path / "a.csv", [head, *rows]))


@pytest.mark.parametrize(
    "headings",
    [
        ("利用したもの - Web", "利用したもの - 電話"),
        ("利用したもの [Web]", "利用したもの [電話]"),
        ("利用したもの【Web】", "利用したもの【電話】"),
        ("利用したもの：Web", "利用したもの：電話"),
        ("利用したもの/Web", "利用したもの/電話"),
    ],
)
@pytest.mark.parametrize("marks", [("1", "0"), ("1", ""), ("○", ""), ("はい", "いいえ"), ("TRUE", "FALSE")])
def test_a_multiple_choice_becomes_one_segment(headings, marks, tmp_path):
    yes, no = marks
    survey = export(
        tmp_path, {headings[0]: lambda i: yes if i % 2 else no, headings[1]: lambda i: yes if i % 3 else no}
    )
    assert survey.columns.segments == ("利用したもの",)
    expected = ["; ".join([*["Web"] * (i % 2 > 0), *["電話"] * (i % 3 > 0)]) for i in range(N)]
    assert survey.segments["利用したもの"].tolist() == expected
    decided = {d.heading: d for d in survey.columns.decisions}
    assert {decided[h].role for h in headings} == {"option"}
    assert decided[headings[0]].reason == "an option of '利用したもの'"


def test_an_option_before_its_question(tmp_path):
    columns = {"Web:Which?": lambda i: "Web" if i % 2 else "", "App:Which?": lambda i: "App" if i % 3 else ""}
    survey = export(tmp_path, columns)
    assert survey.segments["Which?"].tolist()[:4] == ["", "Web; App", "App", "Web"]


def test_options_without_a_question_are_named_by_themselves(tmp_path):
    survey = export(tmp_path, {"Web": lambda i: "Web" if i % 2 else "", "Phone": lambda i: "Phone" if i % 3 else ""})
    assert survey.columns.segments == ("Web / Phone",)


def test_the_words_of_others_count_as_the_option(tmp_path):
    columns = {"Used: Web": lambda i: str(i % 2), "Used: Other (please specify)": lambda i: "by post" if i == 5 else ""}
    survey = export(tmp_path, columns)
    assert survey.segments["Used"].tolist()[5] == "Web; Other (please specify)"


@pytest.mark.parametrize(
    "columns",
    [
        {"対応 - 速さ": lambda i: str(i % 5 + 1), "対応 - 丁寧さ": lambda i: str(i % 4 + 1)},
        {"ご意見 - 店舗": lambda i: f"広くて良かったです{i}", "ご意見 - その他": lambda i: f"特に困りませんでした{i}"},
        {"Newsletter - yes": lambda i: str(i % 2)},
        {"温泉": lambda i: str(i % 2), "食べ物": lambda i: str(int(i % 3 > 0))},
    ],
)
def test_ratings_comments_and_lone_columns_are_no_multiple_choice(columns, tmp_path):
    survey = export(tmp_path, columns)
    assert [d.heading for d in survey.columns.decisions] == ["NPS", *columns]


def test_many_combinations_are_no_segment_and_a_name_that_is_taken_stays_apart(tmp_path):
    survey = export(tmp_path, {f"Used - {n}": lambda i, n=n: str(i >> n & 1) for n in range(6)})
    assert survey.columns.segments == ()
    assert {d.role for d in survey.columns.decisions if d.heading == "Used"} == {"multi_select"}
    assert read_export(tmp_path / "a.csv", segments=["Used"]).columns.segments == ("Used",)
    columns = {"Used": lambda i: "x", "Used - A": lambda i: str(i % 2), "Used - B": lambda i: str(int(i % 3 > 0))}
    assert [d.heading for d in export(tmp_path, columns).columns.decisions] == ["NPS", *columns]


def test_ragged_rows_keep_their_account_beside_a_fold(tmp_path):
    rows = [["NPS", "Q - A", "Q - B"], *[[str(i % 11), "1", ""] for i in range(N)], ["9"], ["9", "1", "1", "x"]]
    export_ = open_export(write(tmp_path / "a.csv", rows))
    kept = sum(len(chunk) for chunk in export_.chunks())
    assert (export_.log.read, kept, len(export_.log.quarantined)) == (N + 2, N, 2)
    assert export_.log.quarantined[-1].cells == ["9", "1", "1", "x"]


def _surveymonkey(answers):
    head = ["Respondent ID", "Collector ID", "How likely are you to recommend us?", "Used?", "", "Bought?", "", ""]
    options = ["", "", "Response", "Web", "Phone", "Shoes", "Bags", "Other (please specify)"]
    names = options[3:]
    return [
        head,
        options,
        *([118_000 + i, 7, i % 11, *(n * a for n, a in zip(names, chosen, strict=True))] for i, chosen in answers),
    ]


def _qualtrics(answers):
    ids = ["ResponseId", "Q1", "Q2_1", "Q2_2", "Q3_1", "Q3_2", "Q3_3"]
    used, bought = "Used? - Selected Choice - ", "Bought? - Selected Choice - "
    texts = [used + "Web", used + "Phone", bought + "Shoes", bought + "Bags", bought + "Other (please specify)"]
    head = [ids, ["Response ID", "How likely are you to recommend us?", *texts], [f'{{"ImportId":"{i}"}}' for i in ids]]
    names = [text.rpartition(" - ")[2] for text in texts]
    return [
        *head,
        *([f"R_{i:015}", i % 11, *(n * a for n, a in zip(names, chosen, strict=True))] for i, chosen in answers),
    ]


def _panel(answers):
    head = [["SAMPLEID", "q1", "q2_1", "q2_2", "q3_1", "q3_2", "q3_3"]]
    texts = ["No.", "How likely are you to recommend us?", "Used?", "Used?", "Bought?", "Bought?", "Bought?"]
    options = ["", "", "Web", "Phone", "Shoes", "Bags", "Other (please specify)"]
    return [*head, texts, options, *([i + 1, i % 11, *map(int, chosen)] for i, chosen in answers)]


@pytest.mark.parametrize("shape", [_surveymonkey, _qualtrics, _panel])
def test_two_multiple_choices_side_by_side_stay_two(shape, tmp_path):
    answers = [(i, [i % 2 > 0, i % 3 > 0, i % 2 == 0, i % 5 == 0, i % 7 == 0]) for i in range(N)]
    survey = read_export(write(tmp_path / "a.csv", shape(answers)))
    used, bought = survey.columns.segments
    assert [survey.columns.questions.get(h, h) for h in (used, bought)] == ["Used?", "Bought?"]
    assert survey.segments[used].tolist() == ["; ".join(["Web"] * c[0] + ["Phone"] * c[1]) for _, c in answers]
    assert survey.segments[bought].tolist() == [
        "; ".join(["Shoes"] * c[2] + ["Bags"] * c[3] + ["Other (please specify)"] * c[4]) for _, c in answers
    ]
