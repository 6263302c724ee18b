from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import open_export
from nps_nlp.intake.shorter_scale import is_shorter, remark
from tests.intake.samples import refusal, write


def spread(low, high, n):
    """Return n answers spread evenly from one end of a scale to the other."""
    return Counter(float(low + i % (high - low + 1)) for i in range(n))


@pytest.mark.parametrize(
    ("low", "high", "n", "shorter"),
    [(1, 5, 20, True), (0, 5, 24, True), (1, 5, 19, False), (1, 7, 70, True), (1, 7, 30, False), (0, 7, 80, False),
     (0, 10, 200, False), (1, 10, 200, False), (6, 8, 90, False)],
)  # fmt: skip
def test_a_scale_that_ends_early(low, high, n, shorter):
    assert is_shorter(spread(low, high, n)) is shorter


def test_few_answers_are_worth_a_word():
    assert "holds only 1 to 5 in 10 answers: if its scale has 5 points" in remark(spread(1, 5, 10))
    assert remark(spread(1, 5, 7)) == ""
    assert remark(spread(0, 10, 10)) == ""


@given(st.lists(st.integers(0, 10), min_size=1))
def test_an_answer_above_seven_settles_it(scores):
    assert not is_shorter(Counter(map(float, [*scores, 8])), hint=True)


def test_naming_the_column_reads_it_and_says_what_is_missing(tmp_path):
    rows = [["推奨度", "理由"], *([str(i % 5 + 1), f"{i}番の窓口が親切でした"] for i in range(40))]
    path = write(tmp_path / "a.csv", rows)
    assert "--break-points 3,5" in refusal(lambda: open_export(path))
    export = open_export(path, need_score=False)
    assert export.columns.score == ""
    assert any("holds only 1 to 5 in 40 answers" in note for note in export.notes)
    export = open_export(path, score="推奨度")
    assert any("the groups are wrong without --break-points 3,5" in note for note in export.notes)
    assert sum(map(len, export.chunks())) == 40
