"""What inspections are made of, from what is on the record: nothing that it knows is retyped."""

import hashlib
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import about
from inspection.errors import AbsentError, RefusedError
from inspection.jobs.asked import Asked, FileRef
from inspection.language import Json, Language
from inspection.objects.store import ObjectStore
from inspection.profiles.reading import profile_names
from inspection.records.ground import Ground, grounds
from inspection.records.tables.flights import Upload, UploadState
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


_IN_ONE_QUESTION: Final = 400


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
    verify_at: str = ""
    """Where this installation verifies reports, for the QR; none where it has no address."""

    def uploads(self) -> Iterator[UUID]:
        """All that it is made of."""
        for flight in (self.current, self.baseline):
            if flight is not None:
                yield from filter(None, vars(flight).values())


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """An inspection that can be put in line: all is there that it needs."""

    permit_id: UUID
    boundary_id: UUID
    current: FileRef
    baseline: FileRef | None
    beside: dict[str, Json]
    beside_baseline: dict[str, Json]
    asked: Asked
    papers: dict[str, bytes]
    """What the record says, by its hash: to be in the store before anybody inspects."""


class Preparation:
    """Sees that inspections can be made; the records are asked once for all of them."""

    def __init__(self, session: Session, objects: ObjectStore, wanted: Collection[Wanted]) -> None:
        self._objects = objects
        self._profiles = profile_names()
        self._grounds = grounds(session, {one.permit_id for one in wanted})
        self._uploads: dict[UUID, Upload] = {}
        for some in batched({name for one in wanted for name in one.uploads()}, _IN_ONE_QUESTION):
            found = session.scalars(select(Upload).where(Upload.id.in_(some)))
            self._uploads |= {one.id: one for one in found}
        self._stored: set[str] = set()

    def of(self, wanted: Wanted, *, at: datetime) -> Prepared:
        """
        See that one can be made, and what it will be made of; changes nothing.

        Raises
        ------
        AbsentError
            If permit, boundary or an upload are not this office's.
        RefusedError
            ``profile_unknown``, ``permit_without_boundary``, ``upload_unfinished``,
            ``upload_of_another_permit``; ``object_missing``.
        """
        known = self._grounds.get(wanted.permit_id)
        if known is None:
            raise AbsentError("absent", where=str(wanted.permit_id))
        if wanted.profile not in self._profiles:
            raise RefusedError(
                "profile_unknown", where=wanted.profile, known=", ".join(self._profiles)
            )
        boundary = _boundary(known, wanted.boundary_id)
        ours = self._files(known, wanted.current)
        theirs = self._files(known, wanted.baseline) if wanted.baseline else {}
        papers: dict[str, bytes] = {}
        asked = Asked(
            boundary=_paper(
                papers, boundary_document(boundary), f"boundary-{boundary.sequence}.geojson"
            ),
            permit=_paper(papers, record_document(known), "permit.json"),
            current=ours["orthophoto"],
            current_dsm=ours.get("dsm"),
            flight_log=ours.get("flight_log"),
            control_points=ours.get("control_points"),
            baseline=theirs.get("orthophoto"),
            baseline_dsm=theirs.get("dsm"),
            baseline_flight_log=theirs.get("flight_log"),
            profile=wanted.profile,
            language=wanted.language,
            verify_at=wanted.verify_at,
            created_at=at,
        )
        return Prepared(
            permit_id=known.permit.id,
            boundary_id=boundary.id,
            current=ours["orthophoto"],
            baseline=theirs.get("orthophoto"),
            beside=_beside(ours),
            beside_baseline=_beside(theirs),
            asked=asked,
            papers=papers,
        )

    def _files(self, known: Ground, given: FlightGiven) -> dict[str, FileRef]:
        named: dict[str, UUID | None] = vars(given)
        return {role: self._arrived(one, known) for role, one in named.items() if one}

    def _arrived(self, upload_id: UUID, known: Ground) -> FileRef:
        upload = self._uploads.get(upload_id)
        if upload is None:
            raise AbsentError("absent", where=str(upload_id))
        if upload.state is not UploadState.COMPLETE:
            raise RefusedError("upload_unfinished", where=str(upload_id))
        if upload.permit_id not in (None, known.permit.id):
            raise RefusedError("upload_of_another_permit", where=str(upload_id))
        if upload.claimed_sha256 not in self._stored:
            with about(upload.name):
                self._objects.stored(upload.claimed_sha256)
            self._stored.add(upload.claimed_sha256)
        return FileRef(sha256=upload.claimed_sha256, name=upload.name)


def _boundary(known: Ground, boundary_id: UUID | None) -> BoundaryVersion:
    if not known.boundaries:
        raise RefusedError("permit_without_boundary")
    if boundary_id is None:
        return max(known.boundaries, key=lambda one: one.sequence)
    for one in known.boundaries:
        if one.id == boundary_id:
            return one
    raise AbsentError("absent", where=str(boundary_id))


def _beside(files: dict[str, FileRef]) -> dict[str, Json]:
    return {role: file.sha256 for role, file in files.items() if role != "orthophoto"}


def boundary_document(boundary: BoundaryVersion) -> dict[str, Json]:
    """A boundary on record as a file that an inspection reads."""
    return {
        "type": "Feature",
        "properties": {"source": boundary.source, "sha256": boundary.sha256},
        "geometry": json.loads(shapely.to_geojson(boundary.outline)),
    }


def record_document(known: Ground) -> dict[str, Json]:
    """The permit's record as an inspection reads it: what counts, and of limits the last stated."""
    stated = {
        name: said.value
        for name, field in STATED.items()
        if (said := known.values.get(field)) is not None and said.value is not None
    }
    limits: dict[str, Json] = {one.code: one.value for one in known.limits}
    return {"id": known.permit.reference, **stated, "limits": limits}


def _paper(papers: dict[str, bytes], document: dict[str, Json], name: str) -> FileRef:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    sha256 = hashlib.sha256(text).hexdigest()
    papers[sha256] = text
    return FileRef(sha256=sha256, name=name)
