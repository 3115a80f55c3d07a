"""Changes of datum: named, with their accuracy, and never made where they say nothing."""

import numpy as np
import pytest
import shapely
from pyproj import CRS, Geod, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from geo.crs import LONLAT, moved_shape
from geo.datum import passage, same_datum
from geo.errors import RefusedError
from geo.frame import frame

WGS84, SRGI, DGN95, ID74, BATAVIA = (CRS.from_epsg(code) for code in (4326, 9470, 4755, 4238, 4211))
UTM_SRGI, UTM_WGS84 = CRS.from_epsg(9490), CRS.from_epsg(32750)
BANDUNG = (107.5, -7.0)
UNKNOWN = CRS.from_user_input("+proj=utm +zone=50 +south +ellps=WGS84")
BOUND = CRS.from_user_input("+proj=utm +zone=50 +south +ellps=bessel +towgs84=-377,681,-50")


def moved(source, target, place):
    x, y = passage(source, target, near=place)(*np.array([place]).T)
    return float(x[0]), float(y[0])


def metres(one, other):
    return Geod(ellps="WGS84").inv(*one, *other)[2]


@pytest.mark.parametrize(
    ("source", "target", "place"),
    [
        (DGN95, SRGI, BANDUNG),
        (ID74, SRGI, BANDUNG),
        (ID74, WGS84, BANDUNG),
        (BATAVIA, WGS84, BANDUNG),
        (CRS.from_epsg(2056), WGS84, (2_600_000, 1_200_000)),
    ],
)
def test_a_change_of_datum_is_the_one_that_the_register_holds_for_best(source, target, place):
    change = passage(source, target, near=place).change
    lon, lat = Transformer.from_crs(source, WGS84, always_xy=True).transform(*place)
    here = AreaOfInterest(np.floor(lon), np.floor(lat), np.floor(lon) + 1, np.floor(lat) + 1)
    group = TransformerGroup(
        source, target, always_xy=True, allow_ballpark=False, area_of_interest=here
    )
    best = group.transformers[0]
    assert change.applied
    assert change.name in best.description
    assert change.accuracy_m == pytest.approx(best.accuracy)
    assert moved(source, target, place) == pytest.approx(best.transform(*place), abs=1e-12)


def test_that_a_better_operation_lacks_its_grid_is_known():
    assert passage(CRS.from_epsg(27700), WGS84, near=(430_000, 380_000)).change.better_missing
    assert not passage(DGN95, SRGI, near=BANDUNG).change.better_missing


@pytest.mark.parametrize(
    ("code", "place", "accuracy_m"),
    [(4267, (-100.0, 40.0), 7.0), (4202, (147.0, -35.0), 3.0), (4618, (-46.0, -20.0), 5.0)],
)
def test_without_the_grid_the_accuracy_is_that_of_what_is_used(code, place, accuracy_m):
    target = CRS.from_epsg(4674) if code == 4618 else WGS84
    change = passage(CRS.from_epsg(code), target, near=place).change
    assert (change.applied, change.better_missing) == (True, True)
    assert change.accuracy_m == pytest.approx(accuracy_m)


def test_dgn95_comes_to_srgi2013_by_the_official_operation():
    change = passage(DGN95, SRGI, near=BANDUNG).change
    assert (change.name, change.accuracy_m) == ("DGN95 to SRGI2013 (1)", pytest.approx(0.2))
    assert metres(moved(DGN95, SRGI, BANDUNG), BANDUNG) == pytest.approx(0.231, abs=0.002)


@pytest.mark.parametrize("place", [(95.3, 5.5), (107.5, -7.0), (115.5, -3.5), (140.7, -2.5)])
def test_it_is_made_everywhere_in_the_country(place):
    assert passage(DGN95, SRGI, near=place).change.applied


@pytest.mark.parametrize("other", [WGS84, CRS.from_epsg(32748)])
def test_a_movement_smaller_than_the_realizations_of_wgs84_differ_by_is_not_made(other):
    change = passage(SRGI, other, near=BANDUNG).change
    assert change.accuracy_m == pytest.approx(1.2)
    assert 0.1 < change.distance_m < 0.4
    assert not change.applied
    assert change.uncertainty_m == pytest.approx(np.hypot(1.2, change.distance_m))
    degrees = moved(other, WGS84, moved(SRGI, other, BANDUNG))
    assert degrees == pytest.approx(BANDUNG, abs=1e-11), "0.1 micrometre"


