"""Quantise, calibrate and write the model folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.classify.encode import encode_pairs
from nps_nlp.classify.encoder import EncoderClassifier
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.logits import sigmoid, softmax
from nps_nlp.classify.store import write_manifest
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.classify.train import choose_thresholds
from nps_nlp.extras import need
from nps_nlp.training.calibrate import accuracy, calibration_error, temperature
from nps_nlp.training.graph import build
from nps_nlp.training.network import to_arrays
from nps_nlp.training.quantise import scales

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.training.data import Example
    from nps_nlp.training.network import Weights

LONGEST = 192
_S, _I = len(SENTIMENTS), len(INTENTS)


def export(
    weights: Weights,
    tokenizer: str,
    folder: Path,
    samples: Sequence[tuple[str, str]],
    held_out: Sequence[Example],
) -> dict[str, Any]:
    """Write a model folder that `EncoderClassifier` opens.

    Parameters
    ----------
    weights : dict of str to tensor
    tokenizer : str
        The trimmed tokenizer.json.
    folder : Path
    samples : sequence of (str, str)
        Some hundred (question, text) pairs of every kind, on which the scales of activations are measured.
    held_out : sequence of Example
        Rows that were not trained on: temperatures and thresholds are chosen on them.

    Returns
    -------
    dict
        What was measured: temperatures, calibration errors before and after, number of rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    cutter = need("tokenizers", "train").Tokenizer.from_str(tokenizer)
    rows = encode_pairs(cutter, samples, LONGEST)
    (folder / "model.onnx").write_bytes(build(to_arrays(weights), scales(weights, rows)))
    (folder / "tokenizer.json").write_text(tokenizer, "utf-8")
    themes = load_taxonomy("tourism").ids
    settings = {
        "format": 1,
        "tier": "encoder",
        "themes": themes,
        "longest": LONGEST,
        "temperatures": {"sentiment": 1.0, "intent": 1.0},
        "thresholds": [0.5] * len(themes),
    }
    files = ["model.onnx", "tokenizer.json"]
    write_manifest(folder, settings, files)
    logits = EncoderClassifier(folder).logits([(e.question, e.text) for e in held_out])
    measured, chosen = _calibrate(logits, np.array([e.targets for e in held_out], dtype=np.float32))
    write_manifest(folder, {**settings, **chosen, "held_out": measured}, files)
    return measured


def _calibrate(logits: NDArray[np.float32], goal: NDArray[np.float32]) -> tuple[dict[str, Any], dict[str, Any]]:
    measured: dict[str, Any] = {"rows": len(goal)}
    themes = goal[:, _S + _I :]
    cuts = choose_thresholds(sigmoid(logits[:, _S + _I :]), themes == 1, themes >= 0, np.ones(len(goal)))
    chosen: dict[str, Any] = {"temperatures": {}, "thresholds": [round(float(c), 4) for c in cuts]}
    for name, columns in (("sentiment", slice(0, _S)), ("intent", slice(_S, _S + _I))):
        by = temperature(logits[:, columns], goal[:, columns])
        chosen["temperatures"][name] = by
        measured[name] = {
            "accuracy": round(accuracy(logits[:, columns], goal[:, columns]), 4),
            "calibration_error_before": round(calibration_error(softmax(logits[:, columns]), goal[:, columns]), 4),
            "calibration_error": round(
                calibration_error(softmax(logits[:, columns] / np.float32(by)), goal[:, columns]), 4
            ),
        }
    return measured, chosen
