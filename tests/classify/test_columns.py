import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nps_nlp.classify.annotate import pieces_of
from nps_nlp.classify.columns import Columns, _IntegerMap
from nps_nlp.classify.features import features
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.protocol import Piece
from nps_nlp.language import read_comment

TEXTS = [
    "値段は高いが、サポートは最高でした！ 2024年", "特になし", "駅から遠くて不便じゃない", "İ Σ not\x00good 👍 １２３",
    "The staff weren't helpful; we waited 45 minutes, no apology.", "great", "^$ \n\t", "ΑΣ", "𠮷野家は美味しい", "",
]  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@given(
    st.lists(st.one_of(st.sampled_from(TEXTS), st.text(max_size=30)), max_size=8),
    st.sampled_from(["", "Why?", "改善点"]),
)
def test_the_same_columns_as_by_strings(language, texts, question):
    classifier = load_fast()
    model, columns = classifier._models[language], classifier._columns[language]
    pieces = [p._replace(language=language) for t in texts for p in pieces_of(read_comment(t), question)]
    found = columns.find(pieces)
    fast = model.weighted(found.rows, found.columns, len(pieces))
    slow = model.matrix([features(*p) for p in pieces])
    assert np.array_equal(fast.indptr, slow.indptr)
    assert np.array_equal(fast.indices, slow.indices)
    assert np.array_equal(fast.data, slow.data)


def test_a_text_is_as_familiar_as_its_longest_ngrams():
    columns = Columns({"c:aaaa": 0, "c:aa": 1, "c:^aaa": 2}, "ja")
    pieces = [Piece(text, (), "ja", "") for text in ("aaaa", "aaaab", "bbbb", "b", "", "aaaa")]
    # ^aaaa$ has three of four characters, two of them known; where there is none, nothing is strange.
    assert columns.find(pieces).familiar.tolist() == pytest.approx([3 / 4, 3 / 5, 1 / 4, 1, 1, 3 / 4])
    assert columns.find([]).familiar.tolist() == []


@given(st.dictionaries(st.integers(0, 2**60), st.integers(0, 1000)), st.lists(st.integers(0, 2**60)))
def test_integer_map_is_a_dictionary(known, others):
    keys = [*known, *others]
    found = _IntegerMap(list(known), list(known.values())).get(np.array(keys, dtype=np.int64))
    assert found.tolist() == [known.get(k, -1) for k in keys]
