"""Datums: by which operation coordinates come from one to another, and how sure that is."""

import math
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.aoi import AreaOfInterest
from pyproj.transformer import TransformerGroup

from geo.errors import RefusedError
from geo.frame import code_of, frame, geodetic

type Numbers = NDArray[np.float64]

_AT_HAND: Final = 256
"""Passages kept at hand: a site needs a handful, a table of many sites some dozens."""


@dataclass(frozen=True, kw_only=True)
class DatumChange:
    """What it takes to come from one datum to another at one place."""

    name: str
    """Of the operation, as the EPSG register names it."""

    accuracy_m: float | None
    """As the register states it; None where it states none."""

    distance_m: float
    """How far the operation moves a place."""

    applied: bool
    """
    Whether places are moved. They are not where one of the datums is an ensemble, as WGS 84
    is, and the movement is smaller than what its members differ by: it would say nothing.
    """

    better_missing: bool
    """Whether a better operation is known that needs a grid which is not at hand."""

    @property
    def uncertainty_m(self) -> float | None:
        """What it leaves in doubt; None where the register states no accuracy."""
        if self.accuracy_m is None:
            return None
        return self.accuracy_m if self.applied else math.hypot(self.accuracy_m, self.distance_m)


@dataclass(frozen=True, kw_only=True, eq=False)
class Passage:
    """Way of coordinates from one reference system into another."""

    change: DatumChange | None
    """None where both systems are on one datum."""

    steps: tuple[Transformer, ...]

    def __call__(self, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
        """Give coordinates in the other system; infinite where there are none."""
        for step in self.steps:
            x, y = step.transform(x, y)
        return x, y


def passage(source: CRS, target: CRS, *, near: tuple[float, float]) -> Passage:
    """
    Way from one reference system into another; every change of datum goes through here.

    Parameters
    ----------
    source, target
        The two systems; of one with heights the horizontal part.
    near
        A place (x, y) in `source` for which the operation must be made: operations hold for
        parts of the Earth. All places of one degree square are treated alike.

    Returns
    -------
    Passage
        By the operation that PROJ's register holds for the best one at that place. Where
        that moves places by less than the width of a datum ensemble, they are not moved.

    Raises
    ------
    RefusedError
        ``place_datum_unrelated`` where the register knows no operation between the two. What
        PROJ would do then is to take one ellipsoid for the other, which may be off by
        hundreds of metres ("ballpark").
    """
    return _passage(source, target, _square(source, near))


def same_datum(one: CRS, other: CRS) -> bool:
    """Whether two systems are on one datum, whatever their projections."""
    try:
        return _passage(one, other, None).change is None
    except RefusedError:
        return False


def own_degrees(crs: CRS, x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """
    Longitude from Greenwich and latitude, in degrees, on the system's own datum.

    No datum is changed: places on another one lie up to some hundred metres elsewhere.

    Raises
    ------
    RefusedError
        ``place_datum_unrelated`` for a system that is not of the Earth.
    """
    conversion, unit, meridian = _to_degrees(crs)
    x, y = conversion.transform(x, y)
    return x * unit + meridian, y * unit


@lru_cache(maxsize=_AT_HAND)
def _to_degrees(crs: CRS) -> tuple[Transformer, float, float]:
    """Way to angles of the system's own; their unit in degrees, and its prime meridian."""
    return _conversion(crs, geodetic(crs)), *_measures(crs)


type Square = tuple[int, int] | None
"""Longitude and latitude of the lower left corner of a degree square; None for anywhere."""


def _square(crs: CRS, place: tuple[float, float]) -> Square:
    longitude, latitude = _degrees(crs, place)
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    west = (math.floor(longitude) + 180) % 360 - 180
    return west, min(max(math.floor(latitude), -90), 89)


@lru_cache(maxsize=_AT_HAND)
def _passage(source: CRS, target: CRS, square: Square) -> Passage:
    group = _operations(source, target, square)
    if not group.transformers:
        raise _unrelated(source, target)
    best = group.transformers[0]
    # A turn to another prime meridian is one too, but exact.
    steps = [one for one in best.operations or () if one.type_name == "Transformation"]
    moving = [one for one in steps if one.accuracy != 0]
    if not moving:
        return Passage(change=None, steps=(best,))
    accuracies = [one.accuracy for one in moving]
    distance_m = _distance_m(best, source, target, square)
    telling = distance_m > max(frame(source).width_m, frame(target).width_m)
    change = DatumChange(
        name=" + ".join(one.name for one in moving),
        accuracy_m=sum(accuracies) if min(accuracies) > 0 else None,
        distance_m=distance_m,
        # Numbers can be kept only where they count the same units from the same meridian.
        applied=telling or _measures(source) != _measures(target),
        better_missing=not group.best_available,
    )
    if change.applied:
        return Passage(change=change, steps=(best,))
    kept = _conversion(source, geodetic(source)), _conversion(geodetic(target), target)
    return Passage(change=change, steps=kept)


def _operations(source: CRS, target: CRS, square: Square) -> TransformerGroup:
    """Give the operations that are known for a place, the best one first."""
    here = AreaOfInterest(*square, square[0] + 1, square[1] + 1) if square else None
    with warnings.catch_warnings():
        # That a better one lacks its grid is told by the group, and passed on as a fact.
        warnings.simplefilter("ignore", UserWarning)
        try:
            return TransformerGroup(
                source.to_2d(),
                target.to_2d(),
                always_xy=True,
                allow_ballpark=False,
                area_of_interest=here,  # type: ignore[arg-type]  # the stub names a twin
            )
        except IndexError:  # pyproj's, where PROJ knows ballpark operations alone (PZ-90.02)
            raise _unrelated(source, target) from None


def _unrelated(source: CRS, target: CRS) -> RefusedError:
    return RefusedError("place_datum_unrelated", source=code_of(source), target=code_of(target))


def _distance_m(there: Transformer, source: CRS, target: CRS, square: Square) -> float:
    """Distance on the ground between a place as it was written and as it becomes."""
    if square is None:
        return math.inf
    longitude, latitude = square[0] + 0.5, square[1] + 0.5
    unit, meridian = _measures(source)
    degrees = (longitude - meridian) / unit, latitude / unit
    place = _conversion(geodetic(source), source).transform(*degrees)
    becomes = _degrees(target, there.transform(*place))
    if not all(math.isfinite(value) for value in becomes):
        return math.inf
    return float(Geod(ellps="WGS84").inv(longitude, latitude, *becomes)[2])


def _degrees(crs: CRS, place: tuple[float, float]) -> tuple[float, float]:
    longitude, latitude = own_degrees(crs, *np.array(place, float)[:, np.newaxis])
    return float(longitude[0]), float(latitude[0])


def _measures(crs: CRS) -> tuple[float, float]:
    """Give the unit of the angles of a system in degrees, and its prime meridian."""
    unit = math.degrees(geodetic(crs).axis_info[0].unit_conversion_factor)
    zero = crs.prime_meridian
    if zero is None:
        return unit, 0.0
    return unit, zero.longitude * math.degrees(float(zero.unit_conversion_factor))


@lru_cache(maxsize=_AT_HAND)
def _conversion(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source.to_2d(), target, always_xy=True, allow_ballpark=False)
