"""How long an office takes at most to answer an objection, as its administrator states it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import RefusedError
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.counting import Term as Counted
from inspection.records.counting import unit_of
from inspection.records.service import working_days
from inspection.records.tables.offices import Calendar, Office

OBJECTIONS: Final = "objections"
"""Where an office's settings say it."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """Working days by one of the office's calendars."""

    calendar: str
    days: float


@dataclass(frozen=True, kw_only=True)
class Due:
    """Says when an objection is due, in an office that has a term; nothing in any other."""

    term: Counted | None

    def of(self, filed_at: datetime) -> datetime | None:
        """When the term ends that began with the filing."""
        return None if self.term is None else self.term.ends(filed_at, self.term.allowed)


def set_term(session: Session, office: Office, stated: Term | None, *, by: UUID) -> None:
    """
    State the term, also for what waits already; None for none.

    Raises
    ------
    RefusedError
        ``calendar_unknown``.
    """
    told: dict[str, Json] = {}
    if stated is not None:
        if _calendar(session, office.id, stated.calendar) is None:
            raise RefusedError("calendar_unknown", where=stated.calendar)
        told = {"calendar": stated.calendar, "days": stated.days}
    office.settings = {**office.settings, OBJECTIONS: told or None}
    deed = Deed(
        action="office.objections", subject_kind="office", subject_id=str(office.id), facts=told
    )
    record(session, deed, actor=str(by))


def term_of(office: Office) -> Term | None:
    """The office's term; None where it states none."""
    match office.settings.get(OBJECTIONS):
        case {"calendar": str(calendar), "days": float(days) | int(days)}:
            return Term(calendar=calendar, days=float(days))
    return None


def due_by_office(session: Session, office_ids: set[UUID]) -> Mapping[UUID, Due]:
    """By what each office answers; its calendar is read once."""
    return {one: _due(session, session.get_one(Office, one)) for one in office_ids}


def _due(session: Session, office: Office) -> Due:
    term = term_of(office)
    calendar = None if term is None else _calendar(session, office.id, term.calendar)
    if term is None or calendar is None:
        return Due(term=None)
    days = Fraction(str(term.days))
    unit = unit_of(days, office.profile)
    return Due(term=Counted(allowed=days, unit=unit, calendar=working_days(session, calendar)))


def _calendar(session: Session, office_id: UUID, name: str) -> Calendar | None:
    asked = select(Calendar).where(Calendar.office_id == office_id, Calendar.name == name)
    return session.scalars(asked).one_or_none()
