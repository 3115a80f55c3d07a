"""What the record system is told, for the administrator: what arrived, what did not, and why."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import GivenRecords, GivenWords, may
from api.described import IN, problems
from api.reach import reached
from api.report_schemas import MessagePage, MessageProblem, MessageTold
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.delivery.outbox import send_again
from inspection.records.paging import page
from inspection.records.tables.delivery import OutboxMessage
from inspection.records.tables.permits import Permit
from inspection.records.tables.reports import Report
from inspection.wording.catalogue import Wording

router = APIRouter(prefix="/messages", tags=["record systems"])
Seer = Annotated[Actor, Depends(may(Action.MESSAGE_READ))]
Sender = Annotated[Actor, Depends(may(Action.MESSAGE_SEND))]


@router.get("", responses=problems(*IN, 422))
def list_messages(
    asked: Annotated[PageAsked, Query()], actor: Seer, records: GivenRecords, words: GivenWords
) -> MessagePage:
    """The messages of one's office, the newest first."""
    with records.reading(actor.office_id) as session:
        which = select(OutboxMessage)
        found = page(session, which, OutboxMessage, size=asked.size, after=asked.after)
        about = _about(session, found.rows)
        items = [_told(one, about[_report(one)], words) for one in found.rows]
        return MessagePage(items=items, after=found.after)


@router.post("/{message_id}/send", status_code=202, responses=problems(*IN, 404, 409, 422))
def send_message(
    message_id: UUID, actor: Sender, records: GivenRecords, words: GivenWords
) -> MessageTold:
    """Send a message without waiting, also one that was given up."""
    with records.writing(actor.office_id) as session:
        message = reached(
            session, OutboxMessage, message_id, actor, Action.MESSAGE_SEND, to_change=True
        )
        send_again(session, message, by=actor.user_id)
        return _told(message, _about(session, [message])[_report(message)], words)


def _report(message: OutboxMessage) -> UUID:
    return UUID(str(message.payload["report_id"]))


def _about(session: Session, messages: Sequence[OutboxMessage]) -> dict[UUID, tuple[str, int]]:
    """What the permit of each report is called, and which of its reports it is."""
    asked = (
        select(Report.id, Permit.reference, Report.sequence)
        .join(Permit, Permit.id == Report.permit_id)
        .where(Report.id.in_({_report(one) for one in messages}))
    )
    return {row.id: (row.reference, row.sequence) for row in session.execute(asked)}


def _told(message: OutboxMessage, about: tuple[str, int], words: Wording) -> MessageTold:
    reference, sequence = about
    is_over = message.delivered_at is not None or message.given_up_at is not None
    return MessageTold(
        id=message.id,
        kind=message.kind,
        created_at=message.created_at,
        report_id=_report(message),
        report_sequence=sequence,
        permit_reference=reference,
        attempts=message.attempts,
        next_at=None if is_over else message.next_at,
        delivered_at=message.delivered_at,
        given_up_at=message.given_up_at,
        problem=_problem(message, words),
    )


def _problem(message: OutboxMessage, words: Wording) -> MessageProblem | None:
    if message.problem is None:
        return None
    code, facts = message.problem["code"], message.problem["facts"]
    said = facts if isinstance(facts, dict) else {}
    return MessageProblem(
        code=str(code),
        message=words.say(f"errors.{code}.message", **said),
        hint=words.say(f"errors.{code}.hint", **said),
    )
