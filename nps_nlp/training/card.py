"""Measure the finished model and write its card."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from nps_nlp.classify.evaluate import evaluate
from nps_nlp.classify.gold import read_gold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.classify.protocol import Classifier

SUBSETS = ("negation", "request", "contrast", "sarcasm")


def measure(classifier: Classifier, dev: Sequence[Path], corpus: Sequence[Path]) -> dict[str, Any]:
    """Score a classifier on the dev files and on the test split of the corpus, whole and by difficulty."""
    out = {path.stem: evaluate(read_gold([path]), classifier) for path in dev}
    for language in ("ja", "en"):
        files = [path for path in corpus if path.stem.endswith(f"_{language}")]
        mine = [row for row in read_gold(files) if row.split == "test"] if files else []
        parts = {"": mine, **{f" {s}": [row for row in mine if s in row.tags] for s in SUBSETS}}
        out |= {f"corpus test {language}{name}": evaluate(rows, classifier) for name, rows in parts.items() if rows}
    return out


def macro_of_three(result: Mapping[str, Any]) -> float:
    """Return the mean F1 of positive, negative and neutral."""
    return float(sum(result["sentiment"]["per_class"][c]["f1"] for c in ("positive", "negative", "neutral")) / 3)


def table(measured: Mapping[str, Any]) -> str:
    """Return the evaluation as a Markdown table."""
    lines = [
        "| set | rows | sentiment accuracy | macro-F1 of 3 | intent | themes micro-F1 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, result in measured.items():
        # A subset such as contrast hardly has the three classes: a mean over them would say nothing.
        whole = not name.endswith(SUBSETS)
        figures = (
            result["sentiment"]["accuracy"],
            macro_of_three(result) if whole else None,
            result["intent"]["accuracy"],
            result["themes"]["micro_f1"],
        )
        lines.append(
            f"| {name} | {result['n']} | " + " | ".join("–" if f is None else f"{f:.3f}" for f in figures) + " |"
        )
    return "\n".join(lines)


class Origin(NamedTuple):
    """How a model came about.

    Attributes
    ----------
    recipe : mapping
        The settings of the training.
    labelled : mapping of str to int
        Labelled comments by source.
    files : sequence of sequences of str
        Names of the files of labelled comments: those learnt first, then those gone on with, one list after the other.
    calibration : mapping
        As of `nps_nlp.training.export.export`.
    """

    recipe: Mapping[str, Any]
    labelled: Mapping[str, int]
    files: Sequence[Sequence[str]]
    calibration: Mapping[str, Any]


def card(measured: Mapping[str, Any], origin: Origin, folder: Path) -> str:
    """Return the model card.

    Parameters
    ----------
    measured : mapping
        From `measure`.
    origin : Origin
    folder : Path
        The model folder, for its sizes.
    """
    sizes = {name: (folder / name).stat().st_size / 1e6 for name in ("model.onnx", "tokenizer.json")}
    calibration = origin.calibration
    first, *further = (" ".join(f"`{name}`" for name in names) for names in origin.files)
    sources = ("fukui", "nhs", "jupyter", "quasi_reviews", "feedback-corpus")
    template = (resources.files("nps_nlp.training") / "card.md").read_text("utf-8")
    return template.format(
        table=table(measured),
        recipe=", ".join(f"{k} {v}" for k, v in origin.recipe.items()),
        labelled={source.replace("-", "_"): f"{origin.labelled.get(source, 0):,}" for source in sources},
        first=first,
        further=", then ".join(further) or "nothing",
        sizes=", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()),
        rows=calibration["rows"],
        right=f"{calibration['sentiment']['accuracy']:.0%}",
        sentiment_error=calibration["sentiment"]["calibration_error"],
        sentiment_before=calibration["sentiment"]["calibration_error_before"],
        intent_error=calibration["intent"]["calibration_error"],
        intent_before=calibration["intent"]["calibration_error_before"],
    )


if __name__ == "__main__":
    # python -m nps_nlp.training.card MODEL_FOLDER CORPUS_FOLDER DEV.jsonl...
    from nps_nlp.classify.encoder import EncoderClassifier

    model, corpus, *dev = map(Path, sys.argv[1:])
    sys.stdout.write(table(measure(EncoderClassifier(model), dev, sorted(corpus.glob("*.jsonl")))) + "\n")
