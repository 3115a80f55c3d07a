"""Two surfaces laid level on the ground that stood still, and how well that is known."""

import math
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from geo.elevation import Heights, places
from geo.height_noise import LEVEL_95, HeightNoise, alike, height_noise, nmad, spread, worth
from geo.raster import Mask

BLOCKS = 8
"""Blocks along the longer side, between whose medians the drift of the level is measured."""

FEWEST_IN_BLOCK = 30
FEWEST_BLOCKS = 4
FEWEST_FOR_PLANE = 8
"""Stable cells and blocks from which a median, and the spread of medians, mean something."""

MIN_WIDTH = 0.03
"""Least spread of stable ground along its weaker axis, in diagonals of the grid, for a plane."""

ROUNDS = 10
"""Reweightings of the plane; the weights have settled by then."""

LOOKS = 4
"""Looks for still ground; each starts from the level that the last one found."""

STILL = 3.0
"""Change of a cell, in standard deviations, past which its ground is not taken to be stable."""

TUKEY = 4.7
"""Residual, in standard deviations, past which a cell has no say in the plane."""

AROUND = 5
"""Cells across the square whose mean tells small changes from noise, as of grass that grew."""


@dataclass(frozen=True, kw_only=True, eq=False)
class VerticalAlignment:
    """What was taken off the later heights, and how well that is known."""

    offset_m: float
    """Later minus earlier height on stable ground, at the centre."""

    slope: tuple[float, float]
    """Rise of that offset towards the east and the north, metres a metre."""

    centre: tuple[float, float]
    """Place in the reference system of the grid that the plane is told from."""

    covariance: NDArray[np.float64]
    """(3, 3); of offset and slopes, from the drift of the level between blocks."""

    nmad_m: float
    """Robust standard deviation of the difference on stable ground once aligned. It holds the
    errors of both dates: the square root of the sum of their squares."""

    noise: HeightNoise
    """The same of means, by the area that they are taken over."""

    stable_cells: int

    @property
    def detection_limit_m(self) -> float:
        """
        Smallest change of one cell that is not noise, with 95 % confidence.

        1.96 sqrt(s1^2 + s2^2): Brasington, Langham and Rumsby, Geomorphology 53 (2003); Lane,
        Westaway and Hicks, Earth Surface Processes and Landforms 28 (2003). The root is read off
        the stable cells.
        """
        return LEVEL_95 * self.nmad_m

    def level_error_m3(self, moments: NDArray[np.float64]) -> float:
        """Half the 95 % interval of what an error of the level adds up to, by `moments`."""
        return LEVEL_95 * math.sqrt(max(float(moments @ self.covariance @ moments), 0.0))


def align_vertically(
    before: Heights, after: Heights, *, stable: Mask, tilted: bool
) -> VerticalAlignment | None:
    """
    Measure how the level of two surface models differs where the ground did not change.

    Parameters
    ----------
    before, after
        The two dates, on one grid.
    stable
        (rows, columns); True where the ground is taken to be the same on both dates. Up to half
        of it may have changed after all: medians and Tukey's weights do not mind.
    tilted
        Whether to fit a plane; else a single offset.

    Returns
    -------
    VerticalAlignment or None
        None where stable ground is too small, or for a plane too narrow, to tell.
    """
    where = stable & before.valid & after.valid
    if where.sum() < FEWEST_IN_BLOCK:
        return None
    grid = before.grid
    difference = (after.values[where] - before.values[where]).astype(np.float64)
    design = _design(grid.shape, grid.pixel_size, where)
    plane = np.array([np.median(difference), 0.0, 0.0])
    if tilted:
        diagonal_m = math.hypot(*grid.shape) * grid.pixel_size
        extent = np.cov(design[:, 1], design[:, 2])
        if np.linalg.eigvalsh(extent)[0] < (MIN_WIDTH * diagonal_m) ** 2:
            return None
        plane = _robust_plane(design, difference, plane)
    remaining = np.zeros(grid.shape)
    remaining[where] = difference - design @ plane
    covariance = _covariance(remaining, where, design, tilted=tilted)
    if covariance is None:
        return None
    # The grid's own axes are turned to east and north.
    t = grid.transform
    turn = np.eye(3)
    turn[1:, 1:] = np.array([[t.a, t.d], [t.b, t.e]]) / grid.pixel_size
    turned = np.linalg.inv(turn)
    plane = turned @ plane
    return VerticalAlignment(
        offset_m=float(plane[0]),
        slope=(float(plane[1]), float(plane[2])),
        centre=t @ (grid.columns / 2, grid.rows / 2),
        covariance=turned @ covariance @ turned.T,
        nmad_m=nmad(remaining[where]),
        noise=height_noise(remaining, where, cell_m=grid.pixel_size),
        stable_cells=int(where.sum()),
    )


