"""How much personal data is found, and how much of what is masked is personal data.

    python benchmarks/pii_masking.py [--errors]

reads the marked comments of ``tests/privacy``. A mark counts as found when every letter and digit of it is masked as
its own kind, as hidden when they are masked as any kind; a mask is right when it shares one with a mark of its kind.
The rules were tuned on ``dev`` alone.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from nps_nlp.privacy.find import MASKS, find_personal_data

COMMENTS = Path(__file__).parent.parent / "tests" / "privacy"


def places(text: str, start: int, end: int) -> set[int]:
    return {i for i in range(start, end) if text[i].isalnum()}


def compare(row: dict, counts: Counter) -> list[str]:
    text, wrong = row["text"], []
    marks = [(kind, places(text, a, b), text[a:b]) for a, b, kind in row["spans"]]
    masks = [(f.kind, places(text, f.start, f.end), text[f.start : f.end]) for f in find_personal_data(text)]
    for kind, place, words in marks:
        same = set().union(*(p for k, p, _ in masks if k == kind))
        anything = set().union(*(p for _, p, _ in masks))
        counts[kind, "marks"] += 1
        counts[kind, "found"] += place <= same
        counts[kind, "hidden"] += place <= anything
        if not place <= same:
            wrong.append(f"  missed {kind} {words!r}: {text}")
    for kind, place, words in masks:
        right = any(k == kind and p & place for k, p, _ in marks)
        counts[kind, "masks"] += 1
        counts[kind, "right"] += right
        if not right:
            wrong.append(f"  wrong {kind} {words!r}: {text}")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print what is wrong in dev")
    options = parser.parse_args()
    for split in ("dev", "test"):
        print(f"\n{split}\n{'':<12}{'language':<10}{'marks':>7}{'recall':>8}{'hidden':>8}{'masks':>7}{'precision':>11}")
        total: Counter = Counter()
        for language in ("ja", "en"):
            counts: Counter = Counter()
            rows = [json.loads(r) for r in (COMMENTS / f"comments_{language}.jsonl").read_text("utf-8").splitlines()]
            for row in rows:
                if row["split"] == split:
                    wrong = compare(row, counts)
                    if options.errors and split == "dev" and wrong:
                        print("\n".join(wrong))
            for kind in MASKS:
                line(kind, language, counts, [kind])
            line("all", language, counts, MASKS)
            total += counts
        for kind in MASKS:
            line(kind, "both", total, [kind])
        line("all", "both", total, MASKS)


def line(name: str, language: str, counts: Counter, kinds: object) -> None:
    marks, found, hidden, masks, right = (
        sum(counts[k, what] for k in kinds) for what in ("marks", "found", "hidden", "masks", "right")
    )
    shares = [f"{n / of:.3f}" if of else "–" for n, of in ((found, marks), (hidden, marks), (right, masks))]
    print(f"{name:<12}{language:<10}{marks:>7}{shares[0]:>8}{shares[1]:>8}{masks:>7}{shares[2]:>11}")


if __name__ == "__main__":
    main()
