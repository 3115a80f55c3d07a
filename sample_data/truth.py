"""The truth: what changed, how much, and where; worked out from outlines, not from pictures."""

import json
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import Geod, Transformer
from rasterio.features import shapes
from shapely import Geometry, MultiPolygon, Polygon

from sample_data.layout import Layout, vehicles
from sample_data.light import sun_at
from sample_data.site import (
    BASELINE,
    CRS,
    CURRENT,
    DSM_OFFSET_M,
    EAST_M,
    NORTH_M,
    PIXEL_M,
    SEED,
    SHIFT_M,
    SIDE_M,
    permit_lonlat,
)

SCHEMA = "tinjau.truth/1"
RING_M = 100.0
OUTSIDE_FROM_M2 = 100.0
"""A part beyond the boundary this large makes the whole object lie outside."""

HECTARE_M2 = 1e4
_TO_LONLAT = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
_GEOD = Geod(ellps="WGS84")


def truth(layout: Layout, seen_now: NDArray[np.bool_]) -> dict[str, Any]:
    """
    Give the truth as one document.

    Parameters
    ----------
    layout
        What was painted.
    seen_now
        (rows, columns) of the current picture; the flight's displacement is taken out again.
    """
    seen = _ground_seen(seen_now)
    permit = layout.permit
    looked_at = permit.buffer(RING_M)
    unseen = permit.difference(seen)
    by_epoch = {
        epoch: shapely.union_all(
            [one.shape for one in layout.disturbances.values() if one.epoch == epoch]
        ).difference(unseen)
        for epoch in ("new", "standing", "recovered")
    }
    inside = {epoch: shape.intersection(permit) for epoch, shape in by_epoch.items()}
    ledger = {
        "permit": hectares(permit),
        "standing": hectares(inside["standing"]),
        "new": hectares(inside["new"]),
        "recovered": hectares(inside["recovered"]),
        "not_observed": hectares(unseen),
    }
    ledger["undisturbed"] = hectares(
        permit.difference(shapely.union_all([*inside.values(), unseen]))
    )
    disturbed = (
        by_epoch["new"].union(by_epoch["standing"]).intersection(looked_at).intersection(seen)
    )
    centre = permit_lonlat().centroid
    return {
        "schema": SCHEMA,
        "seed": SEED,
        "crs": CRS,
        "captured_at": {day.name: day.captured_at.isoformat() for day in (BASELINE, CURRENT)},
        "sun": {
            day.name: vars(sun_at(day.captured_at, longitude_deg=centre.x, latitude_deg=centre.y))
            for day in (BASELINE, CURRENT)
        },
        "shift_m": list(SHIFT_M),
        "dsm_offset_m": DSM_OFFSET_M,
        "ledger_ha": {name: round(value, 6) for name, value in ledger.items()},
        "areas_ha": {
            "inside": round(hectares(disturbed.intersection(permit)), 6),
            "outside": round(hectares(disturbed.difference(permit)), 6),
        },
        "objects": [
            {
                "name": one.name,
                "class": one.class_,
                "epoch": one.epoch,
                "location": _location(one.shape.intersection(looked_at), permit),
                "area_m2": round(hectares(one.shape) * HECTARE_M2, 2),
                "geometry": _on_grid(one.shape),
            }
            for one in layout.disturbances.values()
        ],
        "not_disturbance": [
            {"name": "river", "geometry": _on_grid(layout.river)},
            {"name": "cloud_shadow", "geometry": _on_grid(layout.cloud_shadow)},
            *({"name": name, "geometry": _on_grid(shape)} for name, shape in layout.plots.items()),
            *(
                {"name": name, "geometry": _on_grid(spot.buffer(length / 2 + 1.0))}
                for name, (spot, _, length, _) in vehicles().items()
            ),
        ],
        "not_observed": _on_grid(unseen),
    }


def hectares(shape: Geometry) -> float:
    """Ellipsoidal hectares of a shape in metres from the square's corner."""
    total = 0.0
    for part in _polygons(shape):
        on_grid = shapely.transform(part, _placed)
        degrees = shapely.transform(
            shapely.segmentize(on_grid, 20.0),
            lambda at: np.column_stack(_TO_LONLAT.transform(at[:, 0], at[:, 1])),
        )
        total += abs(_GEOD.geometry_area_perimeter(shapely.orient_polygons(degrees))[0])
    return total / HECTARE_M2


def _location(shape: Geometry, permit: Polygon) -> str:
    return (
        "outside"
        if shapely.area(shapely.difference(shape, permit)) >= OUTSIDE_FROM_M2
        else "inside"
    )


def _ground_seen(seen: NDArray[np.bool_]) -> Geometry:
    """Ground that the current flight shows: its pixels, moved back to where they truly lie."""
    back = Affine(PIXEL_M, 0, -SHIFT_M[0], 0, -PIXEL_M, SIDE_M - SHIFT_M[1])
    found = shapes(seen.astype(np.uint8), mask=seen, transform=back)
    return shapely.union_all([shapely.geometry.shape(outline) for outline, _ in found])


def _on_grid(shape: Geometry) -> dict[str, Any]:
    placed = shapely.transform(shape, lambda at: np.round(_placed(at), 3))
    whole: dict[str, Any] = json.loads(shapely.to_geojson(placed))
    return whole


def _placed(at: NDArray[np.float64]) -> NDArray[np.float64]:
    return at + np.array([EAST_M, NORTH_M])


def _polygons(shape: Geometry) -> Iterable[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, MultiPolygon):
        return list(shape.geoms)
    return [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
