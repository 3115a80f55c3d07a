"""Kept looks: what was seen where a piece may lie, kept until the pieces are measured."""

import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.grid import Tile
from geo.look import Layer, Look
from geo.raster import Mask

IN_MEMORY_PX: Final = 1_500_000
IN_FILE_PX: Final = 40_000_000
"""Pixels that are kept, 45 bytes each: in memory first, more in a file without a name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class _Kept:
    seen: Look
    """Its layers hold the kept pixels alone, or nothing where they lie in the file."""

    pixels: NDArray[np.uint8]
    """Which pixels of the tile they are, eight in a byte."""

    count: int
    at: int | None
    """Where the layers begin in the file."""


class KeptLooks:
    """
    Looks that are put once and taken once, of the pixels that somebody may ask for.

    Parameters
    ----------
    folder
        Where the file lies; the system's own place for passing files where None.
    """

    def __init__(self, *, folder: Path | None) -> None:
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._looks: dict[Tile, _Kept] = {}
        self._count = 0

    def put(self, tile: Tile, seen: Look, where: Mask) -> None:
        """Keep what was seen of the pixels that a mask marks, as long as there is room."""
        count = int(np.count_nonzero(where))
        if self._count + count > IN_FILE_PX:
            return
        self._count += count
        at = None
        if self._count > IN_MEMORY_PX:
            file = self._opened()
            at = file.tell()
            layers = seen.changed(lambda layer: self._written(layer[where]))
        else:
            layers = seen.only(where)
        self._looks[tile] = _Kept(seen=layers, pixels=np.packbits(where), count=count, at=at)

    def take(self, tile: Tile, where: Mask) -> Look | None:
        """
        Give back what was seen of the pixels of a tile that a mask marks, one after another.

        None where not all of that was kept.
        """
        kept = self._looks.pop(tile, None)
        if kept is None:
            return None
        there = np.unpackbits(kept.pixels, count=where.size).view(np.bool_).reshape(where.shape)
        if (where & ~there).any():
            return None
        if kept.at is not None:
            self._opened().seek(kept.at)
        wanted = where[there]

        def given(layer: Layer) -> Layer:
            whole = layer if kept.at is None else self._read(layer.dtype, kept.count)
            return whole[wanted]

        return kept.seen.changed(given)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - ends with this
            weakref.finalize(self, self._file.close)
        return self._file

    def _written(self, layer: Layer) -> Layer:
        """Write a layer, and give an empty one of its kind to remember it by."""
        self._opened().write(layer.data)
        return np.empty(0, layer.dtype)

    def _read(self, kind: np.dtype[Any], count: int) -> Layer:
        return np.frombuffer(self._opened().read(count * kind.itemsize), kind)
