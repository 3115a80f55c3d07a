"""What speaks against the claims about a flight; whether it is lawful is not judged."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import shapely
from pyproj import CRS

from geo.crs import moved_shape
from geo.grid import Grid
from inspection.flight_log.claims import END, START, Claim, Origin
from inspection.problem import Problem, warning

OLD_DAYS: Final = 30
"""A flight longer ago than this may no longer show the ground as it is."""

CLOCK_DAYS: Final = 0.6
"""A clock without zone is within little more than half a day of the same clock at Greenwich."""

FAR_KM: Final = 5.0
"""A drone that stays in sight is never as far from what it shows."""


def flight_doubts(
    claims: Mapping[str, Claim],
    *,
    flight: str,
    now: datetime,
    is_current: bool,
    grid: Grid | None,
    most_above_ground_m: float | None,
) -> list[Problem]:
    """
    List what is doubtful about a flight.

    Parameters
    ----------
    claims
        What is claimed of it.
    flight
        What the caller calls it.
    now
        The time of the question, with zone.
    is_current
        Whether the flight is to show the present; an earlier one may be old.
    grid
        Where its picture lies, as far as is known.
    most_above_ground_m
        Height above ground from which a reader is told; None where the profile names none.
    """
    found = [*_times(claims, now, is_current=is_current), *_positions(claims, grid)]
    found += [*_heights(claims, most_above_ground_m), *_conflicts(claims)]
    return [replace(one, facts={"flight": flight, **one.facts}) for one in found]


def _times(claims: Mapping[str, Claim], now: datetime, *, is_current: bool) -> Iterator[Problem]:
    if START not in claims:
        if is_current:
            yield warning("capture_time_unknown")
        return
    claim = claims[START]
    start = datetime.fromisoformat(str(claim.value))
    certain = start if start.tzinfo else start.replace(tzinfo=UTC)
    days = (now - certain).total_seconds() / 86_400
    slack = 0.0 if start.tzinfo else CLOCK_DAYS
    if days < -slack:
        yield warning("flight_time_future", value=str(claim.value), limit=now.isoformat())
    elif is_current and days > OLD_DAYS + slack:
        yield warning("flight_time_old", value=int(days), limit=OLD_DAYS)
    if claim.source is Origin.LOG and start.tzinfo is None:
        yield warning("flight_time_without_zone", value=str(claim.value))
    if END in claims:
        end = datetime.fromisoformat(str(claims[END].value))
        if (end.tzinfo is None) == (start.tzinfo is None) and end < start:
            yield warning(
                "flight_ends_before_start", value=end.isoformat(), limit=start.isoformat()
            )


def _positions(claims: Mapping[str, Claim], grid: Grid | None) -> Iterator[Problem]:
    for name in ("take_off", "position"):
        at = [claims.get(f"{name}.{axis}") for axis in ("longitude", "latitude")]
        if grid is None or at[0] is None or at[1] is None:
            continue
        away_km = distance_km(float(at[0].value), float(at[1].value), grid)
        if away_km is not None and away_km > FAR_KM:
            yield warning("flight_position_far", value=round(away_km, 1), limit=FAR_KM, where=name)


def distance_km(longitude: float, latitude: float, grid: Grid) -> float | None:
    """
    Distance on the ellipsoid from a position to the ground that an image shows, in km.

    None where the image cannot be seen from there. A map that is true to distance from the
    position itself makes it the distance of that map.
    """
    here = CRS.from_dict({"proj": "aeqd", "lon_0": longitude, "lat_0": latitude, "datum": "WGS84"})
    outline = shapely.segmentize(grid.footprint, grid.pixel_size * max(grid.shape) / 32)
    metres = moved_shape(outline, source=grid.crs, target=here).distance(shapely.Point(0, 0))
    return float(metres) / 1000 if math.isfinite(metres) else None


def _heights(claims: Mapping[str, Claim], most: float | None) -> Iterator[Problem]:
    ground, start = (
        claims.get(f"heights.{name}") for name in ("above_ground_m", "above_take_off_m")
    )
    if ground is not None:
        if most is not None and float(ground.value) > most:
            yield warning("flight_height_over", value=float(ground.value), limit=most)
        if "heights.terrain" not in claims:
            yield warning("flight_height_terrain_unknown", value=float(ground.value))
    elif start is not None:
        yield warning("flight_height_not_ground", value=float(start.value))


def _conflicts(claims: Mapping[str, Claim]) -> Iterator[Problem]:
    for name, claim in claims.items():
        if claim.file_says is not None:
            yield warning(
                "flight_log_differs",
                value=str(claim.value),
                where=name,
                entry=name,
                file_says=str(claim.file_says),
            )
