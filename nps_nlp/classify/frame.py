"""Annotated statements as a table: one row a statement, with its respondent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nps_nlp.classify.annotate import Answer
    from nps_nlp.survey import Survey

COLUMNS = (
    "file", "row", "respondent", "score", "date", "question", "statement", "start", "end", "text", "language", "themes",
    "theme_confidence", "sentiment", "sentiment_confidence", "intent",
)  # fmt: skip


def statement_frame(survey: Survey, answers: Sequence[Answer]) -> pd.DataFrame:
    """Lay annotated answers out as a table.

    Returns
    -------
    DataFrame, one row a statement
        file, row, respondent, score, date; question (column heading); statement (number within the answer), start, end
        (span in the answer), text (of the statement); language; themes and theme_confidence (lists of equal length);
        sentiment, sentiment_confidence, intent.
    """
    people = list(survey.responses[["file", "row", "respondent", "score", "date"]].itertuples(index=False, name=None))
    rows = [
        (
            *people[respondent], question, number, s.start, s.end, text[s.start : s.end], s.language, list(s.themes),
            list(s.theme_confidence), s.sentiment, s.sentiment_confidence, s.intent,
        )
        for respondent, question, text, statements in answers
        for number, s in enumerate(statements)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(
        {
            "row": "int64",
            "score": "int8",
            "start": "int32",
            "end": "int32",
            "statement": "int16",
            "date": "datetime64[s]",
        }
    )
