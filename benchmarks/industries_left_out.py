"""What will an industry get that no labelled comment came from? Models trained without it are asked.

    pip install '.[train]'        # torch of your choice first
    python benchmarks/industries_left_out.py --data ../shared/data --work encoder-work \
        --gold ../shared/gold/train_ja.jsonl ../shared/gold/train_en.jsonl [--out 3] [--epochs 3]

The ten industries of the corpus with a test split are left out, ``--out`` of them at a time; all their comments,
Japanese and English, train and test split, are then read by the model that has seen none of them. ``--work`` is the
folder of ``nps-nlp train encoder``: the stages before the labels (vocabulary, weak labels of public answers) know no
industry of the corpus. To save time, statements of comments and labels of public answers are left out and epochs are
fewer than in the shipped recipe: the shipped model would do a little better.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nps_nlp.classify.encoder import EncoderClassifier
from nps_nlp.classify.evaluate import evaluate
from nps_nlp.classify.gold import GoldRow, read_gold
from nps_nlp.training.data import Example, labelled, split_off, unlabelled
from nps_nlp.training.finetune import Recipe
from nps_nlp.training.pipeline import learn, ship

CORPUS = Path(__file__).parents[1] / "models" / "feedback-corpus"


@dataclass(frozen=True)
class Comment:
    """A labelled comment as the model reads it, and as it is scored."""

    industry: str
    language: str
    split: str
    example: Example
    row: GoldRow


def comments_of(path: Path) -> list[Comment]:
    raw = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    examples = [e for e in labelled([path]) if not e.split.endswith("statement")]
    return [
        Comment(r.get("industry", ""), r.get("language", ""), r.get("split", ""), e, row)
        for r, e, row in zip(raw, examples, read_gold([path]), strict=True)
    ]


def train(examples: list[Example], stages: Path, data: Path, recipe: Recipe, folder: Path) -> EncoderClassifier:
    """Fit from the weak labels on, and quantise as for shipping; `stages` stays as it is."""
    work, model = folder / "work", folder / "model"
    work.mkdir()
    for name in ("base.safetensors", "weak.safetensors", "tokenizer.json"):
        (work / name).symlink_to((stages / name).resolve())
    kept, held = split_off(examples)
    ship(learn(work, kept, recipe, print), work, model, unlabelled(data), (kept, held))
    return EncoderClassifier(model)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--work", type=Path, required=True, help="folder of the finished stages base and weak")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="labelled comments beside the corpus")
    parser.add_argument("--out", type=int, default=3, help="industries that are left out at a time")
    parser.add_argument("--epochs", type=int, default=3)
    options = parser.parse_args()

    corpus = [c for path in sorted(CORPUS.glob("*.jsonl")) for c in comments_of(path)]
    gold = [c for path in options.gold for c in comments_of(path)]
    industries = sorted({c.industry for c in corpus if c.split == "test"})
    print(
        "| industry | language | comments | sentiment accuracy | intent | themes micro-F1 |",
        "|---|---|---:|---:|---:|---:|",
        sep="\n",
    )
    for start in range(0, len(industries), options.out):
        without = industries[start : start + options.out]
        seen = [c.example for c in (*gold, *corpus) if c.industry not in without and c.split != "test"]
        with tempfile.TemporaryDirectory() as folder:
            model = train(seen, options.work, options.data, Recipe(epochs=options.epochs), Path(folder))
        for industry in without:
            for language in ("ja", "en"):
                rows = [c.row for c in corpus if (c.industry, c.language) == (industry, language)]
                found = evaluate(rows, model)
                figures = (found["sentiment"]["accuracy"], found["intent"]["accuracy"], found["themes"]["micro_f1"])
                shown = " | ".join(f"{f:.3f}" for f in figures)
                print(f"| {industry} | {language} | {len(rows)} | {shown} |", flush=True)


if __name__ == "__main__":
    main()
