"""Time and memory of the whole report against raw fugashi tokenisation and pandas, in one run on one machine.

    python benchmarks/report_speed.py ../shared/data/fukui

Prints ratios: the report (all files written) over raw fugashi tokenisation of the same answers (nodes with lemma and
part of speech, one process), `nps-nlp score` (start of the process included) over `pandas.read_csv` of the same files.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from fugashi import Tagger

from nps_nlp.intake import read_export


def seconds_of_command(*arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "nps_nlp", *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def seconds_of_tokenising(folder: Path) -> tuple[float, int]:
    comments = read_export(folder).comments
    texts = [t for column in comments for t in comments[column] if t]
    tagger = Tagger()
    start = time.perf_counter()
    for text in texts:
        for word in tagger(text):
            _ = word.feature.lemma, word.pos
    return time.perf_counter() - start, len(texts)


def seconds_of_pandas(folder: Path) -> float:
    start = time.perf_counter()
    for path in sorted(folder.glob("*.csv")):
        pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of CSV exports with Japanese comments")
    folder = parser.parse_args().folder
    pandas = min(seconds_of_pandas(folder) for _ in range(3))
    score = min(seconds_of_command("score", str(folder)) for _ in range(3))
    with tempfile.TemporaryDirectory() as out:
        report = seconds_of_command("report", str(folder), "--out", out)
    # The largest child so far is the report: it alone holds a text model and the tables.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    fugashi, texts = min(seconds_of_tokenising(folder) for _ in range(2))
    print("| measure | seconds | ratio |")
    print("|---|---|---|")
    print(f"| raw fugashi, {texts:,} answers | {fugashi:.1f} | 1 |")
    print(f"| `nps-nlp report` | {report:.1f} | {report / fugashi:.1f} × fugashi |")
    print(f"| pandas.read_csv | {pandas:.2f} | 1 |")
    print(f"| `nps-nlp score` | {score:.2f} | {score / pandas:.1f} × pandas |")
    print(f"\nPeak memory of the report: {peak:.2f} GiB")


if __name__ == "__main__":
    main()
