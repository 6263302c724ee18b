"""Train the quick reader from labelled comments alone; the same input gives the same bytes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from nps_nlp.classify.features import features, model_language
from nps_nlp.classify.gold import check_themes
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import FORMAT, LinearModel, probabilities
from nps_nlp.classify.logistic import fit_output
from nps_nlp.classify.store import save_arrays, write_manifest
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from nps_nlp.classify.gold import GoldRow

    Matrix = NDArray[np.float64]

SEED = 20260401
FOLDS = 3
_FEWEST_ROWS = 50
# Found by cross-validation on the training rows; larger values fit them closer.
_C_CLASSES, _C_THEMES = 20.0, 40.0
# Keywords of themes weigh most: where a whole survey is held out, as with an unseen industry, they carry furthest.
_KEYWORD_WEIGHT = 7.0
_LEXICON_WEIGHT, _CROSSED_WEIGHT, _QUESTION_WEIGHT = 4.0, 3.0, 2.0
_MIN_COUNT = 2
_MIN_CASES = 3
_MOST_WEIGHT = 3.0
_CASES_TO_TRUST = 400
_WORTH_SHARING = 2_000_000
_GRID = np.round(np.arange(0.05, 0.901, 0.0125), 4)


@dataclass(frozen=True)
class Example:
    """A labelled row, or a labelled statement (part) of the row before it, as the model sees it."""

    row: GoldRow
    language: str
    features: tuple[str, ...]
    part: bool = False


def train_fast(
    rows: Sequence[GoldRow],
    folder: Path,
    report: Callable[[str], None] = lambda _: None,
) -> None:
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
        When a language has too few labelled rows to be trained on, or a theme is not one of the taxonomy.
    """
    themes = load_taxonomy("tourism").ids
    check_themes(rows, themes)
    examples = [e for row in rows if row.split != "test" for e in to_examples(row)]
    counts = rows_of_languages(e.language for e in examples if not e.part)
    models = {}
    for language, count in counts.items():
        report(f"{language}: {count} rows")
        models[language] = with_thresholds([e for e in examples if e.language == language], themes)
    write_models(folder, models, {"rows": counts, "seed": SEED})


def rows_of_languages(languages: Iterable[str]) -> dict[str, int]:
    """Count labelled rows a language.

    Raises
    ------
    InputError
        When there are none, or in a language too few to be trained on.
    """
    counts = Counter(languages)
    if not counts:
        raise InputError("There is no row to train on: rows of the split 'test' are left out.")
    for language, count in counts.items():
        if count < _FEWEST_ROWS:
            raise InputError(
                f"Only {count} labelled rows are in language {language!r}; at least {_FEWEST_ROWS} are needed."
            )
    return dict(sorted(counts.items()))


def to_examples(row: GoldRow) -> list[Example]:
    """Read a labelled row, and the statements in it, into features; all in the language of the whole."""
    whole = _example(row, None)
    return [whole, *(_example(part, whole.language) for part in row.statements)]


def _example(row: GoldRow, language: str | None) -> Example:
    comment = read_comment(row.text)
    found = tuple(features(comment.normalised.text, comment.tokens, comment.language, row.question))
    return Example(row, language or model_language(comment.language), found, part=language is not None)


def with_thresholds(examples: Sequence[Example], themes: Sequence[str]) -> LinearModel:
    """Fit on all rows, with theme thresholds chosen on rows that the model of their fold has not seen."""
    held_out = cross_predict(examples, themes)
    whole = [i for i, e in enumerate(examples) if not e.part]
    rows = [examples[i].row for i in whole]
    truth = np.array([[t in (r.themes or ()) for t in themes] for r in rows])
    counted = np.array([[r.themes is not None and t not in r.optional for t in themes] for r in rows])
    offset = len(SENTIMENTS) + len(INTENTS)
    cuts = choose_thresholds(held_out[whole, offset:], truth, counted, source_weights([r.source for r in rows]))
    return replace(fit(examples, themes), thresholds=cuts)


