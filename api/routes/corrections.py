"""What officers state of a permit: corrections over what was imported, its limits and clocks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.clock_telling import minutes
from api.dependencies import GivenRecords, may
from api.described import BODY, IN, problems
from api.office_schemas import ClockBegun, ClockEventShown, ClockShown
from api.reach import reached
from api.record_schemas import (
    CorrectionAsked,
    CorrectionPage,
    CorrectionShown,
    LimitAsked,
    LimitStatedShown,
)
from api.schemas import PageAsked
from inspection.access.rights import Action, Actor
from inspection.records.columns import now
from inspection.records.correcting import LimitStated, choose, correct, state_limit, withdraw
from inspection.records.paging import page
from inspection.records.service import HUNDRED
from inspection.records.stepping import ClockRead, ClockStated, begin_clock, clocks_read
from inspection.records.tables.permits import Correction, Permit

router = APIRouter(prefix="/permits/{permit_id}", tags=["permits"])
Reader = Annotated[Actor, Depends(may(Action.PERMIT_READ))]
Officer = Annotated[Actor, Depends(may(Action.PERMIT_CORRECT))]


@router.get("/corrections", responses=problems(*IN, 404, 422))
def list_corrections(
    permit_id: UUID,
    asked: Annotated[PageAsked, Query()],
    actor: Reader,
    records: GivenRecords,
) -> CorrectionPage:
    """All corrections of a permit, those that were taken back too, the newest first."""
    with records.reading(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_READ)
        which = select(Correction).where(Correction.permit_id == permit.id)
        found = page(session, which, Correction, size=asked.size, after=asked.after)
        items = [CorrectionShown.model_validate(one) for one in found.rows]
        return CorrectionPage(items=items, after=found.after)


@router.post("/corrections", status_code=201, responses=problems(*IN, 404, 409, *BODY))
def correct_value(
    permit_id: UUID, asked: CorrectionAsked, actor: Officer, records: GivenRecords
) -> CorrectionShown:
    """Say what counts of a field; what sources state stays beneath it."""
    with records.writing(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_CORRECT)
        why, by = asked.reason, actor.user_id
        if asked.is_withdrawn:
            row = withdraw(session, permit, asked.field, reason=why, by=by)
        elif asked.source is not None:
            row = choose(session, permit, asked.field, asked.source, reason=why, by=by)
        else:
            row = correct(session, permit, asked.field, asked.value, reason=why, by=by)
        return CorrectionShown.model_validate(row)


@router.post("/limits", status_code=201, responses=problems(*IN, 404, *BODY))
def state_permit_limit(
    permit_id: UUID, asked: LimitAsked, actor: Officer, records: GivenRecords
) -> LimitStatedShown:
    """State a limit of the permit, in the place of the one before it."""
    stated = LimitStated(
        code=asked.code,
        value=asked.value,
        source=asked.source,
        valid_from=asked.valid_from,
        valid_until=asked.valid_until,
    )
    with records.writing(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_CORRECT)
        row = state_limit(session, permit, stated, by=actor.user_id)
        return LimitStatedShown.model_validate(row)


@router.post("/clocks", status_code=201, responses=problems(*IN, 404, 409, *BODY))
def begin_permit_clock(
    permit_id: UUID, asked: ClockBegun, actor: Officer, records: GivenRecords
) -> ClockShown:
    """Give the permit a clock; what was told of its steps before moves it at once."""
    stated = ClockStated(step=asked.step, calendar=asked.calendar, days=asked.days, unit=asked.unit)
    with records.writing(actor.office_id) as session:
        permit = reached(session, Permit, permit_id, actor, Action.PERMIT_CORRECT)
        clock = begin_clock(session, permit, stated, by=actor.user_id, begins_at=asked.begins_at)
        session.flush()
        return next(one for one in shown_clocks(session, permit.id) if one.id == clock.id)


def shown_clocks(session: Session, permit_id: UUID) -> list[ClockShown]:
    """The clocks of a permit, and what they show now."""
    return [_shown(one) for one in clocks_read(session, permit_id, now=now())]


def _shown(one: ClockRead) -> ClockShown:
    told = minutes(one.reading)
    return ClockShown(
        id=one.clock.id,
        step=one.clock.step,
        calendar=one.calendar,
        unit=one.clock.unit,
        allowed_days=one.clock.allowed_hundredths / HUNDRED,
        state=one.reading.state,
        taken_days=round(float(one.reading.taken), 4),
        left_days=round(float(one.reading.left), 4),
        allowed_minutes=told.allowed,
        taken_minutes=told.taken,
        left_minutes=told.left,
        due_at=one.reading.due_at,
        is_overdue=one.reading.is_overdue,
        events=[ClockEventShown.model_validate(event) for event in one.events],
    )
