"""Outlines as land has them: curved, a little ragged; and their distance fields on the canvas."""

from collections.abc import Sequence

import cv2
import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from rasterio.features import rasterize
from scipy.interpolate import CubicSpline
from shapely import Geometry, LineString, MultiPolygon, Polygon

from sample_data.noise import Field
from sample_data.site import MARGIN_M, PIXEL_M, SIDE_M

type Points = Sequence[tuple[float, float]]
type Shape = Polygon | MultiPolygon

SIDE_PX = round((SIDE_M + 2 * MARGIN_M) / PIXEL_M)
TO_METRES = Affine(PIXEL_M, 0.0, -MARGIN_M, 0.0, -PIXEL_M, SIDE_M + MARGIN_M)
"""From canvas (column, row), counted from the outer corner, to metres (east, north)."""

STEP_M = 0.8
"""Between two vertices of an outline: below it nobody could draw the edge of a clearing."""


def natural_outline(points: Points, *, rng: np.random.Generator, ragged_m: float) -> Polygon:
    """Draw a closed curve through a few points, its edge pushed in and out by about `ragged_m`."""
    corners = np.array([*points, points[0]], np.float64)
    curve = _spline(corners, closed=True)
    normal = np.roll(curve, -1, 0) - np.roll(curve, 1, 0)
    normal = normal[:, ::-1] * (1.0, -1.0) / np.linalg.norm(normal, axis=1, keepdims=True)
    curve += normal * (_wiggle(len(curve), rng) * ragged_m)[:, np.newaxis]
    return _largest(Polygon(curve).buffer(0).simplify(0.06))


def ribbon(points: Points, *, width_m: float, rng: np.random.Generator, ragged_m: float) -> Polygon:
    """Draw a road or river along a few points, its two banks ragged on their own."""
    curve = _spline(np.array(points, np.float64), closed=False)
    normal = np.gradient(curve, axis=0)[:, ::-1] * (1.0, -1.0)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    left, right = (
        width_m / 2 + ragged_m * _wiggle(len(curve), rng)[:, np.newaxis] for _ in range(2)
    )
    ring = np.vstack([curve + normal * right, (curve - normal * left)[::-1]])
    return _largest(Polygon(ring).buffer(0).simplify(0.06))


def centreline(points: Points) -> LineString:
    """Draw the smooth curve through a few points."""
    return LineString(_spline(np.array(points, np.float64), closed=False))


def inside(shape: Shape) -> NDArray[np.bool_]:
    """Mark the canvas pixels whose centre lies in a shape."""
    mask = rasterize([shape], out_shape=(SIDE_PX, SIDE_PX), transform=TO_METRES)
    return np.asarray(mask, np.bool_)


def depth_m(shape: Shape) -> Field:
    """Distance to the edge of a shape in metres: positive inside, negative outside."""
    mask = inside(shape).astype(np.uint8)
    within = cv2.distanceTransform(mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    beyond = cv2.distanceTransform(1 - mask, cv2.DIST_L2, cv2.DIST_MASK_5)
    # The edge runs between two pixel centres, half a pixel from either.
    signed = np.where(mask > 0, within - 0.5, 0.5 - beyond)
    return (signed * PIXEL_M).astype(np.float32)


def away_m(line: LineString) -> Field:
    """Distance to a line in metres."""
    off = np.full((SIDE_PX, SIDE_PX), 255, np.uint8)
    cv2.polylines(off, [pixels(np.array(line.coords))], isClosed=False, color=0, shift=4)
    return (cv2.distanceTransform(off, cv2.DIST_L2, cv2.DIST_MASK_5) * PIXEL_M).astype(np.float32)


def pixels(coordinates: NDArray[np.float64]) -> NDArray[np.int32]:
    """Canvas positions of points in metres, in the sixteenths of a pixel that cv2 draws with."""
    columns, rows = ~TO_METRES @ (coordinates[:, 0], coordinates[:, 1])
    # cv2 counts from the centre of the first pixel, the transform from its corner.
    return np.rint((np.column_stack([columns, rows]) - 0.5) * 16).astype(np.int32)


def _spline(corners: NDArray[np.float64], *, closed: bool) -> NDArray[np.float64]:
    chord = np.r_[0.0, np.cumsum(np.sqrt(np.linalg.norm(np.diff(corners, axis=0), axis=1)))]
    curve = CubicSpline(chord, corners, bc_type="periodic" if closed else "natural")
    fine = curve(np.linspace(0, chord[-1], 2000))
    length = np.r_[0.0, np.cumsum(np.linalg.norm(np.diff(fine, axis=0), axis=1))]
    steps = np.linspace(0, length[-1], max(8, round(length[-1] / STEP_M)), endpoint=not closed)
    return np.column_stack([np.interp(steps, length, fine[:, axis]) for axis in range(2)])


def _wiggle(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    frequency = np.fft.rfftfreq(count)
    frequency[0] = 1.0
    amplitude = frequency**-0.9
    amplitude[:3] = 0.0
    wave = np.fft.irfft(np.fft.rfft(rng.standard_normal(count)) * amplitude, n=count)
    return np.asarray(wave / wave.std(), np.float64)


def _largest(shape: Geometry) -> Polygon:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return max((Polygon(part.exterior) for part in parts), key=lambda part: part.area)
