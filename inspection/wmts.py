"""What a map service says of itself: OGC WMTS 1.0.0, a document for each inspection."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from geo.web_map import HALF_M, SIDE_PX, MapTile, degrees, pixel_m
from inspection.refly.forms import NO_XML
from inspection.tiles import Layer, Reach

MATRICES: Final = "WebMercatorQuad"
STYLE: Final = "default"
FORM: Final = "image/png"
_CRS: Final = "urn:ogc:def:crs:EPSG::3857"
_PIXEL_M: Final = 0.00028
"""Side of the pixel that scales are stated for."""

_WMTS, _OWS = "{http://www.opengis.net/wmts/1.0}", "{http://www.opengis.net/ows/1.1}"
_XLINK: Final = "{http://www.w3.org/1999/xlink}"
for _prefix, _name in (("", _WMTS), ("ows", _OWS), ("xlink", _XLINK)):
    register_namespace(_prefix, _name.strip("{}"))


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A layer as the document tells of it."""

    layer: Layer
    title: str
    reach: Reach


def capabilities(title: str, layers: Sequence[Shown], address: str) -> bytes:
    """
    Write what there is to see.

    Parameters
    ----------
    title
        Of the inspection.
    layers
        What it drew.
    address
        Below which its tiles lie, without a slash at its end.
    """
    root = Element(f"{_WMTS}Capabilities", version="1.0.0")
    service = SubElement(root, f"{_OWS}ServiceIdentification")
    _told(service, f"{_OWS}Title", title)
    _told(service, f"{_OWS}ServiceType", "OGC WMTS")
    _told(service, f"{_OWS}ServiceTypeVersion", "1.0.0")
    contents = SubElement(root, f"{_WMTS}Contents")
    for one in layers:
        _layer(contents, one, address)
    _matrices(contents, max((one.reach.deepest for one in layers), default=0))
    link = {f"{_XLINK}href": f"{address}/WMTSCapabilities.xml"}
    SubElement(root, f"{_WMTS}ServiceMetadataURL", link)
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _layer(contents: Element, shown: Shown, address: str) -> None:
    layer = SubElement(contents, f"{_WMTS}Layer")
    _told(layer, f"{_OWS}Title", shown.title)
    left, bottom, right, top = shown.reach.extent
    _box(layer, "WGS84BoundingBox", degrees(left, bottom), degrees(right, top))
    _told(layer, f"{_OWS}Identifier", shown.layer)
    _box(layer, "BoundingBox", (left, bottom), (right, top), crs=_CRS)
    style = SubElement(layer, f"{_WMTS}Style", isDefault="true")
    _told(style, f"{_OWS}Identifier", STYLE)
    _told(layer, f"{_WMTS}Format", FORM)
    link = SubElement(layer, f"{_WMTS}TileMatrixSetLink")
    _told(link, f"{_WMTS}TileMatrixSet", MATRICES)
    limits = SubElement(link, f"{_WMTS}TileMatrixSetLimits")
    for z in range(shown.reach.deepest + 1):
        first, last = MapTile.at(left, top, z), MapTile.at(right, bottom, z)
        limit = SubElement(limits, f"{_WMTS}TileMatrixLimits")
        _told(limit, f"{_WMTS}TileMatrix", z)
        _told(limit, f"{_WMTS}MinTileRow", first.y)
        _told(limit, f"{_WMTS}MaxTileRow", last.y)
        _told(limit, f"{_WMTS}MinTileCol", first.x)
        _told(limit, f"{_WMTS}MaxTileCol", last.x)
    SubElement(
        layer,
        f"{_WMTS}ResourceURL",
        format=FORM,
        resourceType="tile",
        template=f"{address}/{shown.layer}/{{TileMatrix}}/{{TileCol}}/{{TileRow}}.png",
    )


def _matrices(contents: Element, deepest: int) -> None:
    matrices = SubElement(contents, f"{_WMTS}TileMatrixSet")
    _told(matrices, f"{_OWS}Identifier", MATRICES)
    _told(matrices, f"{_OWS}SupportedCRS", _CRS)
    for z in range(deepest + 1):
        matrix = SubElement(matrices, f"{_WMTS}TileMatrix")
        _told(matrix, f"{_OWS}Identifier", z)
        _told(matrix, f"{_WMTS}ScaleDenominator", repr(pixel_m(z) / _PIXEL_M))
        _told(matrix, f"{_WMTS}TopLeftCorner", f"{-HALF_M!r} {HALF_M!r}")
        _told(matrix, f"{_WMTS}TileWidth", SIDE_PX)
        _told(matrix, f"{_WMTS}TileHeight", SIDE_PX)
        _told(matrix, f"{_WMTS}MatrixWidth", 1 << z)
        _told(matrix, f"{_WMTS}MatrixHeight", 1 << z)


type Corner = tuple[float, float]


def _box(layer: Element, kind: str, low: Corner, high: Corner, **crs: str) -> None:
    box = SubElement(layer, f"{_OWS}{kind}", crs)
    _told(box, f"{_OWS}LowerCorner", f"{low[0]!r} {low[1]!r}")
    _told(box, f"{_OWS}UpperCorner", f"{high[0]!r} {high[1]!r}")


def _told(parent: Element, tag: str, text: object) -> None:
    SubElement(parent, tag).text = NO_XML.sub("", str(text))
