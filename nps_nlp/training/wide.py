"""Fit the quick reader to what a teacher says: weights of features, and hidden units beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.extras import need

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    Array = NDArray[np.float32]

# Found on comments held out of training.
_HIDDEN = 48
_EPOCHS = 6
_BATCH = 256
_RATE = 5e-3
_DROPOUT = 0.2
_THEME_WEIGHT = 2.0
# Rows of tf-idf have length 1, hundreds of small numbers: with larger ones fewer steps do.
_SCALE = 5.0
_SEED = 7


class Wide(NamedTuple):
    """Weights (v, labels + hidden), bias (labels + hidden,) and readout (hidden, labels), as of `LinearModel`."""

    weights: Array
    bias: Array
    readout: Array


def fit_wide(x: sparse.csr_matrix, goal: Array, weight: Array) -> Wide:
    """Fit by stochastic gradient descent; the same input gives the same weights.

    Every feature tells of each label by itself and, through hidden units, together with others (Cheng et al. 2016,
    *Wide & Deep Learning*).

    Parameters
    ----------
    x : csr_matrix of float32, shape (n, v)
    goal : ndarray, shape (n, labels)
        Probability of each label.
    weight : ndarray, shape (n,)
        How much each row counts.
    """
    torch = need("torch", "train")
    torch.manual_seed(_SEED)
    rng = np.random.default_rng(_SEED)
    labels = goal.shape[1]
    table = torch.nn.EmbeddingBag(x.shape[1], labels + _HIDDEN, mode="sum", sparse=True, include_last_offset=True)
    with torch.no_grad():
        table.weight[:, :labels] = 0
        table.weight[:, labels:].normal_(0, 0.05)
    bias = torch.zeros(labels + _HIDDEN, requires_grad=True)
    readout = torch.normal(0, 0.05, (_HIDDEN, labels)).requires_grad_()
    steps = [torch.optim.SparseAdam([table.weight], lr=_RATE), torch.optim.Adam([bias, readout], lr=_RATE)]
    plan = [rows for _ in range(_EPOCHS) for rows in _batches(x.shape[0], rng)]
    for done, rows in enumerate(plan):
        values = table(*_bag(x[rows], rng)) + bias
        logits = values[:, :labels] + torch.relu(values[:, labels:]) @ readout
        loss = _loss(logits, torch.from_numpy(goal[rows]), torch.from_numpy(weight[rows]))
        for step in steps:
            step.param_groups[0]["lr"] = _RATE * max(0.02, 1 - done / len(plan))
            step.zero_grad()
        loss.backward()
        for step in steps:
            step.step()
    return Wide(*(t.detach().numpy() for t in (table.weight * _SCALE, bias, readout)))


def _batches(n: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    order = rng.permutation(n)
    return [order[start : start + _BATCH] for start in range(0, n, _BATCH)]


def _bag(x: sparse.csr_matrix, rng: np.random.Generator) -> tuple[Any, Any, Any]:
    """Return columns, where each row begins, and values, of which some are dropped."""
    torch = need("torch", "train")
    kept = rng.random(x.nnz) >= _DROPOUT
    values = (x.data * kept * (_SCALE / (1 - _DROPOUT))).astype(np.float32)
    columns, ends = x.indices.astype(np.int64), x.indptr.astype(np.int64)
    return torch.from_numpy(columns), torch.from_numpy(ends), torch.from_numpy(values)


def _loss(logits: Any, goal: Any, weight: Any) -> Any:
    """Binary cross-entropy, summed over the labels; a theme that holds counts more than one that does not."""
    each = need("torch", "train").nn.functional.binary_cross_entropy_with_logits(logits, goal, reduction="none")
    first = len(SENTIMENTS) + len(INTENTS)
    each = each[:, :first].sum(dim=1) + (each[:, first:] * (1 + _THEME_WEIGHT * goal[:, first:])).sum(dim=1)
    return (each * weight).sum() / weight.sum()
