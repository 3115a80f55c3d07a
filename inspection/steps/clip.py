"""Clip: keep the permit and its ring, as a file of our own that people and programs can open."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.cog import EXACT_PICTURE, PICTURE, write_cog
from geo.grid import Grid, Tile
from geo.raster import Mask, Read
from geo.site import Site
from geo.stencil import Stencil
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
    is packed as JPEG, whose losses average out; any other is kept exactly. One that was
    clipped as it was taken in is only given its place.
    """
    if orthophoto.clipped is not None:
        _place(orthophoto.path, out)
        return _at(orthophoto, out, orthophoto.clipped)
    grid = site.clip_grid(orthophoto.grid)
    encoding = PICTURE if site.halvings(orthophoto.gsd_m, wished_m=analysed_m) else EXACT_PICTURE
    stencil = Stencil(site.looked_at_on(grid.crs), grid, side=TILE_PX)

    cut = list(stencil.tiles())

    def tiles(read: Read) -> Iterator[tuple[Tile, NDArray[np.uint8], Mask]]:
        for number, tile in enumerate(cut):
            inside = stencil.mask(tile)
            if inside.any():
                raster = read(tile.of(grid))
                valid = raster.valid & inside
                yield tile, raster.values * valid, valid
            advance((number + 1) / len(cut))

    # Opened out here: where writing fails, what is read is closed before the next thing begins.
    with opened(orthophoto.path, placed=orthophoto.grid) as read:
        write_cog(out, grid, tiles(read), encoding=encoding, bands=3)
    return _at(orthophoto, out, grid)


def _at(orthophoto: Orthophoto, out: Path, grid: Grid) -> Orthophoto:
    return replace(orthophoto, path=out, grid=grid, clipped=None)


def _place(path: Path, out: Path) -> None:
    """Give a file one more name; what was kept of earlier steps still has its own."""
    out.unlink(missing_ok=True)
    try:
        os.link(path, out)
    except OSError:  # where a disk has no such names
        shutil.copyfile(path, out)
