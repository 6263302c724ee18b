import multiprocessing
import os
import platform
import sqlite3
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from nps_nlp.classify import cache, load_classifier
from nps_nlp.classify.cache import CachedClassifier, with_cache
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.protocol import Piece, Predictions

TEXTS = ["価格は高いがサポートは最高", "Great staff", "", "特になし", "😀", "\ud800 half a pair", "x" * 5_000]


class Slow:
    """Predictions that follow from the text, and a count of the texts that were asked for."""

    def __init__(self, fingerprint="one", name="slow", theme_ids=("price", "staff")):
        self.fingerprint, self.name, self.theme_ids = fingerprint, name, theme_ids
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


def file_of(tmp_path, **model):
    return CachedClassifier(Slow(**model), tmp_path).path


def test_the_same_model_with_other_columns_has_a_cache_of_its_own(tmp_path):
    assert file_of(tmp_path) == file_of(tmp_path)
    assert file_of(tmp_path, theme_ids=("staff", "price")) != file_of(tmp_path)


def test_a_processor_with_other_instructions_has_a_cache_of_its_own(tmp_path, monkeypatch):
    found = []
    for number, told in enumerate(["flags\t: avx2", "flags\t: avx2 avx512_vnni", "Features\t: asimddp", None]):
        listed = tmp_path / f"cpuinfo{number}"
        if told:
            listed.write_text(f"processor\t: 0\n{told}\n", "utf-8")
        monkeypatch.setattr(cache, "_PROCESSOR_FILE", listed)
        found.append(file_of(tmp_path))
    monkeypatch.setattr(platform, "processor", lambda: "another one")
    assert len({*found, file_of(tmp_path)}) == 5


def test_a_checkpoint_on_a_gpu_has_a_cache_of_its_own(tmp_path, monkeypatch):
    def torch(gpu="", mps=False):
        cuda = SimpleNamespace(is_available=lambda: bool(gpu), get_device_name=lambda: gpu)
        return SimpleNamespace(cuda=cuda, backends=SimpleNamespace(mps=SimpleNamespace(is_available=lambda: mps)))

    found = {"checkpoint": [], "encoder": []}
    for loaded in (torch(), torch(gpu="H100"), torch(gpu="A100"), torch(mps=True)):
        monkeypatch.setitem(sys.modules, "torch", loaded)
        found["checkpoint"].append(file_of(tmp_path, name="huggingface:a/b"))
        found["encoder"].append(file_of(tmp_path, name="encoder"))
    assert len(set(found["checkpoint"])) == 4
    # It runs on the processor, whatever a program beside has loaded.
    assert len(set(found["encoder"])) == 1


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


def test_the_models_that_were_used_last_are_kept(tmp_path):
    models = [CachedClassifier(Slow(str(model)), tmp_path) for model in range(4)]
    for age, model in enumerate(models):
        model.predict(pieces())
        os.utime(model.path, (1_000_000_000 + age, 1_000_000_000 + age))
    again = Slow("0")
    CachedClassifier(again, tmp_path).predict(pieces())
    assert again.asked == []  # the oldest is used, and only read
    CachedClassifier(Slow("new"), tmp_path).predict(pieces())
    assert [model.path.exists() for model in models] == [True, False, True, True]


def test_a_time_that_cannot_be_set_is_no_error(tmp_path, monkeypatch, caplog):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "utime", refuse)
    CachedClassifier(Slow(), tmp_path).predict(pieces())
    again = Slow()
    CachedClassifier(again, tmp_path).predict(pieces())
    assert again.asked == []
    assert caplog.text == ""


def _fill(folder, start, ready, kept):
    cached = CachedClassifier(Slow(), folder)
    ready.wait(60)
    cached.predict(pieces([str(i) for i in range(start, start + 300)]))
    if cached._usable:
        kept.put(start)


def test_processes_write_side_by_side(tmp_path):
    context = multiprocessing.get_context("spawn")
    ready, kept = context.Barrier(3), context.SimpleQueue()
    workers = [context.Process(target=_fill, args=(tmp_path, start, ready, kept)) for start in (0, 150, 300)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [w.exitcode for w in workers] == [0, 0, 0]
    slow = Slow()
    texts = [str(i) for i in range(600)]
    cached = CachedClassifier(slow, tmp_path)
    assert same(cached.predict(pieces(texts)), Slow().predict(pieces(texts)))
    # A process may wait for another in vain, says so, and keeps nothing; what the others kept is there, to the last.
    there = set()
    while not kept.empty():
        start = kept.get()
        there |= set(texts[start : start + 300])
    assert there
    assert slow.asked == [text for text in texts if text not in there]
    slow.asked.clear()
    assert same(cached.predict(pieces(texts)), Slow().predict(pieces(texts)))
    assert slow.asked == []


def test_the_fast_model_is_not_cached():
    assert with_cache(load_fast()) is load_fast()


@pytest.mark.parametrize("named", ["", "~/predictions"])
def test_without_a_home_the_cache_is_left_out_and_it_is_said_once(monkeypatch, caplog, named):
    pwd = pytest.importorskip("pwd", reason="Windows knows the home of everybody")

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NPS_NLP_CACHE", named)
    cache._say_once.cache_clear()
    assert load_classifier("fast", cache=True).name == "fast"
    slow = Slow()
    assert with_cache(slow) is slow
    assert caplog.text.count("is not used") == caplog.text.count("NPS_NLP_CACHE") == 1


def test_the_folder_may_be_named_from_home(monkeypatch, tmp_path):
    monkeypatch.setenv("NPS_NLP_CACHE", "~/predictions")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert with_cache(Slow()).path.parent == tmp_path / "predictions"
