"""Filing an objection to a report, by whoever has its hash or a permit's tracking code."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from inspection.errors import RefusedError, TooOftenError
from inspection.language import Json
from inspection.objections.about import report_about
from inspection.records.audit import Deed, record
from inspection.records.columns import now
from inspection.records.store import Records
from inspection.records.tables.inspections import Finding
from inspection.records.tables.reports import Objection, Report
from inspection.records.tracking import LETTERS

LENGTH: Final = 12
MOST_A_DAY: Final = 100
"""Of one report, from whichever places they come."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Objecting:
    """What somebody objects to, and in which words."""

    tracking_code: str | None
    report_sha256: str | None
    finding: str | None
    """Code of a finding; None for the whole report."""

    text: str
    contact: str | None


def file_objection(records: Records, objecting: Objecting) -> Objection:
    """
    Put an objection on the record of the report that it is about.

    Raises
    ------
    AbsentError, ConflictError, RefusedError
        As `inspection.objections.about.report_about`; ``objection_finding`` if the report has no
        such finding.
    TooOftenError
        ``objected_too_often`` to one report within a day.
    """
    with records.reading_all() as session:
        report = report_about(
            session,
            tracking_code=objecting.tracking_code,
            report_sha256=objecting.report_sha256,
        )
    with records.writing(report.office_id) as session:
        # One after the other, so that they are counted.
        session.get_one(Report, report.id, with_for_update={"key_share": True})
        _require_few(session, report)
        finding = _finding(session, report, objecting.finding)
        objection = Objection(
            number="".join(secrets.choice(LETTERS) for _ in range(LENGTH)),
            report_id=report.id,
            finding_id=finding.id if finding else None,
            text=objecting.text,
            contact=objecting.contact,
        )
        session.add(objection)
        # Its words are the person's own, and may name people: the log says only that they came.
        facts: dict[str, Json] = {
            "report": str(report.id),
            "finding": finding.code if finding else None,
        }
        deed = Deed(
            action="objection.filed",
            subject_kind="objection",
            subject_id=str(objection.id),
            facts=facts,
        )
        record(session, deed, actor=None)
        return objection


def _finding(session: Session, report: Report, code: str | None) -> Finding | None:
    if code is None:
        return None
    asked = select(Finding).where(
        Finding.inspection_id == report.inspection_id, func.upper(Finding.code) == code.upper()
    )
    finding = session.scalars(asked.order_by(Finding.id).limit(1)).one_or_none()
    if finding is None:
        raise RefusedError("objection_finding", finding=code)
    return finding


def _require_few(session: Session, report: Report) -> None:
    recent = select(func.count(Objection.id)).where(
        Objection.report_id == report.id, Objection.created_at > now() - _DAY
    )
    if (session.scalar(recent) or 0) >= MOST_A_DAY:
        raise TooOftenError("objected_too_often", seconds=int(_DAY.total_seconds()))
