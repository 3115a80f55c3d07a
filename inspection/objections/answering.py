"""Objections as their office sees them: the open ones first, each to be answered on the record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError
from inspection.objections.term import due_by_office
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.paging import Page, page
from inspection.records.tables.inspections import Finding
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import (
    AnswerOutcome,
    Objection,
    ObjectionAnswer,
    Report,
)

_ANSWERED: Final = "answered."
"""Marks where a page begins among those that were answered, which come after the open ones."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """An objection with what it is about and what was answered, the last word last."""

    objection: Objection
    report: Report
    permit_reference: str
    finding: str | None
    answers: Sequence[ObjectionAnswer]
    time_zone: str
    """The office's, by which its days are told."""

    due_at: datetime | None
    """When it must be answered first; None where it was, or where its office states no term."""


def told(session: Session, objections: Collection[Objection]) -> list[Told]:
    """Objections with what lies around them, in the order given."""
    about = [one.report_id for one in objections]
    findings = [one.finding_id for one in objections if one.finding_id is not None]
    reports = {one.id: one for one in session.scalars(select(Report).where(Report.id.in_(about)))}
    permits = {one.permit_id for one in reports.values()}
    named = session.execute(select(Permit.id, Permit.reference).where(Permit.id.in_(permits)))
    references = {one.id: one.reference for one in named}
    codes = {
        one.id: one.code for one in session.scalars(select(Finding).where(Finding.id.in_(findings)))
    }
    answers: dict[UUID, list[ObjectionAnswer]] = {}
    asked = select(ObjectionAnswer).where(
        ObjectionAnswer.objection_id.in_([one.id for one in objections])
    )
    for answer in session.scalars(asked.order_by(ObjectionAnswer.created_at, ObjectionAnswer.id)):
        answers.setdefault(answer.objection_id, []).append(answer)
    due = due_by_office(session, {one.office_id for one in objections})
    return [
        Told(
            objection=one,
            report=reports[one.report_id],
            permit_reference=references[reports[one.report_id].permit_id],
            finding=codes.get(one.finding_id) if one.finding_id else None,
            answers=answers.get(one.id, []),
            time_zone=session.get_one(Office, one.office_id).time_zone,
            due_at=None if one.answered_at else due[one.office_id].of(one.created_at),
        )
        for one in objections
    ]


def listed(
    session: Session, *, size: int, after: str | None, inspection: UUID | None = None
) -> Page[Objection]:
    """
    One page of an office's objections, or of those to one inspection's, the open ones first.

    Raises
    ------
    RefusedError
        As `inspection.records.paging.page`.
    """
    every = select(Objection)
    if inspection is not None:
        of_it = select(Report.id).where(Report.inspection_id == inspection)
        every = every.where(Objection.report_id.in_(of_it))
    rows: list[Objection] = []
    if after is None or not after.startswith(_ANSWERED):
        is_open = every.where(Objection.answered_at.is_(None))
        found = page(session, is_open, Objection, size=size, after=after)
        if found.after is not None:
            return found
        rows, after = list(found.rows), _ANSWERED
    answered = every.where(Objection.answered_at.is_not(None))
    left, mark = size - len(rows), after.removeprefix(_ANSWERED) or None
    if left == 0:
        has_more = session.scalars(answered.limit(1)).first() is not None
        return Page(rows=rows, after=_ANSWERED if has_more else None)
    found = page(session, answered, Objection, size=left, after=mark)
    more = None if found.after is None else _ANSWERED + found.after
    return Page(rows=[*rows, *found.rows], after=more)


def answer(
    session: Session, objection: Objection, *, outcome: AnswerOutcome, text: str, by: UUID
) -> ObjectionAnswer:
    """Answer an objection on the record; a later answer stands beside the ones before."""
    said = ObjectionAnswer(objection_id=objection.id, answered_by=by, outcome=outcome, text=text)
    session.add(said)
    objection.answered_at = objection.answered_at or now()
    deed = Deed(
        action="objection.answered",
        subject_kind="objection",
        subject_id=str(objection.id),
        facts={"answer": str(said.id), "outcome": str(outcome), "report": str(objection.report_id)},
    )
    record(session, deed, actor=str(by))
    return said


def read_contact(session: Session, objection: Objection, *, by: UUID) -> str | None:
    """How to reach the person who objects; that it was read is on the record."""
    deed = Deed(
        action="objection.contact_read", subject_kind="objection", subject_id=str(objection.id)
    )
    record(session, deed, actor=str(by))
    return objection.contact


def by_number(session: Session, number: str) -> Told:
    """
    An objection as whoever filed it may see it again.

    Raises
    ------
    AbsentError
        ``absent``.
    """
    found = session.scalars(select(Objection).where(Objection.number == number)).one_or_none()
    if found is None:
        raise AbsentError("absent")
    return told(session, [found])[0]
