"""What an objection may be about: a report as anybody may name it, and what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyproj import Geod
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, ConflictError, RefusedError
from inspection.records.tables.inspections import (
    Finding,
    InspectionRun,
    Review,
    ReviewOutcome,
)
from inspection.records.tables.permits import BoundaryVersion
from inspection.records.tables.reports import Report, TrackingCode
from inspection.records.tracking import plain_code
from inspection.review.standing import last_words

DIRECTIONS: Final = (
    "north",
    "northeast",
    "east",
    "southeast",
    "south",
    "southwest",
    "west",
    "northwest",
)
_GEOD: Final = Geod(ellps="WGS84")


@dataclass(frozen=True, kw_only=True)
class PublicFinding:
    """A finding by its code and figures: what it is, how large, and about where."""

    code: str
    ground_class: str
    epoch: str
    location: str
    area_m2: float
    area_uncertainty_m2: float | None
    """None where a person added it and stated none."""

    area_outside_m2: float | None
    """How much of it lies surely outside the boundary."""

    distance_outside_m: float | None
    """How far it reaches past the boundary; None where it does not."""

    direction: str
    """Where it lies seen from the middle of the permit, of `DIRECTIONS`."""

    from_middle_m: float
    """How far from there, to ten metres: enough to know it by, and no place."""

    is_edited: bool
    """These are the figures that a reviewer states in place of the inspection's."""


@dataclass(frozen=True, kw_only=True)
class PublicFindings:
    """The findings that count, and how many were rejected in the review."""

    findings: Sequence[PublicFinding]
    rejected: int
    is_compared: bool
    """Whether two flights were: one alone cannot tell since when ground lies open."""


def report_about(
    session: Session, *, tracking_code: str | None = None, report_sha256: str | None = None
) -> Report:
    """
    The newest decided report of the permit that a code follows, or the one of this hash.

    What nobody decided yet is named only by who has it in hand: a code shows nothing of it.

    Raises
    ------
    RefusedError
        ``objection_about`` unless it is named in one of these ways.
    AbsentError
        ``absent`` if no such code or report is known.
    ConflictError
        ``objection_without_report`` if no report of the permit was decided yet.
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


def public_findings(session: Session, report: Report) -> PublicFindings:
    """
    What a report says was found, in its order; outlines stay where they are.

    A decided report says what counts after the review; any other what the inspection itself found.
    """
    is_decided = report.decision_id is not None
    asked = select(Finding).where(Finding.inspection_id == report.inspection_id)
    if not is_decided:
        asked = asked.where(Finding.added_by.is_(None))
    findings = session.scalars(asked.order_by(Finding.created_at, Finding.id)).all()
    last = last_words(session, findings) if is_decided else {}
    run = session.get_one(InspectionRun, report.inspection_id)
    middle = session.get_one(BoundaryVersion, run.boundary_id).outline.centroid
    counted = [
        (one, last.get(one.id))
        for one in findings
        if one.id not in last or last[one.id].outcome is not ReviewOutcome.REJECTED
    ]
    return PublicFindings(
        findings=[_public(one, word, middle) for one, word in counted],
        rejected=len(findings) - len(counted),
        is_compared=run.baseline_id is not None and run.is_comparable is not False,
    )


def _public(finding: Finding, word: Review | None, middle: Point) -> PublicFinding:
    edit = None if word is None else word.edit
    stated = edit or finding.document
    own = {
        "class": finding.ground_class,
        "epoch": finding.epoch,
        "location": finding.location,
        "area_m2": finding.area_m2,
    }
    told: dict[str, Any] = own | stated
    place = finding.outline.representative_point()
    longitude, latitude = told.get("longitude", place.x), told.get("latitude", place.y)
    bearing, _, metres = _GEOD.inv(middle.x, middle.y, longitude, latitude)
    return PublicFinding(
        code=finding.code,
        ground_class=told["class"],
        epoch=told["epoch"],
        location=told["location"],
        area_m2=told["area_m2"],
        area_uncertainty_m2=told.get("area_uncertainty_m2"),
        area_outside_m2=told.get("area_outside_m2"),
        distance_outside_m=told.get("distance_outside_m"),
        direction=DIRECTIONS[round(bearing / 45) % 8],
        from_middle_m=float(round(metres, -1)),
        is_edited=edit is not None,
    )


def _newest(session: Session, tracking_code: str) -> Report:
    asked = select(TrackingCode).where(
        TrackingCode.code == plain_code(tracking_code), TrackingCode.ended_at.is_(None)
    )
    code = session.scalars(asked).one_or_none()
    if code is None:
        raise AbsentError("absent")
    decided = select(Report).where(
        Report.permit_id == code.permit_id, Report.decision_id.is_not(None)
    )
    # Of the inspection asked for last, also where an earlier one was decided after it.
    newest = decided.order_by(Report.inspection_id.desc(), Report.sequence.desc())
    found = session.scalars(newest.limit(1)).one_or_none()
    if found is None:
        raise ConflictError("objection_without_report")
    return found
