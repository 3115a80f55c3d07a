"""The records as the rest of the product sees them: sessions that read, sessions that write."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session

import inspection.records.tables.everything  # noqa: F401 - tables refer to one another
from inspection.records.claim import stand_by_claim
from inspection.records.engine import READS, told
from inspection.records.separation import OfficeSession


class Records:
    """
    The records of an installation.

    A session is one transaction: what it wrote is kept when its block ends, whole or not at
    all. Those that read see one state of the records from their first question to their last.
    """

    def __init__(self, engine: Engine) -> None:
        self._writer = engine
        snapshot = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        self._reader = engine.execution_options(**READS, **snapshot)

    @contextmanager
    def reading(self, office: UUID) -> Iterator[Session]:
        """See what one office owns; nothing can be written."""
        with told(), OfficeSession(self._reader, office) as session:
            _forbid_changes(session)
            yield session

    @contextmanager
    def writing(self, office: UUID) -> Iterator[Session]:
        """See and change what one office owns; kept when the block ends without an error."""
        with told(), OfficeSession(self._writer, office) as session, session.begin():
            yield session
            stand_by_claim(session)

    @contextmanager
    def reading_all(self) -> Iterator[Session]:
        """See every office: to sign people in, to sweep, to sign heads, to count; for no person."""
        with told(), Session(self._reader, expire_on_commit=False) as session:
            _forbid_changes(session)
            yield session

    @contextmanager
    def writing_all(self) -> Iterator[Session]:
        """Change whatever any office owns: for the installation itself, never for a person."""
        with told(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session


def _forbid_changes(session: Session) -> None:
    @event.listens_for(session, "before_flush")
    def refuse(*_: object) -> None:
        raise RuntimeError("a session that reads changes nothing")

    @event.listens_for(session, "do_orm_execute")
    def refuse_statement(state: ORMExecuteState) -> None:
        if state.is_insert or state.is_update or state.is_delete:
            raise RuntimeError("a session that reads changes nothing")
