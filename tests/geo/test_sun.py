"""The sun stands where published positions say, on both hemispheres, and shadows follow it."""

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.sun import SunPosition, shadow_shift, shadow_tip, sun_position

WIB, WITA = timezone(timedelta(hours=7)), timezone(timedelta(hours=8))


def test_the_example_of_reda_and_andreas():
    """Solar Position Algorithm for Solar Radiation Applications (NREL, 2008), appendix A.5."""
    moment = datetime.fromisoformat("2003-10-17T12:30:30-07:00")
    sun = sun_position(moment, longitude=-105.1786, latitude=39.742476)
    assert sun.azimuth_deg == pytest.approx(194.34024, abs=0.01)
    # Their zenith, 50.11162, is refracted: by 0.01634 degrees under their air.
    assert sun.elevation_deg == pytest.approx(90 - 50.11162 - 0.01634, abs=0.01)


@pytest.mark.parametrize(
    ("moment", "place", "azimuth", "elevation"),
    [
        ("2026-06-21T09:00+10:00", (149.13, -35.28), 43.833, 16.723),
        ("2026-12-21T16:30+02:00", (28.05, -26.2), 257.084, 30.673),
        ("2026-03-01T08:00-03:00", (-70.7, -33.4), 95.599, 5.130),
        ("2025-08-12T09:10+08:00", (115.5, -3.5), 67.646, 38.765),
        ("2020-06-01T04:00+02:00", (24.0, 67.0), 49.617, 7.827),
    ],
)
def test_it_stands_where_a_full_theory_of_its_motion_has_it(moment, place, azimuth, elevation):
    """By PyEphem 4.2.1 (VSOP87, no refraction), from Canberra to Lapland."""
    sun = sun_position(datetime.fromisoformat(moment), longitude=place[0], latitude=place[1])
    assert sun.azimuth_deg == pytest.approx(azimuth, abs=0.02)
    assert sun.elevation_deg == pytest.approx(elevation, abs=0.02)


@pytest.mark.parametrize(
    ("moment", "place"),
    [
        (datetime(2023, 10, 9, 11, 40, tzinfo=WIB), (106.83, -6.17)),
        (datetime(2018, 9, 23, 11, 35, tzinfo=WIB), (109.33, -0.03)),
        (datetime(2018, 10, 6, 11, 50, tzinfo=WITA), (119.42, -5.14)),
        (datetime(2018, 9, 20, 11, 34, tzinfo=WITA), (124.84, 1.49)),
    ],
)
def test_nothing_casts_a_shadow_on_the_days_that_bmkg_announced(moment, place):
    """Indonesia's hari tanpa bayangan: Jakarta, Pontianak, Makassar, Manado; to the minute."""
    sun = sun_position(moment, longitude=place[0], latitude=place[1])
    assert math.hypot(*shadow_tip(sun)) < 0.01
    an_hour = sun_position(moment + timedelta(hours=1), longitude=place[0], latitude=place[1])
    assert math.hypot(*shadow_tip(an_hour)) > 0.2


def test_a_moment_without_zone_tells_nothing():
    with pytest.raises(ValueError, match="time zone"):
        sun_position(datetime(2026, 10, 3, 13, 40), longitude=115.5, latitude=-3.5)  # noqa: DTZ001


def test_shadows_fall_away_from_the_sun_and_as_far_as_it_is_low():
    morning = SunPosition(azimuth_deg=90.0, elevation_deg=45.0)
    evening = SunPosition(azimuth_deg=270.0, elevation_deg=45.0)
    assert shadow_tip(morning) == pytest.approx((-1.0, 0.0), abs=1e-12)
    assert shadow_shift(morning, evening) == pytest.approx(2.0)
    low = SunPosition(azimuth_deg=90.0, elevation_deg=math.degrees(math.atan(0.5)))
    assert shadow_shift(morning, low) == pytest.approx(1.0)
    overhead = [SunPosition(azimuth_deg=a, elevation_deg=89.0) for a in (0.0, 180.0)]
    assert shadow_shift(*overhead) < 0.04, "near the zenith the azimuth says nothing"


def test_at_night_there_are_no_shadows():
    night = sun_position(datetime(2026, 10, 3, 16, 0, tzinfo=UTC), longitude=115.5, latitude=-3.5)
    assert night.elevation_deg < -30
    assert shadow_tip(night) is None
    assert shadow_shift(night, SunPosition(azimuth_deg=0.0, elevation_deg=60.0)) is None


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.floats(-180, 180),
    st.floats(-90, 90),
)
def test_the_zone_of_a_clock_moves_no_sun(moment, longitude, latitude):
    sun = sun_position(moment, longitude=longitude, latitude=latitude)
    elsewhere = sun_position(moment.astimezone(WITA), longitude=longitude, latitude=latitude)
    assert sun == elsewhere
    assert 0 <= sun.azimuth_deg <= 360
    assert -90 <= sun.elevation_deg <= 90
