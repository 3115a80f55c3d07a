"""Rows told as GeoJSON features: where they are, and what is on record of each."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, cast
from uuid import UUID

import shapely
from shapely import Geometry
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.degrees import DEGREE_DIGITS
from inspection.features.collections import (
    COVERAGE,
    FINDINGS,
    MEASURED,
    NOT_OBSERVED,
    OPEN,
    PERMITS,
    Collection,
    in_force,
    latest,
)
from inspection.language import Json
from inspection.records.tables.base import Record
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import Finding, InspectionRun
from inspection.records.tables.permits import BoundaryVersion, Permit
from inspection.records.tables.surveys import SurveyedGround
from inspection.records.values import Gist, gist, resolved_of
from inspection.review.standing import last_words

HECTARE_M2: Final = 1e4

type Feature = dict[str, Any]


def features(session: Session, collection: Collection, rows: Sequence[Record]) -> list[Feature]:
    """Tell rows of a collection, in the order given."""
    return _TELLERS[collection.name](session, rows)


def _feature(row: Record, outline: Geometry | None, properties: Mapping[str, Any]) -> Feature:
    return {
        "type": "Feature",
        "id": str(row.id),
        "geometry": None if outline is None else _geometry(outline),
        "properties": dict(properties),
    }


def _geometry(outline: Geometry) -> Any:  # noqa: ANN401 - JSON
    # All of one kind: software takes that of a layer from its first rows, and passes over others.
    outline = shapely.MultiPolygon([outline]) if isinstance(outline, shapely.Polygon) else outline
    # As the document states places: a tenth of a millimetre. Rings turn as RFC 7946 says.
    rounded = shapely.transform(outline, lambda places: places.round(DEGREE_DIGITS))
    return json.loads(shapely.to_geojson(shapely.orient_polygons(rounded)))


def _permits(session: Session, rows: Sequence[Record]) -> list[Feature]:
    permits = cast("Sequence[Permit]", rows)
    names = [one.id for one in permits]
    values = resolved_of(session, names)
    asked = select(BoundaryVersion).where(BoundaryVersion.permit_id.in_(names), in_force())
    boundaries = {one.permit_id: one for one in session.scalars(asked)}
    return [_permit(one, gist(values[one.id]), boundaries.get(one.id)) for one in permits]


def _permit(
    permit: Permit,
    said: Gist,
    boundary: BoundaryVersion | None,
) -> Feature:
    as_of = boundary.as_of if boundary else None
    return _feature(
        permit,
        boundary.outline if boundary else None,
        {
            "permit": permit.reference,
            "permit_id": str(permit.id),
            "holder": said.holder,
            "kind": said.kind,
            "place": said.place,
            "stage": str(boundary.stage) if boundary else None,
            "area_ha": round(boundary.area_m2 / HECTARE_M2, 4) if boundary else None,
            "as_of": as_of.isoformat() if as_of else None,
            "boundary": boundary.sequence if boundary else None,
            "source": boundary.source if boundary else None,
            "on_record_at": permit.created_at.isoformat(),
        },
    )


def _inspected(session: Session, names: set[UUID]) -> dict[UUID, dict[str, Any]]:
    """What is told of the inspections that rows belong to."""
    asked = (
        select(InspectionRun, Permit.reference, Flight.claimed_at, latest())
        .join(Permit, Permit.id == InspectionRun.permit_id)
        .join(Flight, Flight.id == InspectionRun.current_id)
        .where(InspectionRun.id.in_(names))
    )
    return {
        run.id: {
            "permit": reference,
            "permit_id": str(run.permit_id),
            "inspection": run.document_id,
            "inspection_id": str(run.id),
            "flown_at": flown_at.isoformat() if flown_at else None,
            "review": str(run.review) if run.review else None,
            "is_latest": bool(is_latest),
        }
        for run, reference, flown_at, is_latest in session.execute(asked)
    }


def _findings(session: Session, rows: Sequence[Record]) -> list[Feature]:
    findings = cast("Sequence[Finding]", rows)
    of = _inspected(session, {one.inspection_id for one in findings})
    words = last_words(session, findings)
    return [
        _feature(
            one,
            one.outline,
            {
                **of[one.inspection_id],
                "finding": one.code,
                "class": one.ground_class,
                "epoch": one.epoch,
                "location": one.location,
                "outcome": str(words[one.id].outcome) if one.id in words else OPEN,
                "is_added": one.added_by is not None,
                "area_m2": one.area_m2,
                **{name: _number(one.document.get(name)) for name in MEASURED},
            },
        )
        for one in findings
    ]


def _number(value: Json) -> float | None:
    # As a fraction even where it is a whole one: software takes a column's kind from its first row.
    return float(value) if isinstance(value, int | float) else None


def _gaps(session: Session, rows: Sequence[Record]) -> list[Feature]:
    grounds = cast("Sequence[SurveyedGround]", rows)
    of = _inspected(session, {one.inspection_id for one in grounds})
    return [
        _feature(
            one,
            one.outline,
            {
                **of[one.inspection_id],
                "gap": one.code,
                "where": one.ground,
                "reason": one.reason,
                "area_m2": one.area_m2,
            },
        )
        for one in grounds
    ]


def _coverage(session: Session, rows: Sequence[Record]) -> list[Feature]:
    grounds = cast("Sequence[SurveyedGround]", rows)
    names = {one.inspection_id for one in grounds}
    of = _inspected(session, names)
    asked = (
        select(InspectionRun.id, Flight.name)
        .join(Flight, Flight.id == InspectionRun.current_id)
        .where(InspectionRun.id.in_(names))
    )
    flights = {one.id: one.name for one in session.execute(asked)}
    return [
        _feature(
            one,
            one.outline,
            {
                **of[one.inspection_id],
                "flight": flights[one.inspection_id],
                "observed_share": one.share,
                "area_m2": one.area_m2,
            },
        )
        for one in grounds
    ]


_TELLERS: Final[Mapping[str, Callable[[Session, Sequence[Record]], list[Feature]]]] = {
    PERMITS.name: _permits,
    FINDINGS.name: _findings,
    NOT_OBSERVED.name: _gaps,
    COVERAGE.name: _coverage,
}
