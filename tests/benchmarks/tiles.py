"""
How fast map tiles come: twenty people look at one picture, each pans over places of their own.

The server is a process of its own, as `tinjau serve` makes it; the people share another. Once
they look as people do, a screen of tiles at a time over the six connections of a browser; once
they ask without a pause. Beside it stands what GDAL takes to warp the same tiles one by one, from
the overview that suits, packed in no form at all. How long people wait is
reported; what is held is what a tile takes, against GDAL, however busy the machine is.
"""

import http.client
import logging
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import rasterio
import structlog
from affine import Affine
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from rasterio.warp import transform_bounds

from geo.cog import PICTURE, write_cog
from geo.grid import Grid
from geo.web_map import SIDE_PX, MapTile, pixel_m
from inspection.access.rights import Action, Actor
from inspection.access.tokens import issue_token
from inspection.objects.folder import FolderObjects
from inspection.records.engine import open_engine
from inspection.records.migrations.upgrade import upgrade
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.offices import Office, Role, RoleGrant, User
from tests.inspection.records.filed import file_report, inspected_permit

TINJAU = Path(sys.executable).parent / "tinjau"
SAMPLE = Path(__file__).parents[2] / "sample_data" / "current.tif"
VIEWERS = 20
CONNECTIONS = 6
SCREEN = (5, 3)
PAUSE_S = 5.0
SECONDS = float(os.environ.get("TILE_SECONDS", "20"))
LEVELS = (19, 20, 21, 22)
MOST_OF_GDAL = 1.0
"""Processor time of a whole answer, asking, drawing and packing, over that of warping alone."""


def big_picture(path: Path) -> None:
    """The sample's picture sixteen times over, at 5 cm and with grain, packed as ours are."""
    with rasterio.open(SAMPLE) as sample:
        part = sample.read()
        crs = CRS.from_wkt(sample.crs.to_wkt())
        west, north = sample.transform.c, sample.transform.f
    part = np.concatenate([part, part[..., ::-1]] * 2, axis=2)
    part = np.concatenate([part, part[:, ::-1]] * 2, axis=1)
    grain = np.random.default_rng(1).integers(-6, 7, part.shape[1:], dtype=np.int16)
    colours = np.clip(part[:3] + grain, 0, 255).astype(np.uint8)
    rows, columns = part.shape[1:]
    place = Affine(0.05, 0, west, 0, -0.05, north)
    grid = Grid(crs=crs, transform=place, rows=rows, columns=columns)
    tiles = ((t, colours[:, *t.slices], part[3][t.slices] > 0) for t in grid.tiles(1024))
    write_cog(path, grid, tiles, encoding=PICTURE, bands=3)


