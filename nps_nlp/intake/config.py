"""Decisions about columns as a file, so that the next export is read like the last one."""

from __future__ import annotations

import json
import shlex
import tomllib
from typing import TYPE_CHECKING, cast

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from nps_nlp.intake.export import Export, Options

_TEXTS = ("score", "date", "respondent", "tool", "score_coding", "encoding", "weight", "touchpoint", "wave", "key")
_LISTS = ("comments", "segments")
_HEAD = (
    "# How nps-nlp reads this survey: nps-nlp report EXPORT --config THIS-FILE. Delete a line to have it found anew.\n"
)
_FLAGS = {"comments": "--comment", "segments": "--segment", "score_coding": "--score-coding"}


def decisions(export: Export) -> Options:
    """Return the options with which `open_export` decides as it did for an export, without looking.

    Examples
    --------
    >>> from nps_nlp.demo import demo_path
    >>> from nps_nlp.intake.export import open_export
    >>> found = decisions(open_export(demo_path("en")))
    >>> found["tool"], found["score"], found["comments"]
    ('qualtrics', 'Q1', ('Q2', 'Q3'))
    """
    columns, tools = export.columns, {source.tool for source in export.sources}
    found: dict[str, object] = {
        # Files of different tools are told apart again; so is a score that has another name in some of them.
        "tool": next(iter(tools)) if len(tools) == 1 and tools != {"generic"} else None,
        "score": columns.score if not columns.score_elsewhere else None,
        "score_coding": next((c for c in export.codings.values() if c != "0-10"), None),
        "comments": columns.comments,
        "segments": columns.segments,
        "date": columns.date,
        "respondent": columns.respondent,
        **{name: getattr(columns, name) for name in ("weight", "touchpoint", "wave", "key")},
        "drop_duplicates": export.drop_duplicates,
    }
    return cast("Options", {name: value for name, value in found.items() if value})


def save_config(export: Export, path: Path) -> None:
    """Write the decisions about an export as TOML.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    lines = [f"{name} = {_toml(value)}\n" for name, value in decisions(export).items()]
    try:
        path.write_text(_HEAD + "".join(lines), "utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); name another file.") from error


def load_config(path: Path) -> Options:
    """Read the decisions that `save_config` wrote, or that a user wrote by hand.

    Raises
    ------
    InputError
        When the file cannot be read, is no TOML, or holds what is no decision.
    """
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: cannot be opened ({error.strerror}); check the path.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: this is no TOML file ({error}); write one with nps-nlp inspect --save-config."
        ) from error
    for name, value in raw.items():
        texts = name in _LISTS and isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not (
            texts
            or (name in _TEXTS and isinstance(value, str))
            or (name == "drop_duplicates" and value in (True, False))
        ):
            allowed = ", ".join((*_TEXTS, *_LISTS, "drop_duplicates"))
            raise InputError(f"{path}: {name} = {value!r} is no decision about columns; name one of {allowed}.")
    return cast("Options", raw)


def command_line(export: Export, inputs: Iterable[str | Path]) -> str:
    """Return the command that makes the report of an export with these decisions, ready to run."""
    words = ["nps-nlp", "report", *map(str, inputs)]
    if not export.columns.score:
        words += ["--score", "COLUMN"]
    for name, value in decisions(export).items():
        flag = _FLAGS.get(name, f"--{name.replace('_', '-')}")
        if value is True:
            words.append(flag)
        else:
            for item in [value] if isinstance(value, str) else cast("Iterable[str]", value):
                words += [flag, item]
    return shlex.join(words)


def _toml(value: object) -> str:
    """Write a text, a truth value or texts as TOML: what JSON writes for them is TOML too, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
