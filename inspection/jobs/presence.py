"""Which workers live: each holds a lock that its database or its disk takes back when it dies."""

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from geo.errors import UnfinishedError
from inspection.errors import UsageError
from inspection.records.engine import KEEPALIVE

_SPACE: Final = 0x746A6F62
"""First number of our locks on PostgreSQL: the letters tjob."""

SILENT_S = 30
"""After so long without a word a worker is taken for dead, though its connection stands: it may be
stopped, and others must not wait for it."""

_KNOWS_SILENCE: Final = 140000
_HELD: Final = text(
    "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = :pid"
    " AND classid = CAST(:space AS oid) AND objid = CAST(:number AS oid) AND objsubid = 2"
)


class OnDisk:
    """A worker beside a database of SQLite: the only one, so that every other is dead."""

    def check(self) -> None:
        """Nothing to look at: its lock goes only with the process."""

    def is_held(self, session: Session) -> bool:  # noqa: ARG002 - whatever it is about to write
        """Nobody takes anything over from the only worker there is."""
        return True

    @contextmanager
    def burying(self, executor: str) -> Iterator[bool]:  # noqa: ARG002 - whoever it was
        """Every other worker is dead."""
        yield True

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:  # noqa: ARG002 - whatever it is
        """Do something that one worker does at a time: there is one."""
        yield True


class OnServer:
    """A worker among others: a lock that PostgreSQL holds as long as the connection lives."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._own = ""

    def is_held(self, session: Session) -> bool:
        """
        Whether this worker still has its lock, seen in the transaction that is about to write.

        Where it has, nobody took anything over before; who does so now waits for the rows that
        this transaction holds.
        """
        held = {
            "pid": self._connection.info.backend_pid,
            "space": _SPACE,
            # The server shows the numbers of a lock without their sign.
            "number": _number(self._own) % 2**32,
        }
        return session.connection().execute(_HELD, held).first() is not None

    def check(self) -> None:
        """
        Ask the server; whoever cannot reach it has lost its lock, or soon will have.

        Raises
        ------
        UnfinishedError
            ``worker_lost_lock``.
        """
        try:
            self._connection.execute("SELECT 1")
        except psycopg.Error as error:
            raise UnfinishedError("worker_lost_lock") from error

    @contextmanager
    def burying(self, executor: str) -> Iterator[bool]:
        """
        Take the lock of another worker, which can be had only if it is dead.

        Raises
        ------
        UnfinishedError
            ``worker_lost_lock``.
        """
        got = self._run("SELECT pg_try_advisory_lock(%s, %s)", executor)
        try:
            yield got
        finally:
            if got:
                self._run("SELECT pg_advisory_unlock(%s, %s)", executor)

    @contextmanager
    def alone(self, name: str) -> Iterator[bool]:
        """
        Do something that one worker does at a time; False where another is at it.

        Raises
        ------
        UnfinishedError
            ``worker_lost_lock``.
        """
        with self.burying(f"round {name}") as got:
            yield got

    def hold(self, executor: str) -> None:
        """Take this worker's own lock."""
        self._own = executor
        self._run("SELECT pg_advisory_lock(%s, %s)", executor)

    def _run(self, statement: str, executor: str) -> bool:
        try:
            row = self._connection.execute(statement, (_SPACE, _number(executor))).fetchone()
        except psycopg.Error as error:
            raise UnfinishedError("worker_lost_lock") from error
        return bool(row and row[0])


def _number(executor: str) -> int:
    """Second number of a lock, signed as the server takes it."""
    return int.from_bytes(hashlib.sha256(executor.encode()).digest()[:4], signed=True)


@contextmanager
def present(
    engine: Engine, executor: str, *, for_service: bool = False
) -> Iterator[OnDisk | OnServer]:
    """
    Be known as living while the block lasts.

    Raises
    ------
    UsageError
        ``worker_running`` if there is one beside this database of SQLite already;
        ``service_running`` where it stands in the way of a service or of putting one back.
    """
    if engine.dialect.name == "sqlite":
        with Path(str(engine.url.database)).with_suffix(".worker.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if for_service:
                    raise UsageError("service_running") from error
                raise UsageError("worker_running") from error
            yield OnDisk()
        return
    address = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(
            address, autocommit=True, connect_timeout=10, options=KEEPALIVE
        )
    except psycopg.OperationalError as error:
        raise UnfinishedError("database_unreachable") from error
    with connection:
        if connection.info.server_version >= _KNOWS_SILENCE:
            connection.execute(f"SET idle_session_timeout = '{SILENT_S:d}s'")
        held = OnServer(connection)
        held.hold(executor)
        yield held
