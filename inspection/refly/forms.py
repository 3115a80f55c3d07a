"""Gaps as files: GeoJSON for maps, exactly; KML and GPX for the planner of the next flight."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import shapely
from pyproj import CRS
from shapely import Geometry

from geo.crs import LONLAT, moved_shape
from inspection.degrees import rings
from inspection.refly.gaps import Gap, Gaps, Where
from inspection.report.scene import polygons
from inspection.wording.catalogue import Wording

MOST_VERTICES: Final = 60
"""Planners of drones take outlines of few corners."""

FIRST_REACH_M: Final = 0.5
KML: Final = "http://www.opengis.net/kml/2.2"
GPX: Final = "http://www.topografix.com/GPX/1/1"
NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Form(StrEnum):
    """In which form gaps are given."""

    GEOJSON = "geojson"
    KML = "kml"
    GPX = "gpx"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sheet:
    """Gaps, and what is said beside them."""

    title: str
    gaps: Gaps
    words: Wording

    def described(self, gap: Gap) -> str:
        """A gap in words: how large it is, why it was not seen, and where it lies."""
        key = "refly.gap_ha" if gap.area_ha >= 1 else "refly.gap_m2"
        return self.words.say(
            key,
            area=gap.area_ha,
            square_metres=gap.area_ha * 1e4,
            reason=self.words.say(f"report.gaps.{gap.reason}"),
            longitude=gap.longitude,
            latitude=gap.latitude,
        )

    def planned(self, where: Where | None) -> tuple[Gap, ...]:
        """Those that are to be flown again."""
        return self.gaps.gaps if where is None else self.gaps.among(where)


def geojson(sheet: Sheet, where: Where | None) -> dict[str, Any]:
    """A feature a gap, with its outline as the document states it (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one.code,
                "properties": {
                    "code": one.code,
                    "where": one.where,
                    "reason": one.reason,
                    "area_ha": one.area_ha,
                    "longitude": one.longitude,
                    "latitude": one.latitude,
                    "description": sheet.described(one),
                },
                "geometry": {"type": "MultiPolygon", "coordinates": one.vertices},
            }
            for one in sheet.planned(where)
        ],
    }


def kml(sheet: Sheet, where: Where | None) -> bytes:
    """A polygon a gap, thinned and without holes; each covers all of its gap."""
    root = Element("kml", xmlns=KML)
    document = SubElement(root, "Document")
    _text(document, "name", sheet.title)
    for one in sheet.planned(where):
        mark = SubElement(document, "Placemark")
        _text(mark, "name", one.code)
        _text(mark, "description", sheet.described(one))
        polygon = SubElement(mark, "Polygon")
        _text(polygon, "tessellate", "1")
        ring = SubElement(SubElement(polygon, "outerBoundaryIs"), "LinearRing")
        places = plan(one, sheet.gaps.crs)
        _text(ring, "coordinates", " ".join(f"{x:.8f},{y:.8f},0" for x, y in places))
    return _written(root)


def gpx(sheet: Sheet, where: Where | None) -> bytes:
    """A waypoint and a closed track a gap: the form knows no polygons."""
    root = Element("gpx", xmlns=GPX, version="1.1", creator="Tinjau")
    _text(SubElement(root, "metadata"), "name", sheet.title)
    gaps = sheet.planned(where)
    for one in gaps:
        place = SubElement(root, "wpt", lat=f"{one.latitude:.8f}", lon=f"{one.longitude:.8f}")
        _text(place, "name", one.code)
        _text(place, "desc", sheet.described(one))
    for one in gaps:
        track = SubElement(root, "trk")
        _text(track, "name", one.code)
        segment = SubElement(track, "trkseg")
        for x, y in plan(one, sheet.gaps.crs):
            SubElement(segment, "trkpt", lat=f"{y:.8f}", lon=f"{x:.8f}")
    return _written(root)


XML: Final[dict[Form, Callable[[Sheet, Where | None], bytes]]] = {Form.KML: kml, Form.GPX: gpx}


def plan(gap: Gap, crs: CRS) -> list[tuple[float, float]]:
    """A closed outline of few corners that leaves nothing of the gap out."""
    exact = moved_shape(polygons(gap.vertices), source=LONLAT, target=crs)
    reach_m = FIRST_REACH_M
    while shapely.get_num_coordinates(thin := _around(exact, reach_m)) > MOST_VERTICES + 1:
        reach_m *= 2
    (outline,) = rings(thin, crs)
    return outline[0]


def _around(shape: Geometry, reach_m: float) -> Geometry:
    """
    Reach past a shape and be thinned by half of that.

    Thinned by less than it reaches past the shape, the outline never cuts into it.
    """
    wide = shapely.buffer(shape, reach_m, join_style="mitre")
    filled = shapely.union_all([shapely.Polygon(one.exterior) for one in shapely.get_parts(wide)])
    return shapely.simplify(filled, reach_m / 2)


def _text(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _written(root: Element) -> bytes:
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))
