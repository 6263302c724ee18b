"""What every tier of classifier offers: pieces of text in, probabilities out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

from nps_nlp.classify.labels import INTENTS, SENTIMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from nps_nlp.language.detect import Language
    from nps_nlp.language.tokens import Token


class Piece(NamedTuple):
    """A comment or one statement of it, with the question that it answers.

    ``tokens`` start counting at the beginning of ``text``.
    """

    text: str
    tokens: Sequence[Token]
    language: Language
    question: str


@dataclass(frozen=True)
class Predictions:
    """Probabilities for `n` pieces.

    Attributes
    ----------
    sentiment : ndarray of float32, shape (n, 4)
        In the order of `nps_nlp.classify.labels.SENTIMENTS`; rows sum to 1.
    intent : ndarray of float32, shape (n, 4)
        In the order of `INTENTS`; rows sum to 1.
    themes : ndarray of float32, shape (n, k)
        One independent probability a theme, scaled so that 0.5 is each theme's threshold.
    """

    sentiment: NDArray[np.float32]
    intent: NDArray[np.float32]
    themes: NDArray[np.float32]

    @classmethod
    def of(cls, table: NDArray[np.float32]) -> Predictions:
        """Return the predictions of a table, shape (n, 4 + 4 + k): sentiments, intents, themes."""
        first, second = len(SENTIMENTS), len(SENTIMENTS) + len(INTENTS)
        return cls(table[:, :first], table[:, first:second], table[:, second:])

    def table(self) -> NDArray[np.float32]:
        """Return everything side by side, as `of` takes it."""
        return np.hstack([self.sentiment, self.intent, self.themes])


def at_half(raw: NDArray[np.float32], thresholds: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    """Scale confidences so that each theme's threshold becomes 0.5: one rule then holds for all themes and tiers.

    Parameters
    ----------
    raw : ndarray of float32, shape (n, k)
        0–1.
    thresholds : float32, or ndarray of float32, shape (k,)
        Between 0 and 1.

    Examples
    --------
    >>> at_half(np.array([[0.1, 0.2, 0.6, 1.0]], np.float32), np.float32(0.2)).tolist()
    [[0.25, 0.5, 0.75, 1.0]]
    """
    above = 0.5 + 0.5 * (raw - thresholds) / (1 - thresholds)
    return np.asarray(np.where(raw < thresholds, 0.5 * raw / thresholds, above), dtype=np.float32)


class Classifier(Protocol):
    """A tier of classification; ``fast`` and every later one implement it."""

    name: str
    theme_ids: tuple[str, ...]
    fingerprint: str

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece; what else is in the batch does not matter.

        Of a checkpoint of Hugging Face the last of four digits may differ by one with the batch.
        """
        ...