def cross_predict(examples: Sequence[Example], themes: Sequence[str]) -> NDArray[np.float32]:
    """Return out-of-fold probabilities, shape (n, 4 + 4 + k), with all thresholds at 0.5.

    The statements of a comment follow it among the examples and stay in its fold.
    """
    comment = np.cumsum([not e.part for e in examples])
    folds = np.random.default_rng(SEED).integers(0, FOLDS, comment[-1] + 1)[comment]
    out = np.zeros((len(examples), len(SENTIMENTS) + len(INTENTS) + len(themes)), dtype=np.float32)
    for fold in range(FOLDS):
        model = fit([e for e, f in zip(examples, folds, strict=True) if f != fold], themes)
        rows = np.flatnonzero(folds == fold).tolist()
        out[rows] = probabilities(model, model.matrix([examples[i].features for i in rows]))
    return out


def fit(examples: Sequence[Example], themes: Sequence[str]) -> LinearModel:
    """Fit the outputs of one language on one shared vocabulary."""
    documents = [e.features for e in examples]
    goal, weight = _goals(examples, themes)
    empty = untrained(documents, goal.shape[1], _MIN_COUNT)
    weights, bias = fit_each(empty.matrix(documents).astype(np.float64), goal, weight)
    return replace(
        empty,
        weights=weights.astype(np.float16).astype(np.float32),
        bias=bias.astype(np.float32),
        thresholds=np.full(len(themes), 0.5, np.float32),
    )


def untrained(documents: Sequence[Sequence[str]], width: int, min_count: int) -> LinearModel:
    """Return a model with vocabulary and idf of documents, that knows nothing yet of its `width` labels."""
    counts = Counter(f for d in documents for f in set(d))
    names = sorted(f for f, n in counts.items() if n >= min_count and "\n" not in f)
    idf = [feature_weight(f) * (np.log((1 + len(documents)) / (1 + counts[f])) + 1) for f in names]
    return LinearModel(
        {name: i for i, name in enumerate(names)},
        np.array(idf, np.float32),
        np.zeros((len(names), width), np.float32),
        np.zeros(width, np.float32),
        np.zeros((0, width), np.float32),
        np.zeros(0, np.float32),
    )


def _goals(examples: Sequence[Example], themes: Sequence[str]) -> tuple[Matrix, Matrix]:
    """Return whether each output holds, and how much that counts, shape (n, 4 + 4 + k); unknown ones count 0.

    Statements teach praise and blame. They are never mixed, which would teach the wrong odds: that, and neutral, is
    learnt from whole comments. Of themes every source teaches as much.
    """
    width = len(SENTIMENTS) + len(INTENTS) + len(themes)
    goal, weight = np.zeros((len(examples), width)), np.ones((len(examples), width))
    offset = len(SENTIMENTS) + len(INTENTS)
    for place, example in enumerate(examples):
        row = example.row
        goal[place] = [
            *(row.sentiment == s for s in SENTIMENTS),
            *(row.intent == i for i in INTENTS),
            *(t in (row.themes or ()) for t in themes),
        ]
        weight[place] = [
            *(row.sentiment is not None and not (example.part and s in ("mixed", "neutral")) for s in SENTIMENTS),
            *(row.intent is not None for _ in INTENTS),
            *(row.themes is not None and t not in row.optional for t in themes),
        ]
    weight[:, offset:] *= source_weights([e.row.source for e in examples])[:, None]
    return goal, weight


def feature_weight(feature: str) -> float:
    """Lexicon hits hold for words that the training rows do not have: they must not drown among the n-grams."""
    if feature.startswith("k:"):
        return _KEYWORD_WEIGHT
    if feature.startswith(("l:", "f:")):
        return _LEXICON_WEIGHT
    if "&" in feature or feature.startswith(("s:", "h:", "v:", "q:", "qt:")):
        return _CROSSED_WEIGHT
    return _QUESTION_WEIGHT if feature.startswith(("qw:", "qb:")) else 1.0


def source_weights(sources: Sequence[str]) -> Matrix:
    """Let every source count the same, so that the largest one does not speak for all; a tiny one does not shout."""
    sizes = Counter(sources)
    return np.array([min(_MOST_WEIGHT, len(sources) / (len(sizes) * sizes[s])) for s in sources])


