"""What the datum leaves in doubt: the terms of it, by construction."""

from dataclasses import replace

import pytest
import shapely
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from geo.boundary import Boundary
from geo.crs import LONLAT
from geo.errors import RefusedError
from inspection.asked import rule_warnings
from inspection.datums import datum_note
from inspection.model import Language
from inspection.profiles.profile import read_profile
from inspection.steps.georeference import georeference
from inspection.wording.catalogue import wording
from tests.inspection.test_steps import PROFILE, taken_in

INDONESIA = read_profile("indonesia-province")


@pytest.fixture
def case(site, tmp_path):
    return taken_in(site, tmp_path)


def on(case, *, boundary=4326, image=32750, captured_at="2026-10-03T13:40:00"):
    """The same numbers under other names of their systems, and where that places them."""
    flight = case.current
    picture = replace(
        flight.orthophoto,
        grid=replace(flight.orthophoto.grid, crs=CRS.from_epsg(image)),
        captured_at=captured_at,
    )
    named = replace(case.boundary, crs=CRS.from_epsg(boundary))
    return replace(case, boundary=named, current=replace(flight, orthophoto=picture))


def noted(case, profile=PROFILE):
    return datum_note(case, georeference(case, profile), profile)


def test_one_datum_costs_nothing(case):
    note = noted(on(case))
    assert (note.state, note.uncertainty_m, note.operations) == ("same", 0.0, [])
    assert (note.placed_in, note.realization_epoch) == ("World Geodetic System 1984", None)


@pytest.mark.parametrize(("boundary", "image"), [(4755, 32750), (9470, 32750), (4755, 9490)])
def test_datums_taken_as_equal_cost_what_the_profile_says(case, boundary, image):
    note = noted(on(case, boundary=boundary, image=image))
    assert (note.state, note.uncertainty_m) == ("nominal", PROFILE.datum.nominal_m)
    used = {one.used_for: (one.name, one.nominal) for one in note.operations}
    assert used["boundary"] == (None, True)
    assert set(used) <= {"boundary", "current", "degrees"}


def test_a_boundary_on_the_old_datum_is_moved_by_a_named_operation_at_its_accuracy(case):
    note = noted(on(case, boundary=4238))
    group = TransformerGroup(4238, 32750, always_xy=True, allow_ballpark=False)
    (one,) = note.operations
    names = [best.description for best in group.transformers if best.accuracy == one.accuracy_m]
    assert any(name.startswith(one.name) for name in names)
    assert (note.state, one.used_for, one.nominal) == ("moved", "boundary", False)
    assert note.uncertainty_m == one.accuracy_m > 0


@pytest.mark.parametrize(
    ("image", "captured_at", "state", "uncertainty_m"),
    [
        (32750, "2025-02-24T23:59:00", "same", 0.0),
        (32750, "2025-02-25T00:00:00", "realization_unknown", 0.7),
        (32750, None, "realization_unknown", 0.7),
        (9490, "2026-10-03T13:40:00", "nominal", 0.3),  # states the epoch of its frame
    ],
)
def test_a_second_realization_is_in_doubt_from_the_day_it_came_into_use(
    case, image, captured_at, state, uncertainty_m
):
    note = noted(on(case, image=image, captured_at=captured_at), INDONESIA)
    assert (note.state, note.uncertainty_m) == (state, uncertainty_m)
    assert note.realization_epoch == (2012.0 if image == 9490 else None)


def test_a_boundary_whose_datum_nobody_knows_is_refused(case):
    lost = replace(case.boundary, crs=CRS("+proj=longlat +ellps=bessel"))
    with pytest.raises(RefusedError, match="place_datum_unrelated"):
        georeference(replace(case, boundary=lost), PROFILE)


def codes(case, profile):
    warned = list(rule_warnings(case, profile, wording(Language.ENGLISH)))
    return [one.code for one in warned]


def test_a_picture_outside_what_the_rule_asks_is_warned_of_and_never_refused(case):
    assert codes(case, PROFILE) == []
    india = read_profile("india-ibm-34a")
    assert codes(case, india) == ["gsd_coarser_than_asked", "boundary_outside_jurisdiction"]
    coarse = replace(PROFILE, flight=replace(PROFILE.flight, gsd_min_m=0.3))
    assert codes(case, coarse) == ["gsd_finer_than_asked"]


def test_a_boundary_in_the_region_of_its_authority_is_not_warned_of(case):
    assert codes(case, INDONESIA) == []
    abroad = Boundary(shape=shapely.box(8.0, 47.0, 8.01, 47.01), crs=LONLAT)
    assert codes(replace(case, boundary=abroad), INDONESIA) == ["boundary_outside_jurisdiction"]
