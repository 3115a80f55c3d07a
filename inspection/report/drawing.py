"""Drawings: a picture of the ground and lines over it, as SVG that prints and shows alike."""

import base64
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import shapely
from shapely import Geometry, LineString, Polygon

from inspection.report.view import UNITS_PER_MM, View

FONT = "Noto Sans, Noto Sans Arabic, Noto Sans Hebrew, sans-serif"
DARK, LIGHT = "#111111", "#ffffff"
HAIR = "1.3"
"""Width of the thin line through dashes, in units."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """How an outline is drawn: told from others by its width and dashes, not by colour alone."""

    colour: str
    width_mm: float = 0.4
    dashes_mm: tuple[float, ...] = ()
    threaded: bool = False
    """Whether a thin line runs through the dashes, so that no piece of it is lost."""


@dataclass(frozen=True, kw_only=True)
class Hatch:
    """How ground is shaded: strokes at an angle, the picture still to be seen between them."""

    name: str
    angle: int
    gap_mm: float = 1.2
    colour: str = DARK


class Drawing:
    """
    An SVG that grows from the bottom to the top.

    Every line lies on a wider light one, and every word on a light rim: so they are seen on
    bright ground and on dark ground.
    """

    def __init__(self, name: str, width: int, height: int) -> None:
        self.name = name
        self.width, self.height = width, height
        self._root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": f"{width / UNITS_PER_MM}mm",
                "height": f"{height / UNITS_PER_MM}mm",
            },
        )
        self._defs = ET.SubElement(self._root, "defs")
        clip = ET.SubElement(self._defs, "clipPath", {"id": f"{name}-frame"})
        ET.SubElement(clip, "rect", {"width": str(width), "height": str(height)})
        ET.SubElement(
            self._root, "rect", {"width": str(width), "height": str(height), "fill": LIGHT}
        )
        self._page = ET.SubElement(self._root, "g", {"clip-path": f"url(#{name}-frame)"})

    @classmethod
    def of(cls, name: str, view: View) -> "Drawing":
        """Begin the drawing of a view."""
        return cls(name, *view.size)

    def picture(self, jpeg: bytes | None) -> None:
        """Lay a picture under everything, filling the frame, where there is one."""
        if jpeg is None:
            return
        ET.SubElement(
            self._page,
            "image",
            {
                "href": "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii"),
                "width": str(self.width),
                "height": str(self.height),
                "preserveAspectRatio": "none",
            },
        )

    def hatch(self, shape: Geometry, hatch: Hatch) -> None:
        """Shade ground, in units of the drawing."""
        path = _path(shape)
        if not path:
            return
        pattern = f"{self.name}-{hatch.name}"
        if self._defs.find(f"pattern[@id='{pattern}']") is None:
            side = str(hatch.gap_mm * UNITS_PER_MM)
            tile = ET.SubElement(
                self._defs,
                "pattern",
                {
                    "id": pattern,
                    "width": side,
                    "height": side,
                    "patternUnits": "userSpaceOnUse",
                    "patternTransform": f"rotate({hatch.angle})",
                },
            )
            for colour, width in ((LIGHT, "6"), (hatch.colour, "2.4")):
                ET.SubElement(
                    tile,
                    "line",
                    {"y2": side, "x1": "3", "x2": "3", "stroke": colour, "stroke-width": width},
                )
        ET.SubElement(
            self._page, "path", {"d": path, "fill": f"url(#{pattern})", "fill-rule": "evenodd"}
        )

    def line(self, shape: Geometry, line: Line) -> None:
        """Draw outlines or lines, in units of the drawing."""
        path = _path(shape)
        if not path:
            return
        width = line.width_mm * UNITS_PER_MM
        style = {"d": path, "fill": "none", "stroke-linejoin": "round"}
        ET.SubElement(
            self._page,
            "path",
            {**style, "stroke": LIGHT, "stroke-width": f"{width + 4:.3g}", "opacity": "0.9"},
        )
        if line.threaded:
            ET.SubElement(
                self._page, "path", {**style, "stroke": line.colour, "stroke-width": HAIR}
            )
        dashes = " ".join(f"{d * UNITS_PER_MM:.3g}" for d in line.dashes_mm)
        ET.SubElement(
            self._page,
            "path",
            {**style, "stroke": line.colour, "stroke-width": f"{width:.3g}"}
            | ({"stroke-dasharray": dashes} if dashes else {}),
        )

    def thin(self, shape: Geometry) -> None:
        """Draw a line so thin that it hides nothing: dark and light strokes in turn."""
        for colour, start in ((DARK, "0"), (LIGHT, "6")):
            ET.SubElement(
                self._page,
                "path",
                {
                    "d": _path(shape),
                    "fill": "none",
                    "stroke": colour,
                    "stroke-width": "1",
                    "stroke-dasharray": "6 6",
                    "stroke-dashoffset": start,
                    "opacity": "0.7",
                },
            )

    def fill(self, shape: Geometry, colour: str) -> None:
        """Fill ground or a bar with one colour."""
        path = _path(shape)
        if path:
            ET.SubElement(self._page, "path", {"d": path, "fill": colour, "fill-rule": "evenodd"})

    def dot(self, x: float, y: float, *, colour: str = DARK) -> None:
        """Mark a place."""
        ET.SubElement(
            self._page,
            "circle",
            {
                "cx": f"{x:.0f}",
                "cy": f"{y:.0f}",
                "r": "7",
                "fill": colour,
                "stroke": LIGHT,
                "stroke-width": "3",
            },
        )

    def words(  # noqa: PLR0913 - where, how large, and how a text is anchored
        self,
        x: float,
        y: float,
        text: str,
        *,
        size_mm: float = 2.4,
        anchor: str = "start",
        turned: int = 0,
        bold: bool = False,
    ) -> None:
        """Write a text on a light rim; `anchor` is start, middle or end."""
        style = {
            "x": f"{x:.0f}",
            "y": f"{y:.0f}",
            "font-family": FONT,
            "font-size": f"{size_mm * UNITS_PER_MM:.3g}",
            "text-anchor": anchor,
            "font-weight": "bold" if bold else "normal",
            "stroke": LIGHT,
            "stroke-width": "7",
            "stroke-linejoin": "round",
            "paint-order": "stroke",
            "fill": DARK,
        }
        if turned:
            style["transform"] = f"rotate({turned} {x:.0f} {y:.0f})"
        ET.SubElement(self._page, "text", style).text = text

    def framed(self) -> bytes:
        """Give the SVG, with a thin frame."""
        ET.SubElement(
            self._root,
            "rect",
            {
                "x": "1",
                "y": "1",
                "width": str(self.width - 2),
                "height": str(self.height - 2),
                "fill": "none",
                "stroke": DARK,
                "stroke-width": "2",
            },
        )
        return self.plain()

    def plain(self) -> bytes:
        """Give the SVG."""
        content: bytes = ET.tostring(self._root, encoding="utf-8")
        return content


def _path(shape: Geometry) -> str:
    """SVG path of polygons and lines, to the unit; parts that shrink to nothing are left out."""
    parts = []
    for part in _parts(shape):
        if isinstance(part, Polygon):
            rings, close = [part.exterior, *part.interiors], "Z"
        elif isinstance(part, LineString):
            rings, close = [part], ""
        else:
            continue
        for ring in rings:
            points = [f"{x:.0f} {y:.0f}" for x, y in ring.coords]
            if len(points) > 1:
                parts.append("M" + "L".join(points) + close)
    return "".join(parts)


def _parts(shape: Geometry) -> list[Geometry]:
    return [p for part in shapely.get_parts(shape) for p in shapely.get_parts(part)]
