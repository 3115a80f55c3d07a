"""Markers of Metashape as XML: places of markers, and where photos show them."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from geo.control_points import Role
from geo.errors import RefusedError
from geo.points.listing import Listing, Pair, Row
from geo.points.system import system_named
from geo.points.text import cleaned, number


def read_metashape(text: str) -> Listing | None:
    """
    Read such a file; None where the text is no XML of that form.

    A marker that is unticked in Metashape took no part in its adjustment: it is a check point
    there, and is one here.

    Raises
    ------
    RefusedError
        ``control_points_unreadable`` for XML that is broken or defines words of its own;
        ``control_points_value`` with the marker.
    """
    if not text.lstrip().startswith("<"):
        return None
    try:
        root = fromstring(text.lstrip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        raise RefusedError("control_points_unreadable") from error
    chunk = root if root.tag == "chunk" else root.find(".//chunk")
    if chunk is None:
        return None
    photos = {one.get("id", ""): cleaned(one.get("label", "")) for one in chunk.iter("camera")}
    markers = {
        one.get("id", ""): one for one in chunk.iterfind("markers/marker") if one.get("label")
    }
    system = chunk.findtext("reference", default="").strip()
    rows = [
        row
        for seen in chunk.iterfind(".//frame/markers/marker")
        if (marker := markers.get(seen.get("marker_id", ""))) is not None
        for row in _rows(marker, seen, photos)
    ]
    return Listing(crs=system_named(system) if system else None, rows=tuple(rows))


def _rows(marker: Element, seen: Element, photos: Mapping[str, str]) -> list[Row]:
    name = cleaned(marker.get("label", ""))
    place = marker.find("reference")
    ground = None if place is None or place.get("x") is None else _pair(place, name)
    ticked = place is None or place.get("enabled", "true") in ("true", "1")
    return [
        Row(
            line=0,
            name=name,
            ground=ground,
            pixel=_pair(mark, name),
            image=photos.get(mark.get("camera_id", ""), ""),
            role=Role.CONTROL if ticked else Role.CHECK,
        )
        for mark in seen.iterfind("location")
    ]


def _pair(element: Element, name: str) -> Pair:
    x, y = number(element.get("x", "")), number(element.get("y", ""))
    if x is None or y is None:
        raise RefusedError("control_points_value", where=name)
    return x, y