@dataclass(frozen=True, kw_only=True)
class Site:
    """A server that has the picture, and who may look at it."""

    port: int
    process: int
    token: str
    inspection: UUID

    def cpu_s(self) -> float:
        """Processor time that the server took so far."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def site(folder: Path, picture: Path) -> Iterator[Site]:
    records = Records(engine := open_engine(f"sqlite:///{folder / 'records.db'}"))
    upgrade(engine)
    office = Office(code="x", name="x", time_zone="UTC", profile="generic", language="en")
    user = User(office_id=office.id, login="x", name="x")
    with records.writing_all() as session:
        session.add_all([office, user])
        session.flush()
        session.add(RoleGrant(office_id=office.id, user_id=user.id, role=Role.GIS))
    actor = Actor(
        user_id=user.id, office_id=office.id, login="x", name="x", roles=frozenset({Role.GIS})
    )
    objects = FolderObjects(folder)
    with records.writing(office.id) as session:
        run: InspectionRun = inspected_permit(session, objects, by=user.id)
        files = {"inspection.json": b"{}", "current.tif": picture.read_bytes()}
        run.document_sha256 = file_report(session, objects, run, files=files).sha256
        token = issue_token(
            session,
            actor,
            name="x",
            scopes=[Action.INSPECTION_READ],
            lasts=timedelta(days=1),
        )
    engine.dispose()
    words = [TINJAU, "serve", "--port", "0", "--no-worker"]
    env = os.environ | {"TINJAU_DATA": str(folder), "TINJAU_LANGUAGE": "en"}
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert server.stdout is not None
        port = next(
            int(found[1]) for line in server.stdout if (found := re.search(r":(\d+)$", line))
        )
        yield Site(port=port, process=server.pid, token=token.secret, inspection=run.id)
    finally:
        server.terminate()
        server.wait()


@dataclass
class Viewer:
    """One who looks at a screen of tiles, then at the one beside it, on some level."""

    chance: random.Random
    ground: tuple[float, float, float, float]
    centre: tuple[float, float] | None = None
    level: int = 0

    def screen(self) -> list[MapTile]:
        west, south, east, north = self.ground
        if self.centre is None or self.chance.random() < 0.2:
            self.level = self.chance.choice(LEVELS)
            self.centre = (self.chance.uniform(west, east), self.chance.uniform(south, north))
        side = SIDE_PX * pixel_m(self.level)
        x = min(max(self.centre[0] + self.chance.choice([-2, 0, 2]) * side, west), east)
        y = min(max(self.centre[1] + self.chance.choice([-2, 0, 2]) * side, south), north)
        self.centre = (x, y)
        middle = MapTile.at(x, y, self.level)
        wide, high = SCREEN
        return [
            MapTile(z=self.level, x=middle.x + right - wide // 2, y=middle.y + down - high // 2)
            for down in range(high)
            for right in range(wide)
        ]


@dataclass
class Looking:
    """What the viewers saw, together."""

    here: Site
    until: float
    ms: list[float]
    places: set[MapTile]
    received: int = 0

    def ask(self, line: http.client.HTTPConnection, place: MapTile) -> None:
        begun = time.perf_counter()
        try:
            answer, content = self.answered(line, place)
        except http.client.RemoteDisconnected:
            # A line that was idle is ended by the server, and opened again as browsers do.
            line.close()
            answer, content = self.answered(line, place)
        self.ms.append((time.perf_counter() - begun) * 1000)
        if answer.status not in (200, 204):
            raise RuntimeError(content.decode())
        if content:
            self.received += len(content)
            self.places.add(place)

    def answered(
        self, line: http.client.HTTPConnection, place: MapTile
    ) -> tuple[http.client.HTTPResponse, bytes]:
        line.request(
            "GET",
            f"/tiles/{self.here.inspection}/current/{place.z}/{place.x}/{place.y}",
            headers={"Authorization": f"Bearer {self.here.token}"},
        )
        answer = line.getresponse()
        return answer, answer.read()

    def without_pause(self, viewer: Viewer) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.here.port)
        while time.monotonic() < self.until:
            for place in viewer.screen():
                self.ask(line, place)
        line.close()

    def as_people(self, viewer: Viewer) -> None:
        lines = [
            http.client.HTTPConnection("127.0.0.1", self.here.port) for _ in range(CONNECTIONS)
        ]
        time.sleep(viewer.chance.uniform(0, PAUSE_S))
        seen: set[MapTile] = set()  # what a browser has, it asks for no more
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            while time.monotonic() < self.until:
                begun = time.monotonic()
                places = [place for place in viewer.screen() if place not in seen]
                seen |= set(places)

                def take(number: int, places: list[MapTile] = places) -> None:
                    for place in places[number::CONNECTIONS]:
                        self.ask(lines[number], place)

                list(pool.map(take, range(CONNECTIONS)))
                time.sleep(max(begun + PAUSE_S - time.monotonic(), 0))
        for line in lines:
            line.close()


def looked(
    here: Site, ground: tuple[float, float, float, float], way: Callable[[Looking, Viewer], None]
) -> tuple[Looking, float]:
    """What twenty viewers saw for a while, and the processor time of the server."""
    seen = Looking(here=here, until=time.monotonic() + SECONDS, ms=[], places=set())
    begun = here.cpu_s()
    with ThreadPoolExecutor(VIEWERS) as people:
        viewers = [Viewer(random.Random(number), ground) for number in range(VIEWERS)]  # noqa: S311
        for done in [people.submit(way, seen, one) for one in viewers]:
            done.result()
    return seen, here.cpu_s() - begun


def warped_s(picture: Path, places: list[MapTile]) -> float:
    """Processor time that GDAL takes for these tiles, from files that are open already."""
    begun = time.process_time()
    with ExitStack() as held, rasterio.Env(GDAL_NUM_THREADS=1):
        levels = [held.enter_context(rasterio.open(picture))]
        overviews = levels[0].overviews(1)
        levels += [
            held.enter_context(rasterio.open(picture, OVERVIEW_LEVEL=number))
            for number in range(len(overviews))
        ]
        for place in places:
            grid = place.grid
            fit = sum(levels[0].res[0] * factor <= grid.pixel_size for factor in overviews)
            with WarpedVRT(
                levels[fit],
                crs="EPSG:3857",
                transform=grid.transform,
                width=grid.columns,
                height=grid.rows,
                resampling=Resampling.bilinear,
                add_alpha=True,
                tolerance=0.125,
            ) as warped:
                warped.read()
    return time.process_time() - begun


def main() -> int:
    """Print the table; 1 where a tile takes more than GDAL alone would."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as name:
        picture = Path(name) / "picture.tif"
        big_picture(picture)
        with rasterio.open(picture) as opened:
            ground = transform_bounds(opened.crs, "EPSG:3857", *opened.bounds)
        print(
            f"{VIEWERS} viewers, {picture.stat().st_size / 1e6:.0f} MB picture, {SECONDS:g} s each"
        )
        print(
            f"{'':24}{'tiles/s':>9}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}{'kB each':>9}"
            f"{'cpu ms each':>13}{'of GDAL warp':>14}"
        )
        shares = []
        for kind, way in (("as people do", Looking.as_people), ("no pause", Looking.without_pause)):
            with site(Path(tempfile.mkdtemp(dir=name)), picture) as here:
                seen, cpu_s = looked(here, ground, way)
            some = random.Random(1).sample(sorted(seen.places, key=str), min(100, len(seen.places)))  # noqa: S311
            gdal = warped_s(picture, some) / len(some)
            ms, each = sorted(seen.ms), cpu_s / len(seen.ms)
            shares.append(each / gdal)
            print(
                f"{kind:24}{len(ms) / SECONDS:>9.0f}{statistics.median(ms):>9.1f}"
                f"{ms[int(len(ms) * 0.95)]:>9.1f}"
                f"{ms[int(len(ms) * 0.99)]:>9.1f}{seen.received / len(ms) / 1e3:>9.1f}"
                f"{each * 1e3:>13.2f}{shares[-1]:>14.2f}",
                flush=True,
            )
    return 0 if max(shares) <= MOST_OF_GDAL else 1


if __name__ == "__main__":
    sys.exit(main())
