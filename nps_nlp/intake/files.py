"""Find the input files behind the paths, folders and globs that a user names."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_TABLES = frozenset(
    {
        ".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet", ".arrow", ".feather",
        ".jsonl", ".ndjson", ".sav", ".zsav", ".dta",
    }
)  # fmt: skip
_ARCHIVES = frozenset({".zip", ".gz"})
# A text file may be an export or a readme, and JSON anything.
TABLE_SUFFIXES = _TABLES | {".txt", ".json"}
SUFFIXES = TABLE_SUFFIXES | _ARCHIVES


def find_inputs(inputs: Iterable[str | Path]) -> list[Path]:
    """Expand files, folders and globs into a list of files, in the order given, each once.

    Parameters
    ----------
    inputs : iterable of str or Path
        Files; folders (every file in them, at any depth, whose suffix is in ``SUFFIXES`` and which is not
        hidden); or glob patterns, which may match both.

    Raises
    ------
    InputError
        When nothing is given, or an input matches nothing.
    """
    found: dict[Path, Path] = {}
    for item in inputs:
        matches = _expand(Path(item)) if str(item).strip() else []
        if not matches and str(item).strip():
            raise InputError(_nothing_found(Path(item)))
        for path in matches:
            found.setdefault(path.resolve(), path)
    if not found:
        raise InputError("No input was given: name an export file, a folder or a pattern such as 'exports/*.csv'.")
    return list(found.values())


def is_data_file(path: Path) -> bool:
    """Tell whether a file's name says that it holds data, so that it must not be left out unread.

    Examples
    --------
    >>> is_data_file(Path("2024-05.CSV")), is_data_file(Path("README.txt"))
    (True, False)
    """
    return path.suffix.lower() in _TABLES | _ARCHIVES


def _expand(path: Path) -> list[Path]:
    if path.is_dir():
        found = [p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and _is_shown(p, path)]
        # An archive beside the file that was packed into it, or unpacked from it, is the same answers twice.
        plain = {_stem(p) for p in found if p.suffix.lower() not in _ARCHIVES}
        return sorted(p for p in found if p.suffix.lower() not in _ARCHIVES or _stem(p) not in plain)
    if path.exists():
        return [path]
    matches = sorted(map(Path, glob.glob(str(path), recursive=True)))  # noqa: PTH207 - the pattern may be absolute
    return [file for match in matches for file in (_expand(match) if match.is_dir() else [match])]


def _stem(path: Path) -> Path:
    return path.with_name(path.name.split(".")[0])


def _is_shown(path: Path, folder: Path) -> bool:
    """Tell whether a file is meant to be seen: locks and what systems put beside files are not."""
    parts = path.relative_to(folder).parts
    return not any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts)


def _nothing_found(path: Path) -> str:
    if path.is_dir():
        endings = ", ".join(sorted(SUFFIXES))
        return f"{path}: the folder holds no survey export; name one with files that end in {endings}."
    return f"{path}: no such file; check the path, or quote a pattern such as 'exports/*.csv'."
