"""Choose the fixed scales of 8-bit activations on real texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.extras import need
from nps_nlp.training.batches import padded
from nps_nlp.training.graph import Scales
from nps_nlp.training.network import forward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.training.network import Weights

    Array = NDArray[np.float32]

# A handful of dimensions are twenty times larger than the others here: each is brought to size first.
_SMOOTHED = ("up", "down")
_STRENGTH = 0.85


def scales(weights: Weights, rows: Sequence[Sequence[int]]) -> Scales:
    """Measure the values at the entrance of each matrix product.

    Parameters
    ----------
    weights : dict of str to tensor
    rows : sequence of sequence of int
        Token ids of some hundred texts of every kind that will be read.

    Returns
    -------
    Scales
    """
    torch = need("torch", "train")
    seen: dict[str, tuple[Any, Any]] = {}

    def watch(name: str, x: Any) -> None:
        flat = x.reshape(-1, x.shape[-1])
        low, high = seen.get(name, (flat[0], flat[0]))
        seen[name] = torch.minimum(low, flat.amin(0)), torch.maximum(high, flat.amax(0))

    with torch.no_grad():
        for row in rows:  # one by one: padding would count as text
            ids, mask = padded([row])
            forward(weights, torch.from_numpy(ids), torch.from_numpy(mask), watch=watch)
    smoothing = {n: _smoothing(weights[f"{n}.weight"], *b) for n, b in seen.items() if n.endswith(_SMOOTHED)}
    ranges = {}
    for name, (low, high) in seen.items():
        by = torch.from_numpy(smoothing[name]) if name in smoothing else 1.0
        ranges[name] = (min(0.0, float((low * by).min())), max(0.0, float((high * by).max())))
    return Scales(ranges, smoothing)


def _smoothing(weight: Any, low: Any, high: Any) -> Array:
    """Share the width of each dimension out between the activation and the weight that reads it."""
    read = weight.detach().abs().amax(0).clamp(min=1e-4)
    by = read ** (1 - _STRENGTH) / low.abs().maximum(high.abs()).clamp(min=1e-3) ** _STRENGTH
    return np.asarray((by / by.max()).numpy(), dtype=np.float32)
