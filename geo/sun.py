"""The sun: where it stood over a place at a moment, and so which way shadows fell."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime

_J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
_DAYS_PER_CENTURY = 36_525.0

_LEAST_TANGENT = 0.01
"""Of the elevation: on the horizon shadows have no length that could be told."""


@dataclass(frozen=True, kw_only=True)
class SunPosition:
    """Where the sun's centre stands, as geometry has it: the air lifts it by 0.03 degrees more."""

    azimuth_deg: float
    """Clockwise from north, 0-360."""

    elevation_deg: float
    """Above the horizon; negative at night."""


def sun_position(moment: datetime, *, longitude: float, latitude: float) -> SunPosition:
    """
    Where the sun stands over a place.

    The low-precision position of the sun of Meeus, *Astronomical Algorithms*, 2nd edition
    (1998), chapter 25, as NOAA's solar calculator takes it: within 0.02 degrees from 1950 to
    2050. Universal time is taken for the dynamical one: what that leaves is less.

    Parameters
    ----------
    moment
        With its time zone.
    longitude, latitude
        In degrees, east and north positive.

    Raises
    ------
    ValueError
        If the moment names no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("where the sun stood is known only of a moment with a time zone")
    days = (moment - _J2000).total_seconds() / 86_400
    right_ascension, declination = _equatorial(days / _DAYS_PER_CENTURY)
    # Sidereal time at Greenwich in degrees: chapter 12; its term in T^2 is far below a second.
    hour_angle = math.radians(280.46061837 + 360.98564736629 * days + longitude) - right_ascension
    north = math.radians(latitude)
    up = math.sin(north) * math.sin(declination) + (
        math.cos(north) * math.cos(declination) * math.cos(hour_angle)
    )
    eastward = -math.cos(declination) * math.sin(hour_angle)
    northward = math.cos(north) * math.sin(declination) - (
        math.sin(north) * math.cos(declination) * math.cos(hour_angle)
    )
    return SunPosition(
        azimuth_deg=math.degrees(math.atan2(eastward, northward)) % 360,
        elevation_deg=math.degrees(math.atan2(up, math.hypot(eastward, northward))),
    )


def _equatorial(centuries: float) -> tuple[float, float]:
    """Apparent right ascension and declination, in radians, this many centuries after 2000."""
    t = centuries
    mean_longitude = 280.46646 + t * (36_000.76983 + t * 0.0003032)
    anomaly = math.radians(357.52911 + t * (35_999.05029 - t * 0.0001537))
    centre = (
        (1.914602 - t * (0.004817 + t * 0.000014)) * math.sin(anomaly)
        + (0.019993 - t * 0.000101) * math.sin(2 * anomaly)
        + 0.000289 * math.sin(3 * anomaly)
    )
    node = math.radians(125.04 - 1934.136 * t)
    # Aberration and nutation make the true longitude the apparent one.
    longitude = math.radians(mean_longitude + centre - 0.00569 - 0.00478 * math.sin(node))
    obliquity = math.radians(
        23.4392911 - t * (0.0130042 + t * (1.64e-7 - t * 5.04e-7)) + 0.00256 * math.cos(node)
    )
    right_ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    return right_ascension, math.asin(math.sin(obliquity) * math.sin(longitude))


def shadow_tip(sun: SunPosition) -> tuple[float, float] | None:
    """
    Where the shadow of a post falls: east and north of its foot, in its own heights.

    None where the sun stands below the horizon, or on it: there are no shadows then.
    """
    tangent = math.tan(math.radians(sun.elevation_deg))
    if tangent < _LEAST_TANGENT:
        return None
    azimuth = math.radians(sun.azimuth_deg)
    return -math.sin(azimuth) / tangent, -math.cos(azimuth) / tangent


def shadow_shift(first: SunPosition, second: SunPosition) -> float | None:
    """
    How far apart the tips of a post's shadows fall under two suns, in heights of the post.

    One number for direction and length: near the zenith the azimuth says nothing, and a low
    sun that only sank by a little draws shadows out. None where either sun casts no shadow.
    """
    tips = shadow_tip(first), shadow_tip(second)
    if tips[0] is None or tips[1] is None:
        return None
    return math.dist(tips[0], tips[1])
