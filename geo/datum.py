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

type Numbers = NDArray[np.float64]

_AT_HAND: Final = 256
"""Passages kept at hand: a site needs a handful, a table of many sites some dozens."""

_LEAST_CONFIDENCE: Final = 20
"""Share, in percent, from which a system without a code is taken for the one of the register."""


@dataclass(frozen=True, kw_only=True)
class DatumChange:
    """What it takes to come from one datum to another at one place."""

    name: str
    """Of the operation, as the EPSG register names it."""

    accuracy_m: float | None
    """As the register states it; None where it states none."""

    distance_m: float
    """How far the operation moves a place."""

    better_missing: bool
    """Whether a better operation is known that needs a grid which is not at hand."""

    @property
    def applied(self) -> bool:
        """
        Whether places are moved.

        A movement smaller than its own accuracy says nothing: the two datums are the same
        as far as anybody knows, and coordinates are kept as they were written.
        """
        return self.accuracy_m is None or self.distance_m > self.accuracy_m


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What a reference system says of its own realization."""

    datum: str
    realization: str | None
    """None where the system stands for several at once, as WGS 84 does."""

    epoch: float | None
    """Year to which its coordinates refer; None where it states none."""


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
        that moves places by less than its own accuracy, they are not moved.

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
    x, y = _conversion(crs, _geodetic(crs)).transform(x, y)
    unit, meridian = _measures(crs)
    return x * unit + meridian, y * unit


def frame(crs: CRS) -> Frame:
    """Give what a reference system says of its realization and epoch."""
    geodetic = _geodetic(crs)
    if geodetic is None or geodetic.datum is None:
        return Frame(datum="", realization=None, epoch=None)
    datum = _registered(geodetic).to_json_dict().get("datum") or {}
    return Frame(
        datum=geodetic.datum.name,
        realization=datum.get("name"),
        epoch=datum.get("frame_reference_epoch"),
    )


def _registered(geodetic: CRS) -> CRS:
    """
    Give a system as the register has it, where it has it.

    Older files name the datum, but not that it is an ensemble or moves with the years.
    """
    known = geodetic.to_authority(min_confidence=_LEAST_CONFIDENCE)
    found = CRS.from_authority(*known) if known else geodetic
    return found if _name(found) == _name(geodetic) else geodetic


def _name(geodetic: CRS) -> str:
    return geodetic.datum.name.removesuffix(" ensemble") if geodetic.datum else ""


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
    change = DatumChange(
        name=" + ".join(one.name for one in moving),
        accuracy_m=sum(accuracies) if min(accuracies) > 0 else None,
        distance_m=_distance_m(best, source, target, square),
        better_missing=not group.best_available,
    )
    if change.applied:
        return Passage(change=change, steps=(best,))
    kept = _conversion(source, _geodetic(source)), _conversion(_geodetic(target), target)
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
    return RefusedError("place_datum_unrelated", source=_code(source), target=_code(target))


def _distance_m(there: Transformer, source: CRS, target: CRS, square: Square) -> float:
    """Distance on the ground between a place as it was written and as it becomes."""
    if square is None:
        return math.inf
    longitude, latitude = square[0] + 0.5, square[1] + 0.5
    unit, meridian = _measures(source)
    degrees = (longitude - meridian) / unit, latitude / unit
    place = _conversion(_geodetic(source), source).transform(*degrees)
    becomes = _degrees(target, there.transform(*place))
    if not all(math.isfinite(value) for value in becomes):
        return math.inf
    return float(Geod(ellps="WGS84").inv(longitude, latitude, *becomes)[2])


def _degrees(crs: CRS, place: tuple[float, float]) -> tuple[float, float]:
    longitude, latitude = own_degrees(crs, *np.array(place, float)[:, np.newaxis])
    return float(longitude[0]), float(latitude[0])


def _measures(crs: CRS) -> tuple[float, float]:
    """Give the unit of the angles of a system in degrees, and its prime meridian."""
    unit = math.degrees(_geodetic(crs).axis_info[0].unit_conversion_factor)
    zero = crs.prime_meridian
    if zero is None:
        return unit, 0.0
    return unit, zero.longitude * math.degrees(float(zero.unit_conversion_factor))


@lru_cache(maxsize=_AT_HAND)
def _conversion(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source.to_2d(), target, always_xy=True, allow_ballpark=False)


@lru_cache(maxsize=_AT_HAND)
def _geodetic(crs: CRS) -> CRS:
    """Longitude and latitude on the datum of a system, without what binds it to another."""
    own = crs.source_crs if crs.is_bound and crs.source_crs else crs
    if own.geodetic_crs is None:
        raise _unrelated(crs, crs)
    return own.geodetic_crs.to_2d()


def _code(crs: CRS) -> str:
    """Code of a system; its own name may hold anything."""
    known = crs.to_authority(min_confidence=100)
    return ":".join(known) if known else "?"
