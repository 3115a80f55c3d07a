"""Where an image says it lies, refused where no image of the Earth can lie."""

import math
from collections.abc import Sequence
from typing import Final

from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import RefusedError
from geo.grid import Grid

_EARTH_RADII_M: Final = (6.3e6, 6.4e6)
_FARTHEST: Final = 1e9
_SMALLEST_PIXEL: Final = (1e-4, 1e-9)
_LONGEST_WKT: Final = 50_000
_LONGITUDES_DEG, _LATITUDES_DEG = 180.0, 90.0


def grid_of(*, wkt: str | None, transform: Sequence[float], rows: int, columns: int) -> Grid | None:
    """
    Make a grid of what a file says of its place.

    Parameters
    ----------
    wkt
        Reference system as WKT; None where the file names none.
    transform
        The six numbers a, b, c, d, e, f of x = a·column + b·row + c, y = d·column + e·row + f.
    rows, columns
        Size in pixels.

    Returns
    -------
    Grid | None
        None where the file names no system or places no pixel. Rotated, sheared and
        south-up grids are as good as any.

    Raises
    ------
    RefusedError
        ``image_position_impossible``, ``image_crs_local``, ``image_crs_not_earth``,
        ``image_crs_unknown``.
    """
    placement = Affine(*transform)
    if not all(math.isfinite(number) for number in transform) or placement.is_degenerate:
        raise RefusedError("image_position_impossible", where="transform")
    if wkt is None or placement.is_identity:
        return None
    grid = Grid(crs=_earthly(wkt), transform=placement, rows=rows, columns=columns)
    least_m, least_deg = _SMALLEST_PIXEL
    if grid.pixel_size < (least_deg if grid.crs.is_geographic else least_m):
        raise RefusedError("image_position_impossible", where="pixel size")
    left, bottom, right, top = grid.bounds
    if not max(abs(number) for number in grid.bounds) < _FARTHEST:
        raise RefusedError("image_position_impossible", where="transform")
    # A raster of the whole world may reach past its edge by half a pixel.
    slack = grid.pixel_size
    if grid.crs.is_geographic and (
        max(-left, right) > _LONGITUDES_DEG + slack or max(-bottom, top) > _LATITUDES_DEG + slack
    ):
        raise RefusedError(
            "image_position_impossible",
            where="degrees",
            left=left,
            bottom=bottom,
            right=right,
            top=top,
        )
    return grid


def _earthly(wkt: str) -> CRS:
    """Horizontal part of a reference system, which must be one of this planet."""
    if len(wkt) > _LONGEST_WKT:
        raise RefusedError("image_crs_unknown")
    try:
        crs = CRS.from_wkt(wkt)
    except CRSError:
        raise RefusedError("image_crs_unknown") from None
    if crs.is_compound:
        crs = crs.sub_crs_list[0]
    if not (crs.is_geographic or crs.is_projected):
        raise RefusedError("image_crs_local")
    if crs.ellipsoid is not None:
        least, most = _EARTH_RADII_M
        if not least < crs.ellipsoid.semi_major_metre < most:
            raise RefusedError("image_crs_not_earth")
    return crs.to_2d()
