"""Inspections that somebody wants, put in line with all that they are made of."""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import batched
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.jobs.asked import FileRef
from inspection.jobs.preparing import Preparation, Prepared, Wanted
from inspection.jobs.submission import Subject, put_in_line
from inspection.language import Json
from inspection.objects.store import ObjectStore
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun

_AT_ONCE: Final = 16
"""Papers that are written at a time: each waits for the disk."""

_IN_ONE_QUESTION: Final = 400


def ask(
    session: Session, objects: ObjectStore, wanted: Wanted, *, by: UUID, at: datetime
) -> InspectionRun:
    """
    Put an inspection in line, of uploads that have arrived and of what the record says.

    Raises
    ------
    AbsentError, RefusedError
        As `Preparation.of`.
    """
    ready = Preparation(session, objects, [wanted]).of(wanted, at=at)
    keep_papers(objects, [ready])
    (run,) = enter(session, [ready], by=by)
    return run


def keep_papers(objects: ObjectStore, ready: Iterable[Prepared]) -> None:
    """Bring what the record says into the store, each paper once, many at a time."""
    papers = {sha256: data for one in ready for sha256, data in one.papers.items()}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        done = [pool.submit(objects.put, [data], expected=name) for name, data in papers.items()]
    for one in done:
        one.result()


def enter(session: Session, ready: Sequence[Prepared], *, by: UUID) -> list[InspectionRun]:
    """Put inspections in line, and their flights on the record."""
    flights = _Flights(session, {one.permit_id for one in ready}, by=by)
    runs: list[InspectionRun] = []
    for one in ready:
        current = flights.of(one.permit_id, one.current, one.beside)
        subject = Subject(
            permit_id=one.permit_id,
            boundary_id=one.boundary_id,
            current_id=current.id,
            baseline_id=flights.of(one.permit_id, one.baseline, one.beside_baseline).id
            if one.baseline
            else None,
            submitted_by=by,
        )
        runs.append(put_in_line(session, one.asked, subject))
    return runs


class _Flights:
    """The flights of some permits: the same picture of the same permit is one."""

    def __init__(self, session: Session, permit_ids: set[UUID], *, by: UUID) -> None:
        self._session = session
        self._by = by
        self._known: list[Flight] = []
        for some in batched(sorted(permit_ids), _IN_ONE_QUESTION):
            asked = select(Flight).where(Flight.permit_id.in_(some), Flight.withdrawn_at.is_(None))
            self._known += session.scalars(asked.order_by(Flight.created_at, Flight.id))

    def of(self, permit_id: UUID, picture: FileRef, beside: dict[str, Json]) -> Flight:
        for flight in self._known:
            same = (flight.permit_id, flight.sha256, flight.files)
            if same == (permit_id, picture.sha256, beside):
                return flight
        flight = Flight(
            permit_id=permit_id,
            brought_by=self._by,
            name=picture.name,
            sha256=picture.sha256,
            files=beside,
        )
        self._session.add(flight)
        self._known.append(flight)
        return flight
