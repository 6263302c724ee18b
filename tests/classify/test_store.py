import json

import numpy as np
import pytest

from nps_nlp.classify.store import (
    MANIFEST,
    fingerprint,
    load_arrays,
    model_folder,
    save_arrays,
    tier_of,
    verified_files,
    write_manifest,
)
from nps_nlp.errors import ModelError


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "model"
    inside.mkdir()
    (inside / "a.bin").write_bytes(b"weights")
    write_manifest(inside, {"tier": "fast"}, ["a.bin"])
    return inside


def test_whole_folder(folder):
    files, settings = verified_files(folder)
    assert files == {"a.bin": folder / "a.bin"}
    assert settings["tier"] == "fast"


def test_changed_or_missing_files_are_refused(folder):
    before = fingerprint(folder)
    (folder / "a.bin").write_bytes(b"Weights")
    with pytest.raises(ModelError, match="was not opened"):
        verified_files(folder)
    (folder / "a.bin").unlink()
    with pytest.raises(ModelError, match="missing"):
        verified_files(folder)
    (folder / "a.bin").write_bytes(b"other")
    write_manifest(folder, {"tier": "fast"}, ["a.bin"])
    assert fingerprint(folder) != before


@pytest.mark.parametrize(
    "name", ["../a.bin", "/etc/passwd", "..", ".", "", "x/../a.bin", "..\\a.bin", "C:a.bin", MANIFEST]
)
def test_paths_out_of_the_folder_are_refused(folder, name):
    (folder / MANIFEST).write_text(json.dumps({"files": {name: "0" * 64}}))
    with pytest.raises(ModelError, match="not a file of this folder"):
        verified_files(folder)


def test_links_are_refused(folder, tmp_path):
    (tmp_path / "elsewhere.bin").write_bytes(b"weights")
    (folder / "a.bin").unlink()
    (folder / "a.bin").symlink_to(tmp_path / "elsewhere.bin")
    with pytest.raises(ModelError, match="not a file of this folder"):
        verified_files(folder)


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"files": 3}', "[" * 100_000, "\xff"])
def test_unreadable_manifests(folder, content):
    (folder / MANIFEST).write_text(content, "latin-1")
    with pytest.raises(ModelError, match=MANIFEST):
        verified_files(folder)


def test_arrays_survive_whatever_their_memory_order(tmp_path):
    array = np.asfortranarray(np.arange(12, dtype=np.float32).reshape(3, 4))
    save_arrays(tmp_path / "x.safetensors", {"a": array, "t": array.T})
    found = load_arrays(tmp_path / "x.safetensors")
    assert np.array_equal(found["a"], array)
    assert np.array_equal(found["t"], array.T)


def test_no_packaged_model_of_that_name():
    with pytest.raises(ModelError, match="no packaged model"):
        model_folder("none")


def test_the_tier_of_a_folder_is_what_its_manifest_says(tmp_path):
    assert tier_of(tmp_path) == ""
    (tmp_path / "manifest.json").write_text('{"tier": "encoder"}', "utf-8")
    assert tier_of(tmp_path) == "encoder"
    (tmp_path / "manifest.json").write_text("[]", "utf-8")
    assert tier_of(tmp_path) == ""


def test_a_name_that_no_file_can_have_is_refused(folder):
    for name in ("x" * 300, "a\0b"):
        (folder / MANIFEST).write_text(json.dumps({"files": {name: "0" * 64}}))
        with pytest.raises(ModelError, match=r"cannot be read|is missing"):
            verified_files(folder)


def test_a_manifest_that_is_too_deep_is_no_tier(tmp_path):
    (tmp_path / "manifest.json").write_text("[" * 100_000, "utf-8")
    assert tier_of(tmp_path) == ""


def test_arrays_of_another_kind_are_refused(tmp_path):
    (tmp_path / "x.safetensors").write_bytes(b"\x80\x04 a pickle")
    with pytest.raises(ModelError, match="not a file of safetensors"):
        load_arrays(tmp_path / "x.safetensors")
