"""Do intervals and tests hold when people answer more than once? By answers, each one more person, and by people.

Simulates a survey in which half of the people answer several times, and are alike each time: who is sour scores low and
complains, of the same theme as before, in the same shop, most often in neighbouring months. The truth is that of a very
large survey of the same kind; shops and months do not differ at all, so that whatever a test finds in them is false.

    python benchmarks/repeated_answers.py [--surveys 300]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
import pandas as pd

from nps_nlp import insight
from nps_nlp.insight import cells, impact_table, importance, refit, regression_design, what_if
from nps_nlp.insight.changes import share_change
from nps_nlp.insight.people import People
from nps_nlp.tally import Tally

THEMES = ("price", "speed", "staff")
PEOPLE, MOST = 400, 6
MONTHS = [f"2026-{month:02d}" for month in range(1, 9)]
REPLICATES = 300
FIGURES = ("impact", "bounded", "contribution", "nps_of_mentioners", "importance", "coefficient", "what_if")
LEVELS = ("NPS of a shop", "NPS of a month", "difference", "score (of it)", "composition", "within (of it)")


def draw(rng: np.random.Generator, people: int) -> tuple[Tally, People]:
    """Draw a survey of so many people, and lay aside who answered more than once."""
    times = np.where(rng.random(people) < 0.5, 1, rng.integers(2, MOST + 1, people))
    who = np.repeat(np.arange(people), times)
    mood = np.repeat(rng.normal(0, 1, people), times)
    taste = np.repeat(rng.normal(0, 1.5, (people, len(THEMES))), times, axis=0)
    score = np.clip(np.round(7 + 2 * mood + rng.normal(0, 1, len(who))), 0, 10).astype(int)
    speaks = taste + rng.normal(0, 1, taste.shape) > 1
    blames = rng.random(taste.shape) < 1 / (1 + np.exp(1.5 * mood))[:, None]
    said = [
        tuple((t, 1 if blame else 2) for t, speaks_of, blame in zip(THEMES, a, b, strict=True) if speaks_of)
        for a, b in zip(speaks.tolist(), blames.tolist(), strict=True)
    ]
    shop = np.repeat(rng.choice(list("ABCD"), people), times).tolist()
    first = np.repeat(rng.integers(0, len(MONTHS), people), times)
    month = [MONTHS[m] for m in (first + rng.integers(0, 3, len(who))) % len(MONTHS)]
    again = np.flatnonzero(times[who] > 1)
    groups = {"shop": [shop[a] for a in again]}
    months = [month[a] for a in again]
    mine = People(who[again], score[again], [said[a] for a in again], np.ones(len(again)), months, groups)
    return counted(score.tolist(), said, shop, month), mine


def counted(score: list[int], said: list[tuple[tuple[str, int], ...]], shop: list[str], month: list[str]) -> Tally:
    """Count the answers as a survey's would be."""
    responses = Counter(
        (*group, m, s) for s, v, m in zip(score, shop, month, strict=True) for group in (("", ""), ("shop", v))
    )
    mentions = Counter(("shop", v, *mark, s) for s, p, v in zip(score, said, shop, strict=True) for mark in p)
    patterns = Counter(zip(month, score, said, strict=True))
    return Tally(responses=responses, writers=responses.copy(), mentions=mentions, patterns=patterns)


