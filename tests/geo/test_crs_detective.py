"""Which reading of coordinates would put a footprint on its permit, truth known by construction."""

import pytest
import shapely
from pyproj import CRS, Geod, Transformer

from geo.boundary import Boundary
from geo.crs import LONLAT
from geo.crs_detective import MOST_OFFERED, NOTHING, OFFERED, candidates
from geo.crs_readings import FOOT_M, Change
from geo.datum import passage
from geo.errors import RefusedError
from geo.misplaced import offering, offers

SIZE_DEG, MARGIN_DEG = 0.004, 0.001
TIED_M = 5.0
"""Systems that agree within this are one answer: no picture tells them apart."""

INDONESIA = {
    "WGS 84 / UTM": [*range(32646, 32653), *range(32747, 32755)],
    "SRGI2013 / UTM": [*range(9476, 9483), *range(9487, 9495)],
    "DGN95 / UTM": [*range(23866, 23873), *range(23877, 23885)],
    "DGN95 / TM-3": [*range(23830, 23846)],
    "ID74 / UTM": [*range(23846, 23853), *range(23887, 23895)],
    "degrees": [4326, 9470, 4755, 4238, 4211],
}
WHOLE = ("WGS 84 / UTM", "degrees")
"""Every zone; of the others each third, for all share the zones and the code that reads them."""

ELSEWHERE = [
    (24344, (84.0, 22.0)),  # Kalianpur 1975 / UTM zone 44N
    (32644, (83.5, 18.5)),
    (7755, (79.0, 21.0)),  # WGS 84 / India NSF LCC
    (31983, (-46.0, -20.0)),  # SIRGAS 2000 / UTM zone 23S
    (29193, (-46.0, -20.0)),  # SAD69 / UTM zone 23S
    (4618, (-46.0, -20.0)),
    (26714, (-100.0, 40.0)),  # NAD27 / UTM zone 14N
    (20255, (147.0, -35.0)),  # AGD66 / AMG zone 55
    (32649, (110.34, -0.0005)),  # across the equator, north and ...
    (32749, (110.34, -0.0005)),  # ... south
    (32760, (179.999, -17.0)),  # across the 180th meridian
]


def somewhere(code):
    """A place in Indonesia where a system is used; few different ones, the register is slow."""
    area = CRS.from_epsg(code).area_of_use
    west, east = max(area.west, 95), min(area.east, 141)
    south, north = max(area.south, -10.5), min(area.north, 5.8)
    latitude = -3.0 if south < -3 else 3.0
    # A UTM zone is tried in its eastern half, where a TM-3 zone is too.
    return (east - 1.4 if east - west > 3 else (west + east) / 2 + 0.1), min(latitude, north - 1)


ALL = sorted(
    (c for name, codes in INDONESIA.items() for c in (codes if name in WHOLE else codes[::3])),
    key=somewhere,
)
"""Those of one place after one another: their operations are looked up once."""


def permit_at(place):
    west, south = place
    return shapely.box(west, south, west + SIZE_DEG, south + SIZE_DEG)


def written(place, crs, *, margin=MARGIN_DEG):
    """Footprint of a picture of the permit, in the numbers of its true system, by PROJ alone."""
    west, south = place
    ring = shapely.box(
        west - margin, south - margin, west + SIZE_DEG + margin, south + SIZE_DEG + margin
    )
    there = passage(LONLAT, crs, near=place).steps[-1]
    x, y = there.transform(*shapely.get_coordinates(ring).T)
    return shapely.Polygon(zip(x, y, strict=True)).envelope


def require_found(code, stated, place, numbers, permit):
    """The true system is among the candidates, and none lies nearer."""
    found = candidates(numbers, stated, permit)
    true = [one for one in found if f"EPSG:{code}" in (one.code, *one.alike)]
    true = [one for one in true if one.change in (Change.NONE, Change.CRS)]
    assert true, [(one.code, one.distance_m) for one in found]
    assert true[0].distance_m <= found[0].distance_m + TIED_M
    for one in found:
        # What is offered first lies here, by another road: PROJ's own best way to WGS 84.
        if one.distance_m <= true[0].distance_m and one.change is Change.CRS:
            home = Transformer.from_crs(one.crs.to_2d(), LONLAT, always_xy=True)
            centre = home.transform(numbers.centroid.x, numbers.centroid.y)
            assert Geod(ellps="WGS84").inv(*centre, *place)[2] < 10_000, one.code
    return true[0]


@pytest.mark.parametrize("code", ALL)
def test_a_system_of_indonesia_that_a_file_does_not_name_is_found(code):
    place = somewhere(code)
    numbers = written(place, CRS.from_epsg(code))
    found = require_found(code, None, place, numbers, permit_at(place))
    if code in (23833, 9490, 23880):  # of a sort each, in words
        assert f"{found.code} " in offers(numbers, None, permit_at(place))


@pytest.mark.parametrize(("code", "place"), ELSEWHERE)
def test_no_country_is_assumed(code, place):
    numbers = written(place, CRS.from_epsg(code))
    if place[0] + SIZE_DEG > 180:  # as a boundary is cut there
        left = shapely.box(place[0], place[1], 180, place[1] + SIZE_DEG)
        east = place[0] + SIZE_DEG - 360
        right = shapely.box(-180, place[1], east, place[1] + SIZE_DEG)
        permit = shapely.MultiPolygon([left, right])
    else:
        permit = permit_at(place)
    require_found(code, None, place, numbers, permit)


