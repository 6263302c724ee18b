"""What intake adds to the rows of a file: answers that a key explains, and multiple choices put together again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What the cell of an option holds when it was not chosen; everything else says that it was.
NOT_CHOSEN = frozenset({"", "0", "false", "no", "n", "いいえ", "非選択", "unchecked", "not selected", "off", "×"})
SEPARATOR = "; "


class Fold(NamedTuple):
    """A multiple choice that stands in several columns: its heading, and the options by position."""

    heading: str
    options: tuple[tuple[int, str], ...]

    def cell(self, row: Sequence[str]) -> str:
        """Return the options that were chosen, in one cell.

        Examples
        --------
        >>> Fold("Used", ((0, "Web"), (2, "Phone"))).cell(["1", "x", "Phone"])
        'Web; Phone'
        """
        return SEPARATOR.join(option for at, option in self.options if row[at].strip().casefold() not in NOT_CHOSEN)


@dataclass(frozen=True)
class Derived:
    """The changes that intake makes to the cells of a row.

    Attributes
    ----------
    folds : tuple of Fold
        Columns that are added at the end of the row.
    keys : tuple of (int, mapping of str to str)
        Position of a column → label by option number.
    questions : mapping of str to str
        Question text by heading, as a key or the folds tell it.
    """

    folds: tuple[Fold, ...] = ()
    keys: tuple[tuple[int, Mapping[str, str]], ...] = ()
    questions: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.folds or self.keys)

    def complete(self, cells: Sequence[str]) -> list[str]:
        """Return a row of the file, which must have all of its cells, with these changes.

        Examples
        --------
        >>> Derived((Fold("Used", ((1, "Web"),)),), ((0, {"1": "male"}),)).complete(["1", "1"])
        ['male', '1', 'Web']
        """
        row = list(cells)
        for at, labels in self.keys:
            row[at] = labels.get(row[at].strip(), row[at])
        row.extend(fold.cell(row) for fold in self.folds)
        return row

    @property
    def folded(self) -> dict[int, str]:
        """Position of every column that a fold takes up → heading of the fold."""
        return {at: fold.heading for fold in self.folds for at, _ in fold.options}


NOTHING = Derived()
