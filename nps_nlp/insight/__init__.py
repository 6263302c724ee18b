"""Insight: tables with their uncertainty, computed from a Tally alone.

``cells`` lays the Tally out as arrays, ``impact`` measures what a theme does to the score, ``themes`` and ``groups``
are the tables, ``changes`` finds since when, ``drivers`` ranks, ``quotes`` and ``voices`` let the customers speak.
"""

from nps_nlp.insight.cells import Cells, cells
from nps_nlp.insight.changes import score_change
from nps_nlp.insight.drivers import rank_drivers
from nps_nlp.insight.groups import segment_table, segment_themes, theme_trend, trend_table
from nps_nlp.insight.quotes import quote_table
from nps_nlp.insight.themes import crosstab, theme_table
from nps_nlp.insight.voices import disagreement_table, question_table, term_table

__all__ = [
    "Cells",
    "cells",
    "crosstab",
    "disagreement_table",
    "question_table",
    "quote_table",
    "rank_drivers",
    "score_change",
    "segment_table",
    "segment_themes",
    "term_table",
    "theme_table",
    "theme_trend",
    "trend_table",
]
