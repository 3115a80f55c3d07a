"""A boundary that an officer brings: read behind the gate, judged, and the next of its permit."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geo.boundary import declared_system, read_boundary
from geo.crs import LONLAT
from inspection.errors import ConflictError
from inspection.records.audit import Deed, record
from inspection.records.brought import BroughtOutline
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit


@dataclass(frozen=True, kw_only=True)
class BoundaryStated:
    """What is said of a boundary beside its outline."""

    stage: BoundaryStage
    source: str
    as_of: date | None = None
    feature: int | None = None
    """Number of the shape meant, where the file has several."""

    crs: str | None = None
    """Reference system of its numbers, where the file does not say."""


def outline_from(path: Path, stated: BoundaryStated, *, sha256: str) -> BroughtOutline:
    """
    Read the outline of a file, as `geo.boundary.read_boundary` does.

    Raises
    ------
    RefusedError
        What speaks against it.
    """
    system = declared_system(stated.crs) if stated.crs is not None else None
    boundary = read_boundary(path, feature=stated.feature, crs=system)
    return BroughtOutline(
        shape=boundary.on(LONLAT),
        sha256=sha256,
        stated_crs=boundary.crs.to_string(),
        area_m2=boundary.area_m2,
        stage=stated.stage,
    )


def drawn(boundary: BoundaryVersion) -> dict[str, Any]:
    """The outline as GeoJSON's geometry."""
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(boundary.outline))
    return geometry


def add_boundary(
    session: Session, permit: Permit, outline: BroughtOutline, stated: BoundaryStated, *, by: UUID
) -> BoundaryVersion:
    """
    Make an outline the next boundary of its permit; those before it stay as they are.

    Raises
    ------
    ConflictError
        ``boundary_known`` where the last one is of the same file, and the same to the permit.
    """
    # One after the other: two at once would both be the next.
    session.get_one(Permit, permit.id, with_for_update=True)
    own = BoundaryVersion.permit_id == permit.id
    last = session.scalar(select(func.max(BoundaryVersion.sequence)).where(own)) or 0
    newest = select(BoundaryVersion).where(own, BoundaryVersion.sequence == last)
    before = session.scalars(newest).one_or_none()
    if before and (before.sha256, before.stage) == (outline.sha256, outline.stage):
        raise ConflictError("boundary_known")
    row = BoundaryVersion(
        permit_id=permit.id,
        sequence=last + 1,
        stage=outline.stage,
        source=stated.source,
        sha256=outline.sha256,
        stated_crs=outline.stated_crs,
        area_m2=outline.area_m2,
        as_of=stated.as_of,
        given_by=by,
        outline=outline.shape,
    )
    session.add(row)
    deed = Deed(
        action="boundary.added",
        subject_kind="permit",
        subject_id=str(permit.id),
        facts={
            "boundary": str(row.id),
            "sequence": row.sequence,
            "stage": str(row.stage),
            "sha256": row.sha256,
        },
    )
    record(session, deed, actor=str(by))
    return row
