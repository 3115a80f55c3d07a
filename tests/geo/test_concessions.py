"""Real concessions: every outline of a public layer is read, measured and held to its decree."""

import json
from pathlib import Path

import pytest
from pyproj import Geod

from geo.boundary import read_boundary
from geo.errors import RefusedError
from geo.layer import read_layer

FAR = 0.05
"""Share by which some declared areas are known to differ from their outlines."""


@pytest.fixture(scope="module")
def table(test_data: Path):
    """Number, declared hectares and the hectares that pyproj's Geod gives, of all outlines."""
    written = json.loads((test_data / "wiup/wiup_kalsel.geojson").read_text())["features"]
    return [
        (number, float(one["properties"]["luas_sk"]), one["geometry"])
        for number, one in enumerate(written, start=1)
    ]


def test_every_concession_is_read_and_its_area_is_that_of_the_geodesic(test_data, table):
    path = test_data / "wiup/wiup_kalsel.geojson"
    layer = read_layer(path)
    assert (len(layer.features), sum(layer.unusable.values()), len(table)) == (211, 0, 211)
    geod = Geod(ellps="WGS84")
    from geo.area import area_m2  # noqa: PLC0415

    far = []
    for (number, declared_ha, _), feature in zip(table, layer.features, strict=True):
        (shape,) = feature.shapes
        if not shape.is_valid:
            continue
        measured_ha = area_m2(shape, layer.crs) / 1e4
        geodesic_ha = abs(geod.geometry_area_perimeter(shape)[0]) / 1e4
        assert measured_ha == pytest.approx(geodesic_ha, rel=1e-4), number
        if declared_ha and abs(measured_ha / declared_ha - 1) > FAR:
            far.append(number)
    assert 0 < len(far) < 40, "some declared areas differ, most do not"


def test_one_is_chosen_by_its_number_and_must_be(test_data, table):
    path = test_data / "wiup/wiup_kalsel.geojson"
    with pytest.raises(RefusedError, match="boundary_has_several"):
        read_boundary(path)
    for number in (1, 105, 211):
        boundary = read_boundary(path, feature=number)
        assert boundary.area_m2 / 1e4 == pytest.approx(table[number - 1][1], rel=0.2)
