"""How far two small pictures of the same ground lie apart, to a fraction of a pixel."""

from functools import cache
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.raster import Mask, Raster

type Fields = NDArray[np.complex64]
type Spectrum = NDArray[np.complex64]
type Plane = NDArray[np.float32]
type Surface = NDArray[np.float32]

BLUR_PX = 1.0
"""Smoothing before the gradient: the finest detail differs most between sensors and days."""

TAPER = 0.5
"""Share of a tile's side over which its rim fades out, so that the rim is no edge."""

WHITENING = 0.6
"""Power of the spectrum's length that is divided out: 0 trusts broad shapes, 1 only phase. At 1
the pixel lattice that both pictures share begins to pull the peak towards zero."""

SMOOTHING_PX = 0.8
"""Smoothing of the whitened surface. What is finer than this has been shifted by no clean amount
when a picture was interpolated, and would pull the peak towards whole pixels."""

PEAK_PX = 4
"""Radius around a peak that belongs to it, not to the noise it is measured against."""


class Offset(NamedTuple):
    """Where a correlation surface peaks."""

    column: float
    """Pixels that the later picture lies right of the earlier one."""

    row: float
    """Pixels that the later picture lies below the earlier one."""

    strength: float
    """Height of the peak above the rest of the searched disc, in its standard deviations."""


def edge_fields(raster: Raster) -> Fields:
    """
    Direction of the edges at every pixel, as complex numbers.

    Of the bands, the one with the steepest gradient speaks. Its length is pressed into 0 to 1
    by the tile's own median, so that a low sun or haze changes little. The rim of the tile and
    the neighbourhood of unseen ground are zero: neither is an edge.

    Parameters
    ----------
    raster
        One tile.

    Returns
    -------
    numpy.ndarray
        (2, rows, columns). First the direction from dark to bright; then the same with its
        angle doubled, which does not care which side is the bright one: a crop that is darker
        than the road in spring is brighter in autumn.
    """
    seen, weight, window, core = _sight(raster.valid)
    east, south, length = _steepest(raster.values[:3], seen, weight)
    near = length if core is None else length[core]
    usual = float(np.median(near)) if near.size else 0.0
    pressed: Plane = np.float32(1) / (length + np.float32(max(usual, 1e-3)))
    field, single = _complex(east, south), _complex(east * pressed, south * pressed)
    double = field * single
    double *= 1 / np.maximum(length, np.float32(1e-6))
    fields = np.empty((2, *length.shape), np.complex64)
    np.multiply(single, window, out=fields[0])
    np.multiply(double, window, out=fields[1])
    return fields


def _complex(real: Plane, imaginary: Plane) -> NDArray[np.complex64]:
    both: NDArray[np.float32] = np.asarray(cv2.merge((real, imaginary)), np.float32)
    return both.view(np.complex64)[..., 0]


def _sight(valid: Mask) -> tuple[Plane, Plane, Plane, Mask | None]:
    """
    What was seen; how much of each pixel's smoothing that is; the taper; and what is no rim.

    The last is None where that is all of the tile, as of most.
    """
    if valid.all():
        return (*_whole_sight(*valid.shape), None)
    seen = valid.astype(np.float32)
    core = cv2.erode(valid.astype(np.uint8), np.ones((5, 5), np.uint8), borderValue=1) > 0
    return seen, _weight(seen), core * _window(*valid.shape), core


@cache
def _whole_sight(rows: int, columns: int) -> tuple[Plane, Plane, Plane]:
    seen = np.ones((rows, columns), np.float32)
    return seen, _weight(seen), _window(rows, columns)


def _weight(seen: Plane) -> Plane:
    weight: Plane = np.maximum(cv2.GaussianBlur(seen, (0, 0), BLUR_PX), 1e-3)
    return weight


def _steepest(bands: NDArray[np.uint8], seen: Plane, weight: Plane) -> tuple[Plane, Plane, Plane]:
    """Gradient of the steepest band at each pixel, rightwards and downwards, and its length."""
    east, south, length = (np.zeros(seen.shape, np.float32) for _ in range(3))
    for band in bands:
        smooth = cv2.GaussianBlur(band * seen, (0, 0), BLUR_PX) / weight
        across, down = (cv2.Scharr(smooth, cv2.CV_32F, *way) for way in ((1, 0), (0, 1)))
        # Not cv2.magnitude, whose last digit depends on where in memory the pixels lie.
        steepness = np.sqrt(across * across + down * down)
        steeper = (steepness > length).view(np.uint8)
        for part, into in ((across, east), (down, south), (steepness, length)):
            cv2.copyTo(part, steeper, into)
    return east, south, length


def edge_spectrum(raster: Raster) -> Spectrum:
    """Fourier transform of the `edge_fields` of a tile; (2, rows, columns)."""
    return _transformed(edge_fields(raster))


