"""Steps of the schema: from nothing and from every step before, cut off anywhere, and refused."""

import itertools
import os
import signal
import sqlite3
import threading
import warnings
from contextlib import contextmanager

import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from psycopg import sql
from sqlalchemy import event, select, text
from sqlalchemy.dialects.postgresql.base import ischema_names

from inspection.errors import UsageError
from inspection.installation import require_installation
from inspection.records.columns import PostgisGeometry, now
from inspection.records.engine import open_engine
from inspection.records.ids import uuid7
from inspection.records.migrations.upgrade import (
    VERSION_TABLE,
    head,
    require_begun,
    require_current,
    revision_of,
    upgrade,
)
from inspection.records.store import Records
from inspection.records.tables.everything import METADATA
from inspection.records.tables.offices import Office
from inspection.records.tables.permits import (
    BoundaryStage,
    BoundaryVersion,
    ImportedValue,
    ImportFile,
    Permit,
)
from inspection.settings import Settings

STEPS = [f"{number:04}" for number in range(1, int(head()) + 1)]


class CutOffError(Exception):
    pass


@contextmanager
def cut_off(engine, at):
    """Fail at the statement of that number."""
    seen = 0

    def count(*_):
        nonlocal seen
        seen += 1
        if seen == at:
            raise CutOffError

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
}


def state(engine):
    """The step, and the names of all that is there."""
    with engine.connect() as connection:
        names = set(connection.scalars(text(NAMES[engine.dialect.name])))
        return revision_of(connection), names


def add_office(engine, code):
    with engine.begin() as connection:
        connection.execute(
            Office.__table__.insert(),
            {"id": Office(code=code).id, "created_at": Office(code=code).created_at,
             "code": code, "name": code, "time_zone": "Asia/Jakarta", "profile": "generic",
             "language": "id", "settings": {}},
        )  # fmt: skip


def offices(engine):
    with engine.connect() as connection:
        return sorted(connection.scalars(text("SELECT code FROM offices")))


def test_the_steps_make_what_the_code_expects(empty, monkeypatch):
    assert upgrade(empty) == STEPS
    require_current(empty)
    assert upgrade(empty) == []
    monkeypatch.setitem(ischema_names, "geometry", lambda *_, **__: PostgisGeometry())
    with empty.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": False,
                              "include_name": ours, "include_object": not_spatial},
        )  # fmt: skip
        assert compare_metadata(context, METADATA) == []


def ours(name, kind, _parents):
    return kind != "table" or name != "spatial_ref_sys"


def not_spatial(_object, name, kind, _is_reflected, _other):
    return not (kind == "index" and name.endswith("_outline"))  # PostgreSQL's alone


def test_permits_kept_before_are_found_by_who_holds_them(empty):
    upgrade(empty, target="0010")
    add_office(empty, "a")
    with empty.begin() as connection:
        office = connection.execute(select(Office.id)).scalar_one()
        rows = {}
        for kind, values in (
            (Permit, {"reference": "I-1", "words": "andesit i-1"}),
            (ImportFile, {"sha256": "0" * 64, "name": "a", "source": "oss", "mapping": "m"}),
            (ImportedValue, {"field": "holder_name", "value": "PT Óran Jaya", "where": "A1"}),
            (ImportedValue, {"field": "remark", "value": "besar", "where": "A2"}),
        ):
            row = {"id": uuid7(), "created_at": now(), "office_id": office, **values}
            if kind is ImportFile:
                row |= {"taken_by": None}
            if kind is ImportedValue:
                row |= {
                    "permit_id": rows[Permit], "import_id": rows[ImportFile], "source": "oss",
                    "note": None, "stated_at": None,
                }  # fmt: skip
            rows[kind] = row["id"]
            connection.execute(kind.__table__.insert(), row)
    upgrade(empty)
    with empty.connect() as connection:
        assert connection.scalars(select(Permit.words)).all() == ["andesit i-1 jaya pt óran"]


def test_from_every_step_before_with_what_it_holds(empty):
    for step in STEPS:
        assert upgrade(empty, target=step) == [step]
        add_office(empty, step)
        if step != STEPS[-1]:
            with pytest.raises(UsageError, match="database_older"):
                require_current(empty)
    assert offices(empty) == STEPS


def test_cut_off_at_any_statement_it_is_as_before_and_the_next_run_completes_it(empty):
    cuts = 0
    if empty.dialect.name == "sqlite":  # the machine stays on; the disk need not be waited for
        event.listen(empty, "connect", lambda c, _: c.execute("PRAGMA synchronous = OFF"))
    for step in STEPS:
        before = state(empty)
        for number in itertools.count(1):
            try:
                with cut_off(empty, number):
                    upgrade(empty, target=step)
            except CutOffError:
                cuts += 1
                after = state(empty)
                if after[0] == step:  # the step was taken; what failed only looked for a next one
                    break
                assert after == before, (step, number)
        assert upgrade(empty, target=step) == []
        add_office(empty, step)
    assert cuts > 150
    require_current(empty)
    assert offices(empty) == STEPS


