"""Files that make an open reader show other people's data: here they show nothing."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from geo.area import area_m2
from geo.boundary import Boundary
from geo.errors import GeoError, RefusedError
from geo.intake.digest import sha256_of
from geo.intake.image import normalise_image, probe_image
from geo.site import Site
from tests.geo.intake.threats import (
    IDS,
    PERMIT,
    SECRET,
    SENTINEL,
    SIZE,
    SOUTH_UP,
    THREATS,
    TURNED,
    World,
    others_at,
    ours,
)
from tests.geo.intake.tiffs import picture, verdict, written
from tests.geo.listening import Listener

CRS_OF_OURS = CRS.from_epsg(32750)
BOUNDARY = Boundary(shape=PERMIT, crs=CRS_OF_OURS)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return others_at(tmp_path_factory.mktemp("others"))


@pytest.fixture
def world(tmp_path: Path, others: Path, listener: Listener) -> World:
    return World(folder=tmp_path, others=others, url=listener.url)


def placed(path: Path) -> None:
    """Place an image as an inspection does: on the ground, and on the permit."""
    grid = probe_image(path).placed()
    Site.around(BOUNDARY, ring_m=1, near=grid.crs).require_seen_by(grid)


def told(error: GeoError, caplog: pytest.LogCaptureFixture) -> str:
    return f"{error} {error.facts} {error.where} {caplog.text}"


def test_every_row_of_the_table_of_threats_is_there() -> None:
    assert {name.partition(" ")[0] for name in THREATS} == IDS


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
@pytest.mark.parametrize("name", THREATS)
def test_a_threat_gets_its_verdict_and_nothing_else(
    name: str, world: World, listener: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    """No byte of another's files in any output, message or log; nobody called; nothing run."""
    caplog.set_level(1)
    threat, out = THREATS[name], world.folder / "out.tif"
    threat.write(world)
    before = sorted(path.name for path in world.folder.rglob("*"))
    for attempt, code in (
        (lambda: placed(world.upload), threat.placing),
        (lambda: normalise_image(world.upload, out), threat.copying),
    ):
        try:
            attempt()
        except RefusedError as error:
            assert error.code == code  # noqa: PT017
            assert threat.found in (None, error.facts.get("found"))  # noqa: PT017
            said = told(error, caplog)
            assert not any(word in said for word in (SECRET, "root:", str(world.folder)))
        else:
            assert code == "accepted"
    assert SECRET not in caplog.text
    if threat.copying == "accepted":
        with rasterio.open(out) as copy:
            # Small enough to be read from an overview.
            assert not (copy.read(out_shape=(3, 150, 150)) == SENTINEL).all(axis=0).any()
            np.testing.assert_array_equal(copy.read(), ours())
        out.unlink()
    assert sorted(path.name for path in world.folder.rglob("*")) == before
    assert not world.marker.exists()
    assert listener.visits == 0


HEADERS = sorted(
    name for name, threat in THREATS.items() if threat.placing == threat.copying != "accepted"
)
MEASURED = """
import json, sys, time
from pathlib import Path
from geo.errors import GeoError
from geo.intake.gate import inspect_header
from geo.intake.limits import DEFAULT_LIMITS
told = {}
for path in map(Path, sys.argv[1:]):
    start = time.process_time()
    try:
        inspect_header(path, limits=DEFAULT_LIMITS)
    except GeoError as error:
        told[path.parent.name] = [error.code, time.process_time() - start]
# Of this program alone: what getrusage tells begins with the memory of whoever started it.
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"told": told, "kilobytes": int(status["VmHWM"].split()[0])}))
"""


def test_what_the_header_shows_is_refused_at_once_and_in_little_memory(
    tmp_path: Path, others: Path
) -> None:
    """One process judges all of them: under 1 s each, under 150 MB with all that it loaded."""
    paths = []
    for name in HEADERS:
        folder = tmp_path / name
        folder.mkdir()
        world = World(folder=folder, others=others, url="http://127.0.0.1:9")
        THREATS[name].write(world)
        paths.append(str(world.upload))
    answer = subprocess.run(
        [sys.executable, "-c", MEASURED, *paths], capture_output=True, check=True, text=True
    ).stdout
    measured = json.loads(answer)
    assert {name: code for name, (code, _) in measured["told"].items()} == {
        name: THREATS[name].copying for name in HEADERS
    }
    assert max(seconds for _, seconds in measured["told"].values()) < 1
    assert measured["kilobytes"] < 150_000


