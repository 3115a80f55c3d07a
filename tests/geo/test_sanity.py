"""Each line of georeferencing sanity: accepted, warned of or refused, with its number."""

import math

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS, Geod, Transformer

from geo.boundary import Boundary
from geo.errors import RefusedError
from geo.grid import Grid
from geo.intake.position import grid_of
from geo.sanity import EXTENT_RATIO, _outside, findings
from geo.site import Site

UTM = CRS.from_epsg(32750)
EAST, NORTH, SIDE = 555_400.0, 9_613_000.0, 200
WHOLE = {"rows": SIDE, "columns": SIDE}
ENGINEERING = (
    'ENGCRS["site",EDATUM["own"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],'
    'LENGTHUNIT["metre",1]]'
)
INDONESIA = (95.0, -11.0, 141.1, 6.1)


def grid(
    *, across: float = 1.0, down: float = 1.0, east: float = EAST, north: float = NORTH, crs=UTM
) -> Grid:
    return Grid(crs=crs, transform=Affine(across, 0, east, 0, -down, north), **WHOLE)


def permit(size: float, *, away: float = 0.0) -> Boundary:
    x = EAST + away
    return Boundary(shape=shapely.box(x, NORTH - size, x + size, NORTH), crs=UTM)


def told(one: Grid, **asked) -> dict[str, tuple[float | None, float | None]]:
    return {found.code: (found.value, found.limit) for found in findings(one, **asked)}


def test_an_image_in_order_raises_no_doubt() -> None:
    asked = {"jurisdiction": INDONESIA, "gsd_min_m": 0.5, "gsd_max_m": 1.5}
    assert told(grid(), permit=permit(100), **asked) == {}


@pytest.mark.parametrize(
    ("wkt", "code"),
    [
        ("PROJCS[nonsense", "image_crs_unknown"),
        ('LOCAL_CS["site",UNIT["metre",1]]', "image_crs_local"),
        (ENGINEERING, "image_crs_local"),
    ],
)
def test_a_system_must_be_known_and_of_the_earth(wkt: str, code: str) -> None:
    with pytest.raises(RefusedError, match=code) as refusal:
        grid_of(wkt=wkt, transform=(1, 0, EAST, 0, -1, NORTH), **WHOLE)
    assert {"left", "bottom", "right", "top"} <= refusal.value.facts.keys()


def test_no_system_makes_no_grid() -> None:
    assert grid_of(wkt=None, transform=(1, 0, EAST, 0, -1, NORTH), **WHOLE) is None


def test_the_share_beyond_the_area_of_use_is_told() -> None:
    """Zone 50 is meant for 114° to 120° east; the image lies across 120°."""
    east, north = Transformer.from_crs(4326, UTM, always_xy=True).transform(120.0, -3.5)
    code, (share, _) = next(iter(told(grid(east=east - 50, north=north)).items()))
    assert code == "image_outside_area_of_use"
    assert share == pytest.approx(0.75, abs=0.01)
    assert told(grid(east=east - 250, north=north)) == {}
    assert told(grid(east=east + 20, north=north))["image_outside_area_of_use"][0] == 1.0


def test_a_place_beyond_the_jurisdiction_is_told() -> None:
    west = Grid(crs=CRS.from_epsg(4326), transform=Affine(1e-6, 0, -115.0, 0, -1e-6, -3.5), **WHOLE)
    (found,) = findings(west, jurisdiction=INDONESIA)
    assert found.code == "place_outside_jurisdiction"
    assert found.facts["longitude"] == pytest.approx(-115.0, abs=0.001)
    assert found.facts["latitude"] == pytest.approx(-3.5, abs=0.001)
    assert "candidates" in found.facts


@pytest.mark.parametrize(
    ("away", "refused"), [(0, False), (199, False), (1_200, True), (400_000, True)]
)
def test_the_distance_to_the_permit_decides(away: float, *, refused: bool) -> None:
    site = Site.around(permit(100, away=away), ring_m=10, near=UTM)
    if not refused:
        site.require_seen_by(grid())
        return
    with pytest.raises(RefusedError, match="boundary_outside_image") as refusal:
        site.require_seen_by(grid())
    there = Transformer.from_crs(UTM, 4326, always_xy=True)
    ends = [there.transform(x, NORTH - 50) for x in (EAST + SIDE, EAST + away)]
    metres = Geod(ellps="WGS84").inv(*ends[0], *ends[1])[2]
    assert refusal.value.facts["distance_km"] == pytest.approx(metres / 1000, rel=0.002)


