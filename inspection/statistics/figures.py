"""All figures of an office at one moment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.offices import Office
from inspection.statistics.ageing import Ageing, ageing
from inspection.statistics.confirmed import Confirmed, confirmed
from inspection.statistics.decided import Decided, decided
from inspection.statistics.ground import Grounds, grounds
from inspection.statistics.inspected import Inspected, inspected
from inspection.statistics.months import Months, name


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What an office did in some months, and what waits and lies open at this moment."""

    since: str
    until: str
    """The first month and the last one."""

    time_zone: str
    """Of the office, by whose clock the months begin."""

    made_at: datetime
    inspections: list[Inspected]
    decisions: list[Decided]
    confirmed: Confirmed
    open_findings: Ageing
    ground: Grounds


def figures(session: Session, since: str | None, until: str | None, *, now: datetime) -> Figures:
    """
    Count, in a session of one office.

    Raises
    ------
    RefusedError
        As `Months.of`.
    """
    office = session.scalars(select(Office)).one()
    months = Months.of(since, until, zone=office.time_zone, now=now)
    return Figures(
        since=name(months.first),
        until=name(months.last),
        time_zone=office.time_zone,
        made_at=now,
        inspections=inspected(session, months),
        decisions=decided(session, months),
        confirmed=confirmed(session, months),
        open_findings=ageing(session, now=now),
        ground=grounds(session),
    )
