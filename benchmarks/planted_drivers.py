"""Simulated surveys with planted drivers: are they found, ranked and covered by their intervals?

    python benchmarks/planted_drivers.py --surveys 200      # truth checks
    python benchmarks/planted_drivers.py --timing           # 100,000 responses × 25 themes × 10 segments

Themes are mentioned together (five families with a correlation of 0.3 in the latent scale), moods make a writer's
mentions alike, and the score is a linear effect of who complains of and praises what, plus noise, rounded and cut
to 0–10. The classifier then gets 5 % of the mentions wrong: half change their sentiment, half their theme. How often it
errs is known from 500 labelled comments of the same kind: what `insight.corrected_drivers` takes.

How far apart the planted effects lie decides how well they can be ranked, so there are three plans, their spread in the
table: eight and sixteen drivers that all are mentioned as often, in equal steps; and sixteen whose shares differ
twelvefold, so that many true importances nearly tie.

The ranking stands beside that of an oracle which is told which drivers are planted and regresses on those alone: what
2,000 writers can tell at best where true importances lie close together.

Two kinds of truth: "noise-free" is what 500,000 writers show to a classifier without errors; "limit" is what as many
show to this classifier, the value that intervals without a correction can be expected to cover.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm, spearmanr

from nps_nlp import insight
from nps_nlp.insight.alerts import theme_alerts
from nps_nlp.insight.change_points import change_points
from nps_nlp.insight.composition import composition_difference
from nps_nlp.insight.design import SIDES, refit, regression_design
from nps_nlp.insight.difference import select_periods, theme_difference
from nps_nlp.insight.impact import impact_table
from nps_nlp.insight.importance import importance
from nps_nlp.insight.misread import MEASURES, corrected_drivers
from nps_nlp.insight.overlap import overlap_table
from nps_nlp.insight.priority import priority_map
from nps_nlp.insight.scan import scan_segments
from nps_nlp.insight.shares import relative_weights, roots
from nps_nlp.insight.what_if import what_if
from nps_nlp.tally import ALL, NEGATIVE, POSITIVE, Tally

THEMES = tuple(f"t{i:02d}" for i in range(25))
TRUTH_WRITERS = 500_000
FEWER = 0.5
LABELLED = 500
WITHOUT_ERRORS = dict.fromkeys(THEMES, 1e9 * np.eye(3, 4))


@dataclass(frozen=True)
class Plan:
    """Share of mentions and planted effect (score points) of every theme's complaints and praise."""

    name: str
    share: np.ndarray
    blame: np.ndarray
    praise: np.ndarray

    def effects(self) -> dict[str, float]:
        pairs = zip(THEMES, self.blame, self.praise, strict=True)
        found = {f"{t}:{side}": float(e) for t, b, p in pairs for side, e in (("negative", b), ("positive", p))}
        return {name: effect for name, effect in found.items() if effect}


def plans() -> list[Plan]:
    def at(first: int, values: list[float]) -> np.ndarray:
        return np.array([0.0] * first + values + [0.0] * (len(THEMES) - first - len(values)))

    even = np.full(len(THEMES), 0.10)
    uneven = np.random.default_rng(5).permutation(np.geomspace(0.25, 0.02, len(THEMES)))
    none = at(0, [])
    steps = np.linspace(0.2, 3.2, 16)
    blame, praise = [-3.0, -2.6, -2.2, -1.8, -1.5, -1.2, -0.9, -0.6], [2.0, 1.7, 1.4, 1.2, 1.0, 0.8, 0.6, 0.4]
    return [
        Plan("eight apart", even, at(0, [-3.2, -2.8, -2.4, -2.0, -1.6, -1.2, -0.8, -0.4]), none),
        Plan("sixteen apart", even, at(0, (-steps[1::2]).tolist()), at(8, steps[::2].tolist())),
        Plan("sixteen crowded", uneven, at(0, blame), at(4, praise)),
    ]


