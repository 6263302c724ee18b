"""Do drivers read from comments agree with the respondents' own satisfaction ratings? (Fukui visitor survey)

    python benchmarks/satisfaction_agreement.py ../shared/data/fukui [--files 6] [--model encoder]

The visitors rate the goods and services and the transport within the prefecture from 1 to 5. Those ratings are never
shown to the classifier: they enter the Tally as segments. Two sources of comments are read apart: the question "why
this rating", which is about the same thing by construction, and all other questions.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from nps_nlp.classify import DEFAULT_MODEL, load_classifier
from nps_nlp.classify.annotate import Annotator
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.insight.design import regression_design
from nps_nlp.insight.regression import linear_fit
from nps_nlp.intake.export import open_export
from nps_nlp.tally import NEGATIVE, POSITIVE, Tally, tally

LEVELS = {"とても不満": 1, "不満": 2, "どちらでもない": 3, "満足": 4, "とても満足": 5}
RATINGS = {"goods and services": "満足度(商品・サービス)", "transport": "福井県内での交通手段の満足度"}
OTHER_QUESTIONS = ("満足度の理由", "不便さの内容", "推奨項目", "施設に求めるもの", "福井県に求めるもの")
MIN_MENTIONS = 30


def read(files: list[Path], comments: tuple[str, ...], annotator: Annotator) -> Tally:
    total = Tally()
    for chunk in open_export(files, score="NPS", comments=comments, segments=tuple(RATINGS.values())).chunks(10_000):
        total.absorb(tally(chunk, annotator.annotate(chunk)))
    return total


def by_level(counter: dict, heading: str, keep) -> np.ndarray:
    """Count writers by rating 1 to 5; who did not rate is left out."""
    counts = np.zeros(5)
    for key, n in counter.items():
        if key[0] == heading and key[1] in LEVELS and keep(key):
            counts[LEVELS[key[1]] - 1] += n
    return counts


def higher(a: np.ndarray, b: np.ndarray) -> float:
    """Return the chance that one of a rates higher than one of b, ties counted half (Mann & Whitney 1947)."""
    below = np.cumsum(b) - b
    return float((a * (below + b / 2)).sum() / (a.sum() * b.sum()))


def agreement(total: Tally, heading: str, themes: tuple[str, ...]) -> pd.DataFrame:
    """Return, by theme, the ratings of those who blame and of those who praise it."""
    writers = by_level(total.writers, heading, lambda _: True)
    level = np.arange(1, 6)
    rows = []
    for theme in themes:
        blame, praise = (
            by_level(total.mentions, heading, lambda k, t=theme, s=side: k[2] == t and k[3] & s)
            for side in (NEGATIVE, POSITIVE)
        )
        if min(blame.sum(), praise.sum()) >= MIN_MENTIONS:
            rest = writers - blame
            gap = blame @ level / blame.sum() - rest @ level / rest.sum()
            rows.append((theme, int(blame.sum()), int(praise.sum()), gap, higher(praise, blame)))
    columns = ["theme", "blame", "praise", "rating gap of blame", "praise rates higher than blame"]
    return pd.DataFrame(rows, columns=columns).set_index("theme")


def with_drivers(table: pd.DataFrame, total: Tally, themes: tuple[str, ...]) -> pd.DataFrame:
    """Add how much lower the 0–10 score of those who blame a theme is, everything else said alike."""
    design = regression_design(total, themes)
    fit = linear_fit(design, design.score.astype(float))
    slopes = {d.theme: c for d, c in zip(design.drivers, fit.coefficients, strict=True) if d.polarity == "negative"}
    return table.assign(**{"effect on the score": pd.Series(slopes)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=39, help="newest months to read")
    parser.add_argument("--model", default=DEFAULT_MODEL, help="as of nps-nlp report (default: %(default)s)")
    options = parser.parse_args()
    files = sorted(options.folder.glob("*.csv"))[-options.files :]
    taxonomy = load_taxonomy("tourism")
    annotator = Annotator(load_classifier(options.model, cache=True), taxonomy)
    others = read(files, OTHER_QUESTIONS, annotator)
    for name, heading in RATINGS.items():
        own = read(files, (f"{heading}の理由",), annotator)
        for source, total in (("why this rating", own), ("all other questions", others)):
            table = with_drivers(agreement(total, heading, taxonomy.ids), total, taxonomy.ids)
            rho = spearmanr(table["rating gap of blame"], table["effect on the score"], nan_policy="omit")[0]
            n = int(by_level(total.writers, heading, lambda _: True).sum())
            print(f"\n{name}, comments: {source} ({n:,} raters who wrote)")
            print(table.sort_values("rating gap of blame").round(2).to_string())
            print(f"themes that go with a lower score also go with a lower rating: Spearman {rho:.2f}")


if __name__ == "__main__":
    main()
