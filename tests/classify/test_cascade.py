import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import pieces_of
from nps_nlp.classify.cache import CachedClassifier
from nps_nlp.classify.cascade import _SHORT_TURNS, Cascade, asks, mix
from nps_nlp.classify.encoder import load_encoder
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.protocol import Piece, Predictions
from nps_nlp.errors import ModelError
from nps_nlp.language import read_comment

KINDS = ("sentiment", "intent", "themes")
TEXTS = [
    "値段が高い",
    "Great staff, but slow",
    "👍",
    "좋아요",
    "",
    "使いやすいがよく落ちる" * 50,
    "Нет",
    "It broke twice",
]


def pieces(*texts, question="Why?"):
    return [p for t in texts for p in pieces_of(read_comment(t), question)]


def same(one, other):
    return all(np.array_equal(getattr(one, kind), getattr(other, kind)) for kind in KINDS)


class Fixed:
    """Says of each text what its first letter tells: as sure as that letter's place in the alphabet."""

    theme_ids = ("price",)

    def __init__(self, name, label):
        self.name = self.fingerprint = name
        self.label = label
        self.asked = []

    def predict(self, some):
        self.asked += [p.text for p in some]
        return self.read(some)[0]

    def read(self, some):
        sure = np.array([0.5 + (ord(p.text[0]) - ord("a")) / 50 for p in some], np.float32)
        one = np.zeros((len(some), 4), np.float32)
        one[:, self.label], one[:, 3] = sure, 1 - sure
        intent = np.tile(np.eye(4, dtype=np.float32)[0], (len(some), 1))
        return Predictions(one, intent, np.ones((len(some), 1), np.float32)), sure


def cut(letters):
    return [Piece(letter, (), "en", "") for letter in letters]


def test_the_slow_one_is_asked_where_the_quick_one_is_in_doubt():
    quick, slow = Fixed("quick", 0), Fixed("slow", 1)
    found = Cascade("both", quick, slow, {"en": 0.8, "ja": 0.0}).predict(cut("zazn"))
    assert slow.asked == ["a", "n"]
    # 0.4 of the quick one and 0.6 of the slow one; alone the quick one has the last word.
    np.testing.assert_allclose(found.sentiment[0], [1, 0, 0, 0])
    np.testing.assert_allclose(found.sentiment[3], [0.4 * 0.76, 0.6 * 0.76, 0, 0.24], atol=1e-6)
    slow.asked.clear()
    Cascade("both", quick, slow, {"en": 0.8, "ja": 0.0}).predict(
        [Piece("c", (), "ja", ""), Piece("c", (), "other", "")]
    )
    assert slow.asked == ["c"]


def test_of_a_longer_text_the_quick_one_must_be_less_sure():
    some = [Piece("a" * length, (), "en", "") for length in (0, 50, 100, 5_000)]
    half = np.full(4, 0.5, np.float32)
    assert asks(half, some, 0.65).tolist() == [True, True, False, False]
    assert asks(half, some, np.array([0.5, 0.65, 0.71, 0.71])).tolist() == [False, True, True, True]


def test_without_a_bound_it_is_always_asked():
    quick, slow = Fixed("quick", 0), Fixed("slow", 1)
    Cascade("both", quick, slow).predict(cut("zz"))
    assert slow.asked == ["z", "z"]


@settings(deadline=None)
@given(st.lists(st.sampled_from("aknz"), max_size=1_300), st.sampled_from([None, {"en": 0.6}, {"en": 0.9}]))
def test_however_many_come_each_gets_what_it_gets_alone(letters, asks_below):
    both = Cascade("both", Fixed("quick", 0), Fixed("slow", 1), asks_below)
    together = both.predict(p for p in cut(letters))
    assert len(together.sentiment) == len(letters)
    for letter in set(letters):
        places = [i for i, other in enumerate(letters) if other == letter]
        alone = both.predict(cut(letter))
        for kind in KINDS:
            assert (getattr(together, kind)[places] == getattr(alone, kind)).all()


