"""A layer of other people's shapes - rivers, forest, permits - as somebody wrote it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from shapely import Geometry

from geo.errors import RefusedError
from geo.fault import Fault, Faulty
from geo.geojson import KINDS, MAX_BYTES, document, geometries, named_crs, shape

MAX_VERTICES = 2_000_000
"""What a file of `MAX_BYTES` holds at most when it was written by a program that maps land."""

LABEL_LENGTH = 120

LABELS = (
    "name",
    "NAME",
    "Name",
    "nama",
    "NAMA",
    "Nama",
    "NAMOBJ",
    "namobj",
    "nama_usaha",
    "NAMA_USAHA",
    "kode_wiup",
    "KODE_WIUP",
    "id",
    "ID",
)
"""Properties that name a feature, the most telling first."""

DATES = ("date", "timestamp", "timeStamp")
"""Members of a file that say of when it is."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Feature:
    """One thing of a layer: a river, a forest, a permit."""

    label: str | None
    shapes: tuple[Geometry, ...]
    """Points, lines and polygons, single or multiple; never collections."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Layer:
    """What a file holds, in the reference system it was written in."""

    crs: CRS
    date: str | None
    """The day that the file states, in ISO form; None where it states none."""

    features: tuple[Feature, ...]
    """Those whose coordinates can be read; whether their outlines cross is not known yet."""

    unusable: Mapping[Fault, int]
    """How many others there are, by why they cannot be read."""


def read_layer(path: Path) -> Layer:
    """
    Read a layer from a GeoJSON file (RFC 7946, or the older form with a named system).

    A feature that cannot be read is counted by the reason and left out as a whole; it is
    never repaired.

    Raises
    ------
    RefusedError
        ``layer_unreadable``, ``layer_too_large``, ``layer_crs_unknown``, ``layer_empty``,
        ``layer_not_degrees`` and ``layer_unusable`` where not one feature can be read.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise RefusedError("layer_too_large", megabytes=size >> 20, limit=MAX_BYTES >> 20)
    try:
        found = document(path, exact=False)
        written = _features(found)
        crs = named_crs(found.get("crs"))
    except Faulty as faulty:
        unknown = faulty.fault is Fault.CRS_UNKNOWN
        raise RefusedError("layer_crs_unknown" if unknown else "layer_unreadable") from faulty
    if not written:
        raise RefusedError("layer_empty")
    features, unusable = [], Counter[Fault]()
    for one in written:
        try:
            features.append(_feature(one, degrees=crs.is_geographic))
        except Faulty as faulty:
            unusable[faulty.fault] += 1
    shapes = [one for feature in features for one in feature.shapes]
    vertices = int(np.sum(shapely.get_num_coordinates(shapes)))
    if vertices > MAX_VERTICES:
        raise RefusedError("layer_too_large", vertices=vertices, limit=MAX_VERTICES)
    if not features:
        metres = unusable[Fault.NOT_DEGREES] > 0
        code = "layer_not_degrees" if metres else "layer_unusable"
        raise RefusedError(code, count=len(written))
    return Layer(
        crs=crs, date=_stated_date(found), features=tuple(features), unusable=dict(unusable)
    )


def _features(found: dict[str, Any]) -> list[Any]:
    kind = found.get("type")
    if kind == "FeatureCollection":
        members = found.get("features")
        if not isinstance(members, list):
            raise Faulty(Fault.UNREADABLE)
        return members
    if kind == "Feature":
        return [found]
    if kind in KINDS or kind == "GeometryCollection":
        return [{"type": "Feature", "geometry": found}]
    raise Faulty(Fault.UNREADABLE)


def _feature(one: object, *, degrees: bool) -> Feature:
    if not isinstance(one, dict) or one.get("type") != "Feature":
        raise Faulty(Fault.UNREADABLE)
    geometry = one.get("geometry")
    if geometry is None:
        raise Faulty(Fault.NO_GEOMETRY)
    shapes = tuple(shape(part, degrees=degrees) for part in geometries(geometry))
    if not shapes:
        raise Faulty(Fault.EMPTY)
    return Feature(label=_label(one), shapes=shapes)


def _label(feature: dict[str, Any]) -> str | None:
    properties = feature.get("properties")
    if isinstance(properties, dict):
        for name in LABELS:
            value = properties.get(name)
            if isinstance(value, str) and (label := _printable(value)):
                return label
    own = feature.get("id")
    return _printable(own) or None if isinstance(own, str) else None


def _printable(text: str) -> str:
    words = " ".join(text[: LABEL_LENGTH * 8].split())
    if not words.isprintable():
        # Signs that print nothing may turn the words around them; half a sign cannot be written.
        words = "".join(sign for sign in words if sign.isprintable())
    return words[:LABEL_LENGTH].strip()


def _stated_date(found: dict[str, Any]) -> str | None:
    stated = (found.get(name) for name in DATES)
    return next((day for text in stated if (day := iso_day(text))), None)


def iso_day(text: object) -> str | None:
    """
    Day of an ISO date or time, as written; None where the text is neither.

    Examples
    --------
    >>> iso_day("2024-05-01T23:30:00Z")
    '2024-05-01'
    >>> iso_day("May 2024")
    """
    if not isinstance(text, str):
        return None
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None
