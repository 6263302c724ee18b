"""The scorecard: everything about the score that needs no text, from a Tally alone.

The score itself with its weights, the shape of the answers, what the number of responses allows, companion questions
(CSAT, CES), touchpoints, and the scores of the industry beside the own one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.insight.cells import floats
from nps_nlp.insight.groups import Sums, category_sums, score_table, segment_table
from nps_nlp.scoring import (
    NpsResult,
    break_point_table,
    centre_note,
    compare_with_benchmarks,
    nps,
    rating_summary,
    sample_size_note,
    shape_summary,
    usual_reading,
    weighted_nps,
)
from nps_nlp.scoring.shape import BREAK_POINTS
from nps_nlp.tally import ALL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from nps_nlp.insight.people import People
    from nps_nlp.scoring import CentreNote, SampleNote, Shape, UsualReading, WeightedNpsResult
    from nps_nlp.survey import Columns, Rating
    from nps_nlp.tally import Tally

_TRANSACTIONAL = re.compile(
    r"購入|購買|注文|配送|配達|納品|来店|利用後|問い?合わ?せ|サポート|修理|解約|申込|契約後|導入後|イベント|セミナー|研修|"
    r"ウェブ|サイト|アプリ|取引|トランザク|"
    r"purchase|order|checkout|deliver|support|ticket|call|chat|visit|event|webinar|onboard|web|app\b|transaction|churn",
    re.IGNORECASE,
)
_RELATIONAL = re.compile(
    r"定期|年次|年間|半期|四半期|総合|全体|関係|リレーション|"
    r"relation|annual|yearly|quarterly|half.?year|periodic|overall|brand|pulse",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Weighting:
    """What survey weights do to the score.

    Attributes
    ----------
    heading : str
        The column of the weights.
    result : WeightedNpsResult
        The weighted score with its effective n, design effect and weighted shares.
    unweighted : NpsResult
        The score as if all responses counted the same.
    """

    heading: str
    result: WeightedNpsResult
    unweighted: NpsResult


@dataclass(frozen=True)
class Scorecard:
    """The score and what belongs beside it.

    Attributes
    ----------
    metric : str
        ``"NPS"`` or ``"eNPS"``: what the score is called.
    weighting : Weighting or None
    shape : Shape
        Of the responses: share of 5s, of the middle, moments; weighted where the survey is, as the next two are.
    centre : CentreNote
        True where answers pile up in the middle, with its sentences.
    break_points : DataFrame
        As of `break_point_table`: the score under other break points.
    sample_note : SampleNote or None
        Where fewer responded than usually asked for; of the effective number where the survey is weighted.
    companions : DataFrame, one row a companion question
        heading, kind (csat, ces, rating), low, high (ends of its scale), turned (low answers are the good ones and were
        turned round), boxes (points that count as top box), n, n_effective, top_box with ``_ci_low`` and ``_ci_high``
        (shares; Wilson), mean with ``_ci_low`` and ``_ci_high`` (points of the scale; Student).
    touchpoints : DataFrame, one row a touchpoint
        segment, value, kind (transactional, relational, unknown), n, nps, se, ci_low, ci_high.
    mixed : bool
        The overall score mixes several touchpoints, so that it answers no single question.
    benchmarks : DataFrame
        As of `compare_with_benchmarks`; empty without a table.
    reading : UsualReading or None
        The usual reading, only with an industry.
    """

    metric: str
    weighting: Weighting | None
    shape: Shape
    centre: CentreNote
    break_points: pd.DataFrame
    sample_note: SampleNote | None
    companions: pd.DataFrame
    touchpoints: pd.DataFrame
    mixed: bool
    benchmarks: pd.DataFrame
    reading: UsualReading | None


def score_of(tally: Tally, sums: Sums, confidence: float) -> NpsResult | None:
    """Return the NPS of a group, weighted where the survey is; None for nobody.

    Counts are always of respondents.
    """
    if not sum(sums.n):
        return None
    plain = nps(*sums.n, confidence=confidence)
    if not tally.weighted:
        return plain
    return _weighted(tally, sums, confidence).over(plain)


def everybody(tally: Tally, name: str = "responses") -> Sums:
    """Return promoters, passives and detractors of all responses, or of all writers."""
    return category_sums(tally, name, lambda key: ALL if key[0] == ALL else None).get(ALL, Sums())


def build_scorecard(
    tally: Tally,
    columns: Columns,
    *,
    confidence: float,
    metric: str = "NPS",
    benchmarks: pd.DataFrame | None = None,
    industry: str | None = None,
    people: People | None = None,
) -> Scorecard:
    """Compute the scorecard of a Tally with at least one response.

    Parameters
    ----------
    tally : Tally
    columns : Columns
        Tells the companion questions, the touchpoint and the weights.
    confidence : float
        Of all intervals.
    metric : str
        ``"NPS"`` or ``"eNPS"``.
    benchmarks : DataFrame, optional
        As of `load_benchmarks`.
    industry : str, optional
        The own industry, by its name in the table.
    people : People, optional
        Those who answered more than once, where this is known: the errors of touchpoints are then those of people.

    Returns
    -------
    Scorecard

    Raises
    ------
    InputError
        If the table of benchmarks does not know the industry.
    """
    sums = everybody(tally)
    counts, weights = distribution_table(tally)["count"].to_numpy(), _weights_by_score(tally)
    weighting = None
    if tally.weighted:
        plain = nps(*sums.n, confidence=confidence)
        weighting = Weighting(columns.weight or "", _weighted(tally, sums, confidence), plain)
    own = weighting.result if weighting else nps(*sums.n, confidence=confidence)
    touchpoints = _touchpoints(tally, columns.touchpoint, confidence, people)
    beside = pd.DataFrame() if benchmarks is None else compare_with_benchmarks(own, benchmarks, industry=industry)
    return Scorecard(
        metric=metric,
        weighting=weighting,
        shape=shape_summary(counts, weights=weights),
        centre=centre_note(counts, weights=weights),
        break_points=break_point_table(counts, _break_points(tally), weights=weights, confidence=confidence),
        sample_note=_sample_note(sums, weighting, confidence),
        companions=_companions(tally, columns.ratings, confidence),
        touchpoints=touchpoints,
        mixed=len(touchpoints) > 1,
        benchmarks=beside,
        reading=usual_reading(own.score, industry, benchmarks) if industry else None,
    )


def distribution_table(tally: Tally) -> pd.DataFrame:
    """Return score, count (respondents) and share (weighted where the survey is) of every score 0–10."""
    counts, masses = [0] * 11, [0] * 11
    for (segment, _, _, score), n, mass, _ in tally.masses("responses"):
        if segment == ALL:
            counts[score] += n
            masses[score] += mass
    return pd.DataFrame({"score": range(11), "count": counts, "share": [m / sum(masses) for m in masses]})


def _weights_by_score(tally: Tally) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the sums of the weights, and of their squares, at every score 0–10; None without weights."""
    if not tally.weighted:
        return None
    sums, squares = [0] * 11, [0] * 11
    for (segment, _, _, score), _, weight, square in tally.masses("responses"):
        if segment == ALL:
            sums[score] += weight
            squares[score] += square
    return floats(sums, tally.unit), floats(squares, tally.unit**2)


