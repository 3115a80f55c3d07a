"""How points lie in a picture: enough of them, apart from one another, and not in one line."""

from collections.abc import Sequence

import numpy as np
from shapely import MultiPoint, box

from geo.control_points import ControlPoint, Positions, pixels_of
from geo.errors import RefusedError

LEAST = 3
"""Points that hold an affine map; their errors then show nowhere."""

MOST = 300
"""Points of one role: the work grows with their third power."""

_FLATNESS = 0.02
"""Points whose narrow spread is below this share of the wide one lie in one line."""

_SAME_PX = 1.0
"""Points nearer than this in the picture are one place."""


def cover_of(pixels: Positions, *, rows: int, columns: int) -> float:
    """Share of a picture that lies between points."""
    picture = box(0, 0, columns, rows)
    return float(MultiPoint(pixels).convex_hull.intersection(picture).area / picture.area)


def require_layout(points: Sequence[ControlPoint], *, rows: int, columns: int) -> None:
    """
    Require that points can hold a picture.

    Raises
    ------
    RefusedError
        ``control_points_too_few`` below three, ``control_points_in_line``; what
        `require_in_picture` refuses.
    """
    if len(points) < LEAST:
        raise RefusedError("control_points_too_few", count=len(points), limit=LEAST)
    require_in_picture(points, rows=rows, columns=columns)
    pixels = pixels_of(points)
    spread = np.linalg.svd(pixels - pixels.mean(axis=0), compute_uv=False)
    if spread[1] < _FLATNESS * spread[0]:
        raise RefusedError("control_points_in_line")


def require_in_picture(points: Sequence[ControlPoint], *, rows: int, columns: int) -> None:
    """
    Require that the points of one role lie in the picture, and each at a place of its own.

    Raises
    ------
    RefusedError
        ``control_points_too_many``; ``control_points_outside_image`` and
        ``control_points_same_place``, which name points.
    """
    if len(points) > MOST:
        raise RefusedError("control_points_too_many", count=len(points), limit=MOST)
    for point in points:
        if not (-1 <= point.column <= columns + 1 and -1 <= point.row <= rows + 1):
            raise RefusedError(
                "control_points_outside_image", where=point.name, columns=columns, rows=rows
            )
    if len(points) <= 1:
        return
    apart = _apart(pixels_of(points), pixels_of(points))
    np.fill_diagonal(apart, np.inf)
    if apart.min() < _SAME_PX:
        first, second = np.unravel_index(int(apart.argmin()), apart.shape)
        names = f"{points[int(first)].name}, {points[int(second)].name}"
        raise RefusedError("control_points_same_place", points=names)


def standing_on(points: Sequence[ControlPoint], others: Sequence[ControlPoint]) -> list[str]:
    """Names of the points that lie in the picture where one of others does."""
    if not (points and others):
        return []
    near = _apart(pixels_of(points), pixels_of(others)).min(axis=1) < _SAME_PX
    return [point.name for point, is_near in zip(points, near, strict=True) if is_near]


def _apart(some: Positions, others: Positions) -> Positions:
    """Distance (n, m) of each of some from each of others."""
    across, down = (some[:, np.newaxis] - others).transpose(2, 0, 1)
    apart: Positions = np.hypot(across, down)
    return apart
