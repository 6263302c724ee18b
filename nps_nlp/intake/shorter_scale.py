"""Recognise scores that seem to be on a scale of five or seven points, which must not be read as 0–10 unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections import Counter

# Answers from which on none above the end of a shorter scale is no chance, and from which on it is worth a word.
_ENDS = {5: 20, 7: 50}
_WORTH_A_WORD = 8


def is_shorter(numbers: Counter[float], *, hint: bool = False) -> bool:
    """Tell whether whole numbers end where a scale of five or seven points does, and are many enough to mean it.

    Parameters
    ----------
    numbers : Counter of float
        The numbers of a column.
    hint : bool
        A few answers are enough.

    Examples
    --------
    >>> from collections import Counter
    >>> is_shorter(Counter({1: 5, 3: 10, 5: 10})), is_shorter(Counter({1: 5, 3: 10, 8: 10}))
    (True, False)
    """
    if len(numbers) < 3 or min(numbers) < 0 or any(number != int(number) for number in numbers):
        return False
    end = next((end for end in _ENDS if max(numbers) <= end), None)
    if end is None or (end > 5 and (min(numbers) < 1 or len(numbers) < 5)):
        return False
    return numbers.total() >= (_WORTH_A_WORD if hint and end == 5 else _ENDS[end])


def refusal(numbers: Counter[float]) -> str:
    """Return, as the rest of a sentence about a column, why it is not taken for the score and what to do."""
    return (
        f"{_only(numbers)}, which looks like a scale of {_end(numbers)} points, expected 0 to 10; "
        f"to count it as it is, name it with --score and its groups with {_advice(numbers)}, "
        "or name another column with --score."
    )


def remark(numbers: Counter[float]) -> str:
    """Return what a reader must know of scores that seem to be on a shorter scale; empty where they do not."""
    if not is_shorter(numbers, hint=True):
        return ""
    return f"{_only(numbers)}: if its scale has {_end(numbers)} points, the groups are wrong without {_advice(numbers)}"


def _only(numbers: Counter[float]) -> str:
    return f"holds only {min(numbers):g} to {max(numbers):g} in {numbers.total():,} answers"


def _end(numbers: Counter[float]) -> int:
    return 5 if max(numbers) <= 5 else 7


def _advice(numbers: Counter[float]) -> str:
    return f"--break-points {'3,5' if _end(numbers) == 5 else '5,7'}"
