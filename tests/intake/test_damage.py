"""Damaged exports: every row is accounted for, and what was kept equals what was written."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake import read_export
from tests.intake import samples_nps_tools  # noqa: F401 - the benchmark reads it
from tests.intake.samples import assert_accounted, csv_text, ja_rows, survey_or_message

# The benchmark is no package: `pytest` alone does not have the top of the repository on its path.
_SPEC = importlib.util.spec_from_file_location(
    "fuzz_intake", Path(__file__).parents[2] / "benchmarks" / "fuzz_intake.py"
)
fuzz = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(fuzz)
DAMAGES, ENCODINGS = fuzz.DAMAGES, fuzz.ENCODINGS
damaged, fixtures, outcome = fuzz.damaged, fuzz.fixtures, fuzz.outcome


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    return fixtures(tmp_path_factory.mktemp("fixtures"))


def test_every_fixture_is_read(samples, tmp_path):
    path = tmp_path / "export.csv"
    for name, data in samples.items():
        path.write_bytes(data)
        assert outcome(path, often=True) == "read", name


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_any_damage_is_refused_in_a_sentence_or_accounted_for(samples, tmp_path_factory, seed):
    rng = random.Random(seed)
    path = tmp_path_factory.mktemp("damage") / "export.csv"
    path.write_bytes(damaged(rng.choice(list(samples.values())), list(samples.values()), rng))
    assert outcome(path, often=True) in {"read", "refused"}


def written(n: int) -> list[list[str]]:
    return [[cell.replace("😀", "！") for cell in row] for row in ja_rows(n)]


def kept(survey):
    comments = survey.comments.get("推奨の理由", [])
    return list(zip(survey.responses["row"], survey.responses["score"], comments, strict=True))


@settings(max_examples=60, deadline=None)
@given(encoding=st.sampled_from(ENCODINGS), order=st.permutations(range(4)), end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_encodings_orders_of_columns_and_line_ends_change_nothing(tmp_path_factory, encoding, order, end):
    rows = written(33)
    path = tmp_path_factory.mktemp("a") / "a.csv"
    text = csv_text([[row[at] for at in order] for row in rows]).replace("\r\n", end)
    path.write_bytes(text.encode(encoding))
    survey = read_export(path)
    assert_accounted(survey)
    expected = [(i, int(row[1]), row[2].strip()) for i, row in enumerate(rows[1:], start=2)]
    assert kept(survey) == expected


@settings(max_examples=60, deadline=None)
@given(share=st.floats(0.2, 1), encoding=st.sampled_from(["utf-8", "cp932", "euc_jp"]))
def test_a_file_that_is_cut_off_loses_its_last_rows_only(tmp_path_factory, share, encoding):
    rows = written(60)
    data = csv_text(rows).encode(encoding)
    path = tmp_path_factory.mktemp("a") / "a.csv"
    path.write_bytes(data[: int(len(data) * share)])
    survey = survey_or_message(path)
    assert not isinstance(survey, str)
    assert_accounted(survey)
    whole = [(i, int(row[1]), row[2].strip()) for i, row in enumerate(rows[1:], start=2)]
    found = kept(survey)
    # Where the last row was cut cannot be seen in it.
    assert found[:-1] == whole[: len(found) - 1]


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_flipped_byte_costs_its_own_row_at_most(tmp_path_factory, data):
    rows = written(40)
    lines = [csv_text([row]).encode() for row in rows]
    hurt = data.draw(st.integers(1, 40))
    at = data.draw(st.integers(0, len(lines[hurt]) - 3))
    # A quote or a line end makes other rows of it.
    byte = data.draw(st.integers(0, 255).filter(lambda b: b not in b'"\r\n'))
    if lines[hurt][at] in b'"\r\n':
        return
    lines[hurt] = lines[hurt][:at] + bytes((byte,)) + lines[hurt][at + 1 :]
    path = tmp_path_factory.mktemp("a") / "a.csv"
    path.write_bytes(b"".join(lines))
    survey = read_export(path)
    assert_accounted(survey)
    found = {row: (score, comment) for row, score, comment in kept(survey)}
    for number, row in enumerate(rows[1:], start=2):
        if number != hurt + 1:
            assert found[number] == (int(row[1]), row[2].strip())


def test_there_is_a_damage_of_every_kind():
    assert len(DAMAGES) == 9
