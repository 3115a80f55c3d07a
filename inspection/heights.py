"""Heights of the two flights, brought over one another and level: what rose and what fell."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import geometry_mask
from shapely import Geometry

from geo.crs import moved_shape
from geo.elevation import Heights, read_heights
from geo.grid import Grid
from geo.height_datum import LevelChange, level_change
from geo.levelling import VerticalAlignment, align_on_still_ground, height_change
from geo.nearness import cells_near
from geo.volume import Volume, volumes
from inspection.model import Flight, HeightModel
from inspection.placement import Registered

MARGIN_CELLS = 3.0
"""Cells around a finding that tell spikes and what moved just beside it."""

APART_CELLS = 2.0
"""Ground as near as this to a finding is not taken to have stood still either."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeightComparison:
    """The surfaces of two flights, laid level on the ground that both show."""

    before: HeightModel
    after: HeightModel
    moved: Affine
    """What the earlier surface puts at p lies at ``moved @ p``, in the analysis system."""

    grid: Grid
    """Cells of the coarser surface, over the ground analysed."""

    level: LevelChange
    """From what the earlier heights count from to what the later ones do."""

    alignment: VerticalAlignment

    def read(self, grid: Grid) -> NDArray[np.float32]:
        """Give the change of height on a window in metres, NaN where either is unknown."""
        change = self._change(grid)
        return np.where(change.valid, change.values, np.float32(np.nan))

    def later(self, grid: Grid) -> NDArray[np.float32]:
        """Give the later heights on a window in metres, NaN where unknown."""
        heights = _read(self.after, grid)
        return np.where(heights.valid, heights.values, np.float32(np.nan))

    def apart_from(self, shapes: Sequence[Geometry], crs: CRS) -> "HeightComparison | None":
        """
        Give the same, laid level without the ground of findings.

        None where too little other ground stood still. Where there is no finding nothing changes.
        """
        if not shapes:
            return self
        margin_m = APART_CELLS * self.grid.pixel_size
        drawn = [moved_shape(one, source=crs, target=self.grid.crs) for one in shapes]
        apart = ~cells_near(drawn, grid=self.grid, within_m=margin_m)
        alignment = align_on_still_ground(*self._both(self.grid), tilted=True, among=apart)
        return None if alignment is None else replace(self, alignment=alignment)

    def volume(self, shape: Geometry, crs: CRS) -> Volume:
        """Give the earth moved on a piece of ground."""
        drawn = moved_shape(shape, source=crs, target=self.grid.crs)
        window = self.grid.covering(drawn, margin=MARGIN_CELLS * self.grid.pixel_size)
        inside = geometry_mask([drawn], window.shape, window.transform, invert=True)
        return volumes(self._change(window), inside=inside, alignment=self.alignment)

    def _change(self, grid: Grid) -> Heights:
        return height_change(*self._both(grid), alignment=self.alignment)

    def _both(self, grid: Grid) -> tuple[Heights, Heights]:
        return _earlier(self.before, grid, self.moved, self.level), _read(self.after, grid)


def height_comparison(
    current: Flight, baseline: Flight | None, registered: Registered, grid: Grid
) -> HeightComparison | None:
    """
    Compare the surfaces of two flights.

    None where one is missing, where pictures or surfaces do not compare, or where nobody states
    what the heights count in and from: `inspection.height_doubts` says which.
    """
    before, after = baseline.heights if baseline else None, current.heights
    if before is None or after is None or registered.moved is None:
        return None
    return comparison(before, after, registered.moved, grid)


def comparison(
    before: HeightModel, after: HeightModel, moved: Affine, grid: Grid
) -> HeightComparison | None:
    """
    Compare two surfaces on the ground of a grid.

    None where unit or level of one is not known, or they have too little in common.
    """
    systems = before.system, after.system
    if any(one.metres_up is None for one in systems):
        return None
    level = level_change(*systems, grid=grid)
    if level is None:
        return None
    cell = max(before.grid.pixel_size, after.grid.pixel_size, grid.pixel_size)
    coarse = grid.coarser(max(1, round(cell / grid.pixel_size)))
    earlier, later = _earlier(before, coarse, moved, level), _read(after, coarse)
    alignment = align_on_still_ground(earlier, later, tilted=True)
    if alignment is None:
        return None
    return HeightComparison(
        before=before, after=after, moved=moved, grid=coarse, level=level, alignment=alignment
    )


def _earlier(model: HeightModel, grid: Grid, moved: Affine, level: LevelChange) -> Heights:
    """Heights of the earlier date, moved and told above the level of the later one."""
    heights = _read(model, grid, moved)
    values = (heights.values + level.metres(grid)).astype(np.float32)
    return replace(heights, values=np.where(heights.valid, values, np.float32(0)))


def _read(model: HeightModel, grid: Grid, moved: Affine | None = None) -> Heights:
    asked = grid if moved is None else replace(grid, transform=~moved @ grid.transform)
    with rasterio.open(model.path, driver="GTiff") as dataset:
        stated = dataset.transform
    heights = read_heights(model.path, asked, moved=model.grid.transform @ ~stated)
    return replace(heights, grid=grid)
