"""Perspective maps: flat ground in a picture that was not taken straight from above."""

from dataclasses import dataclass

import numpy as np

from geo.control_points import Positions
from geo.transformation import Frame, Kind

_ROUNDS = 8
"""Gauss-Newton steps from a first solution that is nearly right."""

_MANY = 20
"""Places from which leaving one out changes the fit so little that it need not be made anew."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Perspective:
    """X and y as fractions of linear terms of column and row, with one denominator."""

    picture: Frame
    country: Frame
    numbers: Positions
    """(8,): three for x, three for y, two for the denominator, in the frames."""

    @property
    def kind(self) -> Kind:
        """Perspective."""
        return "perspective"

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows; NaN at and beyond the horizon."""
        above, depth = _parts(self.picture.into(pixels), self.numbers)
        return self.country.out_of(above / np.where(depth > 0, depth, np.nan)[:, None])


def _parts(inside: Positions, numbers: Positions) -> tuple[Positions, Positions]:
    """Numerators (n, 2) and the denominator (n,)."""
    u, v = inside.T
    x, y, depth = numbers[:3], numbers[3:6], numbers[6:]
    above = np.column_stack([x[0] + x[1] * u + x[2] * v, y[0] + y[1] * u + y[2] * v])
    return above, 1 + depth[0] * u + depth[1] * v


def fitted_perspective(pixels: Positions, ground: Positions) -> Perspective:
    """
    Perspective map that fits places best: least squares on the ground.

    Parameters
    ----------
    pixels, ground
        (n, 2); at least four places, no three of four in one line.

    Notes
    -----
    The direct linear transformation in centred frames (Hartley and Zisserman, *Multiple View
    Geometry*, 2004, 4.1 and 4.4), then Gauss-Newton steps on the true misses.
    """
    picture, country = Frame.of(pixels), Frame.of(ground)
    inside, wanted = picture.into(pixels), country.into(ground)
    depth = np.ones(len(pixels))
    numbers = _solved(inside, wanted, wanted, depth)
    for _ in range(_ROUNDS):
        above, depth = _parts(inside, numbers)
        if not (depth > 0).all():
            break
        here = above / depth[:, None]
        step = _solved(inside, wanted - here, here, depth)
        numbers = numbers + step
    return Perspective(picture=picture, country=country, numbers=numbers)


def _solved(inside: Positions, wanted: Positions, at: Positions, depth: Positions) -> Positions:
    """Eight numbers by which the map must change to come nearer to what is wanted."""
    slope = _slopes(inside, at, depth)
    numbers, *_ = np.linalg.lstsq(slope, wanted.T.reshape(-1), rcond=None)
    return np.asarray(numbers, dtype=np.float64)


def _slopes(inside: Positions, at: Positions, depth: Positions) -> Positions:
    """How x of all places, then y, moves with each of the eight numbers; (2n, 8)."""
    linear = np.column_stack([np.ones(len(inside)), inside])
    none = np.zeros_like(linear)
    rows = [
        np.column_stack([linear, none, -at[:, :1] * inside]),
        np.column_stack([none, linear, -at[:, 1:] * inside]),
    ]
    return np.concatenate([part / depth[:, None] for part in rows])


def perspective_left_out(pixels: Positions, ground: Positions) -> Positions:
    """
    By how much each place is missed by the fit to all others, (n, 2).

    Few places are fitted anew without each; among many the map near its best fit is taken
    for linear, where the miss is the residual over one less the leverage.
    """
    count = len(pixels)
    if count >= _MANY:
        return _left_out_of_many(pixels, ground)
    missed = np.empty_like(ground)
    for place in range(count):
        others = np.arange(count) != place
        fit = fitted_perspective(pixels[others], ground[others])
        missed[place] = (fit.ground(pixels[~others]) - ground[~others])[0]
    return missed


def _left_out_of_many(pixels: Positions, ground: Positions) -> Positions:
    fit = fitted_perspective(pixels, ground)
    inside = fit.picture.into(pixels)
    above, depth = _parts(inside, fit.numbers)
    q, _ = np.linalg.qr(_slopes(inside, above / depth[:, None], depth))
    both = q.reshape(2, len(pixels), -1).transpose(1, 0, 2)
    spared = np.eye(2) - both @ both.transpose(0, 2, 1)
    missed = fit.ground(pixels) - ground
    left: Positions = np.linalg.solve(spared, missed[:, :, None])[:, :, 0]
    return left
