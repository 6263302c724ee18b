"""Small tables of what is said: terms of a theme, answers to a question, and where sentiment and score disagree."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from nps_nlp.classify.labels import SENTIMENTS
from nps_nlp.tally import NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.tally import Tally

_TERMS = 12
_MIN_TERM = 3
_MOODS = {NEGATIVE: "negative", POSITIVE: "positive", NEGATIVE | POSITIVE: "mixed"}
_CATEGORY = {1: "promoter", 0: "passive", -1: "detractor"}


def term_table(tally: Tally, themes: Sequence[str]) -> pd.DataFrame:
    """Return the most frequent words of what is said well and badly of each theme."""
    grouped: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for (theme, polarity, term), n in tally.terms.items():
        if n >= _MIN_TERM and polarity != "neutral":
            grouped.setdefault((theme, polarity), []).append((-n, term))
    rows = [
        (theme, polarity, term, -n)
        for theme in themes
        for polarity in ("negative", "positive")
        for n, term in sorted(grouped.get((theme, polarity), []))[:_TERMS]
    ]
    return pd.DataFrame(rows, columns=["theme", "polarity", "term", "count"])


def question_table(tally: Tally, headings: Sequence[str]) -> pd.DataFrame:
    """Return, for each comment column, its answers and fillers, and the sentiment of the statements under it."""
    counts: dict[str, Counter[str]] = {}
    for (heading, _, sentiment, _), n in tally.statements.items():
        counts.setdefault(heading, Counter())[sentiment] += n
    rows = [
        (
            h,
            tally.answers[h, "answer"],
            tally.answers[h, "filler"],
            *(counts.get(h, Counter())[s] for s in SENTIMENTS),
        )
        for h in headings
    ]
    return pd.DataFrame(rows, columns=["heading", "answers", "fillers", *SENTIMENTS])


def disagreement_table(tally: Tally) -> pd.DataFrame:
    """Cross category with what the comments say: detractors who praise and promoters who complain."""
    counts, weights = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for (score, mood), n, weight, _ in tally.masses("moods"):
        cell = _CATEGORY[tally.category(score)], _MOODS.get(mood & (NEGATIVE | POSITIVE), "neutral")
        counts[cell] += n
        weights[cell] += weight
    totals = Counter[str]()
    for (name, _), weight in weights.items():
        totals[name] += weight
    rows = [
        (c, s, counts[c, s], weights[c, s] / totals[c] if totals[c] else float("nan"))
        for c in _CATEGORY.values()
        for s in SENTIMENTS
    ]
    return pd.DataFrame(rows, columns=["category", "sentiment", "respondents", "share"])
