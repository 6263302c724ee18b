"""Do intervals hold when people answer more than once? Answers taken as one person each, and as what people gave.

Simulates a survey in which half of the people answer several times, and are alike each time: who is sour scores low and
complains, of the same theme as before. The truth is that of a very large survey of the same kind.

    python benchmarks/repeated_answers.py [--surveys 300]
"""

from __future__ import annotations

import argparse
from collections import Counter

import numpy as np
import pandas as pd

from nps_nlp.insight import cells, impact_table, importance, refit, regression_design, what_if
from nps_nlp.insight.people import People
from nps_nlp.tally import Tally

THEMES = ("price", "speed", "staff")
PEOPLE, MOST = 400, 6
REPLICATES = 300
FIGURES = ("impact", "bounded", "contribution", "nps_of_mentioners", "importance", "coefficient", "what_if")


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
    tally = Tally(patterns=Counter(zip([""] * len(who), score.tolist(), said, strict=True)))
    again = np.flatnonzero(times[who] > 1)
    _, place = np.unique(who[again], return_inverse=True)
    return tally, People(place, score[again], [said[a] for a in again], np.ones(len(again)))


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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--surveys", type=int, default=300)
    options = parser.parse_args()
    truth = figures(draw(np.random.default_rng(0), 400_000)[0], None, replicates=2)["value"]
    held: dict[str, list[pd.Series]] = {"as answers": [], "as people": []}
    for seed in range(1, options.surveys + 1):
        tally, people = draw(np.random.default_rng(seed), PEOPLE)
        for name, known in (("as answers", None), ("as people", people)):
            found = figures(tally, known)
            target = truth.reindex(found.index)
            inside = (found["low"] <= target) & (target <= found["high"])
            held[name].append(inside.where(found["low"].notna() & target.notna()).astype(float))
    table = pd.DataFrame({k: pd.concat(v).groupby("figure").mean() for k, v in held.items()})
    answers = (np.mean([draw(np.random.default_rng(s), PEOPLE)[0].patterns.total() for s in range(1, 20)])).round()
    print(f"{options.surveys} surveys of {PEOPLE} people, {answers:.0f} answers on average; coverage of 95 % intervals")
    print(table.loc[list(FIGURES)].round(3).to_string())


if __name__ == "__main__":
    main()
