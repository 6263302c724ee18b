"""Choose the fixed scales of 8-bit activations on real texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.training.batches import batches, padded
from nps_nlp.training.graph import Scales
from nps_nlp.training.need import need

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from nps_nlp.training.network import Encoder

    Array = NDArray[np.float32]

torch = need("torch")
_ENTRANCES = ("qkv", "out", "up", "down")
# A handful of dimensions are twenty times larger than the others here; each is brought to size before it is rounded.
_SMOOTHED = ("up", "down")
_STRENGTH = 0.6


def scales(model: Encoder, rows: Sequence[Sequence[int]]) -> Scales:
    """Measure the values at the entrance of each matrix product.

    Parameters
    ----------
    model : Encoder
    rows : sequence of sequence of int
        Token ids of some hundred texts of every kind that will be read.

    Returns
    -------
    Scales
    """
    model.eval()
    seen: dict[str, list[tuple[Any, Any]]] = {}
    handles = [
        getattr(layer, part).register_forward_pre_hook(_watch(seen, f"layers.{place}.{part}"))
        for place, layer in enumerate(model.layers)
        for part in _ENTRANCES
    ]
    with torch.no_grad():
        # Rows of one length together: padding would count as text.
        for places in batches([len(r) for r in rows], 1, None):
            model(*map(torch.from_numpy, padded([rows[p] for p in places])))
    for handle in handles:
        handle.remove()
    bounds = {name: (torch.stack([a for a, _ in v]).amin(0), torch.stack([b for _, b in v]).amax(0)) for name, v in seen.items()}
    smoothing = {n: _smoothing(model, n, b) for n, b in bounds.items() if n.endswith(_SMOOTHED)}
    ranges = {}
    for name, (low, high) in bounds.items():
        by = torch.from_numpy(smoothing[name]) if name in smoothing else 1.0
        ranges[name] = (min(0.0, float((low * by).min())), max(0.0, float((high * by).max())))
    return Scales(ranges, smoothing)


def _watch(seen: dict[str, list[tuple[Any, Any]]], name: str) -> Callable[[Any, Any], None]:
    def look(_: Any, inputs: Any) -> None:
        flat = inputs[0].reshape(-1, inputs[0].shape[-1])
        seen.setdefault(name, []).append((flat.amin(0), flat.amax(0)))

    return look


def _smoothing(model: Encoder, name: str, bounds: tuple[Any, Any]) -> Array:
    """Share the width of a dimension out between the activation and the weight that reads it."""
    weight = dict(model.named_parameters())[f"{name}.weight"].detach().abs().amax(0).clamp(min=1e-4)
    width = torch.maximum(bounds[0].abs(), bounds[1].abs()).clamp(min=1e-3)
    by = weight ** (1 - _STRENGTH) / width**_STRENGTH
    return np.asarray((by / by.max()).numpy(), dtype=np.float32)
