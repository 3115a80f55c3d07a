"""A finding that a person adds by hand: measured like the others, and told apart from them."""

from dataclasses import dataclass
from uuid import UUID

from shapely import MultiPolygon
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.disturbance import Epoch, GroundClass
from inspection.objects.store import ObjectStore
from inspection.records.audit import Deed, record
from inspection.records.tables.inspections import Finding, InspectionRun, ReviewOutcome
from inspection.report.scene import polygons
from inspection.review.sealed import yardstick_of
from inspection.review.speaking import Word, as_json, put_word
from inspection.review.standing import require_open

__all__ = ["Epoch", "GroundClass", "Seen", "add"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person saw that the inspection did not find."""

    outline: MultiPolygon
    """In degrees."""

    ground_class: GroundClass
    epoch: Epoch
    note: str
    """What makes them say so."""


def add(
    session: Session, objects: ObjectStore, run: InspectionRun, seen: Seen, *, by: UUID
) -> Finding:
    """
    Put a finding on the record that a person states; their word on it is that it counts.

    Raises
    ------
    ConflictError
        ``review_not_yet`` or ``review_closed``.
    RefusedError
        What `inspection.yardstick.Yardstick.values` refuses.
    """
    require_open(session, run)
    values = yardstick_of(objects, run).values(
        seen.outline, ground_class=str(seen.ground_class), epoch=str(seen.epoch)
    )
    by_hand = select(func.count(Finding.id)).where(
        Finding.inspection_id == run.id, Finding.added_by.is_not(None)
    )
    code = f"H{(session.scalar(by_hand) or 0) + 1:03d}"
    finding = Finding(
        inspection_id=run.id,
        code=code,
        ground_class=values.ground_class,
        epoch=values.epoch,
        location=values.location,
        area_m2=values.area_m2,
        document={"id": code, **as_json(values)},
        added_by=by,
        outline=polygons(values.vertices),
    )
    session.add(finding)
    deed = Deed(
        action="finding.added",
        subject_kind="finding",
        subject_id=str(finding.id),
        facts={"inspection": str(run.id), "finding": code, "area_m2": values.area_m2},
    )
    record(session, deed, actor=str(by))
    put_word(
        session, finding, Word(outcome=ReviewOutcome.ACCEPTED, note=seen.note), edit=None, by=by
    )
    return finding
