"""The quick reader: one model a language over words, n-grams, lexicon and question, linear or with a hidden layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from nps_nlp.classify.columns import Columns
from nps_nlp.classify.features import model_language
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.logits import sigmoid
from nps_nlp.classify.protocol import Predictions, at_half
from nps_nlp.classify.store import fingerprint, load_arrays, model_folder, verified_files
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.classify.protocol import Piece

# Raised whenever the same features would mean something else.
FORMAT = 3
_S, _I = len(SENTIMENTS), len(INTENTS)
_MIXED = SENTIMENTS.index("mixed")
# How much it says that a text looks like those learnt from: chosen on comments held out of training.
_FAMILIAR = np.float32(0.4)


@dataclass(frozen=True)
class LinearModel:
    """The model of one language.

    Attributes
    ----------
    vocabulary : dict of str to int
        Feature → column.
    idf : ndarray of float32, shape (v,)
        Inverse document frequency of each feature.
    weights : ndarray of float32, shape (v, 4 + 4 + k + h)
        Columns: sentiments, intents, themes, then hidden units.
    bias : ndarray of float32, shape (4 + 4 + k + h,)
    readout : ndarray of float32, shape (h, 4 + 4 + k)
        What each hidden unit adds to each label; `h` is 0 where only labelled comments taught.
    thresholds : ndarray of float32, shape (k,)
        Probability above which a theme is given.
    """

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    readout: NDArray[np.float32]
    thresholds: NDArray[np.float32]

    def arrays(self) -> dict[str, NDArray[np.float32]]:
        """Return everything but the vocabulary, by name."""
        names = ("idf", "weights", "bias", "readout", "thresholds")
        return {name: getattr(self, name) for name in names}

    def matrix(self, documents: Sequence[Sequence[str]]) -> sparse.csr_matrix:
        """Return the tf-idf rows (each feature once, rows of length 1) of documents given as lists of features."""
        known = self.vocabulary.get
        rows = [sorted({c for f in d if (c := known(f)) is not None}) for d in documents]
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        columns = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=int(lengths.sum()))
        return self.weighted(np.repeat(np.arange(len(rows)), lengths), columns, len(rows))

    def weighted(self, rows: NDArray[np.int64], columns: NDArray[np.int64], count: int) -> sparse.csr_matrix:
        """Return the tf-idf matrix of cells that are sorted by row and column."""
        sizes = np.bincount(rows, minlength=count)
        values = self.idf[columns]
        lengths = np.sqrt(np.bincount(rows, weights=values.astype(np.float64) ** 2, minlength=count))
        values = (values / np.repeat(np.maximum(lengths, 1e-9), sizes)).astype(np.float32)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        return sparse.csr_matrix((values, columns, ends), shape=(count, len(self.idf)))


class FastClassifier:
    """The quick reader of the tier ``fast``.

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
        try:
            if (settings["tier"], settings["format"]) != (self.name, FORMAT):
                raise ModelError(
                    f"{folder}: the model is {settings['tier']!r}, format {settings['format']}; "
                    f"expected {self.name!r}, format {FORMAT}."
                )
            self.theme_ids: tuple[str, ...] = tuple(settings["themes"])
            self.asks_below: dict[str, float] = {k: float(v) for k, v in settings.get("asks_below", {}).items()}
            self._models = {language: _load(files, language) for language in settings["languages"]}
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{folder}: manifest and files are not those of a {self.name!r} model ({error}); "
                "train the model again or reinstall nps-nlp."
            ) from error
        self.fingerprint = fingerprint(folder)
        self._columns = {language: Columns(model.vocabulary, language) for language, model in self._models.items()}

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece; other languages are read as English."""
        return self.read(list(pieces))[0]

    def read(self, pieces: Sequence[Piece]) -> tuple[Predictions, NDArray[np.float32]]:
        """Return the probabilities of the labels of each piece, and how sure they are (see `sureness`)."""
        out = np.zeros((len(pieces), _S + _I + len(self.theme_ids)), dtype=np.float32)
        familiar = np.zeros(len(pieces), dtype=np.float32)
        for language, model in self._models.items():
            places = [i for i, p in enumerate(pieces) if self._reads(p) == language]
            if places:
                columns = self._columns[language]
                out[places], familiar[places] = read_with(model, columns, [pieces[i] for i in places])
        predictions = Predictions.of(out)
        return predictions, sureness(predictions, familiar)

    def _reads(self, piece: Piece) -> str:
        """Return the language whose model reads a piece; a folder may hold one model only."""
        language = model_language(piece.language)
        return language if language in self._models else next(iter(self._models))


def read_with(
    model: LinearModel, columns: Columns, pieces: Sequence[Piece]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the probabilities that a model gives to pieces of its language, and how familiar these look."""
    found = columns.find(pieces)
    return probabilities(model, model.weighted(found.rows, found.columns, len(pieces))), found.familiar


def probabilities(model: LinearModel, matrix: sparse.csr_matrix) -> NDArray[np.float32]:
    """Turn tf-idf rows into sentiment and intent probabilities and theme confidences (0.5 = threshold)."""
    values = np.asarray(matrix @ model.weights + model.bias, dtype=np.float32)
    labels = model.readout.shape[1]
    # Not a product of BLAS: there the last digits of a row depend on how many rows there are.
    logits = values[:, :labels] + np.einsum("nh,hl->nl", np.maximum(values[:, labels:], 0), model.readout)
    scores = sigmoid(logits)
    themes = at_half(scores[:, _S + _I :], model.thresholds)
    return np.hstack([_shares(scores[:, :_S]), _shares(scores[:, _S : _S + _I]), themes]).astype(np.float32)


def sureness(found: Predictions, familiar: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far predictions can be relied on: by what they say of themselves, and by how well the text is known.

    Of a text like those learnt from, a doubtful one is doubtful to a larger model, too; of others that one knows more.
    What a bag of words misses most is that a comment both praises and blames.

    Parameters
    ----------
    found : Predictions
        A doubtful intent or theme counts half as much as a doubtful sentiment.
    familiar : ndarray of float32, shape (n,)
        As of `nps_nlp.classify.columns.Found`.

    Returns
    -------
    ndarray of float32, shape (n,)
        0–1.
    """
    themes = np.maximum(found.themes, 1 - found.themes).prod(axis=1)
    mixed = np.where(found.sentiment.argmax(axis=1) == _MIXED, 0, found.sentiment[:, _MIXED])
    likely = found.sentiment.max(axis=1) * (1 - mixed) * np.sqrt(found.intent.max(axis=1) * themes)
    return np.asarray((1 - _FAMILIAR) * likely + _FAMILIAR * familiar, dtype=np.float32)


def _shares(scores: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Make the one-against-the-rest scores of each row sum to 1."""
    return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def _load(files: dict[str, Path], language: str) -> LinearModel:
    arrays = {k: v.astype(np.float32) for k, v in load_arrays(files[f"{language}.safetensors"]).items()}
    names = files[f"{language}.vocabulary.txt"].read_text("utf-8").split("\n")
    return LinearModel({name: i for i, name in enumerate(names)}, **arrays)


@cache
def load_fast() -> FastClassifier:
    """Load the packaged bag of words, once."""
    return FastClassifier(model_folder("fast"))
