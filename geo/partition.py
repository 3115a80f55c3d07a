"""Cutting ground exactly: by the boundary and its uncertainty, and into a ledger that adds up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import shapely
from pyproj import CRS
from shapely import Geometry, MultiPolygon, Polygon

from geo.area import area_m2

SNAP_M = 1e-4
"""Overlays are done on a lattice of a tenth of a millimetre, where they are robust."""

LEDGER_STEP_M2 = 0.01
"""The ledger counts in whole steps of 100 square centimetres."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Division:
    """A boundary with its uncertainty: surely inside, in doubt, surely outside."""

    permit: Polygon | MultiPolygon
    band: Polygon | MultiPolygon
    """Ground within the uncertainty of the line, on either side of it."""

    looked_at: Polygon | MultiPolygon
    """The permit and the ring; nothing beyond is counted."""

    @classmethod
    def of(
        cls,
        permit: Polygon | MultiPolygon,
        looked_at: Polygon | MultiPolygon,
        *,
        uncertainty_m: float,
    ) -> Self:
        """Division of the ground along the boundary of a permit."""
        return cls(
            permit=snapped(permit),
            band=snapped(permit.boundary.buffer(uncertainty_m)),
            looked_at=snapped(looked_at),
        )

    def split(self, shape: Geometry) -> "Split":
        """Cut a shape into what lies inside, in doubt and outside."""
        counted = shapely.intersection(snapped(shape), self.looked_at, grid_size=SNAP_M)
        clear = shapely.difference(counted, self.band, grid_size=SNAP_M)
        return Split(
            whole=counted,
            inside=shapely.intersection(clear, self.permit, grid_size=SNAP_M),
            uncertain=shapely.intersection(counted, self.band, grid_size=SNAP_M),
            outside=shapely.difference(clear, self.permit, grid_size=SNAP_M),
        )

    def distance_outside_m(self, shape: Geometry) -> float | None:
        """How far a shape reaches past the line, in metres; None where it does not."""
        beyond = shapely.difference(snapped(shape), self.permit, grid_size=SNAP_M)
        if beyond.is_empty or beyond.area == 0:
            return None
        points = shapely.points(shapely.get_coordinates(beyond))
        return float(shapely.distance(points, self.permit).max())


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """A shape cut by a division; the three parts are disjoint and make the whole."""

    whole: Geometry
    inside: Geometry
    uncertain: Geometry
    outside: Geometry


def snapped[S: Geometry](shape: S) -> S:
    """Give the shape on the lattice of `SNAP_M`, valid, so that overlays of it do not fail."""
    put: S = shapely.set_precision(shape, SNAP_M)
    return put


def disjoint(shapes: Mapping[str, Geometry], *, within: Geometry) -> dict[str, Geometry]:
    """
    The shapes clipped to a whole, each less all before it, and the remainder as ``rest``.

    Whatever the shapes are, the result has no two parts that share ground, and its union is
    the whole.
    """
    whole = snapped(within)
    taken: list[Geometry] = []
    parts: dict[str, Geometry] = {}
    for name, shape in shapes.items():
        own = shapely.intersection(snapped(shape), whole, grid_size=SNAP_M)
        if taken:
            own = shapely.difference(own, union(taken), grid_size=SNAP_M)
        parts[name] = own
        taken.append(own)
    parts["rest"] = shapely.difference(whole, union(taken), grid_size=SNAP_M) if taken else whole
    return parts


def union(shapes: Sequence[Geometry]) -> Geometry:
    """All the ground that any of the shapes covers."""
    joined: Geometry = shapely.union_all(list(shapes), grid_size=SNAP_M)
    return joined


def resolved(shape: Geometry, *, width_m: float) -> Geometry:
    """Give the parts of a shape that are wider than `width_m`, outlines unmoved."""
    core = shapely.buffer(snapped(shape), -width_m / 2, join_style="mitre")
    regrown = shapely.buffer(core, width_m / 2 * 1.01, join_style="mitre")
    return shapely.intersection(snapped(shape), regrown, grid_size=SNAP_M)


def ledger_m2(parts: Mapping[str, Geometry], whole: Geometry, crs: CRS) -> dict[str, float]:
    """
    Ellipsoidal areas of disjoint parts, rounded so that they add up to the whole exactly.

    Each part is measured by itself, never as what is left. The areas are then expressed in
    whole steps of `LEDGER_STEP_M2`; the steps that rounding loses go to the parts that lost
    the largest fractions.

    Parameters
    ----------
    parts
        Disjoint shapes whose union is `whole`, in `crs`.
    whole
        The ground they make.
    crs
        A metric reference system.

    Returns
    -------
    dict
        Square metres by name, and the whole's under ``whole``.

    Raises
    ------
    ValueError
        If the parts do not make the whole, by more than their outlines can explain.
    """
    measured = {name: area_m2(part, crs) / LEDGER_STEP_M2 for name, part in parts.items()}
    total = round(area_m2(whole, crs) / LEDGER_STEP_M2)
    off = abs(sum(measured.values()) - total) * LEDGER_STEP_M2
    outlines = sum(shapely.length(part) for part in [*parts.values(), whole])
    if off > LEDGER_STEP_M2 * (1 + len(parts)) + outlines * SNAP_M:
        raise ValueError(f"ledger is off by {off} m2")
    steps = {name: int(value) for name, value in measured.items()}
    by_loss = sorted(measured, key=lambda name: (steps[name] - measured[name], name))
    lost = total - sum(steps.values())
    for index in range(abs(lost)):
        steps[by_loss[index % len(by_loss)]] += 1 if lost > 0 else -1
    areas = {name: count * LEDGER_STEP_M2 for name, count in steps.items()}
    return {**areas, "whole": total * LEDGER_STEP_M2}
