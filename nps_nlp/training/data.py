"""Read everything that the encoder learns from into one kind of example."""

from __future__ import annotations

import csv
import hashlib
import json
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from nps_nlp.classify.encode import squeeze
from nps_nlp.classify.gold import GoldRow, check_themes, gold_row, json_lines, read_gold
from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.classify.taxonomy import load_taxonomy
from nps_nlp.errors import InputError
from nps_nlp.language.normalise import normalise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    Report = Callable[[str], None]

UNKNOWN = -1.0
FUKUI_QUESTIONS = (
    "満足度(商品・サービス)の理由",
    "満足度の理由",
    "不便さの内容",
    "推奨項目",
    "施設に求めるもの",
    "福井県に求めるもの",
    "福井県内での交通手段の満足度の理由",
)

# The Jupyter files name most questions by a code and a number; this is what was asked.
_JUPYTER = {
    "hinderances": "What hinders you from using it?",
    "workflow_needs_addressed": "What needs does it address?",
    "workflow_needs_not_addressed": "What needs does it not address?",
    "features_changes": "What features or changes would you like?",
    "difficult_aspects": "What is most difficult?",
    "pleasant_aspects": "What is most pleasant about it?",
}

_MAMS_THEMES = frozenset({"food", "staff", "price"})
_MAMS_NEVER = frozenset(
    {"billing", "onboarding", "delivery", "reliability", "features", "lodging", "support", "usability"}
)


@dataclass(frozen=True)
class Example:
    """A text with a target for every output of the network.

    Attributes
    ----------
    question, text : str
        Normalised as at run time.
    targets : tuple of float
        In the order sentiments, intents, themes: 0–1, or -1 where nothing is known.
    weight : float
        Share of this example in the loss.
    group : str
        The file that the example is from.
    split : str
        As in the file; ``-statement`` is added to a part of a comment.
    key : str
        Examples of one comment share it: they stay on one side of a validation split.
    source : str
        The survey or corpus that the example is from.
    """

    question: str
    text: str
    targets: tuple[float, ...]
    weight: float = 1.0
    group: str = ""
    split: str = ""
    key: str = ""
    source: str = ""


def clean(text: str) -> str:
    """Bring a question or text into the form that the network reads."""
    return squeeze(normalise(text).text)


def targets(
    sentiment: str | None = None,
    intent: str | None = None,
    themes: frozenset[str] | None = None,
    optional: frozenset[str] = frozenset(),
) -> tuple[float, ...]:
    """Turn labels into a target for every output."""
    ids = load_taxonomy("tourism").ids
    first = [UNKNOWN if sentiment is None else float(s == sentiment) for s in SENTIMENTS]
    second = [UNKNOWN if intent is None else float(i == intent) for i in INTENTS]
    third = [UNKNOWN if themes is None or t in optional else float(t in themes) for t in ids]
    return (*first, *second, *third)


def labelled(paths: Sequence[Path]) -> list[Example]:
    """Read labelled comments and, where there are some, their statements as examples at half the weight."""
    examples = []
    for path in paths:
        rows = read_gold([path])
        check_themes(rows, load_taxonomy("tourism").ids)
        for row in rows:
            examples.append(_example(row, row.text, 1.0, path.stem))
            examples.extend(_example(part, row.text, 0.5, path.stem, "statement") for part in row.statements)
    return examples


def _example(row: GoldRow, key: str, weight: float, group: str, kind: str = "") -> Example:
    found = targets(row.sentiment, row.intent, row.themes, row.optional)
    return Example(
        clean(row.question),
        clean(row.text),
        found,
        weight,
        group,
        "-".join(filter(None, (row.split, kind))),
        key,
        row.source,
    )


def answer_key(question: str, text: str) -> str:
    """Return the name under which a public answer is labelled: its text itself stays where it was published."""
    return hashlib.sha256(f"{clean(question)}\x1f{clean(text)}".encode("utf-8", "surrogatepass")).hexdigest()[:20]


def texts_of(paths: Sequence[Path]) -> frozenset[str]:
    """Return the cleaned texts of labelled comments, to keep them out of what is learnt from."""
    return frozenset(clean(row.text) for row in read_gold(paths)) if paths else frozenset()


def holds_keys(path: Path) -> bool:
    """Tell whether a file names the answers that it labels by their keys instead of holding them."""
    if not path.is_file():
        return False
    # As bytes: what is not UTF-8 is refused where the rows are read, with the name of the file.
    with path.open("rb") as lines:
        return b'"answer"' in lines.readline()


