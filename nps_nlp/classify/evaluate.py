"""Score a classifier on labelled comments."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from nps_nlp.classify.annotate import whole_piece
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier


class Given(NamedTuple):
    """The labels that a classifier gave to rows, in their order; None where it does not give labels of that kind."""

    sentiment: list[str]
    intent: list[str] | None
    themes: list[set[str]] | None


def evaluate(rows: Sequence[GoldRow], classifier: Classifier) -> dict[str, Any]:
    """Compare a classifier's labels with human (or reference) ones.

    Parameters
    ----------
    rows : sequence of GoldRow
        A label that is None is left out of that score alone; ``optional`` themes count neither for nor against.
    classifier : Classifier

    Returns
    -------
    dict
        ``n``; ``model``; ``sentiment`` and ``intent`` {accuracy, macro_f1, n, per_class, confusion}; ``themes``
        {micro_f1, micro_precision, micro_recall, macro_f1, n, per_theme}. Macro-F1 is over the classes that occur; all
        0–1, None where nothing could be counted. ``confusion`` is {true label: {given label: rows}}. The sentiment's
        ``macro_f1_clear`` is over positive, negative and neutral.
    """
    return {"n": len(rows), "model": classifier.name, **score(rows, labels_of(rows, classifier))}


def labels_of(rows: Sequence[GoldRow], classifier: Classifier) -> Given:
    """Return the labels that a classifier gives to whole comments."""
    found = classifier.predict([whole_piece(read_comment(row.text), row.question) for row in rows])
    return Given(
        [SENTIMENTS[i] for i in found.sentiment.argmax(axis=1)],
        [INTENTS[i] for i in found.intent.argmax(axis=1)],
        [{t for t, c in zip(classifier.theme_ids, line, strict=True) if c >= 0.5} for line in found.themes],
    )


def score(rows: Sequence[GoldRow], given: Given) -> dict[str, Any]:
    """Return the scores of given labels as `evaluate` does; a kind of label that was not given scores None."""
    sentiment = _classes([r.sentiment for r in rows], given.sentiment, SENTIMENTS)
    clear = [s["f1"] for c, s in sentiment["per_class"].items() if s["n"] and c != "mixed"]
    return {
        "sentiment": {**sentiment, "macro_f1_clear": sum(clear) / len(clear) if clear else None},
        "intent": None if given.intent is None else _classes([r.intent for r in rows], given.intent, INTENTS),
        "themes": None if given.themes is None else _themes(rows, given.themes),
    }


def _classes(truth: Sequence[str | None], given: Sequence[str], classes: Sequence[str]) -> dict[str, Any]:
    pairs = Counter((t, g) for t, g in zip(truth, given, strict=True) if t is not None)
    n = pairs.total()
    per_class = {
        c: _prf(pairs[c, c], sum(pairs[t, c] for t in classes), sum(pairs[c, g] for g in classes)) for c in classes
    }
    occurring = [s["f1"] for s in per_class.values() if s["n"]]
    return {
        "accuracy": sum(pairs[c, c] for c in classes) / n if n else None,
        "macro_f1": sum(occurring) / len(occurring) if occurring else None,
        "n": n,
        "per_class": per_class,
        "confusion": {t: {g: pairs[t, g] for g in classes} for t in classes},
    }


def _themes(rows: Sequence[GoldRow], given: Sequence[set[str]]) -> dict[str, Any]:
    hits: Counter[str] = Counter()
    said: Counter[str] = Counter()
    true: Counter[str] = Counter()
    n = 0
    for row, themes in zip(rows, given, strict=True):
        if row.themes is not None:
            n += 1
            counted, real = themes - row.optional, row.themes - row.optional
            hits.update(counted & real)
            said.update(counted)
            true.update(real)
    micro = _prf(hits.total(), said.total(), true.total())
    per_theme = {t: _prf(hits[t], said[t], true[t]) for t in sorted({*said, *true})}
    occurring = [s["f1"] for s in per_theme.values() if s["n"]]
    return {
        "micro_f1": micro["f1"] if n else None,
        "micro_precision": micro["precision"] if n else None,
        "micro_recall": micro["recall"] if n else None,
        "macro_f1": sum(occurring) / len(occurring) if occurring else None,
        "n": n,
        "per_theme": per_theme,
    }


def _prf(hits: int, said: int, true: int) -> dict[str, float]:
    """Return precision, recall and F1 of counts; 0 where nothing was said or nothing was there to find."""
    precision = hits / said if said else 0.0
    recall = hits / true if true else 0.0
    return {"precision": precision, "recall": recall, "f1": 2 * hits / (said + true) if said + true else 0.0, "n": true}
