"""Open SPSS and Stata files: questions from variable labels, answers from value labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nps_nlp.errors import InputError
from nps_nlp.intake.rows import Row, Table, cell_text, typed_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

_BATCH = 10_000
# From so many labelled codes on, all between 0 and 11, the answers are points of a scale.
_SCALE_CODES = 9


def open_statistics(path: Path, kind: str) -> Table:
    """Open an SPSS ``.sav`` or Stata ``.dta`` file.

    Answers are given as their value labels; those of a scale, on which labels are only names of points, as
    ``10 - Extremely likely``. What the file declares missing is blank.

    Parameters
    ----------
    path : Path
    kind : {'sav', 'dta'}

    Raises
    ------
    InputError
        When the file is damaged, or pyreadstat is not installed.
    """
    try:
        import pyreadstat
    except ImportError as error:
        name = "SPSS" if kind == "sav" else "Stata"
        raise InputError(
            f"{path}: reading {name} files needs pyreadstat, which is not installed; "
            "run: pip install 'nps-nlp[statistics]'."
        ) from error
    read = pyreadstat.read_sav if kind == "sav" else pyreadstat.read_dta
    _, about = _read(path, read, metadataonly=True)
    labels = {name: _answers(found) for name, found in about.variable_value_labels.items()}

    def rows() -> Iterator[Row]:
        yield typed_row(0, about.column_names)
        start = 0
        while True:
            columns, _ = _read(path, read, row_offset=start, row_limit=_BATCH, output_format="dict")
            texts = [[_text(value, labels.get(name, {})) for value in columns[name]] for name in columns]
            batch = list(zip(*texts, strict=True))
            yield from (typed_row(number, cells) for number, cells in enumerate(batch, start=start + 1))
            start += len(batch)
            if len(batch) < _BATCH:
                return

    questions = {name: label for name, label in about.column_names_to_labels.items() if label}
    return Table(path, kind, rows, about.number_rows or 0, questions=questions)


def _read(path: Path, read: Callable[..., tuple[Any, Any]], **options: Any) -> tuple[Any, Any]:
    try:
        return read(str(path), **options)
    except Exception as error:  # pyreadstat raises many types on damaged files
        raise InputError(f"{path}: the file is damaged or cut off ({error}); export the responses again.") from error


def _answers(labels: Mapping[Any, str]) -> dict[Any, str]:
    """Return the text of each code: its label, or on a scale the number and its label."""
    codes = [code for code in labels if isinstance(code, int | float)]
    gaps = len(codes) > 1 and max(codes) - min(codes) > len(codes) - 1
    on_scale = all(0 <= code <= 11 for code in codes) and codes and (len(codes) >= _SCALE_CODES or gaps)
    if not on_scale:
        return dict(labels)
    return {
        code: label if label.strip() == cell_text(code) else f"{cell_text(code)} - {label}"
        for code, label in labels.items()
    }


def _text(value: object, labels: Mapping[Any, str]) -> str:
    if isinstance(value, int | float | str) and value in labels:
        return cell_text(labels[value])
    return cell_text(value)
