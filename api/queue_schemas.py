"""What is asked and answered of the reviewers' queue."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from api.clock_schemas import QueueClock
from api.inspection_schemas import InspectionTold
from api.schemas import Answer, PageAsked


class ConcernName(StrEnum):
    """What a result gives to look at, the gravest first."""

    UNRATED = "unrated"
    """Not rated yet: a worker does so within the hour."""

    OUTSIDE = "outside"
    """Ground newly disturbed outside the boundary."""

    LIMITS = "limits"
    """More than the permit allows."""

    UNCERTAIN = "uncertain"
    """One of these is in doubt, or where the flight lies."""

    NOT_COMPARABLE = "not_comparable"
    """The two flights could not be laid over one another."""

    UNSEEN = "unseen"
    """Too little of the permit was seen."""


class QueueAsked(PageAsked):
    """Which part of the queue."""

    review: Literal["open", "returned"] = "open"
    permit_id: UUID | None = None
    text: Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,128}$")] | None = None
    """Words of the permit's numbers, of what it is and of where it is."""

    concern: ConcernName | None = None
    overdue: bool = False
    """Only what is overdue."""

    own: bool = True
    """Also what oneself sent, on which a colleague decides."""

    behind: UUID | None = None
    """Only what comes after this inspection, which may be decided meanwhile."""


class QueuedShown(InspectionTold):
    """An inspection that waits for a decision."""

    concerns: list[ConcernName]
    due_at: datetime | None
    """When the clock's time is used up, or was; null where none runs."""

    is_overdue: bool
    clock: QueueClock | None


class QueuePageShown(Answer):
    """Some of what waits, the most urgent first."""

    items: list[QueuedShown]
    after: str | None


class StateCounts(Answer):
    """How many there are, how many are overdue, and how many give what to look at."""

    every: int
    overdue: int
    concerns: dict[ConcernName, int]


class QueueCounts(Answer):
    """How much waits for a decision."""

    open: StateCounts
    returned: StateCounts
    own: int
    """Of the open ones, those that who asks submitted: a colleague decides on them."""