def kind_of_touchpoint(value: str) -> str:
    """Return whether a touchpoint's name speaks of an occasion or of the relation as a whole.

    Examples
    --------
    >>> [kind_of_touchpoint(v) for v in ("購入後", "年次リレーショナル調査", "A", "Post-purchase")]
    ['transactional', 'relational', 'unknown', 'transactional']
    """
    # 定期購入 is a purchase, but a yearly survey of support customers is relational: the occasion is named last.
    if _RELATIONAL.search(value) and not re.search(r"購入|purchase", value, re.IGNORECASE):
        return "relational"
    return "transactional" if _TRANSACTIONAL.search(value) else "unknown"


def _weighted(tally: Tally, sums: Sums, confidence: float) -> WeightedNpsResult:
    weights, squares = floats(sums.weight, tally.unit), floats(sums.square, tally.unit**2)
    return weighted_nps(weights, squares, sum(sums.n), confidence=confidence)


def _break_points(tally: Tally) -> list[tuple[int, int]]:
    """Return the break points in use, then the usual alternatives."""
    own = tally.scale.detractor_max, tally.scale.promoter_min
    return [own, *(pair for pair in BREAK_POINTS if pair != own)]


def _sample_note(sums: Sums, weighting: Weighting | None, confidence: float) -> SampleNote | None:
    if weighting is None:
        return sample_size_note(*sums.n, confidence=confidence)
    # Weighted answers are worth as many as their effective number.
    result = weighting.result
    shares = (result.promoters, result.passives, result.detractors)
    return sample_size_note(*(round(share * result.n_effective) for share in shares), confidence=confidence)


def _companions(tally: Tally, ratings: Sequence[Rating], confidence: float) -> pd.DataFrame:
    """Return a row for every companion question that somebody answered."""
    sums: dict[str, dict[int, list[int]]] = {}
    for (heading, level), *masses in tally.masses("ratings"):
        sums.setdefault(heading, {})[level] = masses
    rows = []
    for rating in ratings:
        if rating.heading in sums:
            levels = [sums[rating.heading].get(k, [0, 0, 0]) for k in range(rating.low, rating.high + 1)]
            counts = np.array([n for n, _, _ in levels], dtype=np.int64)
            weights = floats([w for _, w, _ in levels], tally.unit)
            squares = floats([s for _, _, s in levels], tally.unit**2)
            boxes = _boxes(rating)
            found = rating_summary(counts, weights, squares, low=rating.low, boxes=boxes, confidence=confidence)
            named = {"heading": rating.heading, "kind": rating.kind, "low": rating.low, "high": rating.high}
            rows.append({**named, "turned": rating.turned, "boxes": boxes, **found})
    return pd.DataFrame(rows, columns=_COMPANION_COLUMNS)


_COMPANION_COLUMNS = [
    "heading", "kind", "low", "high", "turned", "boxes", "n", "n_effective", "top_box", "top_box_ci_low",
    "top_box_ci_high", "mean", "mean_ci_low", "mean_ci_high",
]  # fmt: skip


def _boxes(rating: Rating) -> int:
    """Return how many of the best points count: 3 of 7 for CES (Dixon 2010), else 2, and 1 of 3 or fewer."""
    points = rating.high - rating.low + 1
    return 3 if rating.kind == "ces" and points == 7 else 2 if points > 3 else 1


def _touchpoints(tally: Tally, heading: str | None, confidence: float, people: People | None) -> pd.DataFrame:
    table = segment_table(tally, confidence, people)
    if heading is None or table.empty:
        return score_table(tally, [], confidence).assign(segment="", value="", kind="")
    table = table[(table["segment"] == heading) & ~table["other"]].reset_index(drop=True)
    table.insert(2, "kind", [kind_of_touchpoint(v) for v in table["value"]])
    return table.drop(columns="other")
