"""The ``huggingface:`` tier: checkpoints of transformers that classify texts, judge hypotheses, or embed.

What a checkpoint does not give (a sentiment model knows no themes) comes from the ``fast`` model.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from nps_nlp.classify.cache import with_cache
from nps_nlp.classify.cascade import load_tier
from nps_nlp.classify.checkpoint import PREFIX, Checkpoint, find_checkpoint
from nps_nlp.classify.embedding import Embedded
from nps_nlp.classify.features import model_language
from nps_nlp.classify.label_names import IGNORED, meanings
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.logits import sigmoid, softmax
from nps_nlp.classify.protocol import Classifier, Predictions
from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Piece
    from nps_nlp.classify.taxonomy import Taxonomy

    Numbers = NDArray[np.float32]

_INFERENCE = "entailment"


class Partial(Classifier, Protocol):
    """A classifier that gives labels of some kinds alone; the columns of the others hold nothing."""

    gives: frozenset[str]


def load_huggingface(
    name: str,
    taxonomy: Taxonomy,
    *,
    labels: Mapping[str, str] | None = None,
    gold: Sequence[GoldRow] = (),
    cached: bool = False,
) -> Classifier:
    """Load a checkpoint as a classifier.

    Parameters
    ----------
    name : str
        A folder, or the name of a checkpoint that was downloaded before; nothing is downloaded.
    taxonomy : Taxonomy
        Its themes are asked for, where the checkpoint can be asked for any.
    labels : mapping of str to str, optional
        What labels of the checkpoint mean that `label_names` does not know: sentiments, intents or theme ids.
    gold : sequence of GoldRow
        Labelled comments on which heads are fitted over an embedding checkpoint; rows of the split ``test`` are left
        out. Without them its themes go by similarity to the taxonomy.
    cached : bool
        Whether predictions of the checkpoint are kept on disk.

    Returns
    -------
    Classifier

    Raises
    ------
    ModelError
        When the extra ``[transformers]`` is missing, there is no such checkpoint, its weights are a pickle, or its
        labels have no known meaning.
    """
    folder = find_checkpoint(name)
    checkpoint = Checkpoint(folder)
    # Of a local folder its last name alone: where it lies is nobody's business who reads the report.
    called = PREFIX + (folder.name if Path(name).is_dir() else name)
    part: Partial
    if not checkpoint.labels:
        taught = [row for row in gold if row.split != "test"]
        if gold and not taught:
            raise ModelError(f"{called}: every row of --fit is of the split 'test', on which nothing is fitted.")
        part = Embedded(checkpoint, called, taxonomy, taught)
    elif any(label.casefold() == _INFERENCE for label in checkpoint.labels):
        part = ZeroShot(checkpoint, called, taxonomy)
    else:
        part = Labelled(checkpoint, called, taxonomy, labels or {})
    if gold and not isinstance(part, Embedded):
        raise ModelError(f"{called}: labelled comments are fitted to embedding checkpoints alone; leave --fit out.")
    if labels and not isinstance(part, Labelled):
        raise ModelError(f"{called}: only checkpoints with labels of their own are mapped; leave --map-label out.")
    inner = with_cache(part) if cached else part
    return inner if len(part.gives) == 3 else Completed(inner, part.gives)


class Completed:
    """A checkpoint, and the tier ``fast`` for the kinds of label that it does not give."""

    def __init__(self, inner: Classifier, gives: frozenset[str]) -> None:
        self._inner, self._gives, self._fast = inner, gives, load_tier("fast")
        self.name = inner.name
        self.theme_ids = inner.theme_ids if "themes" in gives else self._fast.theme_ids
        self.fingerprint = _hash(inner.fingerprint, self._fast.fingerprint)

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece."""
        pieces = list(pieces)
        own, other = self._inner.predict(pieces), self._fast.predict(pieces)
        kinds = ("sentiment", "intent", "themes")
        return Predictions(*(getattr(own if kind in self._gives else other, kind) for kind in kinds))


