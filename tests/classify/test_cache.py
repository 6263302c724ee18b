import multiprocessing
import os
import sqlite3

import numpy as np
import pytest

from nps_nlp.classify import cache
from nps_nlp.classify.cache import CachedClassifier, with_cache
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.protocol import Piece, Predictions

TEXTS = ["価格は高いがサポートは最高", "Great staff", "", "特になし", "😀", "\ud800 half a pair", "x" * 5_000]


class Slow:
    """Predictions that follow from the text, and a count of the texts that were asked for."""

    name, theme_ids = "slow", ("price", "staff")

    def __init__(self, fingerprint="one"):
        self.fingerprint = fingerprint
        self.asked = []

    def predict(self, pieces):
        self.asked += [p.text for p in pieces]
        rows = [np.random.default_rng([*map(ord, p.question + p.text)]).random(10) for p in pieces]
        out = np.array(rows, dtype=np.float32).reshape(-1, 10)
        return Predictions(out[:, :4], out[:, 4:8], out[:, 8:])


def pieces(texts=TEXTS, question=""):
    return [Piece(text, (), "ja", question) for text in texts]


def same(a, b):
    return all(x.tobytes() == y.tobytes() for x, y in zip(vars(a).values(), vars(b).values(), strict=True))


def test_the_second_time_nothing_is_computed_and_every_bit_is_the_same(tmp_path):
    plain = Slow().predict(pieces())
    assert same(CachedClassifier(Slow(), tmp_path).predict(pieces()), plain)
    again = Slow()
    assert same(CachedClassifier(again, tmp_path).predict(pieces()), plain)
    assert again.asked == []


def test_equal_pieces_are_computed_once_and_the_question_counts(tmp_path):
    slow = Slow()
    cached = CachedClassifier(slow, tmp_path)
    cached.predict(pieces(["a", "b", "a", "a"]))
    assert slow.asked == ["a", "b"]
    cached.predict(pieces(["a", "c"], question="why"))
    assert slow.asked == ["a", "b", "a", "c"]


def test_question_and_text_are_not_run_together(tmp_path):
    cached = CachedClassifier(Slow(), tmp_path)
    one, two = (cached.predict([Piece(text, (), "ja", question)]) for question, text in (("ab", "c"), ("a", "bc")))
    assert cached.path.exists()
    assert sqlite3.connect(cached.path).execute("SELECT count(*) FROM seen").fetchone() == (2,)
    assert same(one, two)  # the stand-in does run them together


def test_another_model_has_a_cache_of_its_own(tmp_path):
    CachedClassifier(Slow(), tmp_path).predict(pieces())
    other = Slow("two")
    CachedClassifier(other, tmp_path).predict(pieces())
    assert len(other.asked) == len(TEXTS)


def test_no_text_and_no_question_is_on_disk(tmp_path):
    secret = "山田太郎の電話番号は090-1234-5678"
    CachedClassifier(Slow(), tmp_path).predict(pieces([secret], question="極秘の設問"))
    stored = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    for words in (secret, "090-1234", "極秘", "山田"):
        for encoding in ("utf-8", "utf-16-le", "cp932"):
            assert words.encode(encoding) not in stored


def test_only_the_owner_may_read_it(tmp_path):
    cached = CachedClassifier(Slow(), tmp_path)
    cached.predict(pieces())
    if os.name == "posix":
        assert cached.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("damage", [b"not a database at all" * 100, b"", b"SQLite format 3\0" + b"\xff" * 4_000])
def test_a_damaged_file_is_started_anew(tmp_path, damage):
    plain = Slow().predict(pieces())
    CachedClassifier(Slow(), tmp_path).predict(pieces())
    cached = CachedClassifier(Slow(), tmp_path)
    cached.path.write_bytes(damage)
    for _ in range(3):
        assert same(cached.predict(pieces()), plain)
    again = Slow()
    assert same(CachedClassifier(again, tmp_path).predict(pieces()), plain)
    assert again.asked == []


def test_a_changed_entry_is_computed_again(tmp_path):
    cached = CachedClassifier(Slow(), tmp_path)
    plain = cached.predict(pieces())
    with sqlite3.connect(cached.path) as base:
        base.execute("UPDATE seen SET entry = zeroblob(length(entry)) WHERE rowid = 1")
        base.execute("UPDATE seen SET entry = substr(entry, 1, 20) WHERE rowid = 2")
        base.execute("UPDATE seen SET entry = 'text' WHERE rowid = 3")
    base.close()
    slow = Slow()
    assert same(CachedClassifier(slow, tmp_path).predict(pieces()), plain)
    assert len(slow.asked) == 3


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("here is no folder")
    cached = CachedClassifier(Slow(), blocked)
    for _ in range(3):
        assert same(cached.predict(pieces()), Slow().predict(pieces()))
    assert caplog.text.count("is not used") == 1


def test_the_cache_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "_MOST_ENTRIES", 50)
    cached = CachedClassifier(Slow(), tmp_path)
    for start in range(0, 200, 20):
        cached.predict(pieces([str(i) for i in range(start, start + 20)]))
    base = sqlite3.connect(cached.path)
    assert base.execute("SELECT count(*) FROM seen").fetchone()[0] <= 50
    base.close()
    for model in range(9):
        CachedClassifier(Slow(str(model)), tmp_path).predict(pieces())
    assert len(list(tmp_path.glob("*.sqlite"))) <= 4


def _fill(folder, start):
    CachedClassifier(Slow(), folder).predict(pieces([str(i) for i in range(start, start + 300)]))


def test_processes_write_side_by_side(tmp_path):
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(tmp_path, start)) for start in (0, 150, 300)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [w.exitcode for w in workers] == [0, 0, 0]
    slow = Slow()
    texts = [str(i) for i in range(600)]
    cached = CachedClassifier(slow, tmp_path)
    assert same(cached.predict(pieces(texts)), Slow().predict(pieces(texts)))
    # On a busy machine a process may wait for another in vain, and what it found is not kept; nothing else is lost.
    assert len(slow.asked) % 300 in {0, 150}
    slow.asked.clear()
    assert same(cached.predict(pieces(texts)), Slow().predict(pieces(texts)))
    assert slow.asked == []


def test_the_fast_model_is_not_cached():
    assert with_cache(load_fast()) is load_fast()


def test_the_folder_may_be_named_from_home(monkeypatch, tmp_path):
    monkeypatch.setenv("NPS_NLP_CACHE", "~/predictions")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert CachedClassifier(Slow()).path.parent == tmp_path / "predictions"
