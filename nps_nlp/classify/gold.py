"""Labelled comments in JSON Lines: what models are trained on and measured with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class GoldRow:
    """A labelled comment; a label that is None (or absent) is not known and counts nowhere.

    Attributes
    ----------
    question, text : str
    sentiment, intent : str or None
    themes : frozenset of str or None
    optional : frozenset of str
        Themes that count neither for nor against.
    statements : tuple of GoldRow
        The labelled opinions within the text, where there is more than one; their intent is not labelled.
    split : str
        ``"test"`` rows are never trained on.
    source : str
        The survey (or corpus) that the row is from.
    """

    question: str
    text: str
    sentiment: str | None
    intent: str | None
    themes: frozenset[str] | None
    optional: frozenset[str] = frozenset()
    statements: tuple[GoldRow, ...] = ()
    split: str = ""
    source: str = ""


def read_gold(paths: Iterable[Path]) -> list[GoldRow]:
    """Read labelled comments.

    Raises
    ------
    InputError
        Naming file and line when a line is no JSON object, lacks ``text``, or has a label outside the guidelines.
    """
    rows = []
    for path in paths:
        if not path.is_file():
            raise InputError(f"{path}: no such file; expected labelled comments as JSON lines.")
        for number, line in enumerate(path.read_text("utf-8-sig").split("\n"), start=1):
            if line.strip():
                rows.append(_row(f"{path}, line {number}", line))
    if not rows:
        raise InputError("No labelled comment was found; expected JSON lines with text, sentiment, intent and themes.")
    return rows


def _row(where: str, line: str) -> GoldRow:
    try:
        raw: dict[str, Any] = json.loads(line)
        text = str(raw["text"])
        parts = [{**raw, **p, "text": text[p["start"] : p["end"]], "intent": None, "statements": None} for p in raw.get("statements") or ()]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{where}: not a JSON object with a text; expected keys text, question, sentiment, intent, themes.") from error
    for key, allowed in (("sentiment", SENTIMENTS), ("intent", INTENTS)):
        if raw.get(key) is not None and raw[key] not in allowed:
            raise InputError(f"{where}: {key} is {raw[key]!r}; expected one of {', '.join(allowed)}, or null.")
    return _build(raw, tuple(_build(p, ()) for p in parts))


def _build(raw: dict[str, Any], statements: tuple[GoldRow, ...]) -> GoldRow:
    themes = raw.get("themes")
    return GoldRow(
        question=str(raw.get("question") or ""),
        text=str(raw["text"]),
        sentiment=raw.get("sentiment"),
        intent=raw.get("intent"),
        themes=None if themes is None else frozenset(themes),
        optional=frozenset(raw.get("optional") or ()),
        statements=statements,
        split=str(raw.get("split", "")),
        source=str(raw.get("source") or "").split("/")[0],
    )
