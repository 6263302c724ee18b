"""Train the ``fast`` tier from labelled comments; the same input gives the same bytes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nps_nlp.classify.features import features
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import LinearModel, probabilities
from nps_nlp.classify.store import save_arrays, write_manifest
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from nps_nlp.classify.gold import GoldRow

    Matrix = NDArray[np.float64]

SEED = 20260401
FOLDS = 5
# Found by cross-validation on the training rows; larger values fit them closer.
_C_CLASSES, _C_THEMES = 10.0, 20.0
_LEXICON_WEIGHT = 3.0
_MIN_COUNT = 2
_MIN_CASES = 3
_GRID = np.round(np.arange(0.05, 0.61, 0.0125), 4)


@dataclass(frozen=True)
class Example:
    """A labelled row as the model sees it."""

    row: GoldRow
    language: str
    features: tuple[str, ...]


def train_fast(rows: Sequence[GoldRow], folder: Path, report: Callable[[str], None] = lambda _: None) -> None:
    """Train one linear model a language and write the model folder.

    Parameters
    ----------
    rows : sequence of GoldRow
        Labelled comments of both languages; rows of the split ``"test"`` are left out.
    folder : Path
        Where weights, vocabularies and the manifest are written.
    report : callable
        Is told the progress.

    Raises
    ------
    InputError
        When a language has too few labelled rows to be trained on.
    """
    folder.mkdir(parents=True, exist_ok=True)
    examples = [to_example(r) for r in rows if r.split != "test"]
    languages = [name for name in ("ja", "en") if any(e.language == name for e in examples)]
    themes = load_taxonomy("tourism").ids
    files, settings = [], {}
    for language in languages:
        mine = [e for e in examples if e.language == language]
        if len(mine) < 10 * FOLDS:
            raise InputError(f"Only {len(mine)} labelled rows are in language {language!r}; at least {10 * FOLDS} are needed.")
        report(f"{language}: {len(mine)} rows")
        model = with_thresholds(mine, themes)
        files += _write(model, folder, language)
        settings[language] = len(mine)
    write_manifest(folder, {"format": 1, "tier": "fast", "themes": themes, "languages": languages, "rows": settings, "seed": SEED}, files)


def to_example(row: GoldRow) -> Example:
    """Read a labelled row into features."""
    comment = read_comment(row.text)
    language = "ja" if comment.language == "ja" else "en"
    return Example(row, language, tuple(features(comment.normalised.text, comment.tokens, comment.language, row.question)))


def with_thresholds(examples: Sequence[Example], themes: Sequence[str]) -> LinearModel:
    """Fit on all rows, with theme thresholds chosen on rows that the model of their fold has not seen."""
    held_out = cross_predict(examples, themes)
    offset = len(SENTIMENTS) + len(INTENTS)
    cuts = _thresholds(held_out[:, offset:], examples, themes)
    return replace(fit(examples, themes), thresholds=cuts)


def cross_predict(examples: Sequence[Example], themes: Sequence[str]) -> NDArray[np.float32]:
    """Return out-of-fold probabilities, shape (n, 4 + 4 + k), with all thresholds at 0.5.

    Statements of one comment, and equal texts, stay in one fold.
    """
    order = {t: i for i, t in enumerate(dict.fromkeys(e.row.group + e.row.text[:12] for e in examples))}
    shuffled = np.random.default_rng(SEED).permutation(len(order))
    folds = np.array([shuffled[order[e.row.group + e.row.text[:12]]] % FOLDS for e in examples])
    out = np.zeros((len(examples), len(SENTIMENTS) + len(INTENTS) + len(themes)), dtype=np.float32)
    for fold in range(FOLDS):
        model = fit([e for e, f in zip(examples, folds, strict=True) if f != fold], themes)
        rows = np.flatnonzero(folds == fold)
        out[rows] = probabilities(model, [examples[i].features for i in rows])
    return out


def fit(examples: Sequence[Example], themes: Sequence[str]) -> LinearModel:
    """Fit the three linear models of one language on one shared vocabulary."""
    counts = Counter(f for e in examples for f in set(e.features))
    vocabulary = {f: i for i, f in enumerate(sorted(f for f, n in counts.items() if n >= _MIN_COUNT and "\n" not in f))}
    idf = np.array([_weight(f) * (np.log((1 + len(examples)) / (1 + counts[f])) + 1) for f in vocabulary], dtype=np.float32)
    width = len(SENTIMENTS) + len(INTENTS) + len(themes)
    empty = LinearModel(vocabulary, idf, np.zeros((len(idf), width), np.float32), np.zeros(width, np.float32), np.full(len(themes), 0.5, np.float32))
    x = empty.matrix([e.features for e in examples])
    parts = [
        _fit_classes(x, [e.row.sentiment for e in examples], SENTIMENTS),
        _fit_classes(x, [e.row.intent for e in examples], INTENTS),
        _fit_themes(x, [e.row for e in examples], themes),
    ]
    weights = np.hstack([w for w, _ in parts]).astype(np.float16).astype(np.float32)
    return replace(empty, weights=weights, bias=np.concatenate([b for _, b in parts]).astype(np.float32))


def _weight(feature: str) -> float:
    """Lexicon hits hold for words that the training rows do not have: they must not drown among the n-grams."""
    return _LEXICON_WEIGHT if feature.startswith(("k:", "l:")) else 1.0


def _fit_classes(x: sparse.csr_matrix, labels: Sequence[str | None], classes: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Fit one class against the rest each."""
    known = [i for i, label in enumerate(labels) if label is not None]
    return _fit_each(x[known], [[labels[i] == name for i in known] for name in classes], _C_CLASSES)


