"""A project of QGIS whose layers come from the service, styled as in the GeoPackage; no secrets."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Final
from urllib.parse import urlencode
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from defusedxml.ElementTree import fromstring
from pyproj import Transformer

from geo.crs import LONLAT
from inspection.refly.forms import NO_XML

AUTH: Final = "tinjau1"
"""The authentication configuration that the layers name; each person makes it, with their token."""

MEDIA: Final = "application/x-qgis-project"
_OLDEST: Final = "3.22.0"
_WEB: Final = "EPSG:3857"
_SYSTEM: Final = {
    "proj4": "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m "
    "+nadgrids=@null +wktext +no_defs",
    "srsid": "3857",
    "srid": "3857",
    "authid": _WEB,
    "description": "WGS 84 / Pseudo-Mercator",
    "projectionacronym": "merc",
    "ellipsoidacronym": "EPSG:7030",
    "geographicflag": "false",
}
"""As QGIS writes it down: of a code alone it makes a system that is not valid."""

_DEGREES: Final = {
    "proj4": "+proj=longlat +datum=WGS84 +no_defs",
    "srsid": "3452",
    "srid": "4326",
    "authid": "EPSG:4326",
    "description": "WGS 84",
    "projectionacronym": "longlat",
    "ellipsoidacronym": "EPSG:7030",
    "geographicflag": "true",
}
_AIR: Final = 0.25
"""Of the permit's width and height, around it."""

_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""Of all files in the archive, so that the same project is the same bytes."""

type Box = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True)
class Outlines:
    """A layer of outlines."""

    collection: str
    title: str
    style: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A layer of pictures."""

    layer: str
    title: str
    is_shown: bool


@dataclass(frozen=True, kw_only=True)
class Project:
    """What is shown of one permit; of layers the uppermost first, pictures below all outlines."""

    title: str
    permit_id: UUID
    host: str
    """Address of the installation, without a slash at its end."""

    outlines: Sequence[Outlines]
    inspection_id: UUID | None
    """The one whose pictures are shown."""

    pictures: Sequence[Picture]
    box: Box | None
    """West, south, east, north around the permit; None where no boundary is known."""


def project_file(project: Project) -> bytes:
    """Write the project as QGIS keeps it: one XML document in a ZIP."""
    root = Element("qgis", projectname=_plain(project.title), version=_OLDEST)
    _told(root, "title", project.title)
    _system(SubElement(root, "projectCrs"), _SYSTEM)
    tree = SubElement(root, "layer-tree-group")
    _view(root, project.box)
    layers = SubElement(root, "projectlayers")
    order = SubElement(root, "layerorder")
    for one in project.outlines:
        _outlines(layers, project, one)
        _listed(tree, order, f"{one.collection}_{project.permit_id.hex}", one.title, is_shown=True)
    for picture in project.pictures:
        _picture(layers, project, picture)
        name = f"{picture.layer}_{project.permit_id.hex}"
        _listed(tree, order, name, picture.title, is_shown=picture.is_shown)
    # Else the system of the project is passed over.
    systems = SubElement(SubElement(root, "properties"), "SpatialRefSys")
    SubElement(systems, "ProjectionsEnabled", type="int").text = "1"
    indent(root)
    head = b"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo("project.qgs", _DAY)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, head + tostring(root, encoding="utf-8"))
    return packed.getvalue()


def _outlines(layers: Element, project: Project, one: Outlines) -> None:
    # QGIS hands on what stands behind the question mark with everything that it asks.
    address = f"{project.host}/ogc?permit_id={project.permit_id}"
    source = (
        f"authcfg={AUTH} maxNumFeatures='0' pagingEnabled='true' restrictToRequestBBOX='1' "
        f"typename='{one.collection}' url='{address}'"
    )
    layer = SubElement(layers, "maplayer", type="vector", geometry="Polygon")
    _told(layer, "id", f"{one.collection}_{project.permit_id.hex}")
    _told(layer, "datasource", source)
    _told(layer, "layername", one.title)
    _system(SubElement(layer, "srs"), _DEGREES)
    SubElement(layer, "provider", encoding="UTF-8").text = "OAPIF"
    style = files("inspection.exchange").joinpath(f"styles/{one.style}.qml").read_bytes()
    layer.extend(fromstring(style))


def _picture(layers: Element, project: Project, one: Picture) -> None:
    source = urlencode(
        {
            "authcfg": AUTH,
            "crs": _WEB,
            "dpiMode": "7",
            "format": "image/png",
            "layers": one.layer,
            "styles": "default",
            "tileMatrixSet": "WebMercatorQuad",
            "url": f"{project.host}/tiles/{project.inspection_id}/WMTSCapabilities.xml",
        }
    )
    layer = SubElement(layers, "maplayer", type="raster")
    _told(layer, "id", f"{one.layer}_{project.permit_id.hex}")
    _told(layer, "datasource", source)
    _told(layer, "layername", one.title)
    _system(SubElement(layer, "srs"), _SYSTEM)
    _told(layer, "provider", "wms")
    pipe = SubElement(layer, "pipe")
    SubElement(pipe, "rasterrenderer", type="singlebandcolordata", band="1", opacity="1")


def _listed(tree: Element, order: Element, name: str, title: str, *, is_shown: bool) -> None:
    checked = "Qt::Checked" if is_shown else "Qt::Unchecked"
    SubElement(tree, "layer-tree-layer", id=name, name=_plain(title), checked=checked, expanded="0")
    SubElement(order, "layer", id=name)


def _view(root: Element, box: Box | None) -> None:
    """Where the map begins: what the window shows, and what is asked for without one."""
    maps = SubElement(root, "mapcanvas", name="theMapCanvas", annotationsVisible="1")
    _told(maps, "units", "meters")
    if box is not None:
        passage = Transformer.from_crs(LONLAT, _WEB, always_xy=True)
        left, bottom, right, top = passage.transform_bounds(*box)
        air = _AIR * max(right - left, top - bottom)
        wide = {"xmin": left - air, "ymin": bottom - air, "xmax": right + air, "ymax": top + air}
        edges = {name: repr(edge) for name, edge in wide.items()}
        extent = SubElement(maps, "extent")
        for name, edge in edges.items():
            _told(extent, name, edge)
        settings = SubElement(root, "ProjectViewSettings", UseProjectScales="0")
        _system(SubElement(settings, "DefaultViewExtent", edges), _SYSTEM)
    _told(maps, "rotation", "0")
    _system(SubElement(maps, "destinationsrs"), _SYSTEM)


def _system(parent: Element, system: Mapping[str, str]) -> None:
    stated = SubElement(parent, "spatialrefsys")
    for name, value in system.items():
        _told(stated, name, value)


def _told(parent: Element, tag: str, text: str) -> None:
    SubElement(parent, tag).text = _plain(text)


def _plain(text: str) -> str:
    return NO_XML.sub("", text)
