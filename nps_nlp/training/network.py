"""The network that is trained: a BERT encoder and label attention, one torch module without a framework around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.training.need import need

if TYPE_CHECKING:
    import numpy as np

torch = need("torch")
F = torch.nn.functional

MASKED = -1e4


@dataclass(frozen=True)
class Shape:
    """The measures of an encoder."""

    vocabulary: int
    layers: int = 12
    width: int = 384
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    outputs: int = 32


class Layer(torch.nn.Module):  # type: ignore[misc, name-defined]
    """One BERT layer: attention, then feed-forward, each followed by a normalisation."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = torch.nn.Linear(shape.width, 3 * shape.width)
        self.out = torch.nn.Linear(shape.width, shape.width)
        self.norm1 = torch.nn.LayerNorm(shape.width, eps=1e-12)
        self.up = torch.nn.Linear(shape.width, shape.inner)
        self.down = torch.nn.Linear(shape.inner, shape.width)
        self.norm2 = torch.nn.LayerNorm(shape.width, eps=1e-12)

    def forward(self, x: Any, bias: Any, dropout: float) -> Any:
        """Return the next hidden states; ``bias`` (n, 1, 1, t) is 0 at tokens and very negative at padding."""
        n, t, width = x.shape
        q, k, v = self.qkv(x).view(n, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        # Written out: on a CPU in bfloat16 this is faster for short texts than scaled_dot_product_attention.
        seen = torch.softmax(q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5 + bias.to(q.dtype), dim=-1)
        mixed = self.out((seen.to(v.dtype) @ v).transpose(1, 2).reshape(n, t, width))
        x = self.norm1(x + mixed)
        inner = self.down(F.gelu(self.up(x)))
        return self.norm2(x + F.dropout(inner, dropout))


class Encoder(torch.nn.Module):  # type: ignore[misc, name-defined]
    """Token ids in, one logit a label out.

    Every label looks at the tokens with an attention of its own; at the start all attend evenly, which is mean pooling.
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = torch.nn.Embedding(shape.vocabulary, shape.width)
        self.positions = torch.nn.Embedding(shape.positions, shape.width)
        self.norm = torch.nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = torch.nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.look = torch.nn.Linear(shape.width, shape.outputs, bias=False)
        self.read = torch.nn.Linear(shape.width, shape.outputs)
        torch.nn.init.zeros_(self.look.weight)
        torch.nn.init.normal_(self.read.weight, std=0.02)
        torch.nn.init.zeros_(self.read.bias)

    def hidden(self, ids: Any, mask: Any, dropout: float = 0.0) -> Any:
        """Return the last hidden states, shape (n, t, width)."""
        place = torch.arange(ids.shape[1], device=ids.device)
        x = F.dropout(self.norm(self.words(ids) + self.positions(place)), dropout)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * MASKED
        for layer in self.layers:
            x = layer(x, bias, dropout)
        return x

    def forward(self, ids: Any, mask: Any, dropout: float = 0.0) -> Any:
        """Return the logits, shape (n, outputs)."""
        x = self.hidden(ids, mask, dropout).float()
        x = F.dropout(x, dropout)
        looks = self.look(x) + (1.0 - mask[:, :, None].to(x.dtype)) * MASKED
        return (torch.softmax(looks, dim=1) * F.linear(x, self.read.weight)).sum(dim=1) + self.read.bias


def from_arrays(arrays: dict[str, np.ndarray], layers: int = 12, seed: int = 0) -> Encoder:  # type: ignore[type-arg]
    """Build an encoder on the lowest layers of arrays of `nps_nlp.training.base`.

    Labels start untrained, the same for every build with a seed, unless the arrays have them.
    """
    torch.manual_seed(seed)
    model = Encoder(Shape(len(arrays["words.weight"]), layers))
    known = {k: torch.from_numpy(v.copy()) for k, v in arrays.items() if not k.startswith("layers.") or int(k.split(".")[1]) < layers}
    missing, unexpected = model.load_state_dict(known, strict=False)
    if unexpected or any(not k.startswith(("look.", "read.")) for k in missing):
        raise ValueError(f"not the arrays of this network: missing {missing[:3]}, unexpected {unexpected[:3]}")
    return model


def to_arrays(model: Encoder) -> dict[str, np.ndarray]:  # type: ignore[type-arg]
    """Return the weights as float32 arrays."""
    return {k: v.detach().cpu().float().numpy() for k, v in model.state_dict().items()}
