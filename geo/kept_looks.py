"""Kept looks: what was seen of each tile, kept until it is measured, in a file if there is much."""

import tempfile
import weakref
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray

from geo.appearance import Appearance
from geo.grid import Tile
from geo.look import Look

IN_MEMORY_PX: Final = 1_500_000
IN_FILE_PX: Final = 40_000_000
"""Pixels of a site whose looks are kept, 45 bytes each: in memory, or in a file without a name."""

type Layer = NDArray[Any]
"""(rows, columns) of a look."""


class KeptLooks:
    """
    Looks that are put once and taken once.

    Parameters
    ----------
    pixels
        Of the whole site; what is too large is not kept at all.
    folder
        Where the file lies; the system's own place for passing files where None.
    """

    def __init__(self, pixels: int, *, folder: Path | None) -> None:
        self._is_kept = pixels <= IN_FILE_PX
        self._file: IO[bytes] | None = None
        if IN_MEMORY_PX < pixels <= IN_FILE_PX:
            self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - ends with this object
            weakref.finalize(self, self._file.close)
        self._looks: dict[Tile, tuple[Look, int]] = {}

    def put(self, tile: Tile, seen: Look) -> None:
        """Keep what was seen of a tile."""
        if not self._is_kept:
            return
        at = 0
        if self._file is not None:
            at = self._file.tell()
            seen = _each(seen, self._written)
        self._looks[tile] = seen, at

    def take(self, tile: Tile) -> Look | None:
        """Give back what was seen of a tile; None where it was not kept."""
        if tile not in self._looks:
            return None
        seen, at = self._looks.pop(tile)
        if self._file is None:
            return seen
        self._file.seek(at)
        shape = tile.rows, tile.columns
        return _each(seen, lambda layer: self._read(layer, shape))

    def _written(self, layer: Layer) -> Layer:
        """Write a layer, and give an empty one of its kind to remember it by."""
        if self._file is None:
            raise AssertionError
        self._file.write(np.ascontiguousarray(layer).data)
        return np.empty(0, layer.dtype)

    def _read(self, layer: Layer, shape: tuple[int, int]) -> Layer:
        if self._file is None:
            raise AssertionError
        read = np.empty(shape, layer.dtype)
        read[...] = np.frombuffer(self._file.read(read.nbytes), layer.dtype).reshape(shape)
        return read


def _each(seen: Look, change: Callable[[Layer], Layer]) -> Look:
    """Give the same look with each of its layers changed, always in one order."""

    def changed(one: Look | Appearance) -> dict[str, Any]:
        layers = ((field.name, getattr(one, field.name)) for field in fields(one))
        return {name: change(layer) for name, layer in layers if isinstance(layer, np.ndarray)}

    return replace(
        seen,
        **changed(seen),
        after=replace(seen.after, **changed(seen.after)),
        before=replace(seen.before, **changed(seen.before)) if seen.before else None,
    )
