"""From what is on the record to what a job is asked: nothing that the record knows is retyped."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.errors import AbsentError, RefusedError
from inspection.jobs.asked import Asked, FileRef
from inspection.jobs.submission import Subject, submit
from inspection.language import Json, Language
from inspection.objects.store import ObjectStore
from inspection.profiles.reading import profile_names
from inspection.records.history import History, history
from inspection.records.tables.flights import Flight, Upload, UploadState
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.permits import BoundaryVersion

STATED: Final = {
    "holder": "holder_name",
    "kind": "permit_type",
    "commodity": "commodity",
    "authority": "authority",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "declared_area_ha": "declared_area_ha",
}
"""Entries of a permit's record as an inspection reads it, and the fields that they come from."""


@dataclass(frozen=True, kw_only=True)
class FlightGiven:
    """The uploads that one flight is made of, each by its id."""

    orthophoto: UUID
    dsm: UUID | None = None
    flight_log: UUID | None = None
    control_points: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An inspection that somebody wants of a permit on the record."""

    permit_id: UUID
    boundary_id: UUID | None
    """One of the permit's boundaries; None for the one in force."""

    current: FlightGiven
    baseline: FlightGiven | None
    profile: str
    language: Language


def ask(
    session: Session, objects: ObjectStore, wanted: Wanted, *, by: UUID, at: datetime
) -> InspectionRun:
    """
    Put an inspection in line, of uploads that have arrived and of what the record says.

    Raises
    ------
    AbsentError
        If permit, boundary or an upload are not this office's.
    RefusedError
        ``profile_unknown``, ``permit_without_boundary``, ``upload_unfinished``,
        ``upload_of_another_permit``; ``object_missing``.
    """
    known = history(session, wanted.permit_id)
    if known is None:
        raise AbsentError("absent")
    if wanted.profile not in profile_names():
        raise RefusedError(
            "profile_unknown", where=wanted.profile, known=", ".join(profile_names())
        )
    boundary = _boundary(known, wanted.boundary_id)
    current, ours = _flight(session, known, wanted.current, by=by)
    baseline, theirs = (
        _flight(session, known, wanted.baseline, by=by) if wanted.baseline else (None, {})
    )
    asked = Asked(
        boundary=_kept(objects, _outline(boundary), f"boundary-{boundary.sequence}.geojson"),
        permit=_kept(objects, _record(known), "permit.json"),
        current=ours["orthophoto"],
        current_dsm=ours.get("dsm"),
        flight_log=ours.get("flight_log"),
        control_points=ours.get("control_points"),
        baseline=theirs.get("orthophoto"),
        baseline_dsm=theirs.get("dsm"),
        baseline_flight_log=theirs.get("flight_log"),
        profile=wanted.profile,
        language=wanted.language,
        created_at=at,
    )
    subject = Subject(
        permit_id=known.permit.id,
        boundary_id=boundary.id,
        current_id=current.id,
        baseline_id=baseline.id if baseline else None,
        submitted_by=by,
    )
    return submit(session, objects, asked, subject)


def _boundary(known: History, boundary_id: UUID | None) -> BoundaryVersion:
    if not known.boundaries:
        raise RefusedError("permit_without_boundary")
    if boundary_id is None:
        return max(known.boundaries, key=lambda one: one.sequence)
    for one in known.boundaries:
        if one.id == boundary_id:
            return one
    raise AbsentError("absent")


def _flight(
    session: Session, known: History, given: FlightGiven, *, by: UUID
) -> tuple[Flight, dict[str, FileRef]]:
    """Put a flight on the record, once for the same picture of the same permit."""
    named = {
        "orthophoto": given.orthophoto,
        "dsm": given.dsm,
        "flight_log": given.flight_log,
        "control_points": given.control_points,
    }
    files = {role: _arrived(session, one, known.permit.id) for role, one in named.items() if one}
    picture = files["orthophoto"]
    beside: dict[str, Json] = {
        role: file.sha256 for role, file in files.items() if role != "orthophoto"
    }
    same = select(Flight).where(
        Flight.permit_id == known.permit.id, Flight.sha256 == picture.sha256
    )
    for flight in session.scalars(same):
        if flight.files == beside and flight.withdrawn_at is None:
            return flight, files
    flight = Flight(
        permit_id=known.permit.id,
        brought_by=by,
        name=picture.name,
        sha256=picture.sha256,
        files=beside,
    )
    session.add(flight)
    return flight, files


def _arrived(session: Session, upload_id: UUID, permit_id: UUID) -> FileRef:
    upload = session.get(Upload, upload_id)
    if upload is None:
        raise AbsentError("absent")
    if upload.state is not UploadState.COMPLETE:
        raise RefusedError("upload_unfinished", where=str(upload_id))
    if upload.permit_id not in (None, permit_id):
        raise RefusedError("upload_of_another_permit", where=str(upload_id))
    return FileRef(sha256=upload.claimed_sha256, name=upload.name)


def _outline(boundary: BoundaryVersion) -> dict[str, Json]:
    return {
        "type": "Feature",
        "properties": {"source": boundary.source, "sha256": boundary.sha256},
        "geometry": json.loads(shapely.to_geojson(boundary.outline)),
    }


def _record(known: History) -> dict[str, Json]:
    """The permit's record as an inspection reads it: what counts, and of limits the last stated."""
    stated = {
        name: said.value
        for name, field in STATED.items()
        if (said := known.values.get(field)) is not None and said.value is not None
    }
    limits: dict[str, Json] = {one.code: one.value for one in known.limits}
    return {"id": known.permit.reference, **stated, "limits": limits}


def _kept(objects: ObjectStore, document: dict[str, Json], name: str) -> FileRef:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return FileRef(sha256=objects.put([text.encode()]).sha256, name=name)
