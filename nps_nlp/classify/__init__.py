"""Classification: what a statement is about, what it feels, and what it wants.

``taxonomy`` holds the themes, ``protocol`` what every tier offers, ``linear`` the ``fast`` tier, ``annotate`` turns a
Survey into annotated statements; ``train`` and ``evaluate`` make and measure models.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nps_nlp.errors import ModelError

if TYPE_CHECKING:
    from nps_nlp.classify.protocol import Classifier

MODELS = ("fast", "encoder")


def load_classifier(name: str = "fast", *, cache: bool = False) -> Classifier:
    """Load a classifier by name, or from a folder written by ``nps-nlp train`` or ``nps-nlp train encoder``.

    Parameters
    ----------
    name : str
        ``"fast"``, ``"encoder"``, or a folder.
    cache : bool
        Whether to keep the predictions of slow models on disk, as `nps_nlp.classify.cache.with_cache` does.

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

    classifier = _load(name)
    return with_cache(classifier) if cache else classifier


def _load(name: str) -> Classifier:
    from nps_nlp.classify.linear import load_fast
    from nps_nlp.classify.store import model_folder, tier_of

    if name == "fast":
        return load_fast()
    if name == "encoder" or tier_of(Path(name)) == "encoder":
        from nps_nlp.classify.encoder import EncoderClassifier

        return EncoderClassifier(model_folder("feedback-encoder") if name == "encoder" else Path(name))
    if Path(name).is_dir():
        return load_fast(Path(name))
    raise ModelError(
        f"--model {name}: no such model; choose {', '.join(MODELS)}, or give the folder of a trained model."
    )
