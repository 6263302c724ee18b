"""Recognise the survey tool of an export by its content; the facts of each tool are data, in ``presets/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.intake.rows import Row
    from nps_nlp.survey import Role


@dataclass(frozen=True)
class Preset:
    """What is known of a tool's exports.

    Attributes
    ----------
    id, name, source : str
        Identifier, display name, and how the facts were established.
    require : mapping of int to tuple of str
        Row index in the file → patterns that must each match some cell of that row.
    headings, questions, options, answers : int
        Index of the row of headings, of the row with the question texts (−1: none), of the row with the
        options of questions that span several columns (−1: none), and of the first answer.
    drop : mapping of str to (str, str)
        Heading → (pattern of values whose rows are no answers, reason).
    roles : mapping of str to str
        Pattern of a heading → its role.
    """

    id: str
    name: str
    source: str
    require: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    headings: int = 0
    questions: int = -1
    options: int = -1
    answers: int = 1
    drop: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)

    def matches(self, head: Sequence[Row]) -> bool:
        """Tell whether the first rows of a file look like this tool's."""
        return bool(self.require) and all(
            index < len(head) and all(any(re.search(p, c.strip()) for c in head[index].cells) for p in patterns)
            for index, patterns in self.require.items()
        )

    def role_of(self, heading: str) -> Role | None:
        """Return the role that the tool gives to a heading, or None.

        Examples
        --------
        >>> presets()["google_forms"].role_of("タイムスタンプ")
        'date'
        """
        return next((role for pattern, role in self.roles.items() if re.fullmatch(pattern, heading)), None)


GENERIC = Preset("generic", "Generic table", "no tool recognised: the first full row holds the headings")


@cache
def presets() -> dict[str, Preset]:
    """Return the packaged presets by id, ``generic`` last."""
    folder = resources.files("nps_nlp.intake") / "presets"
    found = [_load(tomllib.loads(f.read_text("utf-8"))) for f in folder.iterdir() if f.name.endswith(".toml")]
    return {p.id: p for p in [*sorted(found, key=lambda p: p.id), GENERIC]}


def _load(raw: dict[str, Any]) -> Preset:
    return Preset(
        id=raw["id"],
        name=raw["name"],
        source=raw["source"],
        require={int(k): tuple(v) for k, v in raw["require"].items()},
        drop={d["heading"]: (d["values"], d["reason"]) for d in raw.get("drop", [])},
        roles=raw.get("roles", {}),
        **raw.get("rows", {}),
    )


def recognise(head: Sequence[Row], forced: str | None = None) -> Preset:
    """Return the preset whose signs the first rows of a file carry, ``generic`` where none does.

    Raises
    ------
    InputError
        When `forced` is no known tool.
    """
    if forced is not None:
        if forced not in presets():
            raise InputError(f"--tool {forced}: unknown tool; choose one of {', '.join(presets())}.")
        return presets()[forced]
    return next((p for p in presets().values() if p.matches(head)), GENERIC)
