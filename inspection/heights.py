"""Heights of the two flights, brought over one another and level: what rose and what fell."""

from dataclasses import dataclass, replace

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import geometry_mask
from shapely import Geometry

from geo.crs import moved_shape
from geo.elevation import (
    Heights,
    VerticalAlignment,
    align_on_still_ground,
    height_change,
    read_heights,
)
from geo.grid import Grid
from geo.volume import Volume, volumes
from inspection.model import Flight, HeightModel
from inspection.placement import Registered

ALIKE_CELLS = 5.0
"""Errors of a surface model made from pictures are alike over about this many of its cells."""


@dataclass(frozen=True, kw_only=True, eq=False)
class HeightComparison:
    """The surfaces of two flights, laid level on the ground that both show."""

    before: HeightModel
    after: HeightModel
    moved: Affine
    """What the earlier surface puts at p lies at ``moved @ p``, in the analysis system."""

    grid: Grid
    """Cells of the coarser surface, over the ground analysed."""

    alignment: VerticalAlignment

    def read(self, grid: Grid) -> NDArray[np.float32]:
        """Give the change of height on a window in metres, NaN where either is unknown."""
        change = self._change(grid)
        return np.where(change.valid, change.values, np.float32(np.nan))

    def volume(self, shape: Geometry, crs: CRS) -> Volume:
        """Give the earth moved on a piece of ground."""
        drawn = moved_shape(shape, source=crs, target=self.grid.crs)
        window = self.grid.covering(drawn)
        inside = geometry_mask([drawn], window.shape, window.transform, invert=True)
        return volumes(
            self._change(window),
            inside=inside,
            detection_limit_m=self.alignment.detection_limit_m,
            level_sigma_m=self.alignment.level_sigma_m,
            correlated_over_m=ALIKE_CELLS * self.grid.pixel_size,
        )

    def _change(self, grid: Grid) -> Heights:
        before, after = _read(self.before, grid, self.moved), _read(self.after, grid)
        # The plane is told from the middle of the whole ground, wherever the window lies.
        middle = self.grid.transform @ (self.grid.columns / 2, self.grid.rows / 2)
        here = grid.transform @ (grid.columns / 2, grid.rows / 2)
        east, north = here[0] - middle[0], here[1] - middle[1]
        slope = self.alignment.slope
        level = self.alignment.offset_m + slope[0] * east + slope[1] * north
        return height_change(before, after, alignment=replace(self.alignment, offset_m=level))


def height_comparison(
    current: Flight, baseline: Flight | None, registered: Registered, grid: Grid
) -> HeightComparison | None:
    """Compare the surfaces of two flights; None where one is missing or they do not compare."""
    before, after = baseline.heights if baseline else None, current.heights
    if before is None or after is None or registered.moved is None:
        return None
    cell = max(before.grid.pixel_size, after.grid.pixel_size, grid.pixel_size)
    coarse = grid.coarser(max(1, round(cell / grid.pixel_size)))
    earlier, later = _read(before, coarse, registered.moved), _read(after, coarse)
    alignment = align_on_still_ground(earlier, later, tilted=False)
    if alignment is None:
        return None
    return HeightComparison(
        before=before, after=after, moved=registered.moved, grid=coarse, alignment=alignment
    )


def _read(model: HeightModel, grid: Grid, moved: Affine | None = None) -> Heights:
    asked = grid if moved is None else replace(grid, transform=~moved @ grid.transform)
    with rasterio.open(model.path, driver="GTiff") as dataset:
        stated = dataset.transform
    heights = read_heights(model.path, asked, moved=model.grid.transform @ ~stated)
    return replace(heights, grid=grid)
