import re
import subprocess
import sys
from dataclasses import replace

import pytest

from nps_nlp.analysis import analyze
from nps_nlp.demo import demo_path
from nps_nlp.errors import InputError
from nps_nlp.intake import open_export
from nps_nlp.report.words import load_words
from nps_nlp.run import run_report
from nps_nlp.show import print_columns, print_evaluation, print_findings, progress


def test_decisions_name_columns_with_their_reasons(capsys):
    print_columns(open_export(demo_path("en")), str, load_words("en"))
    printed = capsys.readouterr().out
    assert "qualtrics" in printed
    for heading in ("Q1", "Q2 “What is the main reason for your score?”", "RecordedDate"):
        assert heading in printed


def test_a_heading_is_printed_once_and_its_question_where_there_is_another(capsys):
    export = open_export(demo_path("en"))
    long = "Please tell us in your own words what the most important reason for the score that you gave us is"
    decisions = tuple(d for d in export.columns.decisions if d.role == "comment")
    export.columns = replace(
        export.columns,
        decisions=(replace(decisions[0], heading=long), replace(decisions[1], heading="Q3")),
        questions={"Q3": "Q3. What one thing should we do better?"},
    )
    print_columns(export, str, load_words("en"))
    printed = capsys.readouterr().out
    assert printed.count("Please tell us in your own words") == 1
    assert "Q3 “Q3. What one thing should we do better?”" in printed


def test_findings_name_driver_group_month_and_file(capsys, tmp_path):
    print_findings(analyze(demo_path("en")), tmp_path)
    printed = capsys.readouterr().out
    assert "Airport" in printed
    assert "2026-06" in printed
    assert "report.html" in printed
    assert re.search(r"ask for something: \d+ respondents \(\d+%\); [A-Z][a-z]+ \d+, [A-Z]", printed)


def test_what_chance_may_explain_is_no_finding(capsys, tmp_path):
    analysis = analyze(demo_path("en"))
    print_findings(replace(analysis, drivers=analysis.drivers.assign(q_negative=0.5)), tmp_path)
    printed = capsys.readouterr().out
    assert "No theme holds the score down beyond what chance could explain" in printed
    assert "holds the score down:" not in printed
    assert "lifts the score: Staff" in printed


def test_a_japanese_report_prints_japanese_whatever_the_file(capsys, tmp_path):
    data = demo_path("ja").read_bytes().split(b"\n")
    data[3] = data[3].decode().encode("cp932")
    data[5] = data[5].replace(b",", b"\x00,\xff", 1)
    data[7] = data[7].rpartition(b",")[0]
    data[9] = b"gone"
    path = tmp_path / "a.csv"
    path.write_bytes(b"\n".join(data))
    run_report([path], tmp_path / "out", {}, {})
    printed = capsys.readouterr().out.replace(str(tmp_path), "")
    assert "CP932 の 1 行を CP932 として読み込んだ" in printed
    assert not re.search(r"[a-z]+ [a-z]+ [a-z]+", printed), printed


def test_an_english_report_prints_english(capsys, tmp_path):
    run_report([demo_path("en")], tmp_path / "out", {}, {})
    assert not re.search(r"[ぁ-んァ-ヶ一-龠]", capsys.readouterr().out)


def test_a_refusal_comes_after_what_was_read_as_what(capsys, tmp_path):
    with pytest.raises(InputError):
        run_report([demo_path("en")], tmp_path / "out", {}, {"taxonomy": str(tmp_path / "none.toml")})
    assert "RecordedDate" in capsys.readouterr().out


def test_what_scoring_shows_needs_no_report_room():
    code = "import sys, nps_nlp.show; sys.exit('jinja2' in sys.modules or 'xlsxwriter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_brackets_in_headings_are_not_markup(capsys, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("NPS,[bold]why[/bold]\n" + "".join(f"{i % 11},it is rather good {i}\n" for i in range(40)), "utf-8")
    print_columns(open_export(path), str, load_words("en"))
    assert "[bold]why[/bold]" in capsys.readouterr().out


def test_evaluation_prints_unknown_scores_as_a_dash(capsys):
    nothing = {"accuracy": None, "macro_f1": None, "micro_f1": None, "n": 0, "per_class": {}, "per_theme": {}}
    print_evaluation({"model": "fast", "n": 0, "sentiment": nothing, "intent": nothing, "themes": nothing})
    assert "–" in capsys.readouterr().out


def test_progress_is_quiet_where_nobody_watches(capsys):
    with progress(100) as advance:
        advance(50)
    assert capsys.readouterr().err == ""


def test_evaluation_prints_rivals_confusion_and_why_a_tool_is_missing(capsys):
    from nps_nlp.classify import load_classifier
    from nps_nlp.classify.compare import compare
    from nps_nlp.classify.gold import GoldRow

    result = compare(
        [GoldRow("", "値段が高い", "negative", "complaint", frozenset({"price"}))] * 12, load_classifier("fast")
    )
    result["baselines"][1] = {"name": "oseti", "language": "ja", "n": 12, "note": "not installed; [peers]"}
    print_evaluation(result)
    printed = capsys.readouterr().out
    for words in ("majority", "by language", "rows are labelled", "oseti: not installed; [peers]"):
        assert words in printed


def test_what_is_not_labelled_is_said_instead_of_scored_nought(capsys):
    from nps_nlp.classify import load_classifier
    from nps_nlp.classify.compare import compare
    from nps_nlp.classify.gold import GoldRow

    rows = [GoldRow("", "値段が高い", None, None, frozenset({"price", "pirce"}))]
    print_evaluation(compare(rows, load_classifier("fast"), baselines=False))
    printed = capsys.readouterr().out
    assert "No comment is labelled with sentiment: it is not scored." in printed
    assert "No comment is labelled with intent" in printed
    assert "rows are labelled" not in printed
    assert "count as missed: pirce;" in printed
