"""Radiometry: making two days alike, so that a brighter sun is not taken for changed ground."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from geo.grid import Grid
from geo.raster import Mask, Raster

type Picture = NDArray[np.float32]
"""(bands, rows, columns); red, green, blue, 0-255 and a little beyond after relighting."""

ROUNDS = 20
"""Rounds of re-weighting; the fits settle within ten."""

FIT_STEP = 7
"""Every seventh pixel is fitted: neighbours say nearly the same."""

FIELD_PX = 100
"""Side of the raster that a field is smoothed on; it is smooth, so no detail is lost."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Relighting:
    """How the first date would look in the light of the second."""

    gain: NDArray[np.float64]
    """(bands,)"""

    offset: NDArray[np.float64]
    """(bands,), in digital numbers"""

    field: NDArray[np.float32]
    """(bands, rows, columns): what haze and soft cloud shadow add, in digital numbers."""

    grid: Grid
    """What the light was fitted on, and `field` covers."""

    unchanged_share: float
    """Share of the ground whose light the fit explains: how much the fit can be trusted."""

    def applied(self, raster: Raster) -> Picture:
        """Pixels of the first date, relit; zero where not valid."""
        relit = np.empty((len(self.gain), *raster.grid.shape), np.float32)
        by_band = zip(relit, raster.values, self._field_on(raster.grid), strict=False)
        for number, (into, band, field) in enumerate(by_band):
            gain, offset = float(self.gain[number]), float(self.offset[number])
            cv2.addWeighted(band, gain, field, 1.0, offset, dst=into, dtype=cv2.CV_32F)
        np.clip(relit, 0, 255, out=relit)
        if not raster.valid.all():
            relit[:, ~raster.valid] = 0
        return relit

    def undone(self, raster: Raster) -> Picture:
        """Pixels of the second date as the first day's light would have shown them, uncut."""
        gain, offset = (v.astype(np.float32)[:, None, None] for v in (self.gain, self.offset))
        shown = (raster.values[:3] - offset - self._field_on(raster.grid)) / gain
        return shown.astype(np.float32)

    def _field_on(self, grid: Grid) -> Picture:
        """Interpolate the field linearly; beyond its rim it stays as at the rim."""
        t = ~self.grid.transform @ grid.transform
        high, wide = self.field.shape[1:]
        down, right = high / self.grid.rows, wide / self.grid.columns
        rows = _between(grid.rows, down * t.e, down * t.f, of=high)
        columns = _between(grid.columns, right * t.a, right * t.c, of=wide)
        across = self.field[:, :, columns.low] * (1 - columns.beyond)
        across += self.field[:, :, columns.high] * columns.beyond
        field = np.empty((len(across), *grid.shape), np.float32)
        for low in np.unique(rows.low):
            first, last = np.searchsorted(rows.low, (low, low + 1))
            part, one = field[:, first:last], across[:, low, None]
            other = across[:, rows.high[first], None]
            np.multiply(other - one, rows.beyond[None, first:last, None], out=part)
            part += one
        return field


class _Between(NamedTuple):
    """Which values along one side of a raster pixels of a finer one lie between, and where."""

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    beyond: NDArray[np.float32]
    """How far beyond the lower value, 0-1."""


def _between(count: int, step: float, start: float, *, of: int) -> _Between:
    """
    Find the place of finer pixels, `step` long, the first of which begins at `start`.

    Both in pixels of a raster that has `of` of them; beyond its rim all stays as at the rim.
    """
    place = np.clip(step * (np.arange(count) + 0.5) + start - 0.5, 0, of - 1)
    low = np.minimum(place.astype(np.intp), max(of - 2, 0))
    return _Between(
        low=low, high=np.minimum(low + 1, of - 1), beyond=(place - low).astype(np.float32)
    )


