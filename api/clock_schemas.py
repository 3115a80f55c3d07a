"""What is answered of the clock by which something that waits is due."""

from datetime import datetime

from api.schemas import Answer
from inspection.records.clock import ClockState
from inspection.records.tables.clocks import Unit


class CountsShown(Answer):
    """A span in which a running clock counts."""

    begin: datetime
    end: datetime


class QueueClock(Answer):
    """Of the clocks of the permit, the one that is used up first."""

    step: str
    state: ClockState
    unit: Unit
    allowed_days: float
    taken_days: float
    allowed_minutes: int | None
    """What is allowed, as working time; null where it is counted in days."""

    taken_minutes: int
    """Working time that it counted."""

    left_minutes: int | None
    """Working time until it is used up, below zero since then; null where that cannot be told."""

    read_at: datetime
    """When it showed this ..."""

    counts: list[CountsShown]
    """... and when it counts from then on, as far as it is told: so a page shows it later too."""
