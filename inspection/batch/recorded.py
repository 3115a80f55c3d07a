"""Rows out of the permits' records: what is on record of each permit, and its flights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import RefusedError
from inspection.access.office import office_named
from inspection.batch.asked import Given
from inspection.batch.earlier import Flown
from inspection.batch.permits import OnRecord, Paper, permit_paper, written
from inspection.batch.table import Line
from inspection.installation import open_installation
from inspection.jobs.preparing import boundary_document, record_document
from inspection.records.ground import Ground, grounds
from inspection.records.searching import saying
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.permits import Permit
from inspection.settings import Settings

EVERY: Final = ("*", "all", "semua")
_MANY: Final = 400
_ROLES: Final = {
    "dsm": "current_dsm",
    "flight_log": "flight_log",
    "control_points": "control_points",
}


@dataclass(kw_only=True)
class Recorded:
    """`inspection.batch.permits.Register` of one office."""

    session: Session
    paper: Paper
    _known: dict[str, OnRecord | None] = field(default_factory=dict)

    def known(self, reference: str) -> OnRecord | None:
        """What is on record of the permit that the office calls so."""
        if reference not in self._known:
            asked = select(Permit.id).where(Permit.reference == reference)
            found = self.session.scalars(asked).one_or_none()
            ground = grounds(self.session, [found])[found] if found else None
            self._known[reference] = self._papers(ground) if ground else None
        return self._known[reference]

    def _papers(self, ground: Ground) -> OnRecord:
        newest = max(ground.boundaries, key=lambda one: one.sequence, default=None)
        return OnRecord(
            permit=permit_paper(self.paper, record_document(ground), ground.permit.reference),
            boundary=self.paper(
                written(boundary_document(newest)), f"boundary-{newest.sequence}.geojson"
            )
            if newest
            else None,
        )

    def lines(self, words: str) -> list[Line]:
        """
        One row a permit that has these words, of its latest flight against the one before.

        Raises
        ------
        RefusedError
            ``batch_permits_none``.
        """
        asked = select(Permit).order_by(Permit.created_at, Permit.id)
        if words.strip().casefold() not in EVERY:
            asked = saying(asked, words)
        permits = list(self.session.scalars(asked))
        if not permits:
            raise RefusedError("batch_permits_none", where=words)
        flights = self._flights([one.id for one in permits])
        return [
            _line(number, permit.reference, flights.get(permit.id, []))
            for number, permit in enumerate(permits, 1)
        ]

    def flights(self, references: Sequence[str]) -> dict[str, list[Flown]]:
        """Flights on record of the permits of these names."""
        found: dict[str, list[Flown]] = {}
        for some in batched(sorted(set(references)), _MANY):
            permits = list(self.session.scalars(select(Permit).where(Permit.reference.in_(some))))
            flights = self._flights([one.id for one in permits])
            found |= {
                one.reference: [_flown(f) for f in flights.get(one.id, [])] for one in permits
            }
        return found

    def published(self, lines: Sequence[Line]) -> dict[int, str]:
        """Hash of the latest document of each row's permit and flight, by the row's number."""
        found: dict[tuple[str, str], str] = {}
        for some in batched(sorted({one.cells.get("permit", "") for one in lines}), _MANY):
            asked = (
                select(Permit.reference, Flight.sha256, InspectionRun.document_sha256)
                .join(Permit, Permit.id == InspectionRun.permit_id)
                .join(Flight, Flight.id == InspectionRun.current_id)
                .where(
                    Permit.reference.in_(some),
                    InspectionRun.state == InspectionState.DONE,
                    InspectionRun.document_sha256.is_not(None),
                )
                .order_by(InspectionRun.created_at, InspectionRun.id)
            )
            found |= {
                (ref, sha): str(document) for ref, sha, document in self.session.execute(asked)
            }
        told = {}
        for line in lines:
            sha256 = line.cells.get("current", "").partition("/")[0]
            if (document := found.get((line.cells.get("permit", ""), sha256))) is not None:
                told[line.number] = document
        return told

    def _flights(self, permits: Sequence[UUID]) -> dict[UUID, list[Flight]]:
        found: dict[UUID, list[Flight]] = {}
        for some in batched(permits, _MANY):
            asked = select(Flight).where(Flight.permit_id.in_(some), Flight.withdrawn_at.is_(None))
            for one in self.session.scalars(asked.order_by(Flight.created_at, Flight.id)):
                found.setdefault(one.permit_id, []).append(one)
        return found


@contextmanager
def records_of(settings: Settings, office: str | None, paper: Paper) -> Iterator[Recorded]:
    """Open the records of one office to read them; raises as an installation that is not there."""
    records, engine = open_installation(settings)
    try:
        with records.reading(office_named(records, office)) as session:
            yield Recorded(session=session, paper=paper)
    finally:
        engine.dispose()


def _line(number: int, reference: str, flights: Sequence[Flight]) -> Line:
    where = f"permit {reference}"
    if not flights:
        problem = RefusedError("batch_permit_without_flight", where=where, permit=reference)
        return Line(number=number, where=where, cells={"permit": reference}, problem=problem)
    undated = next((one for one in flights if one.claimed_at is None), None)
    if len(flights) > 1 and undated is not None:
        # Which of them is the latest is a guess.
        problem = RefusedError("batch_flight_undated", name=undated.name)
        return Line(number=number, where=where, cells={"permit": reference}, problem=problem)
    latest = max(flights, key=lambda one: (one.claimed_at, one.id))
    cells = {
        "permit": reference,
        "current": f"{latest.sha256}/{latest.name}",
        "baseline": "auto",
        **{
            _ROLES[role]: str(sha256)
            for role, sha256 in latest.files.items()
            if role in _ROLES and isinstance(sha256, str)
        },
    }
    if latest.claimed_at is not None:
        cells["captured_at"] = latest.claimed_at.isoformat()
    return Line(number=number, where=where, cells=cells)


def _flown(flight: Flight) -> Flown:
    given = {
        "current": _given(flight.sha256, flight.name),
        **{
            _ROLES[role]: _given(sha256, role)
            for role, sha256 in flight.files.items()
            if role in _ROLES and isinstance(sha256, str)
        },
    }
    stated = flight.claimed_at.isoformat() if flight.claimed_at else None
    return Flown(files=given, stated=stated)


def _given(sha256: str, name: str) -> Given:
    return Given(kind="object", source=sha256, name=name.replace("/", "-"), mark=sha256)
