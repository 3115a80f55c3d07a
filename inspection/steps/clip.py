"""Clip: keep the permit and its ring, as a file of our own that people and programs can open."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.features import geometry_mask

from geo.cog import EXACT_PICTURE, PICTURE, write_cog
from geo.grid import Tile
from geo.raster import Mask
from geo.site import Site
from geo.warp import opened
from inspection.model import Orthophoto
from inspection.ports import Advance

TILE_PX = 1024


def clip(
    orthophoto: Orthophoto, site: Site, *, analysed_m: float, out: Path, advance: Advance
) -> Orthophoto:
    """
    Cut the orthophoto to the ground looked at, north up.

    A pixel belongs to the ground when its centre does. Pixels that already lie on a
    north-up grid are copied; only others are resampled. A picture finer than the analysis
    is packed as JPEG, whose losses average out; any other is kept exactly.
    """
    grid = site.clip_grid(orthophoto.grid)
    encoding = PICTURE if site.halvings(orthophoto.gsd_m, wished_m=analysed_m) else EXACT_PICTURE
    ground = site.looked_at_on(grid.crs)

    def tiles() -> Iterator[tuple[Tile, NDArray[np.uint8], Mask]]:
        cut = list(grid.tiles(TILE_PX))
        with opened(orthophoto.path, placed=orthophoto.grid) as read:
            for number, tile in enumerate(cut):
                part = tile.of(grid)
                inside = geometry_mask(
                    [ground], out_shape=part.shape, transform=part.transform, invert=True
                )
                if inside.any():
                    raster = read(part)
                    valid = raster.valid & inside
                    yield tile, raster.values * valid, valid
                advance((number + 1) / len(cut))

    write_cog(out, grid, tiles(), encoding=encoding, bands=3)
    return replace(orthophoto, path=out, grid=grid)
