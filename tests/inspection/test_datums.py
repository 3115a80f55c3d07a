"""Datums of what is brought: every change recorded, and what they leave in doubt counted."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely
from affine import Affine
from pyproj import CRS

from geo.boundary import Boundary
from geo.control_points import ControlPointList
from geo.crs import moved_shape
from geo.errors import RefusedError
from geo.grid import Grid
from inspection.datums import datum_note
from inspection.language import Language
from inspection.profiles.profile import read_profile
from inspection.request import Request
from inspection.steps.georeference import georeference
from inspection.steps.ingest import ingest
from inspection.wording.catalogue import wording
from tests.inspection.conftest import EAST, GSD_M, NORTH, PERMIT, UTM

WGS84, SRGI, DGN95, ID74 = (CRS.from_epsg(code) for code in (4326, 9470, 4755, 4238))
UTM_SRGI = CRS.from_epsg(9490)
BOUND = CRS.from_user_input("+proj=longlat +ellps=bessel +towgs84=-377,681,-50 +type=crs")
BEFORE, AFTER = "2025-02-24T10:00:00", "2025-02-25T10:00:00"


@pytest.fixture(scope="module")
def case(site, tmp_path_factory):
    request = Request(
        boundary=site.folder / "boundary.geojson",
        current=site.folder / "current.tif",
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    desk = tmp_path_factory.mktemp("desk")
    return ingest(request, read_profile("generic"), desk=desk, advance=lambda _share: None)


def brought(case, *, boundary=WGS84, picture=UTM, when=AFTER):
    """The small site with its boundary and picture on other datums; nothing is read again."""
    outline = moved_shape(PERMIT, source=UTM, target=boundary)
    orthophoto = case.current.orthophoto
    place = moved_shape(shapely.Point(EAST, NORTH), source=UTM, target=picture)
    grid = Grid(
        crs=picture,
        transform=Affine(GSD_M, 0, place.x, 0, -GSD_M, place.y),
        rows=orthophoto.grid.rows,
        columns=orthophoto.grid.columns,
    )
    return replace(
        case,
        boundary=Boundary(shape=outline, crs=boundary),
        current=replace(case.current, orthophoto=replace(orthophoto, grid=grid, captured_at=when)),
    )


def placed_by(case, rules):
    """Nothing here is bent, so nothing is written."""
    return georeference(case, rules, desk=Path("/dev/null"), advance=lambda _share: None)


def note(case, profile="indonesia-province", language=Language.ENGLISH):
    rules = read_profile(profile)
    return datum_note(case, placed_by(case, rules), rules, wording(language))


@pytest.mark.parametrize(
    ("boundary", "picture", "when", "uncertainty", "key"),
    [
        (WGS84, UTM, BEFORE, 0.3, "nominal"),  # WGS 84 does not say which realization
        (WGS84, UTM, AFTER, 0.7, "unknown_realization"),
        (WGS84, UTM, None, 0.7, "unknown_realization"),
        (SRGI, UTM, BEFORE, 0.3, "nominal"),
        (DGN95, UTM_SRGI, BEFORE, 0.3, "nominal"),
        (SRGI, UTM_SRGI, BEFORE, None, "same"),
        (SRGI, UTM_SRGI, AFTER, 0.7, "unknown_realization"),
        (ID74, UTM, AFTER, 3.0, "changed"),
        (BOUND, UTM, AFTER, 5.0, "unstated"),
    ],
)
def test_what_two_datums_leave_in_doubt(case, boundary, picture, when, uncertainty, key):
    found = note(brought(case, boundary=boundary, picture=picture, when=when))
    assert (found.uncertainty_m, found.said.key) == (uncertainty, f"datum.{key}")


def test_where_no_family_is_named_the_register_says_how_far_two_datums_may_differ(case):
    assert note(brought(case), "generic").uncertainty_m is None
    found = note(brought(case, boundary=SRGI), "generic")
    assert found.uncertainty_m == pytest.approx(1.22, abs=0.01), "1.2 m, and the 0.2 m not moved"
    assert found.said.key == "datum.changed"


def test_every_change_is_recorded_with_its_name_its_accuracy_and_whether_places_moved(case):
    (boundary,) = note(brought(case, boundary=DGN95, picture=UTM_SRGI)).operations[:1]
    assert (boundary.used_for, boundary.name) == ("boundary", "DGN95 to SRGI2013 (1)")
    assert boundary.source == "Datum Geodesi Nasional 1995"
    assert boundary.target == "Sistem Referensi Geospasial Indonesia 2013"
    assert (boundary.accuracy_m, boundary.applied) == (0.2, True)
    assert boundary.distance_m == pytest.approx(0.23, abs=0.05)
    kept = note(brought(case, boundary=SRGI)).operations[0]
    assert (kept.accuracy_m, kept.applied) == (1.2, False)


def test_the_degrees_that_are_printed_are_recorded_where_they_are_on_another_datum(case):
    operations = note(brought(case, boundary=SRGI, picture=UTM_SRGI)).operations
    assert [(one.used_for, one.applied) for one in operations] == [("display", False)]
    assert note(brought(case)).operations == []


def test_where_points_place_the_picture_their_datum_counts_and_not_the_pictures(case):
    points = ControlPointList(crs=SRGI, points=())
    placed = brought(case, boundary=SRGI, when=BEFORE)
    placement = placed_by(placed, read_profile("indonesia-province"))
    words = wording(Language.ENGLISH)
    rules = read_profile("indonesia-province")
    placed = replace(placed, control_points=points)
    found = datum_note(placed, replace(placement, method="control_points"), rules, words)
    assert (found.uncertainty_m, found.epoch) == (None, 2012.0)
    assert {one.used_for for one in found.operations} == {"boundary", "control_points"}
    assert datum_note(placed, placement, rules, words).uncertainty_m == 0.3


def test_where_a_reference_places_the_picture_its_datum_counts_and_not_the_pictures(case):
    placed = brought(case, boundary=SRGI, when=BEFORE)
    rules, words = read_profile("indonesia-province"), wording(Language.ENGLISH)
    placement = placed_by(placed, rules)
    known = brought(case, picture=UTM_SRGI).current.orthophoto
    placed = replace(placed, reference=known)
    found = datum_note(placed, replace(placement, method="reference"), rules, words)
    assert (found.uncertainty_m, found.epoch) == (None, 2012.0)
    assert {one.used_for for one in found.operations} == {"boundary", "reference"}
    assert datum_note(placed, placement, rules, words).uncertainty_m == 0.3


def test_realization_and_epoch_are_those_that_the_system_states(case):
    stated = note(brought(case, picture=UTM_SRGI))
    assert stated.realization == "Sistem Referensi Geospasial Indonesia 2013"
    assert stated.epoch == 2012
    unstated = note(brought(case))
    assert (unstated.realization, unstated.epoch) == (None, None)


@pytest.mark.parametrize("language", list(Language))
def test_it_is_said_in_words(case, language):
    found = note(brought(case, boundary=ID74), language=language)
    assert "Indonesian Datum 1974" in found.note
    assert wording(language).sentence(found.said) == found.note


def test_the_file_whose_datum_leads_nowhere_is_named(site, tmp_path):
    request = Request(
        boundary=site.folder / "boundary.geojson",
        boundary_crs="EPSG:4144",  # Kalianpur 1937: the register ties it to nothing
        current=site.folder / "current.tif",
        created_at=datetime(2026, 11, 21, tzinfo=UTC),
    )
    with pytest.raises(RefusedError) as caught:
        ingest(request, read_profile("generic"), desk=tmp_path, advance=lambda _share: None)
    assert (caught.value.code, caught.value.file) == ("place_datum_unrelated", "boundary.geojson")


def test_a_boundary_on_a_datum_that_nobody_knows_is_refused(case):
    unknown = CRS.from_user_input("+proj=utm +zone=50 +south +ellps=WGS84")
    lost = replace(case, boundary=Boundary(shape=PERMIT, crs=unknown))
    with pytest.raises(RefusedError) as caught:
        placed_by(lost, read_profile("generic"))
    assert caught.value.code == "place_datum_unrelated"
