"""
A table of inspections held against the records of an office: each row as it can be put in line.

Where the command line reads files beside the table, here a cell names a file that was sent to the
office: by its name, by its hash, or by the id of its upload. Permits and boundaries are on record.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import batched
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.errors import GeoError, RefusedError
from inspection.batch.cells import language
from inspection.batch.checking import AUTO
from inspection.batch.office_files import OfficeFiles, word_of
from inspection.batch.table import Line, read_lines
from inspection.errors import AbsentError
from inspection.jobs.preparing import FlightGiven, Preparation, Wanted
from inspection.language import Json, Language
from inspection.objects.store import ObjectStore
from inspection.records.tables.flights import Flight
from inspection.records.tables.permits import Permit
from inspection.terminal.failure import failure_of, problem_of

MOST_ROWS: Final = 2000
"""Rows of one table; more are for `tinjau batch`, or for several tables."""

_FLIGHT: Final[Mapping[str, str]] = {
    "orthophoto": "current",
    "dsm": "current_dsm",
    "flight_log": "flight_log",
    "control_points": "control_points",
}
_EARLIER: Final[Mapping[str, str]] = {
    "orthophoto": "baseline",
    "dsm": "baseline_dsm",
    "flight_log": "baseline_flight_log",
}
_USED: Final = frozenset({"permit", "profile", "language", *_FLIGHT.values(), *_EARLIER.values()})
_OF_THE_FILE: Final = frozenset({"boundary", "feature"})
"""What the rows of a GeoPackage name of themselves; boundaries are those on record."""

_IN_ONE_QUESTION: Final = 400


@dataclass(frozen=True, kw_only=True)
class Usual:
    """What counts for rows that do not say it."""

    profile: str
    language: Language
    verify_at: str


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A row, and the inspection that it asks for or why there can be none."""

    line: Line
    wanted: Wanted | None = None
    problem: dict[str, Json] | None = None


class _Known:
    """What the rows of a table name, asked of the records once for all of them."""

    def __init__(self, session: Session, lines: Sequence[Line]) -> None:
        self._permits: dict[str, UUID] = {}
        names = sorted({one.cells["permit"] for one in lines if "permit" in one.cells})
        for some in batched(names, _IN_ONE_QUESTION):
            asked = select(Permit).where(Permit.reference.in_(some))
            self._permits |= {one.reference: one.id for one in session.scalars(asked)}
        self._flights: dict[UUID, list[Flight]] = {}
        for permits in batched(sorted(set(self._permits.values())), _IN_ONE_QUESTION):
            flown = select(Flight).where(
                Flight.permit_id.in_(permits), Flight.withdrawn_at.is_(None)
            )
            for one in session.scalars(flown.order_by(Flight.created_at, Flight.id)):
                self._flights.setdefault(one.permit_id, []).append(one)
        words = set(_words(lines, (*_FLIGHT.values(), *_EARLIER.values())))
        for flights in self._flights.values():
            for flight in flights:
                words |= {flight.sha256, *(str(one) for one in flight.files.values())}
        self._files = OfficeFiles(session, words)

    def wanted(self, line: Line, usual: Usual) -> Wanted:
        """The inspection that a row asks for."""
        if line.problem is not None:
            raise line.problem
        cells = line.cells
        for name in cells:
            if name not in _USED:
                raise RefusedError("batch_column_not_here", column=name)
        if "permit" not in cells:
            raise RefusedError("batch_row_without_permit")
        permit = self._permits.get(cells["permit"])
        if permit is None:
            raise RefusedError("batch_permit_absent", permit=cells["permit"])
        if "current" not in cells:
            raise RefusedError("batch_row_without_current")
        current = self._given(cells, permit, _FLIGHT, before=None)
        baseline = None
        if "baseline" in cells:
            now = self._files.of(str(current.orthophoto), permit, column="current")
            baseline = self._given(cells, permit, _EARLIER, before=now.claimed_sha256)
        return Wanted(
            permit_id=permit,
            boundary_id=None,
            current=current,
            baseline=baseline,
            profile=cells.get("profile", usual.profile),
            language=language(cells) or usual.language,
            verify_at=usual.verify_at,
        )

    def _given(
        self,
        cells: Mapping[str, str],
        permit: UUID,
        columns: Mapping[str, str],
        *,
        before: str | None,
    ) -> FlightGiven:
        first = columns["orthophoto"]
        if cells[first].casefold() in AUTO:
            return self._on_record(cells["permit"], permit, first, before=before)
        files = {
            role: self._files.of(word_of(cells[column]), permit, column=column).id
            for role, column in columns.items()
            if column in cells
        }
        return FlightGiven(**files)

    def _on_record(
        self, reference: str, permit: UUID, column: str, *, before: str | None
    ) -> FlightGiven:
        """The latest flight on record, or the latest that is not later than another."""
        flights = self._flights.get(permit, [])
        until = next((one.claimed_at for one in flights if one.sha256 == before), None)
        others = [
            one
            for one in flights
            if one.sha256 != before
            and (until is None or (one.claimed_at is not None and one.claimed_at < until))
        ]
        if not others:
            code = "batch_permit_without_flight" if before is None else "batch_no_flight_before"
            raise RefusedError(code, permit=reference)
        latest = max(others, key=lambda one: (one.claimed_at or one.created_at, one.id))
        files = {"orthophoto": self._files.of(latest.sha256, permit, column=column).id}
        files |= {
            role: self._files.of(str(sha256), permit, column=column).id
            for role, sha256 in latest.files.items()
            if role in _FLIGHT
        }
        return FlightGiven(**files)