def align_on_still_ground(
    before: Heights, after: Heights, *, tilted: bool, among: Mask | None = None
) -> VerticalAlignment | None:
    """
    Measure the level where looks at the ground find no change; most of it has none.

    Parameters
    ----------
    before, after
        The two dates, on one grid.
    tilted
        Whether to fit a plane; a single offset stands in where the ground is too narrow for one.
    among
        (rows, columns); the ground to look at, all of it where None.
    """
    known = before.valid & after.valid
    known = known if among is None else known & among
    level = align_vertically(before, after, stable=known, tilted=False)
    for plane in [False] + [tilted] * (LOOKS - 1):
        if level is None:
            return None
        still = _still(height_change(before, after, alignment=level), known, level)
        found = align_vertically(before, after, stable=still, tilted=plane)
        if found is None and plane:
            found = align_vertically(before, after, stable=still, tilted=False)
        level = found
    return level


def height_change(before: Heights, after: Heights, *, alignment: VerticalAlignment) -> Heights:
    """
    Height of the later date above the earlier, once both stand level; up is positive.

    Parameters
    ----------
    before, after
        The two dates, on one grid: that of the alignment, or any window of its ground.
    alignment
        From `align_vertically`.
    """
    valid = before.valid & after.valid
    x, y = places(before.grid)
    east, north = x - alignment.centre[0], y - alignment.centre[1]
    level = alignment.offset_m + alignment.slope[0] * east + alignment.slope[1] * north
    change = (after.values - before.values - level).astype(np.float32)
    return Heights(values=np.where(valid, change, np.float32(0)), valid=valid, grid=before.grid)


def _still(change: Heights, known: Mask, level: VerticalAlignment) -> Mask:
    """Ground that neither differs itself nor lies in a patch that differs as a whole."""
    still: Mask = known & (np.abs(change.values) <= STILL * level.nmad_m)
    of = (still.astype(np.float64), np.where(still, change.values, 0.0))
    count, total = (scipy.ndimage.uniform_filter(one, AROUND, mode="constant") for one in of)
    means = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    patch_m2 = (AROUND * change.grid.pixel_size) ** 2
    moved = np.abs(means) > STILL * level.noise.sigma_m(patch_m2)
    # A patch has half as many cells again on each side.
    return still & ~scipy.ndimage.binary_dilation(moved, iterations=AROUND // 2)


def _design(shape: tuple[int, int], cell_m: float, where: Mask) -> NDArray[np.float64]:
    """One, and metres from the centre along the axes of the grid, of every marked cell."""
    rows, columns = np.nonzero(where)
    across, down = columns + 0.5 - shape[1] / 2, rows + 0.5 - shape[0] / 2
    return np.column_stack([np.ones(len(rows)), across * cell_m, down * cell_m])


def _robust_plane(
    design: NDArray[np.float64], difference: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    plane = start
    for _ in range(ROUNDS):
        remaining = difference - design @ plane
        # Exact heights have no spread to weigh by: a hundredth of a millimetre stands in.
        cut = max(TUKEY * nmad(remaining), 1e-5)
        root = np.clip(1 - (remaining / cut) ** 2, 0, None)
        weighted = design * root[:, None]
        # Three equations in place of as many as there are cells.
        plane = np.linalg.solve(weighted.T @ weighted, weighted.T @ (difference * root))
    return plane


def _covariance(
    remaining: NDArray[np.float64], where: Mask, design: NDArray[np.float64], *, tilted: bool
) -> NDArray[np.float64] | None:
    """
    Covariance of the plane from the medians of blocks: the errors within one are alike.

    Blocks side by side err alike too, and then are worth fewer; how much, their medians tell.
    None for a plane from too few blocks.
    """
    side = math.ceil(max(where.shape) / BLOCKS)
    rows, columns = np.nonzero(where)
    block = (rows // side) * BLOCKS + columns // side
    order = np.argsort(block, kind="stable")
    cuts = np.flatnonzero(np.diff(block[order])) + 1
    groups = [g for g in np.split(order, cuts) if g.size >= FEWEST_IN_BLOCK]
    if tilted and len(groups) < FEWEST_FOR_PLANE:
        return None
    covariance = np.zeros((3, 3))
    known = remaining[where]
    if len(groups) < FEWEST_BLOCKS:
        covariance[0, 0] = nmad(known) ** 2
        return covariance
    medians = np.full(BLOCKS * BLOCKS, np.nan)
    medians[[block[g[0]] for g in groups]] = [np.median(known[g]) for g in groups]
    square = medians.reshape(BLOCKS, BLOCKS)
    terms = 3 if tilted else 1
    blocks = np.array([design[g].mean(axis=0)[:terms] for g in groups])
    variance = spread(square, fitted=terms) ** 2 * worth(alike(square))
    covariance[:terms, :terms] = variance * np.linalg.inv(blocks.T @ blocks)
    return covariance