@pytest.mark.parametrize(
    ("code", "false"),
    [
        (code, false)
        for code in (32748, 9488, 23833, 23888, 4755)
        for false in (32648, 32750, 4326)
        if (code, false) != (4755, 4326)  # these two agree: nothing is wrong
    ],
)
def test_a_system_that_a_file_names_wrongly_is_found(code, false):
    place = somewhere(code)
    numbers = written(place, CRS.from_epsg(code))
    require_found(code, CRS.from_epsg(false), place, numbers, permit_at(place))


def test_systems_that_give_one_place_are_told_together_and_the_commonest_leads():
    place = somewhere(32750)
    told = offers(written(place, CRS.from_epsg(32750)), None, permit_at(place))
    assert told.startswith("EPSG:32750 = EPSG:9490 = EPSG:23880 ")
    assert "(0 m)" in told
    assert OFFERED <= len(told.split("; ")) <= MOST_OFFERED


def test_what_is_offered_says_how_far_it_lies_from_the_permit():
    place = somewhere(32750)
    numbers = shapely.affinity.translate(written(place, CRS.from_epsg(32750), margin=0), 3000, 0)
    first, *_ = candidates(numbers, None, permit_at(place))
    width = permit_at(place).length / 4 * 111_320
    near = [one for one in candidates(numbers, None, permit_at(place)) if one.code == "EPSG:32750"]
    assert near[0].distance_m == pytest.approx(3000 - width, abs=15)
    assert first.distance_m <= near[0].distance_m


def test_what_lies_further_than_fifty_kilometres_is_no_candidate():
    place = somewhere(32750)
    near, far = (
        shapely.affinity.translate(written(place, CRS.from_epsg(32750)), 0, step)
        for step in (49_000, 52_000)
    )
    assert "EPSG:32750" in [one.code for one in candidates(near, None, permit_at(place))]
    assert "EPSG:32750" not in [one.code for one in candidates(far, None, permit_at(place))]


@pytest.mark.parametrize(
    ("code", "slip", "change"),
    [
        (4326, lambda x, y: (y, x), Change.AXES),
        (32750, lambda x, y: (y, x), Change.AXES),
        (4326, lambda x, y: (x, -y), Change.LATITUDE),
        (4326, lambda x, y: (-x, y), Change.LONGITUDE),
        (32750, lambda x, y: (x / FOOT_M, y / FOOT_M), Change.FEET),
        (32750, lambda x, y: (x * 3937 / 1200, y * 3937 / 1200), Change.US_FEET),
    ],
)
def test_a_slip_of_the_hand_is_named(code, slip, change):
    place, crs = (115.3, -3.2), CRS.from_epsg(code)
    numbers = shapely.transform(written(place, crs), slip, interleaved=False)
    found = candidates(numbers, crs, permit_at(place))
    # The two feet differ by 20 m here: both put the picture on the permit.
    slips = {(one.code, one.change) for one in found if one.distance_m == 0 and one.is_stated}
    assert (f"EPSG:{code}", change) in slips
    assert len(slips) == (2 if "feet" in change else 1)
    assert found[0].is_stated
    parts = offers(numbers, crs, permit_at(place)).split("; ")
    told = [one for one in parts if one.startswith(f"EPSG:{code} ")]
    assert any(one.endswith(f" {change} (0 m)") for one in told)


def test_numbers_that_no_system_puts_here_are_offered_nothing():
    assert offers(
        shapely.box(10, 10, 500, 400), CRS.from_epsg(32633), permit_at((115.3, -3.2))
    ) == (NOTHING)


def test_a_footprint_a_thousand_times_as_wide_as_the_permit_was_not_read_as_meant():
    assert not candidates(shapely.box(0, 9e6, 9e5, 1e7), None, permit_at((115.3, -3.2)))


def test_over_a_whole_country_only_slips_and_hemispheres_are_looked_for():
    country, place = shapely.box(95, -11, 141, 6), (115.3, -3.2)
    numbers = written(place, CRS.from_epsg(32750))
    codes = {one.code for one in candidates(numbers, CRS.from_epsg(32650), country)}
    assert codes == {"EPSG:32750"}
    assert offers(numbers, CRS.from_epsg(32650), country) == "EPSG:32750 (0 m)"


def test_a_system_without_a_code_is_told_as_the_stated_one():
    place = (115.3, -3.2)
    own = CRS.from_proj4("+proj=tmerc +lat_0=0 +lon_0=115.2 +x_0=1000 +y_0=500000 +datum=WGS84")
    west, south = place
    x, y = Transformer.from_crs(LONLAT, own, always_xy=True).transform(
        *shapely.get_coordinates(permit_at((west, south))).T
    )
    numbers = shapely.Polygon(zip(y, x, strict=True)).envelope
    found = candidates(numbers, own, permit_at(place))
    assert [(one.code, one.change) for one in found if one.distance_m == 0] == [
        ("stated", Change.AXES)
    ]


def test_an_error_without_numbers_or_permit_is_left_as_it_is():
    boundary = Boundary(shape=permit_at((115.3, -3.2)), crs=LONLAT)
    for facts, held in (
        ({"candidates": NOTHING}, boundary),
        ({"left": 0, "bottom": 0, "right": 1, "top": 1, "candidates": NOTHING}, None),
        ({"left": 0, "bottom": 0, "right": 1, "top": 1}, boundary),
    ):
        with pytest.raises(RefusedError) as caught, offering(held):
            raise RefusedError("image_without_crs", **facts)
        assert caught.value.facts == facts
