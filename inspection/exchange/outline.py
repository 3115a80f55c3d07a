"""A boundary in the forms that other software opens, each by the ending of its name."""

import errno
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import geopandas
import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataSourceError

from geo.boundary import Boundary
from geo.crs import LONLAT, moved_shape
from geo.graticule import ARCSECOND_M, ARCSECONDS, degrees_of
from inspection.errors import UsageError
from inspection.exchange.coordinate_table import DIGITS, csv_table, write_xlsx
from inspection.problem import Problem, note

LEAST_TOLD_M = 1e-4


def write_outline(path: Path, boundary: Boundary) -> None:
    """
    Write a boundary into a new file.

    GeoJSON and KML are in longitude and latitude on WGS 84; a GeoPackage and WKT keep the
    reference system; a table is in degrees on the boundary's own datum.

    Raises
    ------
    UsageError
        ``out_exists``, ``out_impossible``, ``out_form_unknown``.
    """
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise UsageError("out_form_unknown", name=path.name, known=", ".join(WRITERS))
    try:
        if path.exists() or path.is_symlink():
            raise UsageError("out_exists", name=path.name)
        write(path, boundary)
    except (PermissionError, NotADirectoryError, FileNotFoundError, DataSourceError) as error:
        raise UsageError("out_impossible", name=path.name) from error
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise UsageError("out_impossible", name=path.name) from error


def roundings(path: Path, boundary: Boundary) -> Iterator[Problem]:
    """Tell by how much a table moved the vertices, which it states to a thousandth of a second."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        return
    points = shapely.get_coordinates(degrees_of(boundary.shape, boundary.crs))
    unit = 10**DIGITS * ARCSECONDS
    miss_m = float(np.abs(points - np.rint(points * unit) / unit).max()) * ARCSECOND_M * ARCSECONDS
    if miss_m > LEAST_TOLD_M:
        yield note("boundary_rounded", value=round(miss_m, 4))


def _geojson(path: Path, boundary: Boundary) -> None:
    shape = moved_shape(boundary.shape, source=boundary.crs, target=LONLAT)
    geometry = json.loads(shapely.to_geojson(shapely.orient_polygons(shape)))
    feature = {"type": "Feature", "properties": {"name": boundary.label}, "geometry": geometry}
    _new(path, json.dumps({"type": "FeatureCollection", "features": [feature]}) + "\n")


def _kml(path: Path, boundary: Boundary) -> None:
    shape = moved_shape(boundary.shape, source=boundary.crs, target=LONLAT)
    polygons = "".join(
        f"<Polygon>{_kml_ring('outer', part.exterior)}"
        + "".join(_kml_ring("inner", ring) for ring in part.interiors)
        + "</Polygon>"
        for part in shapely.get_parts(shape)
    )
    _new(
        path,
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>'
        f"<name>{escape(boundary.label or '')}</name>"
        f"<MultiGeometry>{polygons}</MultiGeometry></Placemark></Document></kml>\n",
    )


def _kml_ring(side: str, ring: shapely.LinearRing) -> str:
    places = " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
    border = f"{side}BoundaryIs"
    return f"<{border}><LinearRing><coordinates>{places}</coordinates></LinearRing></{border}>"


def _wkt(path: Path, boundary: Boundary) -> None:
    text = shapely.to_wkt(boundary.shape, rounding_precision=-1)
    code = boundary.crs.to_epsg()
    _new(path, f"SRID={code};{text}\n" if code else f"{text}\n")


def _csv(path: Path, boundary: Boundary) -> None:
    _new(path, csv_table(boundary))


def _geopackage(path: Path, boundary: Boundary) -> None:
    frame = geopandas.GeoDataFrame(
        {"name": [boundary.label or ""]}, geometry=[boundary.shape], crs=boundary.crs
    )
    pyogrio.write_dataframe(frame, path, layer="boundary", driver="GPKG")


def _new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


WRITERS: Mapping[str, Callable[[Path, Boundary], None]] = {
    ".geojson": _geojson,
    ".gpkg": _geopackage,
    ".kml": _kml,
    ".wkt": _wkt,
    ".csv": _csv,
    ".xlsx": write_xlsx,
}
"""Endings of names, and what writes each form."""
