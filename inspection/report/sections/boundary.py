"""The boundary that was inspected: which version, how large, and where its corners lie."""

from collections.abc import Iterator

from pyproj import CRS
from shapely import MultiPoint

from geo.crs import LONLAT, moved_shape
from inspection.degrees import Rings
from inspection.report.brief import Brief
from inspection.report.content import Codes, Facts, Picture, Pictures, Section, Table, Text
from inspection.report.fonts import printable

ABREAST_FROM = 8
MOST_ROWS = 80
"""Corners that are printed; a longer list is in the files."""


def boundary(brief: Brief) -> Section:
    """State the outline used, its area on paper and as computed, and its corners."""
    note, inspection = brief.inspection.boundary, brief.inspection
    declared = note.declared_area_ha
    rows = [
        (brief.say("boundary.name"), printable(note.name)),
        (brief.say("boundary.version"), printable(note.version)),
        (brief.say("boundary.declared"), brief.known(declared, "ha2")),
        (brief.say("boundary.computed"), brief.known(note.area_ha, "ha")),
        (brief.say("boundary.perimeter"), brief.known(note.perimeter_m, "metres")),
        (brief.say("boundary.crs"), printable(note.crs)),
        (brief.say("boundary.repairs"), brief.say("boundary.unrepaired")),
    ]
    if declared:
        off = (note.area_ha - declared) / declared
        difference = brief.say("boundary.off", hectares=note.area_ha - declared, share=off)
        rows.insert(4, (brief.say("boundary.difference"), difference))
    warnings = [Text(text=brief.warning(one), tone="note") for one in note.warnings]
    corners = list(_corners(note.vertices, inspection.position.system.crs))
    return Section(
        name="boundary",
        title=brief.say("boundary.title"),
        blocks=[
            Facts(rows=rows),
            Codes(rows=[(brief.say("values.sha256"), note.sha256)]),
            *warnings,
            Pictures(
                columns=2,
                pictures=[
                    Picture(
                        name="boundary",
                        alt=brief.say("boundary.alt"),
                        caption=brief.say("boundary.caption"),
                    ),
                    Picture(
                        name="coverage",
                        alt=brief.say("boundary.coverage_alt"),
                        caption=brief.say("boundary.coverage_caption"),
                    ),
                ],
            ),
            corner_table(corners[:MOST_ROWS], brief, caption=brief.say("boundary.corners")),
            *(
                [Text(text=brief.say("boundary.more", count=len(corners)), tone="quiet")]
                if len(corners) > MOST_ROWS
                else []
            ),
        ],
    )


type Corner = tuple[str, float, float, float, float]
"""Number, longitude, latitude, easting, northing."""


def _corners(vertices: Rings, crs: str) -> Iterator[Corner]:
    corners = [corner for polygon in vertices for ring in polygon for corner in ring[:-1]]
    places = moved_shape(MultiPoint(corners), source=LONLAT, target=CRS.from_user_input(crs))
    for number, (corner, place) in enumerate(zip(corners, places.geoms, strict=True), start=1):
        yield str(number), *corner, place.x, place.y


def corner_table(corners: list[Corner], brief: Brief, *, caption: str) -> Table:
    """Places in degrees, minutes and seconds and in metres."""
    return Table(
        caption=caption,
        head=[
            brief.say("corners.number"),
            brief.say("corners.longitude"),
            brief.say("corners.latitude"),
            brief.say("corners.east"),
            brief.say("corners.north"),
        ],
        rows=[
            [
                number,
                brief.say("values.longitude", value=longitude),
                brief.say("values.latitude", value=latitude),
                brief.say("values.coordinate", value=east),
                brief.say("values.coordinate", value=north),
            ]
            for number, longitude, latitude, east, north in corners
        ],
        widths=[0.4, 1.85, 1.7, 1.2, 1.4],
        numbers=(1, 2, 3, 4),
        abreast=1 if len(corners) <= ABREAST_FROM else 2,
    )
