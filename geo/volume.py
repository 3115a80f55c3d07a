"""Volumes of earth moved, with their uncertainty."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from geo.elevation import Heights, places
from geo.height_gaps import filled, without_spikes
from geo.height_noise import LEVEL_95
from geo.levelling import VerticalAlignment
from geo.raster import Mask

SURE = 3.0
"""Standard deviations past which a patch of ground is cut amid fill, or fill amid cut."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Earth:
    """One volume and its 95 % interval."""

    m3: float

    random_m3: float
    """Half the interval without the error of the common level."""

    moments: NDArray[np.float64]
    """Area and its first moments about the centre of the level: what its error acts on."""

    uncertainty_m3: float
    """Half the interval."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Volume:
    """Earth taken from and brought to one piece of ground, or to several."""

    cut: Earth
    """Taken away; positive."""

    fill: Earth
    """Brought; positive."""

    net: Earth
    """Fill minus cut."""

    unseen_m2: float
    """Ground inside of which one date or both have no height."""


def volumes(change: Heights, *, inside: Mask, alignment: VerticalAlignment) -> Volume:
    """
    Add up the change of height over one piece of ground.

    Every cell counts, also below the detection limit: leaving small changes out makes volumes
    too small, and adding up risen and sunken cells by themselves makes both too large, as noise
    alone rises and sinks. What the limit decides is the sign of ground, not of a cell: a cell
    belongs to cut or fill as the nearest ground that surely sank or rose. Its own noise has no
    say in that and so cancels out. Where nothing is sure, the piece belongs to the sign of its net.

    The uncertainty has five parts. Random: that of the mean over as much ground, as it was
    measured on stable ground, which holds how far errors of neighbouring cells are alike.
    Systematic: an error of the common level or tilt acts on all cells. Gaps: what was filled
    in from their rims. Sampling: where a step or the outline runs within a cell. Of cut and fill by
    themselves also what stands where they meet, or in patches too small to be told from noise.
    Beside: what moved in the cells around the outline, which may belong to the piece.

    Parameters
    ----------
    change
        From `height_change`, on a grid in metres.
    inside
        (rows, columns); True for the cells of the piece of ground.
    alignment
        How the heights were laid level, and what that found of their noise.
    """
    clean = without_spikes(change, detection_limit_m=alignment.detection_limit_m)
    values, gaps_m3 = filled(clean, inside)
    rising, unsure_m3 = _rising(values, inside, alignment)
    steps_m3 = _sampling(np.where(inside, values, clean.values), inside, alignment.nmad_m)
    x, y = places(change.grid)
    design = np.stack([np.ones(x.shape), x - alignment.centre[0], y - alignment.centre[1]])
    cell_m2 = change.grid.pixel_size**2
    beside_m3 = _beside(clean, inside, alignment)

    def earth(where: Mask, sign: float) -> Earth:
        moments = design[:, where].sum(axis=1) * cell_m2
        area_m2 = float(moments[0])
        noise_m3 = LEVEL_95 * area_m2 * alignment.noise.sigma_m(area_m2)
        parted_m3 = 0.0 if where is inside else unsure_m3
        random_m3 = math.hypot(noise_m3, gaps_m3, steps_m3 * cell_m2) + parted_m3 + beside_m3
        return Earth(
            m3=sign * float(values[where].sum()) * cell_m2,
            random_m3=random_m3,
            moments=moments,
            uncertainty_m3=math.hypot(random_m3, alignment.level_error_m3(moments)),
        )

    return Volume(
        cut=earth(inside & ~rising, -1.0),
        fill=earth(inside & rising, 1.0),
        net=earth(inside, 1.0),
        unseen_m2=float((inside & ~change.valid).sum()) * cell_m2,
    )


def together(parts: Sequence[Volume], alignment: VerticalAlignment) -> Volume:
    """Add up pieces of ground: their random errors partly cancel, that of the level does not."""

    def added(several: Sequence[Earth]) -> Earth:
        moments = np.sum([one.moments for one in several], axis=0)
        random_m3 = math.hypot(*(one.random_m3 for one in several))
        return Earth(
            m3=sum(one.m3 for one in several),
            random_m3=random_m3,
            moments=moments,
            uncertainty_m3=math.hypot(random_m3, alignment.level_error_m3(moments)),
        )

    return Volume(
        cut=added([one.cut for one in parts]),
        fill=added([one.fill for one in parts]),
        net=added([one.net for one in parts]),
        unseen_m2=sum(one.unseen_m2 for one in parts),
    )


def _rising(
    values: NDArray[np.float64], inside: Mask, alignment: VerticalAlignment
) -> tuple[Mask, float]:
    """
    Ground that counts as brought, and the volume of which it is not sure whether it does.

    The rest inside counts as taken away. A patch goes with what surrounds it where its own volume
    is within the noise of as much ground.
    """
    cell_m2 = alignment.noise.areas_m2[0]
    weights = scipy.ndimage.uniform_filter(inside.astype(np.float64), 3, mode="constant")
    sums = scipy.ndimage.uniform_filter(np.where(inside, values, 0.0), 3, mode="constant")
    smooth = np.divide(sums, weights, out=np.zeros_like(sums), where=inside)
    sure = inside & (np.abs(smooth) > alignment.detection_limit_m)
    net_rises = bool(values[inside].sum() > 0)
    if not sure.any():
        return np.full(inside.shape, net_rises), 0.0
    nearest = scipy.ndimage.distance_transform_edt(
        ~sure, return_distances=False, return_indices=True
    )
    rising = np.asarray(smooth[tuple(nearest)] > 0)
    turned, unsure_m3 = rising.copy(), 0.0
    for sign in (True, False):
        numbers, count = scipy.ndimage.label(inside & (rising == sign))
        every = np.arange(1, count + 1)
        patches_m3 = np.abs(scipy.ndimage.sum_labels(values, numbers, every)) * cell_m2
        areas_m2 = scipy.ndimage.sum_labels(inside, numbers, every) * cell_m2
        for number, m3, m2 in zip(every, patches_m3, areas_m2, strict=True):
            if m3 <= SURE * alignment.noise.sigma_m(m2) * m2 and sign != net_rises:
                turned[numbers == number] = not sign
                unsure_m3 += m3
    return turned, unsure_m3 + _between(values, turned, inside) * cell_m2


def _between(values: NDArray[np.float64], rising: Mask, inside: Mask) -> float:
    """Sum half of what stands in cells where cut meets fill, which may belong to either."""
    meet = scipy.ndimage.binary_dilation(inside & rising) & scipy.ndimage.binary_dilation(
        inside & ~rising
    )
    return float(np.abs(values[meet & inside]).sum()) / 2


def _beside(clean: Heights, inside: Mask, alignment: VerticalAlignment) -> float:
    """
    Give what moved in the cells around the outline beyond their noise.

    Cells are as wide as the coarser surface's: they carry a steep edge past the outline.
    """
    ring = scipy.ndimage.binary_dilation(inside, np.ones((3, 3), np.bool_)) & ~inside & clean.valid
    cell_m2 = clean.grid.pixel_size**2
    area_m2 = float(ring.sum()) * cell_m2
    moved_m3 = abs(float(clean.values[ring].sum(dtype=np.float64))) * cell_m2
    return max(moved_m3 - alignment.noise.sigma_m(area_m2) * area_m2, 0.0)


def _sampling(values: NDArray[np.float64], inside: Mask, sigma_m: float) -> float:
    """
    Half the 95 % interval of what cells miss of steps and of the outline, in heights of cells.

    A step lies anywhere in its cell: standard deviation of its height / sqrt(12), and so of the
    height at the outline. Even slopes miss nothing. What bends is told by second differences: of
    a step half its height, twice; noise bends too, which is taken off.
    """
    bends = np.zeros(values.shape)
    bends[:, 1:-1] = np.diff(values, 2, axis=1) ** 2 / 4
    bends[1:-1] += np.diff(values, 2, axis=0) ** 2 / 4
    noise = 3 * sigma_m**2
    steps = max(float((bends[inside] - noise).sum()), 0.0) / 6
    edge = inside & ~scipy.ndimage.binary_erosion(inside)
    outline = max(float((values[edge] ** 2 - sigma_m**2).sum()), 0.0) / 12
    return LEVEL_95 * math.sqrt(steps + outline)
