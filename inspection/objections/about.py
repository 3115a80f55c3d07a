"""What an objection may be about: a report as anybody may name it, and what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, ConflictError, RefusedError
from inspection.records.tables.inspections import Finding
from inspection.records.tables.reports import Report, TrackingCode
from inspection.records.tracking import plain_code


@dataclass(frozen=True, kw_only=True)
class PublicFinding:
    """A finding by its code and figures: what it is and how large, not where."""

    code: str
    ground_class: str
    epoch: str
    location: str
    area_m2: float
    area_uncertainty_m2: float | None
    """None where a person added it and stated none."""


def report_about(
    session: Session, *, tracking_code: str | None = None, report_sha256: str | None = None
) -> Report:
    """
    The newest report of the permit that a code follows, or the one of this hash.

    Raises
    ------
    RefusedError
        ``objection_about`` unless it is named in one of these ways.
    AbsentError
        ``absent`` if no such code or report is known.
    ConflictError
        ``objection_without_report`` if the permit has no report yet.
    """
    if (tracking_code is None) == (report_sha256 is None):
        raise RefusedError("objection_about")
    if tracking_code is not None:
        return _newest(session, tracking_code)
    same = select(Report).where(Report.sha256 == report_sha256).order_by(Report.id)
    found = session.scalars(same.limit(1)).one_or_none()
    if found is None:
        raise AbsentError("absent")
    return found


def public_findings(session: Session, report: Report) -> Sequence[PublicFinding]:
    """What was found, in the order of the report; outlines stay where they are."""
    asked = (
        select(
            Finding.code,
            Finding.ground_class,
            Finding.epoch,
            Finding.location,
            Finding.area_m2,
            Finding.document["area_uncertainty_m2"].as_float().label("area_uncertainty_m2"),
        )
        .where(Finding.inspection_id == report.inspection_id)
        .order_by(Finding.created_at, Finding.id)
    )
    return [PublicFinding(**row) for row in session.execute(asked).mappings()]


def _newest(session: Session, tracking_code: str) -> Report:
    asked = select(TrackingCode).where(
        TrackingCode.code == plain_code(tracking_code), TrackingCode.ended_at.is_(None)
    )
    code = session.scalars(asked).one_or_none()
    if code is None:
        raise AbsentError("absent")
    newest = select(Report).where(Report.permit_id == code.permit_id)
    found = session.scalars(newest.order_by(Report.sequence.desc()).limit(1)).one_or_none()
    if found is None:
        raise ConflictError("objection_without_report")
    return found
