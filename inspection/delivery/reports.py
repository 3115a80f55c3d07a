"""Reports on the record as colleagues see them: what became of each, and its files."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError
from inspection.records.tables.inspections import Decision
from inspection.records.tables.reports import Receipt, Report
from inspection.report.seal import verification_code


@dataclass(frozen=True, kw_only=True)
class Filed:
    """A report with the decision that it states, what came after it, and its receipt."""

    report: Report
    decision: Decision | None
    superseded_by: Report | None
    """The first decided report after it, of its own inspection or of one asked for later."""

    newer_under_review: bool
    """It is decided and in force, and a later inspection of its permit waits for its decision."""

    receipt: Receipt | None

    @property
    def code(self) -> str:
        """The code that is printed in it."""
        return verification_code(self.report.sha256)


def filed(session: Session, reports: Collection[Report]) -> list[Filed]:
    """Reports with what lies around them, in the order given."""
    names = [one.id for one in reports]
    decided = [one.decision_id for one in reports if one.decision_id is not None]
    decisions = {
        one.id: one for one in session.scalars(select(Decision).where(Decision.id.in_(decided)))
    }
    permits = {one.permit_id for one in reports}
    line: dict[UUID, list[Report]] = {one: [] for one in permits}
    of_permits = select(Report).where(Report.permit_id.in_(permits)).order_by(Report.sequence)
    for one in session.scalars(of_permits):
        line[one.permit_id].append(one)
    receipts = {
        one.report_id: one
        for one in session.scalars(select(Receipt).where(Receipt.report_id.in_(names)))
    }
    return [
        Filed(
            report=one,
            decision=decisions.get(one.decision_id) if one.decision_id else None,
            superseded_by=(later := superseding(one, line[one.permit_id])),
            newer_under_review=later is None and _is_newer_waiting(one, line[one.permit_id]),
            receipt=receipts.get(one.id),
        )
        for one in reports
    ]


def superseding(report: Report, line: Iterable[Report]) -> Report | None:
    """
    Which of its permit's reports, in their order, took the place of one; None if it is in force.

    Only what people decided takes a place: a report that nobody reviewed yet, or one of an
    inspection asked for earlier and decided late, stands beside it.
    """
    return next((one for one in line if one.decision_id and _is_after(one, report)), None)


def _is_after(one: Report, report: Report) -> bool:
    # Names of inspections sort by the time at which they were asked for.
    return one.sequence > report.sequence and one.inspection_id >= report.inspection_id


def _is_newer_waiting(report: Report, line: Iterable[Report]) -> bool:
    is_decided = report.decision_id is not None
    return is_decided and any(one.decision_id is None and _is_after(one, report) for one in line)


def files_of(report: Report) -> Mapping[str, str]:
    """Hash of each of its files by its name."""
    return {name: str(sha256) for name, sha256 in report.files.items()}


def file_of(report: Report, name: str) -> str:
    """
    Hash of one of its files.

    Raises
    ------
    AbsentError
        ``absent``.
    """
    sha256 = report.files.get(name)
    if sha256 is None:
        raise AbsentError("absent")
    return str(sha256)
