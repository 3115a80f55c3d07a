"""Where a shape lies against the boundary: cut by it, and each part measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from pyproj import CRS
from shapely import Geometry

from geo.area import area_m2, perimeter_m
from geo.partition import Division, Split, ledger_m2
from inspection.model import Location


@dataclass(frozen=True, kw_only=True, eq=False)
class Placed:
    """A shape cut by the boundary."""

    split: Split
    areas_m2: Mapping[str, float]
    """``inside``, ``uncertain``, ``outside``, and their exact sum under ``whole``."""

    location: Location


def placed(
    shape: Geometry, division: Division, *, crs: CRS, minimum_area_m2: float
) -> Placed | None:
    """
    Where a shape lies; None where less of it than the least finding is ground looked at.

    It lies outside when a part as large as the least finding lies beyond the uncertainty of
    the line, in doubt when it only reaches it, else inside.
    """
    split = division.split(shape)
    areas = areas_of(split, crs)
    if areas["whole"] < minimum_area_m2:
        return None
    if areas["outside"] >= minimum_area_m2:
        location = Location.OUTSIDE
    elif areas["outside"] + areas["uncertain"] > 0:
        location = Location.UNCERTAIN
    else:
        location = Location.INSIDE
    return Placed(split=split, areas_m2=areas, location=location)


def areas_of(split: Split, crs: CRS) -> dict[str, float]:
    """Square metres of the three parts of a cut shape, and of the ``whole`` they make exactly."""
    parts: dict[str, Geometry] = {
        "inside": split.inside,
        "uncertain": split.uncertain,
        "outside": split.outside,
    }
    return ledger_m2(parts, split.whole, crs)


def least_finding_m2(*, minimum_area_m2: float, minimum_area_px: float, pixel_m: float) -> float:
    """Square metres of the least finding, by the two limits of the profile."""
    return max(minimum_area_m2, minimum_area_px * pixel_m**2)


def border_m2(
    shape: Geometry, crs: CRS, *, border_m: float, instead_of: Geometry | None = None
) -> float:
    """
    How far an area is uncertain whose rim is known to within so many metres.

    A rim drawn in place of a measured one with more bends is no surer: the longer of both counts.
    """
    rims = [one for one in (shape, instead_of) if one is not None]
    longest = max(perimeter_m(one, crs) for one in rims)
    return min(longest * border_m, area_m2(shape, crs))
