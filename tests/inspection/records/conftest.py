"""Both databases, empty or at the newest step; and an installation with two offices in each."""

import importlib.util
import itertools
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, make_url

from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.everything import METADATA
from inspection.records.tables.offices import Office, User
from tests.memory import GIB, in_memory

HERE = Path(__file__).parent
KINDS = ("sqlite", "postgresql")


def load(name: str):
    """Import a helper beside the tests, which are no package."""
    spec = importlib.util.spec_from_file_location(f"records_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@dataclass
class Server:
    """A running PostgreSQL; `address` is of a database that nothing is kept in."""

    address: str
    count: itertools.count

    def create(self, template: str) -> str:
        """Address of a new database, copied from another."""
        name = f"test_{next(self.count)}"
        self.run(sql.SQL("CREATE DATABASE {} TEMPLATE {}"), name, template)
        return self.of(name)

    def of(self, name: str) -> str:
        return self.address.replace("/postgres?", f"/{name}?")

    def run(self, statement: sql.SQL, *names: str) -> None:
        with closing(psycopg.connect(self.address, autocommit=True)) as connection:
            connection.execute(statement.format(*map(sql.Identifier, names)))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with load("server").running_server() as address:
        yield Server(address, itertools.count())


@pytest.fixture(scope="session")
def with_postgis(server: Server) -> str:
    """Name of a database to copy that has PostGIS and nothing else."""
    server.run(sql.SQL("CREATE DATABASE spatial"))
    with closing(psycopg.connect(server.of("spatial"), autocommit=True)) as connection:
        try:
            connection.execute("CREATE EXTENSION postgis")
        except psycopg.errors.FeatureNotSupported:
            pytest.skip("needs the system package postgresql-postgis")
    return "spatial"


@pytest.fixture(scope="session")
def newest(tmp_path_factory) -> Callable[[str], Path]:
    """Gives a file of SQLite at the newest step, to be copied."""
    path = tmp_path_factory.mktemp("newest") / "records.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def newest_on_server(server: Server, with_postgis: str) -> str:
    """Address of a database at the newest step; whoever uses it empties it first."""
    address = server.create(with_postgis)
    engine = open_engine(address)
    upgrade(engine)
    engine.dispose()
    return address


@pytest.fixture(params=KINDS)
def kind(request) -> str:
    return request.param


@pytest.fixture
def database_folder() -> Iterator[Path]:
    """Where a file of SQLite is, as all of PostgreSQL: in memory, if it can be."""
    with TemporaryDirectory(prefix="tinjau-", dir=in_memory(room=GIB, spare=2 * GIB)) as made:
        yield Path(made)


@pytest.fixture
def empty(kind: str, database_folder: Path, request) -> Iterator[Engine]:
    """A database with nothing in it."""
    if kind == "sqlite":
        address = f"sqlite:///{database_folder / 'records.db'}"
    else:
        server = request.getfixturevalue("server")
        address = server.create(request.getfixturevalue("with_postgis"))
    engine = open_engine(address)
    yield engine
    engine.dispose()
    if kind == "postgresql":
        server.run(sql.SQL("DROP DATABASE {} WITH (FORCE)"), make_url(address).database)


@pytest.fixture
def engine(kind: str, database_folder: Path, request) -> Iterator[Engine]:
    """A database at the newest step."""
    if kind == "sqlite":
        path = database_folder / "records.db"
        shutil.copy(request.getfixturevalue("newest"), path)
        address = f"sqlite:///{path}"
    else:
        address = request.getfixturevalue("newest_on_server")
        with closing(psycopg.connect(address, autocommit=True)) as connection:
            # Quicker than TRUNCATE where hardly anything is in the tables.
            connection.execute("SET session_replication_role = replica")
            for table in METADATA.tables:
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    engine = open_engine(address)
    yield engine
    engine.dispose()


@dataclass(frozen=True, kw_only=True)
class World:
    """Two offices of one installation, with two people each."""

    records: Records
    engine: Engine
    here: UUID
    there: UUID
    inspector: UUID
    reviewer: UUID
    stranger: UUID


@pytest.fixture
def world(engine: Engine) -> World:
    records = Records(engine)
    here, there = (
        Office(
            code=code,
            name=code.title(),
            time_zone=zone,
            profile="generic",
            language="id",
            settings={},
        )
        for code, zone in (("bandung", "Asia/Jakarta"), ("bontang", "Asia/Makassar"))
    )
    people = [
        User(office_id=office.id, login=f"{name}@{office.code}", name=name)
        for office, name in ((here, "inspector"), (here, "reviewer"), (there, "stranger"))
    ]
    with records.writing_all() as session:
        session.add_all([here, there, *people])
    inspector, reviewer, stranger = (person.id for person in people)
    return World(
        records=records,
        engine=engine,
        here=here.id,
        there=there.id,
        inspector=inspector,
        reviewer=reviewer,
        stranger=stranger,
    )