def test_a_meridian_that_the_register_does_not_tie_to_greenwich_is_refused():
    paris = CRS.from_user_input("+proj=longlat +datum=WGS84 +pm=paris +type=crs")
    with pytest.raises(RefusedError):
        passage(paris, WGS84, near=(0.0, 48.0))


def test_a_permit_in_srgi2013_keeps_its_thousandths_of_a_second_when_it_is_shown():
    vertices = [(107.5, -7.0), (107.5 + 1 / 3600, -7.0), (107.5, -7.0 + 0.001 / 3600)]
    outline = shapely.Polygon(vertices)
    site = moved_shape(outline, source=SRGI, target=UTM_SRGI)
    shown = moved_shape(site, source=UTM_SRGI, target=LONLAT)
    assert shapely.get_coordinates(shown)[:3] == pytest.approx(np.array(vertices), abs=1e-10)


@pytest.mark.parametrize("written", [WGS84, SRGI, DGN95])
def test_longitude_stays_before_latitude_whatever_the_axes_of_a_system(written):
    assert written.axis_info[0].direction == "north", "or this would prove nothing"
    for crs in (CRS.from_epsg(32748), CRS.from_epsg(9488), CRS.from_epsg(23878)):
        east, north = moved(written, crs, BANDUNG)
        assert east == pytest.approx(776_213, abs=2)
        assert north == pytest.approx(9_225_516, abs=2)


def test_feet_grads_and_old_meridians_are_not_taken_for_metres_degrees_and_greenwich():
    jakarta = CRS.from_epsg(4813)  # Batavia, counted from Jakarta
    change = passage(jakarta, WGS84, near=(0.7, -7.0)).change
    assert change.name == passage(BATAVIA, WGS84, near=BANDUNG).change.name
    assert change.distance_m == pytest.approx(156, abs=5)
    lambert = CRS.from_epsg(27572)  # grads from Paris
    assert passage(lambert, WGS84, near=(600_000, 2_400_000)).change.distance_m < 100


@pytest.mark.parametrize(("source", "target"), [(UNKNOWN, WGS84), (WGS84, UNKNOWN)])
def test_a_guess_is_refused(source, target):
    with pytest.raises(RefusedError) as caught:
        moved_shape(shapely.Point(115.5, -3.5), source=source, target=target)
    assert caught.value.code == "place_datum_unrelated"
    assert set(caught.value.facts.values()) == {"?", "EPSG:4326"}, "a name may hold anything"


def test_a_shift_that_a_file_brings_along_has_no_known_accuracy():
    change = passage(BOUND, WGS84, near=(333_000, 9_613_000)).change
    assert change.accuracy_m is None
    assert change.uncertainty_m is None
    assert change.applied


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WGS84, UTM_WGS84),
        (SRGI, UTM_SRGI),
        (UNKNOWN, UNKNOWN),
        (UTM_WGS84, CRS.from_user_input("+proj=utm +zone=50 +south +datum=WGS84")),
        (UTM_WGS84, CRS.from_wkt(UTM_WGS84.to_wkt("WKT1_GDAL"))),
        (UTM_SRGI, CRS.from_wkt(UTM_SRGI.to_wkt("WKT1_ESRI"))),
        (WGS84, CRS.from_epsg(4979)),
        (UTM_WGS84, CRS.from_user_input("EPSG:32750+5773")),
    ],
)
def test_one_datum_in_two_dresses_is_no_change(one, other):
    assert same_datum(one, other)
    assert passage(one, other, near=(115.5, -3.5)).change is None


@pytest.mark.parametrize(
    ("one", "other"),
    [(WGS84, SRGI), (SRGI, DGN95), (WGS84, UNKNOWN), (BOUND, WGS84), (WGS84, CRS.from_epsg(9057))],
)
def test_two_datums_are_two(one, other):
    assert not same_datum(one, other)


@pytest.mark.parametrize("form", ["WKT2_2019", "WKT1_GDAL", "WKT1_ESRI"])
def test_realization_and_epoch_are_read_from_the_system(form):
    def written(code):
        return frame(CRS.from_wkt(CRS.from_epsg(code).to_wkt(form)))

    assert (written(9490).realization, written(9490).epoch) == (
        "Sistem Referensi Geospasial Indonesia 2013",
        2012,
    )
    assert (written(32750).realization, written(32750).epoch) == (None, None), "an ensemble"
    assert written(23880).realization == "Datum Geodesi Nasional 1995"


def test_a_system_that_nobody_knows_is_not_taken_for_one_that_looks_alike():
    assert frame(UNKNOWN).realization == "Unknown based on WGS 84 ellipsoid"
