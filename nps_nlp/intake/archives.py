"""Unpack the tables of ZIP and gzip archives, within limits, into files that vanish with the tables."""

from __future__ import annotations

import gzip
import shutil
import struct
import tempfile
import weakref
import zipfile
import zlib
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# An archive that grows beyond all measure is a trap or a mistake: at most this much in all, and, once it is more
# than a good survey has, at most so many times its own size (text shrinks 5 to 30 times).
MAX_UNPACKED, SMALL, MAX_RATIO = 4 << 30, 100 << 20, 200
MAX_MEMBERS = 1_000
_PIECE = 1 << 20
# All that `zipfile` and `gzip` raise on damage: they follow what an archive says of itself.
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, IndexError, struct.error)
_WORKBOOKS = {
    "xl/vbaProject.bin": "xlsm",
    "xl/workbook.bin": "xlsb",
    "xl/workbook.xml": "xlsx",
    "content.xml": "ods",
    "[Content_Types].xml": "xlsx",
}
_UTF8_NAME, _LOCKED = 0x800, 0x1


class Unpacked:
    """A temporary folder with the members of an archive; it is deleted when nobody holds it any more."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="nps_nlp-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def workbook_kind(path: Path) -> str | None:
    """Return what kind of workbook a ZIP file is, by the members that one must have; None where it is none.

    Raises
    ------
    InputError
        When the archive is damaged.
    """
    with _zip(path) as archive:
        names = set(archive.namelist())
    return next((kind for member, kind in _WORKBOOKS.items() if member in names), None)


def unpack(path: Path, suffixes: Iterable[str]) -> tuple[Unpacked, dict[str, Path], list[str]]:
    """Unpack the files of an archive that may hold tables.

    Parameters
    ----------
    path : Path
        A ZIP or gzip file.
    suffixes : iterable of str
        How the names of members end that may hold tables.

    Returns
    -------
    Unpacked, dict of str to Path, list of str
        What must be kept as long as the files are used; the files by their names in the archive, in its order;
        and the names of members that were left out.

    Raises
    ------
    InputError
        When the archive is damaged, locked, holds no table, or unpacks to more than the limits.
    """
    with path.open("rb") as file:
        zipped = file.read(2) == b"PK"
    where, found, others = Unpacked(), dict[str, Path](), list[str]()
    budget = _Budget(path)
    if not zipped:
        name = path.name.removesuffix(".gz").removesuffix(".GZ")
        with _faults(path), gzip.open(path) as source:
            found[name] = _copy(source, where.folder / "0", budget)
        return where, found, []
    with _zip(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and _is_shown(m.filename)]
        if len(members) > MAX_MEMBERS:
            raise InputError(f"{path}: the archive holds over {MAX_MEMBERS:,} files; name a folder of exports instead.")
        for index, member in enumerate(members):
            name = _name(member)
            suffix = PurePosixPath(name).suffix.lower()
            if suffix not in suffixes:
                others.append(name)
                continue
            if member.flag_bits & _LOCKED:
                raise InputError(f"{path}: the archive is locked by a password; unpack it and name the files in it.")
            with _faults(path), archive.open(member) as source:
                found[name] = _copy(source, where.folder / f"{index}{suffix}", budget)
    if not found:
        inside = f"it holds {', '.join(others[:3])}" if others else "it is empty"
        raise InputError(f"{path}: the archive holds no table ({inside}); export the responses as CSV or XLSX.")
    return where, found, others


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Budget:
    """How much of an archive may still be unpacked."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._most = min(MAX_UNPACKED, max(SMALL, MAX_RATIO * path.stat().st_size))

    def spend(self, size: int) -> None:
        self._most -= size
        if self._most < 0:
            raise InputError(
                f"{self._path}: the archive unpacks to over {MAX_RATIO} times its size or over "
                f"{MAX_UNPACKED >> 30} GiB, which no survey does; unpack it and name the files in it."
            )


def _copy(source: _Readable, target: Path, budget: _Budget) -> Path:
    with target.open("wb") as file:
        while piece := source.read(_PIECE):
            budget.spend(len(piece))
            file.write(piece)
    return target


@contextmanager
def _zip(path: Path) -> Iterator[zipfile.ZipFile]:
    with _faults(path), zipfile.ZipFile(path) as archive:
        yield archive


@contextmanager
def _faults(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if not isinstance(error, gzip.BadGzipFile):
            raise InputError(f"{path}: cannot be unpacked ({error.strerror}); check the file and the disk.") from error
        raise _damaged(path, error) from error
    except _FAULTS as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> InputError:
    return InputError(f"{path}: the archive or workbook is damaged or cut off ({error}); export the responses again.")


def _name(member: zipfile.ZipInfo) -> str:
    """Return the name of a member; Windows in Japan writes it in CP932 without saying so."""
    if member.flag_bits & _UTF8_NAME:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return member.filename


def _is_shown(name: str) -> bool:
    return not any(part.startswith((".", "~$")) or part == "__MACOSX" for part in PurePosixPath(name).parts)
