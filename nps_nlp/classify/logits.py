"""From logits to probabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_Float = TypeVar("_Float", bound=np.floating[Any])


def sigmoid(logits: NDArray[_Float]) -> NDArray[_Float]:
    """Return the probability of each label, in the precision of the logits.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0])).round(4).tolist()
    [0.0, 0.5, 1.0]
    """
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def softmax(logits: NDArray[_Float]) -> NDArray[_Float]:
    """Return the probabilities of each row, of which one label holds, in the precision of the logits.

    Examples
    --------
    >>> softmax(np.array([[1000.0, 1000.0], [0.0, np.log(3)]])).round(4).tolist()
    [[0.5, 0.5], [0.25, 0.75]]
    """
    raised = np.exp(logits - logits.max(axis=1, keepdims=True)) if len(logits) else logits
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
