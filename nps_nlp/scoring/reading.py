"""The usual reading of a score (above 0, 30, 70), never without the industry beside it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.scoring.benchmarks import example_benchmarks, industry_rows

if TYPE_CHECKING:
    import pandas as pd

# Lower bounds (exclusive) of the levels, as vendors of survey tools write them.
LEVELS = (
    (70, "above_70", "excellent (above 70)", "きわめて高い（70超）"),
    (30, "above_30", "very good (above 30)", "とても良い（30超）"),
    (0, "above_0", "good (above 0)", "良い（0超）"),
    (-math.inf, "not_above_0", "not good (0 or below)", "良いとはいえない（0以下）"),
)


@dataclass(frozen=True, slots=True)
class UsualReading:
    """What a score is usually said to mean, beside the scores known of its industry.

    Attributes
    ----------
    score : float
        NPS points.
    industry : str
        As asked for.
    level : str or None
        ``above_70``, ``above_30``, ``above_0`` or ``not_above_0``; None where no score of the industry is
        known: then there is no reading.
    known : int
        Scores of the industry in the table.
    industry_low, industry_median, industry_high : float
        The lowest, the middle and the highest of them, in NPS points; NaN without any.
    en, ja : str
        The sentences for the report, or the reason why there is no reading.
    """

    score: float
    industry: str
    level: str | None
    known: int
    industry_low: float
    industry_median: float
    industry_high: float
    en: str
    ja: str

    def __bool__(self) -> bool:
        return self.level is not None

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python values."""
        return asdict(self)


def usual_reading(score: float, industry: str, benchmarks: pd.DataFrame | None = None) -> UsualReading:
    """Return the usual reading of a score with the scores of its industry beside it.

    The bounds 0, 30 and 70 are a rule of thumb of vendors, without a study behind them, and were made where
    people answer higher than in Japan: there the first-ranked companies of whole industries lie below 0.
    Without the industry the reading misleads, so it is not given.

    Parameters
    ----------
    score : float
        NPS points.
    industry : str
        The industry, by its English or Japanese name in the table.
    benchmarks : DataFrame, optional
        As of `load_benchmarks`; the packaged example of 2022 when not given.

    Returns
    -------
    UsualReading
        True in a condition where there is a reading; otherwise its sentences give the reason.

    Raises
    ------
    ValueError
        If no industry is named, or the score does not lie between -100 and 100.

    References
    ----------
    The packaged scores: as `example_benchmarks`.

    Examples
    --------
    >>> import textwrap
    >>> print(textwrap.fill(usual_reading(-10, "bank").en, 100))
    By the usual rule of thumb a score of -10.0 is not good (0 or below). In the industry bank, -22.9
    is known (First-ranked company, 2022; NTT Com Online (NTTコム オンライン) NPS benchmark survey 2022): the
    score lies 12.9 points above it. Read it against the industry, not against the rule.
    >>> reading = usual_reading(-10, "zoo")
    >>> reading.level is None, reading.en
    (True, "No reading: the table of benchmarks has no score of the industry 'zoo'.")
    """
    if not -100 <= score <= 100:
        msg = f"score must lie between -100 and 100 NPS points, got {score!r}"
        raise ValueError(msg)
    if not isinstance(industry, str) or not industry.strip():
        msg = "the usual reading (above 0, 30, 70) misleads without the industry beside it: name the industry"
        raise ValueError(msg)
    rows = industry_rows(example_benchmarks() if benchmarks is None else benchmarks, industry)
    if rows.empty:
        none = math.nan
        en = f"No reading: the table of benchmarks has no score of the industry {industry!r}."
        ja = f"業界「{industry}」のスコアがベンチマーク表にないため、目安による評価は示しません。"
        return UsualReading(score, industry, None, 0, none, none, none, en, ja)
    level, en, ja = next(words for bound, *words in LEVELS if score > bound)
    low, median, high = (float(value) for value in rows["score"].quantile([0, 0.5, 1]))
    return UsualReading(
        score=score,
        industry=industry,
        level=level,
        known=len(rows),
        industry_low=low,
        industry_median=median,
        industry_high=high,
        en=_english(score, en, rows, median),
        ja=_japanese(score, ja, rows, median),
    )


def _english(score: float, reading: str, rows: pd.DataFrame, median: float) -> str:
    first, scores = rows.iloc[0], rows["score"]
    if len(rows) == 1:
        known = f"{median:+.1f} is known ({first['name']}, {first['year']}; {first['source']})"
    else:
        sources = ", ".join(dict.fromkeys(rows["source"]))
        known = (
            f"{len(rows)} scores from {scores.min():+.1f} to {scores.max():+.1f} are known, the middle one "
            f"{median:+.1f} ({_years(rows)}; {sources})"
        )
    where = "above" if score >= median else "below"
    return (
        f"By the usual rule of thumb a score of {score:+.1f} is {reading}. In the industry {first['industry']}, "
        f"{known}: the score lies {abs(score - median):.1f} points {where} it. "
        "Read it against the industry, not against the rule."
    )


def _japanese(score: float, reading: str, rows: pd.DataFrame, median: float) -> str:
    first, scores = rows.iloc[0], rows["score"]
    if len(rows) == 1:
        known = f"公表値は{median:+.1f}（{first['name_ja']}、{first['year']}年、{first['source_ja']}）"
    else:
        sources = "、".join(dict.fromkeys(rows["source_ja"]))
        known = (
            f"既知のスコア{len(rows)}件は{scores.min():+.1f}〜{scores.max():+.1f}、中央値{median:+.1f}"
            f"（{_years(rows)}年、{sources}）"
        )
    where = "上回" if score >= median else "下回"
    return (
        f"一般的な目安では、NPS {score:+.1f}は「{reading}」にあたります。業界「{first['industry_ja']}」の{known}で、"
        f"これを{abs(score - median):.1f}ポイント{where}っています。目安ではなく業界の水準と比べてお読みください。"
    )


def _years(rows: pd.DataFrame) -> str:
    first, last = rows["year"].min(), rows["year"].max()
    return f"{first}" if first == last else f"{first}–{last}"
