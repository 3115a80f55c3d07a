"""How clocks are told: in days and in working time, and when they count from now on."""

from datetime import datetime, timedelta
from itertools import islice
from typing import Final, NamedTuple

from api.clock_schemas import CountsShown, QueueClock
from inspection.records.clock import ClockState, Reading
from inspection.records.deadlines import Deadline
from inspection.records.service import HUNDRED

_MINUTE: Final = timedelta(minutes=1)
_SPANS: Final = 8
"""How many spans are told ahead: days, of a page that stays open."""


class Minutes(NamedTuple):
    """Working time of a clock, in whole minutes."""

    allowed: int | None
    taken: int
    left: int | None


def minutes(reading: Reading) -> Minutes:
    """What a clock allows, counted and has left; a minute that has begun is still there."""
    allowed, left = reading.term.allowed_time, reading.time_left
    return Minutes(
        allowed=None if allowed is None else allowed // _MINUTE,
        taken=reading.worked // _MINUTE,
        left=None if left is None else -(-left // _MINUTE),
    )


def clock_told(deadline: Deadline | None, *, now: datetime) -> QueueClock | None:
    """The clock that is used up first; None where there is none."""
    if deadline is None:
        return None
    clock, reading = deadline.clock, deadline.reading
    spans = []
    if reading.state is ClockState.RUNNING and deadline.at is not None:
        spans = list(islice(reading.term.calendar.open_between(now, deadline.at), _SPANS))
    told = minutes(reading)
    return QueueClock(
        step=clock.step,
        state=reading.state,
        unit=clock.unit,
        allowed_days=clock.allowed_hundredths / HUNDRED,
        taken_days=round(float(reading.taken), 4),
        allowed_minutes=told.allowed,
        taken_minutes=told.taken,
        left_minutes=told.left,
        read_at=now,
        counts=[CountsShown(begin=begin, end=end) for begin, end in spans],
    )
