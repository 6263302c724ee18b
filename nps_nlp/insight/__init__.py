"""Insight: tables with their uncertainty, computed from a Tally alone.

``cells`` lays the Tally out as arrays, ``impact`` measures what a theme does to the score, ``gap`` and ``two_by_two``
are the tests (exact where counts are small), ``themes`` and ``groups`` are the tables, ``changes`` finds since when,
``drivers`` ranks, ``requests``, ``quotes`` and ``voices`` let the customers speak. Where people answer more than once,
``people`` has their answers, ``levels`` and ``pairs`` what these do to the errors of scores, shares and impacts.
Deeper questions take the same Tally: ``importance`` (on the regression of ``design``),
``misread`` (the same without the classifier's errors), ``what_if``, ``priority``,
``difference`` and ``composition``, ``alerts``, ``change_points``, ``scan``, ``overlap``.
"""

from nps_nlp.insight.alerts import theme_alerts
from nps_nlp.insight.cells import Cells, cells
from nps_nlp.insight.change_points import change_points
from nps_nlp.insight.changes import score_change
from nps_nlp.insight.composition import composition_difference
from nps_nlp.insight.depth import Depth, depth
from nps_nlp.insight.design import refit, regression_design
from nps_nlp.insight.difference import select_periods, theme_difference, two_stretches
from nps_nlp.insight.drivers import rank_drivers
from nps_nlp.insight.groups import (
    MAX_GROUPS,
    count_groups,
    month_levels,
    segment_table,
    segment_themes,
    theme_trend,
    trend_table,
)
from nps_nlp.insight.impact import impact_table
from nps_nlp.insight.importance import importance
from nps_nlp.insight.misread import corrected_drivers, load_readings
from nps_nlp.insight.overlap import overlap_table
from nps_nlp.insight.priority import priority_map
from nps_nlp.insight.quotes import quote_table, select_quotes
from nps_nlp.insight.requests import request_table
from nps_nlp.insight.scan import scan_segments
from nps_nlp.insight.themes import crosstab, theme_table
from nps_nlp.insight.voices import disagreement_table, question_table, term_table
from nps_nlp.insight.what_if import what_if

__all__ = [
    "MAX_GROUPS",
    "Cells",
    "Depth",
    "cells",
    "change_points",
    "composition_difference",
    "corrected_drivers",
    "count_groups",
    "crosstab",
    "depth",
    "disagreement_table",
    "impact_table",
    "importance",
    "load_readings",
    "month_levels",
    "overlap_table",
    "priority_map",
    "question_table",
    "quote_table",
    "rank_drivers",
    "refit",
    "regression_design",
    "request_table",
    "scan_segments",
    "score_change",
    "segment_table",
    "segment_themes",
    "select_periods",
    "select_quotes",
    "term_table",
    "theme_alerts",
    "theme_difference",
    "theme_table",
    "theme_trend",
    "trend_table",
    "two_stretches",
    "what_if",
]
