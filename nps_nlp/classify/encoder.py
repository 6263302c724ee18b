"""The ``encoder`` tier: one small transformer for Japanese and English, in 8 bits, run by onnxruntime."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from copy import copy
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from nps_nlp.classify.encode import clean_question, encode_pairs, squeeze
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.logits import sigmoid, softmax
from nps_nlp.classify.protocol import Predictions, at_half
from nps_nlp.classify.runtime import onnxruntime
from nps_nlp.classify.store import fingerprint, model_folder, verified_files
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Piece

_S, _I = len(SENTIMENTS), len(INTENTS)
# Small enough that what a layer writes is still in the cache when the next operator reads it.
_TOKENS_A_BATCH = 512
_MOST_THREADS = 8


class EncoderClassifier:
    """The slow reader: the transformer of the tier ``encoder``.

    A batch holds texts of one length alone and activations are quantised with fixed scales, so nothing is
    padded and the labels of a text do not depend on what else is in the batch.

    Parameters
    ----------
    folder : Path
        A model folder written by ``nps-nlp train encoder``; every file is checked against the manifest first.
    threads : int, optional
        Batches that run at a time; without it one a processor, at most eight.

    Raises
    ------
    ModelError
        When a file is missing or damaged, or onnxruntime cannot run it.
    """

    name = "encoder"

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        files, settings = verified_files(folder)
        if settings.get("tier") != self.name:
            raise ModelError(f"{folder}: the model is of the tier {settings.get('tier')!r}, not {self.name!r}.")
        lacking = sorted({"themes", "longest", "temperatures", "thresholds"} - settings.keys())
        if lacking or not {"tokenizer.json", "model.onnx"} <= files.keys():
            raise ModelError(
                f"{folder}: not a model of this tier ({', '.join(lacking) or 'files'} missing); train it again."
            )
        try:
            self.theme_ids: tuple[str, ...] = tuple(settings["themes"])
            self._longest = int(settings["longest"])
            self._temperatures = {kind: float(settings["temperatures"][kind]) for kind in ("sentiment", "intent")}
            self._thresholds = np.array(settings["thresholds"], dtype=np.float32).reshape(len(self.theme_ids))
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"{folder}: the manifest is not one of this tier ({error}); train it again.") from error
        self.fingerprint = fingerprint(folder)
        self._tokenizer = _tokenizer(files["tokenizer.json"])
        self._session = _session(files["model.onnx"])
        self.threads = threads or min(_MOST_THREADS, _processors())

    def beside(self) -> EncoderClassifier:
        """Return the same model with a thread less, to run while another reader is busy."""
        other = copy(self)
        other.threads = max(1, self.threads - 1)
        return other

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece, independent of what else is in the batch."""
        logits = self.logits([(clean_question(p.question), squeeze(p.text)) for p in pieces])
        sentiment = softmax(logits[:, :_S] / self._temperatures["sentiment"])
        intent = softmax(logits[:, _S : _S + _I] / self._temperatures["intent"])
        return Predictions(sentiment, intent, at_half(sigmoid(logits[:, _S + _I :]), self._thresholds))

    def logits(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the logits of (question, text) pairs, shape (n, 4 + 4 + k); equal pairs are read once."""
        out = np.zeros((len(pairs), _S + _I + len(self.theme_ids)), dtype=np.float32)
        if not pairs:
            return out
        rows: dict[tuple[int, ...], list[int]] = {}
        for place, ids in enumerate(encode_pairs(self._tokenizer, pairs, self._longest)):
            rows.setdefault(tuple(ids), []).append(place)
        found = np.zeros((len(rows), out.shape[1]), dtype=np.float32)
        keys = list(rows)
        groups = list(_groups(keys))
        # The session itself is single-threaded; whole batches side by side need no waiting for one another. One thread
        # alone is this one: between two, each batch would wait for Python, which the quick reader may hold.
        with ThreadPoolExecutor(self.threads) if self.threads > 1 else nullcontext() as pool:
            run = pool.map if pool else map
            answers = run(self._run, ([keys[i] for i in group] for group in groups))
            for places, logits in zip(groups, answers, strict=True):
                found[places] = logits
        for place, members in enumerate(rows.values()):
            out[members] = found[place]
        return out

    def _run(self, rows: list[tuple[int, ...]]) -> NDArray[np.float32]:
        return np.asarray(self._session.run(None, {"ids": np.array(rows, dtype=np.int64)})[0], dtype=np.float32)


def _groups(rows: Sequence[tuple[int, ...]]) -> Iterator[list[int]]:
    """Yield places of rows of one length, longest first, so that the last batches are short ones."""
    order = sorted(range(len(rows)), key=lambda i: (-len(rows[i]), i))
    group: list[int] = []
    for place in order:
        if group and (len(rows[place]) != len(rows[group[0]]) or (len(group) + 1) * len(rows[place]) > _TOKENS_A_BATCH):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _tokenizer(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # tokenizers raises Exception itself
        raise ModelError(f"{path}: not a tokenizer of tokenizers ({error}); train it again.") from error


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Weights that a network names in other files would be read from the working directory, past the manifest. A file
    # for a folder: none is found there.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path))
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises classes of its own that it does not export
        raise ModelError(
            f"{path}: onnxruntime {onnxruntime.__version__} cannot run this model ({error}); "
            "run: pip install -U onnxruntime"
        ) from error


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@cache
def load_encoder() -> EncoderClassifier:
    """Load the packaged transformer, once."""
    return EncoderClassifier(model_folder("feedback-encoder"))
