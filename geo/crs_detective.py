"""Which reading of the same coordinates would put a footprint where it should lie."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import ProjError
from shapely import MultiPolygon, Polygon

from geo.antimeridian import joined
from geo.crs import LONLAT
from geo.crs_readings import (
    Change,
    Points,
    System,
    halves_of,
    stated_system,
    systems_at,
    ways,
)
from geo.datum import Passage, own_degrees, passage
from geo.errors import RefusedError

NEAR_M: Final = 50_000.0
"""A reading that leaves the footprint further off than this explains no mistake."""

SAME_M: Final = 1.0
"""Readings that differ by less give one place, as far as anybody can see on a drone's picture."""

OFFERED, MOST_OFFERED = 3, 8
"""Told usually; where more are as near as the nearest, nothing in the numbers tells them apart."""

NOTHING: Final = "-"
"""Told where no reading fits."""

_DATUMS_M: Final = 2_000.0
"""More than any two datums differ by."""

_SIZES: Final = 1_000.0
"""A footprint this many times as wide as its permit, or as narrow, was not read as meant."""

_LEAST_M: Final = 10.0
"""In a country every footprint is small; only one smaller than this was not read as meant."""

_PIECES: Final = 16
_WIDE_DEG: Final = 6.0
"""Over targets wider than a UTM zone some zone fits any number; only single slips are told."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidate:
    """One reading of coordinates, and where it puts them."""

    code: str
    """Of the system, or ``stated`` for a stated one without a code."""

    crs: CRS
    change: Change
    """What else than the stated is read; of a number and the system changed, the number's."""

    is_stated: bool
    """Whether the system is the stated one."""

    distance_m: float
    """From the target; 0 where the two meet."""

    fits: float
    """Diagonal of the footprint in that of the target."""

    alike: tuple[str, ...] = ()
    """Codes of other systems that give the same place within a metre."""

    @property
    def effort(self) -> tuple[int, int]:
        """How much is changed."""
        numbers = self.change not in (Change.NONE, Change.CRS)
        return numbers + (not self.is_stated), [*Change].index(self.change)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Target:
    """The place meant, on a plane of metres around it."""

    shape: Polygon | MultiPolygon
    flat: Passage
    """From degrees on WGS 84 onto the plane."""

    longitude: float
    latitude: float
    width_deg: float

    @classmethod
    def of(cls, target: Polygon | MultiPolygon) -> "_Target":
        target = joined(target, LONLAT)
        inside = shapely.point_on_surface(target)
        west, south, east, north = target.bounds
        target = shapely.segmentize(target, max(east - west, north - south) / _PIECES)
        plane = CRS.from_proj4(
            f"+proj=aeqd +lat_0={inside.y} +lon_0={inside.x} +datum=WGS84 +units=m"
        )
        flat = passage(LONLAT, plane, near=(inside.x, inside.y))
        return cls(
            flat=flat,
            shape=shapely.transform(target, lambda points: np.column_stack(flat(*points.T))),
            longitude=(inside.x + 180) % 360 - 180,
            latitude=inside.y,
            width_deg=east - west,
        )

    def distance_m(self, points: Points) -> float:
        """Distance of a footprint on the plane; infinite where it has no place there."""
        if not np.isfinite(points).all():
            return math.inf
        return float(Polygon(points).convex_hull.distance(self.shape))

    @property
    def is_wide(self) -> bool:
        return self.width_deg > _WIDE_DEG

    def fits(self, points: Points) -> float:
        """Diagonal of a footprint in that of the target; 0 where it cannot be meant."""
        left, bottom, right, top = self.shape.bounds
        size_m, whole_m = (
            math.hypot(*np.ptp(points, axis=0)),
            math.hypot(right - left, top - bottom),
        )
        least_m = _LEAST_M if self.is_wide else whole_m / _SIZES
        return size_m / whole_m if least_m < size_m < whole_m * _SIZES else 0.0


