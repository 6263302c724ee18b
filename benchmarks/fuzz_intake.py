"""Damage exports of every kind at random, and check that intake refuses them in a sentence or accounts for every row.

    python benchmarks/fuzz_intake.py --executions 100000 --seed 1

Each execution takes one fixture (every survey tool, encoding and file format that the tests know, and spreadsheets of
no tool), damages its bytes one to four times (cut off, bytes flipped, pieces removed, repeated or swapped, quotes and
line ends strewn in, rows shuffled, some lines in another encoding, two files joined) and reads it through
`open_export` and its chunks. What counts as a crash: any exception but `NpsNlpError`; rows read that are neither kept
nor set aside; a score outside 0-10; two readings of one file that differ (one file in ten is read twice, in small
chunks); more than ten seconds.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import sys
import tempfile
import time
import traceback
import warnings
import zipfile
from collections import Counter
from pathlib import Path

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent))

from nps_nlp.errors import NpsNlpError
from nps_nlp.intake import open_export
from tests.intake.samples import csv_text, ja_rows
from tests.intake.samples_nps_tools import EXPORTS
from tests.intake.samples_unlisted import UNLISTED

ROWS = 14
ENCODINGS = ("utf-8", "utf-8-sig", "cp932", "euc_jp", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "iso2022_jp")
SLOW = 10.0


def fixtures(folder: Path) -> dict[str, bytes]:
    found = {name: shape.write(shape.rows[: shape.head + ROWS]) for name, shape in EXPORTS.items()}
    found |= {name: content() for name, content in UNLISTED.items()}
    rows = [[cell.replace("😀", "！") for cell in row] for row in ja_rows(ROWS)]
    text = csv_text(rows)
    found |= {f"csv {encoding}": text.encode(encoding) for encoding in ENCODINGS}
    found["cp1252"] = b"NPS;why\n" + "".join(f"{i % 11};café {i}, très bien\n" for i in range(ROWS)).encode("cp1252")
    found["clipboard"] = csv_text(rows, "\t").encode()
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    for kind in ("json", "jsonl", "parquet", "feather", "xlsx", "ods"):
        path = folder / f"a.{kind}"
        write = {
            "json": lambda p: frame.to_json(p, orient="records", force_ascii=False),
            "jsonl": lambda p: frame.to_json(p, orient="records", lines=True, force_ascii=False),
            "parquet": lambda p: frame.to_parquet(p, index=False),
            "feather": frame.to_feather,
            "xlsx": lambda p: frame.to_excel(p, index=False),
            "ods": lambda p: frame.to_excel(p, index=False, engine="odf"),
        }[kind]
        write(path)
        found[kind] = path.read_bytes()
    import pyreadstat

    numbers = frame.assign(NPS=frame["NPS"].astype(float))
    numbers.columns = ["date", "NPS", "why", "sex"]
    pyreadstat.write_sav(numbers, folder / "a.sav")
    pyreadstat.write_dta(numbers, folder / "a.dta")
    found |= {"sav": (folder / "a.sav").read_bytes(), "dta": (folder / "a.dta").read_bytes()}
    found["gzip"] = gzip.compress(text.encode("cp932"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("回答.csv", text)
        archive.writestr("codebook.csv", "code,meaning\n1,yes\n")
    found["zip"] = packed.getvalue()
    return found


def damaged(data: bytes, others: list[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(DAMAGES)(bytearray(data or b"\n"), others, rng)
    return data


def cut(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    return bytes(data[: rng.randrange(len(data) + 1)])


def flip(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    for _i in range(rng.choice((1, 2, 8, 64))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return bytes(data)


def remove(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    del data[start : start + rng.choice((1, 2, 3, 30, 300))]
    return bytes(data)


def repeat(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.choice((1, 10, 200))]
    at = rng.randrange(len(data))
    data[at:at] = piece * rng.choice((1, 1, 2, 20))
    return bytes(data)


def strew(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    signs = (
        b'"',
        b",",
        b"\r",
        b"\n",
        b"\r\n",
        b"\x00",
        b"\t",
        b";",
        b"'",
        b"\\",
        b"\xff",
        b"\xef\xbb\xbf",
        b"{",
        b"\x1b$B",
    )
    for _i in range(rng.choice((1, 1, 3, 20))):
        at = rng.randrange(len(data))
        data[at:at] = rng.choice(signs)
    return bytes(data)


def line_ends(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    lines = bytes(data).splitlines()
    return b"".join(line + rng.choice((b"\n", b"\r\n", b"\r", b"\n\n")) for line in lines)


def shuffle(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    lines = bytes(data).splitlines(keepends=True)
    rng.shuffle(lines)
    return b"".join(lines)


def recode(data: bytearray, _: list[bytes], rng: random.Random) -> bytes:
    lines = bytes(data).splitlines(keepends=True)
    there, here = rng.choice(("utf-8", "cp932", "latin-1")), rng.choice(ENCODINGS)
    for at in range(len(lines)):
        if rng.random() < 0.3:
            lines[at] = lines[at].decode(there, "replace").encode(here, "replace")
    return b"".join(lines)


def join(data: bytearray, others: list[bytes], rng: random.Random) -> bytes:
    return bytes(data) + rng.choice(others)


DAMAGES = (cut, flip, remove, repeat, strew, line_ends, shuffle, recode, join)


def outcome(path: Path, *, often: bool) -> str:
    """Return what became of a file, after checking its account; often: in small chunks, and twice."""
    try:
        first = read(path, 7 if often else 5_000)
        if often and first != read(path, 5_000):
            raise AssertionError("two readings differ")
    except NpsNlpError as error:
        return "refused" if str(error).strip() else "refused without a word"
    return "read"


def read(path: Path, rows: int) -> dict[str, int]:
    export = open_export(path)
    kept = 0
    for chunk in export.chunks(rows):
        kept += len(chunk)
        assert len(chunk) == len(chunk.comments) == len(chunk.segments) == chunk.log.kept
        assert chunk.responses["score"].between(0, 10).all()
    log = export.log
    assert log.read == log.kept + len(log.quarantined), "a row is not accounted for"
    assert kept == log.kept
    return log.rows()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executions", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("error", ResourceWarning)
    ends, crashes, slowest = Counter[str](), Counter[str](), 0.0
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        samples = fixtures(folder)
        names, others = list(samples), list(samples.values())
        began = time.perf_counter()
        for number in range(options.executions):
            # Any execution can be run again alone: its seed is its own.
            rng = random.Random(f"{options.seed}/{number}")
            kind = names[number % len(names)]
            path = folder / "export.csv"
            path.write_bytes(damaged(samples[kind], others, rng) if number >= len(names) else samples[kind])
            start = time.process_time()
            try:
                ends[outcome(path, often=number % 10 == 0)] += 1
            except Exception as error:  # noqa: BLE001 - any is a find
                where = traceback.extract_tb(error.__traceback__)[-1]
                found = f"{kind}: {type(error).__name__} at {Path(where.filename).name}:{where.lineno} {error}"[:200]
                if found not in crashes:
                    print(f"crash in execution {number}: {found}", flush=True)
                crashes[found] += 1
            took = time.process_time() - start
            slowest = max(slowest, took)
            if took > SLOW:
                crashes[f"{kind}: {took:.0f} s"] += 1
            if number < len(names) and ends["read"] != number + 1:
                print(f"{kind}: the undamaged fixture is not read")
                ends["read"] = number + 1
        took = time.perf_counter() - began
    print(
        f"{options.executions:,} executions over {len(names)} fixtures, seed {options.seed}, {took:.0f} s: "
        f"{ends['read']:,} read and accounted for, {ends['refused']:,} refused in a sentence, "
        f"{crashes.total():,} crashes; slowest {slowest:.1f} s"
    )
    sys.exit(bool(crashes))


if __name__ == "__main__":
    main()