def figures(tally: Tally, people: People | None, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return every figure and its limits, one row each."""
    impacts = impact_table(cells(tally, THEMES, people), seed=1, replicates=replicates)
    impacts["name"] = impacts["theme"] + ":" + impacts["polarity"]
    design = regression_design(tally, THEMES, people)
    drivers = importance(design, refit(design, seed=1, replicates=replicates)).table.assign(name=lambda t: t["driver"])
    changes = (
        what_if(design)
        .rename(columns=lambda c: c.replace("associated_change", "what_if"))
        .assign(name=lambda t: t["theme"])
    )
    parts = []
    for figure in FIGURES:
        table = next(t for t in (impacts, drivers, changes) if figure in t)
        part = table[["name", figure, f"{figure}_ci_low", f"{figure}_ci_high"]]
        parts.append(part.set_axis(["name", "value", "low", "high"], axis=1).assign(figure=figure))
    return pd.concat(parts).set_index(["figure", "name"])


def levels(tally: Tally, people: People | None) -> pd.DataFrame:
    """Return the scores of shops and months and what makes the difference of two halves, with limits."""
    sides = insight.two_stretches(tally, people, MONTHS[4], None, None)
    themes = insight.theme_difference(*(cells(part, THEMES, mine) for part, mine in sides), seed=1)
    (early, first), (late, second) = sides
    who = insight.composition_difference(early, late, "shop", seed=1, people=(first, second))
    rows = [
        ("difference", "all", themes.difference, themes.ci_low, themes.ci_high),
        *(("score (of it)", *row) for row in themes.parts.query("part == 'score'").itertuples(index=False)),
        *((f"{part[0]}{' (of it)' * (part[0] == 'within')}", *part) for part in who.parts.itertuples(index=False)),
    ]
    for name, table, key in (
        ("NPS of a shop", insight.segment_table(tally, 0.95, people), "value"),
        ("NPS of a month", insight.trend_table(tally, 0.95, people), "period"),
    ):
        rows += [(name, *row) for row in table[[key, "nps", "ci_low", "ci_high"]].itertuples(index=False)]
    return pd.DataFrame(rows, columns=["figure", "name", "value", "low", "high"]).set_index(["figure", "name"])


def alarms(tally: Tally, people: People | None) -> dict[str, float]:
    """Return the shares of tests that find what is not there, at a level of 5 %."""
    months = insight.theme_trend(tally, THEMES, people)
    trend, by_month = insight.trend_table(tally, 0.95, people), insight.month_levels(tally, people)
    counted = insight.count_groups(tally, THEMES, people)
    shares = insight.segment_themes(tally, THEMES, counted=counted)
    scanned = insight.scan_segments(tally, THEMES, counted=counted).table
    rises = [share_change(months[months["theme"] == theme], "negative").p for theme in THEMES]
    return {
        "change points of the NPS": float(len(insight.change_points(trend, by_month)) > 0),
        "month from which the NPS differs": float(insight.score_change(trend, by_month).p < 0.05),
        "share of a theme in a shop": float((shares[["p", "p_positive"]] < 0.05).to_numpy().mean()),
        "scan: impact in a shop": float((scanned["p"] < 0.05).mean()),
        "month from which a theme rose": float(np.mean([p < 0.05 for p in rises])),
        "alert: a theme rose": float((insight.theme_alerts(tally, THEMES, trend=months)["p"] < 0.05).mean()),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--surveys", type=int, default=300)
    options = parser.parse_args()
    everybody = draw(np.random.default_rng(0), 400_000)[0]
    truth = pd.concat([figures(everybody, None, replicates=2), levels(everybody, None)])["value"]
    held: dict[str, list[pd.Series]] = {"by answers": [], "by people": []}
    false: dict[str, list[dict[str, float]]] = {"by answers": [], "by people": []}
    answers = []
    for seed in range(1, options.surveys + 1):
        tally, people = draw(np.random.default_rng(seed), PEOPLE)
        answers.append(tally.patterns.total())
        for name, known in (("by answers", None), ("by people", people)):
            found = pd.concat([figures(tally, known), levels(tally, known)])
            target = truth.reindex(found.index)
            inside = (found["low"] <= target) & (target <= found["high"])
            held[name].append(inside.where(found["low"].notna() & target.notna()).astype(float))
            false[name].append(alarms(tally, known))
    table = pd.DataFrame({k: pd.concat(v).groupby("figure").mean() for k, v in held.items()})
    print(f"{options.surveys} surveys of {PEOPLE} people, {np.mean(answers):.0f} answers on average")
    print("coverage of 95 % intervals")
    print(table.loc[[*FIGURES, *LEVELS]].round(3).to_string())
    print("tests that find what is not there, at a level of 5 %")
    print(pd.DataFrame({k: pd.DataFrame(v).mean() for k, v in false.items()}).round(3).to_string())


if __name__ == "__main__":
    main()
