"""What a project of QGIS shows of one permit: its layers, and the pictures inspected last."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.features.collections import (
    COVERAGE,
    FINDINGS,
    NOT_OBSERVED,
    PERMITS,
    in_force,
    latest,
)
from inspection.features.qgis import Outlines, Picture, Project
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.permits import BoundaryVersion, Permit
from inspection.tiles import Layer, drawings_of
from inspection.wording.catalogue import Wording

_STYLES = {
    PERMITS.name: "boundary",
    FINDINGS.name: "findings",
    NOT_OBSERVED.name: "not_observed",
    COVERAGE.name: "coverage",
}
_ORDER = (Layer.CHANGE, Layer.CURRENT, Layer.BASELINE)


def project_of(session: Session, permit: Permit, words: Wording, host: str) -> Project:
    """The layers of a permit; of pictures those of the last inspection that is done."""
    asked = select(InspectionRun).where(
        InspectionRun.permit_id == permit.id,
        InspectionRun.state == InspectionState.DONE,
        latest(),
    )
    run = session.scalars(asked).one_or_none()
    drawings = drawings_of(session, run) if run else None
    has = drawings.rasters if drawings else {}
    boundary = session.scalars(
        select(BoundaryVersion).where(BoundaryVersion.permit_id == permit.id, in_force())
    ).one_or_none()
    box = (boundary.west, boundary.south, boundary.east, boundary.north) if boundary else None
    return Project(
        title=words.say("features.project", permit=permit.reference),
        permit_id=permit.id,
        host=host,
        outlines=[
            Outlines(collection=name, title=words.say(f"features.{name}.title"), style=style)
            for name, style in _STYLES.items()
        ],
        inspection_id=run.id if run else None,
        pictures=[
            Picture(layer=one, title=words.say(f"maps.{one}"), is_shown=one is Layer.CURRENT)
            for one in _ORDER
            if one in has
        ],
        box=box,
    )
