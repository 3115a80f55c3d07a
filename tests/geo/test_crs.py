"""Which reference system is measured in."""

import pytest
from pyproj import CRS

from geo.crs import metric_crs


@pytest.mark.parametrize(
    ("given", "place", "chosen"),
    [
        ("EPSG:32750", (115.5, -3.4), 32750),
        ("EPSG:9490", (115.5, -3.4), 9490),  # SRGI2013 / UTM zone 50S is metric as it stands
        ("EPSG:2056", (8.0, 47.0), 2056),
        ("EPSG:4326", (115.5, -3.4), 32750),
        ("EPSG:4326", (110.3, 0.001), 32649),  # north of the equator ...
        ("EPSG:4326", (110.3, -0.001), 32749),  # ... and south of it
        ("EPSG:3857", (107.5, -40.0), 32748),  # a web map's metre is not a metre there
        ("EPSG:2263", (-74.0, 40.7), 26918),  # feet; the datum stays
        ("EPSG:4755", (107.5, -7.0), 23878),
        ("EPSG:9470", (107.5, -7.0), 9488),
        ("EPSG:4238", (107.5, -7.0), 23888),  # ID74 stays ID74 ...
        ("EPSG:4618", (-47.0, -15.0), 29193),  # ... SAD69 stays SAD69 ...
        ("EPSG:7844", (147.0, -35.0), 7855),  # ... and GDA2020, whose zones are not called UTM
        ("EPSG:4230", (-74.0, 40.7), 32618),  # far from where its own zones are
    ],
)
def test_metric_system_of_a_place(given, place, chosen):
    longitude, latitude = place
    found = metric_crs(CRS.from_user_input(given), longitude=longitude, latitude=latitude)
    assert found.to_epsg() == chosen
