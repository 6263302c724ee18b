"""The time of the language room on a survey's comments, as ratios to raw fugashi on the same texts in the same run.

    python benchmarks/language_speed.py ../shared/data/fukui

Raw fugashi reads every node with its lemma and part of speech, as a program without this package would. Processor
time, best of three rounds that alternate, so that other work on the machine matters little.
"""

from __future__ import annotations

import sys
import time

import fugashi

from nps_nlp.intake import read_export
from nps_nlp.language import detect_language, normalise, read_comment
from nps_nlp.language.japanese import tokenise


def raw_fugashi(texts):
    tagger = fugashi.Tagger()
    for text in texts:
        for word in tagger(text):
            _ = word.feature.lemma, word.pos


def each(function):
    def run(texts):
        for text in texts:
            function(text)

    return run


def seconds(run, texts):
    started = time.process_time()
    run(texts)
    return time.process_time() - started


def main():
    if len(sys.argv) < 2:
        sys.exit("Give the files or the folder of a Japanese survey export.")
    comments = read_export(sys.argv[1:]).comments
    texts = [text for column in comments.columns for text in comments[column] if isinstance(text, str) and text.strip()]
    normal = [normalise(text).text for text in texts]
    runs = {
        "raw fugashi": (raw_fugashi, normal),
        "tokenise": (each(tokenise), normal),
        "normalise": (each(normalise), texts),
        "detect_language": (each(detect_language), normal),
        "read_comment": (each(read_comment), texts),
    }
    times = {name: [] for name in runs}
    for _ in range(3):
        for name, (run, inputs) in runs.items():
            times[name].append(seconds(run, inputs))
    raw = min(times["raw fugashi"])
    print(f"{len(texts):,} answers, {sum(map(len, texts)):,} characters")
    for name, measured in times.items():
        print(f"{name:16} {min(measured):7.2f} s  {min(measured) / raw:.2f} × raw fugashi")


if __name__ == "__main__":
    main()
