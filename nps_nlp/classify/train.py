"""Train the ``fast`` tier from labelled comments; the same input gives the same bytes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.utils.parallel import Parallel, delayed

from nps_nlp.classify.features import features
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import FORMAT, LinearModel, probabilities
from nps_nlp.classify.logistic import fit_output
from nps_nlp.classify.protocol import Piece
from nps_nlp.classify.store import save_arrays, write_manifest
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier

    Matrix = NDArray[np.float64]

SEED = 20260401
FOLDS = 3
_FEWEST_ROWS = 50
# Found by cross-validation on the training rows; larger values fit them closer.
_C_CLASSES, _C_THEMES = 20.0, 40.0
# Keywords of themes weigh most: where a whole survey is held out, as with an unseen industry, they carry furthest.
_KEYWORD_WEIGHT = 7.0
_LEXICON_WEIGHT, _CROSSED_WEIGHT, _QUESTION_WEIGHT = 4.0, 3.0, 2.0
_MIN_COUNT, _MIN_OFTEN = 2, 20
# An answer that a teacher has read counts less than one that was labelled.
_LESSON_WEIGHT = 0.2
_MIN_CASES = 3
_MOST_WEIGHT = 3.0
_CASES_TO_TRUST = 400
_WORTH_SHARING = 2_000_000
# How sure of praise and of blame in its statements a whole comment must be to be called mixed.
_MIXED_FROM = 0.7
_GRID = np.round(np.arange(0.05, 0.61, 0.0125), 4)


@dataclass(frozen=True)
class Example:
    """A labelled row, or a labelled statement (part) of the row before it, as the model sees it."""

    row: GoldRow
    language: str
    features: tuple[str, ...]
    part: bool = False


@dataclass(frozen=True)
class Lesson:
    """An unlabelled answer, and the probability that a teacher gives each sentiment, intent and theme."""

    language: str
    features: tuple[str, ...]
    goal: tuple[float, ...]


def train_fast(
    rows: Sequence[GoldRow],
    folder: Path,
    report: Callable[[str], None] = lambda _: None,
    lessons: Sequence[Lesson] = (),
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
    lessons : sequence of Lesson
        From `lessons_of`, when a larger model teaches.

    Raises
    ------
    InputError
        When a language has too few labelled rows to be trained on.
    """
    examples = [e for row in rows if row.split != "test" for e in to_examples(row)]
    counts = _rows_of_languages(examples)
    themes = load_taxonomy("tourism").ids
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language, count in counts.items():
        report(f"{language}: {count} rows")
        ours = [lesson for lesson in lessons if lesson.language == language]
        model = with_thresholds([e for e in examples if e.language == language], themes, ours)
        files += _write(model, folder, language)
    settings = {"format": FORMAT, "tier": "fast", "themes": themes, "mixed_from": _MIXED_FROM, "seed": SEED}
    taught = {"lessons": len(lessons)} if lessons else {}
    write_manifest(folder, {**settings, "languages": list(counts), "rows": counts, **taught}, files)


def _rows_of_languages(examples: Sequence[Example]) -> dict[str, int]:
    counts = Counter(e.language for e in examples if not e.part)
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
    return Example(row, language or ("ja" if comment.language == "ja" else "en"), found, part=language is not None)


def lessons_of(teacher: Classifier, answers: Iterable[tuple[str, str]]) -> list[Lesson]:
    """Let a teacher read (question, text) pairs; its theme thresholds are kept as 0.5."""
    known: dict[str, str] = {}
    read: list[tuple[str, tuple[str, ...], Piece]] = []
    for question, text in answers:
        comment = read_comment(text)
        normalised = comment.normalised.text
        found = dict.fromkeys(features(normalised, comment.tokens, comment.language, question))
        # Features repeat over many answers: each is kept in memory once.
        kept = tuple(known.setdefault(f, f) for f in found)
        piece = Piece(normalised, (), comment.language, question)
        read.append(("ja" if comment.language == "ja" else "en", kept, piece))
    said = teacher.predict([piece for *_, piece in read])
    goals = np.hstack([said.sentiment, said.intent, said.themes])
    return [Lesson(language, kept, tuple(goal)) for (language, kept, _), goal in zip(read, goals.tolist(), strict=True)]


def with_thresholds(examples: Sequence[Example], themes: Sequence[str], lessons: Sequence[Lesson] = ()) -> LinearModel:
    """Fit on all rows, with theme thresholds chosen on rows that the model of their fold has not seen."""
    held_out = cross_predict(examples, themes, lessons)
    offset = len(SENTIMENTS) + len(INTENTS)
    whole = [i for i, e in enumerate(examples) if not e.part]
    cuts = _thresholds(held_out[whole, offset:], [examples[i] for i in whole], themes)
    return replace(fit(examples, themes, lessons), thresholds=cuts)