def relighting(before: Raster, after: Raster, *, field_m: float, most_gain: float) -> Relighting:
    """
    Fit the light of two dates to one another on the ground that did not change.

    Gain and offset of each band are fitted by iteratively re-weighted regression: a pixel
    weighs 1 / (1 + (d / 2s)^4), where d is what the fit leaves of it and s the bulk of d.
    The regression is symmetric (reduced major axis), because both dates carry noise and
    ordinary least squares would flatten the first. What the well-explained pixels still
    leave over wide areas becomes the field.

    Parameters
    ----------
    before, after
        The two dates on one grid, coarse enough to be held in memory.
    field_m
        Standard deviation of the smoothing, in metres, that makes the field of the rest;
        wider than any object sought.
    most_gain
        Largest gain that is believed; its inverse is the smallest.
    """
    both = before.valid & after.valid
    first = _blurred(before.values[:3], both)
    second = _blurred(after.values[:3], both)
    if not both.any():
        zero = np.zeros((3, *both.shape), np.float32)
        return Relighting(
            gain=np.ones(3),
            offset=np.zeros(3),
            field=zero,
            grid=before.grid,
            unchanged_share=0.0,
        )
    x, y = (picture[:, both].astype(np.float64) for picture in (first, second))
    sure = _alike(first.mean(axis=0), second.mean(axis=0))[both] + np.float32(0.02)
    some = slice(None, None, FIT_STEP)
    gain, offset = _fitted(x[:, some], y[:, some], sure[some], most_gain=most_gain)
    weight = _weight(x, y, gain, offset)
    rest = second - (first * gain[:, None, None] + offset[:, None, None]).astype(np.float32)
    trust = np.zeros(both.shape, np.float32)
    trust[both] = weight
    return Relighting(
        gain=gain,
        offset=offset,
        field=_field(rest, trust, sigma_px=field_m / before.grid.pixel_size),
        grid=before.grid,
        unchanged_share=float(np.mean(weight > 0.5)),  # noqa: PLR2004 - half weight: at 2s
    )


def _fitted(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    sure: NDArray[np.float32],
    *,
    most_gain: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    weight = sure.astype(np.float64)
    gain, offset = np.ones(3), np.zeros(3)
    for _ in range(ROUNDS):
        share = weight / weight.sum()
        mean_x, mean_y = x @ share, y @ share
        spread_x = np.sqrt(((x - mean_x[:, None]) ** 2) @ share)
        spread_y = np.sqrt(((y - mean_y[:, None]) ** 2) @ share)
        # One digital number: a flat picture has no spread to compare.
        gain = np.clip((spread_y + 1) / (spread_x + 1), 1 / most_gain, most_gain)
        offset = mean_y - gain * mean_x
        weight = sure * _weight(x, y, gain, offset)
    return gain, offset


def _alike(first: NDArray[np.float32], second: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Square of the local correlation, 0-1: where structure stayed, so did the ground.

    It knows nothing of colour, so that roads and roofs, brighter than all else, hold the
    fit at its far end although they are few.
    """
    size = (9, 9)
    one, two = first - cv2.blur(first, size), second - cv2.blur(second, size)
    # Sums of squares in short floats come out a hair below zero where nothing varies.
    product = cv2.blur(one * one, size) * cv2.blur(two * two, size)
    spread = np.sqrt(np.maximum(product, 0))
    alike = cv2.blur(one * two, size) / (spread + 4)
    squared: NDArray[np.float32] = np.clip(alike, 0, 1).astype(np.float32) ** 2
    return squared


def _weight(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    gain: NDArray[np.float64],
    offset: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far a fit explains each pixel, 0-1; the bulk of what it leaves is the measure."""
    rest = y - gain[:, None] * x - offset[:, None]
    distance = np.sqrt(((rest / (y.std(axis=1) + 1)[:, None]) ** 2).sum(axis=0))
    bulk = max(float(np.quantile(distance, 0.4)), 1e-3)
    weight: NDArray[np.float64] = 1 / (1 + (distance / (4 * bulk)) ** 4)
    return weight


def _blurred(values: NDArray[np.uint8], valid: Mask) -> Picture:
    """Blur over a few pixels, so that small misregistration does not weaken the fit."""
    weight = cv2.GaussianBlur(valid.astype(np.float32), (0, 0), 1.5)
    bands = [
        cv2.GaussianBlur(np.where(valid, band, 0).astype(np.float32), (0, 0), 1.5)
        for band in values
    ]
    blurred = np.stack(bands) / np.maximum(weight, np.float32(1e-6))
    return blurred.astype(np.float32)


def _field(rest: Picture, trust: NDArray[np.float32], *, sigma_px: float) -> Picture:
    """Wide means of the trusted rest; drawn to zero where little is trusted."""
    rows, columns = trust.shape
    shrink = max(1.0, max(rows, columns) / FIELD_PX)
    small = max(round(columns / shrink), 1), max(round(rows / shrink), 1)
    sigma = max(sigma_px / shrink, 0.5)

    def wide(values: NDArray[np.float32]) -> NDArray[np.float32]:
        less = cv2.resize(values, small, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.GaussianBlur(less, (0, 0), sigma), np.float32)

    weight = wide(trust) + np.float32(0.1)
    bands = [np.clip(wide(band * trust) / weight, -40, 40) for band in rest]
    return np.stack(bands).astype(np.float32)
