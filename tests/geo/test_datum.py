"""How places move between reference systems, against what PROJ itself lists."""

import warnings

import pytest
import shapely
from pyproj import CRS, Geod
from pyproj.transformer import TransformerGroup

from geo.crs import moved_shape
from geo.datum import Passage, datum_name, frame_epoch
from geo.errors import RefusedError

BANDUNG = (107.5, -7.0)
PLACES = {4326: BANDUNG, 9470: BANDUNG, 4755: BANDUNG, 9488: (666_000.0, 9_226_000.0)}


def passage(source, target):
    return Passage(source=CRS.from_user_input(source), target=CRS.from_user_input(target))


@pytest.mark.parametrize("code", [4326, 9470, 4755])
def test_longitude_comes_first_although_the_registry_says_latitude(code):
    assert [axis.direction for axis in CRS.from_epsg(code).axis_info] == ["north", "east"]
    east, north = passage(code, 32748).transform(*BANDUNG)
    assert (east, north) == pytest.approx((776_176.4, 9_225_313.0), abs=2000)
    back = passage(32748, code).transform(east, north)
    assert back == pytest.approx(BANDUNG, abs=1e-9)


@pytest.mark.parametrize(
    ("source", "target"),
    [(4755, 9470), (9470, 4755), (4326, 9470), (9470, 4326), (4326, 4755), (9488, 32748)],
)
def test_datums_that_are_nominally_equal_keep_their_numbers(source, target):
    there = passage(source, target)
    place = PLACES[source]
    assert there.transform(*place) == pytest.approx(place, abs=1e-9 if place[0] < 180 else 1e-5)
    change = there.change(*place)
    assert change.nominal
    assert change.changed
    assert (change.name, change.accuracy_m) == (None, None)


def test_what_proj_would_have_moved_is_the_known_quarter_of_a_metre():
    (best,) = TransformerGroup(4755, 9470, always_xy=True, allow_ballpark=False).transformers
    moved = best.transform(*BANDUNG)
    *_, distance_m = Geod(ellps="WGS84").inv(*BANDUNG, *moved)
    assert distance_m == pytest.approx(0.231, abs=0.001)


@pytest.mark.parametrize(
    ("source", "target", "place"),
    [
        (4238, 9470, BANDUNG),
        (4211, 4326, BANDUNG),
        (4258, 4326, (10.0, 50.0)),
        (4269, 4326, (-100.0, 40.0)),
        (27700, 4326, (400_000.0, 300_000.0)),
        (2263, 32618, (1_000_000.0, 200_000.0)),
    ],
)
def test_a_real_change_is_the_best_at_hand_and_says_its_name_and_accuracy(source, target, place):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of grids that are not at hand
        group = TransformerGroup(source, target, always_xy=True, allow_ballpark=False)
    there = passage(source, target)
    change = there.change(*place)
    (like,) = [
        one
        for one in group.transformers
        if one.description.startswith(change.name) and one.accuracy == change.accuracy_m
    ]
    assert there.transform(*place) == pytest.approx(like.transform(*place), abs=1e-9)
    assert not change.nominal
    assert "allpark" not in change.name
    assert change.accuracy_m > 0


@pytest.mark.parametrize(
    ("source", "target", "place"),
    [
        (32748, 4326, (666_000.0, 9_226_000.0)),
        (3857, 32748, (1.2e7, -7.8e5)),
        (4326, 4326, BANDUNG),
    ],
)
def test_the_same_datum_costs_nothing(source, target, place):
    change = passage(source, target).change(*place)
    assert (change.changed, change.nominal, change.accuracy_m) == (False, False, 0.0)


def test_a_guess_is_refused():
    unknown = "+proj=utm +zone=48 +south +ellps=bessel"
    with pytest.raises(RefusedError, match="place_datum_unrelated"):
        passage(unknown, 4326)
    with pytest.raises(RefusedError, match="place_datum_unrelated"):
        moved_shape(shapely.Point(6e5, 9.2e6), source=CRS(unknown), target=CRS(4326))


def test_what_a_system_states_of_its_realization():
    assert datum_name(CRS(9488)) == "Sistem Referensi Geospasial Indonesia 2013"
    assert datum_name(CRS(32748)) == "World Geodetic System 1984"
    assert frame_epoch(CRS(9488)) == 2012.0
    assert frame_epoch(CRS(32748)) is None


def test_bounds_hold_the_box_along_its_edges():
    west, south, east, north = passage(9488, 4326).bounds(600_000, 9.2e6, 601_000, 9.201e6)
    corners = passage(9488, 4326).transform([600_000, 601_000], [9.2e6, 9.201e6])
    assert west <= min(corners[0]) <= max(corners[0]) <= east
    assert south <= min(corners[1]) <= max(corners[1]) <= north
