"""How well do the statements of a comment match those that a person marked?

    python benchmarks/statement_splitting.py models/feedback-corpus

Reads the ``train`` rows of the corpus (``*.jsonl``; field ``statements``: start and end of each opinion,
empty where the comment holds only one). A boundary is the place where a statement begins; blanks before it
do not matter. Precision, recall and F1 count the boundaries of comments with several marked statements.
People mark a new statement where the subject changes and leave two sentences on one subject together, so a
splitter without a model cannot reach 1. "Cut though one": comments with one opinion that were cut.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path

from nps_nlp.language import read_comment
from nps_nlp.language.sentences import sentence_ends
from nps_nlp.language.statements import split_statements


def rows_of(folder):
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            yield from (row for row in map(json.loads, lines) if row["split"] == "train")


def boundaries(text, starts):
    """Move each start past the blanks before its statement; the first statement has no boundary before it."""
    return {start + len(text[start:]) - len(text[start:].lstrip()) for start in starts}


def by_sentence(comment):
    ends = sentence_ends(comment.normalised.text, comment.tokens, comment.language)
    text = comment.normalised.text
    return {place for place in boundaries(text, ends) if place < len(text)}


def by_statement(comment):
    return {start for start, _ in comment.statements[1:]}


def measure(rows, cut):
    counts = Counter()
    for text, marked, comment in rows:
        found = {comment.normalised.span(place, place + 1)[0] for place in cut(comment) - {0}}
        expected = boundaries(text, [span["start"] for span in marked[1:]])
        if not marked:
            counts.update(single=1, single_cut=bool(found))
            continue
        counts.update(right=len(found & expected), wrong=len(found - expected), missed=len(expected - found))
    return counts


def report(name, counts):
    precision = counts["right"] / max(1, counts["right"] + counts["wrong"])
    recall = counts["right"] / max(1, counts["right"] + counts["missed"])
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    over = counts["single_cut"] / max(1, counts["single"])
    print(f"  {name:15} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}  cut though one {over:.3f}")


def main():
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "models/feedback-corpus")
    rows = [(row["language"], row["text"], row["statements"], read_comment(row["text"])) for row in rows_of(folder)]
    if not rows:
        sys.exit(f"{folder}: no train rows in *.jsonl; give the folder of the feedback corpus.")
    for language in ("ja", "en"):
        part = [row[1:] for row in rows if row[0] == language]
        several = sum(bool(marked) for _, marked, _ in part)
        print(f"{language}: {len(part)} comments, {several} with several statements")
        report("sentences only", measure(part, by_sentence))
        report("statements", measure(part, by_statement))
        comments = [comment for _, _, comment in part]
        started = time.perf_counter()
        for c in comments:
            split_statements(c.normalised.text, c.tokens, c.language)
        print(f"  {len(comments) / (time.perf_counter() - started):,.0f} comments a second (without tokenising)")


if __name__ == "__main__":
    main()
