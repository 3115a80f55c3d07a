"""Where the durable state of jobs lies: with the records, on their server or in a file beside."""

import sqlite3
import time
from pathlib import Path
from typing import Final

from dbos import DBOSConfig
from sqlalchemy import URL, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from inspection.records.engine import KEEPALIVE, SILENT_S, make_private

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 30000",
)
_KNOWS_SUBSECONDS: Final = (3, 42)


def durable_state(engine: Engine) -> DBOSConfig:
    """The settings that say where it lies, beside records in this database."""
    if engine.dialect.name != "sqlite":
        url = engine.url.set(drivername="postgresql").update_query_dict(
            # One that stands still in the middle of a word shall hold nobody up.
            {"options": f"{KEEPALIVE} -c idle_in_transaction_session_timeout={SILENT_S}s"}
        )
        return {"system_database_url": url.render_as_string(hide_password=False)}
    path = Path(str(engine.url.database)).with_suffix(".jobs.db")
    make_private(path)
    own = create_engine(URL.create("sqlite+pysqlite", database=str(path)))
    event.listen(own, "connect", _set_up)
    return {"system_database_engine": own}


def _set_up(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    assert isinstance(connection, sqlite3.Connection)  # noqa: S101 - the driver chosen above
    connection.isolation_level = "IMMEDIATE"
    for pragma in _PRAGMAS:
        connection.execute(pragma).close()
    if sqlite3.sqlite_version_info < _KNOWS_SUBSECONDS:
        # dbos asks for parts of a second, of which older libraries know nothing (Debian 12).
        connection.create_function("unixepoch", 1, _seconds)


def _seconds(modifier: str) -> float:
    if modifier != "subsec":
        raise ValueError(modifier)
    return round(time.time(), 3)
