"""Taxonomies: the themes that comments are sorted by, as readable files that users copy and edit."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from nps_nlp.classify.labels import UNMENTIONED
from nps_nlp.errors import InputError

BUILT_IN = ("base", "tourism")


@dataclass(frozen=True)
class Theme:
    """A theme: what it is called, what it means, and the words that speak of it."""

    id: str
    label_ja: str
    label_en: str
    definition: str = ""
    parent: str = ""
    keywords_ja: tuple[str, ...] = ()
    keywords_en: tuple[str, ...] = ()
    examples_ja: tuple[str, ...] = ()
    examples_en: tuple[str, ...] = ()

    def label(self, language: str) -> str:
        """Return the display name in a language."""
        return self.label_ja if language == "ja" else self.label_en

    def keywords(self, language: str) -> tuple[str, ...]:
        """Return the keywords in a language."""
        return self.keywords_ja if language == "ja" else self.keywords_en


@dataclass(frozen=True)
class Taxonomy:
    """A named set of themes."""

    name: str
    themes: tuple[Theme, ...]

    def __contains__(self, theme: str) -> bool:
        return any(t.id == theme for t in self.themes)

    def __getitem__(self, theme: str) -> Theme:
        return next(t for t in self.themes if t.id == theme)

    @property
    def ids(self) -> tuple[str, ...]:
        """Theme ids in file order."""
        return tuple(t.id for t in self.themes)


def load_taxonomy(name: str | Path = "base") -> Taxonomy:
    """Load a built-in taxonomy or one of your own.

    Parameters
    ----------
    name : str or Path
        ``"base"`` (20 themes common to every industry), ``"tourism"`` (base and four more), or the path of a TOML
        file in the same shape; ``extends = "base"`` in it adds its themes to those of another. A file is read anew at
        every call, so that what was edited since holds.

    Returns
    -------
    Taxonomy

    Raises
    ------
    InputError
        When the file is missing, is no TOML, or a theme lacks its id or labels; names the file and the theme.

    Examples
    --------
    >>> load_taxonomy("tourism")["food"].label_en
    'Food and drink'
    """
    if str(name) in BUILT_IN:
        return _built_in(str(name))
    path = Path(name)
    if not path.is_file():
        raise InputError(f"{path}: no such taxonomy; give one of {', '.join(BUILT_IN)} or the path of a TOML file.")
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"{name}: the taxonomy is not valid TOML ({error}); compare it with the built-in base.toml."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the taxonomy is not readable as UTF-8 text ({error}).") from error
    return _build(str(name), raw)


@cache
def _built_in(name: str) -> Taxonomy:
    text = (resources.files("nps_nlp.classify") / "taxonomies" / f"{name}.toml").read_text("utf-8")
    return _build(name, tomllib.loads(text))


def _build(source: str, raw: dict[str, Any]) -> Taxonomy:
    extends, entries = raw.get("extends"), raw.get("themes", [])
    if extends is not None and extends not in BUILT_IN:
        raise InputError(
            f"{source}: extends = {extends!r} is no built-in taxonomy; choose one of {', '.join(BUILT_IN)}."
        )
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{source}: themes are written as [[themes]] blocks; compare it with the built-in base.toml.")
    inherited = load_taxonomy(extends).themes if extends else ()
    own = tuple(_theme(source, number, entry) for number, entry in enumerate(entries, start=1))
    if not own and not inherited:
        raise InputError(f"{source}: the taxonomy has no [[themes]]; compare it with the built-in base.toml.")
    twice = [theme for theme, count in Counter(t.id for t in own).items() if count > 1]
    if twice:
        raise InputError(f"{source}: the theme id {twice[0]!r} stands in two [[themes]]; every id may be given once.")
    # An own theme with an inherited id takes its place.
    merged = {t.id: t for t in (*inherited, *own)}
    return Taxonomy(str(raw.get("name", Path(source).stem)), tuple(merged.values()))


def _theme(source: str, number: int, entry: dict[str, Any]) -> Theme:
    where = f"{source}: theme {number} ({entry.get('id', 'no id')})"
    missing = [key for key in ("id", "label_ja", "label_en") if not entry.get(key)]
    unknown = sorted(set(entry) - set(Theme.__dataclass_fields__))
    if missing or unknown:
        wrong = f"lacks {', '.join(missing)}" if missing else f"has unknown keys {', '.join(unknown)}"
        raise InputError(f"{where} {wrong}; every theme needs id, label_ja and label_en.")
    if entry["id"] == UNMENTIONED:
        raise InputError(f"{where}: this id stands for no theme at all; choose another.")
    fields: dict[str, Any] = {}
    for key, value in entry.items():
        many = key.startswith(("keywords", "examples"))
        if many and not (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            raise InputError(f"{where}: {key} is {value!r}; expected a list of texts.")
        if not many and not isinstance(value, str):
            raise InputError(f"{where}: {key} is {value!r}; expected a text.")
        fields[key] = tuple(value) if many else value
    return Theme(**fields)
