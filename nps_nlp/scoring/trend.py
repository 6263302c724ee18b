"""Whether the NPS rises or falls over the periods."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nps_nlp.scoring._checks import category_columns, two_sided_p
from nps_nlp.scoring.compare import adjusted_scores
from nps_nlp.scoring.intervals import critical_value

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


@dataclass(frozen=True, slots=True)
class NpsTrend:
    """A straight line through the NPS of successive periods.

    Attributes
    ----------
    slope : float
        NPS points per period (or per unit of the times given).
    se : float
        Its standard error, widened where the periods scatter more than sampling explains.
    ci_low, ci_high : float
        Confidence limits of the slope.
    z, p : float
        Test statistic and two-sided p-value of "no trend".
    periods, n : int
        Periods with responses, and respondents in them.
    scatter : float
        Dispersion: squared distances from the line in units of their sampling variance, per degree of
        freedom. About 1 where the line and sampling noise explain everything; NaN with two periods.
    scatter_p : float
        p-value of "the line and sampling noise explain everything"; NaN with two periods.
    confidence : float
        Share between 0 and 1.
    """

    slope: float
    se: float
    ci_low: float
    ci_high: float
    z: float
    p: float
    periods: int
    n: int
    scatter: float
    scatter_p: float
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python numbers."""
        return asdict(self)


def nps_trend(counts: pd.DataFrame, *, times: npt.ArrayLike | None = None, confidence: float = 0.95) -> NpsTrend:
    """Fit a line through the NPS of successive periods, each weighted by its number of responses.

    The line is the regression of the single answers (coded 100, 0, -100) on time, so a period with ten
    responses weighs ten; its standard error lets every period have its own variance. Where the periods
    scatter more about the line than sampling explains (campaigns, seasons), the standard error is multiplied
    by the square root of that excess. With fewer than about eight periods the excess itself is poorly known:
    read p with care.

    Parameters
    ----------
    counts : DataFrame
        One row a period in order of time, with the columns promoters, passives, detractors. Periods without
        responses keep their place in time and are otherwise skipped.
    times : array_like, shape (rows,), optional
        Times of the periods as numbers, where they are not evenly spaced; 0, 1, 2, … when not given.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    NpsTrend
        Slope in NPS points per period.

    Raises
    ------
    ValueError
        If fewer than two periods have responses, all lie at one time, or ``times`` has another length.

    References
    ----------
    Heteroscedasticity-consistent regression: White, H. (1980). Econometrica 48, 817-838. Widening by the
    excess scatter: Birge, R. (1932). The calculation of errors by the method of least squares. Physical
    Review 40, 207-227.

    Examples
    --------
    >>> import pandas as pd
    >>> months = pd.DataFrame(
    ...     {"promoters": [40, 45, 52], "passives": [30, 30, 28], "detractors": [30, 25, 20]}
    ... )
    >>> trend = nps_trend(months)
    >>> print(f"{trend.slope:.1f} points a month ({trend.ci_low:.1f} to {trend.ci_high:.1f})")
    11.0 points a month (-0.1 to 22.1)
    """
    values = category_columns(counts)
    time = np.arange(len(values), dtype=np.float64) if times is None else np.asarray(times, dtype=np.float64)
    if time.shape != (len(values),):
        msg = f"times needs one number for each of the {len(values)} periods, got shape {time.shape}"
        raise ValueError(msg)
    answered = values.sum(axis=1) > 0
    values, time = values[answered], time[answered]
    if len(np.unique(time)) < 2:
        msg = f"a trend needs responses at two or more times, got {len(np.unique(time))}"
        raise ValueError(msg)
    n = values.sum(axis=1)
    score = 100 * (values[:, 0] - values[:, 2]) / n
    _, variance = adjusted_scores(values)
    leverage = n * (time - np.average(time, weights=n))
    leverage = leverage / (leverage @ time)
    slope = float(leverage @ score)
    residual = score - np.average(score, weights=n) - slope * (time - np.average(time, weights=n))
    scatter, scatter_p = _scatter(residual**2 / variance)
    se = math.sqrt(float(leverage**2 @ variance) * max(1.0, 0.0 if math.isnan(scatter) else scatter))
    half_width = critical_value(confidence) * se
    return NpsTrend(
        slope=slope,
        se=se,
        ci_low=slope - half_width,
        ci_high=slope + half_width,
        z=slope / se,
        p=two_sided_p(slope / se),
        periods=len(values),
        n=int(n.sum()),
        scatter=scatter,
        scatter_p=scatter_p,
        confidence=confidence,
    )


def _scatter(squared: npt.NDArray[np.float64]) -> tuple[float, float]:
    """Return dispersion about the line and its p-value; NaN where two points leave nothing to judge by."""
    df = len(squared) - 2
    if df == 0:
        return math.nan, math.nan
    from scipy.special import chdtrc  # scipy only where a test is made

    return float(squared.sum()) / df, float(chdtrc(df, squared.sum()))
