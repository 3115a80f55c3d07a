"""What becomes of clocks that an office kept before terms were counted in hours."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from threading import Event
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import shapely
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from inspection.jobs.awaiting import keep_queue
from inspection.records.columns import now
from inspection.records.ids import uuid7
from inspection.records.migrations.upgrade import require_current, upgrade
from inspection.records.service import clock_reading
from inspection.records.stepping import drive_clocks, usual_clock
from inspection.records.store import Records
from inspection.records.tables.clocks import ClockEvent, Effect, ServiceClock, Unit
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import NEVER, InspectionRun, InspectionState, ReviewState
from inspection.records.tables.offices import Calendar, CalendarDay, Office, Role, RoleGrant, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.review.queue import Which, queue

BEFORE = "0011"
ZONE = ZoneInfo("Asia/Jakarta")
WEEK = {str(day): [8 * 60, 16 * 60] for day in range(1, 6)}


def wib(month, day, hour):
    return datetime(2026, month, day, hour, tzinfo=ZONE)


BEGUN = wib(3, 18, 12)  # noon of a Wednesday, before a holiday

# Permit, hundredths of days allowed, until when that was before, and until when it is now.
CLOCKS = [
    # Half of Wednesday and half of Friday, in days as in hours.
    ("one day", 100, wib(3, 20, 12), wib(3, 20, 12)),
    ("half a day", 50, wib(3, 18, 16), wib(3, 18, 16)),
    # Longer ones last until the office closes.
    ("a day and a half", 150, wib(3, 20, 16), wib(3, 20, 16)),
    ("two days", 200, wib(3, 23, 12), wib(3, 23, 16)),
    ("fourteen days", 1400, wib(4, 8, 12), wib(4, 8, 16)),
    ("no clock", None, None, None),
]


@dataclass
class Kept:
    """What an office had on record before."""

    office: UUID
    person: UUID
    clocks: dict[str, UUID]
    runs: dict[str, UUID]


def put(connection, kind, **values):
    """Add a row as it was before: without the columns that came since."""
    columns = kind.__table__.c
    old = {"due_on": sa.Date()}
    table = sa.table(
        kind.__tablename__,
        *(
            sa.column(name, old[name] if name in old else columns[name].type)
            for name in ("id", "created_at", *values)
        ),
    )
    row = {"id": uuid7(), "created_at": now(), **values}
    connection.execute(table.insert(), row)
    return row["id"]


def put_run(connection, office, person, permit, due_at):
    boundary = put(
        connection, BoundaryVersion, office_id=office, permit_id=permit, sequence=1,
        stage=BoundaryStage.GRANTED, source="s", sha256="0" * 64, stated_crs="EPSG:4326",
        area_m2=1.0, outline=shapely.box(107.5, -7.1, 107.6, -7.0),
        west=107.5, east=107.6, south=-7.1, north=-7.0,
    )  # fmt: skip
    flight = put(
        connection, Flight, office_id=office, permit_id=permit, brought_by=person,
        name="a.tif", sha256="0" * 64, files={}, claims={},
    )  # fmt: skip
    return put(
        connection, InspectionRun, office_id=office, permit_id=permit, boundary_id=boundary,
        current_id=flight, submitted_by=person, request={}, state=InspectionState.DONE,
        share=1.0, review=ReviewState.OPEN, rank=0, due_at=due_at,
        due_on=date.max if due_at is None else due_at.date(),
    )  # fmt: skip


@pytest.fixture
def kept(empty):
    """A database at the step before, with clocks that run, and what is due by them."""
    upgrade(empty, target=BEFORE)
    clocks, runs = {}, {}
    with empty.begin() as connection:
        office = put(
            connection, Office, code="bandung", name="Bandung", time_zone="Asia/Jakarta",
            profile="indonesia-province", language="id",
            settings={"service": {"step": "field", "calendar": "usual", "days": 1}},
        )  # fmt: skip
        person = put(connection, User, office_id=office, login="i", name="Inspector")
        for role in (Role.INSPECTOR, Role.ADMIN):
            put(connection, RoleGrant, office_id=office, user_id=person, role=role)
        calendar = put(
            connection, Calendar, office_id=office, name="usual",
            time_zone="Asia/Jakarta", hours=WEEK,
        )  # fmt: skip
        put(
            connection, CalendarDay, office_id=office, calendar_id=calendar,
            day=date(2026, 3, 19), name="Nyepi", source="decree", hours=None,
        )  # fmt: skip
        for permit_reference, hundredths, due_at, _ in reversed(CLOCKS):
            permit = put(
                connection, Permit, office_id=office,
                reference=permit_reference, words=permit_reference,
            )  # fmt: skip
            if hundredths is not None:
                clock = put(
                    connection, ServiceClock, office_id=office, permit_id=permit,
                    calendar_id=calendar, step="field", allowed_hundredths=hundredths,
                    mapping="meanings",
                )  # fmt: skip
                put(
                    connection, ClockEvent, office_id=office, clock_id=clock, at=BEGUN,
                    status="complete", effect=Effect.START, source="oss",
                )  # fmt: skip
                clocks[permit_reference] = clock
            runs[permit_reference] = put_run(connection, office, person, permit, due_at)
    return Kept(office=office, person=person, clocks=clocks, runs=runs)


def test_clocks_kept_before_are_counted_by_their_length_and_keep_their_moves(empty, kept):
    upgrade(empty)
    require_current(empty)
    with Records(empty).reading(kept.office) as session:
        for name, hundredths, _, due_at in CLOCKS[:-1]:
            clock = session.get_one(ServiceClock, kept.clocks[name])
            is_short = hundredths <= 100
            assert clock.unit is (Unit.HOURS if is_short else Unit.DAYS), name
            assert (clock.allowed_hundredths, clock.step) == (hundredths, "field")
            (event,) = session.scalars(sa.select(ClockEvent).where(ClockEvent.clock_id == clock.id))
            assert (event.at, event.effect, event.source) == (BEGUN, Effect.START, "oss")
            found = clock_reading(session, clock.id, now=BEGUN)
            assert found.due_at == due_at, name


def test_what_waited_before_stays_in_its_order_until_the_clocks_are_read_again(empty, kept):
    upgrade(empty)
    records = Records(empty)

    def waiting():
        """As it is kept, in the order of the queue: when each is due."""
        with records.reading(kept.office) as session:
            found = queue(session, Which(review=ReviewState.OPEN), size=20, after=None, now=BEGUN)
            rows = [one.run for one in found.waiting]
            names = {run: name for name, run in kept.runs.items()}
            assert all(one.due_by == (one.due_at or NEVER) for one in rows)
            return [(names[one.id], one.due_at) for one in rows]

    order = ("half a day", "one day", "a day and a half", "two days", "fourteen days", "no clock")
    before, after = ({row[0]: row[at] for row in CLOCKS} for at in (2, 3))
    assert waiting() == [(name, before[name]) for name in order]
    keep_queue(records, None, Event())  # nothing is unrated, so that no object is read
    assert waiting() == [(name, after[name]) for name in order]


def test_the_office_goes_on_with_what_it_had_stated(empty, kept):
    upgrade(empty)
    records = Records(empty)
    with records.writing(kept.office) as session:
        office = session.get_one(Office, kept.office)
        assert (usual_clock(office).days, usual_clock(office).unit) == (1, None)
        assert office.suspended_at is None
        permit = Permit(reference="new")
        session.add(permit)
        session.flush()
        drive_clocks(session, [permit.id], office)
        session.flush()
        given = sa.select(ServiceClock).where(ServiceClock.permit_id == permit.id)
        assert session.scalars(given).one().unit is Unit.HOURS
        roles = sa.select(RoleGrant.role).where(RoleGrant.user_id == kept.person)
        assert set(session.scalars(roles)) == {Role.INSPECTOR, Role.ADMIN}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ("UPDATE clock_events SET source = 'x'", "tinjau: UPDATE of clock_events is refused"),
        ("DELETE FROM clock_events", "tinjau: DELETE of clock_events is refused"),
        ("UPDATE service_clocks SET office_id = id", "tinjau: UPDATE .*of service_clocks"),
        ("UPDATE service_clocks SET unit = 'weeks'", "ck_service_clocks_unit"),
        ("UPDATE role_grants SET office_id = id", "tinjau: UPDATE .*of role_grants"),
        ("UPDATE role_grants SET role = 'central_admin'", "central_admin"),
        ("UPDATE role_grants SET role = 'nobody'", "constraint.*role"),
    ],
)
@pytest.mark.usefixtures("kept")
def test_the_database_keeps_its_rules_after_the_steps(empty, change, refusal):
    upgrade(empty)
    with pytest.raises(DatabaseError, match=refusal), empty.begin() as connection:
        connection.execute(sa.text(change))


def test_due_times_are_kept_alike_by_both_databases(empty, kept):
    upgrade(empty)
    with Records(empty).reading(kept.office) as session:
        late = session.get_one(InspectionRun, kept.runs["no clock"])
        assert (late.due_at, late.due_by) == (None, NEVER)
        asked = sa.select(InspectionRun.id).where(InspectionRun.due_by == NEVER)
        assert session.scalars(asked).all() == [late.id]
        due = datetime(2026, 3, 20, 5, tzinfo=UTC)
        asked = sa.select(InspectionRun.id).where(InspectionRun.due_by == due)
        assert session.scalars(asked).all() == [kept.runs["one day"]]
