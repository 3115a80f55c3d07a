"""Cells whose change of height is unknown or nonsense, told from their surroundings."""

import math

import numpy as np
import scipy
from numpy.typing import NDArray

from geo.elevation import Heights
from geo.height_noise import LEVEL_95
from geo.raster import Mask

SPIKE = 2.0
"""Detection limits by which a spike stands off its neighbours."""

COMPANY = 6
"""Of the 24 cells around as many agree with a cell of the ground; the corner of a pit has eight."""

RELIEF = 3.0
"""Ranges of the middle half of the cells around, by which a spike stands off them too."""

REACH = 1.5
"""Distance over which the change differs as much as a filling errs, in radii of its gap."""

AROUND = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], np.float64)


def without_spikes(change: Heights, *, detection_limit_m: float) -> Heights:
    """
    Take cells for not known that stand off their surroundings alone.

    Both must hold: hardly a cell around agrees, and the middle of all around lies elsewhere. On a
    steep slope the first is so of every cell, and the second of none.
    """
    tolerance_m = SPIKE * detection_limit_m
    values = np.where(change.valid, change.values, np.float32(np.nan))
    around = np.lib.stride_tricks.sliding_window_view(
        np.pad(values, 2, constant_values=np.nan), (5, 5)
    )
    agreeing = np.zeros(values.shape, np.uint8)
    for row in range(5):
        for column in range(5):
            # A comparison with what is not known is false.
            agreeing += np.abs(around[:, :, row, column] - values) <= tolerance_m
    lonely = np.nonzero(change.valid & (agreeing - 1 < COMPANY))
    if lonely[0].size == 0:
        return change
    low, middle, high = np.nanpercentile(around[lonely].reshape(-1, 25), (25, 50, 75), axis=1)
    # Where the ground bends, as on the tip of a heap, cells stand off the middle by nature.
    spike = np.abs(values[lonely] - middle) > np.maximum(tolerance_m, RELIEF * (high - low))
    valid = change.valid.copy()
    valid[lonely] = ~spike
    kept = np.where(valid, change.values, np.float32(0))
    return Heights(values=kept, valid=valid, grid=change.grid)


def filled(change: Heights, inside: Mask) -> tuple[NDArray[np.float64], float]:
    """
    Give the change inside with gaps filled from their rims, and how far that may be off.

    Returns
    -------
    values
        (rows, columns); filled inside alone, layer by layer, by the mean of what lies around.
    error_m3
        Half the 95 % interval of the volume of all fillings. Each errs as a whole, by what the
        change differs over the gap's own size; one gap errs independently of another.
    """
    values, known = change.values.astype(np.float64), change.valid & inside
    gaps = inside & ~change.valid
    if not gaps.any() or not known.any():
        return np.where(known, values, 0.0), 0.0
    values = np.where(known, values, 0.0)
    seen = known.copy()
    while not seen[gaps].all():
        # What lies beside a piece may be another one: it is not looked at.
        total = scipy.ndimage.convolve(values * seen, AROUND, mode="constant")
        count = scipy.ndimage.convolve(seen.astype(np.float64), AROUND, mode="constant")
        layer = gaps & ~seen & (count > 0)
        if not layer.any():
            values[gaps & ~seen] = values[known].mean()
            break
        values[layer] = total[layer] / count[layer]
        seen |= layer
    numbers, _ = scipy.ndimage.label(gaps)
    sizes = np.bincount(numbers.ravel())[1:]
    squared = sum(
        (size * _difference(values, known, math.ceil(REACH * math.sqrt(size / math.pi)))) ** 2
        for size in sizes.tolist()
    )
    return values, LEVEL_95 * math.sqrt(squared) * change.grid.pixel_size**2


def _difference(values: NDArray[np.float64], known: Mask, lag: int) -> float:
    """Root mean square of the difference of known cells that many apart."""
    squares = []
    for one, other in (
        ((slice(lag, None), slice(None)), (slice(None, -lag), slice(None))),
        ((slice(None), slice(lag, None)), (slice(None), slice(None, -lag))),
    ):
        both = known[one] & known[other]
        squares.append((values[one] - values[other])[both] ** 2)
    every = np.concatenate(squares)
    return math.sqrt(float(every.mean())) if every.size else float(np.std(values[known]))
