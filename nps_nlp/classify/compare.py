"""An evaluation beside what it has to beat: majority, a bag of words, other tools; by language and by difficulty."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.evaluate import Given, labels_of, score
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.peers import PEERS, PeerUnavailableError, read_with
from nps_nlp.classify.readings import count_readings
from nps_nlp.classify.resample import score_intervals
from nps_nlp.language import detect_language, normalise

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier

_FEWEST = 10


def compare(rows: Sequence[GoldRow], classifier: Classifier, *, baselines: bool = True) -> dict[str, Any]:
    """Evaluate a classifier with intervals, by subset, and beside baselines.

    Parameters
    ----------
    rows : sequence of GoldRow
    classifier : Classifier
    baselines : bool
        Whether to run the baselines too.

    Returns
    -------
    dict
        As `evaluate`, and more. ``intervals``: of `score_intervals`. ``subsets``: {kind: {name: scores}} by language
        and by tag, where at least ten rows have it. ``baselines``: a list of {name, language, n, sentiment, intent,
        themes, intervals, model, note}; a tool is measured on the comments of its language alone, ``model`` is the
        classifier on these same comments, and ``note`` says why a tool has no scores. ``readings``: of
        `count_readings`, from which a report can take the errors out of its drivers. ``unknown_themes``: labelled
        themes that the classifier never gives, in order.
    """
    given = labels_of(rows, classifier)
    languages = [detect_language(normalise(row.text).text) for row in rows]
    return {
        "n": len(rows),
        "model": classifier.name,
        **score(rows, given),
        "intervals": score_intervals(rows, given),
        "subsets": {
            "language": _subsets(rows, given, [(language,) for language in languages]),
            "tag": _subsets(rows, given, [row.tags for row in rows]),
        },
        "readings": count_readings(rows, classifier),
        "unknown_themes": sorted(set().union(*(row.themes or () for row in rows)) - set(classifier.theme_ids)),
        "baselines": _baselines(rows, given, languages) if baselines else [],
    }


def _subsets(rows: Sequence[GoldRow], given: Given, names: Sequence[Sequence[str]]) -> dict[str, Any]:
    sizes = Counter(chain.from_iterable(map(set, names)))
    out = {}
    for name in sorted(n for n, size in sizes.items() if size >= _FEWEST):
        places = [i for i, own in enumerate(names) if name in own]
        found = _part(given, places)
        chosen = [rows[i] for i in places]
        out[name] = {"n": len(places), **_brief(score(chosen, found)), "intervals": score_intervals(chosen, found)}
    return out


def _brief(scores: dict[str, Any]) -> dict[str, Any]:
    keep = ("accuracy", "macro_f1", "micro_f1", "n")
    return {kind: s and {k: v for k, v in s.items() if k in keep} for kind, s in scores.items()}


def _part(given: Given, places: Sequence[int]) -> Given:
    return Given(
        [given.sentiment[i] for i in places],
        None if given.intent is None else [given.intent[i] for i in places],
        None if given.themes is None else [given.themes[i] for i in places],
    )


def _baselines(rows: Sequence[GoldRow], given: Given, languages: Sequence[str]) -> list[dict[str, Any]]:
    out = [_entry("majority", rows, _majority(rows), given)]
    out.append(_entry("bag of words", rows, labels_of(rows, load_fast()), given))
    for peer in PEERS:
        places = [i for i, language in enumerate(languages) if language == peer.language]
        if places:
            chosen = [rows[i] for i in places]
            try:
                found = Given(read_with(peer, [row.text for row in chosen]), None, None)
            except PeerUnavailableError as error:
                out.append({"name": peer.name, "language": peer.language, "n": len(places), "note": str(error)})
                continue
            out.append(_entry(peer.name, chosen, found, _part(given, places)) | {"language": peer.language})
    return out


def _entry(name: str, rows: Sequence[GoldRow], found: Given, model: Given) -> dict[str, Any]:
    return {
        "name": name,
        "language": "all",
        "n": len(rows),
        **score(rows, found),
        "intervals": score_intervals(rows, found),
        "model": _brief(score(rows, model)) | {"intervals": score_intervals(rows, model)},
        "note": "",
    }


def _majority(rows: Sequence[GoldRow]) -> Given:
    """Give every row the commonest label of the very rows that are scored, the most that a constant can reach."""
    sentiment = _commonest([r.sentiment for r in rows])
    intent = _commonest([r.intent for r in rows])
    theme = _commonest(chain.from_iterable(sorted(r.themes or ()) for r in rows))
    return Given([sentiment] * len(rows), [intent] * len(rows), [{theme}] * len(rows))


def _commonest(labels: Any) -> Any:
    counts: Counter[Hashable] = Counter(label for label in labels if label is not None)
    return counts.most_common(1)[0][0] if counts else ""
