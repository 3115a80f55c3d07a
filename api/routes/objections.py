"""The objections to an office's reports: those that wait first, and each answered on the record."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.public_schemas import (
    AnswerAsked,
    ContactShown,
    ObjectionAnswerShown,
    ObjectionPage,
    ObjectionsAsked,
    ObjectionShown,
)
from api.reach import reached
from inspection.access.rights import Action, Actor
from inspection.objections.answering import Told, answer, listed, read_contact, told
from inspection.records.tables.reports import Objection

router = APIRouter(prefix="/objections", tags=["objections"])
Seer = Annotated[Actor, Depends(may(Action.OBJECTION_READ))]
Answerer = Annotated[Actor, Depends(may(Action.OBJECTION_ANSWER))]


@router.get("", responses=problems(*IN, 422))
def list_objections(
    asked: Annotated[ObjectionsAsked, Query()], actor: Seer, records: GivenRecords
) -> ObjectionPage:
    """The objections of one's office: those without answer first, then the newest."""
    with records.reading(actor.office_id) as session:
        found = listed(session, size=asked.size, after=asked.after, inspection=asked.inspection)
        items = [shown_objection(one) for one in told(session, found.rows)]
        return ObjectionPage(items=items, after=found.after)


@router.get("/{objection_id}", responses=problems(*IN, 404, 422))
def show_objection(objection_id: UUID, actor: Seer, records: GivenRecords) -> ObjectionShown:
    """One objection with its answers."""
    with records.reading(actor.office_id) as session:
        found = reached(session, Objection, objection_id, actor, Action.OBJECTION_READ)
        return shown_objection(told(session, [found])[0])


@router.get("/{objection_id}/contact", responses=problems(*IN, 404, 422))
def show_contact(objection_id: UUID, actor: Answerer, records: GivenRecords) -> ContactShown:
    """How to reach the person; that it was read is on the record."""
    with records.writing(actor.office_id) as session:
        found = reached(session, Objection, objection_id, actor, Action.OBJECTION_ANSWER)
        return ContactShown(contact=read_contact(session, found, by=actor.user_id))


@router.post("/{objection_id}/answers", status_code=201, responses=problems(*IN, 404, *BODY))
def answer_objection(
    objection_id: UUID, asked: AnswerAsked, actor: Answerer, records: GivenRecords
) -> ObjectionShown:
    """Answer an objection on the record; answers are added, never changed."""
    with records.writing(actor.office_id) as session:
        found = reached(session, Objection, objection_id, actor, Action.OBJECTION_ANSWER)
        answer(session, found, outcome=asked.outcome, text=asked.text, by=actor.user_id)
        session.flush()
        return shown_objection(told(session, [found])[0])


def shown_objection(one: Told) -> ObjectionShown:
    """An objection as colleagues see it."""
    objection, report = one.objection, one.report
    return ObjectionShown(
        id=objection.id,
        number=objection.number,
        created_at=objection.created_at,
        report_id=report.id,
        permit_id=report.permit_id,
        permit_reference=one.permit_reference,
        inspection_id=report.inspection_id,
        sequence=report.sequence,
        finding=one.finding,
        text=objection.text,
        has_contact=objection.contact is not None,
        due_at=one.due_at,
        answered_at=objection.answered_at,
        answers=[ObjectionAnswerShown.model_validate(said) for said in one.answers],
    )
