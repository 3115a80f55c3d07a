"""Control points: surveyed places found in the picture, what they fit, and what they prove."""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from io import StringIO
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.datum import passage
from geo.errors import RefusedError

MAX_BYTES = 4 << 20

COLUMNS = ("name", "role", "crs", "x", "y", "column", "row")

CE90_FACTOR = 1.5175
"""Circular error at 90 % from the radial RMSE, errors normal and alike in both axes."""

LEAST_FOR_AFFINE = 3

FLATNESS = 0.02
"""Control points whose narrow spread is below this share of the wide one lie in one line."""


class Role(StrEnum):
    """What a point is used for; never both, or the accuracy would praise itself."""

    CONTROL = "control"
    CHECK = "check"


@dataclass(frozen=True, kw_only=True)
class ControlPoint:
    """One surveyed place."""

    name: str
    role: Role

    x: float
    """Easting or longitude, in the reference system of the list."""

    y: float

    column: float
    """Position in the picture, counted from the outer corner of its first pixel."""

    row: float


@dataclass(frozen=True, kw_only=True)
class ControlPointList:
    """The points of one picture, in one reference system."""

    crs: CRS
    points: tuple[ControlPoint, ...]

    def of(self, role: Role) -> tuple[ControlPoint, ...]:
        """Give the points with one role."""
        return tuple(point for point in self.points if point.role is role)

    def on(self, crs: CRS) -> "ControlPointList":
        """Give the same points in another reference system; a guess of PROJ is no answer."""
        if crs == self.crs or not self.points:
            return self
        x, y = np.array([(p.x, p.y) for p in self.points]).T
        try:
            moved = passage(self.crs, crs, near=(x.mean(), y.mean()))(x, y)
        except RefusedError as error:
            raise RefusedError("control_points_crs_unrelated") from error
        if not np.isfinite(moved).all():
            raise RefusedError("control_points_crs_unrelated")
        points = zip(self.points, np.transpose(moved).tolist(), strict=True)
        return ControlPointList(
            crs=crs, points=tuple(replace(point, x=x, y=y) for point, (x, y) in points)
        )


@dataclass(frozen=True, kw_only=True)
class Residual:
    """By how much the fitted picture misses one surveyed place: picture minus survey."""

    name: str
    role: Role
    east_m: float
    north_m: float


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How far positions read from the picture lie from the truth, after independent points."""

    points: int
    rmse_m: float
    ce90_m: float


def read_control_points(path: Path) -> ControlPointList:
    """
    Read a control-point table: CSV with the columns name, role, crs, x, y, column, row.

    Raises
    ------
    RefusedError
        ``control_points_unreadable``, ``control_points_columns``, ``control_points_value``
        (with the line), ``control_points_crs_unknown``, ``control_points_mixed_crs``.
    """
    if path.stat().st_size > MAX_BYTES:
        raise RefusedError("control_points_unreadable")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedError("control_points_unreadable") from error
    table = csv.DictReader(StringIO(text))
    missing = [column for column in COLUMNS if column not in (table.fieldnames or ())]
    if missing:
        raise RefusedError("control_points_columns", missing=", ".join(missing))
    try:
        rows = [(table.line_num, row) for row in table]
    except csv.Error as error:
        raise RefusedError("control_points_unreadable") from error
    systems = {(row["crs"] or "").strip() for _, row in rows}
    if len(systems) != 1:
        raise RefusedError("control_points_mixed_crs", count=len(systems))
    try:
        crs = CRS.from_user_input(systems.pop())
    except CRSError as error:
        raise RefusedError("control_points_crs_unknown") from error
    return ControlPointList(crs=crs, points=tuple(_point(line, row) for line, row in rows))


def _point(line: int, row: dict[str | None, str]) -> ControlPoint:
    if None in row:
        # More values than columns: a decimal comma has split a number in two.
        raise RefusedError("control_points_value", where=f"line {line}")
    try:
        x, y, column, line_of_pixels = (float(row[key]) for key in ("x", "y", "column", "row"))
        role = Role(row["role"].strip().lower())
    except (TypeError, ValueError, AttributeError) as error:
        raise RefusedError("control_points_value", where=f"line {line}") from error
    if not all(math.isfinite(value) for value in (x, y, column, line_of_pixels)):
        raise RefusedError("control_points_value", where=f"line {line}")
    return ControlPoint(name=row["name"], role=role, x=x, y=y, column=column, row=line_of_pixels)


def fitted_affine(points: Sequence[ControlPoint]) -> Affine:
    """
    Placement of a picture that fits surveyed places best, by least squares.

    Parameters
    ----------
    points
        The control points (never check points); x and y in metres.

    Returns
    -------
    affine.Affine
        From (column, row) to (x, y).

    Raises
    ------
    RefusedError
        ``control_points_too_few`` below three; ``control_points_in_line``.
    """
    if len(points) < LEAST_FOR_AFFINE:
        raise RefusedError("control_points_too_few", count=len(points), limit=LEAST_FOR_AFFINE)
    pixels = np.array([(p.column, p.row) for p in points])
    ground = np.array([(p.x, p.y) for p in points])
    # Counted from the middle: eastings of millions would eat the digits of the pixels.
    middle_px, middle_m = pixels.mean(axis=0), ground.mean(axis=0)
    spread = np.linalg.svd(pixels - middle_px, compute_uv=False)
    if spread[1] < FLATNESS * spread[0]:
        raise RefusedError("control_points_in_line")
    turn, *_ = np.linalg.lstsq(pixels - middle_px, ground - middle_m, rcond=None)
    (a, d), (b, e) = turn
    about = Affine(a, b, 0, d, e, 0)
    return Affine.translation(*middle_m) @ about @ Affine.translation(*-middle_px)


def residuals(placed: Affine, points: Sequence[ControlPoint]) -> tuple[Residual, ...]:
    """By how much a placement misses each point, in the units of its x and y."""
    found = [placed @ (p.column, p.row) for p in points]
    return tuple(
        Residual(name=p.name, role=p.role, east_m=x - p.x, north_m=y - p.y)
        for p, (x, y) in zip(points, found, strict=True)
    )


def accuracy(missed: Sequence[Residual]) -> Accuracy | None:
    """
    Horizontal accuracy from check points; None where there are none.

    Notes
    -----
    RMSE is radial: the root of the mean of squared distances. CE90 = 1.5175 RMSE, the form
    of Indonesia's map accuracy rules (Perka BIG 15/2014) and of the US NMAS.

    Examples
    --------
    >>> point = Residual(name="1", role=Role.CHECK, east_m=0.190, north_m=0.0)
    >>> accuracy([point]).ce90_m.__round__(3)
    0.288
    """
    if not missed:
        return None
    off: NDArray[np.float64] = np.array([(r.east_m, r.north_m) for r in missed])
    rmse = float(np.sqrt((off**2).sum(axis=1).mean()))
    return Accuracy(points=len(missed), rmse_m=rmse, ce90_m=CE90_FACTOR * rmse)
