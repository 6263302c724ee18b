"""A report needs no network and opens no pickle: checked in a process of its own, where both are forbidden."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import nps_nlp
from nps_nlp.classify.store import model_folder
from nps_nlp.demo import demo_path

# The audit hook sees what C code does, too.
GUARD = """
import socket, sys
def refuse(*_, **__):
    raise RuntimeError("FORBIDDEN: a socket")
socket.socket = type("Refused", (socket.socket,), {"__init__": refuse})
socket.create_connection = socket.getaddrinfo = refuse
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind"):
        raise RuntimeError(f"FORBIDDEN: {event}")
    if event == "pickle.find_class":
        raise RuntimeError(f"FORBIDDEN: {event} {arguments}")
sys.addaudithook(watch)
"""


def run(code, *arguments, cache):
    root = str(Path(nps_nlp.__file__).parent.parent)
    environment = {**os.environ, "PYTHONPATH": root, "NPS_NLP_CACHE": str(cache)}
    command = [sys.executable, "-c", GUARD + code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def report(model, out, *more, cache):
    code = "from nps_nlp.cli import main; sys.exit(main(sys.argv[1:]))"
    return run(code, "report", demo_path("ja"), "--model", model, "--out", out, *more, cache=cache)


@pytest.mark.parametrize("code", ["socket.socket()", "import pickle; pickle.loads(pickle.dumps(sys.exit))"])
def test_the_guard_works(code, tmp_path):
    assert "FORBIDDEN" in run(code, cache=tmp_path).stderr


@pytest.mark.parametrize("model", ["fast", "encoder"])
def test_a_report_uses_no_network_and_no_pickle(model, tmp_path):
    if model == "encoder":
        pytest.importorskip("onnxruntime", reason="the encoder runs on onnxruntime")
    done = report(model, tmp_path / "out", cache=tmp_path / "cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "out" / "analysis.json").read_text("utf-8"))["settings"]["model"]["name"] == model


def test_onnxruntime_reports_to_nobody(tmp_path):
    """Its telemetry is native code, which the guard does not see: it would leave an identifier in the home folder."""
    pytest.importorskip("onnxruntime", reason="the encoder runs on onnxruntime")
    code = """
from nps_nlp.classify.encoder import load_encoder
from nps_nlp.classify.protocol import Piece
load_encoder().predict([Piece("good", (), "en", "")])
"""
    root = str(Path(nps_nlp.__file__).parent.parent)
    # On a machine for continuous integration nothing is reported anyway.
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {**kept, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "PYTHONPATH": root}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.rglob("*")) == []


def test_the_report_is_the_same_with_a_full_an_empty_and_no_cache(tmp_path):
    pytest.importorskip("onnxruntime", reason="the encoder runs on onnxruntime")
    bytes_of = []
    for name, more in (("empty", ()), ("full", ()), ("none", ("--no-cache",))):
        cache = tmp_path / "cache" if name != "none" else tmp_path / "unused"
        done = report("encoder", tmp_path / name, *more, cache=cache)
        assert done.returncode == 0, done.stderr
        bytes_of.append((tmp_path / name / "analysis.json").read_bytes())
    assert bytes_of[0] == bytes_of[1] == bytes_of[2]
    assert list((tmp_path / "cache").glob("*.sqlite"))
    assert not (tmp_path / "unused").exists()


def test_a_planted_pickle_is_not_opened(tmp_path):
    """Neither one that lies in the folder nor one that takes the place of the weights."""
    folder = tmp_path / "model"
    shutil.copytree(model_folder("fast"), folder)
    touched = tmp_path / "touched"
    planted = f"cposix\nsystem\n(S'touch {touched}'\ntR.".encode()
    (folder / "pytorch_model.bin").write_bytes(planted)
    (folder / "model.pkl").write_bytes(planted)
    assert report(folder, tmp_path / "out", cache=tmp_path).returncode == 0
    (folder / "ja.safetensors").write_bytes(planted)
    refused = report(folder, tmp_path / "out", cache=tmp_path)
    assert refused.returncode == 1
    assert "SHA-256 differs" in refused.stderr
    assert not touched.exists()


def test_swapped_weights_are_refused(tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(model_folder("fast"), folder)
    for name, other in (("ja", "en"), ("en", "ja")):
        shutil.copy(model_folder("fast") / f"{other}.safetensors", folder / f"{name}.safetensors")
    refused = report(folder, tmp_path / "out", cache=tmp_path)
    assert (refused.returncode, "it was not opened" in refused.stderr) == (1, True)
