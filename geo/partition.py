"""Cutting ground exactly: by the boundary and its uncertainty, and into a ledger that adds up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from weakref import WeakValueDictionary

import shapely
from pyproj import CRS
from shapely import Geometry, MultiPolygon, Polygon

from geo.area import area_m2

SNAP_M = 1e-4
"""Overlays are done on a lattice of a tenth of a millimetre, where they are robust."""

LEDGER_STEP_M2 = 0.01
"""The ledger counts in whole steps of 100 square centimetres."""


def areal(shape: Geometry) -> MultiPolygon:
    """Give the polygons of a shape; the lines and points that overlays leave have no area."""
    flat = shapely.get_parts(shapely.get_parts(shape))
    return MultiPolygon(list(flat[shapely.get_type_id(flat) == shapely.GeometryType.POLYGON]))


@lru_cache(maxsize=64)  # the same ground is cut again and again, by one piece after another
def snapped(shape: Geometry) -> MultiPolygon:
    """Give the shape on the lattice of `SNAP_M`, valid, so that overlays of it do not fail."""
    laid = _LAID.get(id(shape))
    return laid if laid is shape else _laid(shapely.set_precision(shape, SNAP_M))


_LAID: WeakValueDictionary[int, MultiPolygon] = WeakValueDictionary()
"""Shapes that overlays gave, by identity: they lie on the lattice, and are not laid there again."""


def _laid(shape: Geometry) -> MultiPolygon:
    """Give the polygons of a shape on the lattice, and keep in mind that they lie there."""
    polygons = areal(shape)
    _LAID[id(polygons)] = polygons
    return polygons


def common(one: Geometry, other: Geometry) -> MultiPolygon:
    """Ground that two shapes share."""
    return _laid(shapely.intersection(snapped(one), snapped(other), grid_size=SNAP_M))


def less(one: Geometry, other: Geometry) -> MultiPolygon:
    """Ground of one shape that is not the other's."""
    if shapely.is_empty(other):
        return snapped(one)
    return _laid(shapely.difference(snapped(one), snapped(other), grid_size=SNAP_M))


def union(shapes: Iterable[Geometry]) -> MultiPolygon:
    """All the ground that any of the shapes covers."""
    known = [snapped(shape) for shape in shapes if not shapely.is_empty(shape)]
    if len(known) == 1:
        return known[0]
    return _laid(shapely.union_all(known, grid_size=SNAP_M))


def _together(one: MultiPolygon, other: MultiPolygon) -> MultiPolygon:
    """Ground of two shapes, which is quicker than of all their parts at once."""
    if shapely.is_empty(one) or shapely.is_empty(other):
        return other if shapely.is_empty(one) else one
    return _laid(shapely.union(snapped(one), snapped(other), grid_size=SNAP_M))


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
        counted = common(shape, self.looked_at)
        clear = less(counted, self.band)
        return Split(
            whole=counted,
            inside=common(clear, self.permit),
            uncertain=common(counted, self.band),
            outside=less(clear, self.permit),
        )

    def distance_outside_m(self, shape: Geometry) -> float | None:
        """How far a shape reaches past the line, in metres; None where it does not."""
        beyond = less(shape, self.permit)
        if beyond.is_empty or beyond.area == 0:
            return None
        points = shapely.points(shapely.get_coordinates(beyond))
        return float(shapely.distance(points, self.permit).max())


@dataclass(frozen=True, kw_only=True, eq=False)
class Split:
    """A shape cut by a division; the three parts are disjoint and make the whole."""

    whole: MultiPolygon
    inside: MultiPolygon
    uncertain: MultiPolygon
    outside: MultiPolygon


def disjoint(shapes: Mapping[str, Geometry], *, within: Geometry) -> dict[str, MultiPolygon]:
    """
    The shapes clipped to a whole, each less all before it, and the remainder as ``rest``.

    Whatever the shapes are, the result has no two parts that share ground, and its union is
    the whole.
    """
    whole, taken = snapped(within), MultiPolygon()
    parts = {}
    for name, shape in shapes.items():
        parts[name] = less(common(shape, whole), taken)
        taken = _together(taken, parts[name])
    parts["rest"] = less(whole, taken)
    return parts


def resolved(shape: Geometry, *, width_m: float) -> MultiPolygon:
    """Give the parts of a shape that are wider than `width_m`, outlines unmoved."""
    core = shapely.buffer(snapped(shape), -width_m / 2, join_style="mitre")
    regrown = shapely.buffer(core, width_m / 2 * 1.01, join_style="mitre")
    return common(shape, regrown)


def ledger_m2(parts: Mapping[str, Geometry], whole: Geometry, crs: CRS) -> dict[str, float]:
    """
    Ellipsoidal areas of disjoint parts, rounded so that they add up to the whole exactly.

    Each part is measured by itself, never as what is left. The areas are then expressed in
    whole steps of `LEDGER_STEP_M2`; the steps that rounding loses go to the parts that lost
    the largest fractions, and never to a part that has no ground.

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
    present = [name for name in measured if steps[name]] or list(measured)
    by_loss = sorted(present, key=lambda name: (steps[name] - measured[name], name))
    lost = total - sum(steps.values())
    for index in range(abs(lost)):
        steps[by_loss[index % len(by_loss)]] += 1 if lost > 0 else -1
    areas = {name: count * LEDGER_STEP_M2 for name, count in steps.items()}
    return {**areas, "whole": total * LEDGER_STEP_M2}
