"""The encoder tier: what it promises to whoever runs it."""

import shutil
import socket
import subprocess
import sys
import time

import numpy as np
import pytest

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Piece
from nps_nlp.classify.store import model_folder, write_manifest
from nps_nlp.errors import ModelError

pytest.importorskip("onnxruntime", reason="the encoder runs on onnxruntime")
pytest.importorskip("tokenizers", reason="the encoder cuts texts with tokenizers")

from nps_nlp.classify.encoder import EncoderClassifier, load_encoder

TEXTS = [
    ("満足度の理由", "スタッフの方がとても親切で、また来たいと思いました。"),
    ("不便さの内容", "駐車場が狭くて、停めるまで30分も待たされた。"),
    ("施設に求めるもの", "カフェがほしい"),
    ("", "特になし"),
    ("What could we do better?", "Great staff, but the wait was far too long."),
    ("", "The app crashes every time I open an invoice."),
    ("", ""),
    ("", "😀"),
    ("Comment", "word " * 2_000),
]


def pieces(pairs):
    return [Piece(text, (), "ja" if any(c > "ぁ" for c in text) else "en", question) for question, text in pairs]


@pytest.fixture(scope="module")
def folder():
    try:
        return model_folder("feedback-encoder")
    except ModelError:
        pytest.skip("models/feedback-encoder has not been trained here")


@pytest.fixture(scope="module")
def encoder(folder):
    return EncoderClassifier(folder)


def test_labels_plain_comments(encoder):
    predicted = encoder.predict(pieces(TEXTS[:6]))
    sentiment = [SENTIMENTS[i] for i in predicted.sentiment.argmax(axis=1)]
    assert sentiment == ["positive", "negative", "neutral", "neutral", "mixed", "negative"]
    assert INTENTS[predicted.intent[2].argmax()] == "suggestion"
    themes = [{t for t, c in zip(encoder.theme_ids, row, strict=True) if c >= 0.5} for row in predicted.themes]
    assert "staff" in themes[0]
    assert "access" in themes[1]
    assert themes[3] == set()
    assert "reliability" in themes[5]


