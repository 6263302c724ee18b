"""The word lists of this room, from ``words.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


@cache
def word_set(name: str) -> frozenset[str]:
    """Return a list of ``words.toml``.

    Examples
    --------
    >>> "さん" in word_set("honorifics_ja")
    True
    """
    return frozenset(_lists()[name].split())


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
