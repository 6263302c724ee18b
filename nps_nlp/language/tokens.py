"""The token that both languages share."""

from __future__ import annotations

from typing import NamedTuple


class Morph(NamedTuple):
    """A word form.

    Attributes
    ----------
    surface : str
        As written (after NFKC).
    pos, pos2 : str
        Part of speech and its subdivision: UniDic's names in Japanese, empty in English.
    lemma : str
        Dictionary form for matching only (UniDic writes コスパ as 子 + スパ).
    base : str
        Base form as a reader would write it (``orthBase``): the one to show.
    """

    surface: str
    pos: str
    pos2: str
    lemma: str
    base: str


class Token(NamedTuple):
    """A word form at its place in the normalised text."""

    start: int
    morph: Morph

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.morph.surface)
