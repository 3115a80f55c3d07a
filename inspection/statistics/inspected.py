"""How many inspections an office asked for in each month, and what became of them."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.records.tables.inspections import InspectionRun, InspectionState, ReviewState
from inspection.statistics.months import Months


@dataclass(kw_only=True)
class Inspected:
    """The inspections that were asked for in one month, each by where it is now."""

    month: str
    submitted: int = 0
    done: int = 0
    """Finished with a result; these are decided one way, or not yet."""

    under_way: int = 0
    """In line, or being made."""

    refused: int = 0
    """Their files could not be used."""

    failed: int = 0
    """They could not be finished; one that was tried again counts as another."""

    cancelled: int = 0
    not_comparable: int = 0
    """Of those that are done: the two flights could not be laid over one another."""

    approved: int = 0
    declined: int = 0
    undecided: int = 0


_WORDS = {
    InspectionState.DONE: "done",
    InspectionState.SUBMITTED: "under_way",
    InspectionState.RUNNING: "under_way",
    InspectionState.REFUSED: "refused",
    InspectionState.QUARANTINED: "failed",
    InspectionState.FAILED: "failed",
    InspectionState.CANCELLED: "cancelled",
}
_DECISIONS: dict[ReviewState | None, str] = {
    ReviewState.APPROVED: "approved",
    ReviewState.DECLINED: "declined",
}


def inspected(session: Session, months: Months) -> list[Inspected]:
    """One line a month, also of months without any."""
    lines = {month: Inspected(month=month) for month in months}
    asked = select(
        InspectionRun.created_at,
        InspectionRun.state,
        InspectionRun.review,
        InspectionRun.is_comparable,
    ).where(InspectionRun.created_at >= months.begin, InspectionRun.created_at < months.end)
    for at, state, review, is_comparable in session.execute(asked):
        line = lines[months.of_instant(at)]
        _add(line, "submitted")
        _add(line, _WORDS[state])
        if state is InspectionState.DONE:
            _add(line, _DECISIONS.get(review, "undecided"))
            if is_comparable is False:
                _add(line, "not_comparable")
    return list(lines.values())


def _add(line: Inspected, part: str) -> None:
    setattr(line, part, getattr(line, part) + 1)
