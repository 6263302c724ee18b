"""Model folders: weights without pickle, and a manifest whose hashes are checked before any file is opened."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"


def model_folder(name: str) -> Path:
    """Return the folder of a packaged model.

    Raises
    ------
    ModelError
        When there is no such model.
    """
    here = Path(__file__).resolve().parent.parent
    # In the wheel the models lie inside the package, in a checkout at the top of the repository.
    for folder in (here / "models" / name, here.parent / "models" / name):
        if (folder / MANIFEST).is_file():
            return folder
    raise ModelError(f"There is no packaged model {name!r}; train it with 'nps-nlp train', or reinstall nps-nlp.")


def verified_files(folder: Path) -> tuple[dict[str, Path], dict[str, Any]]:
    """Return the files and settings of a model folder after comparing every file with its SHA-256.

    Raises
    ------
    ModelError
        When the manifest is missing or unreadable, or a file is missing or not the one it was.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        hashes = dict(manifest["files"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"{folder}: no readable {MANIFEST}; train the model again or reinstall nps-nlp.") from error
    files = {}
    for name, expected in hashes.items():
        # A manifest may name files of its own folder only: no "../", no absolute path, no link that leads elsewhere.
        path = folder / name
        if (
            name != PurePosixPath(name).name
            or name != PureWindowsPath(name).name
            or name in {"", ".", "..", MANIFEST}
            or os.path.islink(path)  # noqa: PTH114 - Path.is_symlink raises on a name too long for a file
        ):
            raise ModelError(
                f"{folder}: the manifest names {name!r}, which is not a file of this folder; reinstall nps-nlp."
            )
        try:
            found = file_hash(path) if path.is_file() else None
        except OSError as error:
            raise ModelError(f"{path}: the model file cannot be read ({error.strerror}).") from error
        if found is None:
            raise ModelError(f"{path}: the model file is missing; train the model again or reinstall nps-nlp.")
        if found != expected:
            raise ModelError(
                f"{path}: the file is not the one the manifest names (SHA-256 differs); "
                "it was not opened. Reinstall nps-nlp."
            )
        files[name] = path
    return files, manifest


def tier_of(folder: Path) -> str:
    """Return the tier that a model folder says it is of, empty where it has no readable manifest."""
    try:
        return str(json.loads((folder / MANIFEST).read_text("utf-8")).get("tier", ""))
    except (OSError, ValueError, AttributeError, RecursionError):
        return ""


def write_manifest(folder: Path, settings: Mapping[str, Any], files: list[str]) -> None:
    """Write the manifest of the files in a model folder."""
    manifest = {**settings, "files": {name: file_hash(folder / name) for name in sorted(files)}}
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def fingerprint(folder: Path) -> str:
    """Return a short hash of a model folder's manifest: it changes with every file."""
    return file_hash(folder / MANIFEST)[:16]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def save_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays as safetensors.

    safetensors 0.8 silently corrupts Fortran-ordered arrays, so every array is made contiguous first.
    """
    from safetensors.numpy import save_file

    save_file({k: np.ascontiguousarray(v) for k, v in arrays.items()}, str(path))
    path.chmod(0o644)  # safetensors writes for the owner alone; a packaged model is for everybody


def load_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read arrays written by `save_arrays`.

    Raises
    ------
    ModelError
        When the file is no safetensors.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(str(path)))
    except SafetensorError as error:
        raise ModelError(f"{path}: not a file of safetensors ({error}); train the model again.") from error
