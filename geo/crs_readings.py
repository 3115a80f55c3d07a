"""Ways to read coordinates: the reference systems that may be meant, the slips of a hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.aoi import AreaOfInterest
from pyproj.database import query_crs_info
from pyproj.enums import PJType

from geo.crs import LONLAT

type Points = NDArray[np.float64]

REGISTER: Final = "EPSG"
STATED: Final = "stated"
"""Stands for the code of a stated system that has none."""

FOOT_M: Final = 0.3048
US_FOOT_M: Final = 1200 / 3937
_ZONES, _ZONE_DEG = 60, 6
_AROUND_DEG: Final = 1.0
"""Beside the place: maps near the rim of a zone are often drawn in the neighbour's."""

_KEPT: Final = 32


class Change(StrEnum):
    """What is read otherwise than it is stated, the least first."""

    NONE = "none"
    CRS = "crs"
    AXES = "axes_swapped"
    LATITUDE = "latitude_sign"
    LONGITUDE = "longitude_sign"
    FEET = "feet"
    US_FEET = "us_survey_feet"


@dataclass(frozen=True, kw_only=True, eq=False)
class System:
    """A reference system and the code that people call it by."""

    code: str
    crs: CRS

    @property
    def rank(self) -> tuple[bool, int]:
        """Order of what is common: GPS receivers write WGS 84."""
        datum = self.crs.datum.name if self.crs.datum else ""
        number = self.code.rpartition(":")[2]
        return not datum.startswith("World Geodetic System 1984"), int(
            number if number.isdecimal() else 0
        )


def stated_system(crs: CRS) -> System:
    """Give a stated system its code, or the word for having none."""
    known = crs.to_authority()
    return System(code=":".join(known) if known else STATED, crs=crs)


def systems_at(longitude: float, latitude: float) -> tuple[System, ...]:
    """
    Systems that somebody may have used for a place.

    Parameters
    ----------
    longitude, latitude
        The place, in degrees.

    Returns
    -------
    tuple[System, ...]
        All projected ones of the EPSG register whose area of use lies within a degree of the
        place; on WGS 84 the UTM zone of the place and both its neighbours, north and south;
        and longitude and latitude on the datum of each.
    """
    return _systems_at(round(longitude, 1), round(latitude, 1))


@lru_cache(maxsize=_KEPT)
def _systems_at(longitude: float, latitude: float) -> tuple[System, ...]:
    around = AreaOfInterest(
        max(longitude - _AROUND_DEG, -180),
        max(latitude - _AROUND_DEG, -90),
        min(longitude + _AROUND_DEG, 180),
        min(latitude + _AROUND_DEG, 90),
    )
    listed = query_crs_info(
        auth_name=REGISTER, pj_types=PJType.PROJECTED_CRS, area_of_interest=around
    )
    zone = int((longitude + 180) // _ZONE_DEG)
    near = [(zone + step) % _ZONES + 1 for step in (-1, 0, 1)]
    codes = {int(one.code) for one in listed} | {half + z for half in (32600, 32700) for z in near}
    projected = [_registered(code) for code in sorted(codes)]
    # The register has dozens of realizations of one datum; maps are made on those projected.
    bases = {int(code[1]) for one in projected if (code := _base(one.crs)) is not None}
    return (*projected, *(_registered(code) for code in sorted(bases)))


def _base(crs: CRS) -> tuple[str, str] | None:
    return crs.geodetic_crs.to_authority(REGISTER) if crs.geodetic_crs else None


def halves_of(system: System) -> tuple[System, ...]:
    """Give the stated system and the WGS 84 zones of both hemispheres of its UTM zone."""
    zone = system.crs.utm_zone
    halves = [half + int(zone[:-1]) for half in (32600, 32700)] if zone else []
    return (system, System(code="EPSG:4326", crs=LONLAT), *(_registered(code) for code in halves))


def _registered(code: int) -> System:
    return System(code=f"{REGISTER}:{code}", crs=CRS.from_epsg(code))


def ways(crs: CRS, points: Points) -> Iterator[tuple[Change, Points]]:
    """
    Numbers as they are written, and as they would be without one slip of the hand.

    Parameters
    ----------
    crs
        System in which they are read.
    points
        x (longitude or easting) before y, one point a row.

    Returns
    -------
    Iterator of pairs
        ``Change.NONE`` for the numbers as written; a lost sign only where they are degrees,
        feet (0.3048 m, or 1200/3937 m in the United States) only where the system has metres.
    """
    yield Change.NONE, points
    yield Change.AXES, points[:, ::-1]
    if crs.is_geographic:
        yield Change.LATITUDE, points * (1, -1)
        yield Change.LONGITUDE, points * (-1, 1)
    elif crs.axis_info and crs.axis_info[0].unit_conversion_factor == 1:
        yield Change.FEET, points * FOOT_M
        yield Change.US_FEET, points * US_FOOT_M
