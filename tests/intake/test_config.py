from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import open_export
from nps_nlp.intake.config import _toml, command_line, decisions, load_config, save_config
from tests.intake.samples import refusal, write
from tests.intake.samples_nps_tools import EXPORTS


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_the_same_way_with_its_saved_decisions(name, tmp_path):
    path = write(tmp_path / f"a{EXPORTS[name].suffix}", EXPORTS[name].content())
    export = open_export(path)
    save_config(export, tmp_path / "survey.toml")
    again = open_export(path, **load_config(tmp_path / "survey.toml"))
    assert again.columns.to_dict() == export.columns.to_dict()
    assert again.sources[0].tool == export.sources[0].tool
    assert decisions(again) == decisions(export)


def test_the_command_line_names_every_decision(tmp_path):
    path = write(tmp_path / "a b.csv", EXPORTS["google_forms ja"].content())
    words = shlex.split(command_line(open_export(path), [path]))
    assert words[:3] == ["nps-nlp", "report", str(path)]
    assert words[words.index("--score") + 1] == EXPORTS["google_forms ja"].score
    assert words[words.index("--tool") + 1] == "google_forms"


@given(st.text(st.characters(codec="utf-8")))
def test_any_heading_survives_the_file(text):
    import tomllib

    assert tomllib.loads(f"a = {_toml(text)}") == {"a": text}


@pytest.mark.parametrize(
    ("content", "expected"),
    [("score = 3", "score = 3 is no decision"), ("colour = 'red'", "name one of score, date"), ("a b", "no TOML file"),
     ("comments = 'x'", "comments = 'x' is no decision"), (b"\xff\xfe", "no TOML file")],
)  # fmt: skip
def test_what_is_no_config_is_refused(content, expected, tmp_path):
    path = write(tmp_path / "survey.toml", content)
    assert expected in refusal(lambda: load_config(path))


def test_files_that_cannot_be_read_or_written(tmp_path):
    assert "cannot be opened" in refusal(lambda: load_config(tmp_path / "none.toml"))
    export = open_export(write(tmp_path / "a.csv", EXPORTS["wootric"].content()))
    assert "cannot be written" in refusal(lambda: save_config(export, tmp_path / "none" / "survey.toml"))
