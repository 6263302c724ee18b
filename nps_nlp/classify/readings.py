"""How a classifier reads comments of which it is known what they say of each theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nps_nlp.classify.annotate import Annotator
from nps_nlp.classify.taxonomy import load_taxonomy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.annotate import Statement
    from nps_nlp.classify.gold import GoldRow
    from nps_nlp.classify.protocol import Classifier

# Bits: blame, praise; a neutral mention is neither.
_SAID = {"neutral": 0, "negative": 1, "positive": 2, "mixed": 3}
_BOTH = 3


def count_readings(rows: Sequence[GoldRow], classifier: Classifier) -> dict[str, list[list[int]]]:
    """Count, by theme, what labelled comments say of it by what is read: the errors of the drivers' indicators.

    Parameters
    ----------
    rows : sequence of GoldRow
        Rows without sentiment or themes are left out.
    classifier : Classifier

    Returns
    -------
    dict of str to list
        Theme → counts, rows: the comment says nothing (or only something neutral) of the theme, blames it, praises it;
        columns: the same is read, and last both. A theme is left out of a row where it is optional, where blame and
        praise are true of it, or where a mixed comment does not say which is its part. Themes of the built-in
        taxonomy that the classifier knows.
    """
    known = [row for row in rows if row.sentiment is not None and row.themes is not None]
    readings = Annotator(classifier, load_taxonomy("tourism")).read([(row.question, row.text) for row in known])
    counts = {theme: [[0] * 4 for _ in range(3)] for theme in classifier.theme_ids}
    for row, reading in zip(known, readings, strict=True):
        truth, given = _truth(row), _given(reading.statements)
        for theme, table in counts.items():
            true = truth.get(theme, 0)
            if true != _BOTH and theme not in row.optional:
                table[true][given.get(theme, 0)] += 1
    return counts


def _truth(row: GoldRow) -> dict[str, int]:
    said: dict[str, int] = {}
    for part in row.statements or (row,):
        for theme in part.themes or ():
            said[theme] = said.get(theme, 0) | _SAID[part.sentiment or "mixed"]
    # A theme of the comment that no statement names cannot be told.
    return dict.fromkeys(row.themes or (), _BOTH) | said


def _given(statements: Sequence[Statement]) -> dict[str, int]:
    said: dict[str, int] = {}
    for statement in statements:
        for theme in statement.themes:
            said[theme] = said.get(theme, 0) | _SAID[statement.sentiment]
    return said