def test_the_next_zone_is_hundreds_of_kilometres_away() -> None:
    site = Site.around(permit(100), ring_m=10, near=UTM)
    for code in (32749, 32751, 32650):
        with pytest.raises(RefusedError, match="boundary_outside_image") as refusal:
            site.require_seen_by(grid(crs=CRS.from_epsg(code)))
        assert refusal.value.facts["distance_km"] > 300


@pytest.mark.parametrize("factor", [0.04, 3.0, 10.0])
def test_pixels_of_another_size_are_told_and_never_refused(factor: float) -> None:
    found = told(grid(across=factor, down=factor), gsd_min_m=0.05, gsd_max_m=2.0)
    code = "image_gsd_fine" if factor < 1 else "image_gsd_coarse"
    value, limit = found[code]
    assert value == pytest.approx(factor, rel=0.001)  # the grid's own scale
    assert limit == (0.05 if factor < 1 else 2.0)


@pytest.mark.parametrize("across", [0.4, 0.6, 1.0, 1.9, 2.1])
def test_oblong_pixels_are_told(across: float) -> None:
    found = told(grid(across=across))
    aspect = max(across, 1 / across)
    assert ("image_pixels_oblong" in found) == (aspect > 2)
    if aspect > 2:
        assert found["image_pixels_oblong"] == (pytest.approx(aspect, abs=0.01), 2.0)


IMPOSSIBLE = {
    "not a number": (math.nan, 0, EAST, 0, -1, NORTH),
    "endless": (1, 0, math.inf, 0, -1, NORTH),
    "no height": (1, 0, EAST, 1, 0, NORTH),
    "no size": (0, 0, EAST, 0, 0, NORTH),
    "1e30": (1, 0, 1e30, 0, -1, 1e30),
}


@pytest.mark.parametrize("transform", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_a_placement_without_size_is_refused(transform: tuple[float, ...]) -> None:
    with pytest.raises(RefusedError, match="image_position_impossible"):
        grid_of(wkt=UTM.to_wkt(), transform=transform, **WHOLE)


@pytest.mark.parametrize(
    ("west", "north", "refused"),
    [(115.0, -3.0, False), (179.9, 1.0, False), (-180.0, 90.0, False), (181.0, -3.0, True),
     (EAST, NORTH, True), (10.0, 91.0, True)],
)  # fmt: skip
def test_degrees_lie_on_the_globe(west: float, north: float, *, refused: bool) -> None:
    wkt = CRS.from_epsg(4326).to_wkt()
    transform = (1e-6, 0, west, 0, -1e-6, north)
    if refused:
        with pytest.raises(RefusedError, match="image_position_impossible") as refusal:
            grid_of(wkt=wkt, transform=transform, **WHOLE)
        assert refusal.value.facts["left"] == pytest.approx(west)
        assert refusal.value.facts["top"] == pytest.approx(north)
    else:
        assert grid_of(wkt=wkt, transform=transform, **WHOLE) is not None


@pytest.mark.parametrize("ratio", [0.005, 0.02, 1.0, 90.0, 120.0])
def test_sizes_that_do_not_belong_together_are_told(ratio: float) -> None:
    found = told(grid(), permit=permit(SIDE / ratio))
    apart = max(ratio, 1 / ratio)
    assert ("image_extent_unlike_permit" in found) == (apart > EXTENT_RATIO)
    if apart > EXTENT_RATIO:
        assert found["image_extent_unlike_permit"] == (pytest.approx(apart, rel=0.02), EXTENT_RATIO)


def test_an_image_across_the_180th_meridian_is_in_order() -> None:
    """Zone 1 ends there; a system of the Pacific does not."""
    pacific = CRS.from_epsg(3832)
    east, north = Transformer.from_crs(4326, pacific, always_xy=True).transform(180.0, -16.0)
    assert (
        told(grid(crs=pacific, east=east - 100, north=north), jurisdiction=(175, -20, -175, -10))
        == {}
    )


sides = st.tuples(st.floats(0, 9), st.floats(0.1, 9))


@given(inner=st.tuples(sides, sides), outer=st.tuples(sides, sides), turn=st.floats(-180, 180))
def test_the_share_outside_is_that_of_plane_geometry(inner, outer, turn: float) -> None:
    """Wherever round the globe the two boxes lie."""
    boxes = [shapely.box(x, y, x + w, y + h) for (x, w), (y, h) in (inner, outer)]
    expected = 1 - boxes[0].intersection(boxes[1]).area / boxes[0].area

    def turned(one: shapely.Polygon) -> tuple[float, float, float, float]:
        west, south, east, north = one.bounds
        west, east = ((x + turn + 180) % 360 - 180 for x in (west, east))
        return west, south, east, north

    found = _outside(*map(turned, boxes))
    np.testing.assert_allclose(found, expected, atol=2e-4)
