"""The shape of the answers: the Japanese centre, and how much the score hangs on its break points.

Respondents in Japan choose the middle of a scale more often than respondents elsewhere who are as satisfied,
and the NPS counts 5 and 6 as detractors. These functions show how many answers that concerns.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nps_nlp.scoring._checks import CATEGORY_COLUMNS, whole_counts
from nps_nlp.scoring.nps import nps_table
from nps_nlp.scoring.satisfaction import wilson_interval
from nps_nlp.scoring.scales import NPS, category_counts_of_distribution
from nps_nlp.scoring.weights import weighted_nps_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

    Weights = tuple[npt.ArrayLike, npt.ArrayLike]

POINTS = np.arange(NPS.low, NPS.high + 1)
MIDDLE = slice(4, 7)
# (highest detractor, lowest promoter): the standard first, then detractors from the middle down, then 8 as
# promoter.
BREAK_POINTS = ((6, 9), (5, 9), (4, 9), (3, 9), (6, 8), (5, 8), (4, 8))
# A smooth distribution puts about a third of its 4s, 5s and 6s at 5 (36 % where a bell of sd 2 peaks there):
# more than two fifths is a heap. One answer in three from 4 to 6 is more than the 3 of 11 points that blind
# clicking would put there.
HEAP_SHARE, MIDDLE_SHARE, SMALLEST_HEAP = 2 / 5, 1 / 3, 0.05


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of an 11-point distribution, weighted where the survey is.

    Attributes
    ----------
    n : int
        Respondents, without weights.
    mean, sd : float
        In points of the scale; sd has n in its denominator.
    mode : int
        The answer with the largest share (the lowest of them where several are).
    share_low, share_middle, share_high : float
        Shares of 0-3, of 4-6 and of 9-10.
    share_five : float
        Share of 5s.
    """

    n: int
    mean: float
    sd: float
    mode: int
    share_low: float
    share_middle: float
    share_high: float
    share_five: float

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain Python numbers."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class CentreNote:
    """Whether answers pile up in the middle, and what that does to the score.

    Attributes
    ----------
    piles_up : bool
        True where 5 is a heap (more than two fifths of the answers 4 to 6) or more than a third of all
        answered 4 to 6, in both cases beyond chance (95 %).
    share_five, share_middle : float
        Shares of 5s, and of 4 to 6, among all respondents.
    detractors_in_middle : float
        Share of the detractors who answered 4 to 6; NaN without detractors.
    score, score_middle_as_passive : float
        The NPS as defined, and with 4 to 6 counted as passive, in NPS points.
    en, ja : str
        The sentence for the report; empty where nothing piles up.
    """

    piles_up: bool
    share_five: float
    share_middle: float
    detractors_in_middle: float
    score: float
    score_middle_as_passive: float
    en: str
    ja: str

    def __bool__(self) -> bool:
        return self.piles_up


def shape_summary(counts: npt.ArrayLike, *, weights: Weights | None = None) -> Shape:
    """Summarise the distribution of the answers 0 to 10.

    Parameters
    ----------
    counts : array_like of int, shape (11,)
        Answers at 0, 1, …, 10.
    weights : (array_like, array_like), each of shape (11,), optional
        Sums of the survey weights, and of their squares, of those who answered 0, 1, …, 10.

    Returns
    -------
    Shape
        Moments and shares.

    Raises
    ------
    ValueError
        If there are not 11 counts or nobody answered.

    Examples
    --------
    >>> shape_summary([0, 0, 1, 2, 4, 20, 9, 12, 10, 5, 4]).share_five.__round__(3)
    0.299
    """
    people = _eleven(counts)
    values = people if weights is None else np.asarray(weights[0], dtype=float)
    n = float(values.sum())
    mean = float(values @ POINTS) / n
    return Shape(
        n=int(people.sum()),
        mean=mean,
        sd=float(np.sqrt(values @ (POINTS - mean) ** 2 / n)),
        mode=int(values.argmax()),
        share_low=float(values[: MIDDLE.start].sum()) / n,
        share_middle=float(values[MIDDLE].sum()) / n,
        share_high=float(values[NPS.promoter_min :].sum()) / n,
        share_five=float(values[5]) / n,
    )


