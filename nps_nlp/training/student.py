"""Train the quick reader: on labelled comments alone, or on what a larger model says of them and of public answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import whole_piece
from nps_nlp.classify.cascade import asks, mix
from nps_nlp.classify.columns import Columns
from nps_nlp.classify.features import features, model_language
from nps_nlp.classify.gold import read_gold
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.linear import LinearModel, probabilities, read_with, sureness
from nps_nlp.classify.protocol import Predictions
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.classify.train import (
    choose_thresholds,
    fit_each,
    rows_of_languages,
    source_weights,
    train_fast,
    untrained,
    write_models,
)
from nps_nlp.errors import InputError
from nps_nlp.language import read_comment
from nps_nlp.training.data import (
    UNKNOWN,
    Example,
    holds_keys,
    labelled_rows,
    public_rows,
    split_off,
    texts_of,
    unlabelled,
)
from nps_nlp.training.wide import fit_wide

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy import sparse

    from nps_nlp.classify.protocol import Classifier, Piece
    from nps_nlp.training.data import Report

    Array = NDArray[np.float32]

# Of the public answers every third is read: enough for the frequent words, and training stays a matter of minutes.
_EVERY = 3
# Of these again some are not learnt from at first: how many are asked about is counted on them.
_EVERY_UNSEEN = 8
# An answer that the teacher alone has read counts less than one that was labelled.
_LESSON_WEIGHT = 0.5
_MIN_COUNT = 8
# Share of what the labels alone teach in the model, beside what the teacher teaches: found on held-out comments.
_LABELS_ALONE = 0.3
# How much of sentiment accuracy and of theme micro-F1 may be lost where the teacher is not asked, and of which share of
# the text of public answers it may be: with more, Japanese ones would be read at less than half the rate of fugashi.
_MOST_LOST = 0.01
_MOST_ASKED = {"ja": 0.045, "en": 1.0}
_CUTS = np.round(np.arange(0.0, 1.0, 0.01), 2)
_S, _I = len(SENTIMENTS), len(INTENTS)


def train_student(
    gold: Sequence[Path],
    folder: Path,
    teacher: str | None = None,
    data: Path | None = None,
    measured_on: Sequence[Path] = (),
    report: Report = lambda _: None,
) -> None:
    """Train the quick reader and write its folder.

    Parameters
    ----------
    gold : sequence of Path
        Labelled comments; a file may hold labels of public answers instead, which are looked up in `data`.
    folder : Path
    teacher : str, optional
        Name or folder of the model that reads the labelled comments and the public answers first (needs the extra
        ``[train]``).
    data : Path, optional
        Folder of public answers.
    measured_on : sequence of Path
        Labelled comments that only measure: the teacher is not asked about their texts.
    report : callable
        Is told the progress.

    Raises
    ------
    InputError
        When a teacher or labels of public answers are given without the answers, the teacher has other themes, or a
        language has too few labelled comments.
    """
    public = [path for path in gold if holds_keys(path)]
    if data is None and (public or teacher):
        raise InputError("train: name the folder of the public answers with --data.")
    pairs = unlabelled(data) if data else []
    if not teacher:
        rows = read_gold([path for path in gold if path not in public])
        rows += [row for path in public for row in public_rows(path, pairs, report)]
        train_fast(rows, folder, report)
        return
    examples = labelled_rows(gold, pairs, report)
    # A text that is labelled is not taught a second time: it may be held out.
    banned = texts_of([*measured_on, *(path for path in gold if path not in public)]) | {e.text for e in examples}
    answers = [pair for pair in pairs[::_EVERY] if pair[1] not in banned]
    lessons = _lessons(load_classifier(teacher), examples, answers, report)
    taught = {
        language: _teach(language, [lesson for lesson in lessons if lesson.language == language], report)
        for language in sorted({lesson.language for lesson in lessons})
    }
    settings = {
        "lessons": len(lessons),
        "asks_below": {language: cut for language, (_, cut, _) in taught.items()},
        "held_out": {language: measured for language, (_, _, measured) in taught.items()},
    }
    write_models(folder, {language: model for language, (model, _, _) in taught.items()}, settings)


@dataclass(frozen=True)
class _Lesson:
    """A text as the quick reader sees it, what is known of it, and what the teacher says: labels in one order."""

    example: Example
    language: str
    features: tuple[str, ...]
    said: Array

    def goal(self) -> Array:
        """Return the mean of label and teacher, where there is a label: the teacher knows which ones are doubtful."""
        known = np.array(self.example.targets, np.float32)
        return np.where(known == UNKNOWN, self.said, (self.said + known) / 2)


def _lessons(
    teacher: Classifier, examples: Sequence[Example], answers: Sequence[tuple[str, str]], report: Report
) -> list[_Lesson]:
    """Let the teacher read every text."""
    themes = load_taxonomy("tourism").ids
    if tuple(teacher.theme_ids) != tuple(themes):
        raise InputError(f"train: the teacher {teacher.name!r} knows other themes than the labels have; take another.")
    report(f"{teacher.name} reads {len(examples):,} labelled texts and {len(answers):,} public answers")
    nothing = (UNKNOWN,) * (_S + _I + len(themes))
    known: dict[str, str] = {}
    read = []
    pieces = []
    for example in [*examples, *(Example(*pair, nothing, _LESSON_WEIGHT) for pair in answers)]:
        piece = _piece(example)
        found = dict.fromkeys(features(*piece))
        # Features repeat over many texts: each is kept in memory once.
        read.append((example, model_language(piece.language), tuple(known.setdefault(f, f) for f in found)))
        pieces.append(piece._replace(tokens=()))
    labelled = rows_of_languages(lang for e, lang, _ in read if e.key and not e.split.endswith("statement"))
    wanted = [place for place, (_, language, _) in enumerate(read) if language in labelled]
    said = teacher.predict([pieces[place] for place in wanted])
    return [_Lesson(*read[place], goal) for place, goal in zip(wanted, said.table(), strict=True)]


def _piece(example: Example) -> Piece:
    return whole_piece(read_comment(example.text), example.question)


def _teach(language: str, lessons: Sequence[_Lesson], report: Report) -> tuple[LinearModel, float, dict[str, Any]]:
    """Fit the model of a language; thresholds, and when to ask, are chosen on texts that neither has learnt from."""
    report(f"{language}: {len(lessons):,} texts")
    marked = [lesson for lesson in lessons if lesson.example.key]
    plain = [lesson for lesson in lessons if not lesson.example.key]
    held = {example.key for example in split_off([lesson.example for lesson in marked])[1]}
    test = [m for m in marked if m.example.key in held and not m.example.split.endswith("statement")]
    if not test:
        raise InputError(f"train: {language!r} has too few labelled comments to hold some out; label more of them.")
    learnt = [lesson for place, lesson in enumerate(plain) if place % _EVERY_UNSEEN]
    first = _fit([*(lesson for lesson in marked if lesson.example.key not in held), *learnt])
    chosen = replace(first, thresholds=_thresholds(first, test))
    cut, measured = _when_to_ask(chosen, language, test, plain[::_EVERY_UNSEEN])
    report(f"{language}: asks below {cut}; held out: {measured}")
    return replace(_fit(lessons), thresholds=chosen.thresholds), cut, measured


def _fit(lessons: Sequence[_Lesson]) -> LinearModel:
    """Fit what the teacher says, and the labels by themselves: the model says the mean of both, in logits.

    Logits are sums of weights, so that the mean is one model and no slower than either.
    """
    documents = [lesson.features for lesson in lessons]
    goal = np.array([lesson.goal() for lesson in lessons], np.float32)
    weight = np.array([lesson.example.weight for lesson in lessons], np.float32)
    empty = untrained(documents, goal.shape[1], _MIN_COUNT)
    x = empty.matrix(documents)
    weights, bias, readout = fit_wide(x, goal, weight)
    plain, first = _fit_labels(x, lessons)
    # A label that too few rows have is left to the teacher.
    share = np.where(plain.any(axis=0), _LABELS_ALONE, 0).astype(np.float32)
    labels = len(share)
    weights[:, :labels] = (1 - share) * weights[:, :labels] + share * plain
    bias[:labels] = (1 - share) * bias[:labels] + share * first
    return replace(
        empty,
        weights=weights.astype(np.float16).astype(np.float32),
        bias=bias,
        readout=(1 - share) * readout,
        thresholds=np.full(labels - _S - _I, 0.5, np.float32),
    )


def _fit_labels(x: sparse.csr_matrix, lessons: Sequence[_Lesson]) -> tuple[Array, Array]:
    """Return weights and intercepts of logistic regressions that see the labelled texts alone."""
    rows = [row for row, lesson in enumerate(lessons) if lesson.example.key]
    known = np.array([lessons[row].example.targets for row in rows])
    weight = np.array([lessons[row].example.weight for row in rows])
    plain, first = fit_each(x[rows].astype(np.float64), np.maximum(known, 0), (known != UNKNOWN) * weight[:, None])
    return plain.astype(np.float32), first.astype(np.float32)


def _thresholds(model: LinearModel, test: Sequence[_Lesson]) -> Array:
    probability = probabilities(model, model.matrix([lesson.features for lesson in test]))[:, _S + _I :]
    truth = np.array([lesson.example.targets for lesson in test])[:, _S + _I :]
    weight = source_weights([lesson.example.group for lesson in test])
    return choose_thresholds(probability, truth > 0.5, truth != UNKNOWN, weight)


def _when_to_ask(
    model: LinearModel, language: str, test: Sequence[_Lesson], plain: Sequence[_Lesson]
) -> tuple[float, dict[str, Any]]:
    """Return the least sureness at which not to ask costs little, or the most that may be asked; and how good it is."""
    truth = np.array([lesson.example.targets for lesson in test])
    read, read_plain = _Read.by(model, language, test), _Read.by(model, language, plain)
    teacher = np.array([lesson.said for lesson in test])
    both = mix(read.table, teacher)
    best = _scores(both, truth)
    for cut in (c for c in _CUTS if read_plain.asked_characters(c) <= _MOST_ASKED[language]):
        asked = asks(read.sure, read.pieces, cut)
        found = _scores(np.where(asked[:, None], both, read.table), truth)
        if min(f - b for f, b in zip(found, best, strict=True)) >= -_MOST_LOST:
            break
    scores = {
        "bag of words": _scores(read.table, truth),
        "teacher": _scores(teacher, truth),
        "asking": found,
        "both": best,
    }
    shown = {name: [round(value, 4) for value in pair] for name, pair in scores.items()}
    return float(cut), {"comments": len(test), "asked": round(float(asked.mean()), 4), **shown}


class _Read(NamedTuple):
    """What a model says of pieces at run time, as a table of `Predictions`, and how sure it is."""

    pieces: list[Piece]
    table: Array
    sure: Array

    @classmethod
    def by(cls, model: LinearModel, language: str, lessons: Sequence[_Lesson]) -> _Read:
        pieces = [_piece(lesson.example) for lesson in lessons]
        table, familiar = read_with(model, Columns(model.vocabulary, language), pieces)
        return cls(pieces, table, sureness(Predictions.of(table), familiar))

    def asked_characters(self, cut: float) -> float:
        """Return the share of all characters that stand in pieces of which the teacher is asked."""
        lengths = np.array([len(piece.text) for piece in self.pieces])
        return float(lengths[asks(self.sure, self.pieces, cut)].sum() / max(1, lengths.sum()))


def _scores(table: Array, truth: NDArray[Any]) -> tuple[float, float]:
    """Return sentiment accuracy and theme micro-F1 where the labels are known."""
    found = Predictions.of(table)
    known = truth[:, 0] != UNKNOWN
    right = found.sentiment[known].argmax(axis=1) == truth[known, :_S].argmax(axis=1)
    counted = truth[:, _S + _I :] != UNKNOWN
    given, real = (found.themes >= 0.5) & counted, (truth[:, _S + _I :] > 0.5) & counted
    hits = float((given & real).sum())
    return float(right.mean()), 2 * hits / max(1.0, float(given.sum() + real.sum()))
