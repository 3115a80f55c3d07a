"""Where an image says it lies, refused where no image of the Earth can lie."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.crs_detective import NOTHING
from geo.errors import RefusedError
from geo.grid import Grid

_EARTH_RADII_M: Final = (6.3e6, 6.4e6)
_FARTHEST: Final = 1e9
_SMALLEST_PIXEL: Final = (1e-4, 1e-9)
_LONGEST_WKT: Final = 50_000
_SAME_PX: Final = 0.01
_CODE: Final = re.compile(r"[A-Za-z]{2,10}:\d{1,7}")
_LONGITUDES_DEG, _LATITUDES_DEG = 180.0, 90.0


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Where an image lies, as whoever brings it says; for what its file does not say."""

    transform: Affine | None = None
    """From (column, row) of the first pixel's outer corner to (x, y), as a world file says."""

    crs: CRS | None = None

    assumed: CRS | None = None
    """Somebody answers for this system, whatever the file says."""

    @property
    def system(self) -> CRS | None:
        """What is declared, in either way."""
        return self.assumed or self.crs


UNDECLARED: Final = Declared()


def declared_crs(text: str) -> CRS:
    """
    Reference system that somebody names by its code.

    Parameters
    ----------
    text
        A code of a registry such as ``EPSG:32750`` or ``ESRI:102039``; digits alone are EPSG's.

    Raises
    ------
    RefusedError
        ``declared_crs_unknown``; ``declared_crs_unfit`` for heights alone, a system around the
        Earth's centre, a local one, or one of another planet.
    """
    code = text.strip()
    if code.isdecimal():
        code = f"EPSG:{code}"
    if not _CODE.fullmatch(code):
        raise RefusedError("declared_crs_unknown", crs=text)
    try:
        return _earthly(CRS.from_user_input(code.upper()))
    except CRSError as error:
        raise RefusedError("declared_crs_unknown", crs=text) from error
    except RefusedError as error:
        raise RefusedError("declared_crs_unfit", crs=code.upper()) from error


def grid_of(
    *,
    wkt: str | None,
    transform: Sequence[float],
    rows: int,
    columns: int,
    declared: Declared = UNDECLARED,
) -> Grid | None:
    """
    Make a grid of what a file says of its place, and of what is declared where it is silent.

    Parameters
    ----------
    wkt
        Reference system as WKT; None where the file names none.
    transform
        The six numbers a, b, c, d, e, f of x = a·column + b·row + c, y = d·column + e·row + f.
    rows, columns
        Size in pixels.
    declared
        What whoever brings the image says of its place. A local system that the file names
        gives way to it: it says of itself that it does not know where on the Earth it is. Any
        system gives way to one that is assumed.

    Returns
    -------
    Grid | None
        None where the file names no system or places no pixel. Rotated, sheared and
        south-up grids are as good as any.

    Raises
    ------
    RefusedError
        ``image_position_impossible``, ``image_crs_local``, ``image_crs_not_earth``,
        ``image_crs_unknown``; ``image_position_twice`` and ``image_crs_twice`` if what is
        declared contradicts the file.
    """
    placement = Affine(*transform)
    if not all(math.isfinite(number) for number in transform) or placement.is_degenerate:
        raise RefusedError("image_position_impossible", where="transform", candidates=NOTHING)
    placement = _placement(placement, declared.transform, rows=rows, columns=columns)
    try:
        crs = declared.assumed or _system(wkt, declared.crs)
    except RefusedError as error:
        error.facts |= box_of(placement, rows=rows, columns=columns)
        raise
    if crs is None or placement.is_identity:
        return None
    grid = Grid(crs=crs, transform=placement, rows=rows, columns=columns)
    least_m, least_deg = _SMALLEST_PIXEL
    if grid.pixel_size < (least_deg if grid.crs.is_geographic else least_m):
        raise RefusedError("image_position_impossible", where="pixel size", candidates=NOTHING)
    left, bottom, right, top = grid.bounds
    if not max(abs(number) for number in grid.bounds) < _FARTHEST:
        raise RefusedError("image_position_impossible", where="transform", candidates=NOTHING)
    # A raster of the whole world may reach past its edge by half a pixel.
    slack = grid.pixel_size
    if grid.crs.is_geographic and (
        max(-left, right) > _LONGITUDES_DEG + slack or max(-bottom, top) > _LATITUDES_DEG + slack
    ):
        raise RefusedError(
            "image_position_impossible",
            where="degrees",
            candidates=NOTHING,
            left=left,
            bottom=bottom,
            right=right,
            top=top,
        )
    return grid


def box_of(placement: Affine, *, rows: int, columns: int) -> dict[str, float]:
    """Facts of an error: the box of an image's numbers; none where it places no pixel."""
    if placement.is_identity or not all(map(math.isfinite, placement)):
        return {}
    corners = [placement @ at for at in ((0, 0), (columns, 0), (0, rows), (columns, rows))]
    (left, bottom), (right, top) = (
        [choose(one[axis] for one in corners) for axis in (0, 1)] for choose in (min, max)
    )
    return {"left": left, "bottom": bottom, "right": right, "top": top}


def earthly_or_none(wkt: str | None) -> CRS | None:
    """Reference system of the Earth that a text names; None where it names none."""
    try:
        return None if wkt is None else _earthly(_understood(wkt))
    except RefusedError:
        return None


def _placement(stated: Affine, declared: Affine | None, *, rows: int, columns: int) -> Affine:
    """Placement declared where the file states none; the two may not contradict each other."""
    if declared is None:
        return stated
    if not stated.is_identity:
        corners = [(0, 0), (columns, 0), (0, rows)]
        least = _SAME_PX * math.sqrt(abs(stated.determinant))
        if any(math.dist(stated @ at, declared @ at) > least for at in corners):
            raise RefusedError("image_position_twice")
    return declared if stated.is_identity else stated


def _system(wkt: str | None, declared: CRS | None) -> CRS | None:
    if wkt is None:
        return declared
    if declared is None:
        return _earthly(_understood(wkt))
    try:
        stated = _earthly(_understood(wkt))
    except RefusedError:
        return declared
    if not stated.equals(declared, ignore_axis_order=True):
        raise RefusedError("image_crs_twice", declared=declared.to_string())
    return stated


def _understood(wkt: str) -> CRS:
    if len(wkt) > _LONGEST_WKT:
        raise RefusedError("image_crs_unknown", candidates=NOTHING)
    try:
        return CRS.from_wkt(wkt)
    except CRSError:
        raise RefusedError("image_crs_unknown", candidates=NOTHING) from None


def _earthly(crs: CRS) -> CRS:
    """Horizontal part of a reference system, which must be one of this planet."""
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if not (crs.is_geographic or crs.is_projected):
        raise RefusedError("image_crs_local", candidates=NOTHING)
    if crs.ellipsoid is not None:
        least, most = _EARTH_RADII_M
        if not least < crs.ellipsoid.semi_major_metre < most:
            raise RefusedError("image_crs_not_earth")
    return crs.to_2d()
