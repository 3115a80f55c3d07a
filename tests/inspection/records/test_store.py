"""Rows, pages and faults: what both databases keep alike, and what they say when they cannot."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError

from geo.errors import RefusedError, UnfinishedError
from inspection.records import engine as engines
from inspection.records.columns import text_of
from inspection.records.engine import open_engine, told
from inspection.records.ids import uuid7
from inspection.records.paging import page
from inspection.records.store import Records
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    InspectionRun,
    InspectionState,
    Review,
    ReviewOutcome,
)
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report

WITA = timezone(timedelta(hours=8))


def test_names_sort_by_the_order_in_which_they_were_given():
    names = [uuid7() for _ in range(5000)]
    assert names == sorted(names)
    assert [str(name) for name in names] == sorted(str(name) for name in names)
    assert len(set(names)) == 5000
    assert {(name.version, name.variant) for name in names} == {
        (7, "specified in RFC 4122"),
    }
    at = datetime.fromtimestamp((names[-1].int >> 80) / 1000, UTC)
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)


def test_names_stay_apart_when_many_ask_at_once():
    given = []
    threads = [
        threading.Thread(target=lambda: given.extend([uuid7() for _ in range(2000)]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(given)) == 8000


@given(st.lists(st.datetimes(timezones=st.sampled_from([UTC, WITA])), min_size=2))
def test_instants_as_text_sort_as_instants(instants):
    near = [one for one in instants if 1 < one.year < 9999]
    assert sorted(map(text_of, near)) == [text_of(one) for one in sorted(near)]


def test_an_instant_comes_back_in_utc_to_the_microsecond(world):
    at = datetime(2026, 3, 1, 8, 0, 0, 123456, WITA)
    with world.records.writing(world.here) as session:
        session.add(Permit(reference="A", created_at=at))
    with world.records.reading(world.here) as session:
        kept = session.scalars(select(Permit).execution_options(populate_existing=True)).one()
        assert (kept.created_at, kept.created_at.tzinfo) == (at, UTC)
        before = select(Permit.id).where(Permit.created_at < datetime(2026, 3, 1, 9, tzinfo=WITA))
        assert len(session.scalars(before).all()) == 1


def test_an_instant_without_zone_is_refused(world):
    with pytest.raises(StatementError), world.records.writing(world.here) as session:
        session.add(Permit(reference="A", created_at=datetime(2026, 3, 1)))  # noqa: DTZ001


def test_pages_show_every_row_once_the_newest_first_also_of_one_instant(world):
    at = datetime(2026, 3, 1, tzinfo=UTC)
    with world.records.writing(world.here) as session:
        session.add_all(
            Permit(reference=str(n), created_at=at + timedelta(seconds=n // 4)) for n in range(23)
        )
    seen, after = [], None
    with world.records.reading(world.here) as session:
        while True:
            shown = page(session, select(Permit), Permit, size=5, after=after)
            seen += shown.rows
            if (after := shown.after) is None:
                break
            assert len(shown.rows) == 5
    assert len({row.id for row in seen}) == len(seen) == 23
    keys = [(row.created_at, row.id) for row in seen]
    assert keys == sorted(keys, reverse=True)


@pytest.mark.parametrize("after", ["", "x", "%", "AAAA", "MjAyNi0wMS0wMSAx", "é", "x" * 5000])
def test_a_mark_that_no_page_gave_is_refused(world, after):
    with (
        world.records.reading(world.here) as session,
        pytest.raises(RefusedError, match="page_unknown"),
    ):
        page(session, select(Permit), Permit, size=5, after=after)


def test_pages_of_no_rows_or_of_too_many_are_refused(world):
    with world.records.reading(world.here) as session:
        for size in (0, 201):
            with pytest.raises(RefusedError, match="page_size"):
                page(session, select(Permit), Permit, size=size)


@pytest.fixture
def inspection(world):
    """An inspection that the inspector submitted."""
    with world.records.writing(world.here) as session:
        permit = Permit(reference="A")
        boundary = BoundaryVersion(
            permit_id=permit.id,
            sequence=1,
            stage=BoundaryStage.APPLIED,
            source="oss",
            sha256="0" * 64,
            stated_crs="EPSG:9470",
            area_m2=1.0,
            outline=shapely.box(107, -7, 107.1, -6.9),
        )
        flight = Flight(
            permit_id=permit.id, brought_by=world.inspector, name="f.tif", sha256="1" * 64
        )
        run = InspectionRun(
            permit_id=permit.id,
            boundary_id=boundary.id,
            current_id=flight.id,
            submitted_by=world.inspector,
            request={"language": "id"},
        )
        # The one that is referred to may come last.
        session.add_all([run, flight, boundary, permit])
    return run


def decision(inspection, *, submitted_by, decided_by):
    return Decision(
        inspection_id=inspection.id,
        submitted_by=submitted_by,
        decided_by=decided_by,
        outcome=DecisionOutcome.APPROVED,
        note="",
        reviews_sha256="0" * 64,
    )


def test_nobody_decides_on_what_they_submitted_whatever_the_program_does(world, inspection):
    inspector, reviewer = world.inspector, world.reviewer
    for submitted_by, decided_by in ((inspector, inspector), (reviewer, inspector)):
        with pytest.raises(DBAPIError), world.records.writing(world.here) as session:
            session.add(decision(inspection, submitted_by=submitted_by, decided_by=decided_by))
    with world.records.writing(world.here) as session:
        session.add(decision(inspection, submitted_by=inspector, decided_by=reviewer))
    with (  # and one decision stands
        pytest.raises(DBAPIError),
        world.records.writing(world.here) as session,
    ):
        session.add(decision(inspection, submitted_by=inspector, decided_by=reviewer))


def test_a_rejection_names_its_reason_and_an_edit_what_is_stated_instead(world):
    for outcome in (ReviewOutcome.REJECTED, ReviewOutcome.EDITED):
        with (
            pytest.raises(DBAPIError, match="ck_reviews"),
            world.records.writing(world.here) as session,
        ):
            session.add(
                Review(
                    finding_id=uuid7(),
                    sequence=1,
                    reviewed_by=world.reviewer,
                    outcome=outcome,
                    note="no more",
                )
            )


def test_a_report_is_superseded_once_and_stays(world, inspection):
    def report(sequence, before):
        return Report(
            permit_id=inspection.permit_id,
            inspection_id=inspection.id,
            sequence=sequence,
            supersedes_id=before,
            sha256=str(sequence) * 64,
            files={},
        )

    first = report(1, None)
    with world.records.writing(world.here) as session:
        session.add_all([first, report(2, first.id)])
    with pytest.raises(DBAPIError), world.records.writing(world.here) as session:
        session.add(report(3, first.id))
    with pytest.raises(DBAPIError, match="refused"), world.engine.begin() as connection:
        connection.execute(text("DELETE FROM reports"))


def test_a_value_that_is_not_on_its_list_is_refused_by_the_database(world, inspection):
    assert inspection.state is InspectionState.SUBMITTED
    with pytest.raises(DBAPIError), world.engine.begin() as connection:
        connection.execute(text("UPDATE inspections SET state = 'lost'"))


def test_a_number_that_json_has_not_is_refused(world):
    # By whichever of the two libraries writes the JSON.
    with (
        pytest.raises((StatementError, ValueError), match="JSON compliant"),
        world.records.writing(world.here) as session,
    ):
        session.add(
            Office(id=world.here, code="x", name="x", time_zone="UTC", profile="p", language="id",
                   settings={"x": float("nan")})
        )  # fmt: skip


def test_a_writer_that_waits_too_long_says_so(tmp_path, monkeypatch, newest):
    monkeypatch.setattr(engines, "_PRAGMAS", (*engines._PRAGMAS, "PRAGMA busy_timeout = 50"))
    path = tmp_path / "records.db"
    path.write_bytes(newest.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    records = Records(engine)
    with records.reading_all() as session:  # those that read need not wait
        assert session.scalars(select(Office)).all() == []
    with pytest.raises(UnfinishedError, match="database_busy"), records.writing_all() as session:
        session.scalars(select(Office)).all()
    other.rollback()
    other.close()
    with records.writing_all() as session:
        session.scalars(select(Office)).all()
    engine.dispose()


def test_a_database_that_is_full_says_so(tmp_path, newest):
    path = tmp_path / "records.db"
    path.write_bytes(newest.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    with (
        pytest.raises(UnfinishedError, match="database_full"),
        told(),
        engine.begin() as connection,
    ):
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.execute(
            Office.__table__.insert(),
            {"id": UUID(int=1), "created_at": datetime.now(UTC), "code": "x", "name": "x" * 500_000,
             "time_zone": "UTC", "profile": "p", "language": "id", "settings": {}},
        )  # fmt: skip
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM offices")) == 0
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
    engine.dispose()


def test_a_database_that_is_not_there_says_so(tmp_path):
    nobody = open_engine(f"postgresql://nobody@/none?host={tmp_path}")
    with pytest.raises(UnfinishedError, match="database_unreachable"), told():
        nobody.connect()
    (tmp_path / "not.db").write_bytes(b"something else entirely" * 100)
    other = open_engine(f"sqlite:///{tmp_path}/not.db")
    with pytest.raises(UnfinishedError, match="database_unreachable"), told():
        other.connect()
    for one in (nobody, other):
        one.dispose()


def test_a_server_that_goes_away_says_so(server, newest_on_server):
    engine = open_engine(newest_on_server)
    with (
        pytest.raises(UnfinishedError, match="database_unreachable"),
        Records(engine).writing_all() as session,
    ):
        pid = session.scalar(text("SELECT pg_backend_pid()"))
        server.run(sql.SQL(f"SELECT pg_terminate_backend({pid})"))
        session.scalars(select(Office)).all()
    engine.dispose()


def test_those_that_read_see_one_state_from_first_to_last(world):
    with world.records.reading(world.here) as session:
        assert session.scalars(select(Permit)).all() == []
        with world.records.writing(world.here) as other:
            other.add(Permit(reference="A"))
        assert session.scalars(select(Permit)).all() == []
    with world.records.reading(world.here) as session:
        assert len(session.scalars(select(Permit)).all()) == 1


def test_who_comes_and_goes_takes_away_no_log_that_is_in_use(tmp_path, newest):
    """Of SQLite: a process that closed the file a second time would have lost its locks on it."""
    path = tmp_path / "records.db"
    path.write_bytes(newest.read_bytes())
    passing = (
        "import sqlite3, sys; it = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "it.execute('CREATE TABLE IF NOT EXISTS seen (number INTEGER)');"
        "it.execute('INSERT INTO seen SELECT count(*) FROM seen'); it.close()"
    )
    first = open_engine(f"sqlite:///{path}")
    with first.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 7")
    second = open_engine(f"sqlite:///{path}")  # in this process, while the first is in use
    for number in (9, 8):
        subprocess.run([sys.executable, "-c", passing, path], check=True)
        with first.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO seen VALUES ({number})")
    with closing(sqlite3.connect(path)) as other:  # while the first is still open
        kept = other.execute("SELECT number FROM seen ORDER BY rowid").fetchall()
    first.dispose()
    second.dispose()
    assert kept == [(0,), (9,), (2,), (8,)]
