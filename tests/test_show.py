from nps_nlp.analysis import analyze
from nps_nlp.demo import demo_path
from nps_nlp.intake import open_export
from nps_nlp.show import print_columns, print_evaluation, print_findings, progress


def test_decisions_name_columns_with_their_reasons(capsys):
    print_columns(open_export(demo_path("en")), str)
    printed = capsys.readouterr().out
    assert "qualtrics" in printed
    for heading in ("Q1", "Q2", "RecordedDate"):
        assert heading in printed


def test_findings_name_driver_group_month_and_file(capsys, tmp_path):
    print_findings(analyze(demo_path("en")), tmp_path)
    printed = capsys.readouterr().out
    assert "Airport" in printed
    assert "2026-06" in printed
    assert "report.html" in printed


def test_brackets_in_headings_are_not_markup(capsys, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("NPS,[bold]why[/bold]\n" + "".join(f"{i % 11},it is rather good {i}\n" for i in range(40)), "utf-8")
    print_columns(open_export(path), str)
    assert "[bold]why[/bold]" in capsys.readouterr().out


def test_evaluation_prints_unknown_scores_as_a_dash(capsys):
    nothing = {"accuracy": None, "macro_f1": None, "micro_f1": None, "per_class": {}, "per_theme": {}}
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
