"""Whether a share rises along a line: the Cochran-Armitage test, also for places between the categories."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nps_nlp.scoring._checks import two_sided_p

if TYPE_CHECKING:
    from nps_nlp.scoring._checks import FloatArray


def trend_in_shares(x: FloatArray, y: FloatArray) -> tuple[float, float, float, float]:
    """Return rate, slope, z and p of the linear trend of a share.

    Parameters
    ----------
    x, y : ndarray of float, shape (n,)
        The position on the line, and 1 or 0.

    Returns
    -------
    tuple of float
        NaN for what cannot be computed.

    References
    ----------
    Armitage, P. (1955). Tests for linear trends in proportions and frequencies. Biometrics 11, 375-386.

    Examples
    --------
    Smokers among lung cancer patients in four hospitals (R, ``prop.trend.test``: X-squared 8.2249, p 0.004132).

    >>> import numpy as np
    >>> hits, n = [83, 90, 129, 70], [86, 93, 136, 82]
    >>> x = np.repeat([1.0, 2.0, 3.0, 4.0], n)
    >>> y = np.concatenate([np.repeat([1.0, 0.0], [k, m - k]) for k, m in zip(hits, n, strict=True)])
    >>> rate, slope, z, p = trend_in_shares(x, y)
    >>> print(f"{z**2:.4f} {p:.6f}")
    8.2249 0.004132
    """
    if len(y) == 0:
        return math.nan, math.nan, math.nan, math.nan
    rate, centred = float(y.mean()), x - x.mean()
    spread = float(centred @ centred)
    # A spread of 1e-30 is rounding: all customers stand at one place.
    if spread < 1e-12 * len(x):
        return rate, math.nan, math.nan, math.nan
    slope = float(centred @ y) / spread
    if not 0 < rate < 1:
        return rate, slope, math.nan, math.nan
    z = slope * math.sqrt(spread / (rate * (1 - rate)))
    return rate, slope, z, two_sided_p(z)
