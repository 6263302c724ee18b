"""The deeper tables of a report: importance, what-if, priorities, alerts, overlaps, and the scan of segments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nps_nlp.insight.alerts import theme_alerts
from nps_nlp.insight.change_points import change_points
from nps_nlp.insight.design import refit, regression_design
from nps_nlp.insight.groups import month_levels
from nps_nlp.insight.importance import Importance, importance
from nps_nlp.insight.misread import corrected_drivers
from nps_nlp.insight.overlap import overlap_table
from nps_nlp.insight.priority import PriorityMap, priority_map
from nps_nlp.insight.scan import Scan, scan_segments
from nps_nlp.insight.what_if import what_if

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from nps_nlp.insight.cells import Cells
    from nps_nlp.insight.groups import GroupCounts
    from nps_nlp.insight.people import People
    from nps_nlp.tally import Tally


@dataclass(frozen=True)
class Depth:
    """What analysts ask next, of the same writers.

    Attributes
    ----------
    importance : Importance
        Which drivers explain the score, by several methods.
    what_if : DataFrame
        As of `what_if`: the score that goes with half the complaints of a theme.
    priority : PriorityMap
        Importance × share of complaints, in four quadrants.
    alerts : DataFrame
        As of `theme_alerts`: themes that rose in the latest month.
    change_points : DataFrame
        As of `change_points`: months from which the score is another.
    overlaps : DataFrame
        As of `overlap_table`: themes that are hard to tell apart.
    scan : Scan
        Segments in which a theme weighs differently on the score.
    corrected : DataFrame or None
        As of `corrected_drivers`: drivers with the classifier's errors taken out, where these are known.
    """

    importance: Importance
    what_if: pd.DataFrame
    priority: PriorityMap
    alerts: pd.DataFrame
    change_points: pd.DataFrame
    overlaps: pd.DataFrame
    scan: Scan
    corrected: pd.DataFrame | None = None


def depth(
    tally: Tally,
    themes: Sequence[str],
    data: Cells,
    trends: tuple[pd.DataFrame, pd.DataFrame],
    counted: GroupCounts,
    *,
    seed: int,
    confidence: float,
    readings: Mapping[str, NDArray[np.float64]] | None = None,
    people: People | None = None,
) -> Depth:
    """Compute the deeper tables.

    Parameters
    ----------
    tally : Tally
    themes : sequence of str
    data : Cells
        Of the same Tally and themes.
    trends : (DataFrame, DataFrame)
        From `trend_table` and `theme_trend`.
    counted : GroupCounts
        From `count_groups`.
    seed : int
        Of the bootstrap.
    confidence : float
        Of all intervals.
    readings : mapping, optional
        As of `load_readings`.
    people : People, optional
        Those who answered more than once, where this is known.

    Returns
    -------
    Depth
    """
    design = regression_design(tally, themes, None if people is None else people.writing())
    refits = refit(design, seed=seed)
    explained = importance(design, refits, confidence=confidence)
    return Depth(
        importance=explained,
        what_if=what_if(design, confidence=confidence),
        priority=priority_map(data, explained, confidence=confidence),
        alerts=theme_alerts(tally, themes, trend=trends[1]),
        change_points=change_points(trends[0], month_levels(tally, people), confidence=confidence),
        overlaps=overlap_table(data),
        scan=scan_segments(tally, themes, confidence=confidence, counted=counted),
        corrected=None
        if readings is None
        else corrected_drivers(design, refits, readings, seed=seed, confidence=confidence),
    )