def _fit_themes(x: sparse.csr_matrix, rows: Sequence[GoldRow], themes: Sequence[str]) -> tuple[Matrix, Matrix]:
    known = [i for i, r in enumerate(rows) if r.themes is not None]
    return _fit_each(x[known], [[t in (rows[i].themes or ()) for i in known] for t in themes], _C_THEMES)


def _fit_each(x: sparse.csr_matrix, targets: Sequence[Sequence[bool]], c: float) -> tuple[Matrix, Matrix]:
    """Fit a logistic regression a target; a target with fewer than three cases is never given."""
    from sklearn.linear_model import LogisticRegression

    weights, bias = np.zeros((x.shape[1], len(targets))), np.full(len(targets), -20.0)
    for place, y in enumerate(targets):
        if sum(y) >= _MIN_CASES:
            model = LogisticRegression(C=c, solver="liblinear", dual=True, max_iter=300, random_state=SEED).fit(x, y)
            weights[:, place], bias[place] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _thresholds(probability: NDArray[np.float32], examples: Sequence[Example], themes: Sequence[str]) -> NDArray[np.float32]:
    """Choose each theme's threshold by F1, drawn towards the common one where the theme is rare."""
    truth = np.array([[t in (e.row.themes or ()) for t in themes] for e in examples])
    counted = np.array([[e.row.themes is not None and t not in e.row.optional for t in themes] for e in examples])

    def f1(cut: float, columns: slice) -> float:
        given = (probability[:, columns] >= cut) & counted[:, columns]
        real = truth[:, columns] & counted[:, columns]
        return 2 * float((given & real).sum()) / max(1.0, float(given.sum() + real.sum()))

    common = max(_GRID, key=lambda cut: f1(cut, slice(None)))
    cuts = []
    for place in range(len(themes)):
        own = max(_GRID, key=lambda cut: (f1(cut, slice(place, place + 1)), -abs(cut - common)))
        trust = min(1.0, truth[:, place].sum() / 200)
        cuts.append(trust * own + (1 - trust) * common)
    return np.array(cuts, dtype=np.float32)


def _write(model: LinearModel, folder: Path, language: str) -> list[str]:
    names = [f"{language}.safetensors", f"{language}.vocabulary.txt"]
    save_arrays(
        folder / names[0],
        {"idf": model.idf, "weights": model.weights.astype(np.float16), "bias": model.bias, "thresholds": model.thresholds},
    )
    (folder / names[1]).write_text("\n".join(model.vocabulary), "utf-8")
    return names
