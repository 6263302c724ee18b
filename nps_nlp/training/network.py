"""The network that is trained: a BERT encoder and label attention, as functions of named weights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.extras import need

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Weights = dict[str, Any]
    Watch = Callable[[str, Any], None]

EPSILON = 1e-12
HEAD_WIDTH = 32
_MASKED = -1e4


def new_weights(arrays: Mapping[str, NDArray[np.float32]], layers: int, outputs: int, seed: int = 0) -> Weights:
    """Return the weights to train: the lowest layers of a base model, and labels that know nothing yet.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        From `nps_nlp.training.base.unpack_base`, or all weights of a trained network, taken as they are.
    layers, outputs : int
        How many layers to keep, and how many outputs there are when the labels are new.
    seed : int
        Of the labels' first weights.
    """
    torch = need("torch", "train")
    kept = {
        k: torch.from_numpy(np.array(v))
        for k, v in arrays.items()
        if not k.startswith("layers.") or int(k.split(".")[1]) < layers
    }
    if "read.weight" not in kept:
        width = arrays["words.weight"].shape[1]
        first = np.random.default_rng(seed).normal(0, 0.02, (outputs, width)).astype(np.float32)
        # All tokens are looked at evenly at first: that is mean pooling, as the base model was trained.
        kept |= {
            "look.weight": torch.zeros(outputs, width),
            "read.weight": torch.from_numpy(first),
            "read.bias": torch.zeros(outputs),
        }
    return kept


def depth(weights: Mapping[str, Any]) -> int:
    """Return the number of layers."""
    return 1 + max(int(k.split(".")[1]) for k in weights if k.startswith("layers."))


def forward(weights: Weights, ids: Any, mask: Any, dropout: float = 0.0, watch: Watch = lambda *_: None) -> Any:
    """Return one logit a label.

    Every label looks at the tokens with an attention of its own.

    Parameters
    ----------
    weights : dict of str to tensor
    ids, mask : tensor, shape (n, t)
        Token ids, and 1 at tokens, 0 at padding.
    dropout : float
    watch : callable
        Is shown what enters each matrix product, by its name.
    """
    torch = need("torch", "train")
    functional = torch.nn.functional
    x = _norm(weights, "norm", weights["words.weight"][ids] + weights["positions.weight"][: ids.shape[1]])
    bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * _MASKED
    for layer in range(depth(weights)):
        x = _layer(weights, f"layers.{layer}", x, bias, dropout, watch)
    x = functional.dropout(x.float(), dropout)
    looks = functional.linear(x, weights["look.weight"]) + (1.0 - mask[:, :, None].to(x.dtype)) * _MASKED
    return (torch.softmax(looks, dim=1) * functional.linear(x, weights["read.weight"])).sum(dim=1) + weights[
        "read.bias"
    ]


def _layer(weights: Weights, name: str, x: Any, bias: Any, dropout: float, watch: Watch) -> Any:
    """Return the hidden states after attention and feed-forward, each added and normalised."""
    torch = need("torch", "train")

    def product(part: str, y: Any) -> Any:
        watch(f"{name}.{part}", y)
        return torch.nn.functional.linear(y, weights[f"{name}.{part}.weight"], weights[f"{name}.{part}.bias"])

    n, t, width = x.shape
    q, k, v = product("qkv", x).view(n, t, 3, width // HEAD_WIDTH, HEAD_WIDTH).permute(2, 0, 3, 1, 4)
    # Written out: on a CPU in bfloat16 this is faster for short texts than scaled_dot_product_attention.
    seen = torch.softmax(q @ k.transpose(-1, -2) * HEAD_WIDTH**-0.5 + bias.to(q.dtype), dim=-1)
    x = _norm(
        weights,
        f"{name}.norm1",
        x + product("out", (seen.to(v.dtype) @ v).transpose(1, 2).reshape(n, t, width)),
    )
    inner = product("down", torch.nn.functional.gelu(product("up", x)))
    return _norm(weights, f"{name}.norm2", x + torch.nn.functional.dropout(inner, dropout))


def _norm(weights: Weights, name: str, x: Any) -> Any:
    return need("torch", "train").nn.functional.layer_norm(
        x, x.shape[-1:], weights[f"{name}.weight"], weights[f"{name}.bias"], EPSILON
    )


def to_arrays(weights: Weights) -> dict[str, NDArray[np.float32]]:
    """Return the weights as float32 arrays."""
    return {k: v.detach().float().numpy() for k, v in weights.items()}