def killed_at(address, at):
    """Upgrade in a process of its own, which is killed once so many statements were done."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads of libraries, idle
        child = os.fork()
    if child == 0:
        try:
            engine, seen = open_engine(address), itertools.count(1)
            event.listen(
                engine,
                "after_cursor_execute",
                lambda *_: next(seen) == at and os.kill(os.getpid(), signal.SIGKILL),
            )
            upgrade(engine)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


@pytest.mark.parametrize("at", [2, 3, 30, 50, 70, 90, 110, 130, 150])
def test_killed_it_is_at_one_of_the_steps_and_the_next_run_completes_it(empty, at):
    address = empty.url.render_as_string(hide_password=False)
    assert killed_at(address, at) == -signal.SIGKILL
    revision, tables = state(empty)
    assert revision in (None, *STEPS[:-1])
    assert ("offices" in tables) == (revision is not None)
    assert upgrade(empty) == STEPS[STEPS.index(revision) + 1 if revision else 0 :]
    add_office(empty, "after")
    assert offices(empty) == ["after"]


def test_two_that_come_at_once_take_each_step_once(empty):
    taken = []
    threads = [threading.Thread(target=lambda: taken.extend(upgrade(empty))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == STEPS


def test_a_database_newer_than_the_code_is_refused(empty):
    upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    before = state(empty)
    for refused in (upgrade, require_current):
        with pytest.raises(UsageError, match="database_newer"):
            refused(empty)
    assert state(empty) == before


def test_tables_that_are_not_ours_are_refused(empty):
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE permits (id INTEGER)"))
    with pytest.raises(UsageError, match="database_foreign"):
        upgrade(empty)


def test_a_file_is_copied_before_it_is_changed(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/records.db")
    upgrade(engine, target=STEPS[-2])
    assert list(tmp_path.glob("*.backup")) == []  # there was nothing to keep
    add_office(engine, "kept")
    upgrade(engine)
    (backup,) = tmp_path.glob("records.db.before-*.backup")
    assert backup.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob(".*")) == []
    copy = open_engine(f"sqlite:///{backup}")
    assert (state(copy)[0], offices(copy)) == (STEPS[-2], ["kept"])
    assert upgrade(copy) == STEPS[-1:]
    for one in (engine, copy):
        one.dispose()


@pytest.mark.parametrize("spatial", [True, False])
def test_outlines_are_kept_with_postgis_and_without(server, request, spatial):
    template = request.getfixturevalue("with_postgis") if spatial else "template0"
    address = server.create(template)
    if not spatial:  # as an account that may not switch PostGIS on
        name = address.split("/")[3].split("?")[0]
        server.run(sql.SQL("CREATE ROLE {} LOGIN"), f"plain_{name}")
        server.run(sql.SQL("ALTER DATABASE {} OWNER TO {}"), name, f"plain_{name}")
        address = address.replace("postgres@", f"plain_{name}@", 1)
    engine = open_engine(address)
    upgrade(engine)
    with engine.connect() as connection:
        found = connection.scalar(
            text("SELECT udt_name FROM information_schema.columns "
                 "WHERE table_name = 'findings' AND column_name = 'outline'")
        )  # fmt: skip
        gist = set(connection.scalars(
            text("SELECT tablename FROM pg_indexes WHERE indexdef LIKE '%USING gist%'")
        ))  # fmt: skip
    indexed = {"boundary_versions", "findings", "surveyed_grounds"}
    assert (found, gist) == (("geometry", indexed) if spatial else ("text", set()))
    outline = shapely.box(107.5, -7.1, 107.6, -7.0)
    records = Records(engine)
    office = Office(code="o", name="o", time_zone="UTC", profile="p", language="id", settings={})
    with records.writing_all() as session:
        session.add(office)
    with records.writing(office.id) as session:
        permit = Permit(reference="r")
        session.add(permit)
        session.add(
            BoundaryVersion(permit_id=permit.id, sequence=1, stage=BoundaryStage.GRANTED,
                            source="s", sha256="0" * 64, stated_crs="EPSG:4326", area_m2=1.0,
                            outline=outline)
        )  # fmt: skip
    with records.reading(office.id) as session:
        kept = session.query(BoundaryVersion).one()
        assert kept.outline.equals_exact(outline)
    if spatial:
        with engine.connect() as connection:
            asked = (
                "SELECT ST_AsText(ST_Envelope(outline)), ST_SRID(outline) FROM boundary_versions"
            )
            assert connection.execute(text(asked)).one()[1] == 4326
    engine.dispose()


def test_a_new_file_is_for_this_account_alone_and_writes_safely(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path}/new/records.db")
    upgrade(engine)
    assert (tmp_path / "new/records.db").stat().st_mode & 0o777 == 0o600
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert asked == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000,
    }  # fmt: skip
    engine.dispose()
    assert sqlite3.sqlite_version_info >= (3, 35)


@pytest.mark.parametrize("address", ["", "x", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_an_address_of_nothing_that_is_known_is_refused(address):
    with pytest.raises(UsageError, match="database_address"):
        open_engine(address)


def test_an_empty_database_is_no_installation(empty):
    address = empty.url.set(drivername=empty.dialect.name).render_as_string(hide_password=False)
    settings = Settings(database=address)
    with pytest.raises(UsageError, match="installation_absent") as refused:
        require_installation(settings)
    assert refused.value.where == "TINJAU_DATABASE"
    with pytest.raises(UsageError, match="installation_absent"):
        require_begun(empty)
    upgrade(empty)
    require_begun(empty)
    require_installation(settings)
