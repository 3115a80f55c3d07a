"""What the service says of itself to GIS software: landing page, conformance, collections."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import urlencode

from inspection.features.asked import CRS84, Box
from inspection.features.collections import Collection
from inspection.features.kinds import Property
from inspection.features.paging import Found
from inspection.records.columns import now
from inspection.wording.catalogue import Wording

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.1"

_CLASSES: Final = (
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
)
_QUERYABLES: Final = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_TIMES: Final = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"

type Document = dict[str, Any]


def link(href: str, rel: str, kind: str, title: str | None = None) -> dict[str, str]:
    """Where something lies, and what it is to where it is told."""
    told = {"href": href, "rel": rel, "type": kind}
    return told if title is None else {**told, "title": title}


def landing(words: Wording, base: str, host: str) -> Document:
    """Where everything begins; `base` is this service, `host` the installation."""
    return {
        "title": words.say("features.title"),
        "description": words.say("features.description"),
        "links": [
            link(base, "self", JSON),
            link(f"{host}/openapi.json", "service-desc", OPENAPI),
            link(f"{base}/conformance", "conformance", JSON),
            link(f"{base}/collections", "data", JSON),
        ],
    }


def conformance() -> Document:
    """What of the standards is kept."""
    return {"conformsTo": list(_CLASSES)}


def collections_told(told: Sequence[Document], base: str) -> Document:
    """The collections that one may read."""
    return {"links": [link(f"{base}/collections", "self", JSON)], "collections": list(told)}


def collection_told(
    words: Wording, collection: Collection, extent: Box | None, base: str
) -> Document:
    """One collection: what it is, where it lies, and how it is read."""
    here = f"{base}/collections/{collection.name}"
    document: Document = {
        "id": collection.name,
        "title": words.say(f"features.{collection.name}.title"),
        "description": words.say(f"features.{collection.name}.description"),
        "itemType": "feature",
        "crs": [CRS84],
        "links": [
            link(here, "self", JSON),
            link(f"{here}/items", "items", GEOJSON),
            link(f"{here}/queryables", _QUERYABLES, SCHEMA),
            link(f"{here}/schema", "describedby", SCHEMA),
        ],
    }
    if extent is not None:
        document["extent"] = {
            "spatial": {"bbox": [list(extent)], "crs": CRS84},
            "temporal": {"interval": [[None, None]], "trs": _TIMES},
        }
    return document


def schema_told(
    words: Wording, collection: Collection, properties: Mapping[str, Property], address: str
) -> Document:
    """Some properties of a collection as a JSON Schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "type": "object",
        "title": words.say(f"features.{collection.name}.title"),
        "properties": {name: dict(one.schema) for name, one in properties.items()},
        "additionalProperties": False,
    }


def items_told(
    features: Sequence[Document], found: Found, query: Sequence[tuple[str, str]], here: str
) -> Document:
    """A page of features, with where the next one lies."""
    links = [link(_with(here, query), "self", GEOJSON)]
    if found.after is not None:
        rest = [(name, value) for name, value in query if name != "after"]
        links.append(link(_with(here, [*rest, ("after", str(found.after))]), "next", GEOJSON))
    return {
        "type": "FeatureCollection",
        "timeStamp": now().isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": found.matched,
        "numberReturned": len(features),
        "links": links,
        "features": list(features),
    }


def item_told(feature: Document, here: str) -> Document:
    """One feature with where it lies."""
    links = [
        link(f"{here}/items/{feature['id']}", "self", GEOJSON),
        link(here, "collection", JSON),
    ]
    return {**feature, "links": links}


def _with(address: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(query)}" if query else address
