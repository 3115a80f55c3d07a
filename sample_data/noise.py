"""Random fields that look like nature: rough at every scale, or made of small cells."""

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

type Field = NDArray[np.float32]
"""(rows, columns) over the whole canvas."""


def fractal(
    side_px: int,
    *,
    rng: np.random.Generator,
    roughness: float = 1.0,
    coarsest_px: float = 2160.0,
    finest_px: float = 2.0,
) -> Field:
    """
    Give a field of mean 0 and deviation 1 whose power falls with frequency.

    Parameters
    ----------
    roughness
        Exponent of the fall of amplitude with frequency: 0 is white noise, 2 is smooth.
    coarsest_px, finest_px
        Wavelengths between which the field has any power.
    """
    white = rng.standard_normal((side_px, side_px), dtype=np.float32)
    spectrum = fft.rfft2(white)
    down = fft.fftfreq(side_px)[:, np.newaxis]
    across = fft.rfftfreq(side_px)[np.newaxis, :]
    frequency = np.hypot(down, across).astype(np.float32)
    frequency[0, 0] = 1.0
    amplitude = frequency**-roughness
    amplitude *= 1.0 / (1.0 + (frequency * finest_px) ** 8)
    amplitude *= 1.0 / (1.0 + (1.0 / (frequency * coarsest_px)) ** 4)
    amplitude[0, 0] = 0.0
    field: Field = fft.irfft2(spectrum * amplitude, s=white.shape).astype(np.float32)
    return field / field.std()


def clumps(side_px: int, *, rng: np.random.Generator, spacing_px: float) -> Field:
    """Give rounded lumps, 0 in the gaps and 1 on top, strewn about `spacing_px` apart."""
    count = int(side_px / spacing_px)
    steps = (np.arange(count) + 0.5) * spacing_px
    jitter = rng.uniform(-0.5, 0.5, (2, count, count)) * spacing_px
    rows = np.clip(steps[:, np.newaxis] + jitter[0], 0, side_px - 1).astype(np.intp)
    columns = np.clip(steps[np.newaxis, :] + jitter[1], 0, side_px - 1).astype(np.intp)
    seeds = np.full((side_px, side_px), 255, np.uint8)
    seeds[rows, columns] = 0
    distance: Field = cv2.distanceTransform(seeds, cv2.DIST_L2, cv2.DIST_MASK_5).astype(np.float32)
    return np.clip(1.0 - (distance / (0.85 * spacing_px)) ** 2, 0.0, 1.0).astype(np.float32)


def smoothstep(values: Field, low: float, high: float) -> Field:
    """Go from 0 at `low` to 1 at `high` without a corner."""
    t = np.clip((values - low) / (high - low), 0.0, 1.0)
    return (t * t * (3.0 - 2.0 * t)).astype(np.float32)


def blurred(values: Field, sigma_px: float) -> Field:
    """Smooth with a Gaussian; wide ones are taken on a coarser copy, which looks the same."""
    factor = max(1, int(sigma_px / 4.0))
    if factor == 1:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px), np.float32)
    rows, columns = values.shape
    small = cv2.resize(values, (columns // factor, rows // factor), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma_px / factor)
    return np.asarray(cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC), np.float32)
