"""Every preset on exports in the tool's real shape, and on damaged ones."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from nps_nlp.intake import open_export, read_export
from nps_nlp.intake.tools import presets, recognise
from tests.intake.samples import assert_accounted, csv_text, refusal, write
from tests.intake.samples_nps_tools import EXPORTS
from tests.intake.samples_tools import N, jsonl, qualtrics, surveymonkey


@pytest.fixture(params=EXPORTS)
def shape(request):
    return EXPORTS[request.param]


def export(shape, path, content=None):
    return write(path / f"export{shape.suffix}", shape.content() if content is None else content)


def roles(columns):
    return columns.score, columns.comments, columns.date, columns.respondent


def test_an_export_in_its_real_shape(shape, tmp_path):
    survey = read_export(export(shape, tmp_path))
    assert roles(survey.columns) == (shape.score, shape.comments, shape.date, shape.respondent)
    assert set(shape.segments) <= set(survey.columns.segments), survey.columns.segments
    assert survey.responses["date"].dt.strftime("%Y-%m").eq("2024-05").all()
    assert survey.responses["score"].nunique() == 11
    assert_accounted(survey)
    assert (survey.log.read, len(survey.log.quarantined)) == (shape.answers, shape.dropped), survey.log.reasons()
    assert survey.log.kept == N - (shape.dropped if shape.tool != "salesforce" else 0)
    assert not any("example.com" in cell for cell in survey.responses["respondent"])


def test_the_tool_is_recognised(shape, tmp_path):
    assert open_export(export(shape, tmp_path)).sources[0].tool == shape.tool


def test_the_name_of_the_file_says_nothing(shape, tmp_path):
    path = write(tmp_path / f"qualtrics surveymonkey{shape.suffix}", shape.content())
    assert open_export(path).sources[0].tool == shape.tool


def test_naming_the_tool_changes_nothing(shape, tmp_path):
    path = export(shape, tmp_path)
    found, named = open_export(path), open_export(path, tool=shape.tool)
    assert named.columns == found.columns
    assert named.sources == found.sources


# --- damage -----------------------------------------------------------------------------------------------


def test_shuffled_columns(shape, tmp_path):
    head = len(shape.rows) - N if shape.tool != "salesforce" else 1
    width = len(shape.rows[head - 1])
    order = random.Random(5).sample(range(width), width)
    rows = [[row[at] for at in order] if len(row) == width else row for row in shape.rows]
    found = read_export(export(shape, tmp_path, shape.with_rows(rows).content()))
    assert open_export(tmp_path / f"export{shape.suffix}").sources[0].tool == shape.tool
    assert found.columns.score == shape.score
    assert (set(found.columns.comments), found.columns.date) == (set(shape.comments), shape.date)
    assert (found.log.read, len(found.log.quarantined)) == (shape.answers, shape.dropped)


def test_a_file_that_is_cut_off(shape, tmp_path):
    content = shape.content()
    cut = content[: int(len(content) * 0.8) // 2 * 2]
    survey = read_export(export(shape, tmp_path, cut))
    assert roles(survey.columns) == (shape.score, shape.comments, shape.date, shape.respondent)
    assert_accounted(survey)
    assert 0.5 * N < survey.log.kept < N


def test_mixed_line_ends_and_lost_delimiters(shape, tmp_path):
    if shape.write is jsonl:
        pytest.skip("JSON lines have no delimiters")
    encoding = {".tsv": "utf-16"}.get(shape.suffix, "cp932" if shape.write.__name__ == "cp932" else "utf-8")
    lines = shape.content().decode(encoding).split("\r\n")
    lines.insert(len(lines) - 8, "no delimiter left")
    ends = ["\r\n", "\n", "\r"]
    text = "".join(line + ends[i // 3 % 2] for i, line in enumerate(lines) if line)
    survey = read_export(export(shape, tmp_path, text.encode(encoding)))
    assert roles(survey.columns) == (shape.score, shape.comments, shape.date, shape.respondent)
    assert_accounted(survey)
    assert survey.log.read == shape.answers + 1
    assert "no delimiter left" in [aside.cells[0] for aside in survey.log.quarantined]


def test_title_rows_and_blank_lines_above(shape, tmp_path):
    if shape.write is jsonl or shape.suffix == ".tsv":
        pytest.skip("only spreadsheets carry titles")
    width = len(shape.rows[-N])
    rows = [["NPS, May 2024", *[""] * (width - 1)], [""] * width, *shape.rows]
    found = open_export(export(shape, tmp_path, shape.with_rows(rows).content()))
    assert found.sources[0].tool == shape.tool
    assert roles(found.columns) == (shape.score, shape.comments, shape.date, shape.respondent)
    assert sum(len(chunk) for chunk in found.chunks()) == found.log.kept
    assert found.log.read == shape.answers


def test_without_its_row_of_headings_an_export_is_refused_or_accounted_for(shape, tmp_path):
    if shape.write is jsonl:
        pytest.skip("JSON lines carry their names")
    path = export(shape, tmp_path, shape.with_rows(shape.rows[-N:]).content())
    found = open_export(path, need_score=False)
    if found.columns.score:
        assert sum(len(chunk) for chunk in found.chunks()) == found.log.kept
    else:
        refusal(lambda: open_export(path))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_qualtrics_without_one_of_its_three_rows_of_headings(lost, tmp_path):
    rows = qualtrics()
    survey = read_export(write(tmp_path / "a.csv", [*rows[:lost], *rows[lost + 1 :]]))
    assert open_export(tmp_path / "a.csv").sources[0].tool == "qualtrics"
    assert survey.log.rows() == {"read": N, "kept": N - 2, "quarantined": 2, "duplicates": 0}
    assert survey.columns.question(survey.columns.score) in {"How likely are you to recommend us?", "Q1"}
    assert survey.columns.respondent == "ResponseId"
    assert len(survey.columns.comments) == 1


def test_surveymonkey_after_a_round_trip_through_pandas(tmp_path):
    first, second, *rows = surveymonkey()
    mangled = [cell or f"Unnamed: {at}" for at, cell in enumerate(first)]
    path = write(tmp_path / "a.csv", [["", *mangled], *([i, *row] for i, row in enumerate([second, *rows]))])
    survey = read_export(path)
    shape = EXPORTS["surveymonkey"]
    assert open_export(path).sources[0].tool == "surveymonkey"
    assert roles(survey.columns) == (shape.score, shape.comments, shape.date, shape.respondent)
    assert set(shape.segments) <= set(survey.columns.segments)
    assert survey.log.kept == N


def test_surveymonkey_without_its_second_row_of_headings(tmp_path):
    first, _, *rows = surveymonkey()
    survey = read_export(write(tmp_path / "a.csv", [first, *rows]))
    assert (survey.columns.score, survey.log.kept) == (EXPORTS["surveymonkey"].score, N)


# --- particulars ------------------------------------------------------------------------------------------


def test_rows_that_the_tool_marks_are_counted_with_their_reason(tmp_path):
    survey = read_export(export(EXPORTS["qualtrics en"], tmp_path))
    assert survey.log.reasons() == {"preview, test or spam answer (Status)": 2}
    assert survey.log.notes == {"answers that were not finished, kept where they hold a score": 1}
    survey = read_export(export(EXPORTS["mixpanel"], tmp_path))
    assert survey.log.reasons() == {"the tool wrote the same answer twice (same id)": 1}
    assert survey.log.rows() == {"read": N, "kept": N - 1, "quarantined": 1, "duplicates": 1}
    survey = read_export(export(EXPORTS["salesforce"], tmp_path))
    assert survey.log.reasons()["a line of the report below its rows, no answer"] == 4


def test_a_question_text_names_its_column_in_qualtrics(tmp_path):
    path = write(tmp_path / "export.csv", qualtrics())
    survey = read_export(path, score="How likely are you to recommend us?", comments=["Why?"], segments="Your plan")
    assert (survey.columns.score, survey.columns.comments, survey.columns.segments) == ("Q1", ("Q2",), ("Q3",))
    assert survey.columns.question("Q2") == "Why?"


def test_the_comments_of_the_owner_are_no_comments_of_respondents(tmp_path):
    columns = open_export(export(EXPORTS["alchemer"], tmp_path)).columns
    assert not {"Comments", "Legacy Comments"} & set(columns.comments)


def test_a_salesforce_report_is_recognised_by_its_end_in_long_files(tmp_path):
    head, *rows = EXPORTS["salesforce"].rows
    content = csv_text([head, *rows[:N] * 200, *rows[N:]])
    assert open_export(write(tmp_path / "a.csv", content)).sources[0].tool == "salesforce"


def test_a_formatted_report_keeps_its_frame_out_of_the_answers(tmp_path):
    head, *rows = EXPORTS["salesforce"].rows
    frame = [["NPS Report"], ["As of 2024-06-01 09:00:00 JST"], ["Filtered By"], ["Date Field: Created Date"], []]
    body = [["", *row] for row in rows[:N]]
    last = [["Total", "Count", "40"], ["Copyright © 2000-2024 salesforce.com, inc. All rights reserved."]]
    path = write(tmp_path / "a.csv", [*frame, ["", *head], *body, *last])
    survey = read_export(path)
    assert open_export(path).sources[0].tool == "salesforce"
    assert survey.columns.comments == ("Feedback",)
    assert survey.log.reasons() == {"a line of the report below its rows, no answer": 2}
    assert survey.log.kept == N


def test_the_heading_tells_the_order_of_day_and_month(tmp_path):
    survey = read_export(export(EXPORTS["questionpro"], tmp_path))
    assert survey.responses["date"].dt.month.eq(5).all()


def test_other_names_and_unknown_tools(tmp_path):
    path = export(EXPORTS["wootric"], tmp_path)
    assert open_export(path, tool="InMoment").sources[0].tool == "wootric"
    assert "unknown tool; choose one of alchemer, " in refusal(lambda: open_export(path, tool="nonesuch"))


def test_presets_are_complete():
    assert list(presets())[-1] == "generic"
    tools = {shape.tool for shape in EXPORTS.values()}
    assert set(presets()) == {*tools, "generic"}
    for preset in presets().values():
        assert preset.status in {"verified", "from documentation"}
        assert preset.name
        assert preset.source
        assert preset.id == "generic" or preset.shapes
        assert re.fullmatch(r"[a-z_]+", preset.id)
    assert recognise([]).preset.id == "generic"


def test_the_documentation_lists_every_tool_with_its_status():
    page = (Path(__file__).parents[2] / "docs" / "tools.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert rows.keys() == presets().keys() - {"generic"}
    for tool, line in rows.items():
        assert line.split(" | ")[3].startswith(presets()[tool].status), tool
        assert any(shape.tool == tool and ("ja" in line.split("|")[-2]) >= shape.japanese for shape in EXPORTS.values())
