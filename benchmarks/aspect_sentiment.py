"""Does each theme of a comment get its own polarity? Category sentiment on MAMS and on hard Japanese comments.

    python benchmarks/aspect_sentiment.py [--model encoder] [--mams ../shared/data/mams/test.xml]

Two sets that no training, threshold or rule has seen: the test file of MAMS-ACSA (Jiang et al. 2019: English restaurant
sentences with at least two categories of different polarity), and ``data/multi_aspect_ja.jsonl``, 210 comments written
for this benchmark.

*given*: the themes are told, and the polarity of each is asked: accuracy over (comment, theme). *end to end*: themes
and polarity are both found: F1 of (comment, theme, polarity). The polarity of a theme is that of the majority of the
statements that speak of it; neutral where they are even.

MAMS categories are read as themes so: food → food; service, staff → staff; price → price; ambience, place → facilities;
menu → selection; miscellaneous is left out, and so is a theme to which a sentence gives two polarities.
"""

from __future__ import annotations

import argparse
import json
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import Annotator, Reading, pieces_of
from nps_nlp.classify.protocol import Predictions
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.language import read_comment

DATA = Path(__file__).parent / "data" / "multi_aspect_ja.jsonl"
MAMS_THEMES = {
    "food": "food", "service": "staff", "staff": "staff", "price": "price", "ambience": "facilities",
    "place": "facilities", "menu": "selection",
}  # fmt: skip
SIGN = {"positive": 1, "negative": -1}


class Case(NamedTuple):
    question: str
    text: str
    polarity: dict[str, str]
    tags: tuple[str, ...]


def read_japanese(path: Path = DATA) -> list[Case]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [Case(r["question"], r["text"], r["theme_sentiment"], tuple(r["tags"])) for r in rows]


def read_mams(path: Path) -> list[Case]:
    cases = []
    for sentence in ET.parse(path).getroot().iter("sentence"):
        found = defaultdict(set)
        for category in sentence.iter("aspectCategory"):
            found[MAMS_THEMES.get(category.get("category"))].add(category.get("polarity"))
        polarity = {t: next(iter(p)) for t, p in found.items() if t and len(p) == 1}
        if polarity:
            cases.append(Case("", sentence.findtext("text"), polarity, ()))
    return cases


class Told:
    """A classifier that is told the themes of each comment, and still finds by itself where they are spoken of."""

    def __init__(self, inner, cases):
        self.inner, self.name, self.fingerprint, self.theme_ids = inner, inner.name, "", inner.theme_ids
        self.cases = cases

    def predict(self, pieces):
        found = self.inner.predict(pieces)
        themes = found.themes.copy()
        at = 0
        for case in self.cases:
            themes[at] = [t in case.polarity for t in self.theme_ids]
            at += len(pieces_of(read_comment(case.text), case.question))
        return Predictions(found.sentiment, found.intent, themes)


def polarities(reading: Reading) -> dict[str, str]:
    total = Counter()
    for s in reading.statements:
        for theme in s.themes:
            total[theme] += SIGN.get(s.sentiment, 0)
    return {t: "positive" if n > 0 else "negative" if n < 0 else "neutral" for t, n in total.items()}


def readings(classifier, cases):
    pairs = [(c.question, c.text) for c in cases]
    return [polarities(r) for r in Annotator(classifier, load_taxonomy("tourism")).read(pairs)]


def f1(found, cases):
    hits = sum(len(f.items() & c.polarity.items()) for f, c in zip(found, cases, strict=True))
    return 2 * hits / (sum(map(len, found)) + sum(len(c.polarity) for c in cases))


def measure(name, cases, classifier):
    truth = [p for c in cases for p in c.polarity.values()]
    told = readings(Told(classifier, cases), cases)
    given = [t.get(theme, "neutral") for t, c in zip(told, cases, strict=True) for theme in c.polarity]
    right = np.array([a == b for a, b in zip(truth, given, strict=True)])
    common, count = Counter(truth).most_common(1)[0]
    whole = [
        r.sentiment for r in Annotator(classifier, load_taxonomy("tourism")).read([(c.question, c.text) for c in cases])
    ]
    same = np.mean([w == p for w, c in zip(whole, cases, strict=True) for p in c.polarity.values()])
    print(f"\n{name}: {len(cases)} comments, {len(truth)} (comment, theme) pairs, {dict(Counter(truth))}")
    print(f"  given the theme: accuracy {right.mean():.3f} (majority {common} {count / len(truth):.3f}; "
          f"the sentiment of the whole comment {same:.3f})")  # fmt: skip
    for p in sorted(set(truth)):
        print(f"    {p:<9} recall {np.mean([g == p for t, g in zip(truth, given, strict=True) if t == p]):.3f}")
    scored = np.isin(truth, list(SIGN))
    print(f"    without neutral ones: {right[scored].mean():.3f} of {scored.sum()}")
    print(f"  end to end: F1 of (theme, polarity) {f1(readings(classifier, cases), cases):.3f}")
    by_tag = defaultdict(list)
    for case, t in zip(cases, told, strict=True):
        for tag in case.tags:
            by_tag[tag] += [t.get(theme) == p for theme, p in case.polarity.items()]
    for tag, hits in sorted(by_tag.items()):
        print(f"    {tag:<13} {np.mean(hits):.3f} of {len(hits)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", default="encoder")
    parser.add_argument(
        "--mams", type=Path, default=Path(__file__).parents[2] / "shared" / "data" / "mams" / "test.xml"
    )
    options = parser.parse_args()
    classifier = load_classifier(options.model)
    measure("multi-aspect Japanese", read_japanese(), classifier)
    if options.mams.is_file():
        measure("MAMS test", read_mams(options.mams), classifier)


if __name__ == "__main__":
    main()