def candidates(
    shape: Polygon | MultiPolygon, stated: CRS | None, target: Polygon | MultiPolygon
) -> tuple[Candidate, ...]:
    """
    Readings of the same numbers that put a footprint on or near a place.

    Parameters
    ----------
    shape
        The footprint as its file has it, x (longitude or easting) before y.
    stated
        Reference system that the file names; None where it names none.
    target
        Where it should lie: the permit in longitude and latitude, degrees on WGS 84.

    Returns
    -------
    tuple[Candidate, ...]
        Those within `NEAR_M` of the target, the nearest first; of equally near ones, to the
        width of a datum where none meets it, the one that changes least, then the commonest.
        Systems that give one place are one candidate. Distances are on an azimuthal
        equidistant plane around the target, changes of datum those of `geo.datum`.
    """
    aim = _Target.of(target)
    outline = _outline(shape)
    said = stated_system(stated) if stated else None
    systems: Sequence[System] = systems_at(aim.longitude, aim.latitude)
    if aim.is_wide:
        systems = halves_of(said) if said else ()
    others = [one for one in systems if said is None or one.code != said.code]
    found = [
        (system.rank, candidate, place)
        for system in ([said] if said else []) + others
        for candidate, place in _near(system, outline, aim, is_stated=system is said)
        if not aim.is_wide or candidate.effort[0] <= 1
    ]
    found.sort(key=lambda one: (one[1].effort, one[0]))
    grouped = _grouped([(candidate, place) for _, candidate, place in found])
    nearest_m = min((one.distance_m for one in grouped), default=0.0)
    # Where nothing meets the target, it does not tell one datum from another.
    alike_m = nearest_m + _DATUMS_M if nearest_m > 0 else 0.0
    return tuple(sorted(grouped, key=lambda one: max(one.distance_m, alike_m)))


def distance_m(shape: Polygon | MultiPolygon, stated: CRS, target: Polygon | MultiPolygon) -> float:
    """Metres from a footprint, read as stated, to its target, datums aside; infinite without."""
    aim = _Target.of(target)
    try:
        degrees = own_degrees(stated, *_outline(shape).T)
        return aim.distance_m(np.column_stack(aim.flat(*degrees)))
    except (ProjError, RefusedError):
        return math.inf  # a system that has no way to the target puts nothing there


def _outline(shape: Polygon | MultiPolygon) -> Points:
    """Hull of a footprint, its long edges followed."""
    hull = shape.convex_hull
    left, bottom, right, top = hull.bounds
    followed = shapely.segmentize(hull, max(right - left, top - bottom) / _PIECES)
    return shapely.get_coordinates(followed)


def _near(
    system: System, outline: Points, aim: _Target, *, is_stated: bool
) -> Iterator[tuple[Candidate, Points]]:
    for change, numbers in ways(system.crs, outline):
        try:
            rough = np.column_stack(aim.flat(*own_degrees(system.crs, *numbers.T)))
            if aim.distance_m(rough) > NEAR_M + _DATUMS_M:
                continue
            degrees = passage(
                system.crs, LONLAT, near=(numbers[:, 0].mean(), numbers[:, 1].mean())
            )(*numbers.T)
        except (ProjError, RefusedError):
            continue  # a system that has no way to the target puts nothing there
        place = np.column_stack(aim.flat(*degrees))
        away_m = aim.distance_m(place)
        if away_m > NEAR_M or not (fits := aim.fits(place)):
            continue
        changed = Change.CRS if change is Change.NONE and not is_stated else change
        yield (
            Candidate(
                code=system.code,
                crs=system.crs,
                change=changed,
                is_stated=is_stated,
                distance_m=away_m,
                fits=fits,
            ),
            place,
        )


def _grouped(found: Sequence[tuple[Candidate, Points]]) -> list[Candidate]:
    """Make one of the readings that give one place; the first of them leads."""
    leaders: list[tuple[Candidate, Points]] = []
    for one, place in found:
        for number, (leader, there) in enumerate(leaders):
            if _slip(one) == _slip(leader) and np.abs(place - there).max() <= SAME_M:
                leaders[number] = replace(leader, alike=(*leader.alike, one.code)), there
                break
        else:
            leaders.append((one, place))
    return [leader for leader, _ in leaders]


def _slip(one: Candidate) -> Change:
    return Change.NONE if one.change is Change.CRS else one.change