class Labelled:
    """A checkpoint with labels of its own: sentiments, intents or themes."""

    def __init__(self, checkpoint: Checkpoint, name: str, taxonomy: Taxonomy, own: Mapping[str, str]) -> None:
        self._checkpoint, self.name = checkpoint, name
        kind, self._meanings = meanings(checkpoint.labels, own, taxonomy.ids)
        self.gives = frozenset({kind})
        self.theme_ids = tuple(t for t in taxonomy.ids if t in self._meanings) if kind == "themes" else ()
        self._columns = {"sentiment": SENTIMENTS, "intent": INTENTS, "themes": self.theme_ids}[kind]
        # The columns, too: they stand in the order of the taxonomy, the meanings in that of the checkpoint.
        self.fingerprint = _hash(checkpoint.fingerprint, self._meanings, self._columns)

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece; those of labels with one meaning add up."""
        pieces = list(pieces)
        logits = self._checkpoint.run([p.text for p in pieces])
        shares = sigmoid(logits) if self._checkpoint.many else softmax(logits)
        found = np.zeros((len(pieces), len(self._columns)), dtype=np.float32)
        for place, meaning in enumerate(self._meanings):
            if meaning != IGNORED:
                found[:, self._columns.index(meaning)] += shares[:, place]
        if self.theme_ids:
            return _rounded(len(pieces), themes=np.minimum(found, 1))
        found /= np.maximum(found.sum(axis=1, keepdims=True), 1e-9)
        return _rounded(len(pieces), **{next(iter(self.gives)): found})


class ZeroShot:
    """A natural language inference checkpoint that is asked whether a comment entails each label (Yin et al. 2019)."""

    gives = frozenset({"sentiment", "intent", "themes"})

    def __init__(self, checkpoint: Checkpoint, name: str, taxonomy: Taxonomy) -> None:
        self._checkpoint, self.name, self.theme_ids = checkpoint, name, taxonomy.ids
        plain = [label.casefold() for label in checkpoint.labels]
        self._yes = plain.index(_INFERENCE)
        self._no = next((i for i, label in enumerate(plain) if "contradict" in label or label.startswith("not")), None)
        self._asked = {language: _hypotheses(language, taxonomy) for language in ("ja", "en")}
        self.fingerprint = _hash(checkpoint.fingerprint, self.theme_ids, self._asked)

    def predict(self, pieces: Iterable[Piece]) -> Predictions:
        """Return the probabilities of the labels of each piece: one run a piece and label."""
        pieces = list(pieces)
        asked = [self._asked[model_language(p.language)] for p in pieces]
        pairs = [(p.text, hypothesis) for p, own in zip(pieces, asked, strict=True) for hypothesis in own]
        logits = self._checkpoint.run([text for text, _ in pairs], [hypothesis for _, hypothesis in pairs])
        s, i = len(SENTIMENTS), len(INTENTS)
        logits = logits.reshape(len(pieces), s + i + len(self.theme_ids), logits.shape[1])
        yes = logits[:, :, self._yes]
        # Two-class models have no label for the contrary: their other label it is.
        no = logits[:, :, self._no if self._no is not None else 1 - self._yes]
        return _rounded(
            len(pieces),
            sentiment=softmax(yes[:, :s]),
            intent=softmax(yes[:, s : s + i]),
            themes=sigmoid((yes - no)[:, s + i :]),
        )


def _hypotheses(language: str, taxonomy: Taxonomy) -> list[str]:
    texts = _hypothesis_texts()[language]
    asked = [texts["sentiment"][s] for s in SENTIMENTS] + [texts["intent"][i] for i in INTENTS]
    for theme in taxonomy.themes:
        meant = theme.label_ja if language == "ja" else theme.definition or theme.label_en
        asked.append(texts["theme"].format(theme=meant))
    return asked


@cache
def _hypothesis_texts() -> dict[str, Any]:
    return tomllib.loads((resources.files("nps_nlp.classify") / "hypotheses.toml").read_text("utf-8"))


def _rounded(n: int, **found: Numbers) -> Predictions:
    """Return predictions with four digits.

    Padding and the company in a batch change the order in which a network adds up: in single precision by some
    millionths of a probability, so that a value between two roundings may differ by one in its last digit; in half
    precision by more.
    """
    empty = {"sentiment": (n, len(SENTIMENTS)), "intent": (n, len(INTENTS)), "themes": (n, 0)}
    return Predictions(
        **{
            kind: np.round(found[kind], 4).astype(np.float32) if kind in found else np.zeros(shape, dtype=np.float32)
            for kind, shape in empty.items()
        }
    )


def _hash(*parts: object) -> str:
    # repr shows where a text ends: no two contents are written alike.
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
