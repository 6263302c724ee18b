from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.intake import cells
from nps_nlp.intake.answers import is_filler

TEXTS = st.lists(
    st.text("aé日 特になしN/A-。\n\t\u3000", max_size=8) | st.sampled_from(["特になし", "n/a", "ーー", "なし"])
)


@given(TEXTS)
def test_columns_are_handled_as_their_cells(texts):
    array = cells.as_text(texts)
    assert cells.trimmed(array).to_pylist() == [text.strip() for text in texts]
    assert cells.one_line(array).to_pylist() == [" ".join(text.split()) for text in texts]
    assert cells.count_filled(array) == sum(map(bool, texts))
    plain = [text.strip() for text in texts]
    assert cells.count_fillers(cells.as_text(plain)) == sum(is_filler(text) for text in plain if text)
    assert list(cells.mapped(array, len)) == list(map(len, texts))
    assert sum(n for _, n in cells.counts(array)) == len(texts)


@given(st.lists(st.tuples(st.text(max_size=3), st.text(max_size=3)), max_size=6))
def test_rows_have_the_hash_of_their_joined_cells(rows):
    columns = [cells.as_text([row[at] for row in rows]) for at in (0, 1)]
    assert cells.hashes(columns) == [hash(cells.BETWEEN.join(row)) for row in rows]


def test_nothing():
    assert cells.joined([]).to_pylist() == []
    assert cells.blanks(2).to_pylist() == ["", ""]
    assert cells.as_series(cells.as_text(["a"])).tolist() == ["a"]
