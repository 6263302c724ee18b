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
    with _arrow_faults(path):
        lines = sum(batch.num_rows for batch in _arrow_batches(path))
    return Table(path, "arrow", lambda: _arrow_rows(path), lines)


def _arrow_rows(path: Path) -> Iterator[Row]:
    numbers = count(1)
    with _arrow_faults(path):
        for at, batch in enumerate(_arrow_batches(path)):
            # Damage in the places of texts would crash on reading them.
            batch.validate(full=True)
            if at == 0:
                yield typed_row(0, batch.schema.names)
            for start in range(0, batch.num_rows, _BATCH):
                columns = [column.to_pylist() for column in batch.slice(start, _BATCH).columns]
                for cells, number in zip(zip(*columns, strict=True), numbers, strict=False):
                    yield typed_row(number, cells)


def _arrow_batches(path: Path) -> Iterator[RecordBatch]:
    """Yield every batch, and before them one without rows."""
    import pyarrow as pa
    from pyarrow import feather, ipc

    with path.open("rb") as file:
        magic = file.read(4)
    if magic == b"FEA1":
        table = feather.read_table(path)
        yield pa.RecordBatch.from_pylist([], table.schema)
        yield from table.to_batches()
        return
    with pa.memory_map(str(path)) as source:
        whole = magic == b"ARRO"
        reader = (ipc.open_file if whole else ipc.open_stream)(source)
        yield pa.RecordBatch.from_pylist([], reader.schema)
        yield from (reader.get_batch(i) for i in range(reader.num_record_batches)) if whole else reader


@contextmanager
def _arrow_faults(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
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
