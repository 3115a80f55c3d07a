"""Bringing a database up to the code: from nothing or from any earlier step, under one lock."""

import os
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from inspection.errors import UsageError
from inspection.records.columns import now
from inspection.records.engine import is_sqlite, told
from inspection.records.tables.everything import METADATA

VERSION_TABLE: Final = "tinjau_schema"
_HERE: Final = Path(__file__).parent
_LOCK: Final = 0x74696E6A6175
"""Number of the lock that PostgreSQL keeps for us: the letters of the product's name."""


def upgrade(engine: Engine, *, target: str | None = None) -> list[str]:
    """
    Bring a database up to the code, or to an earlier `target`; gives the steps that were taken.

    Each step is one transaction together with the note that it was taken, so that a database
    whose upgrade was cut off is at one of the steps and the next run goes on from there. A
    file of SQLite that holds anything is copied beside itself first; a backup of PostgreSQL is
    its operator's.

    Raises
    ------
    UsageError
        ``database_newer`` if it is of a later version of the code; ``database_foreign`` if
        it holds tables of these names that none of the steps made.
    UnfinishedError
        As `inspection.records.engine.told`.
    """
    taken: list[str] = []
    with told():
        while (step := _taken_next(engine, target or head(), first=not taken)) is not None:
            taken.append(step)
    return taken


def head() -> str:
    """The step that this code expects."""
    return str(_steps()[-1].revision)


def revision_of(connection: Connection) -> str | None:
    """The step at which a database is; None where none was ever taken."""
    return _context(connection).get_current_revision()


def require_begun(engine: Engine) -> None:
    """
    Require that a database was ever brought to a step.

    Raises
    ------
    UsageError
        ``installation_absent`` if it is empty.
    """
    with told(), engine.connect() as connection:
        if revision_of(connection) is None and not inspect(connection).has_table("offices"):
            raise UsageError("installation_absent")


def require_current(engine: Engine) -> None:
    """
    Require that a database is at the step that this code expects.

    Raises
    ------
    UsageError
        ``database_newer``, or ``database_older``.
    """
    with told(), engine.connect() as connection:
        known = [step.revision for step in _steps()]
        found = revision_of(connection)
        if found is not None and found not in known:
            raise UsageError("database_newer")
        if found != known[-1]:
            raise UsageError("database_older")


def _taken_next(engine: Engine, target: str, *, first: bool) -> str | None:
    with engine.connect() as connection, connection.begin():
        _wait_in_line(connection)
        step = _next_step(connection, target)
        if step is None:
            return None
        if first and is_sqlite(connection):
            _back_up(engine, revision_of(connection))
        context = _context(connection)
        with Operations.context(context):
            step.module.upgrade()
        context.stamp(_scripts(), step.revision)
        return step.revision


def _next_step(connection: Connection, target: str) -> Script | None:
    steps = _steps()
    known = [step.revision for step in steps]
    found = revision_of(connection)
    if found is None:
        if set(inspect(connection).get_table_names()) & set(METADATA.tables):
            raise UsageError("database_foreign")
        return steps[0]
    if found not in known:
        raise UsageError("database_newer")
    at = known.index(found)
    return steps[at + 1] if at < known.index(target) else None


def _wait_in_line(connection: Connection) -> None:
    # SQLite has one writer at a time, and this transaction began as one.
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _context(connection: Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(_HERE, version_locations=[str(_HERE / "versions")])


@cache
def _steps() -> tuple[Script, ...]:
    return tuple(reversed(list(_scripts().walk_revisions())))


def _back_up(engine: Engine, revision: str | None) -> None:
    if revision is None:
        return
    path = Path(str(engine.url.database))
    stamp = f"{now():%Y%m%dT%H%M%SZ}"
    final = path.with_name(f"{path.name}.before-{revision}-{stamp}.backup")
    unfinished = final.with_name(f".{final.name}.part")
    os.close(os.open(unfinished, os.O_CREAT | os.O_RDWR, 0o600))
    # What was committed last: the transaction that waits for this has written nothing yet.
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.rename(final)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
