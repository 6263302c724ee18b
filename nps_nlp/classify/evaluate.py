"""Score a classifier on labelled comments."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.protocol import Piece
from nps_nlp.language import read_comment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier


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
        ``n``; ``sentiment`` {accuracy, macro_f1, per_class, confusion}; ``intent`` {accuracy, macro_f1, per_class};
        ``themes`` {micro_f1, micro_precision, micro_recall, macro_f1, per_theme}. Macro-F1 is over the classes that
        occur; all 0–1, None where nothing could be counted.
    """
    pieces = []
    for row in rows:
        comment = read_comment(row.text)
        pieces.append(Piece(comment.normalised.text, comment.tokens, comment.language, row.question))
    predicted = classifier.predict(pieces)
    sentiment = [SENTIMENTS[i] for i in predicted.sentiment.argmax(axis=1)]
    intent = [INTENTS[i] for i in predicted.intent.argmax(axis=1)]
    given = [{t for t, c in zip(classifier.theme_ids, line, strict=True) if c >= 0.5} for line in predicted.themes]
    return {
        "n": len(rows),
        "model": classifier.name,
        "sentiment": _classes([r.sentiment for r in rows], sentiment, SENTIMENTS),
        "intent": _classes([r.intent for r in rows], intent, INTENTS),
        "themes": _themes(rows, given),
    }


def _classes(truth: Sequence[str | None], given: Sequence[str], classes: Sequence[str]) -> dict[str, Any]:
    pairs = Counter((t, g) for t, g in zip(truth, given, strict=True) if t is not None)
    n = pairs.total()
    per_class = {c: _prf(pairs[c, c], sum(pairs[t, c] for t in classes), sum(pairs[c, g] for g in classes)) for c in classes}
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