@pytest.mark.parametrize("transform", [TURNED, SOUTH_UP], ids=["r14 rotated", "r14 south-up"])
def test_odd_placements_keep_their_ground_to_a_millionth(transform: Affine, tmp_path: Path) -> None:
    grid = probe_image(written(tmp_path / "a.tif", ours(), transform=transform)).placed()
    assert shapely.area(grid.footprint) == pytest.approx((SIZE * 0.05) ** 2, rel=1e-9)
    corners = [transform @ at for at in ((0, 0), (SIZE, 0), (SIZE, SIZE), (0, SIZE))]
    assert shapely.hausdorff_distance(grid.footprint, shapely.Polygon(corners)) < 1e-6
    straight = probe_image(written(tmp_path / "b.tif", ours())).placed()
    areas = [area_m2(one.footprint, one.crs) for one in (grid, straight)]
    assert areas[0] == pytest.approx(areas[1], rel=1e-6)


def test_zeros_at_the_end_of_plain_pixels_change_the_fingerprint(tmp_path: Path) -> None:
    """r09d: nothing in such a file is wrong; only its hash is not what was sent."""
    path = written(tmp_path / "upload.tif", ours())
    sent = sha256_of(path)
    with path.open("r+b") as file:
        file.seek(-1000, 2)
        file.write(bytes(1000))
    assert sha256_of(path) != sent


NAMES = (
    "/vsicurl/{url}/a.tif",
    "{url}/a.tif",
    "GTIFF_RAW:{foreign}",
    "GTIFF_DIR:1:{foreign}",
    "/vsisubfile/0_100,{foreign}",
    "vrt://{foreign}",
    "/vsizip/{foreign}",
    "/vsistdin/",
    "<VRTDataset/>",
    "NETCDF:{foreign}:a",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_only_the_name_of_a_file(name: str, world: World, listener: Listener) -> None:
    """names: whoever brings a file chooses no reader and no other file by what it is called."""
    full = name.format(url=listener.url, foreign=world.foreign)
    absent = {"image_not_found", "image_not_a_file"}
    assert verdict(lambda: probe_image(Path(full))) in absent
    assert verdict(lambda: normalise_image(Path(full), world.folder / "o.tif")) in absent
    called = name.format(url="http:", foreign="foreign.tif").replace("/", "")
    own = written(world.folder / called, np.full((3, 20, 30), 9, dtype=np.uint8))
    normalise_image(own, world.folder / "o.tif")
    with rasterio.open(world.folder / "o.tif") as copy:
        assert (copy.read() == 9).all()
    assert listener.visits == 0


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(start=st.sampled_from(NAMES), end=st.text(max_size=30))
def test_no_name_reaches_anything(start: str, end: str, listener: Listener) -> None:
    name = (start.format(url=listener.url, foreign="/etc/passwd") + end).replace("\0", "")
    with pytest.raises(RefusedError, match=r"image_not_found|image_not_a_file"):
        probe_image(Path(name))
    assert listener.visits == 0


def test_an_image_that_names_its_overviews_elsewhere_shows_its_own(
    tmp_path: Path, world: World
) -> None:
    path = written(tmp_path / "upload.tif", np.full((3, 600, 600), 9, dtype=np.uint8))
    with rasterio.open(path, "r+") as out:
        out.update_tags(ns="OVERVIEWS", OVERVIEW_FILE=str(world.foreign))
    normalise_image(path, tmp_path / "o.tif")
    with rasterio.open(tmp_path / "o.tif") as copy:
        assert (copy.read() == 9).all()
        assert (copy.read(out_shape=(3, 150, 150)) == 9).all()


def test_an_error_quotes_nothing_but_what_we_foresaw(tmp_path: Path) -> None:
    path = written(
        tmp_path / "secret name.tif", picture(300, 300), compress="LZW", transform=Affine.scale(2)
    )
    content = bytearray(path.read_bytes())
    content[-20_000:] = bytes(20_000)
    path.write_bytes(content)
    with pytest.raises(GeoError) as refusal:
        normalise_image(path, tmp_path / "o.tif")
    said = f"{refusal.value} {refusal.value.facts} {refusal.value.where}"
    assert not any(word in said for word in ("secret", str(tmp_path), "tif"))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_mutated_images_raise_nothing_but_our_own_errors(
    data: st.DataObject, tmp_path: Path
) -> None:
    path = written(tmp_path / "upload.tif", picture(200, 150), compress="LZW", tiled=True)
    content = bytearray(path.read_bytes())
    places = st.integers(0, 600) | st.integers(0, len(content) - 1)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(places)
        new = data.draw(st.binary(min_size=1, max_size=4))
        content[at : at + len(new)] = new
    path.write_bytes(content)
    assert verdict(lambda: probe_image(path))
    assert verdict(lambda: normalise_image(path, tmp_path / "o.tif"))
