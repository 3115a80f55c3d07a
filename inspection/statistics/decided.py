"""How long decisions took: from when an inspection was asked for to its final decision."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.inspections import Decision, DecisionOutcome, InspectionRun
from inspection.statistics.counted_time import Clocks, Counted
from inspection.statistics.months import Months
from inspection.statistics.spread import Spread

_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Decided:
    """How long the decisions of one month took, or of all of them."""

    month: str | None
    """The month of the decision; None for all of them."""

    decided: int
    approved: int
    declined: int
    counted: int
    """Those whose working time can be told: a clock, or the office's usual one, counts it."""

    working_days: Spread | None
    working_minutes: Spread | None
    elapsed_hours: Spread | None
    """By the clock on the wall, nights and holidays too."""


@dataclass(frozen=True, kw_only=True)
class _One:
    month: str
    outcome: DecisionOutcome
    elapsed: timedelta
    counted: Counted | None


def decided(session: Session, months: Months) -> list[Decided]:
    """All of them first, then one line a month, also of months without any."""
    asked = (
        select(
            InspectionRun.permit_id,
            InspectionRun.created_at.label("since"),
            Decision.created_at.label("at"),
            Decision.outcome,
        )
        .join(Decision, Decision.inspection_id == InspectionRun.id)
        .where(
            Decision.outcome != DecisionOutcome.RETURNED,
            Decision.created_at >= months.begin,
            Decision.created_at < months.end,
        )
    )
    rows = session.execute(asked).all()
    clocks = Clocks(session, {row.permit_id for row in rows})
    ones = [
        _One(
            month=months.of_instant(row.at),
            outcome=row.outcome,
            elapsed=row.at - row.since,
            counted=clocks.counted(row.permit_id, row.since, row.at),
        )
        for row in rows
    ]
    by_month: dict[str, list[_One]] = defaultdict(list)
    for one in ones:
        by_month[one.month].append(one)
    return [_line(None, ones), *(_line(month, by_month[month]) for month in months)]


def _line(month: str | None, ones: Sequence[_One]) -> Decided:
    outcomes = [one.outcome for one in ones]
    counted = [one.counted for one in ones if one.counted is not None]
    return Decided(
        month=month,
        decided=len(ones),
        approved=outcomes.count(DecisionOutcome.APPROVED),
        declined=outcomes.count(DecisionOutcome.DECLINED),
        counted=len(counted),
        working_days=Spread.of([float(one.days) for one in counted]),
        working_minutes=Spread.of([one.time / _MINUTE for one in counted]),
        elapsed_hours=Spread.of([one.elapsed / _HOUR for one in ones]),
    )
