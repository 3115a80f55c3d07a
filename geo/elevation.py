"""Heights of two dates: read, laid level on stable ground, and compared."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import MaskFlags, Resampling
from rasterio.vrt import WarpedVRT

from geo.grid import Grid
from geo.raster import Mask

WARP_TOLERANCE_PX = 0.02
"""Error allowed to the approximate change of reference system; on a slope it turns into height."""

NMAD = 1.4826
"""Turns the median absolute deviation into the standard deviation of a normal distribution."""

LEVEL_95 = 1.96
"""Half the width of a 95 % interval, in standard deviations."""

BLOCKS = 8
"""Blocks along the longer side, between whose medians the drift of the level is measured."""

FEWEST_IN_BLOCK = 30
FEWEST_BLOCKS = 4
"""Stable cells and blocks from which a median, and the spread of medians, mean something."""

MIN_WIDTH = 0.03
"""Least spread of stable ground along its weaker axis, in diagonals of the grid, for a plane."""

ROUNDS = 10
"""Reweightings of the plane; the weights have settled by then."""

STILL = 3.0
"""Change of a cell, in standard deviations, past which its ground is not taken to be stable."""

TUKEY = 4.7
"""Residual, in standard deviations, past which a cell has no say in the plane."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Heights:
    """Heights, or differences of heights, of one window."""

    values: NDArray[np.float32]
    """(rows, columns), metres. Zero where not valid."""

    valid: Mask
    """(rows, columns); True where a height is known."""

    grid: Grid

    def __post_init__(self) -> None:
        """Refuse arrays that do not fit one another."""
        if self.values.shape != self.grid.shape or self.valid.shape != self.grid.shape:
            raise ValueError(
                f"values {self.values.shape} and valid {self.valid.shape} on grid {self.grid.shape}"
            )


@dataclass(frozen=True, kw_only=True)
class VerticalAlignment:
    """What was taken off the later heights, and how well that is known."""

    offset_m: float
    """Later minus earlier height on stable ground, at the centre of the grid."""

    slope: tuple[float, float]
    """Rise of that offset towards the east and the north, metres a metre."""

    nmad_m: float
    """Robust standard deviation of the difference on stable ground once aligned. It holds the
    errors of both dates: the square root of the sum of their squares."""

    level_sigma_m: float
    """Standard deviation of the common level that remains, from the drift between blocks."""

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


def read_heights(path: Path, grid: Grid, *, moved: Affine | None = None) -> Heights:
    """
    Read a surface model onto any grid, interpolated linearly.

    Parameters
    ----------
    path
        A file this product wrote itself: one band of heights in metres, with a nodata value
        where some are unknown.
    grid
        The cells asked for.
    moved
        A last correction on the ground, in the reference system of the file: what it places at
        p is read at ``moved @ p``.

    Returns
    -------
    Heights
        Not valid outside the file, and where the file has no height or none that is finite.
    """
    with rasterio.open(path, driver="GTiff") as dataset:
        if MaskFlags.per_dataset in dataset.mask_flag_enums[0]:
            raise ValueError("unknown heights are told by a nodata value here, not by a mask")
        home = dataset.transform if moved is None else moved @ dataset.transform
        with WarpedVRT(
            dataset,
            src_transform=home,
            crs=grid.rasterio_crs,
            transform=grid.transform,
            height=grid.rows,
            width=grid.columns,
            resampling=Resampling.bilinear,
            tolerance=WARP_TOLERANCE_PX,
            dtype="float32",
            src_nodata=math.nan if dataset.nodata is None else dataset.nodata,
            nodata=math.nan,
        ) as laid:
            values: NDArray[np.float32] = laid.read(1)
    valid: Mask = np.isfinite(values)
    return Heights(values=np.where(valid, values, np.float32(0)), valid=valid, grid=grid)


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
    difference = (after.values[where] - before.values[where]).astype(np.float64)
    east, north = _from_centre(before.grid, where)
    plane = np.array([np.median(difference), 0.0, 0.0])
    if tilted:
        design = np.column_stack([np.ones_like(east), east, north])
        diagonal_m = math.hypot(*before.grid.shape) * before.grid.pixel_size
        if np.linalg.eigvalsh(np.cov(east, north))[0] < (MIN_WIDTH * diagonal_m) ** 2:
            return None
        plane = _robust_plane(design, difference, plane)
    remaining = difference - (plane[0] + plane[1] * east + plane[2] * north)
    nmad = _nmad(remaining)
    return VerticalAlignment(
        offset_m=float(plane[0]),
        slope=(float(plane[1]), float(plane[2])),
        nmad_m=nmad,
        level_sigma_m=_level_sigma(remaining, where, nmad),
        stable_cells=int(where.sum()),
    )


