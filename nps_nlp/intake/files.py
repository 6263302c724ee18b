"""Find the input files behind the paths, folders and globs that a user names."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

SUFFIXES = frozenset({".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".jsonl", ".ndjson"})


def find_inputs(inputs: Iterable[str | Path]) -> list[Path]:
    """Expand files, folders and globs into a list of files, in the order given, each once.

    Parameters
    ----------
    inputs : iterable of str or Path
        Files; folders (every file in them, at any depth, whose suffix is in ``SUFFIXES``); or glob patterns.

    Raises
    ------
    InputError
        When an input matches nothing.
    """
    found: dict[Path, None] = {}
    for item in inputs:
        matches = _expand(Path(item))
        if not matches:
            raise InputError(_nothing_found(Path(item)))
        found.update(dict.fromkeys(matches))
    if not found:
        raise InputError("No input was given: name an export file, a folder or a pattern such as 'exports/*.csv'.")
    return list(found)


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and not p.name.startswith((".", "~$")))
    if path.exists():
        return [path]
    return sorted(Path(p) for p in glob.glob(str(path), recursive=True) if Path(p).is_file())  # noqa: PTH207 - an absolute pattern


def _nothing_found(path: Path) -> str:
    if path.is_dir():
        return f"{path}: the folder holds no survey export; expected files ending in {', '.join(sorted(SUFFIXES))}."
    return f"{path}: no such file; check the path, or quote a pattern such as 'exports/*.csv'."
