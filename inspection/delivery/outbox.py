"""The outbox: messages written with the change that they tell of, and held by who sends them."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import ConflictError
from inspection.language import Json
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.delivery import OutboxMessage

HELD: Final = timedelta(minutes=2)
"""How long who took a message may try; longer than one try ever lasts."""

FIRST_WAIT: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = timedelta(hours=6)
MOST_ATTEMPTS: Final = 24
"""Spread over four days: a receiver that is out of order over a weekend misses nothing."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """A message that nobody else sends for a while."""

    id: UUID
    office_id: UUID
    kind: str
    payload: dict[str, Any]
    written_at: datetime
    attempt: int
    until: datetime
    """By it a holder whose time ran out is told from the one after."""


def put_message(session: Session, kind: str, payload: dict[str, Json]) -> OutboxMessage:
    """Write a message into the outbox, in the transaction of what it tells."""
    message = OutboxMessage(kind=kind, payload=payload, next_at=now(), attempts=0)
    session.add(message)
    return message


def take_message(records: Records) -> Held | None:
    """Take the message that waits longest for its turn; None where none does."""
    with records.writing_all() as session:
        due = (
            select(OutboxMessage)
            .where(
                OutboxMessage.delivered_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.next_at <= now(),
            )
            .order_by(OutboxMessage.next_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        message = session.scalars(due).one_or_none()
        if message is None:
            return None
        message.attempts += 1
        message.held_until = message.next_at = now() + HELD
        return Held(
            id=message.id,
            office_id=message.office_id,
            kind=message.kind,
            payload=dict(message.payload),
            written_at=message.created_at,
            attempt=message.attempts,
            until=message.held_until,
        )


def mark_delivered(records: Records, held: Held) -> None:
    """Put on the record that a message arrived."""
    with records.writing(held.office_id) as session:
        message = session.get_one(OutboxMessage, held.id, with_for_update=True)
        if message.delivered_at is None:
            message.delivered_at, message.given_up_at = now(), None
            message.problem = message.held_until = None
            _record(session, "message.delivered", message)


def mark_failed(
    records: Records, held: Held, problem: dict[str, Json], *, wait: timedelta | None = None
) -> None:
    """
    Put off a message that did not arrive, or give it up after the last attempt.

    Who held it for too long has no say any more: somebody else sends it meanwhile.
    """
    with records.writing(held.office_id) as session:
        message = session.get_one(OutboxMessage, held.id, with_for_update=True)
        if message.delivered_at is not None or message.held_until != held.until:
            return
        message.problem, message.held_until = problem, None
        if held.attempt >= MOST_ATTEMPTS:
            message.given_up_at = now()
            _record(session, "message.given_up", message, code=str(problem["code"]))
        else:
            message.next_at = now() + max(pause_after(held.attempt), wait or timedelta(0))


def pause_after(attempt: int) -> timedelta:
    """How long to wait after so many attempts: ever longer, and not all at the same moment."""
    longest = min(FIRST_WAIT * (1 << min(attempt - 1, 16)), LONGEST_WAIT)
    return longest * random.uniform(0.5, 1)  # noqa: S311 - no secret


def send_again(session: Session, message: OutboxMessage, *, by: UUID) -> None:
    """
    Send a message without waiting any longer, and as often as at first.

    Raises
    ------
    ConflictError
        ``message_delivered``, or ``message_under_way`` while somebody is sending it.
    """
    if message.delivered_at is not None:
        raise ConflictError("message_delivered")
    if message.held_until is not None and message.held_until > now():
        raise ConflictError("message_under_way")
    message.given_up_at, message.attempts, message.next_at = None, 0, now()
    _record(session, "message.sent_again", message, actor=str(by))


def _record(
    session: Session,
    action: str,
    message: OutboxMessage,
    *,
    actor: str | None = None,
    code: str | None = None,
) -> None:
    facts: dict[str, Json] = {"kind": message.kind, "attempts": message.attempts}
    if code is not None:
        facts["code"] = code
    deed = Deed(action=action, subject_kind="message", subject_id=str(message.id), facts=facts)
    record(session, deed, actor=actor)
