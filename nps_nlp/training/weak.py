"""Public answers with what is known of them besides: ratings, themes of other taxonomies, the question itself."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from nps_nlp.training.data import FUKUI_QUESTIONS, UNKNOWN, Example, clean, mams_sentences
from nps_nlp.training.finetune import Head

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_LEVELS = ("とても不満", "不満", "どちらでもない", "満足", "とても満足")
# The rating that an answer gives the reason for; other answers go with the rating of the whole.
_RATED = {
    "福井県内での交通手段の満足度の理由": "福井県内での交通手段の満足度",
    "満足度(商品・サービス)の理由": "満足度(商品・サービス)",
}
_NHS_FIRST, _NHS_LAST = "Not assigned", "Positive experience & gratitude"
_NHS_THEMES = 50
_CARE = (
    "Care received",
    "Staff",
    "Couldn't be improved",
    "Communication",
    "Environment/ facilities",
    "Access",
    "Miscellaneous",
    "Transition/coordination",
    "Dignity",
)
_MAMS = ("staff", "menu", "service", "food", "price", "ambience", "place", "miscellaneous")
_SIZES = {
    "question": (len(FUKUI_QUESTIONS), "one"),
    "level": (len(_LEVELS), "one"),
    "score": (3, "one"),
    "nhs_sentiment": (5, "one"),
    "nhs_themes": (_NHS_THEMES, "many"),
    "care": (len(_CARE), "one"),
    "criticality": (5, "one"),
    "mams": (2 * len(_MAMS), "many"),
}


def weak_heads() -> tuple[Head, ...]:
    """Return the outputs of the network while it learns from weak labels."""
    heads, at = [], 0
    for size, kind in _SIZES.values():
        heads.append(Head(at, at + size, kind))
        at += size
    return tuple(heads)


def weak_examples(folder: Path, banned: frozenset[str]) -> list[Example]:
    """Return every different public answer with its weak labels.

    Parameters
    ----------
    folder : Path
        The data folder, with ``fukui``, ``nhs`` and ``mams``.
    banned : frozenset of str
        Cleaned texts that are measured on: they are left out.
    """
    found: dict[tuple[str, str], Example] = {}
    for source in (_fukui(folder / "fukui"), _friends(folder / "nhs"), _care(folder / "nhs"), _mams(folder / "mams")):
        for question, text, known in source:
            pair = clean(question), clean(text)
            if len(pair[1]) > 2 and pair[1] not in banned:
                found.setdefault(pair, Example(*pair, _targets(known), key=pair[1]))
    return list(found.values())


def _targets(known: dict[str, Sequence[float]]) -> tuple[float, ...]:
    return tuple(v for name, (size, _) in _SIZES.items() for v in known.get(name, [UNKNOWN] * size))


def _hot(place: int, size: int) -> list[float]:
    return [float(i == place) for i in range(size)]


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _fukui(folder: Path) -> Iterator[tuple[str, str, dict[str, Sequence[float]]]]:
    for path in sorted(folder.glob("*.csv")):
        for row in _rows(path):
            score = row.get("NPS", "")
            category = (int(score) > 6) + (int(score) > 8) if score.isdigit() else None
            for place, question in enumerate(FUKUI_QUESTIONS):
                text = (row.get(question) or "").strip()
                level = row.get(_RATED.get(question, "満足度"), "")
                known: dict[str, Sequence[float]] = {"question": _hot(place, len(FUKUI_QUESTIONS))}
                if category is not None:
                    known["score"] = _hot(category, 3)
                if level in _LEVELS:
                    known["level"] = _hot(_LEVELS.index(level), len(_LEVELS))
                if text:
                    yield question, text, known


def _friends(folder: Path) -> Iterator[tuple[str, str, dict[str, Sequence[float]]]]:
    for row in _rows(folder / "friends_and_family_v6.csv"):
        if not row["FFT answer"].strip() or row["FFT answer"] == "Did not answer":
            continue
        names = list(row)
        themes = names[names.index(_NHS_FIRST) : names.index(_NHS_LAST) + 1][:_NHS_THEMES]
        known: dict[str, Sequence[float]] = {"nhs_themes": [float(row[t] == "1") for t in themes]}
        if row["Comment sentiment"].isdigit():
            known["nhs_sentiment"] = _hot(int(row["Comment sentiment"]) - 1, 5)
        yield row["FFT question"], row["FFT answer"], known


def _care(folder: Path) -> Iterator[tuple[str, str, dict[str, Sequence[float]]]]:
    for row in _rows(folder / "phase1_text_data.csv"):
        known: dict[str, Sequence[float]] = {}
        if row["label"] in _CARE:
            known["care"] = _hot(_CARE.index(row["label"]), len(_CARE))
        if row["criticality"].lstrip("-").isdigit() and abs(int(row["criticality"])) <= 5:
            known["criticality"] = _hot(_bucket(int(row["criticality"])), 5)
        if row["feedback"].strip() and known:
            yield "", row["feedback"], known


def _bucket(criticality: int) -> int:
    return sum(criticality >= edge for edge in (-2, 0, 1, 3))


def _mams(folder: Path) -> Iterator[tuple[str, str, dict[str, Sequence[float]]]]:
    for text, pairs in mams_sentences(folder / "train.xml"):
        given = {(c, p) for c, p in pairs}
        known: dict[str, Sequence[float]] = {
            "mams": [float((c, p) in given) for c in _MAMS for p in ("positive", "negative")]
        }
        yield "", text, known