def _transformed(planes: Fields, flags: int = 0) -> Spectrum:
    """Discrete Fourier transform of each plane, (n, rows, columns)."""
    out = np.empty_like(planes)
    for plane, into in zip(planes, out, strict=True):
        cv2.dft(_in_pairs(plane), _in_pairs(into), flags)
    return out


def _in_pairs(plane: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Real and imaginary parts as the last axis, in the same memory."""
    return plane.view(np.float32).reshape(*plane.shape, 2)


@cache
def _window(rows: int, columns: int) -> NDArray[np.float32]:
    """Taper of a tile; tiles of a picture are of one size."""
    return np.outer(_taper(rows), _taper(columns))


def _taper(size: int) -> NDArray[np.float32]:
    """Tukey's window without its zeros at either end."""
    ramp = max(int(size * TAPER / 2), 1)
    window = np.ones(size, np.float32)
    rise = (0.5 - 0.5 * np.cos(np.pi * (np.arange(ramp) + 0.5) / ramp)).astype(np.float32)
    window[:ramp], window[-ramp:] = rise, rise[::-1]
    return window


def correlation_surface(before: Spectrum, after: Spectrum, *, radius_px: int) -> Surface:
    """
    Likeness of two tiles for every whole shift up to a radius.

    Orientation correlation (Fitch, Kadyrov, Christmas, Kittler: *Orientation Correlation*,
    BMVC 2002), partly whitened as phase correlation is (Kuglin and Hines, 1975), for both kinds
    of direction that `edge_fields` gives; the two are added in units of their own noise.

    Parameters
    ----------
    before, after
        From `edge_spectrum`, of one shape.
    radius_px
        Largest shift along either axis; less than half the tile.

    Returns
    -------
    numpy.ndarray
        (2 radius_px + 1, 2 radius_px + 1), by (row, column) of the shift; zero shift in the
        middle.
    """
    spectrum = after.copy()
    spectrum *= np.conj(before)
    length = np.abs(spectrum)
    usual = np.maximum(length.mean(axis=(1, 2), keepdims=True), 1e-6)
    spectrum *= _smoothing(*spectrum.shape[1:]) / (length / usual + 1e-3) ** WHITENING
    likeness = _transformed(spectrum, cv2.DFT_INVERSE | cv2.DFT_SCALE).real
    noise = np.maximum(likeness.std(axis=(1, 2), keepdims=True), 1e-6)
    shifts = np.arange(-radius_px, radius_px + 1)
    surface: Surface = (likeness / noise).sum(axis=0)[np.ix_(shifts, shifts)].astype(np.float32)
    return surface


@cache
def _smoothing(rows: int, columns: int) -> Plane:
    """Transform of a Gaussian of `SMOOTHING_PX`."""
    down, across = (
        np.exp(-2 * (np.pi * SMOOTHING_PX * np.fft.fftfreq(size)) ** 2) for size in (rows, columns)
    )
    return np.outer(down, across).astype(np.float32)


def peak(surface: Surface, *, near: tuple[float, float] = (0.0, 0.0), within_px: float) -> Offset:
    """
    Find the highest point of a surface, to a fraction of a pixel.

    Parameters
    ----------
    surface
        As `correlation_surface` gives it.
    near
        Column and row of the shift around which to look.
    within_px
        Radius of the search.

    Returns
    -------
    Offset
        The fraction of a pixel comes from a parabola along each axis through the top and its
        two neighbours: exact at zero, a little short elsewhere, so measure twice.
    """
    middle = surface.shape[0] // 2
    rows, columns = _shifts(*surface.shape)
    searched = np.hypot(columns - near[0], rows - near[1]) <= within_px
    row, column = divmod(int(np.argmax(np.where(searched, surface, -np.inf))), surface.shape[1])
    rest = np.hypot(columns - (column - middle), rows - (row - middle)) > PEAK_PX
    noise = surface[searched & rest]
    if noise.size < surface.shape[0]:  # a disc too small to tell noise from peak
        noise = surface[rest] if rest.any() else surface
    return Offset(
        column=column - middle + _vertex(surface[row], column),
        row=row - middle + _vertex(surface[:, column], row),
        strength=float((surface[row, column] - noise.mean()) / max(float(noise.std()), 1e-6)),
    )


@cache
def _shifts(rows: int, columns: int) -> NDArray[np.int64]:
    """(2, rows, columns); row and column of every shift of a surface."""
    return np.indices((rows, columns)) - rows // 2


def _vertex(line: NDArray[np.float32], top: int) -> float:
    if not 0 < top < line.size - 1:
        return 0.0
    left, centre, right = (float(value) for value in line[top - 1 : top + 2])
    bend = left - 2 * centre + right
    return 0.0 if bend >= 0 else float(np.clip((left - right) / (2 * bend), -0.5, 0.5))
