"""Outlines whose numbers were written wrongly: the reading that mends them is offered, no more."""

import json
import re

import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from geo.boundary import read_boundary
from geo.crs import LONLAT
from geo.crs_detective import distance_m
from geo.errors import RefusedError
from geo.misplaced import better, expected_at, offers

UTM = CRS.from_epsg(32750)
PERMIT = shapely.box(115.49, -3.51, 115.50, -3.50)
METRES = shapely.transform(PERMIT, Transformer.from_crs(4326, 32750, always_xy=True).transform,
                           interleaved=False)  # fmt: skip
BESIDE = shapely.box(115.5, -3.505, 115.52, -3.495)
COUNTRY = shapely.box(94, -12, 142, 7)


def mirrored(shape, x=1, y=1):
    return shapely.affinity.scale(shape, x, y, origin=(0, 0))


def swapped(shape):
    return shapely.transform(shape, lambda points: points[:, ::-1])


SLIPS = {
    "lost hemisphere": (mirrored(PERMIT, y=-1), LONLAT, "EPSG:4326 latitude_sign"),
    "east for west": (mirrored(PERMIT, x=-1), LONLAT, "EPSG:4326 longitude_sign"),
    "wrong zone": (METRES, CRS.from_epsg(32749), "EPSG:32750 none"),
    "wrong half": (METRES, CRS.from_epsg(32650), "EPSG:32750 none"),
    "axes of metres": (swapped(METRES), UTM, "EPSG:32750 axes_swapped"),
}


@pytest.mark.parametrize(("shape", "stated", "reading"), SLIPS.values(), ids=SLIPS)
def test_the_slip_is_found_with_the_distance_that_it_repairs(shape, stated, reading):
    first = better(shape, stated, BESIDE)[0]
    slip = "none" if first.change == "crs" else first.change
    assert f"{first.code} {slip}" == reading
    assert first.distance_m == 0
    # By how much it is off, by another way of measuring: from middle to middle.
    middle = shapely.transform(
        shape.centroid,
        Transformer.from_crs(stated, 4326, always_xy=True).transform,
        interleaved=False,
    )
    off_m = Geod(ellps="WGS84").inv(middle.x, middle.y, *BESIDE.centroid.coords[0])[2]
    assert distance_m(shape, stated, BESIDE) == pytest.approx(off_m, rel=0.01)


@pytest.mark.parametrize("slip", ["lost hemisphere", "east for west", "axes of metres"])
def test_one_mistake_is_told_and_not_a_second_system_on_top_of_it(slip):
    shape, stated, _ = SLIPS[slip]
    told = [one for one in better(shape, stated, BESIDE) if one.distance_m == 0]
    assert [one.is_stated for one in told if one.change == told[0].change] == [True]
    name, _, change = SLIPS[slip][2].partition(" ")
    assert offers(shape, stated, BESIDE).split("; ")[0] == f"{name} {change} (0 m)"


def test_systems_that_nothing_tells_apart_are_all_told_up_to_eight():
    told = better(METRES, None, BESIDE)
    assert 3 < len(told) <= 8
    assert {one.distance_m for one in told} == {0}


def test_what_lies_right_is_offered_nothing():
    assert better(PERMIT, LONLAT, BESIDE) == ()
    assert distance_m(PERMIT, LONLAT, BESIDE) == 0


def test_of_readings_that_all_miss_a_place_the_commonest_leads():
    """A village named from memory does not tell one datum from another."""
    village = shapely.Point(115.6, -3.45).buffer(0.0005, cap_style="square")
    assert better(METRES, LONLAT, village)[0].code == "EPSG:32750"
    assert better(METRES, LONLAT, village)[0].distance_m == pytest.approx(12_300, rel=0.02)


MISREAD = {
    "swapped": (swapped(PERMIT), None, "boundary_axes_swapped", "EPSG:4326 axes_swapped (0 m)"),
    "metres as degrees": (METRES, None, "boundary_not_degrees", "EPSG:32750 (0 m)"),
    "degrees as metres": (PERMIT, "EPSG:32750", "boundary_not_metres", "EPSG:4326 (0 m)"),
}


@pytest.mark.parametrize(("shape", "stated", "code", "first"), MISREAD.values(), ids=MISREAD)
def test_what_cannot_be_read_as_stated_is_refused_with_its_readings(
    tmp_path, shape, stated, code, first
):
    document = json.loads(shapely.to_geojson(shape))
    if stated:
        document["crs"] = {"type": "name", "properties": {"name": stated}}
    path = tmp_path / "b.geojson"
    path.write_text(json.dumps(document))
    for known, offered in ((BESIDE, first), (None, "-")):
        with pytest.raises(RefusedError) as refusal, expected_at(lambda: known):  # noqa: B023
            read_boundary(path)
        assert refusal.value.code == code
        told = str(refusal.value.facts["candidates"]).split("; ")[0]
        assert re.sub(r" = EPSG:\d+", "", told) == offered


def test_in_a_country_only_single_slips_are_told():
    """Some zone puts any metres somewhere in a country: that would explain nothing."""
    assert better(METRES, None, COUNTRY) == ()
    assert better(METRES, LONLAT, COUNTRY) == ()
    (only,) = better(swapped(PERMIT), LONLAT, COUNTRY)
    assert only.change == "axes_swapped"