def draw(plan: Plan, n: int, rng: np.random.Generator, noise: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what the classifier reads (states, n × themes), the scores, and what is said."""
    k = len(THEMES)
    family = rng.normal(size=(n, 5))[:, np.arange(k) % 5]
    mentioned = np.sqrt(0.3) * family + np.sqrt(0.7) * rng.normal(size=(n, k)) > norm.isf(plan.share)
    mood = np.sqrt(0.25) * rng.normal(size=(n, 1)) + np.sqrt(0.75) * rng.normal(size=(n, k))
    state = np.where(mentioned, np.where(mood < 0, NEGATIVE, POSITIVE), 0)
    latent = 7.5 + (state == NEGATIVE) @ plan.blame + (state == POSITIVE) @ plan.praise
    score = np.clip(np.rint(latent + rng.normal(0, 2, n)), 0, 10).astype(int)
    said = state.copy()
    wrong = mentioned & (rng.random((n, k)) < noise)
    turned = wrong & (rng.random((n, k)) < 0.5)
    state[turned] ^= NEGATIVE | POSITIVE
    who, theme = np.nonzero(wrong & ~turned)
    moved = state[who, theme]
    state[who, theme] = 0
    np.bitwise_or.at(state, (who, rng.integers(0, k, len(who))), moved)
    return state, score, said


def known_readings(plan: Plan, rng: np.random.Generator, noise: float) -> dict[str, np.ndarray]:
    """Count, by theme, what is said by what is read, in labelled comments of the same kind."""
    read, _, said = draw(plan, LABELLED, rng, noise)
    return {
        theme: np.array(
            [[((said[:, t] == true) & (read[:, t] == given)).sum() for given in range(4)] for true in range(3)]
        )
        for t, theme in enumerate(THEMES)
    }


def patterns(state: np.ndarray, score: np.ndarray, period: str = ALL) -> Counter:
    rows = np.column_stack([score, state]).astype(np.int8)
    cells, counts = np.unique(rows, axis=0, return_counts=True)
    return Counter(
        {
            (period, int(c[0]), tuple((THEMES[t], int(c[t + 1])) for t in np.flatnonzero(c[1:]))): int(n)
            for c, n in zip(cells, counts, strict=True)
        }
    )


def measure(
    state: np.ndarray, score: np.ndarray, seed: int, replicates: int, readings: dict[str, np.ndarray] | None = None
) -> pd.DataFrame:
    """Return importance, coefficient, impact and what-if of every driver, with their limits, indexed by driver.

    Where the errors of the classifier are known, corrected figures stand beside them.
    """
    design = regression_design(Tally(patterns=patterns(state, score)), THEMES)
    refits = refit(design, seed=seed, replicates=replicates)
    table = importance(design, refits).table.query("left_out == ''").set_index("driver")
    change = what_if(design, fewer=FEWER)
    change.index = pd.Index([f"{t}:negative" for t in change["theme"]])
    columns = ["associated_change", "associated_change_ci_low", "associated_change_ci_high"]
    table = table.join(change[columns])
    plain = corrected_drivers(design, refits, WITHOUT_ERRORS, seed=seed).set_index("driver")
    table = table.join(plain[["impact", "impact_ci_low", "impact_ci_high"]])
    if readings is None:
        return table
    fixed = corrected_drivers(design, refits, readings, seed=seed).set_index("driver")
    return table.join(fixed[[c for c in fixed if c.startswith(MEASURES)]].add_prefix("corrected "))


def covered(table: pd.DataFrame, truth: pd.DataFrame, column: str) -> pd.Series:
    true = truth[column.removeprefix("corrected ")].reindex(table.index)
    inside = (table[f"{column}_ci_low"] <= true) & (true <= table[f"{column}_ci_high"])
    return inside[table[column].notna()]


def oracle(state: np.ndarray, score: np.ndarray, planted: list[str]) -> np.ndarray:
    """Return the relative weights of the planted drivers in the regression on them alone."""
    said = np.column_stack(
        [(state[:, THEMES.index(t)] & SIDES[side]) > 0 for t, side in (d.split(":") for d in planted)]
    )
    correlation = np.corrcoef(np.column_stack([said.astype(float), score]), rowvar=False)
    decomposed = roots(correlation[:-1, :-1], correlation[:-1, -1])
    return relative_weights(decomposed.root, decomposed.slopes)


def check(plan: Plan, n: int, surveys: int, noise: float) -> dict[str, float]:
    """Return the figures of one plan, in percent but for Spearman's correlations."""
    truths = {
        name: measure(*draw(plan, TRUTH_WRITERS, np.random.default_rng(1), share)[:2], seed=1, replicates=0)
        for name, share in (("noise-free", 0.0), ("limit", noise))
    }
    planted = list(plan.effects())
    size = [abs(e) for e in plan.effects().values()]
    rng, labels = np.random.default_rng(2), np.random.default_rng(3)
    rows = []
    for survey in range(surveys):
        state, score, _ = draw(plan, n, rng, noise)
        table = measure(state, score, survey, 500, known_readings(plan, labels, noise) if noise else None)
        found = table[table["q"] < 0.05].index
        ranked, effect = (table[c].abs().reindex(planted).fillna(0) for c in ("importance", "coefficient"))
        rows.append(
            {
                "rank by importance": spearmanr(ranked, truths["noise-free"]["importance"][planted])[0],
                "… of the oracle": spearmanr(
                    oracle(state, score, planted), truths["noise-free"]["importance"][planted]
                )[0],
                "rank by effect": spearmanr(effect, size)[0],
                "false drivers %": 100 * np.mean([d not in planted for d in found]) if len(found) else 0.0,
                "planted found %": 100 * np.mean([d in found for d in planted]),
            }
        )
        corrected = [f"corrected {m}" for m in MEASURES if noise]
        for column in (*MEASURES, "associated_change", *corrected):
            for name, truth in truths.items():
                if name == "limit" and column in corrected:
                    continue
                inside = covered(table, truth, column)
                of_planted = inside[inside.index.isin(planted)]
                rows[-1][f"{column}, {name}, planted"] = 100 * of_planted.mean()
                if name == "limit" or column in corrected:
                    rows[-1][f"{column}, {name}, others"] = 100 * inside[~inside.index.isin(planted)].mean()
    true = truths["noise-free"]["importance"][planted].sort_values()
    spread = {"true importances from %": 100 * true.iloc[0], "to %": 100 * true.iloc[-1]}
    return spread | {"median step %": 100 * true.diff().median()} | pd.DataFrame(rows).mean().to_dict()


def truth_checks(n: int, surveys: int) -> pd.DataFrame:
    figures = {
        (plan.name, f"{noise:.0%} noise"): check(plan, n, surveys, noise) for plan in plans() for noise in (0.0, 0.05)
    }
    return pd.DataFrame(figures)


def big_tally(n: int, rng: np.random.Generator) -> Tally:
    """Return a survey of n writers over 24 months with ten segments, one of them with 5,000 values."""
    result = Tally()
    state, score, _ = draw(plans()[-1], n, rng, 0.05)
    month = rng.integers(0, 24, n)
    names = [f"{2024 + m // 12}-{m % 12 + 1:02d}" for m in range(24)]
    for m, name in enumerate(names):
        result.patterns.update(patterns(state[month == m], score[month == m], name))
    who, theme = np.nonzero(state)
    said = state[who, theme]
    for s, groups in enumerate([1, 2, 3, 5, 8, 12, 20, 20, 47, 100, 5000]):
        label = ALL if groups == 1 else f"segment {s}"
        value = rng.integers(0, groups, n)
        text = [ALL if groups == 1 else f"group {v}" for v in range(groups)]
        cells, counts = np.unique(np.column_stack([value, month, score]), axis=0, return_counts=True)
        told = [(label, text[v], names[m], y) for v, m, y in cells.tolist()]
        for name in ("responses", "writers"):
            result.count(name, told, counts.tolist())
        keys = np.column_stack([value[who], theme, said, score[who]])
        cells, counts = np.unique(keys, axis=0, return_counts=True)
        told = [(label, text[v], THEMES[t], state_of, y) for v, t, state_of, y in cells.tolist()]
        result.count("mentions", told, counts.tolist())
    return result


def timing(n: int) -> pd.DataFrame:
    """Return the seconds of every table on n responses."""
    tally = big_tally(n, np.random.default_rng(7))
    print(f"{n:,} writers, {len(tally.patterns):,} patterns, {len(tally.mentions):,} mention counts", flush=True)
    rows: dict[str, list[float]] = {}

    def timed(name: str, function):
        start = time.perf_counter(), time.process_time()
        value = function()
        rows[name] = [time.perf_counter() - start[0], time.process_time() - start[1]]
        return value

    data = timed("cells", lambda: insight.cells(tally, THEMES))
    timed("impacts (1,000 replicates)", lambda: impact_table(data, seed=1))
    timed("cross-tab", lambda: insight.crosstab(data))
    trend = timed("segments, trends", lambda: small_tables(tally))
    design = timed("design", lambda: regression_design(tally, THEMES))
    refits = timed("refits (500 replicates)", lambda: refit(design, seed=1))
    result = timed("importance", lambda: importance(design, refits))
    timed("what-if", lambda: what_if(design))
    timed("overlap", lambda: overlap_table(data))
    timed("priority map", lambda: priority_map(data, result))
    sides = timed("two periods", lambda: halves(tally))
    timed("theme difference", lambda: theme_difference(*(insight.cells(s, THEMES) for s in sides), seed=1))
    timed("composition (10 segments)", lambda: compositions(*sides))
    timed("alerts", lambda: theme_alerts(tally, THEMES))
    timed("change points", lambda: change_points(trend))
    timed("scan of segments", lambda: scan_segments(tally, THEMES))
    rows["all"] = np.sum(list(rows.values()), axis=0).tolist()
    return pd.DataFrame.from_dict(rows, orient="index", columns=["seconds", "of one processor"])


def small_tables(tally: Tally) -> pd.DataFrame:
    insight.segment_table(tally, 0.95)
    insight.segment_themes(tally, THEMES)
    insight.theme_trend(tally, THEMES)
    return insight.trend_table(tally, 0.95)


def halves(tally: Tally) -> tuple[Tally, Tally]:
    return select_periods(tally, last="2024-12"), select_periods(tally, first="2025-01")


def compositions(before: Tally, after: Tally) -> None:
    for segment in sorted({key[0] for key in before.responses} - {ALL}):
        composition_difference(before, after, segment, seed=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--surveys", type=int, default=200)
    parser.add_argument("--writers", type=int, default=2000)
    parser.add_argument("--timing", action="store_true")
    options = parser.parse_args()
    if options.timing:
        print(timing(100_000).round(2).to_string())
        return
    print(f"{options.surveys} surveys of {options.writers:,} writers, {len(THEMES)} themes × 2 sentiments\n")
    print(truth_checks(options.writers, options.surveys).round(3).to_string())


if __name__ == "__main__":
    main()