def test_while_the_quick_one_reads_the_slow_one_is_asked_as_it_works_beside_it():
    slow, beside = Fixed("slow", 1), Fixed("slow", 1)
    both = Cascade("both", Fixed("quick", 0), slow, {"en": 0.6}, beside)
    # The last ones are too few to begin with while there may be more.
    both.predict(cut("a" * 128 + "z" * 128 + "aa"))
    assert (len(beside.asked), len(slow.asked)) == (128, 2)


def test_threads_take_turns_as_before_once_all_is_read():
    before = sys.getswitchinterval()
    Cascade("both", Fixed("quick", 0), Fixed("slow", 1)).predict(cut("aa"))
    assert sys.getswitchinterval() == before


def test_readers_that_overlap_leave_the_turns_as_they_were():
    before = sys.getswitchinterval()
    with _SHORT_TURNS:
        within = sys.getswitchinterval()
        with ThreadPoolExecutor(1) as other:
            other.submit(_SHORT_TURNS.__enter__).result()
    assert sys.getswitchinterval() == within < before, "the other one is still reading"
    _SHORT_TURNS.__exit__()
    assert sys.getswitchinterval() == before


def test_an_error_of_the_slow_one_is_not_swallowed():
    class Broken(Fixed):
        def predict(self, some):
            raise ModelError("out of order")

    with pytest.raises(ModelError, match="out of order"):
        Cascade("both", Fixed("quick", 0), Broken("slow", 1)).predict(cut("a" * 700))


def test_readers_of_other_themes_do_not_fit():
    other = Fixed("other", 0)
    other.theme_ids = ("staff",)
    with pytest.raises(ModelError, match="different themes"):
        Cascade("both", Fixed("quick", 0), other)


def test_the_name_of_its_predictions_changes_with_either_model_and_the_bound():
    quick, slow, third = Fixed("quick", 0), Fixed("slow", 1), Fixed("third", 1)
    made = [(quick, slow, None), (slow, quick, None), (quick, third, None), (quick, slow, {"en": 0.5})]
    assert len({Cascade("both", *parts).fingerprint for parts in made}) == len(made)


@pytest.mark.parametrize("name", ["fast", "encoder"])
def test_results_of_the_tiers_do_not_depend_on_the_batch(name):
    classifier = load_classifier(name)
    many = pieces(*TEXTS)
    together = classifier.predict(many)
    assert classifier.name == name
    for place, piece in enumerate(many):
        alone = classifier.predict([piece])
        for kind in KINDS:
            assert np.array_equal(getattr(alone, kind)[0], getattr(together, kind)[place])
    np.testing.assert_allclose(together.sentiment.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(together.intent.sum(axis=1), 1, atol=1e-5)
    assert len(classifier.predict([]).themes) == 0


def test_the_tiers_agree_where_the_network_was_asked():
    many = pieces(*TEXTS)
    quick, fast, both = (c.predict(many) for c in (load_fast(), load_classifier("fast"), load_classifier("encoder")))
    assert same(both, Predictions.of(mix(quick.table(), load_encoder().predict(many).table())))
    asked = (fast.sentiment != quick.sentiment).any(axis=1)
    assert 0 < asked.sum() < len(many)
    assert np.array_equal(fast.themes[asked], both.themes[asked])
    assert np.array_equal(fast.themes[~asked], quick.themes[~asked])


def test_what_the_network_said_is_kept_for_both_tiers(tmp_path, monkeypatch):
    monkeypatch.setenv("NPS_NLP_CACHE", str(tmp_path))
    tiers = [load_classifier(name, cache=True) for name in ("encoder", "fast")]
    assert all(isinstance(tier._slow, CachedClassifier) for tier in tiers)
    many = pieces(*TEXTS)
    assert same(tiers[0].predict(many), load_classifier("encoder").predict(many))
    assert same(tiers[1].predict(many), load_classifier("fast").predict(many))
    assert len(list(tmp_path.glob("*.sqlite"))) == 1
