from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.intake.csv_columns import columns_of
from nps_nlp.intake.csv_rows import CsvRows
from nps_nlp.intake.rows import Block
from tests.intake.samples import csv_text


@settings(max_examples=300, deadline=None)
@given(
    rows=st.lists(st.lists(st.text("aé日 0\"',;\n\t=", max_size=6), min_size=3, max_size=3), min_size=1, max_size=8),
    delimiter=st.sampled_from([",", "\t", ";"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_is_cut_into_columns_is_what_csv_reads(rows, delimiter, end):
    block = csv_text(rows, delimiter, end)
    found = columns_of(block, delimiter, 3)
    if found is not None:
        assert [row.cells for row in Block(1, found).rows()] == rows


@settings(max_examples=500, deadline=None)
@given(block=st.text('ab日,"\n\r;', max_size=40))
def test_any_text_that_is_cut_into_columns_is_what_csv_reads(block):
    found = columns_of(block, ",", 2)
    if found is not None:
        expected = list(CsvRows(",", 2).rows([block]))
        assert [(row.number, row.cells, row.problem) for row in expected] == [
            (row.number, row.cells, "") for row in Block(1, found).rows()
        ]


def test_the_usual_block_is_cut_into_columns():
    rows = [[str(i), f"良い、とても\n{i}", "a,b"] for i in range(50)]
    assert columns_of(csv_text(rows), ",", 3).num_rows == 50


@pytest.mark.parametrize(
    "block",
    ["", "9,a\n\n8,b\n", "9,a\n8\n", '9,a"b"c\n', '9,"a\n', "9,a\r8,b\n", '9,"a"b\n', "\n9,a\n"],
)
def test_what_is_not_sound_is_left_to_csv(block):
    assert columns_of(block, ",", 2) is None


def test_parts_of_a_block_keep_their_numbers():
    block = Block(5, columns_of("1,a\n2,b\n3,c\n", ",", 2))
    assert [row.number for row in block.part(1).rows()] == [6, 7]
    assert block.chosen([0, 2]) == [block.rows()[0], (7, ["3", "c"], "", ())]
