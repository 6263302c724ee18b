"""Open Parquet, Arrow and Feather."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING

from nps_nlp.errors import InputError
from nps_nlp.intake.rows import Row, Table, typed_row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyarrow import RecordBatch
    from pyarrow.parquet import ParquetFile

_BATCH = 5_000


def open_parquet(path: Path) -> Table:
    """Open a Parquet file.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    with _parquet(path) as file:
        lines = file.metadata.num_rows
    return Table(path, "parquet", lambda: _parquet_rows(path), lines)


def open_arrow(path: Path) -> Table:
    """Open an Arrow or Feather file, or an Arrow stream.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    lines = sum(batch.num_rows for _, batch in _arrow_batches(path) if batch is not None)
    return Table(path, "arrow", lambda: _arrow_rows(path), lines)


def _arrow_rows(path: Path) -> Iterator[Row]:
    numbers = count(1)
    for names, batch in _arrow_batches(path):
        if batch is None:
            yield typed_row(0, names)
            continue
        for start in range(0, batch.num_rows, _BATCH):
            columns = batch.slice(start, _BATCH).to_pydict().values()
            for cells, number in zip(zip(*columns, strict=True), numbers, strict=False):
                yield typed_row(number, cells)


def _arrow_batches(path: Path) -> Iterator[tuple[list[str], RecordBatch | None]]:
    """Yield the names of the columns without a batch, then every batch."""
    import pyarrow as pa
    from pyarrow import feather, ipc

    try:
        with path.open("rb") as file:
            magic = file.read(4)
        if magic == b"FEA1":
            table = feather.read_table(path)
            names, batches = table.column_names, table.to_batches()
        else:
            with pa.memory_map(str(path)) as source:
                reader = (ipc.open_file if magic == b"ARRO" else ipc.open_stream)(source)
                names = reader.schema.names
                batches = (
                    (reader.get_batch(i) for i in range(reader.num_record_batches)) if magic == b"ARRO" else reader
                )
                yield names, None
                yield from ((names, batch) for batch in batches)
                return
        yield names, None
        yield from ((names, batch) for batch in batches)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the Arrow file is damaged or cut off; write it again.") from error


@contextmanager
def _parquet(path: Path) -> Iterator[ParquetFile]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the Parquet file is damaged or cut off; write it again.") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    with _parquet(path) as file:
        yield typed_row(0, file.schema_arrow.names)
        number = 0
        for batch in file.iter_batches(batch_size=_BATCH):
            for cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                number += 1
                yield typed_row(number, cells)
