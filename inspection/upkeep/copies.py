"""Copies of a database: taken while others write, and put back where nothing is."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from geo.errors import UnfinishedError
from inspection.errors import UsageError
from inspection.objects.draft import make_durable
from inspection.objects.faults import folder_faults
from inspection.records.engine import told
from inspection.records.tables.everything import METADATA

RECORDS: Final = "records.db"
JOBS: Final = "jobs.db"
DUMP: Final = "records.dump"


@contextmanager
def copied(engine: Engine, folder: Path) -> Iterator[Connection]:
    """
    Copy a database into a folder; the connection given sees exactly what the copy holds.

    Raises
    ------
    UsageError
        ``database_tool_missing`` if PostgreSQL's own programs are not there.
    UnfinishedError
        ``database_tool_failed``; ``database_damaged`` if a file of SQLite is.
    """
    if engine.dialect.name == "sqlite":
        # The jobs first: records that are ahead of them are caught up with, never the other way.
        for source, name in ((jobs_file(engine), JOBS), (records_file(engine), RECORDS)):
            if source.exists():
                _copy_file(source, folder / name)
        own = create_engine(f"sqlite:///{folder / RECORDS}", poolclass=NullPool)
        with own.connect() as connection:
            yield connection
        return
    snapshot = engine.execution_options(isolation_level="REPEATABLE READ")
    with told(), snapshot.connect() as connection, connection.begin():
        name = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        options = ["--format=custom", f"--snapshot={name}", f"--file={folder / DUMP}"]
        _run(engine, "pg_dump", *options)
        yield connection


def is_empty(engine: Engine) -> bool:
    """Whether a database holds nothing of ours; a file that is not there does not."""
    if engine.dialect.name == "sqlite" and not records_file(engine).exists():
        return True
    with told(), engine.connect() as connection:
        return not set(inspect(connection).get_table_names()) & set(METADATA.tables)


def put_back(engine: Engine, dump: Path) -> None:
    """Fill an empty database of PostgreSQL, in one transaction; raises as `copied`."""
    _run(engine, "pg_restore", "--exit-on-error", "--single-transaction", "--no-comments", dump)


def put_file(copy: Path, place: Path) -> Path:
    """Bring a file of SQLite beside its place, durable, still under a passing name."""
    passing = place.with_name(f".{place.name}.restored")
    with folder_faults():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(copy, passing)
        passing.chmod(0o600)
        make_durable(passing)
    return passing


def records_file(engine: Engine) -> Path:
    """File of the records, where that is one."""
    return Path(str(engine.url.database))


def jobs_file(engine: Engine) -> Path:
    """File of the jobs' durable state, which lies beside the records'."""
    return records_file(engine).with_suffix(".jobs.db")


def _copy_file(source: Path, target: Path) -> None:
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.execute("PRAGMA busy_timeout = 30000")
            live.backup(copy)
            # One file, without those that belong to a database that is being written.
            copy.execute("PRAGMA journal_mode = DELETE")
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
            raise UnfinishedError("disk_full") from error
        raise UnfinishedError("database_damaged", where=source.name) from error
    if verdict != "ok":
        raise UnfinishedError("database_damaged", where=source.name)


def _run(engine: Engine, program: str, *words: str | Path) -> None:
    found = shutil.which(program)
    if found is None:
        raise UsageError("database_tool_missing", where=program)
    url = engine.url.set(drivername="postgresql")
    # Through the environment: what stands on a command line every account can list.
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    address = url.set(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - no shell, words of our own
        [found, "--no-owner", "--no-privileges", f"--dbname={address}", *words],
        env=os.environ | secret,
        check=False,
    )
    if done.returncode != 0:
        raise UnfinishedError("database_tool_failed", where=program)