def public_rows(path: Path, pairs: Sequence[tuple[str, str]], report: Report) -> list[GoldRow]:
    """Join labels of public answers with the answers.

    Parameters
    ----------
    path : Path
        JSON Lines with ``answer`` (an `answer_key`), ``source``, ``sentiment``, ``intent``, ``themes``, ``optional``.
    pairs : sequence of (str, str)
        Cleaned questions and answers, from `unlabelled`.
    report : callable
        Is told of how many labels the answer is not among the pairs: these are left out.

    Raises
    ------
    InputError
        Naming file and line when a line names no answer or has a label outside the guidelines.
    """
    known = {answer_key(*pair): pair for pair in pairs}
    rows = []
    lines = list(json_lines(path))
    for where, raw in lines:
        if not isinstance(raw, dict) or not isinstance(raw.get("answer"), str):
            raise InputError(f"{where}: not a JSON object that names an answer; every line of the file must.")
        if pair := known.get(raw["answer"]):
            rows.append(gold_row(where, {**raw, "question": pair[0], "text": pair[1]}))
    check_themes(rows, load_taxonomy("tourism").ids)
    if len(rows) < len(lines):
        lost = f"{len(lines) - len(rows):,} of {len(lines):,} labels are of answers that --data does not hold"
        report(f"{path}: {lost}; they are left out")
    return rows


def labelled_rows(paths: Sequence[Path], pairs: Sequence[tuple[str, str]], report: Report) -> list[Example]:
    """Read every labelled comment that may be trained on.

    Parameters
    ----------
    paths : sequence of Path
        Labelled comments, or labels of public answers.
    pairs : sequence of (str, str)
        The public answers, from `unlabelled`.
    report : callable
        As of `public_rows`.

    Raises
    ------
    InputError
        When a file is not readable, or has labels outside the guidelines.
    """
    public = [path for path in paths if holds_keys(path)]
    rows = labelled([path for path in paths if path not in public])
    rows += [_example(row, row.text, 1.0, row.source) for path in public for row in public_rows(path, pairs, report)]
    return [example for example in rows if not example.split.startswith("test")]


def split_off(examples: Sequence[Example], percent: int = 8) -> tuple[list[Example], list[Example]]:
    """Return (to train on, held out); a comment and its statements stay together, the same in every run."""
    kept: list[Example] = []
    held: list[Example] = []
    for example in examples:
        digest = int(hashlib.sha256(example.key.encode("utf-8", "surrogatepass")).hexdigest()[:6], 16)
        (held if digest % 100 < percent else kept).append(example)
    return kept, held


def mams_examples(folder: Path, count: int = 700, seed: int = 1) -> list[Example]:
    """Return sentences of the training file of MAMS with what its category labels tell for certain."""
    rows = list(mams_sentences(folder / "train.xml"))
    random.Random(seed).shuffle(rows)  # noqa: S311 - a sample, not a secret
    return [_from_categories(text, pairs) for text, pairs in rows[:count]]


def _from_categories(text: str, pairs: Sequence[tuple[str, str]]) -> Example:
    polarities = {p for _, p in pairs}
    both = {"positive", "negative"} <= polarities
    sentiment = "mixed" if both else next((p for p in ("positive", "negative") if p in polarities), None)
    given = {c for c, p in pairs if c in _MAMS_THEMES and p != "neutral"}
    open_ones = {c for c, p in pairs if p == "neutral"} | (
        set(load_taxonomy("tourism").ids) - _MAMS_THEMES - _MAMS_NEVER
    )
    found = targets(sentiment, None, frozenset(given), frozenset(open_ones - given))
    return Example("", clean(text), found, 0.4, "mams", "", text)


def fukui_answers(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the (question, answer) pairs of the Fukui visitor survey, unlabelled."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for question in FUKUI_QUESTIONS:
                    if (row.get(question) or "").strip():
                        yield question, row[question].strip()


def nhs_answers(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the (question, answer) pairs of the NHS patient surveys, unlabelled."""
    with (folder / "friends_and_family_v6.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["FFT answer"].strip() and row["FFT answer"] != "Did not answer":
                yield row["FFT question"], row["FFT answer"]
    with (folder / "phase1_text_data.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["feedback"].strip():
                yield "", row["feedback"]


def mams_sentences(path: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the sentences of a MAMS-ACSA file with their (category, polarity) pairs."""
    for sentence in ET.parse(path).getroot():  # noqa: S314 - a local file of the data folder
        text = sentence.findtext("text") or ""
        yield text, [(a.attrib["category"], a.attrib["polarity"]) for a in sentence.iter("aspectCategory")]


def jupyter_answers(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the (question, answer) pairs of the Jupyter surveys, unlabelled."""
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for question, answer in row.items():
                    if question and answer and len(answer) > 12 and any(c.isalpha() for c in answer):
                        yield _JUPYTER.get(question.rstrip("_0123456789"), question), answer


def quasi_reviews(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the sentences of the quasi reviews, with no question."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").split("\n"):
            if line.strip():
                yield from (("", u["text"]) for u in json.loads(line)["utterances"] if u.get("text"))


def unlabelled(folder: Path) -> list[tuple[str, str]]:
    """Return every different (question, text) pair of the data folder; MAMS without its test file."""
    sources = [
        fukui_answers(folder / "fukui"),
        nhs_answers(folder / "nhs"),
        jupyter_answers(folder / "jupyter"),
        quasi_reviews(folder / "quasi_reviews"),
        (("", text) for name in ("train.xml", "val.xml") for text, _ in mams_sentences(folder / "mams" / name)),
    ]
    pairs = ((clean(q), clean(t)) for source in sources for q, t in source)
    return list(dict.fromkeys(p for p in pairs if len(p[1]) > 1))
