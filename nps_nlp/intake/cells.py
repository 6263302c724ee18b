"""Work on whole columns of text cells, as Arrow arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nps_nlp.intake.answers import LONGEST_FILLER, MAY_BE_FILLER, ONLY_STROKES, is_filler

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy as np
    import numpy.typing as npt
    import pandas as pd
    import pyarrow as pa

# Stands in no survey; it keeps "ab", "c" and "a", "bc" apart.
BETWEEN = "\x1f"


def as_text(cells: Sequence[str]) -> pa.Array:
    """Return cells as an array of text."""
    import pyarrow as pa

    return pa.array(cells, pa.large_string())


def joined(parts: Sequence[pa.Array]) -> pa.Array:
    """Return arrays of text as one."""
    import pyarrow as pa

    return pa.concat_arrays(parts) if parts else as_text([])


def trimmed(array: pa.Array) -> pa.Array:
    """Return text without blanks at its ends."""
    import pyarrow.compute as pc

    return pc.utf8_trim_whitespace(array)


def one_line(array: pa.Array) -> pa.Array:
    """Write group names on one line: a stray line break must not make a second group of the same name."""
    coded = array.dictionary_encode()
    names = coded.dictionary.to_pylist()
    plain = [" ".join(name.split()) for name in names]
    return array if plain == names else as_text(plain).take(coded.indices)


def mapped(array: pa.Array, read: Callable[[str], int]) -> npt.NDArray[np.int64]:
    """Return a number for each cell, read once for each different one."""
    import numpy as np

    coded = array.dictionary_encode()
    numbers = np.array([read(cell) for cell in coded.dictionary.to_pylist()], dtype=np.int64)
    found: npt.NDArray[np.int64] = numbers[coded.indices.to_numpy()]
    return found


def counts(array: pa.Array) -> Iterator[tuple[str, int]]:
    """Yield each different cell and how often it occurs."""
    for found in array.value_counts():
        yield found["values"].as_py(), found["counts"].as_py()


def as_mask(chosen: npt.NDArray[np.bool_]) -> pa.Array:
    """Return what to keep in the form in which Arrow filters."""
    import pyarrow as pa

    return pa.array(chosen)


def beginning(array: pa.Array, pattern: re.Pattern[str]) -> npt.NDArray[np.bool_]:
    """Tell of each cell whether it begins with what a pattern without case matches."""
    import pyarrow.compute as pc

    found: npt.NDArray[np.bool_] = pc.match_substring_regex(
        array, f"^(?:{pattern.pattern})", ignore_case=True
    ).to_numpy(zero_copy_only=False)
    return found


def blanks(n: int) -> pa.Array:
    """Return `n` empty cells."""
    import pyarrow as pa

    return pa.repeat(pa.scalar("", pa.large_string()), n)


def count_filled(array: pa.Array) -> int:
    """Count the cells that are not empty."""
    import pyarrow.compute as pc

    return int(pc.sum(pc.not_equal(array, "")).as_py() or 0)


def count_fillers(array: pa.Array) -> int:
    """Count the answers that only say that there is no answer."""
    import pyarrow.compute as pc

    short = pc.less_equal(pc.utf8_length(array), LONGEST_FILLER)
    likely = pc.and_(short, pc.match_substring_regex(array, MAY_BE_FILLER))
    # What is made of strokes alone may be of any length.
    likely = pc.or_(likely, pc.match_substring_regex(array, ONLY_STROKES))
    return sum(map(is_filler, array.filter(likely).to_pylist()))


def hashes(columns: Iterable[pa.Array]) -> list[int]:
    """Return a hash of each row, that of its cells joined by `BETWEEN`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = pc.binary_join_element_wise(*columns, pa.scalar(BETWEEN, pa.large_string()))
    return list(map(hash, rows.to_pylist()))


def as_series(array: pa.Array) -> pd.Series[str]:
    """Return text as a column of a frame, past the search for missing values that pandas does on lists."""
    import pandas as pd

    return pd.Series(pd.array(array, dtype="str"))
