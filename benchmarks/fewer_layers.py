"""What fewer layers cost: students of the encoder with one, two, four … of its layers, their quality and their speed.

    pip install '.[train]'        # torch of your choice first
    python benchmarks/fewer_layers.py --data ../shared/data --work encoder-work --gold ../shared/gold/train_ja.jsonl \
        ../shared/gold/train_en.jsonl --dev ../shared/gold/dev_ja.jsonl ../shared/gold/dev_en.jsonl [--layers 1 2 4]

``--work`` is the folder of ``nps-nlp train encoder`` with all its stages. A student begins as the lowest layers of the
encoder and learns from the labels and from what the encoder says, of the labelled comments and of every fifth public
answer. Rates are of 5,000 different Japanese answers without their question, cutting into pieces included, beside raw
fugashi that reads lemma and part of speech of every node.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
from classifier_speed import different_answers, pieces, rate
from language_speed import raw_fugashi

from nps_nlp.classify.encoder import EncoderClassifier, load_encoder
from nps_nlp.classify.store import load_arrays
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.extras import need
from nps_nlp.training.batches import cut
from nps_nlp.training.calibrate import softmax
from nps_nlp.training.card import macro_of_three, measure
from nps_nlp.training.data import UNKNOWN, Example, labelled, split_off, texts_of, unlabelled
from nps_nlp.training.export import export
from nps_nlp.training.finetune import Recipe, fit, label_heads
from nps_nlp.training.network import new_weights
from nps_nlp.training.pipeline import LAYERS

CORPUS = sorted((Path(__file__).parents[1] / "models" / "feedback-corpus").glob("*.jsonl"))
EVERY = 5


def taught(examples: list[Example], teacher: EncoderClassifier) -> list[Example]:
    """Give every example what the teacher says: alone where nothing is known, else half and half with the label."""
    logits = teacher.logits([(e.question, e.text) for e in examples])
    said = np.hstack([softmax(logits[:, :4]), softmax(logits[:, 4:8]), 1 / (1 + np.exp(-logits[:, 8:]))])
    known = np.array([e.targets for e in examples])
    goal = np.where(known == UNKNOWN, said, (said + known) / 2)
    return [replace(e, targets=tuple(map(float, g))) for e, g in zip(examples, goal, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--work", type=Path, required=True, help="folder of the finished stages")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled comments beside the corpus")
    parser.add_argument("--dev", type=Path, nargs="+", required=True, help="labelled comments to measure on")
    parser.add_argument("--layers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--epochs", type=int, default=4)
    options = parser.parse_args()

    rows = [e for e in labelled([*options.gold, *CORPUS]) if not e.split.startswith("test")]
    kept, held = split_off(rows)
    whole = [e for e in held if not e.split.endswith("statement")]
    banned = texts_of(options.dev)
    public = [p for p in unlabelled(options.data)[::EVERY] if p[1] not in banned]
    nothing = (UNKNOWN,) * (8 + len(load_taxonomy("tourism").ids))
    lessons = taught([*kept, *(Example(q, t, nothing, 0.5) for q, t in public)], load_encoder())
    tokenizer = (options.work / "tokenizer.json").read_text("utf-8")
    cuts = cut(need("tokenizers", "train").Tokenizer.from_str(tokenizer), lessons)
    trained = {
        k: v for stage in ("base", "labels") for k, v in load_arrays(options.work / f"{stage}.safetensors").items()
    }
    answers = different_answers(str(options.data / "fukui"))
    read = [piece._replace(question="") for piece in pieces(answers)]
    base = rate(lambda: raw_fugashi([piece.text for piece in read]))

    print("| layers | set | sentiment | macro-F1 of 3 | intent | themes | × raw fugashi |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for layers in (*options.layers, LAYERS):
        with tempfile.TemporaryDirectory() as folder:
            student = load_encoder()
            if layers < LAYERS:
                weights = new_weights(trained, layers, 0)
                heads = label_heads(len(load_taxonomy("tourism").ids))
                recipe = Recipe(epochs=options.epochs, rate=4e-4, decay_by_layer=1.0)
                fit(weights, lessons, cuts, recipe, heads)
                export(weights, tokenizer, Path(folder), public[:: len(public) // 800], whole)
                student = EncoderClassifier(Path(folder))
            speed = rate(partial(student.predict, read)) / base
            for name, found in measure(student, options.dev, CORPUS).items():
                if len(name.split()) <= 3:
                    figures = (found["sentiment"]["accuracy"], macro_of_three(found), found["intent"]["accuracy"])
                    shown = " | ".join(f"{f:.3f}" for f in (*figures, found["themes"]["micro_f1"]))
                    print(f"| {layers} | {name} | {shown} | {speed:.2f} |", flush=True)


if __name__ == "__main__":
    main()
