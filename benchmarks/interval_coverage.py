"""Simulated coverage of every NPS interval, as markdown tables.

    python benchmarks/interval_coverage.py --replications 5000

Draws surveys from known shares of promoters, passives and detractors and counts how often each 95 % interval
holds the true score, or the true difference of two. Every distinct survey is computed once, so the cost grows
slowly with the replications. A cell is bold where coverage lies more than 1.5 points below 95 %.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from nps_nlp.scoring import METHODS, nps_test, nps_test_paired

SIZES = [20, 50, 100, 200, 400, 1000, 2000]
SHAPES = {
    "even 45/30/25": (0.45, 0.30, 0.25),
    "Japanese 12/38/50": (0.12, 0.38, 0.50),
    "loved 80/15/5": (0.80, 0.15, 0.05),
    "adored 95/4/1": (0.95, 0.04, 0.01),
    "disliked 3/12/85": (0.03, 0.12, 0.85),
    "indifferent 4/92/4": (0.04, 0.92, 0.04),
    "polarised 50/2/48": (0.50, 0.02, 0.48),
}
# First and second group or wave, and how many of the paired respondents simply repeat their first answer.
PAIRS = [
    ("even 45/30/25", "even 45/30/25", 0.6),
    ("even 45/30/25", "Japanese 12/38/50", 0.3),
    ("loved 80/15/5", "adored 95/4/1", 0.5),
    ("disliked 3/12/85", "even 45/30/25", 0.2),
    ("indifferent 4/92/4", "polarised 50/2/48", 0.0),
]
LEVEL, TOLERANCE = 95.0, 1.5


def share_covered(low: np.ndarray, high: np.ndarray, truth: float, times: np.ndarray) -> float:
    """Return the percentage of surveys whose interval holds the truth (limits equal to it to rounding do)."""
    return float(np.average(100.0 * ((low <= truth + 1e-9) & (truth - 1e-9 <= high)), weights=times))


def single_scores(replications: int, seed: int, sizes: list[int]) -> pd.DataFrame:
    """Return coverage (%) and mean length (NPS points) by shape, n and method."""
    rng = np.random.default_rng(seed)
    rows = []
    for shape, shares in SHAPES.items():
        truth = 100 * (shares[0] - shares[2])
        for n in sizes:
            surveys, times = np.unique(rng.multinomial(n, shares, size=replications), axis=0, return_counts=True)
            for method, interval in METHODS.items():
                low, high = interval(*surveys.T.astype(float), LEVEL / 100)
                row = {"shape": shape, "n": n, "method": method}
                row["coverage"] = share_covered(low, high, truth, times)
                row["length"] = np.average(high - low, weights=times)
                rows.append(row)
    return pd.DataFrame(rows)


def differences(replications: int, seed: int, sizes: list[int]) -> pd.DataFrame:
    """Return coverage (%) of the independent and of the paired comparison."""
    rng = np.random.default_rng(seed)
    rows = []
    for first, second, repeating in PAIRS:
        a, b = np.array(SHAPES[first]), np.array(SHAPES[second])
        joint = repeating * np.diag(a) + (1 - repeating) * np.outer(a, b)
        after = joint.sum(axis=0)
        for n in sizes:
            two = np.hstack([rng.multinomial(n, shares, size=replications) for shares in (a, b)])
            tables = rng.multinomial(n, joint.ravel(), size=replications)
            row = {"pair": f"{first} → {second}", "n": n}
            for name, drawn, test, truth in (
                (
                    "independent",
                    two,
                    lambda x: nps_test(x[:3], x[3:]),
                    b @ [100, 0, -100] - a @ [100, 0, -100],
                ),
                ("paired", tables, lambda x: nps_test_paired(x.reshape(3, 3)), (after - a) @ [100, 0, -100]),
            ):
                surveys, times = np.unique(drawn, axis=0, return_counts=True)
                results = [test(survey) for survey in surveys]
                low, high = np.array([(result.ci_low, result.ci_high) for result in results]).T
                row[name] = share_covered(low, high, truth, times)
            rows.append(row)
    return pd.DataFrame(rows).set_index(["pair", "n"])


def markdown(table: pd.DataFrame, flag_below: float = -np.inf) -> str:
    """Return a table as markdown, with the cells below a value in bold."""
    heading = "| " + " | ".join([*table.index.names, *table.columns]) + " |"
    lines = [heading, "|---" * table.index.nlevels + "|---:" * table.shape[1] + "|"]
    for index, row in table.iterrows():
        cells = [f"**{value:.1f}**" if value < flag_below else f"{value:.1f}" for value in row]
        lines.append("| " + " | ".join([*map(str, index), *cells]) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--replications", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=2016)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options = parser.parse_args()
    single = single_scores(options.replications, options.seed, options.sizes)
    error = 100 * np.sqrt(0.95 * 0.05 / options.replications)
    print(f"Coverage of 95 % intervals in %: {options.replications:,} surveys a row, ±{2 * error:.1f}.")
    print(f"Bold: more than {TOLERANCE} points below 95.\n")
    flag = LEVEL - TOLERANCE
    print(markdown(single.pivot_table("coverage", ["shape", "n"], "method", sort=False), flag))
    print("\nMean length in NPS points.\n")
    print(markdown(single.pivot_table("length", ["shape", "n"], "method", sort=False)))
    print("\nOver the shapes: least, mean and greatest coverage.\n")
    grouped = single.groupby(["method", "n"], sort=False)["coverage"]
    print(markdown(grouped.agg(["min", "mean", "max"]), flag))
    print("\nDifferences of two scores: two groups, and the same respondents twice.\n")
    print(markdown(differences(min(options.replications, 2000), options.seed, options.sizes), flag))


if __name__ == "__main__":
    main()