def test_probabilities_have_their_shape(encoder):
    predicted = encoder.predict(pieces(TEXTS))
    assert predicted.sentiment.shape == (9, 4)
    assert predicted.intent.shape == (9, 4)
    assert predicted.themes.shape == (9, len(encoder.theme_ids)) == (9, 24)
    assert np.allclose(predicted.sentiment.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(predicted.intent.sum(axis=1), 1, atol=1e-5)
    assert ((predicted.themes >= 0) & (predicted.themes <= 1)).all()
    assert all(a.dtype == np.float32 for a in (predicted.sentiment, predicted.intent, predicted.themes))


def test_nothing_in_gives_nothing_out(encoder):
    predicted = encoder.predict([])
    assert predicted.sentiment.shape == (0, 4)
    assert predicted.themes.shape == (0, 24)


def test_a_text_gets_the_same_bits_in_any_company(encoder):
    together = encoder.logits(TEXTS)
    crowd = [(q, f"{t}{n}") for n in range(40) for q, t in TEXTS]
    assert np.array_equal(encoder.logits(TEXTS[::-1])[::-1], together)
    assert np.array_equal(encoder.logits([*crowd, *TEXTS])[-len(TEXTS) :], together)
    for pair, row in zip(TEXTS, together, strict=True):
        assert np.array_equal(encoder.logits([pair])[0], row)


def test_number_of_threads_changes_nothing(folder, encoder):
    assert np.array_equal(EncoderClassifier(folder, threads=1).logits(TEXTS), encoder.logits(TEXTS))
    four = EncoderClassifier(folder, threads=4)
    assert np.array_equal(four.logits(TEXTS), encoder.logits(TEXTS))
    assert [four.beside().threads, EncoderClassifier(folder, threads=1).beside().threads] == [3, 1]
    assert np.array_equal(four.beside().logits(TEXTS), encoder.logits(TEXTS))


def test_question_is_read(encoder):
    liked, wanted = encoder.predict(pieces([("推奨項目", "海の幸"), ("施設に求めるもの", "海の幸")])).intent
    assert INTENTS[liked.argmax()] == "praise"
    assert INTENTS[wanted.argmax()] == "suggestion"


def test_swapped_weights_are_refused_before_they_are_opened(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    raw = bytearray((copy / "model.onnx").read_bytes())
    raw[len(raw) // 2] ^= 1
    (copy / "model.onnx").write_bytes(raw)
    with pytest.raises(ModelError, match=r"model\.onnx.*SHA-256 differs"):
        EncoderClassifier(copy)


def test_missing_file_is_named(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json: the model file is missing"):
        EncoderClassifier(copy)


def test_model_of_another_tier_is_refused(tmp_path):
    write_manifest(tmp_path, {"tier": "fast"}, [])
    with pytest.raises(ModelError, match="of the tier 'fast', not 'encoder'"):
        EncoderClassifier(tmp_path)


def test_file_that_is_no_network_is_refused(folder, tmp_path):
    copy = shutil.copytree(folder, tmp_path / "copy")
    (copy / "model.onnx").write_bytes(b"no network")
    settings = {"tier": "encoder", "themes": [], "longest": 9, "thresholds": []}
    settings["temperatures"] = {"sentiment": 1, "intent": 1}
    write_manifest(copy, settings, ["model.onnx", "tokenizer.json"])
    with pytest.raises(ModelError, match="cannot run this model"):
        EncoderClassifier(copy)


def test_opens_no_socket(folder, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert EncoderClassifier(folder).predict(pieces(TEXTS)).sentiment.shape == (9, 4)


def test_needs_neither_torch_nor_transformers(folder):
    code = (
        "import sys; sys.modules |= dict.fromkeys(('torch', 'transformers', 'onnx')); from pathlib import Path; "
        "from nps_nlp.classify.encoder import EncoderClassifier as E; "
        f"print(E(Path({str(folder)!r})).logits([('', 'good')]).shape)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "(1, 32)"


def test_loads_in_under_a_second(folder):
    EncoderClassifier(folder)  # the packages are imported and the files are in the cache of the disk
    start = time.process_time()
    EncoderClassifier(folder)
    assert time.process_time() - start < 1


def test_packaged_model_is_small_and_loaded_once(folder):
    assert sum(f.stat().st_size for f in folder.iterdir()) < 45e6
    assert load_encoder() is load_encoder()
    assert load_encoder().fingerprint == EncoderClassifier(folder).fingerprint


def test_manifest_that_does_not_fit_its_network_is_refused(folder, tmp_path):
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    whole = {"tier": "encoder", "themes": ["price"], "longest": 9, "thresholds": [0.5],
             "temperatures": {"sentiment": 1, "intent": 1}}  # fmt: skip
    for change in ({"temperatures": {}}, {"thresholds": [0.5, 0.5]}, {"longest": "long"}, {"themes": 3}):
        write_manifest(copy, whole | change, ["model.onnx", "tokenizer.json"])
        with pytest.raises(ModelError, match="not one of this tier"):
            EncoderClassifier(copy)
    (copy / "tokenizer.json").write_text("{}", "utf-8")
    write_manifest(copy, whole, ["model.onnx", "tokenizer.json"])
    with pytest.raises(ModelError, match="not a tokenizer"):
        EncoderClassifier(copy)


# A network of one node whose weights lie in weights.bin, as onnx.save(…, save_as_external_data=True) wrote it.
EXTERNAL = bytes.fromhex(
    "08093a86010a150a017712066c6f6769747322084964656e746974791201672a4008d80410014201776a170a086c6f636174"
    "696f6e120b776569676874732e62696e6a0b0a066f66667365741201306a0e0a066c656e67746812043234303070015a110a"
    "03696473120a0a08080712040a02080162150a066c6f67697473120b0a09080112050a0308d80442040a001011"
)


def test_weights_outside_the_network_are_not_read(folder, tmp_path, monkeypatch):
    """Neither from the model's folder nor from the working directory: no hash vouches for them."""
    copy = tmp_path / "model"
    copy.mkdir()
    shutil.copy(folder / "tokenizer.json", copy)
    (copy / "model.onnx").write_bytes(EXTERNAL)
    (copy / "weights.bin").write_bytes(bytes(2_400))
    settings = {"tier": "encoder", "themes": [], "longest": 9, "thresholds": [],
                "temperatures": {"sentiment": 1, "intent": 1}}  # fmt: skip
    write_manifest(copy, settings, ["model.onnx", "tokenizer.json"])
    for place in (tmp_path, copy):
        monkeypatch.chdir(place)
        with pytest.raises(ModelError, match="cannot run this model"):
            EncoderClassifier(copy)
