"""Analyses with a piece missing or replaced."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd

from nps_nlp.tally import Tally
from tests.report import standin

HOSTILE = '</script><img src=x onerror="document.title=1">'
FORMULA = '=HYPERLINK("http://example.invalid","x")'


def change(analysis: SimpleNamespace, **pieces) -> SimpleNamespace:
    """Return a stand-in with some of its pieces replaced."""
    return SimpleNamespace(**{**vars(analysis), **pieces})


_TEXT_TABLES = [
    "themes",
    "drivers",
    "strengths",
    "crosstab",
    "segment_themes",
    "theme_trend",
    "terms",
    "all_quotes",
    "questions",
    "disagreement",
    "requests",
    "request_quotes",
]


def _empty(whole: SimpleNamespace) -> dict[str, pd.DataFrame]:
    return {name: table.iloc[:0] for name, table in vars(whole).items() if isinstance(table, pd.DataFrame)}


def cases(whole: SimpleNamespace) -> dict[str, SimpleNamespace]:
    """Return every Analysis with a piece missing, by its name in `DEGRADED`."""
    none, texts = _empty(whole), _TEXT_TABLES
    silent = {name: none[name] for name in texts} | {"writers": None, "silent": whole.nps}
    silent |= {"depth": standin.depth_of(Tally(), whole.trend), "impacts": standin.impacts_of(Tally())}
    no_dates = {"trend": none["trend"], "theme_trend": none["theme_trend"], "nps_change": standin.NO_CHANGE}
    no_groups = {"segments": none["segments"], "segment_themes": none["segment_themes"]}
    return {
        "no comments": change(whole, **silent),
        "comments without a theme": change(
            whole, **{k: none[k] for k in texts if k not in {"questions", "disagreement", "requests", "request_quotes"}}
        ),
        "everybody wrote": change(whole, silent=None, writers=whole.nps),
        "no dates": change(whole, **no_dates),
        "one month": change(whole, trend=whole.trend.iloc[:1], nps_change=standin.NO_CHANGE),
        "no groups": change(whole, **no_groups),
        "scores alone": change(whole, **(silent | no_dates | no_groups)),
        "no drivers": change(whole, drivers=none["drivers"], strengths=none["strengths"]),
        "nothing certain": change(
            whole,
            drivers=whole.drivers.assign(q_negative=0.5),
            strengths=whole.strengths.assign(q_positive=0.5),
        ),
        "too few mentions": change(
            whole, **{n: getattr(whole, n).assign(shown=False) for n in ("drivers", "strengths", "themes")}
        ),
        "all the same score": change(whole, **(silent | no_dates | no_groups | _same_score())),
        "one respondent": change(whole, **(no_dates | no_groups | _one_respondent(whole))),
        "bare settings": change(whole, settings={}),
    }


def _same_score() -> dict:
    result = standin.nps(0, 50, 0)
    return {"nps": result, "silent": result, "distribution": _all_at(8, 50)}


def _all_at(score: int, n: int) -> pd.DataFrame:
    count = [n * (k == score) for k in range(11)]
    return pd.DataFrame({"score": range(11), "count": count, "share": [c / n for c in count]})


def _one_respondent(whole: SimpleNamespace) -> dict:
    """Return one detractor who wrote: shares of the other categories and intervals do not exist."""
    result = standin.nps(0, 0, 1)
    unknown = [c for c in whole.drivers if "_ci_" in c or c.startswith(("p_", "q_"))]
    blank = dict.fromkeys([*unknown, "share_promoters", "share_passives"], float("nan"))
    tables = {n: getattr(whole, n).iloc[:1].assign(**blank, shown=False) for n in ("themes", "drivers", "strengths")}
    alone = {"nps": result, "writers": result, "silent": None, "distribution": _all_at(3, 1)}
    return alone | tables | {"all_quotes": whole.all_quotes.iloc[:1]}


DEGRADED = (
    "no comments", "comments without a theme", "everybody wrote", "no dates", "one month", "no groups",
    "scores alone", "no drivers", "nothing certain", "too few mentions", "all the same score",
    "one respondent", "bare settings",
)  # fmt: skip
