"""Labelled comments in JSON Lines: what models are trained on and measured with."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nps_nlp.classify.labels import INTENTS, SENTIMENTS
from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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
    tags : tuple of str
        What makes the comment hard, such as ``negation`` or ``sarcasm``; scores are broken down by it.
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
    tags: tuple[str, ...] = ()


def read_gold(paths: Iterable[Path]) -> list[GoldRow]:
    """Read labelled comments.

    Raises
    ------
    InputError
        Naming file and line when a line is no JSON object, lacks ``text``, or has a label outside the guidelines.
    """
    rows = [gold_row(where, raw) for path in paths for where, raw in json_lines(path)]
    if not rows:
        raise InputError("No labelled comment was found; expected JSON lines with text, sentiment, intent and themes.")
    return rows


def json_lines(path: Path) -> Iterator[tuple[str, Any]]:
    """Yield what stands on each line that is not blank, and where that is.

    Raises
    ------
    InputError
        When there is no such file, or it does not hold JSON lines in UTF-8.
    """
    if not path.is_file():
        raise InputError(f"{path}: no such file; expected labelled comments as JSON lines.")
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: not readable as UTF-8 text ({error}); expected labelled comments as JSON lines."
        ) from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            where = f"{path}, line {number}"
            try:
                yield where, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"{where}: not a JSON object ({error}).") from error


def gold_row(where: str, raw: Any) -> GoldRow:
    """Return a labelled comment as it stands on a line.

    Raises
    ------
    InputError
        When it is no JSON object, lacks ``text``, or has a label outside the guidelines.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("text"), str):
        raise InputError(
            f"{where}: not a JSON object with a text; expected keys text, question, sentiment, intent, themes."
        )
    _check(where, raw)
    parts = [_part(where, raw, part) for part in _list(where, raw, "statements")]
    return _build(raw, tuple(_build(part, ()) for part in parts))


def check_themes(rows: Iterable[GoldRow], known: Sequence[str]) -> None:
    """Make sure that every theme of labelled comments is one that a model is to learn.

    Raises
    ------
    InputError
        Naming the others, which would be lost without a word.
    """
    given = Counter(theme for row in rows for part in (row, *row.statements) for theme in part.themes or ())
    if others := {theme: count for theme, count in given.items() if theme not in known}:
        named = ", ".join(f"{theme!r} ({count} times)" for theme, count in sorted(others.items()))
        raise InputError(f"The labels have themes that the model has no place for: {named}; use {', '.join(known)}.")


def _part(where: str, raw: dict[str, Any], part: Any) -> dict[str, Any]:
    start, end = (part.get("start"), part.get("end")) if isinstance(part, dict) else (None, None)
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= len(raw["text"])):
        raise InputError(f"{where}: a statement needs start and end within the text of {len(raw['text'])} characters.")
    known = {"sentiment": None, "themes": None, **part}
    _check(where, known)
    return {**raw, **known, "text": raw["text"][start:end], "intent": None}


def _check(where: str, raw: dict[str, Any]) -> None:
    for key, allowed in (("sentiment", SENTIMENTS), ("intent", INTENTS)):
        if raw.get(key) is not None and raw[key] not in allowed:
            raise InputError(f"{where}: {key} is {raw[key]!r}; expected one of {', '.join(allowed)}, or null.")
    for key in ("themes", "optional", "tags"):
        if not all(isinstance(item, str) for item in _list(where, raw, key)):
            raise InputError(f"{where}: {key} is {raw[key]!r}; expected a list of ids, or null.")


def _list(where: str, raw: dict[str, Any], key: str) -> list[Any]:
    found = raw.get(key)
    if found is not None and not isinstance(found, list):
        raise InputError(f"{where}: {key} is {found!r}; expected a list, or null.")
    return found or []


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
        tags=tuple(raw.get("tags") or ()),
    )
