"""Make probabilities mean what they say, on rows that were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from nps_nlp.classify.logits import softmax

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

_TEMPERATURES = np.round(np.geomspace(0.4, 4.0, 93), 4)


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


def accuracy(logits: Array, goal: Array) -> float:
    """Return the share of rows with a known label whose likeliest label is that one."""
    known = (goal >= 0).all(axis=1)
    return float((logits[known].argmax(axis=1) == goal[known].argmax(axis=1)).mean())


def calibration_error(probabilities: Array, goal: Array, bins: int = 15) -> float:
    """Return the expected calibration error: the mean gap between confidence and accuracy."""
    known = (goal >= 0).all(axis=1)
    sure = probabilities[known].max(axis=1)
    right = probabilities[known].argmax(axis=1) == goal[known].argmax(axis=1)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[place == b].sum() - right[place == b].sum()) for b in range(bins)) / max(1, len(sure)))
