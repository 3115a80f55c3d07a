"""What heights are counted in and from, as a file or a person states it; never guessed."""

import math
import re
from dataclasses import dataclass, replace
from typing import Final

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import RefusedError

US_SURVEY_FOOT_M: Final = 1200 / 3937

UNITS: Final = {
    "m": 1.0,
    "metre": 1.0,
    "metres": 1.0,
    "meter": 1.0,
    "meters": 1.0,
    "cm": 0.01,
    "mm": 0.001,
    "ft": 0.3048,
    "foot": 0.3048,
    "feet": 0.3048,
    "us-ft": US_SURVEY_FOOT_M,
    "ftus": US_SURVEY_FOOT_M,
    "us survey foot": US_SURVEY_FOOT_M,
    "us survey feet": US_SURVEY_FOOT_M,
}
"""Metres of one unit, by the names that files and people have for it."""

SAME_UNIT: Final = 1e-7
"""Share by which two numbers for a unit may differ; the two feet by twenty times as much."""

_CODE: Final = re.compile(r"[A-Za-z]{2,10}:\d{1,7}")
_LONGEST_WKT: Final = 50_000
_NO_NAME: Final = re.compile(r"(?i)(unknown|unnamed|undefined|unspecified|not specified|local)\b")
"""What writers of files call a level that they know nothing of."""


@dataclass(frozen=True, kw_only=True)
class HeightSystem:
    """Unit and level of heights, as far as somebody states them."""

    metres_up: float | None
    """What one unit is upwards, in metres; negative where depths are counted. None where nobody
    states the unit."""

    datum: CRS | None
    """Vertical system, or the geographic one above whose ellipsoid heights are; None where none is
    stated."""

    is_one_level: bool = False
    """Whether a person answers for it that both dates count from one level, whichever it is."""

    @property
    def knows_level(self) -> bool:
        """Whether it is stated from where heights count, so that two dates can be held together."""
        return self.datum is not None or self.is_one_level


def stated_heights(wkt: str | None, unit: str | None) -> HeightSystem:
    """
    What a file states of its heights.

    Parameters
    ----------
    wkt
        Its reference system with the vertical part, as WKT; None where it names none.
    unit
        Unit of its band; None where it names none.

    Returns
    -------
    HeightSystem
        Without a unit where the band and the vertical system name two.
    """
    datum = None
    if wkt is not None and len(wkt) <= _LONGEST_WKT:
        try:
            datum = _vertical(CRS.from_wkt(wkt))
        except CRSError:
            datum = None
    of_band = UNITS.get((unit or "").strip().lower())
    metres_up = _metres_up(datum) if datum is not None else of_band
    if datum is not None and of_band is not None and not _same(abs(metres_up or 0.0), of_band):
        metres_up = None
    named = datum is not None and not _NO_NAME.match(_level(datum))
    return HeightSystem(metres_up=metres_up, datum=datum if named else None)


def declared_heights(text: str) -> HeightSystem:
    """
    What a person states of heights: a vertical system by its code, or a unit alone.

    With a unit alone it is stated that both dates count from one level.

    Parameters
    ----------
    text
        A code such as ``EPSG:5773`` (digits alone are EPSG's) of a vertical system, of one that
        has a vertical part, or of a geographic one with heights above its ellipsoid; or ``m``,
        ``ft``, ``us-ft``.

    Raises
    ------
    RefusedError
        ``declared_heights_unknown``.
    """
    said = text.strip()
    if (unit := UNITS.get(said.lower())) is not None:
        return HeightSystem(metres_up=unit, datum=None, is_one_level=True)
    code = f"EPSG:{said}" if said.isdecimal() else said.upper()
    datum = None
    if _CODE.fullmatch(code):
        try:
            datum = _vertical(CRS.from_user_input(code))
        except CRSError:
            datum = None
    metres_up = _metres_up(datum) if datum is not None else None
    if metres_up is None:
        raise RefusedError("declared_heights_unknown", heights=text)
    return HeightSystem(metres_up=metres_up, datum=datum)


def completed(stated: HeightSystem, declared: HeightSystem) -> HeightSystem:
    """
    Fill what a file leaves open from what a person states.

    Raises
    ------
    RefusedError
        ``heights_stated_twice`` if the two contradict each other.
    """
    mine, theirs = stated.metres_up, declared.metres_up
    if mine is not None and theirs is not None and not _same(mine, theirs):
        raise RefusedError("heights_stated_twice")
    if stated.datum is not None:
        if declared.datum is not None and not same_level(stated.datum, declared.datum):
            raise RefusedError("heights_stated_twice")
        declared = replace(declared, is_one_level=False)  # the file says which level it is
    return HeightSystem(
        metres_up=theirs if mine is None else mine,
        datum=declared.datum if stated.datum is None else stated.datum,
        is_one_level=declared.is_one_level,
    )


def same_level(one: CRS, other: CRS) -> bool:
    """Whether two vertical systems count from one level, in whatever unit or direction."""
    return one.is_vertical == other.is_vertical and one.datum == other.datum


def level_name(datum: CRS) -> str:
    """Name of the level that heights count from."""
    return datum.name if datum.is_vertical else f"{_level(datum)}, ellipsoid"


def _vertical(crs: CRS) -> CRS | None:
    """Vertical part of a system; None where it has none."""
    if crs.is_bound and crs.source_crs is not None:
        crs = crs.source_crs
    if crs.is_compound:
        return next((part for one in crs.sub_crs_list if (part := _vertical(one))), None)
    if crs.is_vertical:
        return crs
    has_heights = (crs.is_geographic or crs.is_projected) and len(crs.axis_info) == 3  # noqa: PLR2004
    return crs.geodetic_crs.to_3d() if has_heights and crs.geodetic_crs else None


def _metres_up(datum: CRS) -> float | None:
    axis = datum.axis_info[-1]
    factor = axis.unit_conversion_factor
    if axis.direction not in ("up", "down") or not (math.isfinite(factor) and factor > 0):
        return None
    return factor if axis.direction == "up" else -factor


def _level(datum: CRS) -> str:
    return datum.datum.name if datum.datum else datum.name


def _same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SAME_UNIT)
