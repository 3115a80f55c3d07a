"""Overlaps: where rivers, forest and other permits meet the permit and its disturbed ground."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Geometry, MultiPolygon

from geo.area import area_m2
from geo.crs import LONLAT, moved_shape
from geo.errors import about
from geo.layer import Feature
from geo.partition import SNAP_M, common, snapped, union
from geo.reach import reach
from geo.site import Site
from geo.sketch import sketch
from inspection.layer_notes import LayerNearest, LayerNote, LayerOverlap, LayerShapes, Ring
from inspection.model import BroughtLayer

HECTARE_M2 = 1e4
HA_DIGITS = 6
SHARE_DIGITS = 6
DISTANCE_DIGITS = 2
DEGREE_DIGITS = 9

SLIVER_M = 0.01
"""What is narrower comes of moving one line twice from system to system, and is no overlap."""

MOST_NAMED = 20
MOST_VERTICES = 5000

MOST_OUTLINES = MOST_VERTICES // 10
"""Where there are more polygons, the ground they cover is drawn, not each of them."""

AREAL = 2
"""Dimension of what has an area."""

type Shapes = NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Pieces:
    """The features of a layer taken apart: each piece and the number of its feature."""

    shapes: Shapes
    owners: NDArray[np.intp]

    def where(self, kept: NDArray[np.bool_]) -> "_Pieces":
        return _Pieces(shapes=self.shapes[kept], owners=self.owners[kept])

    @property
    def areal(self) -> "_Pieces":
        return self.where(shapely.get_dimensions(self.shapes) == AREAL)


def layer_note(
    brought: BroughtLayer,
    site: Site,
    disturbed: Mapping[str, Geometry],
    *,
    search_m: float,
    uncertainty_m: float,
) -> LayerNote:
    """
    Hold one layer against a site.

    Parameters
    ----------
    brought
        The layer as it was taken in.
    site
        Permit and ring.
    disturbed
        Ground of the findings that are new or standing, by the finding's id, in the site's
        system.
    search_m
        Distance from the ground looked at beyond which features are only counted.
    uncertainty_m
        Of a position read from the flight.

    Raises
    ------
    RefusedError
        ``layer_crs_unrelated``.
    """
    source = brought.source
    with about(source.name):
        found = reach(brought.layer, site.looked_at, site.crs, search_m=search_m)
    pieces = _pieces(found.near)
    on_ground = _on(site.looked_at, pieces)
    covered = union(on_ground.areal.shapes)
    mute = not found.near and bool(found.unusable)
    permit_m2 = area_m2(site.permit, site.crs)
    shared_m2 = area_m2(_shared(covered, site.permit), site.crs)
    dug_m2 = area_m2(_shared(covered, union(disturbed.values())), site.crs)
    numbers, overlaps = _overlaps(found.near, on_ground, site)
    return LayerNote(
        name=brought.name,
        file=source.name,
        sha256=source.sha256,
        size=source.size,
        date=brought.date,
        features=len(brought.layer.features) + sum(brought.layer.unusable.values()),
        used=len(found.near),
        far=found.far,
        unusable=dict(sorted((Counter(brought.layer.unusable) + Counter(found.unusable)).items())),
        permit_overlap_ha=None if mute else _ha(shared_m2),
        permit_overlap_share=None if mute else round(min(1.0, shared_m2 / permit_m2), SHARE_DIGITS),
        disturbed_overlap_ha=None if mute else _ha(dug_m2),
        nearest=_nearest(found.near, pieces, disturbed, site.crs, search_m, uncertainty_m),
        overlapping=numbers,
        overlaps=overlaps,
        shapes=_drawn(on_ground, covered, site.crs),
    )


def _pieces(features: Sequence[Feature]) -> _Pieces:
    shapes = np.array([one for feature in features for one in feature.shapes], dtype=object)
    owners = np.repeat(np.arange(len(features)), [len(f.shapes) for f in features])
    return _Pieces(shapes=shapes, owners=owners.astype(np.intp))


def _meets(ground: Geometry, shapes: Shapes) -> NDArray[np.bool_]:
    shapely.prepare(ground)
    meets: NDArray[np.bool_] = shapely.intersects(ground, shapes)
    return meets


def _on(ground: Geometry, pieces: _Pieces) -> _Pieces:
    """Give the part of each piece that lies on the ground."""
    meeting = pieces.where(_meets(ground, pieces.shapes))
    # What lies wholly on the ground stays as it is; lines would be cut where they cross.
    cut = ~shapely.contains_properly(ground, meeting.shapes)
    there = meeting.shapes.copy()
    there[cut] = shapely.intersection(there[cut], ground)
    parts, of_shape = shapely.get_parts(there, return_index=True)
    # Where a shape only touches the ground, it leaves a line or a point that is not its own.
    own = shapely.get_dimensions(parts) == shapely.get_dimensions(meeting.shapes)[of_shape]
    return _Pieces(shapes=parts, owners=meeting.owners[of_shape]).where(own)


def _shared(one: Geometry, other: Geometry) -> MultiPolygon:
    parts = shapely.get_parts(common(one, other))
    return MultiPolygon(parts[_wide(parts)].tolist())


def _wide(parts: Shapes) -> NDArray[np.bool_]:
    """Which polygons are more than slivers; one that is long and thin has half its outline long."""
    wide: NDArray[np.bool_] = 2 * shapely.area(parts) > SLIVER_M * shapely.length(parts)
    return wide


def _overlaps(
    features: Sequence[Feature], on_ground: _Pieces, site: Site
) -> tuple[int, list[LayerOverlap]]:
    """How many features meet the permit, and the largest; an area that only touches does not."""
    inside = on_ground.where(_meets(site.permit, on_ground.shapes))
    flat = shapely.get_dimensions(inside.shapes) < AREAL
    numbers = set(inside.owners[flat].tolist())
    areal = inside.where(~flat)
    fine = shapely.set_precision(areal.shapes, SNAP_M)
    cut = shapely.intersection(fine, snapped(site.permit), grid_size=SNAP_M)
    parts, of_cut = shapely.get_parts(cut, return_index=True)
    wide = _wide(parts)
    owners = areal.owners[of_cut][wide]
    numbers |= set(owners.tolist())
    planar = np.zeros(len(features))
    np.add.at(planar, owners, shapely.area(parts[wide]))
    ranked = sorted(numbers, key=lambda number: (-planar[number], number))[:MOST_NAMED]
    overlaps = []
    for number in ranked:
        own = union(areal.shapes[areal.owners == number])
        shared = _shared(own, site.permit)
        overlaps.append(
            LayerOverlap(
                feature=features[number].label, permit_overlap_ha=_ha(area_m2(shared, site.crs))
            )
        )
    return len(numbers), overlaps


def _nearest(
    features: Sequence[Feature],
    pieces: _Pieces,
    disturbed: Mapping[str, Geometry],
    crs: CRS,
    search_m: float,
    uncertainty_m: float,
) -> LayerNearest | None:
    """Give the finding and the feature that are nearest; the first of several pairs."""
    names, grounds = list(disturbed), list(disturbed.values())
    tree = shapely.STRtree(pieces.shapes)
    (mine, theirs), distances = tree.query_nearest(
        grounds, max_distance=search_m, return_distance=True
    )
    pairs = zip(distances.tolist(), mine.tolist(), theirs.tolist(), strict=True)
    best = min(pairs, key=lambda p: (p[0], p[1], pieces.owners[p[2]]), default=None)
    if best is None:
        return None
    _, ground, piece = best
    return LayerNearest(
        finding=names[ground],
        feature=features[pieces.owners[piece]].label,
        distance_m=_apart_m(grounds[ground], pieces.shapes[piece], crs),
        uncertainty_m=uncertainty_m,
    )


def _apart_m(one: Geometry, other: Geometry, crs: CRS) -> float:
    """Length on the ellipsoid of the shortest way between two shapes."""
    way = moved_shape(shapely.shortest_line(one, other), source=crs, target=LONLAT)
    geod = LONLAT.get_geod()
    if geod is None:
        raise ValueError("no ellipsoid is known")
    return round(float(geod.geometry_length(way)), DISTANCE_DIGITS)


def _drawn(on_ground: _Pieces, covered: MultiPolygon, crs: CRS) -> LayerShapes:
    shapes = on_ground.shapes
    flat = shapely.get_dimensions(shapes) < AREAL
    if np.count_nonzero(~flat) > MOST_OUTLINES:
        shapes = np.array([*shapes[flat], *covered.geoms], dtype=object)
    thinned = sketch(shapes.tolist(), most_vertices=MOST_VERTICES)
    polygons = [shapely.orient_polygons(one) for one in _degrees(thinned.polygons, crs)]
    return LayerShapes(
        polygons=[[_ring(ring) for ring in (one.exterior, *one.interiors)] for one in polygons],
        lines=[_ring(one) for one in _degrees(thinned.lines, crs)],
        points=[_ring(one)[0] for one in _degrees(thinned.points, crs)],
        drawn_within_m=thinned.within_m,
    )


def _degrees[S: Geometry](shapes: Sequence[S], crs: CRS) -> list[S]:
    together = moved_shape(shapely.GeometryCollection(list(shapes)), source=crs, target=LONLAT)
    return list(together.geoms)


def _ring(shape: Geometry) -> Ring:
    positions = shapely.get_coordinates(shape).round(DEGREE_DIGITS).tolist()
    return [(longitude, latitude) for longitude, latitude in positions]


def _ha(square_metres: float) -> float:
    return round(square_metres / HECTARE_M2, HA_DIGITS)
