"""Offices apart, in one place: what a session of one office can see, and what it can write."""

from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import ClauseElement, Column, Engine, event
from sqlalchemy.orm import (
    ORMExecuteState,
    Session,
    UOWTransaction,
    with_loader_criteria,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.annotation import Annotated

from inspection.errors import InspectionError
from inspection.records.tables.audit import AuditChain, AuditEvent, AuditHead, AuditPrivate
from inspection.records.tables.base import Base, OfficeOwned
from inspection.records.tables.delivery import IdempotencyKey
from inspection.records.tables.offices import Office, SignInAttempt, SignInBegun

OWNER: Final[dict[type[Base], str]] = {
    Office: "id",
    AuditChain: "chain",
    AuditEvent: "chain",
    AuditHead: "chain",
    AuditPrivate: "chain",
    IdempotencyKey: "owner",
    SignInAttempt: "owner",
    SignInBegun: "owner",
}
"""Tables that say in a column of their own whose a row is; all others are `OfficeOwned`."""


class ForeignRowError(InspectionError):
    """Something tried to write what belongs to another office."""


class OfficeSession(Session):
    """
    A session of one office: rows of other offices are absent from it, whatever is asked.

    It takes statements about mapped classes only, since of a bare table nobody could say
    whose rows they are; and rows enter it by `add`, not in bulk, so that each is looked at.
    """

    def __init__(self, bind: Engine, office: UUID) -> None:
        super().__init__(bind, expire_on_commit=False)
        self.office = office
        # Made once: to make them takes longer than many a statement.
        self.narrowing = (
            with_loader_criteria(
                OfficeOwned, lambda kind: kind.office_id == office, include_aliases=True
            ),
            *(
                with_loader_criteria(kind, getattr(kind, column) == office, include_aliases=True)
                for kind, column in OWNER.items()
            ),
        )


@event.listens_for(OfficeSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    if not isinstance(state.session, OfficeSession):
        raise TypeError("only the sessions of an office are narrowed to it")
    if not state.is_orm_statement or state.is_insert or _names_bare_columns(state):
        raise RuntimeError("a session of an office takes statements about mapped classes only")
    if state.is_column_load:  # the rest of a row that this session found before
        return
    state.statement = state.statement.options(*state.session.narrowing)


def _names_bare_columns(state: ORMExecuteState) -> bool:
    # A column asked for through its class carries notes about it, by which its rows are narrowed;
    # one of a table does not, and is only known to be where its class is asked for too.
    narrowed = {mapper.local_table for mapper in state.all_mappers}
    return any(
        isinstance(part, Column) and not isinstance(part, Annotated) and part.table not in narrowed
        for part in visitors.iterate(cast("ClauseElement", state.statement))
    )


@event.listens_for(OfficeSession, "before_flush")
def _hold_to_the_office(
    session: OfficeSession,
    _context: UOWTransaction,
    _instances: Any,  # noqa: ANN401 - not used
) -> None:
    for row in session.new:
        column = OWNER.get(type(row), "office_id")
        if getattr(row, column) is None:
            setattr(row, column, session.office)
    for row in (*session.new, *session.dirty, *session.deleted):
        column = OWNER.get(type(row), "office_id")
        if getattr(row, column) != session.office:
            raise ForeignRowError("row_of_another_office")