def cross_predict(
    examples: Sequence[Example], themes: Sequence[str], lessons: Sequence[Lesson] = ()
) -> NDArray[np.float32]:
    """Return out-of-fold probabilities, shape (n, 4 + 4 + k), with all thresholds at 0.5.

    The statements of a comment follow it among the examples and stay in its fold.
    """
    comment = np.cumsum([not e.part for e in examples])
    folds = np.random.default_rng(SEED).integers(0, FOLDS, comment[-1] + 1)[comment]
    out = np.zeros((len(examples), len(SENTIMENTS) + len(INTENTS) + len(themes)), dtype=np.float32)
    for fold in range(FOLDS):
        model = fit([e for e, f in zip(examples, folds, strict=True) if f != fold], themes, lessons)
        rows = np.flatnonzero(folds == fold).tolist()
        out[rows] = probabilities(model, model.matrix([examples[i].features for i in rows]))
    return out


def fit(examples: Sequence[Example], themes: Sequence[str], lessons: Sequence[Lesson] = ()) -> LinearModel:
    """Fit the outputs of one language on one shared vocabulary.

    Parameters
    ----------
    examples : sequence of Example
        Labelled rows and statements.
    themes : sequence of str
    lessons : sequence of Lesson
        Unlabelled answers with what a teacher says of them.
    """
    counts = Counter(f for e in examples for f in set(e.features))
    often = Counter(f for e in lessons for f in e.features)
    vocabulary = _vocabulary(counts, often)
    total = 1 + len(examples) + len(lessons)
    idf = np.array(
        [feature_weight(f) * (np.log(total / (1 + counts[f] + often[f])) + 1) for f in vocabulary], np.float32
    )
    width = len(SENTIMENTS) + len(INTENTS) + len(themes)
    empty = LinearModel(
        vocabulary,
        idf,
        np.zeros((len(idf), width), np.float32),
        np.zeros(width, np.float32),
        np.full(len(themes), 0.5, np.float32),
    )
    seen = [e.features for e in examples] + [e.features for e in lessons]
    x = empty.matrix(seen).astype(np.float64)
    goal, weight = _goals(examples, lessons, themes)
    weights, bias = _fit_each(x, goal, weight)
    return replace(empty, weights=weights.astype(np.float16).astype(np.float32), bias=bias.astype(np.float32))


def _vocabulary(counts: Counter[str], often: Counter[str]) -> dict[str, int]:
    """Keep what labelled rows have twice, or what is frequent among the unlabelled ones."""
    kept = {f for f, n in counts.items() if n >= _MIN_COUNT} | {f for f, n in often.items() if n >= _MIN_OFTEN}
    return {f: i for i, f in enumerate(sorted(f for f in kept if "\n" not in f))}


def _goals(examples: Sequence[Example], lessons: Sequence[Lesson], themes: Sequence[str]) -> tuple[Matrix, Matrix]:
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
    weight[:, offset:] *= _source_weights([e.row for e in examples])[:, None]
    if lessons:
        said = np.array([e.goal for e in lessons])
        # The surer the teacher, the more its word counts.
        goal = np.vstack([goal, said >= 0.5])
        weight = np.vstack([weight, _LESSON_WEIGHT * np.abs(2 * said - 1)])
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


def _source_weights(rows: Sequence[GoldRow]) -> Matrix:
    """Let every source count the same, so that the largest one does not speak for all; a tiny one does not shout."""
    sizes = Counter(r.source for r in rows)
    return np.array([min(_MOST_WEIGHT, len(rows) / (len(sizes) * sizes[r.source])) for r in rows])


def _fit_each(x: sparse.csr_matrix, goal: Matrix, weight: Matrix) -> tuple[Matrix, Matrix]:
    """Fit a logistic regression an output; one with fewer than three cases is never given.

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


def _thresholds(
    probability: NDArray[np.float32], examples: Sequence[Example], themes: Sequence[str]
) -> NDArray[np.float32]:
    """Choose each theme's threshold by F1, drawn towards the common one where the theme is rare.

    Every source counts the same, so that the largest one does not set the thresholds for all.
    """
    weight = _source_weights([e.row for e in examples])[:, None]
    truth = np.array([[t in (e.row.themes or ()) for t in themes] for e in examples])
    counted = np.array([[e.row.themes is not None and t not in e.row.optional for t in themes] for e in examples])

    def f1(cut: float, columns: slice) -> float:
        given = (probability[:, columns] >= cut) & counted[:, columns]
        real = truth[:, columns] & counted[:, columns]
        hits, said, true = (float((m * weight).sum()) for m in (given & real, given, real))
        return 2 * hits / max(1e-9, said + true)

    common = max(_GRID, key=lambda cut: f1(cut, slice(None)))
    cuts = []
    for place in range(len(themes)):
        own = max(_GRID, key=lambda cut: (f1(cut, slice(place, place + 1)), -abs(cut - common)))
        trust = min(1.0, truth[:, place].sum() / _CASES_TO_TRUST)
        cuts.append(trust * own + (1 - trust) * common)
    return np.array(cuts, dtype=np.float32)


def _write(model: LinearModel, folder: Path, language: str) -> list[str]:
    names = [f"{language}.safetensors", f"{language}.vocabulary.txt"]
    save_arrays(
        folder / names[0],
        {
            "idf": model.idf,
            "weights": model.weights.astype(np.float16),
            "bias": model.bias,
            "thresholds": model.thresholds,
        },
    )
    (folder / names[1]).write_text("\n".join(model.vocabulary), "utf-8")
    return names
