"""Both databases, and a finished inspection in each of them."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import shapely
from shapely import MultiPolygon
from sqlalchemy import select

from inspection.objects.folder import FolderObjects
from inspection.objects.store import ObjectStore
from inspection.records.ids import uuid7
from inspection.records.tables.flights import Flight
from inspection.records.tables.inspections import (
    Decision,
    DecisionOutcome,
    Finding,
    InspectionRun,
    Review,
    ReviewOutcome,
)
from inspection.records.tables.permits import BoundaryStage, BoundaryVersion, Permit
from inspection.review.deciding import Verdict, decide
from inspection.review.speaking import Word, speak
from inspection.review.standing import Standing, standing_of
from tests.inspection.jobs.done import put
from tests.inspection.jobs.small import outline
from tests.inspection.records import conftest as records

server, with_postgis = records.server, records.with_postgis
newest, newest_on_server = records.newest, records.newest_on_server
database_folder, kind = records.database_folder, records.kind
engine, world = records.engine, records.world


@dataclass(frozen=True, kw_only=True)
class Done:
    """A finished inspection, and ways to review it."""

    world: object
    objects: ObjectStore
    run: UUID
    ground: shapely.Polygon
    """The permit's, in degrees."""

    def writing(self):
        return self.world.records.writing(self.world.here)

    def row(self, kind, one: UUID):
        with self.world.records.reading(self.world.here) as session:
            return session.get_one(kind, one)

    def all(self, kind) -> list:
        with self.world.records.reading(self.world.here) as session:
            return session.scalars(select(kind).order_by(kind.created_at, kind.id)).all()

    def finding(self) -> Finding:
        return self.all(Finding)[0]

    def speak(self, outcome: ReviewOutcome, *, of: UUID | None = None, **more) -> Review:
        with self.writing() as session:
            finding = session.get_one(Finding, of or self.finding().id)
            word = Word(outcome=outcome, **more)
            return speak(session, self.objects, finding, word, by=self.world.reviewer)

    def standing(self) -> Standing:
        with self.world.records.reading(self.world.here) as session:
            return standing_of(session, self.run)

    def decide(self, outcome: DecisionOutcome, *, seen: str | None = None, note="so") -> Decision:
        seen = seen or self.standing().sha256
        with self.writing() as session:
            run = session.get_one(InspectionRun, self.run)
            verdict = Verdict(outcome=outcome, note=note, reviews_sha256=seen)
            return decide(session, run, verdict, by=self.world.reviewer)

    def square(self, west_m: float, south_m: float, side_m: float) -> MultiPolygon:
        """Ground by its place from the permit's corner in the south-west, near enough."""
        west, south, *_ = self.ground.bounds
        metre = 1 / 111_000
        return MultiPolygon(
            [
                shapely.box(
                    west + west_m * metre,
                    south + south_m * metre,
                    west + (west_m + side_m) * metre,
                    south + (south_m + side_m) * metre,
                )
            ]
        )


@pytest.fixture
def waiting(world) -> UUID:
    """An inspection in line."""
    permit = Permit(reference="TEST/1")
    boundary = BoundaryVersion(
        permit_id=permit.id,
        sequence=1,
        stage=BoundaryStage.GRANTED,
        source="test",
        sha256="0" * 64,
        stated_crs="EPSG:4326",
        area_m2=7650.0,
        outline=outline(),
    )
    flight = Flight(permit_id=permit.id, brought_by=world.inspector, name="f.tif", sha256="1" * 64)
    run = InspectionRun(
        id=uuid7(),
        permit_id=permit.id,
        boundary_id=boundary.id,
        current_id=flight.id,
        submitted_by=world.inspector,
        request={},
    )
    with world.records.writing(world.here) as session:
        session.add_all([permit, boundary, flight, run])
    return run.id


@pytest.fixture
def done(world, waiting: UUID, tmp_path: Path) -> Done:
    objects = FolderObjects(tmp_path / "objects")
    put(world.records, objects, world.here, waiting)
    return Done(world=world, objects=objects, run=waiting, ground=outline())