def office_lines(path: Path) -> list[Line]:
    """
    Every row of a table that somebody sent.

    Raises
    ------
    RefusedError
        As `inspection.batch.table.read_lines`; ``batch_table_too_long``, and
        ``batch_office_table_empty`` for one without rows.
    """
    try:
        lines = read_lines(path)
    except RefusedError as error:
        if error.code == "batch_table_empty":
            # The columns that an inspection here needs are others than those on a machine.
            raise RefusedError("batch_office_table_empty") from error
        raise
    if len(lines) > MOST_ROWS:
        raise RefusedError("batch_table_too_long", rows=len(lines), limit=MOST_ROWS)
    return [_without_itself(one, path.name) for one in lines]


def judged(
    session: Session, objects: ObjectStore, lines: Sequence[Line], usual: Usual, *, at: datetime
) -> list[Judged]:
    """Judge every row; changes nothing, and one that cannot be made stops no other."""
    known = _Known(session, lines)
    told = [_attempted(one, known, usual) for one in lines]
    preparation = Preparation(session, objects, [one.wanted for one in told if one.wanted])
    first: dict[Wanted, Line] = {}
    return [_proven(one, preparation, first, at) for one in told]


def _attempted(line: Line, known: _Known, usual: Usual) -> Judged:
    try:
        return Judged(line=line, wanted=known.wanted(line, usual))
    except GeoError as error:
        return _refused(line, error)


def _proven(
    one: Judged, preparation: Preparation, first: dict[Wanted, Line], at: datetime
) -> Judged:
    if one.wanted is None:
        return one
    before = first.setdefault(one.wanted, one.line)
    if before is not one.line:
        return _refused(one.line, RefusedError("batch_row_twice", first=before.named))
    try:
        preparation.of(one.wanted, at=at)
    except (AbsentError, RefusedError) as error:
        return _refused(one.line, error)
    return one


def _refused(line: Line, error: GeoError) -> Judged:
    error.where = line.where
    return Judged(line=line, problem=problem_of(failure_of(line.as_written(error))))


def _without_itself(line: Line, name: str) -> Line:
    if line.cells.get("boundary") != name:
        return line
    cells = {key: cell for key, cell in line.cells.items() if key not in _OF_THE_FILE}
    return replace(line, cells=cells)


def _words(lines: Sequence[Line], columns: Collection[str]) -> Iterator[str]:
    for one in lines:
        yield from (word_of(one.cells[name]) for name in columns if name in one.cells)
