"""Fit the encoder to examples with hard or soft targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.extras import need
from nps_nlp.training.batches import Cut, batches, padded
from nps_nlp.training.network import depth, forward

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nps_nlp.training.data import Example
    from nps_nlp.training.network import Weights

_S, _I = len(SENTIMENTS), len(INTENTS)


class Head(NamedTuple):
    """A group of outputs: from, up to, and whether ``"one"`` or ``"many"`` of its labels hold."""

    start: int
    stop: int
    kind: str


def label_heads(themes: int) -> tuple[Head, ...]:
    """Return the outputs of the finished network: sentiments, intents, themes."""
    return (Head(0, _S, "one"), Head(_S, _S + _I, "one"), Head(_S + _I, _S + _I + themes, "many"))


@dataclass(frozen=True)
class Recipe:
    """How to fit; found by validation on training rows."""

    epochs: int = 5
    tokens: int = 768
    rate: float = 1.4e-4
    head_rate: float = 1e-3
    decay_by_layer: float = 0.92
    dropout: float = 0.1
    no_question: float = 0.3
    positive_weight: float = 3.0
    warm_up: float = 0.06
    threads: int = 2
    seed: int = 4


def fit(
    weights: Weights,
    examples: Sequence[Example],
    cuts: Sequence[Cut],
    recipe: Recipe,
    heads: Sequence[Head],
    after: Callable[[int, float], None] = lambda *_: None,
) -> None:
    """Fit weights in place.

    Parameters
    ----------
    weights : dict of str to tensor
        Word embeddings stay as they are: words that no example has keep their place beside the others.
    examples, cuts : sequence
        What to learn, and its token ids.
    recipe : Recipe
    heads : sequence of Head
        What the targets are.
    after : callable
        Called after each epoch with its number and mean loss.
    """
    torch = need("torch", "train")
    # The order of sums depends on the number of threads, so it belongs to the recipe.
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    plans = [list(_plan(cuts, recipe, rng)) for _ in range(recipe.epochs)]
    groups = _groups(weights, recipe)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, _Slope(sum(map(len, plans)), recipe.warm_up))
    goal = torch.tensor(np.array([e.targets for e in examples], dtype=np.float32))
    weight = torch.tensor([e.weight for e in examples])
    for epoch, plan in enumerate(plans, start=1):
        total = 0.0
        for places, rows in plan:
            optimiser.zero_grad(set_to_none=True)
            logits = _logits(weights, rows, recipe.dropout)
            loss = _loss(logits, goal[places], weight[places], heads, recipe.positive_weight)
            loss.backward()
            torch.nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 5.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        after(epoch, total / len(plan))


class _Slope:
    """Steps that grow at first and then fall to nothing."""

    def __init__(self, steps: int, warm_up: float) -> None:
        self.steps, self.up = steps, max(1.0, warm_up * steps)

    def __call__(self, step: int) -> float:
        return min(step / self.up, max(0.0, (self.steps - step) / max(1.0, self.steps - self.up)))


def _plan(cuts: Sequence[Cut], recipe: Recipe, rng: np.random.Generator) -> Iterator[tuple[list[int], list[list[int]]]]:
    """Yield the batches of one epoch: places of examples, and their ids with or without the question."""
    rows = [c.bare if rng.random() < recipe.no_question else c.full for c in cuts]
    for places in batches([len(r) for r in rows], recipe.tokens, rng):
        yield places, [rows[p] for p in places]


def _groups(weights: Weights, recipe: Recipe) -> list[dict[str, Any]]:
    """Give lower layers smaller steps: what they know of language should move least."""
    top = depth(weights)
    groups: list[dict[str, Any]] = []
    for layer in range(top):
        mine = [v for k, v in weights.items() if k.startswith(f"layers.{layer}.")]
        groups.append({"params": mine, "lr": recipe.rate * recipe.decay_by_layer ** (top - 1 - layer)})
    groups.append(
        {
            "params": [v for k, v in weights.items() if k.startswith(("look.", "read."))],
            "lr": recipe.head_rate,
        }
    )
    for tensor in weights.values():
        tensor.requires_grad_(False)
    for group in groups:
        for tensor in group["params"]:
            tensor.requires_grad_(True)
    return groups


def _logits(weights: Weights, rows: Sequence[Sequence[int]], dropout: float) -> Any:
    torch = need("torch", "train")
    ids, mask = map(torch.from_numpy, padded(rows))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return forward(weights, ids, mask, dropout).float()


def _loss(logits: Any, goal: Any, weight: Any, heads: Sequence[Head], positive_weight: float) -> Any:
    """Cross-entropy where one label holds, summed binary cross-entropy where many may, a row."""
    row = 0.0
    for start, stop, kind in heads:
        ours, known = logits[:, start:stop], goal[:, start:stop]
        row = row + (_classes(ours, known) if kind == "one" else _labels(ours, known, positive_weight))
    return (row * weight).sum() / weight.sum()


def _labels(logits: Any, goal: Any, positive_weight: float) -> Any:
    given = goal.clamp(min=0)
    each = need("torch", "train").nn.functional.binary_cross_entropy_with_logits(logits, given, reduction="none")
    return (each * (goal >= 0) * (1 + (positive_weight - 1) * given)).sum(dim=1)


def _classes(logits: Any, goal: Any) -> Any:
    known = (goal >= 0).all(dim=1)
    return -(logits.log_softmax(dim=1) * goal.clamp(min=0)).sum(dim=1) * known
