"""Reading a list of control points, whatever program wrote it: content decides, not the name."""

from dataclasses import replace
from pathlib import Path

from geo.control_points import ControlPointList
from geo.errors import RefusedError, naming
from geo.points.header import COMPULSORY, columns_of
from geo.points.listing import Listing, assembled, joined
from geo.points.metashape import read_metashape
from geo.points.odm import read_odm
from geo.points.qgis import read_qgis
from geo.points.system import system_stated
from geo.points.table import read_bare, read_table
from geo.points.text import decoded, delimiter_of, fields_of, lines_of


def read_control_points(
    path: Path, *, image: str, crs: str | None = None, marks: Path | None = None
) -> ControlPointList:
    """
    Read the control points of one picture.

    Read are OpenDroneMap's ``gcp_list.txt``, point files of QGIS, tables of Pix4D and
    Metashape, Metashape's XML, and any table whose first line names its columns.

    Parameters
    ----------
    path
        The list.
    image
        Name of the picture that is placed, or of the one of the list that is meant; it counts
        where the list speaks of several pictures.
    crs
        Reference system of the list as its bringer states it; it must not contradict the file.
    marks
        A second file that says where pictures show the points, joined by name.

    Raises
    ------
    RefusedError
        ``control_points_unreadable``, ``control_points_columns``, ``control_points_value``
        (with the line), ``control_points_crs_unknown``, ``control_points_mixed_crs``,
        ``control_points_crs_contradicted``, ``control_points_axes_unnamed``,
        ``control_points_pixels_placed``; what `geo.points.listing.assembled` and
        `geo.points.listing.joined` refuse.
    """
    listing = _read(path, marks=False)
    stated = system_stated(crs) if crs is not None else None
    if stated is not None:
        if listing.crs is not None and not listing.crs.equals(stated, ignore_axis_order=True):
            raise RefusedError("control_points_crs_contradicted")
        listing = replace(listing, crs=stated)
    if listing.bare and listing.crs is not None and listing.crs.is_geographic:
        raise RefusedError("control_points_axes_unnamed")
    if marks is not None:
        with naming(marks):
            shown = _read(marks, marks=True)
        listing = joined(listing, shown)
    return assembled(listing, image=image)


def _read(path: Path, *, marks: bool) -> Listing:
    text = decoded(path)
    lines = lines_of(text)
    if not lines:
        raise RefusedError("control_points_empty")
    listing = (
        read_metashape(text)
        or read_qgis(lines)
        or read_odm(lines)
        or read_table(lines, marks=marks)
        or read_bare(lines)
    )
    if listing is None:
        first = lines[0][1]
        named = columns_of(fields_of(first, delimiter_of(first))) or {}
        missing = [column for column in COMPULSORY if column not in named]
        raise RefusedError("control_points_columns", missing=", ".join(missing))
    return listing
