"""An installation on PostgreSQL and a bucket, whose rows stand in line for workers."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import shapely
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from inspection.jobs.asked import Asked, FileRef
from inspection.jobs.submission import Subject, submit
from inspection.objects.location import objects_at
from inspection.objects.store import ObjectStore
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.offices import Office, User
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.records.tables.reports import Report
from tests.inspection.objects.s3 import running_s3
from tests.inspection.records.server import running_server

PROFILE: Final = "indonesia-province"
KEY: Final = "benchmark"
BEGUN: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Site:
    """An installation with one office, and what its machines are told."""

    engine: Engine
    records: Records
    objects: ObjectStore
    told: dict[str, str]
    office: UUID
    user: UUID
    files: dict[str, FileRef]
    servers: Sequence[int]

    def ask(self, rows: int) -> list[UUID]:
        """Put rows in line, each of a permit of its own."""
        with self.records.writing(self.office) as session:
            number = session.scalar(select(func.count()).select_from(Permit)) or 0
            return [
                submit(
                    session,
                    self.objects,
                    # Each of a time of its own: the same report would be one of two permits.
                    Asked(
                        **self.files,
                        profile=PROFILE,
                        language="en",
                        created_at=BEGUN + timedelta(seconds=number + one),
                    ),
                    self._subject(session, number + one),
                ).id
                for one in range(rows)
            ]

    def _subject(self, session: Session, number: int) -> Subject:
        permit = Permit(reference=f"IUP {number}")
        boundary = BoundaryVersion(
            permit_id=permit.id,
            sequence=1,
            stage=BoundaryStage.GRANTED,
            source="benchmark",
            sha256=self.files["boundary"].sha256,
            stated_crs="EPSG:4326",
            area_m2=1.0,
            outline=shapely.box(115.5, -3.5, 115.6, -3.4),
        )
        flights = [
            Flight(
                permit_id=permit.id,
                brought_by=self.user,
                name=name,
                sha256=self.files[name].sha256,
            )
            for name in ("current", "baseline")
        ]
        session.add_all([permit, boundary, *flights])
        return Subject(
            permit_id=permit.id,
            boundary_id=boundary.id,
            current_id=flights[0].id,
            baseline_id=flights[1].id,
            submitted_by=self.user,
        )

    def states(self, runs: Sequence[UUID]) -> list[InspectionState]:
        with self.records.reading_all() as session:
            asked = select(InspectionRun.state).where(InspectionRun.id.in_(runs))
            return list(session.scalars(asked))

    def present(self) -> int:
        """How many workers there are."""
        address = self.told["TINJAU_DATABASE"]
        with psycopg.connect(address) as connection:
            asked = "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory'"
            (count,) = connection.execute(asked).fetchone() or (0,)
            return int(count)

    def between_s(self, runs: Sequence[UUID]) -> float | None:
        """What a place was idle for between two inspections; None where each made one."""
        with self.records.reading_all() as session:
            asked = select(InspectionRun).where(InspectionRun.id.in_(runs))
            found = session.scalars(asked.order_by(InspectionRun.started_at)).all()
        ends: dict[str | None, datetime] = {}
        gaps = []
        for one in found:
            if one.held_by in ends and one.started_at:
                gaps.append((one.started_at - ends[one.held_by]).total_seconds())
            if one.finished_at:
                ends[one.held_by] = one.finished_at
        return statistics.mean(gaps) if gaps else None

    def kept_mb(self, run: UUID) -> float:
        """What a result takes in the bucket."""
        with self.records.reading_all() as session:
            asked = select(Report).where(Report.inspection_id == run)
            files = set(session.scalars(asked).one().files.values())
        return sum(self.objects.stored(one).size_bytes for one in files) / 1e6


@contextmanager
def site(home: Path, files: Mapping[str, Path]) -> Iterator[Site]:
    with running_server() as database, running_s3(home / "s3") as s3:
        address = f"s3://{s3.bucket()}?endpoint={s3.address}&region=us-east-1"
        objects = objects_at(address, desk=home / "desk", key_id=KEY, secret=KEY)
        engine = open_engine(database)
        upgrade(engine)
        records = Records(engine)
        office = Office(
            code="one", name="One", time_zone="Asia/Jakarta", profile=PROFILE, language="en"
        )
        user = User(office_id=office.id, login="one@one", name="One")
        with records.writing_all() as session:
            session.add_all([office, user])
        with psycopg.connect(database) as connection:
            asked = "SELECT pid FROM pg_stat_activity WHERE pid = pg_backend_pid()"
            (backend,) = connection.execute(asked).fetchone() or (0,)
            postmaster = int(
                Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1]
            )
        yield Site(
            engine=engine,
            records=records,
            objects=objects,
            told={
                "TINJAU_DATABASE": database,
                "TINJAU_OBJECTS": address,
                "TINJAU_OBJECTS_KEY_ID": KEY,
                "TINJAU_OBJECTS_SECRET": KEY,
            },
            office=office.id,
            user=user.id,
            files={
                role: FileRef(sha256=objects.put([path.read_bytes()]).sha256, name=path.name)
                for role, path in files.items()
            },
            servers=(postmaster, s3.process),
        )
        engine.dispose()