def align_on_still_ground(
    before: Heights, after: Heights, *, tilted: bool
) -> VerticalAlignment | None:
    """Measure the level where a first look at all ground finds no change; most has none."""
    known = before.valid & after.valid
    first = align_vertically(before, after, stable=known, tilted=tilted)
    if first is None:
        return None
    change = height_change(before, after, alignment=first).values
    still = known & (np.abs(change) <= STILL * first.nmad_m)
    return align_vertically(before, after, stable=still, tilted=tilted)


def height_change(before: Heights, after: Heights, *, alignment: VerticalAlignment) -> Heights:
    """
    Height of the later date above the earlier, once both stand level; up is positive.

    Parameters
    ----------
    before, after
        The two dates, on one grid.
    alignment
        From `align_vertically`.
    """
    valid = before.valid & after.valid
    east, north = _from_centre(before.grid, np.ones(before.grid.shape, np.bool_))
    level = alignment.offset_m + alignment.slope[0] * east + alignment.slope[1] * north
    change = after.values - before.values - level.reshape(before.grid.shape).astype(np.float32)
    return Heights(values=np.where(valid, change, np.float32(0)), valid=valid, grid=before.grid)


def _from_centre(grid: Grid, where: Mask) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Metres east and north of the centre of the grid, of the centres of the marked cells."""
    rows, columns = np.nonzero(where)
    t = grid.transform
    across, down = columns + 0.5 - grid.columns / 2, rows + 0.5 - grid.rows / 2
    return t.a * across + t.b * down, t.d * across + t.e * down


def _nmad(values: NDArray[np.float64]) -> float:
    """Hoehle and Hoehle, ISPRS Journal of Photogrammetry and Remote Sensing 64 (2009)."""
    return NMAD * float(np.median(np.abs(values - np.median(values))))


def _robust_plane(
    design: NDArray[np.float64], difference: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    plane = start
    for _ in range(ROUNDS):
        remaining = difference - design @ plane
        # Exact heights have no spread to weigh by: a hundredth of a millimetre stands in.
        cut = max(TUKEY * _nmad(remaining), 1e-5)
        root = np.clip(1 - (remaining / cut) ** 2, 0, None)
        plane = np.linalg.lstsq(design * root[:, None], difference * root)[0]
    return plane


def _level_sigma(remaining: NDArray[np.float64], where: Mask, nmad: float) -> float:
    """Standard error of the level, from the medians of blocks: errors within one are alike."""
    side = math.ceil(max(where.shape) / BLOCKS)
    rows, columns = np.nonzero(where)
    block = (rows // side) * BLOCKS + columns // side
    order = np.argsort(block, kind="stable")
    cuts = np.flatnonzero(np.diff(block[order])) + 1
    groups = [g for g in np.split(remaining[order], cuts) if g.size >= FEWEST_IN_BLOCK]
    if len(groups) < FEWEST_BLOCKS:
        return nmad
    return _nmad(np.array([np.median(group) for group in groups])) / math.sqrt(len(groups))
