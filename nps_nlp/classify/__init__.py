"""Classification: what a statement is about, what it feels, and what it wants.

``taxonomy`` holds the themes, ``protocol`` what every classifier offers, ``linear`` the quick reader, ``encoder`` the
slow one, ``cascade`` the tiers ``fast`` and ``encoder`` (the default) made of both, ``annotate`` turns a Survey into
annotated statements; ``train`` and ``evaluate`` make and measure models.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nps_nlp.classify.protocol import Classifier

DEFAULT_MODEL = "encoder"
MODELS = (DEFAULT_MODEL, "fast")


def load_classifier(
    name: str = DEFAULT_MODEL,
    *,
    cache: bool = False,
    taxonomy: str | Path = "tourism",
    labels: Mapping[str, str] | None = None,
    gold: Iterable[str | Path] = (),
) -> Classifier:
    """Load a classifier.

    Parameters
    ----------
    name : str
        ``"encoder"``, ``"fast"``, a folder written by ``nps-nlp train``, or ``"huggingface:…"`` with the folder or the
        name of a checkpoint that was downloaded before (extra ``[transformers]``).
    cache : bool
        Whether to keep the predictions of slow models on disk, as `nps_nlp.classify.cache.with_cache` does.
    taxonomy : str or Path
        As in `load_taxonomy`: the themes that a checkpoint of Hugging Face is asked for.
    labels : mapping of str to str, optional
        What the labels of such a checkpoint mean, where their names do not tell.
    gold : iterable of str or Path
        Files of labelled comments to fit heads on, over such a checkpoint that gives embeddings.

    Raises
    ------
    ModelError
        When there is no such model, or its files are not what the manifest says.

    Examples
    --------
    >>> load_classifier("fast").name
    'fast'
    """
    from nps_nlp.classify.cache import with_cache
    from nps_nlp.classify.cascade import load_tier

    if name.startswith("huggingface:"):
        from nps_nlp.classify.gold import read_gold
        from nps_nlp.classify.huggingface import load_huggingface
        from nps_nlp.classify.taxonomy import load_taxonomy

        rows = read_gold(map(Path, gold)) if gold else []
        checkpoint = name.removeprefix("huggingface:")
        return load_huggingface(checkpoint, load_taxonomy(taxonomy), labels=labels, gold=rows, cached=cache)
    if labels or gold:
        raise ModelError(f"--model {name}: --map-label and --fit are for --model huggingface:… only; leave them out.")
    if name in MODELS:
        return load_tier(name, cached=cache)
    classifier = _load(name)
    return with_cache(classifier) if cache else classifier


def _load(name: str) -> Classifier:
    from nps_nlp.classify.linear import FastClassifier
    from nps_nlp.classify.store import tier_of

    if tier_of(Path(name)) == "encoder":
        from nps_nlp.classify.encoder import EncoderClassifier

        return EncoderClassifier(Path(name))
    if os.path.isdir(name):  # noqa: PTH112 - Path.is_dir raises on a name too long for a file
        return FastClassifier(Path(name))
    raise ModelError(
        f"--model {name}: no such model; choose {', '.join(MODELS)}, give the folder of a trained "
        "model, or huggingface: and a checkpoint."
    )
