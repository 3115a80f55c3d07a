"""The clipped picture, packed in the child while the image is decoded: each block of it once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.io import DatasetReader
from rasterio.windows import Window

from geo.ahead import ahead
from geo.intake.bands import Recipe, recipe_of
from geo.intake.pieces import Cut, pieces
from geo.intake.reading import opened
from geo.intake.treatment import Treatment, chunks, notes, seen_pixels
from geo.intake.writing import writing
from geo.jpeg_packing import SIDE, pack
from geo.pyramid import Part

_AHEAD: Final = 3
_LEAST_CACHE, _MOST_CACHE = 64 << 20, 384 << 20
_SHARE: Final = 0.95


@dataclass(frozen=True, kw_only=True)
class Room:
    """Files that are written."""

    stream: Path
    index: Path
    """Of what `geo.jpeg_packing.pack` wrote into the stream."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How an image is read and packed."""

    is_sparse: bool
    """Whether blocks of the image were never written."""

    driver: str
    """Of GDAL, for the kind of file that the gate found."""

    quality: int
    threads: int


def clipped_picture(
    image: Path, room: Room, cut: Cut, *, how: How, advance: Callable[[float], None]
) -> dict[str, Any]:
    """
    Pack the part of an image that a stencil shows. Runs in the child.

    Blocks of the image that show nothing of it are not decoded, as long as the pixels are plainly
    copied and some were seen; the others once.

    Raises
    ------
    RefusedError
        ``image_corrupt``, ``image_numbers_unknown``, ``image_colours_unknown``,
        ``image_unreadable``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    """
    with opened(image, driver=how.driver) as source:
        recipe = recipe_of(source, is_sparse=how.is_sparse)
        treatment = Treatment.of(source, recipe)
        decoding = _Decoding(source=source, recipe=recipe, treatment=treatment, cut=cut)
        rows, columns = cut.shape
        with (
            rasterio.Env(GDAL_CACHEMAX=_cache_bytes(source, cut, treatment)),
            writing(),
            room.stream.open("wb") as stream,
        ):
            index = pack(
                ahead(decoding.parts(advance), most=_AHEAD),
                stream,
                shape=(rows, columns),
                quality=how.quality,
                threads=how.threads,
            )
            index.tofile(room.index)
        if decoding.seen == 0:
            decoding.search()  # whether the picture shows anything at all is told by all of it
    return {
        "valid_pixels": decoding.seen,
        "collar_pixels": decoding.collar_pixels,
        **notes(treatment),
    }


@dataclass(kw_only=True, eq=False)
class _Decoding:
    """One image, on its way into a picture of our own, and what was seen of it on the way."""

    source: DatasetReader
    recipe: Recipe
    treatment: Treatment
    cut: Cut
    seen: int = field(default=0, init=False)
    collar_pixels: int = field(default=0, init=False)

    def parts(self, advance: Callable[[float], None]) -> Iterator[Part]:
        """
        Give what the stencil shows, in strips as high as our blocks.

        Where a collar is searched for, all of the window is looked at, since its share is told.
        """
        top, left, rows, _ = self.cut.window
        for piece in pieces(self.cut):
            box = piece.shown() if self.treatment.is_plain else piece.whole()
            if box is not None:
                down, across = box
                there = Window.from_slices(
                    (top + piece.row + down.start, top + piece.row + down.stop),
                    (left + piece.column + across.start, left + piece.column + across.stop),
                )
                picture, valid, covered = seen_pixels(
                    self.source, self.recipe, self.treatment, there
                )
                self.seen += int(np.count_nonzero(valid))
                self.collar_pixels += covered
                yield piece.part(box, picture, valid)
            advance(_SHARE * (piece.row + len(piece.mask)) / rows)

    def search(self) -> None:
        """Count what is seen in all of the window, until anything is."""
        top, left, rows, columns = self.cut.window
        part = Window(left, top, columns, rows)
        for chunk in chunks(self.source, part, is_plain=self.treatment.is_plain):
            there = Window(chunk.col_off + left, chunk.row_off + top, chunk.width, chunk.height)
            _, valid, _ = seen_pixels(self.source, self.recipe, self.treatment, there)
            self.seen = int(np.count_nonzero(valid))
            if self.seen:
                return


def _cache_bytes(source: DatasetReader, cut: Cut, treatment: Treatment) -> int:
    """What holds the blocks of one row of ours until the next has used them too."""
    height, width = source.block_shapes[0]
    rows = (-(-(SIDE + 2 * treatment.margin - 1) // height) + 1) * height
    columns = min(cut.window[3] + 2 * width, -(-source.width // width) * width)
    depth = sum(int(np.dtype(kind).itemsize) for kind in source.dtypes if hasattr(np, kind)) + 1
    needed: int = rows * columns * depth * 9 // 8
    return min(max(needed, _LEAST_CACHE), _MOST_CACHE)
