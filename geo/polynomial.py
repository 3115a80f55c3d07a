"""Affine maps and polynomials of the second order, by least squares."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from affine import Affine

from geo.control_points import Positions
from geo.transformation import Frame, Kind


@dataclass(frozen=True, kw_only=True, eq=False)
class Polynomial:
    """X and y as polynomials of column and row."""

    order: int
    picture: Frame
    country: Frame
    coefficients: Positions
    """(terms, 2), in the frames."""

    @classmethod
    def of_affine(cls, affine: Affine) -> Self:
        """Give six numbers as a map of the first order."""
        frame = Frame(middle=np.zeros(2), reach=1.0)
        a, b, c, d, e, f = (float(number) for number in affine[:6])
        coefficients = np.array([[c, f], [a, d], [b, e]])
        return cls(order=1, picture=frame, country=frame, coefficients=coefficients)

    @property
    def kind(self) -> Kind:
        """Affine or polynomial."""
        return "affine" if self.order == 1 else "polynomial"

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows."""
        return self.country.out_of(
            design(self.picture.into(pixels), self.order) @ self.coefficients
        )

    @property
    def affine(self) -> Affine:
        """
        The six numbers of a map of the first order, about its own middle.

        Raises
        ------
        ValueError
            If the polynomial is curved.
        """
        if self.order != 1:
            raise ValueError("a polynomial of the second order has no six numbers")
        scale = self.country.reach / self.picture.reach
        (e, n), (a, d), (b, f) = self.coefficients.tolist()
        x, y = self.country.out_of(np.array([e, n])).tolist()
        turn = Affine(a * scale, b * scale, 0, d * scale, f * scale, 0)
        return Affine.translation(x, y) @ turn @ Affine.translation(*-self.picture.middle)


def design(inside: Positions, order: int) -> Positions:
    """Terms of the polynomial at positions in a frame, (n, terms)."""
    u, v = inside.T
    ones = np.ones_like(u)
    terms = [ones, u, v] if order == 1 else [ones, u, v, u * u, u * v, v * v]
    return np.column_stack(terms)


def fitted_polynomial(pixels: Positions, ground: Positions, *, order: int) -> Polynomial:
    """
    Polynomial that fits places best, by least squares.

    Parameters
    ----------
    pixels, ground
        (n, 2); at least as many places as the order has terms.
    order
        1 or 2.
    """
    picture, country = Frame.of(pixels), Frame.of(ground)
    terms = design(picture.into(pixels), order)
    coefficients, *_ = np.linalg.lstsq(terms, country.into(ground), rcond=None)
    return Polynomial(order=order, picture=picture, country=country, coefficients=coefficients)


def leverages(pixels: Positions, *, order: int, at: Positions | None = None) -> Positions:
    """
    How much the fit to places leans on each, from 0 to 1; or how far it reaches at others.

    Notes
    -----
    The diagonal of the hat matrix A (A'A)⁻¹ A', or of B (A'A)⁻¹ B' at other positions B.
    """
    picture = Frame.of(pixels)
    q, r = np.linalg.qr(design(picture.into(pixels), order))
    if at is None:
        own: Positions = (q**2).sum(axis=1)
        return own
    reached = np.linalg.solve(r.T, design(picture.into(at), order).T)
    far: Positions = (reached**2).sum(axis=0)
    return far


def polynomial_left_out(pixels: Positions, ground: Positions, *, order: int) -> Positions:
    """
    By how much each place is missed by the fit to all others, (n, 2).

    Notes
    -----
    For least squares it is the residual over one less the leverage, without fitting anew
    (Allen's PRESS, 1974).
    """
    fit = fitted_polynomial(pixels, ground, order=order)
    spared = 1 - leverages(pixels, order=order)
    with np.errstate(divide="ignore", invalid="ignore"):
        missed: Positions = (fit.ground(pixels) - ground) / spared[:, None]
    return missed
