"""The reviewers' queue: what is due first, and of that what gives the most to look at."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Uuid,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from inspection.errors import RefusedError
from inspection.records.columns import Instant, instant_from, text_of
from inspection.records.deadlines import WAITING, Deadline, deadlines
from inspection.records.searching import saying
from inspection.records.tables.inspections import Concern, InspectionRun, ReviewState
from inspection.records.tables.permits import Permit

_ORDER: Final = (
    InspectionRun.due_by,
    InspectionRun.rank,
    InspectionRun.created_at,
    InspectionRun.id,
)
_LOWEST: Final = -(2**31)
_NOTHING: Final = Concern(0)


@dataclass(frozen=True, kw_only=True)
class Which:
    """Which part of the queue."""

    review: ReviewState
    permit_id: UUID | None = None
    text: str | None = None
    """Words of the permit."""

    concern: Concern | None = None
    is_overdue: bool = False
    not_by: UUID | None = None
    """Without what this person submitted, on which a colleague decides."""

    behind: InspectionRun | None = None
    """Only what comes after this one, which may be decided meanwhile: it keeps its place."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An inspection that waits, and the clock that says until when."""

    run: InspectionRun
    concerns: Concern
    deadline: Deadline | None


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """Some of what waits, in order."""

    waiting: Sequence[Waiting]
    after: str | None


@dataclass(kw_only=True)
class Count:
    """How much there is in one state, how much is overdue, and of which kinds."""

    every: int = 0
    overdue: int = 0
    concerns: dict[Concern, int] = field(default_factory=lambda: dict.fromkeys(Concern, 0))


def queue(
    session: Session, which: Which, *, size: int, after: str | None, now: datetime
) -> QueuePage:
    """
    One page of the queue, and what the clocks of its permits show; all others stay unread.

    Raises
    ------
    RefusedError
        ``page_unknown``.
    """
    asked = _narrowed(which, now)
    if after is not None:
        asked = asked.where(_after(*_place(after)))
    rows = session.scalars(asked.order_by(*_ORDER).limit(size + 1)).all()
    shown = rows[:size]
    due = deadlines(session, {one.permit_id for one in shown}, now=now)
    waiting = [
        Waiting(run=one, concerns=Concern(-one.rank), deadline=due.get(one.permit_id))
        for one in shown
    ]
    return QueuePage(waiting=waiting, after=_mark(shown[-1]) if len(rows) > size else None)


def counts(session: Session, *, now: datetime) -> dict[ReviewState, Count]:
    """How much waits in the whole office, by its state."""
    found = {state: Count() for state in WAITING}
    for state, count in found.items():
        own = InspectionRun.review == state
        ranks = select(InspectionRun.rank, func.count()).where(own).group_by(InspectionRun.rank)
        for rank, many in session.execute(ranks):
            count.every += many
            for one in Concern(-rank):
                count.concerns[one] += many
        late = select(func.count()).select_from(InspectionRun).where(own)
        count.overdue = session.scalars(late.where(InspectionRun.due_by < now)).one()
    return found


def own_count(session: Session, by: UUID) -> int:
    """How much of it a person submitted, and so waits for a colleague."""
    own = select(func.count()).select_from(InspectionRun)
    asked = own.where(InspectionRun.review == ReviewState.OPEN, InspectionRun.submitted_by == by)
    return session.scalars(asked).one()


def _narrowed(which: Which, now: datetime) -> Select[InspectionRun]:
    asked = select(InspectionRun).where(InspectionRun.review == which.review)
    if which.permit_id is not None:
        asked = asked.where(InspectionRun.permit_id == which.permit_id)
    if which.text is not None:
        permits = saying(select(Permit), which.text).with_only_columns(Permit.id)
        asked = asked.where(InspectionRun.permit_id.in_(permits))
    if which.concern is not None:
        bits = (-InspectionRun.rank).bitwise_and(int(which.concern))
        asked = asked.where(bits != int(_NOTHING))
    if which.not_by is not None:
        asked = asked.where(InspectionRun.submitted_by != which.not_by)
    if which.behind is not None:
        one = which.behind
        asked = asked.where(_after(one.due_by, one.rank, one.created_at, one.id))
    return asked.where(InspectionRun.due_by < now) if which.is_overdue else asked


def _mark(row: InspectionRun) -> str:
    parts = f"{text_of(row.due_by)} {row.rank} {text_of(row.created_at)} {row.id}"
    return base64.urlsafe_b64encode(parts.encode()).decode()


def _place(mark: str) -> tuple[datetime, int, datetime, UUID]:
    try:
        due, rank, at, name = base64.urlsafe_b64decode(mark.encode()).decode().split(" ")
        place = instant_from(due), int(rank), instant_from(at), UUID(name)
    except ValueError as error:
        raise RefusedError("page_unknown") from error
    if not _LOWEST < place[1] <= 0:
        raise RefusedError("page_unknown")
    return place


def _after(*place: *tuple[datetime, int, datetime, UUID]) -> ColumnElement[bool]:
    kinds: tuple[TypeEngine[Any], ...] = (Instant(), BigInteger(), Instant(), Uuid())
    there = [literal(one, kind) for one, kind in zip(place, kinds, strict=True)]
    return tuple_(*_ORDER) > tuple_(*there)