def fit_each(x: sparse.csr_matrix, goal: Matrix, weight: Matrix) -> tuple[Matrix, Matrix]:
    """Fit a logistic regression an output; one with fewer than three cases is never given.

    Parameters
    ----------
    x : csr_matrix of float64, shape (n, v)
    goal, weight : ndarray, shape (n, outputs)
        1 where an output holds, else 0, and how much that counts; an unknown one counts 0.

    Returns
    -------
    (ndarray of shape (v, outputs), ndarray of shape (outputs,))
        Weights of the features and intercepts.

    Notes
    -----
    Features are scaled by how unevenly they fall on the two sides (the log-count ratio of Wang & Manning 2012,
    *Baselines and bigrams*), half-way, which is folded into the weights: few cases then suffice to trust a word.
    """
    weights, bias = np.zeros((x.shape[1], goal.shape[1])), np.full(goal.shape[1], -20.0)
    present = x.sign()
    places = [p for p in range(goal.shape[1]) if (goal[:, p] * (weight[:, p] > 0)).sum() >= _MIN_CASES]
    # Outputs know nothing of one another; for a small table another process costs more than it saves.
    fitted = Parallel(n_jobs=-1 if x.nnz > _WORTH_SHARING else 1)(
        delayed(_fit_one)(x, present, goal[:, place], weight[:, place], place) for place in places
    )
    for place, (own, first) in zip(places, fitted, strict=True):
        weights[:, place], bias[place] = own, first
    return weights, bias


def _fit_one(
    x: sparse.csr_matrix, present: sparse.csr_matrix, y: Matrix, by: Matrix, place: int
) -> tuple[Matrix, float]:
    used = np.flatnonzero(by > 0)
    y, by = y[used], by[used]
    scale = unevenness(present[used], y * by, (1 - y) * by)
    c = _C_CLASSES if place < len(SENTIMENTS) + len(INTENTS) else _C_THEMES
    return fit_output(x[used], y, by, scale, c)


def unevenness(present: sparse.csr_matrix, inside: Matrix, outside: Matrix) -> Matrix:
    """Return by what each column is multiplied: the more, the more unevenly it falls on the rows inside and outside."""
    there, elsewhere = (present.T @ side + 1.0 for side in (inside, outside))
    ratio = np.abs(np.log((there / there.sum()) / (elsewhere / elsewhere.sum())))
    return np.asarray(0.5 + 0.5 * ratio / max(ratio.mean(), 1e-9))


def choose_thresholds(
    probability: NDArray[np.floating[Any]], truth: NDArray[np.bool_], counted: NDArray[np.bool_], weight: Matrix
) -> NDArray[np.float32]:
    """Choose each theme's threshold by F1, drawn towards the common one where the theme is rare.

    Parameters
    ----------
    probability, truth, counted : ndarray, shape (n, k)
        Of themes of comments that were not learnt from; cells that are not counted are left out.
    weight : ndarray, shape (n,)
        Of each comment, as `source_weights` has it.

    Returns
    -------
    ndarray, shape (k,)
    """
    weight = weight[:, None]

    def f1(cut: float, columns: slice) -> float:
        given = (probability[:, columns] >= cut) & counted[:, columns]
        real = truth[:, columns] & counted[:, columns]
        hits, said, true = (float((m * weight).sum()) for m in (given & real, given, real))
        return 2 * hits / max(1e-9, said + true)

    common = max(_GRID, key=lambda cut: f1(cut, slice(None)))
    cuts = []
    for place in range(truth.shape[1]):
        own = max(_GRID, key=lambda cut: (f1(cut, slice(place, place + 1)), -abs(cut - common)))
        trust = min(1.0, truth[:, place].sum() / _CASES_TO_TRUST)
        cuts.append(trust * own + (1 - trust) * common)
    return np.array(cuts, dtype=np.float32)


def write_models(folder: Path, models: Mapping[str, LinearModel], settings: Mapping[str, object]) -> None:
    """Write the models of all languages and their manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language, model in models.items():
        names = [f"{language}.safetensors", f"{language}.vocabulary.txt"]
        save_arrays(folder / names[0], {**model.arrays(), "weights": model.weights.astype(np.float16)})
        (folder / names[1]).write_text("\n".join(model.vocabulary), "utf-8")
        files += names
    fixed = {"format": FORMAT, "tier": "fast", "themes": load_taxonomy("tourism").ids}
    write_manifest(folder, {**fixed, "languages": list(models), **settings}, files)
