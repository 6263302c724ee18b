"""How long everything beside the classification takes: 100,000 responses × 24 themes × 10 segments.

Draws annotated answers without a classifier, chunk by chunk as they would be read, then times what the product does
with them: counting, every table of the Analysis, and the report in all its forms. Seconds are of the processor, so that
other work on the machine counts less; memory is the peak of the whole process. Nearly every writer drawn here says
something that nobody else says, so that the Tally is as large as it can be.

    python benchmarks/analysis_speed.py [--responses 100000] [--weighted]
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from nps_nlp.analysis import build_analysis
from nps_nlp.classify.annotate import Answer, Statement
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.intake.export import CHUNK_ROWS
from nps_nlp.intake.frame import SurveySource
from nps_nlp.privacy.masker import Masker
from nps_nlp.settings import Settings
from nps_nlp.survey import Columns, IntakeLog, Rating, Survey
from nps_nlp.tally import Tally, tally

SEGMENTS, GROUPS, WRITE = 10, 12, 0.8


def make(n: int, *, weighted: bool, seed: int = 1) -> Survey:
    """Draw responses with ten segments, two years of dates, CSAT, and weights where asked for."""
    rng = np.random.default_rng(seed)
    days = pd.to_datetime("2024-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D")
    responses = pd.DataFrame(
        {
            "file": "made.csv",
            "row": np.arange(2, n + 2),
            "respondent": [f"r{i}" for i in range(n)],
            "score": np.clip(np.round(rng.normal(7, 2.2, n)), 0, 10).astype("int8"),
            "date": days.astype("datetime64[s]"),
        }
    )
    if weighted:
        responses["weight"] = rng.gamma(4, 0.25, n).clip(0.05)
    segments = pd.DataFrame({f"segment {k}": rng.integers(0, GROUPS, n).astype(str) for k in range(SEGMENTS)})
    columns = Columns(
        "score",
        ("why",),
        date="date",
        segments=tuple(segments.columns),
        weight="weight" if weighted else None,
        ratings=(Rating("satisfaction", "csat", 1, 5),),
    )
    ratings = pd.DataFrame({"satisfaction": rng.integers(1, 6, n).astype("int8")})
    comments = pd.DataFrame({"why": ["a comment"] * n}, dtype="str")
    return Survey(responses, comments, segments.astype("str"), columns, IntakeLog(read=n, kept=n), ratings)


def annotate(chunk: Survey, themes: tuple[str, ...], rng: np.random.Generator) -> list[Answer]:
    """Draw what the classifier would say: one to four statements on one or two themes each."""
    answers = []
    popularity = 1 / np.arange(2, len(themes) + 2)
    popularity /= popularity.sum()
    for respondent in np.flatnonzero(rng.random(len(chunk)) < WRITE).tolist():
        text = f"comment {int(rng.integers(1_000_000))} of a customer"
        statements = []
        for _ in range(int(rng.integers(1, 5))):
            said = tuple(
                themes[k] for k in rng.choice(len(themes), int(rng.integers(1, 3)), replace=False, p=popularity)
            )
            sentiment = ("negative", "positive", "neutral", "mixed")[int(rng.choice(4, p=[0.4, 0.45, 0.1, 0.05]))]
            confidence = tuple(0.8 for _ in said)
            words = (f"word{int(rng.integers(300))}", "customer")
            statements.append(Statement(0, len(text), "en", sentiment, 0.9, "opinion", said, confidence, words))
        answers.append(Answer(respondent, "why", text, tuple(statements)))
    return answers


def main() -> None:
    """Time the parts and print them."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--responses", type=int, default=100_000)
    parser.add_argument("--weighted", action="store_true")
    options = parser.parse_args()
    taxonomy = load_taxonomy("tourism")
    themes = taxonomy.ids
    rng, total, counted = np.random.default_rng(2), Tally(), 0.0
    for number in range(options.responses // CHUNK_ROWS):
        chunk = make(CHUNK_ROWS, weighted=options.weighted, seed=number)
        answers = annotate(chunk, themes, rng)
        start = time.process_time()
        tally(chunk, answers, into=total)
        counted += time.process_time() - start
    source = SurveySource(chunk)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    model = SimpleNamespace(name="none", fingerprint="0")
    settings = Settings(
        taxonomy, automatic=False, classifier=model, language="en", confidence=0.95, seed=1, masker=Masker(on=False)
    )  # type: ignore[arg-type]
    start = time.process_time()
    analysis = build_analysis(total, source, settings)
    tables = time.process_time() - start
    with tempfile.TemporaryDirectory() as folder:
        start = time.process_time()
        analysis.to_json()
        analysis.to_html(Path(folder) / "report.html")
        analysis.to_excel(Path(folder) / "report.xlsx")
        written = time.process_time() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{options.responses:,} responses, {len(themes)} themes, {SEGMENTS} segments, weighted: {options.weighted}")
    print(f"patterns {len(total.patterns):,}, mentions {len(total.mentions):,}")
    print(
        f"count {counted:.1f} s, tables {tables:.1f} s, report {written:.1f} s, all {counted + tables + written:.1f} s"
    )
    print(f"memory {before / 1024:.0f} MiB when counted, {after / 1024:.0f} MiB at the end")


if __name__ == "__main__":
    main()
