"""The one door to either database: how it is opened, and how safely it writes."""

import errno
import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from geo.errors import UnfinishedError, about
from inspection.errors import UsageError, placing

BUSY_MS: Final = 10_000
"""How long a writer waits for the one before it."""

SILENT_S = 45
"""How long whoever writes to PostgreSQL may say nothing in the middle: what it holds then goes to
those that wait, for it may be stopped, or its machine gone."""

KEEPALIVE: Final = (
    # A machine that lost its power closes no connection: the server must ask.
    "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)

READS: Final = {"tinjau_reads": True}
"""Execution option of a connection that changes nothing, and so waits for nobody."""

_DRIVERS: Final = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MS}",
)
_SQLITE: Final = {
    sqlite3.SQLITE_BUSY: "database_busy",
    sqlite3.SQLITE_LOCKED: "database_busy",
    sqlite3.SQLITE_FULL: "database_full",
    sqlite3.SQLITE_IOERR: "database_full",
    sqlite3.SQLITE_CANTOPEN: "database_unreachable",
    sqlite3.SQLITE_READONLY: "database_unreachable",
    sqlite3.SQLITE_NOTADB: "database_unreachable",
}
_SQLSTATES: Final = {
    "40001": "database_busy",  # another came first
    "40P01": "database_busy",  # a deadlock
    "55P03": "database_busy",  # a lock is held
    "53100": "database_full",
    "25P03": "database_unreachable",  # it was silent for too long, and its line is cut
}


def open_engine(address: str, *, make: bool = True) -> Engine:
    """
    Open a database by its address: ``sqlite:///records.db`` or ``postgresql://…``.

    A file of SQLite is made where there is none, for this account's eyes only, unless it must
    be there.

    Raises
    ------
    UsageError
        ``database_address`` if it names neither of the two; ``installation_absent`` where a file
        must be there; as `inspection.errors.placing`.
    """
    url = _url(address)
    if url.get_backend_name() == "sqlite":
        if make:
            make_private(Path(str(url.database)))
        elif not Path(str(url.database)).is_file():
            with about(str(url.database)):
                raise UsageError("installation_absent")
        engine = create_engine(url, json_serializer=_as_json, hide_parameters=True)
        event.listen(engine, "connect", _set_up)
        event.listen(engine, "begin", _begin)
        return engine
    engine = create_engine(
        url,
        json_serializer=_as_json,
        hide_parameters=True,  # an error shall not tell what was written
        pool_pre_ping=True,
        connect_args={"options": f"-c timezone=UTC {KEEPALIVE}", "connect_timeout": 10},
    )
    event.listen(engine, "begin", _begin_on_server)
    return engine


def make_private(path: Path) -> None:
    """
    Make a database's file where there is none, for this account's eyes only.

    Raises
    ------
    UsageError
        As `inspection.errors.placing`.
    """
    with placing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Never opened where it is there: closing it would drop every lock that this process has
        # on it, and the next process to leave would take away the log of writes in use here.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))


def is_sqlite(connection: Connection) -> bool:
    """Whether the database is a file of our own."""
    return connection.dialect.name == "sqlite"


@contextmanager
def told() -> Iterator[None]:
    """
    Say what a fault of the database means.

    Raises
    ------
    UnfinishedError
        ``database_busy``, ``database_full`` or ``database_unreachable``: to be tried again.
    """
    try:
        yield
    except DBAPIError as error:
        code = _code_of(error)
        if code == "database_busy":
            raise UnfinishedError("database_busy") from error
        if code == "database_full":
            raise UnfinishedError("database_full") from error
        if code == "database_unreachable":
            raise UnfinishedError("database_unreachable") from error
        raise


def _url(address: str) -> URL:
    try:
        url = make_url(address)
        driver = _DRIVERS.get(url.get_backend_name())
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise UsageError("database_address") from error
    if driver is None or (driver.startswith("sqlite") and url.database in (None, "", ":memory:")):
        raise UsageError("database_address")
    return url.set(drivername=driver)


def _as_json(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    # PostgreSQL refuses NaN and SQLite would keep it: neither shall.
    return json.dumps(value, allow_nan=False, separators=(",", ":"))


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - the driver chosen above
    # Python's own beginning of transactions comes too late, and not for tables: ours is below.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()


def _begin(connection: Connection) -> None:
    # A writer takes its turn at once: one that reads first and then finds that another wrote
    # in between could only fail.
    reads = connection.get_execution_options().get("tinjau_reads", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _begin_on_server(connection: Connection) -> None:
    # Who reads holds nobody up, and may take as long as it likes.
    if not connection.get_execution_options().get("tinjau_reads", False):
        connection.exec_driver_sql(
            f"SET LOCAL idle_in_transaction_session_timeout = '{SILENT_S:d}s'"
        )


def _code_of(error: DBAPIError) -> str | None:
    original = error.orig
    if isinstance(original, sqlite3.Error):
        # The lowest byte is the kind; the ones above say more than is asked here.
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(original, psycopg.Error) and original.sqlstate in _SQLSTATES:
        return _SQLSTATES[original.sqlstate]
    # No state at all: the server was never reached, or went away in the middle.
    if error.connection_invalidated or isinstance(original, psycopg.OperationalError):
        return "database_unreachable"
    return None
