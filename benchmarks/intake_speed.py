"""Time and memory of intake against `pandas.read_csv`, in one run on one machine.

    python benchmarks/intake_speed.py --rows 1000000

Writes a CSV of 20 columns in Japanese and English (ids, times, scores with blanks among them, two comment columns of
which one is quoted in part and has line breaks, groups, ratings), then reads it in turn with
`pandas.read_csv(engine="c", dtype=str)`, as `nps-nlp score` does, and with all groups and comments as
`nps-nlp report` does. Prints processor seconds and ratios (the medians of `--repeat` rounds), and the memory of a
process that only does intake. Pandas checks nothing; intake decides the encoding on all bytes, accounts for every row,
looks for exact repetitions, text read in a wrong encoding, fillers and dates.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pandas as pd

from nps_nlp.intake import open_export

if TYPE_CHECKING:
    from collections.abc import Callable

REASONS = [
    "店員さんがとても親切で、料理も美味しかった。",
    "駅から遠くて少し不便でした",
    "値段は高いけれど満足しています！",
    "待ち時間が長い\nもう少し早くしてほしい",
    "特になし",
    "The staff were kind, but the room was cold.",
    "",
]
HEADINGS = [
    "回答ID", "回答日時", "NPS", "推奨の理由", "改善してほしい点", "地域", "プラン", "性別", "年代", "端末",
    *(f"満足度{i}" for i in range(1, 9)), "所要秒数", "備考",
]  # fmt: skip


def write(path: Path, rows: int) -> None:
    rng = random.Random(5)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for i in range(rows):
            score = rng.randrange(11) if rng.random() < 0.97 else ""
            writer.writerow(
                [
                    f"R{i:08}",
                    f"2024-{i % 12 + 1:02}-{i % 28 + 1:02} {i % 24:02}:{i % 60:02}:00",
                    score,
                    rng.choice(REASONS) + (str(i) if i % 3 else ""),
                    rng.choice(REASONS),
                    rng.choice(["東京", "大阪", "名古屋", "福岡"]),
                    rng.choice(["Free", "Pro", "Enterprise"]),
                    rng.choice(["男性", "女性", "回答しない"]),
                    rng.choice(["20代", "30代", "40代", "50代"]),
                    rng.choice(["iOS", "Android", "Web"]),
                    *(rng.randrange(1, 6) for _ in range(8)),
                    rng.randrange(30, 900),
                    "",
                ]
            )


def as_pandas(path: Path) -> int:
    return len(pd.read_csv(path, engine="c", dtype=str))


def as_score(path: Path) -> int:
    export = open_export(path, with_comments=False)
    export.columns = replace(export.columns, segments=())
    return sum(len(chunk) for chunk in export.chunks(50_000))


def as_report(path: Path) -> int:
    return sum(len(chunk) for chunk in open_export(path).chunks())


def seconds(read: Callable[[Path], int], path: Path) -> float:
    start = time.process_time()
    read(path)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--only", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        as_report(options.only)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "survey.csv"
        write(path, options.rows)
        size = path.stat().st_size / 1e6
        # Before anything large is loaded here: a child inherits the peak of its parent.
        command = [sys.executable, __file__, "--only", str(path)]
        memory = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
        ways = {"pandas": as_pandas, "score": as_score, "report": as_report}
        # In turn, so that what else the machine does hits all of them.
        rounds = [{name: seconds(read, path) for name, read in ways.items()} for _ in range(options.repeat)]
    pandas = median(r["pandas"] for r in rounds)
    print(f"{options.rows:,} rows of {len(HEADINGS)} columns, {size:.0f} MB; pandas {pandas:.2f} s")
    for name in ("score", "report"):
        ratios = sorted(r[name] / r["pandas"] for r in rounds)
        took = median(r[name] for r in rounds)
        print(f"intake as {name}: {took:.2f} s, {median(ratios):.2f} × pandas ({ratios[0]:.2f} to {ratios[-1]:.2f})")
    print(f"peak memory of intake alone: {memory} MiB")


if __name__ == "__main__":
    main()
