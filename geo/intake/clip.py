"""Uploaded images clipped as they are taken in: a picture of our own, each block decoded once."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from geo.abreast import processors
from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.intake.gate import inspect_header
from geo.intake.limits import DEFAULT_LIMITS, Limits
from geo.intake.making import Normalised, allowance_for, normalised
from geo.intake.proof import Proven
from geo.intake.room import INDEX, STENCIL, WORKING, child_folder, room, sync, take_out
from geo.intake.sandbox import answer_of_child
from geo.jpeg_cog import assemble_jpeg_cog
from geo.stencil import Stencil

_MOST_THREADS: Final = 4
"""Of a child, whose address space is bounded."""

_TILE_PX: Final = 1024
_WHOLE: Final = "clipped"


@dataclass(frozen=True, kw_only=True, eq=False)
class Cut:
    """What is kept of an image."""

    window: Tile
    """Part of the image, inside it, in its pixels."""

    grid: Grid
    """Of the clipped picture: the pixels of that part, north up, and beyond it unseen ones."""

    ground: shapely.Geometry
    """What is kept, in the grid's reference system."""


def clip_image(
    path: Path,
    out: Path,
    *,
    cut: Cut,
    quality: int,
    advance: Callable[[float], None] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Normalised:
    """
    Write the part of an upload that shows some ground as a cloud optimised GeoTIFF.

    Its pixels are those of `geo.intake.image.normalise_image`, less what lies elsewhere, written
    as `geo.jpeg_cog.write_jpeg_cog` writes them. It appears under its name only when it is whole
    and on the disk.

    Parameters
    ----------
    path
        The upload; it is only read.
    out
        The file to be made, replaced if it exists; its folder must exist.
    cut
        What is kept.
    quality
        Of the JPEG, to 100.
    advance
        Called with the share done, 0 to 1. What it raises ends the work.
    limits
        What one image may cost.

    Returns
    -------
    Normalised
        How many pixels were seen of what was decoded, and what was done to make the picture.

    Raises
    ------
    RefusedError
        What `geo.intake.image.normalise_image` raises.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    ValueError
        If the window leaves the image.
    """
    header = inspect_header(path, limits=limits)
    window, grid = cut.window, cut.grid
    allowance = allowance_for(header, window, limits)
    stencil = Stencil(cut.ground, grid, side=_TILE_PX)
    request = {
        "window": [window.row, window.column, window.rows, window.columns],
        "shape": [grid.rows, grid.columns],
        "side": stencil.side,
        "kinds": ["".join(map(str, row)) for row in stencil.kinds.tolist()],
        "is_sparse": header.missing_blocks > 0,
        "quality": quality,
        "threads": min(processors(), _MOST_THREADS),
    }
    with child_folder(path, beside=out) as folder:
        with room():
            _draw(stencil, folder / STENCIL)
        said = answer_of_child("clip", request, folder=folder, allowance=allowance, advance=advance)
        made = normalised(said)
        if made.seen_pixels == 0 and (window.rows, window.columns) == (header.rows, header.columns):
            raise RefusedError("image_shows_nothing")
        try:
            with room(), (folder / WORKING).open("rb") as stream:
                proven = Proven(stream, folder / INDEX, shape=grid.shape, quality=quality)
                assemble_jpeg_cog(folder / _WHOLE, grid, proven.index, proven.part)
                sync(folder / _WHOLE)
        except FileNotFoundError:  # a child that no longer obeys us
            raise RefusedError("image_unreadable") from None
        take_out(folder, out, name=_WHOLE)
    return made


def _draw(stencil: Stencil, path: Path) -> None:
    """Write the bits of tiles that the outline crosses."""
    with path.open("wb") as file:
        for tile in stencil.crossed():
            file.write(np.packbits(stencil.mask(tile), axis=1).tobytes())
