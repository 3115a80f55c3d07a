"""Outlines from KML: polygons of placemarks; what lies elsewhere is counted, never fetched."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import shapely
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring
from numpy.typing import NDArray
from shapely import Geometry, Polygon

from geo.crs import LONLAT
from geo.fault import Fault, Faulty
from geo.outline import area_of, line_of, polygon_of
from geo.vector.archive import content, judged, only
from geo.vector.label import label_of, notes_of, printable
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import Feature, SystemFrom, Written, feature

_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_LEAST, _MOST = 2, 3
_COLLECTION: Final = "MultiGeometry"
_OTHERS: Final = ("Model", "Track", "MultiTrack")
"""Kinds of geometry in which no land is drawn."""


def read_kmz(path: Path) -> Written:
    """Every placemark of the one KML document in a KMZ, which must hold no other."""
    return _read(content(path, only(judged(path), ".kml")))


def read_kml(path: Path) -> Written:
    """
    Every placemark of a KML document (OGC 12-007r2), in longitude and latitude on WGS 84.

    Network links and styles that lie elsewhere are not followed; they are counted.

    Raises
    ------
    Unfit
        ``doctype`` where the document declares entities or a type, ``form_unknown`` where it
        is other XML, ``unreadable`` where it is none.
    """
    return _read(path.read_bytes())


def _read(document: bytes) -> Written:
    try:
        root: Element = fromstring(document, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Unfit(Reason.DOCTYPE) from error
    except (ParseError, LookupError, ValueError) as error:
        raise Unfit(Reason.UNREADABLE) from error
    if _name(root) != "kml":
        raise Unfit(Reason.FORM_UNKNOWN, found="XML")
    passed_over = Counter[str]()
    features = []
    for element in root.iter():
        match _name(element):
            case "Placemark":
                features.append(_placemark(element))
            case "NetworkLink":
                passed_over["network_links"] += 1
            case "styleUrl" if not (element.text or "").strip().startswith("#"):
                passed_over["remote_styles"] += 1
    return Written(
        crs=LONLAT,
        crs_from=SystemFrom.FORM,
        features=tuple(features),
        passed_over=dict(passed_over),
    )


def _placemark(element: Element) -> Feature:
    properties: dict[str, object] = {}
    for one in element.iter():
        if _name(one) in ("Data", "SimpleData") and (name := one.get("name")):
            value = one if _name(one) == "SimpleData" else _child(one, "value")
            properties[name] = (value.text if value is not None else None) or ""
    named = _child(element, "name")
    label = printable(named.text or "") if named is not None else ""
    return feature(
        lambda: _shapes(element),
        label=label or label_of(properties),
        properties=notes_of(properties),
    )


def _shapes(placemark: Element) -> tuple[Geometry, ...]:
    """One shape, however many polygons the placemark is made of; other kinds beside it."""
    written = list(_geometries(placemark))
    if not written:
        raise Faulty(Fault.NO_GEOMETRY)
    polygons = [one for one in written if isinstance(one, Polygon)]
    others = [one for one in written if not isinstance(one, Polygon)]
    return (*([area_of(polygons)] if polygons else []), *others)


def _geometries(parent: Element) -> Iterator[Geometry]:
    waiting = [parent]
    while waiting:
        for element in waiting.pop():
            match _name(element):
                case kind if kind == _COLLECTION:
                    waiting.append(element)
                case "Polygon":
                    yield _polygon(element)
                case "Point":
                    yield shapely.Point(_positions(element)[0])
                case "LineString" | "LinearRing":
                    yield line_of(_positions(element))
                case kind if kind in _OTHERS:
                    raise Faulty(Fault.WRONG_KIND)


def _polygon(element: Element) -> Polygon:
    outer, inner = [], []
    for side in element:
        rings = [_positions(ring) for ring in side if _name(ring) == "LinearRing"]
        match _name(side):
            case "outerBoundaryIs":
                outer += rings
            case "innerBoundaryIs":
                inner += rings
    if len(outer) != 1:
        raise Faulty(Fault.EMPTY if not outer else Fault.UNREADABLE)
    return polygon_of([*outer, *inner])


def _positions(element: Element) -> NDArray[np.float64]:
    """Longitudes and latitudes; heights are passed over."""
    found = _child(element, "coordinates")
    written = (found.text or "").split() if found is not None else []
    if not written:
        raise Faulty(Fault.EMPTY)
    points = [position.split(",") for position in written]
    for parts in points:
        if not _LEAST <= len(parts) <= _MOST or not all(map(_NUMBER.fullmatch, parts)):
            raise Faulty(Fault.UNREADABLE)
    return np.array([[float(x), float(y)] for x, y, *_ in points])


def _child(element: Element, name: str) -> Element | None:
    return next((one for one in element if _name(one) == name), None)


def _name(element: Element) -> str:
    """Name without its namespace, of which KML has had several."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
