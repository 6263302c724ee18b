"""Fit the encoder to examples with hard or soft targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.training.batches import Cut, batches, padded
from nps_nlp.training.need import need

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from nps_nlp.training.data import Example
    from nps_nlp.training.network import Encoder

torch = need("torch")
F = torch.nn.functional
_S, _I = len(SENTIMENTS), len(INTENTS)


@dataclass(frozen=True)
class Recipe:
    """How to fit; found by validation on training rows."""

    epochs: int = 5
    tokens: int = 1_024
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    decay_by_layer: float = 0.9
    dropout: float = 0.1
    no_question: float = 0.3
    positive_weight: float = 3.0
    warm_up: float = 0.06
    seed: int = 20260401


def fit(
    model: Encoder, examples: Sequence[Example], cuts: Sequence[Cut], recipe: Recipe, after: Callable[[int, float], None] = lambda *_: None
) -> None:
    """Fit a model in place.

    Parameters
    ----------
    model : Encoder
        Word embeddings stay as they are: words that no example has keep their place beside those that one has.
    examples, cuts : sequence
        What to learn, and its token ids.
    recipe : Recipe
    after : callable
        Called after each epoch with its number and mean loss.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    plans = [list(_plan(cuts, recipe, rng)) for _ in range(recipe.epochs)]
    optimiser = torch.optim.AdamW(_groups(model, recipe), weight_decay=0.01)
    steps = sum(map(len, plans))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda s: min(s / (recipe.warm_up * steps), (steps - s) / steps * 1.06) if s < steps else 0)
    goal = torch.tensor(np.array([e.targets for e in examples], dtype=np.float32))
    weight = torch.tensor([e.weight for e in examples])
    for epoch, plan in enumerate(plans, start=1):
        model.train()
        total = 0.0
        for places, rows in plan:
            optimiser.zero_grad(set_to_none=True)
            loss = _loss(_forward(model, rows, recipe.dropout), goal[places], weight[places], recipe.positive_weight)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item()
        after(epoch, total / len(plan))


def _plan(cuts: Sequence[Cut], recipe: Recipe, rng: np.random.Generator) -> Iterator[tuple[list[int], list[list[int]]]]:
    """Yield the batches of one epoch: places of examples, and their ids with or without the question."""
    rows = [c.bare if rng.random() < recipe.no_question else c.full for c in cuts]
    for places in batches([len(r) for r in rows], recipe.tokens, rng):
        yield places, [rows[p] for p in places]


def _groups(model: Encoder, recipe: Recipe) -> list[dict[str, Any]]:
    """Give lower layers smaller steps: what they know of language should move least."""
    model.words.weight.requires_grad_(False)
    top = model.shape.layers
    rates = [recipe.rate * recipe.decay_by_layer ** (top - 1 - i) for i in range(top)]
    groups = [{"params": list(layer.parameters()), "lr": r} for layer, r in zip(model.layers, rates, strict=True)]
    groups.append({"params": [*model.positions.parameters(), *model.norm.parameters()], "lr": rates[0]})
    groups.append({"params": [*model.look.parameters(), *model.read.parameters()], "lr": recipe.head_rate})
    return groups


def _forward(model: Encoder, rows: Sequence[Sequence[int]], dropout: float = 0.0) -> Any:
    ids, mask = map(torch.from_numpy, padded(rows))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return model(ids, mask, dropout).float()


def _loss(logits: Any, goal: Any, weight: Any, positive_weight: float) -> Any:
    """Cross-entropy of sentiment and intent plus the summed binary cross-entropy of the known themes, a row."""
    row = sum(_classes(logits[:, a:b], goal[:, a:b]) for a, b in ((0, _S), (_S, _S + _I)))
    themes, known = goal[:, _S + _I :].clamp(min=0), goal[:, _S + _I :] >= 0
    hard = (themes == 0) | (themes == 1)
    lift = torch.where(hard, torch.tensor(positive_weight), torch.tensor(1.0))
    each = F.binary_cross_entropy_with_logits(logits[:, _S + _I :], themes, pos_weight=None, reduction="none")
    each = torch.where(themes == 1, each * lift, each) * known
    return ((row + each.sum(dim=1)) * weight).sum() / weight.sum()


def _classes(logits: Any, goal: Any) -> Any:
    known = (goal >= 0).all(dim=1)
    return -(F.log_softmax(logits, dim=1) * goal.clamp(min=0)).sum(dim=1) * known


def predict(model: Encoder, rows: Sequence[Sequence[int]], tokens: int = 2_048) -> np.ndarray:  # type: ignore[type-arg]
    """Return the logits of rows of ids, shape (n, outputs)."""
    model.eval()
    out = np.zeros((len(rows), model.shape.outputs), dtype=np.float32)
    with torch.no_grad():
        for places in batches([len(r) for r in rows], tokens, None):
            out[places] = _forward(model, [rows[p] for p in places]).numpy()
    return out
