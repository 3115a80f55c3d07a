"""Control points: surveyed places found in the picture, and what they prove."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geo.datum import DatumChange, passage
from geo.errors import RefusedError

type Positions = NDArray[np.float64]
"""(n, 2): column and row in a picture, or x and y on the ground."""

CE90_FACTOR = 1.5175
"""Circular error at 90 % from the radial RMSE, errors normal and alike in both axes."""

_LONGITUDES_DEG, _LATITUDES_DEG = 180.0, 90.0


class Role(StrEnum):
    """What a point is used for; never two things, or the accuracy would praise itself."""

    CONTROL = "control"
    CHECK = "check"
    UNUSED = "unused"


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

    change: DatumChange | None = None
    """What it took to bring them onto this datum; None where they were surveyed on it."""

    def of(self, role: Role) -> tuple[ControlPoint, ...]:
        """Give the points with one role."""
        return tuple(point for point in self.points if point.role is role)

    def swapped(self) -> "ControlPointList":
        """Give the list as it would read with x and y exchanged."""
        return replace(self, points=tuple(replace(p, x=p.y, y=p.x) for p in self.points))

    def on(self, crs: CRS) -> "ControlPointList":
        """
        Give the same points in another reference system; a guess of PROJ is no answer.

        Raises
        ------
        RefusedError
            ``control_points_not_degrees`` where a system of degrees is given other numbers,
            ``control_points_swapped`` where exchanging them would make degrees of them;
            ``control_points_crs_unrelated``.
        """
        self._require_degrees()
        if crs == self.crs or not self.points:
            return self
        x, y = ground_of(self.points).T
        try:
            way = passage(self.crs, crs, near=(x.mean(), y.mean()))
        except RefusedError as error:
            raise RefusedError("control_points_crs_unrelated") from error
        moved = np.column_stack(way(x, y))
        if not np.isfinite(moved).all():
            raise RefusedError("control_points_crs_unrelated")
        points = zip(self.points, moved.tolist(), strict=True)
        there = tuple(replace(point, x=x, y=y) for point, (x, y) in points)
        return ControlPointList(crs=crs, points=there, change=way.change)

    def _require_degrees(self) -> None:
        if not self.crs.is_geographic or _are_degrees(self.points):
            return
        if _are_degrees(self.swapped().points):
            raise RefusedError("control_points_swapped")
        raise RefusedError("control_points_not_degrees")


def _are_degrees(points: Sequence[ControlPoint]) -> bool:
    return all(abs(p.x) <= _LONGITUDES_DEG and abs(p.y) <= _LATITUDES_DEG for p in points)


def pixels_of(points: Sequence[ControlPoint]) -> Positions:
    """Columns and rows of points."""
    return np.array([(p.column, p.row) for p in points], dtype=np.float64).reshape(-1, 2)


def ground_of(points: Sequence[ControlPoint]) -> Positions:
    """X and y of points."""
    return np.array([(p.x, p.y) for p in points], dtype=np.float64).reshape(-1, 2)


@dataclass(frozen=True, kw_only=True)
class Residual:
    """By how much the fitted picture misses one surveyed place: picture minus survey."""

    name: str
    role: Role

    x: float
    """The place as surveyed, in the reference system of the fit."""

    y: float

    east_m: float
    north_m: float

    @property
    def distance_m(self) -> float:
        """Length of the miss."""
        return math.hypot(self.east_m, self.north_m)


class Placing(Protocol):
    """Anything that gives the ground position of pixels."""

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows."""
        ...


def residuals(placed: Placing, points: Sequence[ControlPoint]) -> tuple[Residual, ...]:
    """By how much a placement misses each point, in the units of its x and y."""
    missed = placed.ground(pixels_of(points)) - ground_of(points)
    return tuple(
        Residual(name=p.name, role=p.role, x=p.x, y=p.y, east_m=east, north_m=north)
        for p, (east, north) in zip(points, missed.tolist(), strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class Accuracy:
    """How far positions read from the picture lie from the truth, after independent points."""

    points: int

    rmse_east_m: float
    rmse_north_m: float

    rmse_m: float
    """Radial: both axes together."""

    ce90_m: float
    largest_m: float


def accuracy(missed: Sequence[Residual]) -> Accuracy | None:
    """
    Horizontal accuracy from check points; None where there are none.

    Notes
    -----
    RMSE of an axis is the root of the mean of its squared misses, the radial one the root of
    the sum of both squares. CE90 = 1.5175 RMSE (radial), the form of Indonesia's map accuracy
    rules (Perka BIG 15/2014) and of the US NMAS. A systematic shift counts in full.

    Examples
    --------
    >>> point = Residual(name="1", role=Role.CHECK, x=0, y=0, east_m=0.190, north_m=0.0)
    >>> accuracy([point]).ce90_m.__round__(3)
    0.288
    """
    if not missed:
        return None
    squares = np.array([(r.east_m, r.north_m) for r in missed], dtype=np.float64) ** 2
    east, north = np.sqrt(squares.mean(axis=0)).tolist()
    rmse = math.hypot(east, north)
    return Accuracy(
        points=len(missed),
        rmse_east_m=east,
        rmse_north_m=north,
        rmse_m=rmse,
        ce90_m=CE90_FACTOR * rmse,
        largest_m=max(one.distance_m for one in missed),
    )
