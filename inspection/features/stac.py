"""Inspected flights as STAC: where and when each was flown, and its pictures as files to open."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import shapely
from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from inspection.features.asked import Box
from inspection.features.collections import COVERAGE
from inspection.features.documents import GEOJSON, JSON, OPENAPI, Document, link
from inspection.features.telling import features
from inspection.records.tables.base import Record
from inspection.records.tables.inspections import InspectionRun
from inspection.records.tables.reports import Report
from inspection.wording.catalogue import Wording

FLIGHTS: Final = "flights"
VERSION: Final = "1.1.0"
_COG: Final = "image/tiff; application=geotiff; profile=cloud-optimized"
_FILES: Final[Mapping[str, tuple[str, str, tuple[str, ...]]]] = {
    "visual": ("current.tif", _COG, ("data", "visual")),
    "baseline": ("baseline.tif", _COG, ("data",)),
    "change": ("change.tif", _COG, ("data",)),
    "findings": ("findings.geojson", GEOJSON, ("metadata",)),
    "report": ("report.pdf", "application/pdf", ("metadata",)),
}
"""Name of each asset, the report's file that it is, its kind, and what it is there for."""

_CLASSES: Final = (
    "https://api.stacspec.org/v1.0.0/core",
    "https://api.stacspec.org/v1.0.0/ogcapi-features",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
)


def catalogue(words: Wording, base: str, host: str) -> Document:
    """Where everything begins; `base` is this service, `host` the installation."""
    return {
        "type": "Catalog",
        "id": "tinjau",
        "stac_version": VERSION,
        "title": words.say("features.title"),
        "description": words.say("features.flights.description"),
        "conformsTo": list(_CLASSES),
        "links": [
            link(base, "self", JSON),
            link(base, "root", JSON),
            link(f"{host}/openapi.json", "service-desc", OPENAPI),
            link(f"{base}/collections", "data", JSON),
            link(f"{base}/collections/{FLIGHTS}", "child", JSON),
        ],
    }


def collection(words: Wording, extent: Box | None, base: str) -> Document:
    """The one collection: every inspected flight of the office."""
    here = f"{base}/collections/{FLIGHTS}"
    return {
        "type": "Collection",
        "id": FLIGHTS,
        "stac_version": VERSION,
        "title": words.say("features.flights.title"),
        "description": words.say("features.flights.description"),
        "license": "other",
        "extent": {
            "spatial": {"bbox": [list(extent or (-180, -90, 180, 90))]},
            "temporal": {"interval": [[None, None]]},
        },
        "links": [
            link(here, "self", JSON),
            link(base, "root", JSON),
            link(base, "parent", JSON),
            link(f"{here}/items", "items", GEOJSON),
        ],
    }


def items(session: Session, rows: Sequence[Record], base: str, host: str) -> list[Document]:
    """Flights as items, each with what its report holds."""
    told = features(session, COVERAGE, rows)
    names = [UUID(one["properties"]["inspection_id"]) for one in told]
    asked = (
        select(InspectionRun.id, InspectionRun.created_at, Report)
        .join(Report, Report.sha256 == InspectionRun.document_sha256)
        .where(InspectionRun.id.in_(names))
    )
    reports = {run: (at.isoformat(), report) for run, at, report in session.execute(asked)}
    return [_item(one, *reports[name], base, host) for one, name in zip(told, names, strict=True)]


def _item(feature: Document, asked_at: str, report: Report, base: str, host: str) -> Document:
    here = f"{base}/collections/{FLIGHTS}"
    stated: dict[str, Any] = feature["properties"]
    # An item has a time; of a flight that does not say when it was, that of its inspection.
    time = {
        "datetime": stated["flown_at"] or asked_at,
        "tinjau:capture_time": "as claimed by the flight" if stated["flown_at"] else "unknown",
    }
    files = f"{host}/api/v1/reports/{report.id}/files"
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [],
        "id": feature["id"],
        "collection": FLIGHTS,
        "geometry": feature["geometry"],
        "bbox": list(shapely.bounds(shape(feature["geometry"])).tolist()),
        "properties": {**time, **{f"tinjau:{name}": value for name, value in stated.items()}},
        "links": [
            link(f"{here}/items/{feature['id']}", "self", GEOJSON),
            link(base, "root", JSON),
            link(here, "parent", JSON),
            link(here, "collection", JSON),
        ],
        "assets": {
            name: {"href": f"{files}/{file}", "type": kind, "roles": list(roles)}
            for name, (file, kind, roles) in _FILES.items()
            if file in report.files
        },
    }