def break_point_table(
    counts: npt.ArrayLike,
    break_points: Iterable[tuple[int, int]] = BREAK_POINTS,
    *,
    weights: Weights | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Show how the score moves when the break points do.

    Parameters
    ----------
    counts : array_like of int, shape (11,)
        Answers at 0, 1, …, 10.
    break_points : iterable of (int, int)
        Highest answer of a detractor, lowest answer of a promoter; the first is the base of ``difference``.
    weights : (array_like, array_like), each of shape (11,), optional
        Sums of the survey weights, and of their squares, of those who answered 0, 1, …, 10.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    DataFrame
        One row an alternative: ``detractor_max``, ``promoter_min``, the counts, ``n``, and in NPS points
        ``nps``, ``se``, ``ci_low``, ``ci_high``, ``difference`` (from the first row). With weights as of
        `weighted_nps_table`, with ``n_effective`` and the weighted shares.

    Raises
    ------
    ValueError
        As `shape_summary`, or if a pair of break points is out of order.

    Examples
    --------
    >>> table = break_point_table([0, 0, 1, 2, 4, 20, 9, 12, 10, 5, 4], [(6, 9), (4, 9), (4, 8)])
    >>> table[["detractor_max", "promoter_min", "nps", "difference"]].round(1)
       detractor_max  promoter_min   nps  difference
    0              6             9 -40.3         0.0
    1              4             9   3.0        43.3
    2              4             8  17.9        58.2
    """
    values = _eleven(counts)
    pairs = list(break_points)
    rows = [
        category_counts_of_distribution(values, replace(NPS, detractor_max=low, promoter_min=high))
        for low, high in pairs
    ]
    table = pd.DataFrame(rows, columns=CATEGORY_COLUMNS)
    if weights is None:
        table = nps_table(table, confidence=confidence)
    else:
        parts = [np.asarray(part, dtype=float) for part in weights]
        sums, squares = (
            [(p[high:].sum(), p[low + 1 : high].sum(), p[: low + 1].sum()) for low, high in pairs] for p in parts
        )
        table = weighted_nps_table(rows, sums, squares, confidence=confidence)
    table.insert(0, "detractor_max", [low for low, _ in pairs])
    table.insert(1, "promoter_min", [high for _, high in pairs])
    return table.assign(difference=table["nps"] - table["nps"].iloc[0])


def centre_note(counts: npt.ArrayLike, *, weights: Weights | None = None) -> CentreNote:
    """Say whether answers pile up in the middle, so that a habit of answering is not read as dissatisfaction.

    Parameters
    ----------
    counts : array_like of int, shape (11,)
        Answers at 0, 1, …, 10.
    weights : (array_like, array_like), each of shape (11,), optional
        Sums of the survey weights, and of their squares, of those who answered 0, 1, …, 10.

    Returns
    -------
    CentreNote
        True in a condition where they do; with shares, the score with the middle as passive, and a sentence
        in English and Japanese. Weighted shares are judged at the effective number of respondents (Kish 1965).

    Raises
    ------
    ValueError
        As `shape_summary`.

    References
    ----------
    Zax, M. & Takahashi, S. (1967). Cultural influences on response style. Journal of Social Psychology 71,
    3-10. Chen, C., Lee, S. & Stevenson, H. (1995). Response style and cross-cultural comparisons of rating
    scales among East Asian and North American students. Psychological Science 6, 170-175. The thresholds are
    this package's.

    Examples
    --------
    >>> note = centre_note([2, 3, 10, 16, 16, 82, 52, 104, 188, 76, 179])
    >>> note.piles_up, round(note.share_five, 3), round(note.detractors_in_middle, 3)
    (True, 0.113, 0.829)
    >>> import textwrap
    >>> print(textwrap.fill(note.en, 100))
    Answers pile up in the middle: 11 % chose 5 and 21 % chose 4 to 6, who are 83 % of the detractors.
    In Japan the middle often means "ordinary", not dissatisfied. Counted as passive, they would make
    the NPS +30.8 instead of +10.2.
    """
    people = _eleven(counts)
    values, squares = (people, people) if weights is None else (np.asarray(p, dtype=float) for p in weights)
    n, middle, detractors = values.sum(), values[MIDDLE].sum(), values[: NPS.detractor_max + 1].sum()
    # What a unit of weight is worth in respondents, among those in the middle and among all.
    of_middle = middle / squares[MIDDLE].sum() if middle else 0.0
    heap, _ = wilson_interval(values[5] * of_middle, middle * of_middle)
    centre, _ = wilson_interval(middle * n / squares.sum(), n**2 / squares.sum())
    table = break_point_table(people, [(6, 9), (3, 9)], weights=weights)
    note = CentreNote(
        piles_up=bool((heap > HEAP_SHARE and values[5] >= SMALLEST_HEAP * n) or centre > MIDDLE_SHARE),
        share_five=float(values[5] / n),
        share_middle=float(middle / n),
        detractors_in_middle=float(middle / detractors) if detractors else float("nan"),
        score=float(table["nps"].iloc[0]),
        score_middle_as_passive=float(table["nps"].iloc[1]),
        en="",
        ja="",
    )
    return replace(note, en=_english(note), ja=_japanese(note)) if note.piles_up else note


def _english(note: CentreNote) -> str:
    five, middle, detractors = (
        f"{100 * share:.0f} %" for share in (note.share_five, note.share_middle, note.detractors_in_middle)
    )
    return (
        f"Answers pile up in the middle: {five} chose 5 and {middle} chose 4 to 6, who are {detractors} of "
        'the detractors. In Japan the middle often means "ordinary", not dissatisfied. Counted as passive, '
        f"they would make the NPS {note.score_middle_as_passive:+.1f} instead of {note.score:+.1f}."
    )


def _japanese(note: CentreNote) -> str:
    return (
        f"回答が中央に集まっています。5点が{note.share_five:.0%}、4〜6点が{note.share_middle:.0%}で、"
        f"4〜6点は批判者の{note.detractors_in_middle:.0%}を占めます。"
        "日本では中央の点数が「ふつう」の意味で選ばれることが多く、不満とは限りません。"
        "4〜6点を中立者として数えると、"
        f"NPSは{note.score:+.1f}ではなく{note.score_middle_as_passive:+.1f}になります。"
    )


def _eleven(counts: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return 11 counts; raise ValueError on another length or without answers."""
    values = whole_counts(counts, "the distribution")
    if values.shape != POINTS.shape:
        msg = f"the distribution needs 11 counts (answers 0 to 10), got shape {values.shape}"
        raise ValueError(msg)
    if values.sum() == 0:
        msg = "the distribution is empty: nobody answered"
        raise ValueError(msg)
    return values
