"""Stand-ins for an Analysis, whole and with pieces missing, for the tests of the report."""

from __future__ import annotations

import pytest

from tests.report import standin
from tests.report.pieces import DEGRADED, FORMULA, HOSTILE, cases, change


@pytest.fixture(scope="session")
def ja():
    return standin.build("ja")


@pytest.fixture(scope="session")
def en():
    return standin.build("en")


@pytest.fixture(scope="session")
def hostile(en):
    """An Analysis in which every word that came with the input tries to become code."""
    evil = HOSTILE + FORMULA
    quotes = en.all_quotes.copy()
    quotes["text"] = [FORMULA + HOSTILE + "\x00\u2028" + text for text in quotes["text"]]
    quotes["start"], quotes["end"] = 0, len(FORMULA)
    quotes["question"] = quotes["file"] = evil
    quotes["segments"] = [{evil: evil}] * len(quotes)
    themes = en.themes.assign(label_en=evil, label_ja=evil)
    segments = en.segments.assign(segment=evil)
    decisions = [{"heading": evil, "role": "segment", "confidence": 1.0, "reason": evil}]
    sources = [{"path": evil, "format": "csv", "tool": evil, "encoding": evil, "notes": [evil]}]
    settings = en.settings | {
        "title": evil,
        "reasons": {evil: 1},
        "notes": [evil],
        "decisions": decisions,
        "sources": sources,
    }
    return change(
        en,
        all_quotes=quotes,
        themes=themes,
        segments=segments,
        segment_themes=en.segment_themes.assign(segment=evil),
        terms=en.terms.assign(term=evil),
        questions=en.questions.assign(heading=evil),
        settings=settings,
    )


@pytest.fixture(params=DEGRADED)
def degraded(request, ja):
    """Each Analysis with a piece missing, by its name."""
    return request.param, cases(ja)[request.param]
