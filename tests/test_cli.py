"""The commands as a user calls them: exit codes, files, and one clear sentence for what cannot be used."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from nps_nlp.cli import main
from nps_nlp.demo import demo_path

HEADER = "日付,NPS,理由,プラン\n"
ROWS = "".join(
    f"2026-0{i % 6 + 1}-1{i % 9},{i % 11},{'駐車場が狭い' if i % 3 else '料理が美味しい'} {i},{'A' if i % 2 else 'B'}\n"
    for i in range(66)
)


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return str(path)


@pytest.fixture
def export(tmp_path):
    return write(tmp_path / "export.csv", HEADER + ROWS)


def test_score_prints_json_without_loading_a_text_model(export):
    code = """
import sys
from nps_nlp.cli import main
main(sys.argv[1:])
print(sorted({"spacy", "sklearn", "fugashi"} & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, "score", export, "--json"], capture_output=True, text=True, check=True
    )
    result = json.loads(done.stdout)
    assert result["rows"] == {"read": 66, "kept": 66, "quarantined": 0, "duplicates": 0}
    assert result["nps"]["score"] == pytest.approx(100 * (12 - 42) / 66)
    assert done.stderr.strip() == "[]"


def test_inspect_tells_the_roles_by_their_original_headings(export, capsys):
    assert main(["inspect", export, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["tool"] == "generic"
    assert result["encoding"] == "utf-8"
    assert result["columns"] == {
        "score": ["NPS"],
        "comments": ["理由"],
        "date": "日付",
        "respondent": None,
        "segments": ["プラン"],
    }
    assert main(["inspect", export]) == 0
    assert "理由" in capsys.readouterr().out


def test_report_writes_its_five_files_and_they_agree(export, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["report", export, "--out", str(out)]) == 0
    assert {p.name for p in out.iterdir()} == {
        "report.html",
        "report.xlsx",
        "analysis.json",
        "statements.parquet",
        "quarantine.csv",
    }
    result = json.loads((out / "analysis.json").read_text("utf-8"))
    assert result["nps"]["n"] == result["rows"]["kept"] == 66
    assert result["settings"]["columns"]["comments"] == ["理由"]
    statements = pq.read_table(out / "statements.parquet").to_pandas()
    assert set(statements["row"]) == set(range(2, 68))
    assert str(out / "report.html") in capsys.readouterr().out


def test_the_same_input_gives_the_same_bytes(export, tmp_path):
    for name in ("a", "b"):
        assert main(["report", export, "--out", str(tmp_path / name)]) == 0
    for file in ("analysis.json", "report.html", "report.xlsx", "quarantine.csv"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_usage_errors_exit_with_2():
    with pytest.raises(SystemExit) as stopped:
        main(["report"])
    assert stopped.value.code == 2


def bad_inputs(folder):
    """Yield (name, arguments, words that the one sentence must hold)."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("x.pdf", "%PDF")
    (folder / "zip.csv").write_bytes(zipped.getvalue())
    (folder / "empty").mkdir()
    eleven = HEADER + "".join(f"2026-01-01,{i % 11 + 1},理由です {i},A\n" for i in range(66))
    hundred = HEADER + "".join(f"2026-01-01,{i * 7 % 101},理由です {i},A\n" for i in range(66))
    two = "スコアA,スコアB,理由\n" + "".join(f"{i % 11},{i * 3 % 11},理由です {i}\n" for i in range(66))
    yield "no file", [str(folder / "none.csv")], ["none.csv", "no such file"]
    yield "empty folder", [str(folder / "empty")], ["empty", ".csv"]
    yield "empty file", [write(folder / "empty.csv", "")], ["empty.csv", "empty"]
    yield "header only", [write(folder / "header.csv", HEADER)], ["header.csv", "no answers"]
    yield (
        "no score",
        [write(folder / "noscore.csv", "理由,都市\n良い,東京\n悪い,大阪\n")],
        ["noscore.csv", "--score"],
    )
    yield "two scores", [write(folder / "two.csv", two)], ["スコアA", "スコアB", "--score"]
    yield "scale 1–11", [write(folder / "eleven.csv", eleven)], ["NPS", "1–11", "0–10"]
    yield "scale 0–100", [write(folder / "hundred.csv", hundred)], ["NPS", "0–100", "0–10"]
    yield "binary", [write(folder / "nul.csv", "\x00\x01\x00\x00" * 500)], ["nul.csv"]
    yield "zip", [str(folder / "zip.csv")], ["zip.csv", "holds no table"]
    yield "one long line", [write(folder / "long.csv", "x" * 50_000_000)], ["long.csv"]
    yield "unknown column", [write(folder / "ok.csv", HEADER + ROWS), "--score", "点数"], ["点数", "NPS"]
    yield (
        "unknown tool",
        [write(folder / "ok2.csv", HEADER + ROWS), "--tool", "nosuch"],
        ["nosuch", "qualtrics"],
    )
    yield (
        "unknown taxonomy",
        [write(folder / "ok3.csv", HEADER + ROWS), "--taxonomy", "nosuch.toml"],
        ["nosuch.toml", "base"],
    )


def test_bad_input_exits_with_1_and_one_sentence_that_tells_what_to_do(tmp_path, capsys):
    for name, arguments, words in bad_inputs(tmp_path):
        capsys.readouterr()
        assert main(["report", *arguments, "--out", str(tmp_path / "out")]) == 1, name
        said = capsys.readouterr().err
        assert said.startswith("nps-nlp: "), name
        assert said.count("\n") == 1, (name, said)
        for word in words:
            assert word in said, (name, word, said)
        assert "Traceback" not in said


def report(tmp_path, text, *options, encoding="utf-8"):
    path = write(tmp_path / "in.csv", text, encoding)
    out = tmp_path / "out"
    assert main(["report", path, "--out", str(out), *options]) == 0
    return json.loads((out / "analysis.json").read_text("utf-8")), out


def quarantined(out):
    with (out / "quarantine.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def test_one_respondent(tmp_path):
    result, _ = report(tmp_path, "NPS,理由\n9,とても良い\n", "--score", "NPS", "--comment", "理由")
    assert result["nps"]["n"] == 1
    assert result["nps"]["ci_low"] > -100


def test_all_the_same_score(tmp_path):
    result, _ = report(tmp_path, "NPS,理由\n" + "".join(f"10,とても良い {i}\n" for i in range(30)))
    assert result["nps"]["score"] == 100
    assert result["nps"]["ci_low"] < 100


def test_no_comments_at_all_still_gives_the_numbers(tmp_path):
    result, out = report(tmp_path, "NPS,プラン\n" + "".join(f"{i % 11},{'A' if i % 2 else 'B'}\n" for i in range(44)))
    assert result["nps"]["n"] == 44
    assert result["writers"] is None
    assert "NPS" in (out / "report.html").read_text("utf-8")


def test_broken_bytes_ragged_rows_and_nul_lose_no_row(tmp_path):
    lines = (HEADER + ROWS).encode().split(b"\n")
    lines[5] = lines[5].replace("狭".encode(), b"\xe7\x8b")
    lines[9] += ",余分,なセル".encode()
    lines[12] = b"2026-01-01"
    lines[15] = lines[15].replace(b"A", b"A\x00")
    path = tmp_path / "in.csv"
    path.write_bytes(b"\n".join(lines))
    assert main(["report", str(path), "--out", str(tmp_path / "out")]) == 0
    rows = json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))["rows"]
    assert rows["read"] == 66
    assert rows["read"] == rows["kept"] + rows["quarantined"]
    assert len(quarantined(tmp_path / "out")) == rows["quarantined"] == 2
    assert {int(line[1]) for line in quarantined(tmp_path / "out")} == {10, 13}


def test_markup_and_formulas_in_comments_stay_text_in_every_output(tmp_path):
    evil = [
        "</script><img src=x onerror=alert(1)> 駐車場が狭い",
        '=HYPERLINK("http://x","click") 高すぎる',
        "+1+1 対応が悪い",
    ]
    rows = "".join(f'{i % 7},"{evil[i % 3].replace(chr(34), chr(34) * 2)} {i}"\n' for i in range(60)) + '=cmd(),"x"\n'
    _, out = report(tmp_path, "NPS,理由\n" + rows)
    page = (out / "report.html").read_text("utf-8")
    assert "<img src=x" not in page
    assert page.count("</script>") == page.count("<script")
    assert quarantined(out)[0][3] == "'=cmd()"
    sheets = pd.read_excel(out / "report.xlsx", sheet_name=None, header=None, dtype=str, engine="openpyxl")
    assert any("=HYPERLINK" in str(cell) for sheet in sheets.values() for cell in sheet.to_numpy().ravel())


def test_a_comment_of_100000_characters(tmp_path):
    text = "駐車場が狭くて困りました。" * 8000
    result, out = report(tmp_path, HEADER + ROWS + f"2026-01-01,3,{text},A\n")
    assert result["rows"]["kept"] == 67
    assert pq.read_table(out / "statements.parquet").num_rows > 67


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16", "utf-8-sig"])
def test_japanese_encodings_give_the_same_analysis(tmp_path, encoding):
    result, _ = report(tmp_path, HEADER + ROWS, encoding=encoding)
    assert result["nps"]["n"] == 66
    assert result["settings"]["columns"]["comments"] == ["理由"]


def test_evaluate_and_train_round_trip(tmp_path, capsys):
    lines = []
    for i in range(70):
        for text, sentiment, intent, themes in (
            ("駐車場が狭い", "negative", "complaint", ["access"]),
            ("料理が美味しい", "positive", "praise", ["food"]),
        ):
            lines.append(
                json.dumps(
                    {
                        "text": f"{text} {i}",
                        "question": "理由",
                        "sentiment": sentiment,
                        "intent": intent,
                        "themes": themes,
                    },
                    ensure_ascii=False,
                )
            )
    gold = write(tmp_path / "gold.jsonl", "\n".join(lines))
    assert main(["train", gold, "--out", str(tmp_path / "model")]) == 0
    capsys.readouterr()
    assert main(["evaluate", gold, "--model", str(tmp_path / "model"), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["n"] == 140
    assert result["sentiment"]["accuracy"] == 1.0
    assert result["themes"]["micro_f1"] == 1.0


def test_demo_writes_both_reports(tmp_path, capsys):
    assert main(["demo", "--out", str(tmp_path)]) == 0
    for language in ("ja", "en"):
        page = (tmp_path / language / "report.html").read_text("utf-8")
        assert f'lang="{language}"' in page
    assert capsys.readouterr().out.count("report.html") == 2


def test_python_dash_m_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "nps_nlp", "score", str(demo_path("en"))],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "NPS +20.0" in done.stdout


def test_score_by_segment_and_month(export, capsys):
    assert main(["score", export, "--by", "プラン", "--by", "month", "--json"]) == 0
    by = json.loads(capsys.readouterr().out)["by"]
    assert [g["group"] for g in by["プラン"]] == ["A", "B"]
    assert sum(g["n"] for g in by["month"]) == 66
    assert main(["score", export, "--by", "プラン"]) == 0
    assert "ci_low" in capsys.readouterr().out


def test_training_the_encoder_needs_its_data(tmp_path, capsys):
    assert main(["train", "encoder", "gold.jsonl", "--out", str(tmp_path)]) == 1
    assert "--data" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["encoder", "gold.jsonl", "--data", "data", "--teacher", "encoder"], "--teacher is for the fast model alone"),
        (["gold.jsonl", "--further", "more.jsonl"], "--further is for the encoder alone"),
        (["gold.jsonl", "--work", "encoder-work"], "--work is for the encoder alone"),
        (["gold.jsonl", "--dev", "dev.jsonl"], "--dev only keeps comments from a teacher"),
    ],
)
def test_training_refuses_what_it_would_not_use(tmp_path, capsys, arguments, told):
    with pytest.raises(SystemExit) as refused:
        main(["train", *arguments, "--out", str(tmp_path / "model")])
    assert refused.value.code == 2
    error = capsys.readouterr().err
    assert told in error
    assert "leave" in error


def test_training_passes_on_what_it_uses(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr("nps_nlp.training.pipeline.train_encoder", lambda *a, **_: given.append(a))
    monkeypatch.setattr("nps_nlp.training.student.train_student", lambda *a, **_: given.append(a))
    shared = ["--dev", "dev.jsonl", "--data", "data", "--out", str(tmp_path)]
    assert main(["train", "encoder", "gold.jsonl", "--further", "more.jsonl", *shared]) == 0
    assert main(["train", "encoder", "gold.jsonl", "--work", "stages", *shared]) == 0
    assert main(["train", "gold.jsonl", "--teacher", "encoder", *shared]) == 0
    (sources, _, first), (_, _, second), (_, _, teacher, _, dev) = given
    assert (first, second) == (Path("encoder-work"), Path("stages"))
    assert (sources.further, sources.dev) == (((Path("more.jsonl"),),), (Path("dev.jsonl"),))
    assert (teacher, dev) == ("encoder", [Path("dev.jsonl")])


def test_inspect_describes_an_export_without_a_score_column(tmp_path, capsys):
    path = write(tmp_path / "x.csv", "why,plan\n" + "".join(f"the service is rather slow {i},a\n" for i in range(30)))
    assert main(["inspect", path, "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["columns"]["score"] == []
    assert result["columns"]["comments"] == ["why"]
    assert result["rows"]["read"] == result["rows"]["quarantined"] == 30
    assert any("--score" in note for note in result["notes"])


def test_tools_are_listed_with_what_they_were_verified_on(capsys):
    assert main(["tools", "--json"]) == 0
    tools = {tool["id"]: tool for tool in json.loads(capsys.readouterr().out)}
    assert tools["qualtrics"]["status"] == "verified"
    assert tools["hubspot"]["status"] == "from documentation"
    assert all(tool["label"] and tool["source"] for tool in tools.values())
    assert main(["tools"]) == 0
    assert "surveymonkey     SurveyMonkey  (verified: " in capsys.readouterr().out


def test_decisions_are_saved_and_used_again(export, tmp_path, capsys):
    saved = str(tmp_path / "survey.toml")
    assert main(["inspect", export, "--json", "--segment", "日付", "--date", "プラン", "--save-config", saved]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["columns"]["segments"] == ["日付"]
    assert first["command"].startswith("nps-nlp report ")
    assert main(["inspect", export, "--json", "--config", saved]) == 0
    assert json.loads(capsys.readouterr().out)["columns"] == first["columns"]
    assert main(["score", export, "--config", saved, "--score", "理由"]) == 1
    assert "理由" in capsys.readouterr().err


def test_every_score_is_named_and_the_one_taken_explained(tmp_path, capsys):
    rows = "".join(f"{i % 11},{10 - i % 11},理由です {i}\n" for i in range(66))
    path = write(tmp_path / "two.csv", "NPS 2025,NPS 2026,理由\n" + rows)
    assert main(["inspect", path, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["columns"]["score"], found["other_scores"]) == (["NPS 2026"], ["NPS 2025"])
    assert main(["score", path, "--json"]) == 0
    note = json.loads(capsys.readouterr().out)["notes"][0]
    assert "column 'NPS 2026' was taken as the score" in note
    assert "the latest wave" in note
    assert main(["score", path]) == 0
    assert f"note: {note}" in capsys.readouterr().out
    assert main(["score", path, "--score", "NPS 2025"]) == 0
    assert "note:" not in capsys.readouterr().out


def test_a_coding_is_confirmed_by_the_option(tmp_path, capsys):
    rows = "".join(f"2026-01-01,{i % 11 + 1},理由です {i},A\n" for i in range(66))
    path = write(tmp_path / "eleven.csv", HEADER + rows)
    assert main(["score", path]) == 1
    assert "--score-coding 1-11" in capsys.readouterr().err
    assert main(["score", path, "--json", "--score-coding", "1-11"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["nps"]["promoters"] == 12
    assert "1-11" in result["notes"][0]
