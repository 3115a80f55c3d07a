"""Transformations from a picture to the ground: what they share, and the way back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, Self

import numpy as np
from affine import Affine

from geo.control_points import Positions

type Kind = Literal["affine", "perspective", "polynomial", "spline"]

STEP_PX = 0.5
"""Half the distance over which a slope is measured."""

_ROUNDS = 24
_NEAR_PX = 1e-3
"""Error at which a place counts as found: far below what any picture shows."""

_STRIDE = 0.25
"""Longest correction of one round, in sizes of the picture: it keeps the search near it."""

_SLOPE_SERVES = 4
"""Rounds for which a slope is good enough: measuring it costs as much as four rounds."""

_LATTICE = 33


class Transformation(Protocol):
    """From columns and rows of a picture to x and y on the ground."""

    @property
    def kind(self) -> Kind:
        """Which of the four it is."""
        ...

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows; not finite where the picture shows no ground."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Frame:
    """Positions counted from their middle, in units of their spread: what keeps sums exact."""

    middle: Positions
    """(2,)."""

    reach: float

    @classmethod
    def of(cls, positions: Positions) -> Self:
        """Frame in which the positions are of order one."""
        middle = positions.mean(axis=0)
        reach = float(np.abs(positions - middle).max())
        return cls(middle=middle, reach=reach or 1.0)

    def into(self, positions: Positions) -> Positions:
        """Count positions in the frame."""
        inside: Positions = (positions - self.middle) / self.reach
        return inside

    def out_of(self, positions: Positions) -> Positions:
        """Count positions of the frame in their own units again."""
        outside: Positions = positions * self.reach + self.middle
        return outside


@dataclass(frozen=True, kw_only=True, eq=False)
class Preceded:
    """A transformation of a picture that a straight map makes of another."""

    first: Affine
    """From pixels of the one to pixels of the other."""

    then: Transformation

    @property
    def kind(self) -> Kind:
        """Of what follows."""
        return self.then.kind

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows."""
        return self.then.ground(np.stack(self.first @ tuple(pixels.T), axis=1))


def slopes(transformation: Transformation, pixels: Positions) -> Positions:
    """
    How the ground moves with the picture, at places of it.

    Returns
    -------
    numpy.ndarray
        (n, 2, 2): x and y, by column and row; central differences over one pixel.
    """
    along, down = np.array([STEP_PX, 0.0]), np.array([0.0, STEP_PX])
    ends = np.concatenate([pixels + along, pixels - along, pixels + down, pixels - down])
    east, west, south, north = transformation.ground(ends).reshape(4, -1, 2)
    slope: Positions = np.stack([east - west, south - north], axis=2) / (2 * STEP_PX)
    return slope


def pixels_at(
    transformation: Transformation, ground: Positions, *, rows: int, columns: int
) -> Positions:
    """
    Columns and rows that show places on the ground, by Newton's method.

    Parameters
    ----------
    ground
        (n, 2); x and y.
    rows, columns
        Size of the picture.

    Returns
    -------
    numpy.ndarray
        (n, 2), right to a thousandth of a pixel; NaN where no pixel near the picture shows the
        place.
    """
    start = np.array([[columns / 2, rows / 2]])
    slope = slopes(transformation, start)[0]
    origin = transformation.ground(start)
    found = start + np.linalg.solve(slope, (ground - origin).T).T
    longest = _STRIDE * max(rows, columns)
    off = np.full(len(ground), np.inf)
    inverse = np.empty((len(ground), 2, 2))
    for round_ in range(_ROUNDS):
        open_ = ~(off < _NEAR_PX)
        if not open_.any():
            break
        if round_ % _SLOPE_SERVES == 0:
            inverse[open_] = _inverse(slopes(transformation, found[open_]))
        missing = ground[open_] - transformation.ground(found[open_])
        step = np.einsum("nij,nj->ni", inverse[open_], missing)
        length = np.hypot(*step.T)
        shorter = np.minimum(1.0, longest / np.maximum(length, _NEAR_PX))
        found[open_] += step * shorter[:, None]
        off[open_] = length
    found[~(off < _NEAR_PX)] = np.nan
    return found


def _inverse(slope: Positions) -> Positions:
    """Inverse of each two by two matrix; not finite where there is none."""
    (a, b), (c, d) = np.moveaxis(slope, 0, 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse: Positions = np.moveaxis(np.array([[d, -b], [-c, a]]) / (a * d - b * c), 2, 0)
    return inverse


def lattice(*, rows: int, columns: int) -> Positions:
    """Places spread evenly over a picture, its rim included."""
    across = np.linspace(0, columns, _LATTICE)
    down = np.linspace(0, rows, _LATTICE)
    return np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 2)


def scales(transformation: Transformation, *, rows: int, columns: int) -> Positions:
    """
    Ground area of a pixel, with its sign, at places spread over a picture.

    Negative where rows run down and x and y are as on a map: a sign that changes, or is
    positive, tells a picture that is folded or seen from below.
    """
    slope = slopes(transformation, lattice(rows=rows, columns=columns))
    area: Positions = np.linalg.det(slope)
    return area


def outline(*, rows: int, columns: int) -> Iterator[tuple[float, float]]:
    """Columns and rows around the rim of a picture, corners included."""
    across, down = np.linspace(0, columns, _LATTICE), np.linspace(0, rows, _LATTICE)
    for column in across[:-1]:
        yield float(column), 0.0
    for row in down[:-1]:
        yield float(columns), float(row)
    for column in across[:0:-1]:
        yield float(column), float(rows)
    for row in down[:0:-1]:
        yield 0.0, float(row)
