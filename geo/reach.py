"""Which features of a layer are near enough to a piece of ground to matter, and where they lie."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import ProjError
from shapely import Geometry, GeometryCollection, Polygon

from geo.boundary import FOLLOW_STEP_DEG
from geo.crs import moved_shape
from geo.errors import RefusedError
from geo.fault import Fault, unsound
from geo.layer import Feature, Layer

FRAME_STEPS = 32
"""Pieces that each side of the searched frame is followed in."""

FRAME_MARGIN = 0.01
"""Share by which it is widened for what bulges between two steps."""

CAME_BACK_M = 1.0

type Shapes = NDArray[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """Features of a layer within a distance of some ground, in the ground's system."""

    near: tuple[Feature, ...]
    """In the layer's order; what lies farther than was searched may be cut off."""

    far: int
    unusable: Mapping[Fault, int]
    """How many near ones cannot be taken as they stand, by reason."""


def reach(layer: Layer, ground: Geometry, crs: CRS, *, search_m: float) -> Reach:
    """
    Features within a distance of some ground.

    What is far is told from its extent alone: it is neither judged nor moved. A feature
    that is near is used whole or not at all.

    Parameters
    ----------
    layer
        The features, in a system of their own.
    ground
        Polygons in `crs`.
    crs
        A metric reference system.
    search_m
        The distance in metres.

    Raises
    ------
    RefusedError
        ``layer_crs_unrelated`` if the ground cannot be found in the layer's system.
    """
    frame = _frame(ground, layer.crs, crs, search_m=search_m)
    shapes = np.array([one for feature in layer.features for one in feature.shapes], dtype=object)
    owners = np.repeat(np.arange(len(layer.features)), [len(f.shapes) for f in layer.features])
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    owners_of_parts = owners[of_shape]
    close = _meets(parts, frame)
    unusable = Counter[Fault]()
    pieces: list[Geometry] = []
    piece_owners: list[int] = []
    for number, own in _grouped(owners_of_parts[close], parts[close]).items():
        feature = layer.features[number]
        if fault := _fault(feature, own, degrees=layer.crs.is_geographic):
            unusable[fault] += 1
            continue
        cut = [piece for part in own for piece in _cut(part, frame)]
        pieces += cut
        piece_owners += [number] * len(cut)
    moved = _moved(pieces, layer.crs, crs)
    shapely.prepare(ground)
    near = []
    for number, own in _grouped(np.array(piece_owners, dtype=int), moved).items():
        if not (np.isfinite(shapely.bounds(own)).all() and shapely.is_valid(own).all()):
            unusable[Fault.NOT_PROJECTABLE] += 1
        elif shapely.dwithin(ground, own, search_m).any():
            near.append(Feature(label=layer.features[number].label, shapes=tuple(own)))
    return Reach(
        near=tuple(near),
        far=len(layer.features) - len(near) - unusable.total(),
        unusable=dict(unusable),
    )


def _frame(ground: Geometry, target: CRS, crs: CRS, *, search_m: float) -> Polygon:
    """Box in the layer's system that holds all within the distance, and a little more."""
    left, bottom, right, top = shapely.bounds(ground)
    box = shapely.box(left - search_m, bottom - search_m, right + search_m, top + search_m)
    outline = shapely.segmentize(box, max(right - left, top - bottom) / FRAME_STEPS)
    try:
        there = moved_shape(outline, source=crs, target=target)
        back = moved_shape(there, source=target, target=crs)
    except (ProjError, RefusedError) as error:
        raise RefusedError("layer_crs_unrelated") from error
    missed = np.abs(shapely.get_coordinates(back) - shapely.get_coordinates(outline)).max()
    # Numbers that are none compare as false.
    if not missed <= CAME_BACK_M:
        raise RefusedError("layer_crs_unrelated")
    x0, y0, x1, y1 = there.bounds
    wide, high = (x1 - x0) * FRAME_MARGIN, (y1 - y0) * FRAME_MARGIN
    frame: Polygon = shapely.box(x0 - wide, y0 - high, x1 + wide, y1 + high)
    return frame


def _meets(parts: Shapes, frame: Polygon) -> NDArray[np.bool_]:
    left, bottom, right, top = frame.bounds
    x0, y0, x1, y1 = shapely.bounds(parts).T
    meets: NDArray[np.bool_] = (x0 <= right) & (x1 >= left) & (y0 <= top) & (y1 >= bottom)
    return meets


def _grouped(owners: NDArray[np.intp], shapes: Shapes) -> dict[int, Shapes]:
    groups: dict[int, list[Geometry]] = defaultdict(list)
    for owner, one in zip(owners.tolist(), shapes, strict=True):
        groups[owner].append(one)
    return {owner: np.array(groups[owner], dtype=object) for owner in sorted(groups)}


def _fault(feature: Feature, close: Iterable[Geometry], *, degrees: bool) -> Fault | None:
    # An edge of half the globe: whether it was meant so, or goes round the other way, is
    # not for us to say.
    if degrees and any(_longest_step_deg(part) > 180 for part in close):  # noqa: PLR2004
        return Fault.ANTIMERIDIAN
    found = next((faulty for one in feature.shapes if (faulty := unsound(one))), None)
    return found.fault if found else None


def _longest_step_deg(part: Geometry) -> float:
    longitudes = shapely.get_coordinates(part)[:, 0]
    return float(np.abs(np.diff(longitudes)).max(initial=0.0))


def _cut(part: Geometry, frame: Polygon) -> list[Geometry]:
    """Give the pieces of a part within the frame, of the part's own dimension."""
    if shapely.contains_properly(frame, part):
        return [part]
    pieces = shapely.get_parts(shapely.get_parts(shapely.intersection(part, frame)))
    dimension = shapely.get_dimensions(part)
    return [piece for piece in pieces if shapely.get_dimensions(piece) == dimension]


def _moved(pieces: list[Geometry], source: CRS, target: CRS) -> Shapes:
    """Move all pieces at once, long edges followed in steps as a boundary's are."""
    if not pieces:
        return np.array([], dtype=object)
    step = FOLLOW_STEP_DEG if source.is_geographic else FOLLOW_STEP_DEG * 111_000
    followed = pieces if source == target else list(shapely.segmentize(pieces, step))
    together = moved_shape(GeometryCollection(followed), source=source, target=target)
    return shapely.get_parts(together)
