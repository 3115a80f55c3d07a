"""Reports on the record as colleagues see them: what became of each, and its files."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

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
    later = {
        one.supersedes_id: one
        for one in session.scalars(select(Report).where(Report.supersedes_id.in_(names)))
    }
    receipts = {
        one.report_id: one
        for one in session.scalars(select(Receipt).where(Receipt.report_id.in_(names)))
    }
    return [
        Filed(
            report=one,
            decision=decisions.get(one.decision_id) if one.decision_id else None,
            superseded_by=later.get(one.id),
            receipt=receipts.get(one.id),
        )
        for one in reports
    ]


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
