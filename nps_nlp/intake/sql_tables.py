"""Read the rows of an SQL query as a table, through SQLAlchemy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nps_nlp.errors import InputError
from nps_nlp.intake.rows import Row, Table, typed_row

if TYPE_CHECKING:
    from collections.abc import Iterator

_BATCH = 5_000


def open_query(url: str, query: str) -> Table:
    """Open the rows of a query.

    Parameters
    ----------
    url : str
        Of the database, as SQLAlchemy writes it: ``postgresql+psycopg://user:password@host/survey``,
        ``sqlite:///survey.db``. Nothing but its kind, host and database is ever shown.
    query : str
        One SELECT; it is run anew for each reading.

    Raises
    ------
    InputError
        When SQLAlchemy or the driver is not installed, or the database refuses the query.

    Examples
    --------
    >>> import sqlite3, tempfile
    >>> file = Path(tempfile.mkdtemp()) / "survey.db"
    >>> with sqlite3.connect(file) as base:
    ...     _ = base.execute("create table a (NPS int, reason text)")
    ...     _ = base.execute("insert into a values (9, 'quick'), (3, null)")
    >>> base.close()
    >>> [row.cells for row in open_query(f"sqlite:///{file}", "select * from a").rows()]
    [['NPS', 'reason'], ['9', 'quick'], ['3', '']]
    """
    try:
        import sqlalchemy as sql
    except ImportError as error:
        raise InputError(
            "--sql needs SQLAlchemy, which is not installed; run: pip install 'nps-nlp[sql]' and your driver."
        ) from error
    try:
        address = sql.make_url(url)
    except sql.exc.ArgumentError:
        # The message of SQLAlchemy repeats the URL, password and all.
        raise InputError("--sql: the URL is none; name one such as sqlite:///survey.db.") from None
    shown = f"{address.get_backend_name()}://{address.host or ''}/{Path(address.database or '').name}"
    secrets = [s for s in (address.password, *map(str, address.query.values())) if s]

    def rows() -> Iterator[Row]:
        try:
            engine = sql.create_engine(address, poolclass=sql.pool.NullPool)
            with engine.connect() as connection:
                result = connection.execution_options(stream_results=True).execute(sql.text(query))
                yield typed_row(0, result.keys())
                for number, record in enumerate(result.yield_per(_BATCH), start=1):
                    yield typed_row(number, record)
        except (sql.exc.SQLAlchemyError, ImportError) as error:
            raise InputError(f"{shown}: {_reason(error, secrets)}; check the URL, the driver and the query.") from None

    return Table(Path("SQL query"), "sql", rows, 0, notes=(f"rows of an SQL query on {shown}",))


def _reason(error: Any, secrets: list[str]) -> str:
    """Return what went wrong on one line, without anything secret."""
    text = " ".join(str(getattr(error, "orig", None) or error).split()).split(". ")[0].rstrip(".")
    for secret in secrets:
        text = text.replace(secret, "***")
    return text.split(" (Background")[0]
