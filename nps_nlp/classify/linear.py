"""The ``fast`` tier: one linear model a language over words, n-grams, lexicon and question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nps_nlp.classify.features import features
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Predictions
from nps_nlp.classify.store import fingerprint, load_arrays, model_folder, verified_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Piece

_S, _I = len(SENTIMENTS), len(INTENTS)


@dataclass(frozen=True)
class LinearModel:
    """The model of one language.

    Attributes
    ----------
    vocabulary : dict of str to int
        Feature → column.
    idf : ndarray of float32, shape (v,)
        Inverse document frequency of each feature.
    weights : ndarray of float32, shape (v, 4 + 4 + k)
        Columns: sentiments, intents, themes.
    bias : ndarray of float32, shape (4 + 4 + k,)
    thresholds : ndarray of float32, shape (k,)
        Probability above which a theme is given.
    """

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def logits(self, documents: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """Return the linear scores of documents given as lists of features, shape (n, 4 + 4 + k)."""
        return np.asarray(self.matrix(documents) @ self.weights + self.bias, dtype=np.float32)

    def matrix(self, documents: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the tf-idf rows (each feature once, rows of length 1) of documents."""
        known = self.vocabulary.get
        rows = [sorted({c for f in d if (c := known(f)) is not None}) for d in documents]
        ends = np.cumsum([0, *map(len, rows)])
        columns = np.fromiter((c for row in rows for c in row), dtype=np.int32, count=int(ends[-1]))
        values = self.idf[columns]
        lengths = np.sqrt(np.add.reduceat(np.append(values, 0).astype(np.float64) ** 2, ends[:-1]) * (np.diff(ends) > 0))
        values = (values / np.repeat(np.maximum(lengths, 1e-9), np.diff(ends))).astype(np.float32)
        return sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(self.idf)))


class FastClassifier:
    """The ``fast`` tier of classification.

    Parameters
    ----------
    folder : Path
        A model folder written by ``nps-nlp train``; every file is checked against the manifest first.

    Raises
    ------
    ModelError
        When a file is missing or damaged.
    """

    name = "fast"

    def __init__(self, folder: Path) -> None:
        files, settings = verified_files(folder)
        self.theme_ids: tuple[str, ...] = tuple(settings["themes"])
        self.fingerprint = fingerprint(folder)
        self._models = {language: _load(files, language) for language in settings["languages"]}

    def predict(self, pieces: Sequence[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece; a language without a model is read as English."""
        out = np.zeros((len(pieces), _S + _I + len(self.theme_ids)), dtype=np.float32)
        for language, model in self._models.items():
            rows = [i for i, p in enumerate(pieces) if (p.language if p.language in self._models else "en") == language]
            if rows:
                out[rows] = probabilities(model, [features(*pieces[i]) for i in rows])
        return Predictions(out[:, :_S], out[:, _S : _S + _I], out[:, _S + _I :])


def probabilities(model: LinearModel, documents: Sequence[Sequence[str]]) -> NDArray[np.float32]:
    """Turn features into sentiment and intent probabilities and theme confidences (0.5 = threshold)."""
    logits = model.logits(documents)
    scores = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    raw = scores[:, _S + _I :]
    cut = model.thresholds
    # Piecewise linear: the threshold of each theme becomes 0.5, so that one rule holds for all themes and tiers.
    themes = np.where(raw < cut, 0.5 * raw / cut, 0.5 + 0.5 * (raw - cut) / (1 - cut))
    return np.hstack([_shares(scores[:, :_S]), _shares(scores[:, _S : _S + _I]), themes]).astype(np.float32)


def _shares(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Make the one-against-the-rest scores of each row sum to 1."""
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _load(files: dict[str, Path], language: str) -> LinearModel:
    arrays = {k: v.astype(np.float32) for k, v in load_arrays(files[f"{language}.safetensors"]).items()}
    names = files[f"{language}.vocabulary.txt"].read_text("utf-8").split("\n")
    return LinearModel({name: i for i, name in enumerate(names)}, **arrays)


@cache
def load_fast(folder: Path | None = None) -> FastClassifier:
    """Load the packaged ``fast`` model, or the one in a folder."""
    return FastClassifier(folder or model_folder("fast"))
