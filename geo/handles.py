"""Our own rasters, kept open between one reading and the next."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final, Self

import numpy as np
import rasterio
from numpy.typing import NDArray

from geo.datum import Passage, passage
from geo.grid import Grid
from geo.warp import dataset_grid
from geo.web_map import PLANE

AT_HAND: Final = 64
RIM_PLACES: Final = 9
"""Along each side of a raster that are looked at to say how far it reaches."""

_QUIET: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 192 << 20,  # bytes of decoded blocks, of all that is open together
}


type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Handle:
    """A raster that is open, for one reader at a time."""

    dataset: rasterio.DatasetReader

    @classmethod
    def opened(cls, path: Path) -> Self:
        """Open a file that this product wrote itself."""
        with rasterio.Env(**_QUIET):
            return cls(rasterio.open(path, driver="GTiff"))

    @cached_property
    def home(self) -> Grid:
        """Where its pixels lie."""
        return dataset_grid(self.dataset)

    @cached_property
    def from_plane(self) -> Passage:
        """From the plane of web maps to its own reference system."""
        return passage(PLANE, self.home.crs, near=self._middle)

    @cached_property
    def pixel_m(self) -> float:
        """Side of a pixel in its middle, in metres of the plane of web maps."""
        columns, rows = self.home.columns / 2, self.home.rows / 2
        corners = [
            self.home.transform @ (columns + right, rows + down)
            for right, down in ((0, 0), (1, 0), (0, 1))
        ]
        x, y = self._to_plane(*np.transpose(corners))
        return float(
            np.sqrt(np.hypot(x[1] - x[0], y[1] - y[0]) * np.hypot(x[2] - x[0], y[2] - y[0]))
        )

    @cached_property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right and top on the plane of web maps, of all of its outline."""
        share = np.linspace(0, 1, RIM_PLACES)
        columns = np.concatenate([share, share, share * 0, share * 0 + 1]) * self.home.columns
        rows = np.concatenate([share * 0, share * 0 + 1, share, share]) * self.home.rows
        t = self.home.transform
        x, y = self._to_plane(t.a * columns + t.b * rows + t.c, t.d * columns + t.e * rows + t.f)
        return float(x.min()), float(y.min()), float(x.max()), float(y.max())

    def positions(self, grid: Grid, spacing: int) -> Floats:
        """
        Columns and rows in the raster of places of a grid on the plane, `spacing` pixels apart.

        They begin at the outer corner of its first pixel; NaN where there are none.
        """
        t, back = grid.transform, ~self.home.transform
        at = np.arange(0, grid.columns + 1, spacing, dtype=np.float64)
        there = np.stack(self.from_plane(*np.meshgrid(t.c + t.a * at, t.f + t.e * at)))
        x, y = np.where(np.isfinite(there), there, np.nan)
        return np.stack([back.a * x + back.b * y + back.c, back.d * x + back.e * y + back.f])

    @cached_property
    def _to_plane(self) -> Passage:
        return passage(self.home.crs, PLANE, near=self._home_middle)

    @property
    def _home_middle(self) -> tuple[float, float]:
        x, y = self.home.transform @ (self.home.columns / 2, self.home.rows / 2)
        return float(x), float(y)

    @property
    def _middle(self) -> tuple[float, float]:
        x, y = self._home_middle
        (there_x,), (there_y,) = self._to_plane(np.array([x]), np.array([y]))
        return float(there_x), float(there_y)


class Handles:
    """
    Keeps rasters open; those that were not asked for the longest are closed.

    A file is opened once more while all of its handles are in use, so that nobody waits; the
    one that came back last is given first, since its blocks are the likeliest still decoded.
    """

    def __init__(self, most: int = AT_HAND) -> None:
        self._most = most
        self._idle: OrderedDict[Path, list[Handle]] = OrderedDict()
        self._lock = Lock()

    @contextmanager
    def held(self, path: Path) -> Iterator[Handle]:
        """Give a handle of a file that nobody else has until the block ends."""
        handle = self._taken(path) or Handle.opened(path)
        try:
            yield handle
        except BaseException:
            handle.dataset.close()
            raise
        self._give_back(path, handle)

    def close(self) -> None:
        """Close all that nobody has."""
        with self._lock:
            for handles in self._idle.values():
                for one in handles:
                    one.dataset.close()
            self._idle.clear()

    def _taken(self, path: Path) -> Handle | None:
        with self._lock:
            handles = self._idle.get(path)
            if handles is None:
                return None
            found = handles.pop()
            if not handles:
                del self._idle[path]
            return found

    def _give_back(self, path: Path, handle: Handle) -> None:
        with self._lock:
            self._idle.setdefault(path, []).append(handle)
            self._idle.move_to_end(path)
            while sum(map(len, self._idle.values())) > self._most:
                oldest, handles = next(iter(self._idle.items()))
                handles.pop(0).dataset.close()
                if not handles:
                    del self._idle[oldest]
