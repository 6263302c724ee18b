"""Predictions of slow classifiers kept on disk, so that a report of the same comments takes seconds the second time.

One SQLite file a model in the cache folder of the user (``NPS_NLP_CACHE`` names another). It holds hashes of questions
and texts beside the predictions, never a text; whoever has the file can still test whether a guessed text is in it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import platform
import sqlite3
import sys
import unicodedata
from contextlib import closing, suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import platformdirs

from nps_nlp.classify.checkpoint import PREFIX
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import FastClassifier
from nps_nlp.classify.protocol import Predictions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Classifier, Piece

    Row = NDArray[np.float32]

T = TypeVar("T")

# Raised whenever an entry would mean something else.
_FORMAT = 1
_MOST_ENTRIES = 1_000_000  # some 200 MB a model
_MOST_MODELS = 4
_VARIABLES = 500
_CHECK = 8
_PATIENCE_SECONDS = 10
# What can change the last digits of a prediction beside the model itself.
_RUNTIMES = ("nps-nlp", "numpy", "onnxruntime", "tokenizers", "torch", "transformers")
# Where Linux tells what a processor can do, and how the line begins on x86 and on ARM.
_PROCESSOR_FILE, _ABILITIES = Path("/proc/cpuinfo"), ("flags", "Features")
_S, _I = len(SENTIMENTS), len(INTENTS)

_log = logging.getLogger(__name__)


def with_cache(classifier: Classifier, folder: Path | None = None) -> Classifier:
    """Return a classifier that looks its predictions up on disk first.

    The quick reader is returned as it is: it reads words that were cut in the whole comment, which the text of a
    statement alone does not determine, and it spends a small part of the time of a report (2 cores: 0.5 s for 8,716
    pieces of 5,000 Fukui answers, 0.1 s with a look-up; encoder: 24 to 32 s and 0.04 s). Every other one
    is returned as it is where no folder is known, as in a container whose user has no home, and a warning says so.

    Parameters
    ----------
    classifier : Classifier
    folder : Path, optional
        Where the files lie; by default the environment variable ``NPS_NLP_CACHE``, or the user's cache folder.
    """
    if isinstance(classifier, FastClassifier):
        return classifier
    folder = folder or _own_folder()
    return CachedClassifier(classifier, folder) if folder else classifier


class CachedClassifier:
    """A classifier with a memory on disk; gives exactly what the classifier itself gives.

    A cache that cannot be read or written is left out, and a damaged one is thrown away: it holds nothing that cannot
    be computed again. Several processes may share it.

    Parameters
    ----------
    classifier : Classifier
        One whose predictions depend on question, text and language of a piece alone.
    folder : Path
    """

    def __init__(self, classifier: Classifier, folder: Path) -> None:
        self._inner = classifier
        self.name, self.theme_ids, self.fingerprint = classifier.name, classifier.theme_ids, classifier.fingerprint
        space = _namespace(classifier)
        self._secret = space.encode()
        self.path = folder / f"{space}.sqlite"
        self._usable = True

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece, those known from before without another look."""
        pieces = list(pieces)
        keys = [self._key(piece) for piece in pieces]
        known = self._look_up(set(keys))
        new = {key: piece for key, piece in zip(keys, pieces, strict=True) if key not in known}
        if new:
            found = self._inner.predict(list(new.values()))
            rows = found.table().astype(np.float32)
            fresh = dict(zip(new, rows, strict=True))
            self._keep(fresh)
            known |= fresh
        out = np.zeros((len(pieces), _S + _I + len(self.theme_ids)), dtype=np.float32)
        for place, key in enumerate(keys):
            out[place] = known[key]
        return Predictions.of(out)

    def _key(self, piece: Piece) -> bytes:
        content = f"{piece.language}{len(piece.question)}:{piece.question}{piece.text}"
        encoded = content.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(encoded, digest_size=16, key=self._secret).digest()

    def _look_up(self, keys: set[bytes]) -> dict[bytes, Row]:
        wanted = sorted(keys)

        def read(base: sqlite3.Connection) -> dict[bytes, Row]:
            known = {}
            for start in range(0, len(wanted), _VARIABLES):
                some = wanted[start : start + _VARIABLES]
                marks = ",".join("?" * len(some))
                for key, entry in base.execute(f"SELECT key, entry FROM seen WHERE key IN ({marks})", some):  # noqa: S608
                    row = self._unpacked(key, entry)
                    if row is not None:
                        known[key] = row
            return known

        return self._use(read) or {}

    def _keep(self, rows: dict[bytes, Row]) -> None:
        def write(base: sqlite3.Connection) -> None:
            entries = ((key, _check(key, row.tobytes()) + row.tobytes()) for key, row in rows.items())
            base.execute("BEGIN IMMEDIATE")
            base.executemany("INSERT OR REPLACE INTO seen (key, entry) VALUES (?, ?)", entries)
            (newest,) = base.execute("SELECT max(rowid) FROM seen").fetchone()
            base.execute("DELETE FROM seen WHERE rowid <= ?", (newest - _MOST_ENTRIES,))
            base.execute("COMMIT")

        self._use(write)

    def _unpacked(self, key: bytes, entry: object) -> Row | None:
        """Return the prediction of an entry, None where its check does not fit."""
        if not isinstance(entry, bytes) or len(entry) != _CHECK + 4 * (_S + _I + len(self.theme_ids)):
            return None
        payload = entry[_CHECK:]
        return np.frombuffer(payload, dtype=np.float32) if _check(key, payload) == entry[:_CHECK] else None

    def _use(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something with the file; on any fault return None, having thrown a damaged file away.

        What cannot be opened once is left alone from then on: every batch would wait for it, and say so, again.
        """
        if not self._usable:
            return None
        try:
            if not self.path.exists():
                self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                _forget_old_models(self.path.parent)
            with closing(_opened(self.path)) as base:
                return action(base)
        except (OSError, sqlite3.OperationalError) as error:
            self._usable = False
            _say_once(f"The cache of predictions at {self.path} is not used: {error}.")
        except sqlite3.DatabaseError as error:
            _log.warning("The cache of predictions at %s was damaged and is started anew: %s.", self.path, error)
            _remove(self.path)
        return None


def _own_folder() -> Path | None:
    """Return the folder of whoever runs this, None where there is no home that it could lie in."""
    try:
        return Path(os.environ.get("NPS_NLP_CACHE") or platformdirs.user_cache_path("nps-nlp")).expanduser()
    except RuntimeError:
        _say_once("The cache of predictions is not used: no home folder is known; name a folder in NPS_NLP_CACHE.")
        return None


@cache
def _say_once(warning: str) -> None:
    """Log a warning; the readers of a tier have a cache each, and would say the same one after the other."""
    _log.warning(warning)


def _opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    # Readers and one writer at a time; a process that is killed leaves a whole file.
    # Another process that opens the new file now may be about it: one of them is enough.
    with suppress(sqlite3.OperationalError):
        base.execute("PRAGMA journal_mode=WAL")
    base.execute("PRAGMA synchronous=NORMAL")
    base.execute("CREATE TABLE IF NOT EXISTS seen (key BLOB NOT NULL UNIQUE, entry BLOB NOT NULL)")
    path.chmod(0o600)
    # Reading alone leaves the time of a file as it was, and by it the oldest are forgotten.
    with suppress(OSError):
        os.utime(path)
    return base


def _namespace(classifier: Classifier) -> str:
    """Return the name of the cache of a model: whatever else computes it, or computes otherwise, has one of its own.

    That is another version of a package or of Unicode, another system, and another processor or GPU where their makers
    tell them apart: 8-bit products differ by a little where the instructions for them do. The themes are the columns.
    """
    installed = []
    for package in _RUNTIMES:
        with suppress(PackageNotFoundError):
            installed.append(f"{package} {version(package)}")
    model = (classifier.name, classifier.fingerprint, " ".join(classifier.theme_ids))
    machine = (platform.system(), platform.machine(), _processor(), _gpu(classifier), unicodedata.unidata_version)
    made_by = "\n".join([str(_FORMAT), *model, *machine, *installed])
    return hashlib.sha256(made_by.encode()).hexdigest()[:32]


def _processor() -> str:
    """Return what the processor can do; where the system does not list it, what it calls the processor."""
    with suppress(OSError), _PROCESSOR_FILE.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if line.startswith(_ABILITIES):
                return line.strip()
    return platform.processor()


def _gpu(classifier: Classifier) -> str:
    """Return the GPU that a checkpoint runs on, in half precision; every other model runs on the processor."""
    # A checkpoint has loaded torch already, and for the other models it is not worth its seconds.
    torch = sys.modules.get("torch")
    if torch is None or not classifier.name.startswith(PREFIX):
        return ""
    if torch.cuda.is_available():
        return str(torch.cuda.get_device_name())
    return "mps" if torch.backends.mps.is_available() else ""


def _check(key: bytes, payload: bytes) -> bytes:
    return hashlib.blake2b(payload, digest_size=_CHECK, key=key).digest()


def _forget_old_models(folder: Path) -> None:
    """Make room for one more model: the files that were used least recently go."""
    with suppress(OSError):
        files = sorted(folder.glob("*.sqlite"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in files[_MOST_MODELS - 1 :]:
            _remove(path)


def _remove(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):
            each.unlink()
