"""Thin-plate splines: a map that bends no more than the places ask, and smooths their noise."""

from dataclasses import dataclass

import numpy as np

from geo.control_points import Positions
from geo.transformation import Frame, Kind

STIFFNESSES = (0.0, 1e-4, 1e-3, 1e-2, 1e-1)
"""From a plate that touches every place to one that is all but flat, reach of the places one."""

_AT_ONCE = 1 << 22
"""Distances held in memory together."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Spline:
    """X and y as the least bent surfaces near surveyed places."""

    picture: Frame
    country: Frame
    nodes: Positions
    """(n, 2), in the frame of the picture."""

    weights: Positions
    """(n + 3, 2): one for each node, then constant, column and row."""

    stiffness: float

    @property
    def kind(self) -> Kind:
        """Spline."""
        return "spline"

    def ground(self, pixels: Positions) -> Positions:
        """X and y of columns and rows."""
        inside = self.picture.into(pixels)
        found = np.empty_like(inside)
        piece = max(_AT_ONCE // len(self.nodes), 1)
        for start in range(0, len(inside), piece):
            part = inside[start : start + piece]
            found[start : start + piece] = _design(part, self.nodes) @ self.weights
        return self.country.out_of(found)


def _design(inside: Positions, nodes: Positions) -> Positions:
    """Bending of the plate by each node (r² log r), and the plane; (n, nodes + 3)."""
    apart = inside[:, None, :] - nodes[None, :, :]
    squares = np.einsum("ijk,ijk->ij", apart, apart)
    bent = 0.5 * squares * np.log(np.where(squares > 0, squares, 1.0))
    return np.column_stack([bent, np.ones(len(inside)), inside])


def fitted_spline(pixels: Positions, ground: Positions) -> Spline:
    """
    Spline near places, as stiff as makes the places left out of it be missed least.

    Parameters
    ----------
    pixels, ground
        (n, 2); distinct places that are not in one line.

    Notes
    -----
    Minimises misses plus stiffness times bending energy (Wahba, *Spline Models for
    Observational Data*, 1990); the stiffness of `STIFFNESSES` is chosen by leaving each place
    out once.
    """
    picture, country = Frame.of(pixels), Frame.of(ground)
    nodes, wanted = picture.into(pixels), country.into(ground)
    tried = [_solved(nodes, wanted, stiffness) for stiffness in STIFFNESSES]
    weights, _, stiffness = min(tried, key=lambda one: float((one[1] ** 2).sum()))
    return Spline(
        picture=picture, country=country, nodes=nodes, weights=weights, stiffness=stiffness
    )


def _solved(
    nodes: Positions, wanted: Positions, stiffness: float
) -> tuple[Positions, Positions, float]:
    """Weights, what each place left out would be missed by, and the stiffness."""
    count = len(nodes)
    system = np.zeros((count + 3, count + 3))
    system[:count] = _design(nodes, nodes)
    system[count:, :count] = system[:count, count:].T
    system[:count, :count] += stiffness * count * np.eye(count)
    inverse = np.linalg.inv(system)
    weights = inverse[:, :count] @ wanted
    # Rippa (1999), for any such system: a node's weight over its own entry of the inverse.
    missed = -weights[:count] / np.diag(inverse)[:count, None]
    return weights, missed, stiffness


def spline_left_out(pixels: Positions, ground: Positions) -> Positions:
    """
    By how much each place is missed by the spline through all others, (n, 2).

    The stiffness is chosen again without each place: else it would have seen what it is
    tested on.
    """
    picture, country = Frame.of(pixels), Frame.of(ground)
    nodes, wanted = picture.into(pixels), country.into(ground)
    errors = np.stack([_solved(nodes, wanted, stiffness)[1] for stiffness in STIFFNESSES])
    squares = (errors**2).sum(axis=2)
    best = (squares.sum(axis=1, keepdims=True) - squares).argmin(axis=0)
    missed: Positions = errors[best, np.arange(len(nodes))] * country.reach
    return missed
