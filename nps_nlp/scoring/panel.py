"""The same respondents in two waves: who moved between promoter, passive and detractor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from nps_nlp.scoring._tables import key_text
from nps_nlp.scoring.compare import NpsComparison, nps_test_paired
from nps_nlp.scoring.satisfaction import wilson_interval
from nps_nlp.scoring.scales import NPS, Scale, category

if TYPE_CHECKING:
    from nps_nlp.scoring._checks import IntArray

# In the order of counts: promoters, passives, detractors.
ORDER = ["promoter", "passive", "detractor"]


@dataclass(frozen=True, slots=True)
class PanelMoves:
    """How the respondents of two waves moved between the categories.

    Attributes
    ----------
    matrix : DataFrame
        Nine rows, one a pair of categories: ``before``, ``after``, ``n``, ``share`` of all who answered both
        times with ``ci_low``, ``ci_high``, and ``share_of_before`` (of those who started in that category:
        the transition rate) with ``before_ci_low``, ``before_ci_high``. Shares from 0 to 1, Wilson intervals,
        each by itself; NaN where nobody started in a category.
    moved : DataFrame
        One row a respondent who changed category, in the order of the first wave: ``respondent``, ``before``,
        ``after``, ``move`` (``up`` or ``down``), ``steps`` (-2 to 2), ``score_before``, ``score_after``.
    test : NpsComparison
        The net movement in NPS points with its interval and the paired test.
    n : int
        Respondents who answered both times; everything above rests on them.
    up, down, stayed : int
        How many of them moved towards promoter, towards detractor, or not at all.
    only_before, only_after : int
        Respondents in one wave only.
    repeated_before, repeated_after : int
        Answers set aside because the respondent answered again in the same wave: the last one counts.
    without_id_before, without_id_after : int
        Answers that cannot be followed because they name no respondent.
    duplicates : DataFrame
        One row a respondent who answered more than once in a wave: ``wave``, ``respondent``, ``answers``.
    """

    matrix: pd.DataFrame
    moved: pd.DataFrame
    test: NpsComparison
    n: int
    up: int
    down: int
    stayed: int
    only_before: int
    only_after: int
    repeated_before: int
    repeated_after: int
    without_id_before: int
    without_id_after: int
    duplicates: pd.DataFrame

    def counts(self) -> IntArray:
        """Return the 3 x 3 counts: before in rows, after in columns; promoter, passive, detractor."""
        return self.matrix["n"].to_numpy(dtype=np.int64).reshape(3, 3)


@dataclass(frozen=True, slots=True)
class _Wave:
    """One wave: the last answer of every respondent, and what was set aside."""

    last: pd.DataFrame
    duplicates: pd.DataFrame
    repeated: int
    without_id: int


def panel_moves(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    respondent: str = "respondent",
    score: str = "score",
    scale: Scale = NPS,
    confidence: float = 0.95,
) -> PanelMoves:
    """Follow the same respondents from one wave to the next.

    Ids compare as text without outer spaces, full-width forms made plain and 7.0 as 7.

    Parameters
    ----------
    before, after : DataFrame
        One row an answer, in the order of answering: of several by one respondent the last counts.
    respondent, score : str
        The columns of the respondent's id and of the score, the same in both tables.
    scale : Scale
        The break points.
    confidence : float
        Share between 0 and 1.

    Returns
    -------
    PanelMoves
        The matrix, who moved, the test of the net movement, and what could not be followed.

    Raises
    ------
    ValueError
        If a column is missing, a score is missing or not on the scale (names the wave and the positions), or
        nobody answered both times.

    References
    ----------
    Test as `nps_test_paired`, intervals as `wilson_interval`. Turnover tables: Kalton, G. & Citro, C. (1993).
    Panel surveys: adding the fourth dimension. Survey Methodology 19, 205-215.

    Examples
    --------
    >>> spring = pd.DataFrame({"respondent": ["a", "b", "c", "d", "c"], "score": [9, 7, 3, 10, 5]})
    >>> autumn = pd.DataFrame({"respondent": ["a", "b", "c", "e"], "score": [10, 9, 8, 6]})
    >>> moves = panel_moves(spring, autumn)
    >>> moves.moved[["respondent", "before", "after", "move"]]
      respondent     before     after move
    0          b    passive  promoter   up
    1          c  detractor   passive   up
    >>> moves.n, moves.only_before, moves.only_after, moves.repeated_before
    (3, 1, 1, 1)
    >>> print(f"{moves.test.difference:+.1f}")
    +66.7
    """
    first = _wave(before, "before", (respondent, score), scale)
    second = _wave(after, "after", (respondent, score), scale)
    both = first.last.add_suffix("_before").join(second.last.add_suffix("_after"), how="inner")
    if both.empty:
        msg = (
            f"no respondent answered both times ({len(first.last)} only before, {len(second.last)} only after): "
            f"check that the column {respondent!r} holds the same ids in both waves"
        )
        raise ValueError(msg)
    steps = both["code_after"] - both["code_before"]
    # Codes 1, 0, -1 become the places 0, 1, 2.
    places = 3 * (1 - both["code_before"]) + (1 - both["code_after"])
    counts = np.bincount(places, minlength=9).reshape(3, 3)
    return PanelMoves(
        matrix=_matrix(counts, confidence),
        moved=_moved(both.assign(steps=steps)),
        test=nps_test_paired(counts, confidence=confidence),
        n=len(both),
        up=int((steps > 0).sum()),
        down=int((steps < 0).sum()),
        stayed=int((steps == 0).sum()),
        only_before=len(first.last) - len(both),
        only_after=len(second.last) - len(both),
        repeated_before=first.repeated,
        repeated_after=second.repeated,
        without_id_before=first.without_id,
        without_id_after=second.without_id,
        duplicates=pd.concat([first.duplicates, second.duplicates], ignore_index=True),
    )


def _wave(table: pd.DataFrame, name: str, columns: tuple[str, str], scale: Scale) -> _Wave:
    """Return the last answer of every respondent of a wave, indexed by the id."""
    missing = [column for column in columns if column not in table.columns]
    if missing:
        msg = f"the wave {name!r} has no column {', '.join(map(repr, missing))}"
        raise ValueError(msg)
    respondent, score = columns
    try:
        codes = category(table[score].to_numpy(), scale).astype(np.int64)
    except (TypeError, ValueError) as error:
        msg = f"the wave {name!r}: {error}"
        raise ValueError(msg) from error
    answers = pd.DataFrame(
        {"code": codes, "score": table[score].to_numpy().astype(np.int64)},
        index=pd.Index(key_text(table[respondent]), name="respondent", dtype=object),
    )
    known = answers[answers.index != ""]
    number = known.groupby(level=0, sort=False).size()
    several = number[number > 1]
    duplicates = pd.DataFrame({"wave": name, "respondent": several.index.to_numpy(), "answers": several.to_numpy()})
    return _Wave(
        last=known[~known.index.duplicated(keep="last")],
        duplicates=duplicates,
        repeated=len(known) - len(number),
        without_id=len(answers) - len(known),
    )


def _matrix(counts: IntArray, confidence: float) -> pd.DataFrame:
    """Return the tidy matrix of counts with its shares and intervals."""
    n, total = counts.ravel(), counts.sum()
    started = np.repeat(counts.sum(axis=1), 3)
    low, high = wilson_interval(n, np.full(9, total), confidence)
    before_low, before_high = wilson_interval(n, started, confidence)
    return pd.DataFrame(
        {
            "before": np.repeat(ORDER, 3),
            "after": np.tile(ORDER, 3),
            "n": n,
            "share": n / total,
            "ci_low": low,
            "ci_high": high,
            "share_of_before": n / np.where(started > 0, started, np.nan),
            "before_ci_low": before_low,
            "before_ci_high": before_high,
        }
    )


def _moved(both: pd.DataFrame) -> pd.DataFrame:
    """Return the respondents who changed category."""
    rows = both[both["steps"] != 0]
    names = np.array(ORDER, dtype=object)
    return pd.DataFrame(
        {
            "respondent": rows.index.to_numpy(),
            "before": names[1 - rows["code_before"]],
            "after": names[1 - rows["code_after"]],
            "move": np.where(rows["steps"] > 0, "up", "down").astype(object),
            "steps": rows["steps"].to_numpy(),
            "score_before": rows["score_before"].to_numpy(),
            "score_after": rows["score_after"].to_numpy(),
        }
    )
