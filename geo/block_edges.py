"""Steps between the blocks of a JPEG, taken out of a picture that is laid on another."""

import math
from dataclasses import dataclass, replace
from itertools import product
from typing import Literal

import numpy as np
from affine import Affine
from numpy.typing import NDArray

from geo.grid import Grid, Tile
from geo.height_noise import nmad
from geo.raster import Raster, Read

type Axis = Literal[1, 2]

BLOCK_PX = 8
"""Side of a block; half of it in a picture read at half its size."""

SAMPLES = 4
"""Windows a side that are looked at for blocks."""

SAMPLE_PX = 128

FEWEST_BLOCKS = 4
"""Blocks side by side, in a picture too small for more, from which their edges are told apart."""

SURE = 6.0
"""Standard errors by which the steps at block edges exceed the others, to be taken for blocks."""

USUAL = 3.0
"""Steps up to this many times the usual one are taken out; from twice that on they are ground."""

LEAST_STEP = 0.01
"""Least such error, in grey levels: a picture of one colour has none."""

ALIGNED_PX = 1e-3


@dataclass(frozen=True, kw_only=True)
class _Blocks:
    """Where the blocks of one axis begin: at `first` and every `period` pixels."""

    axis: Axis
    period: int
    first: int
    usual: float


def without_block_edges(read: Read, grid: Grid) -> Read:
    """
    Read a picture without the steps between its blocks.

    Two JPEGs whose ground shows little are alike above all in their blocks: these lie on one
    another where the pictures were not moved, or by whole blocks, whatever the ground did. Any
    method that looks for edges finds that movement. It takes the blocks of both to do so; it is
    enough to take them out of the one whose pixels are read as they are.

    Parameters
    ----------
    read
        The picture.
    grid
        Its own pixels. Windows on other pixels are read as they are: they have no steps that
        lie on a line.

    Returns
    -------
    Read
        The same where the picture shows no blocks.
    """
    found = [blocks for axis in (1, 2) if (blocks := _blocks(read, grid, axis))]
    if not found:
        return read

    def smoothed(target: Grid) -> Raster:
        raster = read(target)
        place = ~grid.transform @ target.transform
        start = Affine.translation(round(place.c), round(place.f))
        if not place.almost_equals(start, ALIGNED_PX):
            return raster
        values = raster.values.astype(np.float32)
        for blocks in found:
            offset = round((place.f, place.c)[blocks.axis - 1])
            _smooth(values.swapaxes(blocks.axis, 2), blocks, first=blocks.first - offset)
        whole = np.clip(np.rint(values), 0, 255).astype(np.uint8)
        return replace(raster, values=whole * raster.valid)

    return smoothed


def _blocks(read: Read, grid: Grid, axis: Axis) -> _Blocks | None:
    """Blocks along one axis, from the median size of the steps at every place of some windows."""
    sizes, places = [], []
    side = min(SAMPLE_PX, *grid.shape)
    if side < FEWEST_BLOCKS * BLOCK_PX:
        return None
    starts = [np.linspace(0, length - side, SAMPLES).astype(int) for length in grid.shape]
    for row, column in product(*starts):
        raster = read(Tile(row=int(row), column=int(column), rows=side, columns=side).of(grid))
        if not raster.valid.all():
            continue
        lines = raster.values.astype(np.float32).mean(axis=0)
        size = np.abs(np.diff(lines.T if axis == 1 else lines, axis=1))
        sizes.append((size[:, 1:-1] - (size[:, :-2] + size[:, 2:]) / 2).mean(axis=0))
        places.append(np.arange(2, side - 1) + (row if axis == 1 else column))
    if not sizes:
        return None
    larger, at = np.concatenate(sizes), np.concatenate(places)
    medians = np.array([np.median(larger[at % BLOCK_PX == phase]) for phase in range(BLOCK_PX)])
    first = int(np.argmax(medians))
    halved = medians[(first + BLOCK_PX // 2) % BLOCK_PX] > medians[first] / 2
    period = BLOCK_PX // 2 if halved else BLOCK_PX
    on_edge = at % period == first % period
    edge, rest = larger[on_edge], larger[~on_edge]
    usual = float(np.median(edge) - np.median(rest))
    # The edges of a road may lie on a block's edge: robust spreads.
    error = math.hypot(*(nmad(one) / math.sqrt(one.size) for one in (edge, rest)))
    if usual <= SURE * max(error, LEAST_STEP):
        return None
    return _Blocks(axis=axis, period=period, first=first % period, usual=usual)


def _smooth(values: NDArray[np.float32], blocks: _Blocks, *, first: int) -> None:
    """Spread each step at a block's edge evenly over half a block on both sides, in place."""
    half = blocks.period // 2
    start = half + (first - half) % blocks.period
    count = max((values.shape[-1] - half - start) // blocks.period + 1, 0)

    def at(away: int) -> NDArray[np.float32]:
        """The pixels that lie so far behind each edge."""
        return values[..., start + away :: blocks.period][..., :count]

    step = 1.5 * (at(0) - at(-1)) - (at(1) - at(-2)) / 2
    step *= np.clip(2 - np.abs(step) / (USUAL * blocks.usual), 0, 1)
    for away in range(half):
        part = step * ((2 * (half - away) - 1) / (4 * half))
        at(-1 - away)[...] += part
        at(away)[...] -= part
