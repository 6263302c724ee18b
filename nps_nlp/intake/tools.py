"""Recognise the survey tool of an export by its content; the facts of each tool are data, in ``presets/``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict

from nps_nlp.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nps_nlp.intake.rows import Row
    from nps_nlp.survey import Role

    _Status = Literal["verified", "from documentation"]

# Reports and forms have some lines above their headings; no table has more.
TITLE_ROWS = 12
_EDGES, _LONGEST = "\ufeff \t\r\n", 300


@dataclass(frozen=True)
class Shape:
    """One of the forms in which a tool writes its exports.

    Attributes
    ----------
    require : mapping of int to tuple of pattern
        Row, counted from the row where the shape begins → patterns that must each fit a whole cell of that row.
    tail : pattern or None
        What must occur at the end of the file.
    headings, questions, options, ids, answers : int
        The row of headings, of the question texts (−1: none), of the options of questions that span several
        columns (−1: none), of the import ids as JSON (−1: none), and of the first answer.
    """

    require: Mapping[int, tuple[re.Pattern[str], ...]] = field(default_factory=dict)
    tail: re.Pattern[str] | None = None
    headings: int = 0
    questions: int = -1
    options: int = -1
    ids: int = -1
    answers: int = 1

    @property
    def weight(self) -> int:
        """Number of signs that the shape asks for: the more there are, the surer is a match."""
        return sum(map(len, self.require.values())) + 2 * (self.tail is not None)

    def begins(self, head: Sequence[str], tail: str) -> int | None:
        """Return the row at which the shape begins, None where its signs are missing; cells of `head` are lines."""
        if not self.weight or (self.tail and not self.tail.search(tail)):
            return None
        starts = range(min(TITLE_ROWS, len(head))) if self.require else ()
        return next((start for start in starts if self._fits(head[start:])), None if self.require else 0)

    def _fits(self, head: Sequence[str]) -> bool:
        return all(
            index < len(head) and all(pattern.search(head[index]) for pattern in needed)
            for index, needed in self.require.items()
        )


class Rule(NamedTuple):
    """Rows that the tool marks: pattern of the heading, pattern of the cell, and what such a row is."""

    heading: re.Pattern[str]
    values: re.Pattern[str]
    reason: str


@dataclass(frozen=True)
class Preset:
    """What is known of a tool's exports.

    Attributes
    ----------
    id, name : str
        Identifier and display name.
    status : {'verified', 'from documentation'}
        Whether a real export was read; ``source`` says which, and what the other facts rest on.
    source : str
    aliases : tuple of str
        Other names that ``--tool`` takes.
    shapes : tuple of Shape
        The first that fits is taken.
    drop, count : tuple of Rule
        Rows that are no answers, and rows that are answers but worth a note (partial ones).
    roles : mapping of pattern to str
        Pattern of a heading → its role.
    unique : pattern or None
        Headings of ids that no two answers share, in whatever files they are.
    once : pattern or None
        Heading of an id that comes twice, in one file too, only where the tool wrote the same answer twice.
    """

    id: str
    name: str
    status: _Status
    source: str
    aliases: tuple[str, ...] = ()
    shapes: tuple[Shape, ...] = ()
    drop: tuple[Rule, ...] = ()
    count: tuple[Rule, ...] = ()
    roles: Mapping[re.Pattern[str], Role] = field(default_factory=dict)
    unique: re.Pattern[str] | None = None
    once: re.Pattern[str] | None = None

    def roles_of(self, names: Mapping[str, Sequence[str]]) -> dict[str, Role]:
        """Return the roles that the tool gives to columns, by heading.

        Of several columns that could be the date, or the respondent, the one that the preset names first is it.

        Parameters
        ----------
        names : mapping of str to sequence of str
            Everything that a column is called, by heading.

        Examples
        --------
        >>> presets()["google_forms"].roles_of({"タイムスタンプ": ["タイムスタンプ"], "理由": ["理由"]})
        {'タイムスタンプ': 'date'}
        """
        found: dict[str, tuple[int, Role]] = {}
        for place, (pattern, role) in enumerate(self.roles.items()):
            for heading, called in names.items():
                if any(map(pattern.fullmatch, called)):
                    found.setdefault(heading, (place, role))
        first = {role: min(place for place, r in found.values() if r == role) for _, role in found.values()}
        return {
            heading: "ignored" if role in {"date", "respondent"} and place > first[role] else role
            for heading, (place, role) in found.items()
        }


class Recognised(NamedTuple):
    """The preset of a file, the shape it has, and the row where it begins (None: none of the shapes fits)."""

    preset: Preset
    shape: Shape
    start: int | None


_PLAIN = Shape()
GENERIC = Preset("generic", "Generic table", "verified", "the first full row holds the headings; no tool is recognised")


@cache
def presets() -> dict[str, Preset]:
    """Return the packaged presets by id, ``generic`` last."""
    folder = resources.files("nps_nlp.intake") / "presets"
    found = [_load(tomllib.loads(f.read_text("utf-8"))) for f in folder.iterdir() if f.name.endswith(".toml")]
    return {p.id: p for p in [*sorted(found, key=lambda p: p.id), GENERIC]}


def recognise(head: Sequence[Row], forced: str | None = None, tail: str = "") -> Recognised:
    """Return the preset whose signs the file carries, ``generic`` where none does.

    Parameters
    ----------
    head : sequence of Row
        The first rows of the file.
    forced : str, optional
        Id or other name of the preset to take.
    tail : str
        The end of the file.

    Raises
    ------
    InputError
        When `forced` is no known tool.
    """
    rows = ["\n".join(cell.strip(_EDGES)[:_LONGEST].replace("\n", " ") for cell in row.cells) for row in head]
    among = [_named(forced)] if forced else [p for p in presets().values() if p.shapes]
    fits = [
        Recognised(preset, shape, start)
        for preset in among
        for shape in preset.shapes
        if (start := shape.begins(rows, tail)) is not None
    ]
    surest = max(fits, key=lambda fit: fit.shape.weight, default=None)
    if surest:
        # Within a tool the order of the shapes decides.
        return next(fit for fit in fits if fit.preset is surest.preset)
    return Recognised(among[0] if forced else GENERIC, (*among[0].shapes, _PLAIN)[0] if forced else _PLAIN, None)


def _named(forced: str) -> Preset:
    found = next((p for p in presets().values() if forced.lower() in {p.id, *p.aliases}), None)
    if not found:
        raise InputError(f"--tool {forced}: unknown tool; choose one of {', '.join(presets())}.")
    return found


class _RawRule(TypedDict):
    heading: str
    values: str
    reason: str


def _load(raw: dict[str, Any]) -> Preset:
    return Preset(
        id=raw["id"],
        name=raw["name"],
        status=raw["status"],
        source=raw["source"],
        aliases=tuple(raw.get("aliases", ())),
        shapes=tuple(map(_shape, raw["shape"])),
        drop=_rules(raw.get("drop", [])),
        count=_rules(raw.get("count", [])),
        roles={_compiled(pattern): role for pattern, role in raw.get("roles", {}).items()},
        unique=_compiled(raw["unique"]) if "unique" in raw else None,
        once=_compiled(raw["once"]) if "once" in raw else None,
    )


def _shape(raw: dict[str, Any]) -> Shape:
    rows = {name: raw[name] for name in ("headings", "questions", "options", "ids", "answers") if name in raw}
    return Shape(
        require={
            # A whole cell is a whole line: one search a row costs less than one match a cell.
            int(row): tuple(re.compile(f"^(?:{pattern})$", re.IGNORECASE | re.MULTILINE) for pattern in patterns)
            for row, patterns in raw.get("require", {}).items()
        },
        tail=_compiled(raw["tail"]) if "tail" in raw else None,
        **rows,
    )


def _rules(raw: list[_RawRule]) -> tuple[Rule, ...]:
    return tuple(Rule(_compiled(r["heading"]), _compiled(r["values"]), r["reason"]) for r in raw)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
