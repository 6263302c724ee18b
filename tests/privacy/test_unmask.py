"""A whole report with a key, and the way back of each of its files."""

import csv
import json

import pandas as pd
import pytest

from nps_nlp.cli import main
from nps_nlp.privacy.find import MASK
from nps_nlp.privacy.unmask import unmask_file, unmask_text

SECRETS = ["佐藤", "taro@example.jp", "090-1234-5678", "Sarah", "202-555-0143"]
COMMENTS = [
    "受付の佐藤さんの態度が悪い。連絡は taro@example.jp か 090-1234-5678 へ。",
    "Sarah at the front desk was wonderful, call me on 202-555-0143",
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pii")
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        rows = [("2026-01-05", i % 11, f"{COMMENTS[i % 2]} {i}", "AB"[i % 2]) for i in range(60)]
        csv.writer(file).writerows(
            [("日付", "NPS", "理由", "プラン"), *rows, ("2026-01-06", "taro@example.jp", COMMENTS[0], "A")]
        )
    assert main(["report", str(folder / "in.csv"), "--out", str(folder / "plain")]) == 0
    assert main(["report", str(folder / "in.csv"), "--out", str(folder / "raw"), "--no-mask-pii"]) == 0
    keyed = ["--out", str(folder / "keyed"), "--pii-key", str(folder / "key")]
    assert main(["report", str(folder / "in.csv"), *keyed]) == 0
    return folder


def content(path):
    """Return everything that a file of a report says, as text."""
    if path.suffix == ".parquet":
        return pd.read_parquet(path).to_csv(index=False)
    if path.suffix == ".xlsx":
        sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=str, engine="openpyxl")
        return "\n".join(sheet.to_csv(index=False) for sheet in sheets.values())
    return path.read_text("utf-8-sig")


FILES = ["report.html", "report.xlsx", "analysis.json", "statements.parquet", "quarantine.csv"]


@pytest.mark.parametrize("name", FILES)
def test_no_file_holds_personal_data(folder, name):
    for out in ("plain", "keyed"):
        assert [s for s in SECRETS if s in content(folder / out / name)] == []


def test_the_numbers_do_not_change(folder):
    masked, raw = (json.loads((folder / out / "analysis.json").read_text("utf-8")) for out in ("plain", "raw"))
    assert masked["settings"].pop("masked") == {"name": 60, "email": 30, "phone": 60}
    assert raw["settings"].pop("masked") is None
    assert masked["settings"].pop("reasons") == {"score '[email]' is not a number from 0 to 10": 1}
    raw["settings"].pop("reasons")
    assert masked == raw


@pytest.mark.parametrize("name", ["report.xlsx", "statements.parquet", "quarantine.csv", "report.html"])
def test_the_key_brings_everything_back(folder, name):
    path = folder / "keyed" / name
    assert main(["unmask", str(path), "--pii-key", str(folder / "key")]) == 0
    back = path.with_name(f"{path.stem}.unmasked{path.suffix}")
    assert [m for m in MASK.finditer(content(back)) if m["code"]] == []
    assert [s for s in SECRETS[:3] if s not in content(back)] == []
    # Spans stay those of the masked comments, and quotes are drawn by the masked text: the other columns must agree.
    if name == "statements.parquet":
        assert pd.read_parquet(back)["text"].tolist() == pd.read_parquet(folder / "raw" / name)["text"].tolist()
    if name == "quarantine.csv":
        assert content(back) == content(folder / "raw" / name)


def test_a_report_without_a_key_has_no_map(folder):
    assert not (folder / "plain" / "pii-map.enc").exists()
    assert main(["unmask", str(folder / "plain" / "report.html"), "--pii-key", str(folder / "key")]) == 1


def test_a_key_and_no_masks_contradict_each_other(folder, capsys):
    options = ["--no-mask-pii", "--pii-key", str(folder / "key"), "--out", str(folder / "x")]
    assert main(["report", str(folder / "in.csv"), *options]) == 1
    assert "--no-mask-pii" in capsys.readouterr().err


def test_words_are_escaped_as_each_format_needs(tmp_path):
    known = {"AAAAAAAA": '</script>"&'}
    page = '<p>[name:AAAAAAAA]</p><script>{"a": "[name:AAAAAAAA]"}</script>'
    (tmp_path / "x.html").write_text(page, "utf-8")
    unmask_file(tmp_path / "x.html", known, tmp_path / "y.html")
    text = (tmp_path / "y.html").read_text("utf-8")
    assert text.startswith("<p>&lt;/script&gt;&quot;&amp;</p>")
    assert text.count("</script>") == 1
    (tmp_path / "x.json").write_text('{"a": "[name:AAAAAAAA]"}', "utf-8")
    unmask_file(tmp_path / "x.json", known, tmp_path / "y.json")
    assert json.loads((tmp_path / "y.json").read_text("utf-8")) == {"a": '</script>"&'}


def test_masks_of_another_map_stay():
    assert unmask_text("［氏名:AAAAAAAA］ [email] [name:BBBBBBBB]", {"BBBBBBBB": "x"}) == "［氏名:AAAAAAAA］ [email] x"
