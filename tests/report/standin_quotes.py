"""Quotes of the stand-in: comments of the fictional service, with the words that speak of a theme."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nps_nlp.scoring import CATEGORY_NAMES, category
from tests.report import standin_words as words

MONTHS = [f"2026-{m:02d}" for m in range(1, 10)]


def quotes_of(language: str, headings: list[str], total: int = 120) -> pd.DataFrame:
    rng, rows = np.random.default_rng(3), []
    ids = [t[0] for t in words.THEMES]
    for k in range(total):
        theme, polarity = ids[k % 12], ("negative", "positive")[k // 12 % 2]
        own = (words.NEGATIVE if polarity == "negative" else words.POSITIVE)[language][theme]
        evidence = own[k // 24 % len(own)]
        other = words.POSITIVE[language][ids[rng.integers(12)]][0]
        text = words.JOIN[language][k % 3].format(*((other, evidence) if k % 3 else (evidence,)))
        start = text.index(evidence)
        score = int(rng.integers(0, 7) if polarity == "negative" else rng.integers(7, 11))
        rows.append(
            {
                "theme": theme,
                "polarity": polarity,
                "category": CATEGORY_NAMES[int(category([score])[0])],
                "rank": k // 24 + 1,
                "score": score,
                "text": text,
                "start": start,
                "end": start + len(evidence),
                "question": words.QUESTIONS[language][k % 2],
                "period": MONTHS[k % 9],
                "segments": {h: words.SEGMENTS[language][h][k % 3] for h in headings},
                "file": "kotori_2026.csv",
                "row": 5 * k + 2,
            }
        )
    return pd.DataFrame(rows)


def request_quotes_of(language: str, headings: list[str]) -> pd.DataFrame:
    """Return what is asked for; one request under two themes, and from two people, as it happens."""
    asked = {**words.REQUESTS[language]}
    asked["price"] = (asked["features"][0], *asked["price"])
    rows = [(theme, rank, text) for theme, texts in asked.items() for rank, text in enumerate(texts, start=1)]
    own = quotes_of(language, headings, len(rows)).drop(columns=["theme", "rank", "text", "start", "end"])
    own["polarity"] = "request"
    own[["theme", "rank", "text"]] = rows
    own["category"] = "promoter"
    own = pd.concat([own, own.assign(category="detractor", score=3)], ignore_index=True)
    return own.assign(start=0, end=own["text"].str.len())
