"""The official coordinate table of a boundary: longitude first, arc-seconds to the thousandth."""

import csv
from fractions import Fraction
from io import StringIO
from pathlib import Path

import shapely
from openpyxl import Workbook

from geo.boundary import Boundary
from geo.graticule import degrees_of

DIGITS = 3
"""Of the second: about 3 cm."""

HEADING = (
    "No. titik",
    "Garis Bujur °", "Garis Bujur '", 'Garis Bujur "', "BT/BB",
    "Garis Lintang °", "Garis Lintang '", 'Garis Lintang "', "LU/LS",
)  # fmt: skip
PART, HOLE = "Bagian", "lubang"
SIXTY, SECONDS = 60, 3600

type Row = tuple[str, ...]


def table_rows(boundary: Boundary) -> list[Row]:
    """
    Heading and vertices; the last vertex of a ring does not repeat the first.

    A column names the part of each vertex where there are several, and says which are holes.
    """
    polygons = [
        part
        for part in shapely.get_parts(degrees_of(boundary.shape, boundary.crs))
        if isinstance(part, shapely.Polygon)
    ]
    named = [
        (f"{number} {HOLE} {place}" if place else str(number), ring)
        for number, polygon in enumerate(polygons, start=1)
        for place, ring in enumerate((polygon.exterior, *polygon.interiors))
    ]
    several = len(named) > 1
    rows: list[Row] = [(*HEADING, PART) if several else HEADING]
    for name, ring in named:
        vertices = shapely.get_coordinates(ring)[:-1].tolist()
        for number, (x, y) in enumerate(vertices, start=1):
            row = (str(number), *_angle(x, "BT", "BB"), *_angle(y, "LU", "LS"))
            rows.append((*row, name) if several else row)
    return rows


def _angle(degrees: float, positive: str, negative: str) -> Row:
    """Degrees, minutes, seconds and hemisphere, rounded once and carried over."""
    thousandths = round(abs(Fraction(degrees)) * SECONDS * 10**DIGITS)
    whole, rest = divmod(thousandths, 10**DIGITS)
    minutes, seconds = divmod(whole, SIXTY)
    return (
        str(minutes // SIXTY),
        f"{minutes % SIXTY:02d}",
        f"{seconds:02d},{rest:0{DIGITS}d}",
        negative if degrees < 0 and thousandths else positive,
    )


def csv_table(boundary: Boundary) -> str:
    """Give the table as text, its columns parted by semicolons: the comma sets off decimals."""
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n").writerows(table_rows(boundary))
    return text.getvalue()


def write_xlsx(path: Path, boundary: Boundary) -> None:
    """Write the table as a workbook; its cells are texts, as the table prints them."""
    # Opened first: a workbook that is begun and not saved complains when it is cleared away.
    with path.open("xb") as file:
        book = Workbook(write_only=True)
        sheet = book.create_sheet("Koordinat")
        for row in table_rows(boundary):
            sheet.append(row)
        book.save(file)
