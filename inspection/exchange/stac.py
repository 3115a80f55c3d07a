"""The flights as a static STAC catalogue, with the COGs as assets beside it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pystac
import shapely
from pystac.extensions.projection import ProjectionExtension
from shapely import Geometry

from geo.crs import LONLAT, moved_shape
from inspection.evidence.canonical import canonical_bytes
from inspection.model import Orthophoto

DEGREE_DIGITS = 9


def write_stac(
    folder: Path, document: Mapping[str, Any], flights: Mapping[str, Orthophoto]
) -> None:
    """
    Write one item a flight and their collection into a folder.

    Parameters
    ----------
    folder
        Where the catalogue goes; the COGs lie in the folder above it.
    document
        The inspection.
    flights
        The clipped orthophotos by role, which is also the name of their file.
    """
    items = [_item(role, flight, document) for role, flight in flights.items()]
    boxes = [item.bbox for item in items if item.bbox]
    times = [item.datetime for item in items if item.datetime]
    collection = pystac.Collection(
        id=document["id"],
        title=f"Tinjau {document['id']}",
        description="Orthophotos of one inspection, clipped to the permit and its ring.",
        license="other",
        extent=pystac.Extent(
            pystac.SpatialExtent([_around(boxes)]),
            pystac.TemporalExtent([[min(times), max(times)]]),
        ),
    )
    collection.add_items(items)
    # The root's own place is never written: every link is relative to the file that has it.
    collection.normalize_hrefs("/stac")
    collection.catalog_type = pystac.CatalogType.SELF_CONTAINED
    folder.mkdir()
    _write(folder / "collection.json", collection)
    for item in items:
        (folder / item.id).mkdir()
        _write(folder / item.id / f"{item.id}.json", item)


def _write(path: Path, described: pystac.Collection | pystac.Item) -> None:
    path.write_bytes(canonical_bytes(described.to_dict(include_self_link=False)))


def _item(role: str, flight: Orthophoto, document: Mapping[str, Any]) -> pystac.Item:
    outline = shapely.segmentize(flight.grid.footprint, flight.grid.pixel_size * 256)
    degrees = moved_shape(outline, source=flight.grid.crs, target=LONLAT)
    item = pystac.Item(
        id=role,
        geometry=_geometry(degrees),
        bbox=[round(v, DEGREE_DIGITS) for v in degrees.bounds],
        datetime=_moment(flight.captured_at or document["created_at"]),
        properties={
            "gsd": round(flight.gsd_m, 4),
            "tinjau:capture_time": "as claimed by the file" if flight.captured_at else "unknown",
            "tinjau:original_sha256": flight.source.sha256,
        },
    )
    projection = ProjectionExtension.ext(item, add_if_missing=True)
    projection.code = flight.grid.crs.to_string() if flight.grid.crs.to_epsg() else None
    projection.shape = list(flight.grid.shape)
    projection.transform = [float(value) for value in flight.grid.transform[:6]]
    item.add_asset(
        "visual",
        pystac.Asset(
            href=f"../../{role}.tif", media_type=pystac.MediaType.COG, roles=["data", "visual"]
        ),
    )
    return item


def _geometry(outline: Geometry) -> dict[str, Any]:
    ring = [
        [round(x, DEGREE_DIGITS), round(y, DEGREE_DIGITS)]
        for x, y in shapely.get_coordinates(shapely.orient_polygons(outline))
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def _around(boxes: list[list[float]]) -> list[float | int]:
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


def _moment(text: str) -> datetime:
    """STAC wants a zone: a claimed time without one is given as if it were UTC, and says so."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
