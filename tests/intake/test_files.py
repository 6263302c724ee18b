from __future__ import annotations

import pytest

from nps_nlp.intake.files import find_inputs, is_data_file
from tests.intake.samples import refusal, write


def test_a_folder_gives_its_exports_at_any_depth_and_nothing_that_is_hidden(tmp_path):
    wanted = [write(tmp_path / "b.csv", "x"), write(tmp_path / "A.XLSX", "x")]
    (tmp_path / "deep").mkdir()
    wanted.append(write(tmp_path / "deep" / "c.jsonl", "x"))
    for name in (".hidden.csv", "~$A.xlsx", "picture.png", "README.md"):
        write(tmp_path / name, "x")
    for folder in (".ipynb_checkpoints", "__MACOSX"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "b.csv", "x")
    assert find_inputs([tmp_path]) == sorted(wanted)


def test_a_folder_named_like_a_file_is_searched_and_not_opened(tmp_path):
    (tmp_path / "2024.csv").mkdir()
    inner = write(tmp_path / "2024.csv" / "may.csv", "x")
    assert find_inputs([tmp_path]) == [inner]


def test_globs_match_files_and_folders(tmp_path, monkeypatch):
    a, b = write(tmp_path / "2024-01.csv", "x"), write(tmp_path / "2024-02.csv", "x")
    (tmp_path / "2024-more").mkdir()
    c = write(tmp_path / "2024-more" / "c.csv", "x")
    assert find_inputs([str(tmp_path / "2024-*")]) == [a, b, c]
    monkeypatch.chdir(tmp_path)
    assert [p.name for p in find_inputs(["2024-0?.csv"])] == ["2024-01.csv", "2024-02.csv"]


def test_a_file_that_looks_like_a_pattern_is_itself(tmp_path):
    odd = write(tmp_path / "export[1].csv", "x")
    assert find_inputs([odd]) == [odd]


def test_each_file_comes_once_in_the_order_given(tmp_path, monkeypatch):
    b, a = write(tmp_path / "b.csv", "x"), write(tmp_path / "a.csv", "x")
    monkeypatch.chdir(tmp_path)
    assert find_inputs([b, tmp_path, "a.csv", "./b.csv"]) == [b, a]


@pytest.mark.parametrize("inputs", [[], [""], ["  "]])
def test_no_input_is_refused_and_never_means_the_current_folder(inputs, tmp_path, monkeypatch):
    write(tmp_path / "a.csv", "x")
    monkeypatch.chdir(tmp_path)
    assert "No input was given" in refusal(lambda: find_inputs(inputs))


def test_what_matches_nothing_is_named(tmp_path):
    assert "missing.csv: no such file" in refusal(lambda: find_inputs([tmp_path / "missing.csv"]))
    assert "*.tsv: no such file" in refusal(lambda: find_inputs([tmp_path / "*.tsv"]))
    assert "the folder holds no survey export" in refusal(lambda: find_inputs([tmp_path]))


def test_a_text_file_may_be_a_readme():
    assert [is_data_file(p) for p in find_suffixes(".csv", ".TSV", ".txt", ".md", "")] == [
        True,
        True,
        False,
        False,
        False,
    ]


def find_suffixes(*suffixes):
    from pathlib import Path

    return [Path(f"name{s}") for s in suffixes]
