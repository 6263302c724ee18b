"""Make probabilities mean what they say, and choose theme thresholds, on rows that were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_TEMPERATURES = np.round(np.geomspace(0.4, 4.0, 93), 4)
_CUTS = np.round(np.arange(0.2, 0.901, 0.0125), 4)
# A threshold of its own needs about this many cases; a rarer theme leans on the common one.
_ENOUGH = 60


def softmax(logits: Array) -> Array:
    """Return the probabilities of each row."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def temperature(logits: Array, goal: Array) -> float:
    """Return the temperature under which the known labels are likeliest.

    Parameters
    ----------
    logits, goal : ndarray, shape (n, classes)
        Rows of ``goal`` are one-hot, or negative where the label is unknown.
    """
    known = (goal >= 0).all(axis=1)
    rows, labels = logits[known], goal[known].argmax(axis=1)

    def surprise(by: float) -> float:
        return float(-np.log(softmax(rows / by)[np.arange(len(rows)), labels] + 1e-12).mean())

    return float(min(_TEMPERATURES, key=surprise))


def calibration_error(probabilities: Array, goal: Array, bins: int = 15) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy."""
    known = (goal >= 0).all(axis=1)
    sure = probabilities[known].max(axis=1)
    right = probabilities[known].argmax(axis=1) == goal[known].argmax(axis=1)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[place == b].sum() - right[place == b].sum()) for b in range(bins)) / max(1, len(sure)))


def thresholds(logits: Array, goal: Array) -> Array:
    """Choose each theme's threshold by F1, drawn towards the common one where the theme is rare.

    Parameters
    ----------
    logits, goal : ndarray, shape (n, themes)
        ``goal`` is 1 where the theme is there, 0 where it is not, negative where that is unknown.
    """
    probability = 1 / (1 + np.exp(-logits))
    known, truth = goal >= 0, goal == 1

    def f1(cut: float, columns: slice) -> float:
        given = (probability[:, columns] >= cut) & known[:, columns]
        real = truth[:, columns]
        return 2 * float((given & real).sum()) / max(1.0, float(given.sum() + real.sum()))

    common = max(_CUTS, key=lambda cut: f1(cut, slice(None)))
    out = []
    for place in range(goal.shape[1]):
        own = max(_CUTS, key=lambda cut, at=place: (f1(cut, slice(at, at + 1)), -abs(cut - common)))  # type: ignore[misc]
        trust = min(1.0, truth[:, place].sum() / _ENOUGH) / 2
        out.append(trust * own + (1 - trust) * common)
    return np.array(out, dtype=np.float32)
