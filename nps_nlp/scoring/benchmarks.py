"""The own score beside those of the industry or of competitors, from a table that the user brings."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from nps_nlp.errors import InputError
from nps_nlp.scoring._checks import two_sided_p
from nps_nlp.scoring._tables import blank, check_columns, numbers, plain, read_table, rows_text
from nps_nlp.scoring.compare import adjusted_scores
from nps_nlp.scoring.intervals import critical_value
from nps_nlp.scoring.multiplicity import benjamini_hochberg
from nps_nlp.scoring.nps import NpsResult

if TYPE_CHECKING:
    from pathlib import Path

    from nps_nlp.scoring._checks import FloatArray
    from nps_nlp.scoring.weights import WeightedNpsResult

WORDS = ["name", "industry", "source"]
REQUIRED = ["name", "industry", "score", "year", "source"]
COLUMNS = ["name", "name_ja", "industry", "industry_ja", "score", "n", "year", "source", "source_ja"]
HEADINGS = {
    "name": ("企業名", "会社名", "ブランド", "名称"),
    "industry": ("業界", "業種"),
    "score": ("nps", "スコア"),
    "n": ("回答数", "回答者数"),
    "year": ("年", "調査年", "年度"),
    "source": ("出典",),
}
EXAMPLE = "ntt_com_online_2022.csv"
FIRST_YEAR, LAST_YEAR = 2003, 2100  # the score was published in 2003


def example_benchmarks() -> pd.DataFrame:
    """Return the packaged example: the first-ranked company of twelve Japanese industries in 2022.

    Returns
    -------
    DataFrame
        As `load_benchmarks`; without n, which the summary of the figures does not give.

    References
    ----------
    NTT Com Online (NTTコム オンライン), NPS benchmark survey 2022 (NPSベンチマーク調査2022),
    https://www.nttcoms.com/service/nps/report/. Each figure is that of the company ranked first in its
    industry, so the industry as a whole lies below it.

    Examples
    --------
    >>> example_benchmarks()[["industry", "industry_ja", "score", "year"]].head(3)
                industry industry_ja  score  year
    0     net securities       ネット証券   -8.1  2022
    1  apparel e-commerce      アパレルEC  -13.7  2022
    2           city gas        都市ガス  -34.8  2022
    """
    file = resources.files("nps_nlp.scoring") / "data" / EXAMPLE
    with resources.as_file(file) as path:
        return load_benchmarks(path)


def load_benchmarks(source: pd.DataFrame | str | Path) -> pd.DataFrame:
    """Load a table of scores to compare with.

    Parameters
    ----------
    source : DataFrame, str or Path
        The table, or a CSV file in any usual encoding, with the columns ``name``, ``industry``, ``score``
        (NPS points), ``year``, ``source``, and optionally ``n`` (responses behind the score) and the Japanese
        ``name_ja``, ``industry_ja``, ``source_ja``. Japanese headings (企業名, 業界, スコア, 回答数, 年, 出典)
        are understood; other columns are left out.

    Returns
    -------
    DataFrame
        One row a score with those columns; ``n`` is NaN where not known, a Japanese name that is not given
        is the other name.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, a cell is blank or no number, a score lies outside
        -100 to 100, n is no whole number of 1 or more, the year is no year, or a name stands twice in one
        industry, year and source; names the column and the rows (the headings are row 1).

    Examples
    --------
    >>> rows = {"企業名": ["A社"], "業界": ["銀行"], "スコア": ["▲22.9"], "年": [2024], "出典": ["自社調べ"]}
    >>> load_benchmarks(pd.DataFrame(rows))[["name", "industry", "score", "n", "year"]]
      name industry  score   n  year
    0   A社       銀行  -22.9 NaN  2024
    """
    table, name = read_table(source, "the table of benchmarks")
    table = table.rename(columns=_canonical)
    check_columns(table, REQUIRED, name)
    repeated = table.columns[table.columns.duplicated()].unique()
    if len(repeated):
        msg = f"{name}: more than one column is the {', '.join(map(str, repeated))}; leave one"
        raise InputError(msg)
    if table.empty:
        msg = f"{name}: there are headings but no scores under them"
        raise InputError(msg)
    for column in REQUIRED:
        _refuse(blank(table[column]), table, column, f"{name}: no {column}")
    loaded = pd.DataFrame({column: _words(table, column) for column in COLUMNS if _base(column) in WORDS})
    loaded["score"] = numbers(table["score"], f"{name}, column score")
    loaded["year"] = numbers(table["year"], f"{name}, column year")
    loaded["n"] = numbers(table["n"], f"{name}, column n") if "n" in table.columns else np.nan
    _check_values(loaded, name)
    return loaded.astype({"year": np.int64})[COLUMNS].reset_index(drop=True)


def industry_rows(benchmarks: pd.DataFrame, industry: str) -> pd.DataFrame:
    """Return the rows of an industry, named in English or Japanese; none where the table does not know it.

    Examples
    --------
    >>> industry_rows(example_benchmarks(), "ＱＲコード決済")[["industry", "score"]]
         industry  score
    3  QR payment  -24.5
    """
    wanted = plain(industry)
    known = [benchmarks[column].map(plain) == wanted for column in ("industry", "industry_ja")]
    return benchmarks[known[0] | known[1]]


def compare_with_benchmarks(
    own: NpsResult | WeightedNpsResult, benchmarks: pd.DataFrame, *, industry: str | None = None
) -> pd.DataFrame:
    """Show the own score beside every score of a table.

    Where the table gives n, both surveys are uncertain, and the difference is tested. A published score does
    not tell how many were passive, so it is given the largest variance that it can have, ``1 - (score/100)²``
    (nobody passive): the test errs towards "no difference". Without n the score is taken as it stands, and
    the interval carries the own uncertainty alone.

    Parameters
    ----------
    own : NpsResult or WeightedNpsResult
        The own score, as of `nps` or `weighted_nps`; its confidence is that of the comparison.
    benchmarks : DataFrame
        As of `load_benchmarks`.
    industry : str, optional
        Only this industry, by its English or Japanese name.

    Returns
    -------
    DataFrame
        The rows of the table, with ``own_score``, ``own_ci_low``, ``own_ci_high``, ``difference`` (own minus
        benchmark), ``se``, ``ci_low``, ``ci_high`` in NPS points, ``z``, ``p``, ``p_adjusted``
        (Benjamini-Hochberg over the rows) and ``basis`` (``both samples`` or ``own sample only``). z and p
        are NaN without n.

    Raises
    ------
    InputError
        If the industry is not in the table; lists those that are.

    References
    ----------
    As `nps_test`. The bound of the variance: p + d - (p - d)² with p + d ≤ 1.

    Examples
    --------
    >>> from nps_nlp.scoring import nps
    >>> table = compare_with_benchmarks(nps(90, 180, 130), example_benchmarks(), industry="bank")
    >>> table[["industry", "score", "own_score", "difference", "ci_low", "ci_high", "basis"]].round(1)
      industry  score  own_score  difference  ci_low  ci_high            basis
    0     bank  -22.9      -10.0        12.9     5.8     20.1  own sample only
    """
    rows = benchmarks if industry is None else industry_rows(benchmarks, industry)
    if industry is not None and rows.empty:
        known = ", ".join(dict.fromkeys(benchmarks["industry"]))
        msg = f"the table of benchmarks has no industry {industry!r}; it has {known}"
        raise InputError(msg)
    rows = rows.reset_index(drop=True)
    scores = rows["score"].to_numpy(dtype=np.float64)
    differences = [_difference(own, row["score"], row["n"]) for row in rows.to_dict("records")]
    columns = ["se", "ci_low", "ci_high", "z", "p"]
    table = rows.assign(
        own_score=own.score, own_ci_low=own.ci_low, own_ci_high=own.ci_high, difference=own.score - scores
    ).join(pd.DataFrame(differences, columns=columns, dtype=np.float64))
    basis = np.where(rows["n"].notna(), "both samples", "own sample only").astype(object)
    return table.assign(p_adjusted=benjamini_hochberg(table["p"].to_numpy()), basis=basis)


def _difference(own: NpsResult | WeightedNpsResult, score: float, n: float) -> tuple[float, ...]:
    """Return se, limits, z and p of own minus benchmark."""
    if np.isnan(n):
        return own.se, own.ci_low - score, own.ci_high - score, np.nan, np.nan
    promoters = n * (1 + score / 100) / 2
    points, variance = adjusted_scores(np.array([_counts(own), [promoters, 0.0, n - promoters]]))
    adjusted, se = float(points[0] - points[1]), float(np.sqrt(variance.sum()))
    half_width = critical_value(own.confidence) * se
    low, high = max(adjusted - half_width, -200.0), min(adjusted + half_width, 200.0)
    return se, low, high, adjusted / se, two_sided_p(adjusted / se)


def _counts(own: NpsResult | WeightedNpsResult) -> FloatArray:
    """Return the counts, or the shares of a weighted score at the size that gives its design-based variance."""
    values = np.array([own.promoters, own.passives, own.detractors], dtype=np.float64)
    if isinstance(own, NpsResult):
        return values
    variance = 1e4 * max(values[0] + values[2] - (values[0] - values[2]) ** 2, 0.0)
    return values * (min(variance / own.se**2, own.n) if own.se > 0 else own.n_effective)


def _canonical(heading: Any) -> str:
    """Return the name of the column that a heading stands for."""
    text = plain(str(heading))
    return next((column for column, others in HEADINGS.items() if text in others), text)


def _base(column: str) -> str:
    return column.removesuffix("_ja")


def _words(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of names; the Japanese one falls back to the other."""
    base = table[_base(column)].astype(str).str.strip()
    if column not in table.columns:
        return base
    given = table[column].astype(object)
    return given.where(~blank(given), base).astype(str).str.strip()


def _refuse(wrong: pd.Series, table: pd.DataFrame, column: str, problem: str) -> None:
    """Raise InputError with the rows and the first wrong cell where something is wrong."""
    if wrong.any():
        example = str(table.loc[wrong, column].iloc[0])[:40]
        msg = f"{problem}, column {column}; see row {rows_text(table.index[wrong])} ({example!r})"
        raise InputError(msg)


def _check_values(table: pd.DataFrame, name: str) -> None:
    """Raise InputError where a number is none that it can be, or a score stands there twice."""
    score, n, year = table["score"], table["n"], table["year"]
    _refuse(score.abs() > 100, table, "score", f"{name}: a score lies between -100 and 100")
    _refuse((n < 1) | (n != n.round()) & n.notna(), table, "n", f"{name}: n is a whole number of 1 or more, or blank")
    no_year = (year < FIRST_YEAR) | (year > LAST_YEAR) | (year != year.round())
    _refuse(no_year, table, "year", f"{name}: a year has four digits, from {FIRST_YEAR}")
    twice = table.duplicated(["name", "industry", "year", "source"], keep=False)
    _refuse(twice, table, "name", f"{name}: the same name, industry, year and source more than once")
