"""Labels from embeddings: by likeness to what a taxonomy says of its themes, or by heads fitted on labels."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.logits import sigmoid
from nps_nlp.classify.protocol import Predictions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.checkpoint import Checkpoint
    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Piece
    from nps_nlp.classify.taxonomy import Taxonomy

    Numbers = NDArray[np.float32]

_C = 10.0
_FEWEST_CASES = 3
_KEYWORDS_SHOWN = 12


class Embedded:
    """An embedding checkpoint as a classifier.

    Parameters
    ----------
    checkpoint : Checkpoint
    name : str
    taxonomy : Taxonomy
    gold : sequence of GoldRow
        Where there are any, logistic regressions on the embeddings are fitted on them: one a theme, one for sentiment
        and one for intent where these are labelled. Else themes alone are given, by cosine to the examples, names and
        keywords of each theme, from a threshold on that tells the taxonomy's own examples apart best.
    """

    def __init__(self, checkpoint: Checkpoint, name: str, taxonomy: Taxonomy, gold: Sequence[GoldRow]) -> None:
        self._checkpoint, self.name, self.theme_ids = checkpoint, name, taxonomy.ids
        self._heads: dict[str, _Head] = {}
        if gold:
            self._heads = _fitted(checkpoint.run([row.text for row in gold]), gold, taxonomy.ids)
        self.gives = frozenset(self._heads) | {"themes"}
        self._likeness = None if "themes" in self._heads else _Likeness(checkpoint, taxonomy)
        # Everything that a theme says of itself: likeness is measured to it, and its place is its column.
        learnt = {kind: head.weights.tobytes() for kind, head in self._heads.items()}
        content = (checkpoint.fingerprint, taxonomy.themes, [row.text for row in gold], learnt)
        self.fingerprint = hashlib.sha256(repr(content).encode()).hexdigest()[:16]

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece."""
        pieces = list(pieces)
        vectors = self._checkpoint.run([p.text for p in pieces])
        kinds = {"sentiment": len(SENTIMENTS), "intent": len(INTENTS), "themes": len(self.theme_ids)}
        found = {kind: np.zeros((len(pieces), width), dtype=np.float32) for kind, width in kinds.items()}
        for kind, head in self._heads.items():
            found[kind] = head.shares(vectors, one_of=kind != "themes")
        if self._likeness:
            found["themes"] = self._likeness.confidence(vectors)
        return Predictions(**{kind: np.round(values, 4).astype(np.float32) for kind, values in found.items()})


class _Likeness:
    """Cosine to the nearest text that a taxonomy has of each theme, around the mean of all of them."""

    def __init__(self, checkpoint: Checkpoint, taxonomy: Taxonomy) -> None:
        owned = [
            (place, text)
            for place, theme in enumerate(taxonomy.themes)
            for text in (
                theme.label_ja, theme.label_en, theme.definition, *theme.examples_ja, *theme.examples_en,
                "、".join(theme.keywords_ja[:_KEYWORDS_SHOWN]), ", ".join(theme.keywords_en[:_KEYWORDS_SHOWN]),
            )
            if text
        ]  # fmt: skip
        vectors = checkpoint.run([text for _, text in owned])
        self._mean = vectors.mean(axis=0)
        self._vectors = self._centred(vectors)
        self._owner = np.array([place for place, _ in owned])
        self._count = len(taxonomy.themes)
        likeness = self._vectors @ self._vectors.T
        np.fill_diagonal(likeness, -1)
        self._cut = _best_cut(self._nearest(likeness), self._owner)

    def confidence(self, vectors: Numbers) -> Numbers:
        """Return the confidence of each theme, 0.5 at the threshold."""
        near = self._nearest(self._centred(vectors) @ self._vectors.T)
        cut = self._cut
        return np.where(near < cut, 0.5 * (1 + near) / (1 + cut), 0.5 + 0.5 * (near - cut) / (1 - cut)).clip(0, 1)

    def _centred(self, vectors: Numbers) -> Numbers:
        # Embeddings of one model crowd into a narrow cone; what they differ in lies around its axis.
        moved = vectors - self._mean
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def _nearest(self, likeness: Numbers) -> Numbers:
        return np.stack([likeness[:, self._owner == place].max(axis=1) for place in range(self._count)], axis=1)


def _best_cut(near: Numbers, owner: NDArray[np.int64]) -> float:
    """Return the threshold with the best F1 when each text of a taxonomy has to find the other texts of its theme."""
    truth = np.eye(near.shape[1], dtype=bool)[owner]
    grid = np.linspace(-0.5, 0.95, 146)
    f1 = [2 * (truth & (near >= cut)).sum() / ((near >= cut).sum() + truth.sum()) for cut in grid]
    return float(grid[int(np.argmax(f1))])


class _Head:
    """Logistic regressions, as one matrix whose last row is the intercept; a class without cases is never given."""

    def __init__(self, vectors: Numbers, targets: Sequence[Sequence[bool]]) -> None:
        from sklearn.linear_model import LogisticRegression

        self.weights = np.zeros((vectors.shape[1] + 1, len(targets)), dtype=np.float32)
        self.weights[-1] = -20
        for column, target in enumerate(targets):
            if _FEWEST_CASES <= sum(target) < len(target):
                model = LogisticRegression(C=_C, max_iter=1_000).fit(vectors, target)
                self.weights[:, column] = [*model.coef_[0], model.intercept_[0]]
            elif sum(target) == len(target):
                self.weights[-1, column] = 20

    def shares(self, vectors: Numbers, *, one_of: bool) -> Numbers:
        odds = sigmoid(vectors @ self.weights[:-1] + self.weights[-1])
        return np.asarray(odds / odds.sum(axis=1, keepdims=True) if one_of else odds, dtype=np.float32)


def _fitted(vectors: Numbers, gold: Sequence[GoldRow], themes: Sequence[str]) -> dict[str, _Head]:
    """Fit a head for each kind of label that is given; rows without the label teach nothing about it."""
    heads = {}
    for kind, classes in (("sentiment", SENTIMENTS), ("intent", INTENTS)):
        known = [i for i, row in enumerate(gold) if getattr(row, kind) is not None]
        if known:
            targets = [[getattr(gold[i], kind) == c for i in known] for c in classes]
            heads[kind] = _Head(vectors[known], targets)
    known = [i for i, row in enumerate(gold) if row.themes is not None]
    if known:
        heads["themes"] = _Head(vectors[known], [[t in (gold[i].themes or ()) for i in known] for t in themes])
    return heads
