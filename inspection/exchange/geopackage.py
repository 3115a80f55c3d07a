"""Results as a GeoPackage that QGIS opens styled: boundary, findings, not_observed, coverage."""

import sqlite3
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import shapely
from pyproj import CRS
from shapely import Geometry, MultiPolygon

from geo.crs import LONLAT, moved_shape
from geo.partition import areal
from inspection.exchange.geojson import scalars

LAYERS = ("boundary", "findings", "not_observed", "coverage")

STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT, f_geometry_column TEXT,
    styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN,
    description TEXT, owner TEXT, ui TEXT, update_time DATETIME
)
"""


def write_geopackage(
    path: Path,
    document: Mapping[str, Any],
    *,
    crs: CRS,
    boundary: Geometry,
    unobserved: Mapping[str, Geometry],
    seen: Geometry,
) -> None:
    """
    Write the four layers in the site's reference system, empty ones too, each with its style.

    The file's own times are the inspection's, so that the same inspection gives the same file.
    """
    permit = document["permit"] or {}
    flights = document["flights"]
    shown = [] if shapely.is_empty(seen) else [seen]
    layers = {
        "boundary": _frame(
            [boundary],
            {
                "permit": [str(permit.get("id", ""))],
                "area_ha": [document["boundary"]["area_ha"]],
                "sha256": [document["boundary"]["sha256"]],
            },
            crs,
        ),
        "findings": _findings(document["findings"], crs),
        "not_observed": _frame(list(unobserved.values()), {"reason": list(unobserved)}, crs),
        "coverage": _frame(
            shown,
            {
                "flight": [flights["current"]["name"] for _ in shown],
                "captured_at": [flights["current"]["captured_at"] or "" for _ in shown],
            },
            crs,
        ),
    }
    moment = str(document["created_at"]).replace("+00:00", ".000Z")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": moment})
    try:
        for name in LAYERS:
            pyogrio.write_dataframe(
                layers[name],
                path,
                layer=name,
                driver="GPKG",
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                append=path.exists(),
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    _add_styles(path, moment)


def _findings(findings: list[dict[str, Any]], crs: CRS) -> geopandas.GeoDataFrame:
    shapes = [
        moved_shape(
            MultiPolygon([(shell, holes) for shell, *holes in finding["vertices"]]),
            source=LONLAT,
            target=crs,
        )
        for finding in findings
    ]
    kinds = {
        "id": "str",
        "class": "str",
        "epoch": "str",
        "location": "str",
        "robustness": "str",
    }
    numbers = (
        "area_m2",
        "area_uncertainty_m2",
        "area_inside_m2",
        "area_uncertain_m2",
        "area_outside_m2",
        "confidence",
        "distance_outside_m",
        "volume_m3",
        "volume_uncertainty_m3",
        "cut_m3",
        "fill_m3",
    )
    rows = [scalars(finding) for finding in findings]
    columns: dict[str, Any] = {name: [str(row[name]) for row in rows] for name in kinds}
    columns |= {name: pd.array([row[name] for row in rows], dtype="Float64") for name in numbers}
    for name in ("reasons", "may_be_false_because"):
        columns[name] = ["\n".join(finding[name]) for finding in findings]
    return _frame(shapes, columns, crs)


def _frame(
    shapes: Sequence[Geometry], columns: Mapping[str, Any], crs: CRS
) -> geopandas.GeoDataFrame:
    table = {
        name: pd.array(values, dtype="str") if _is_text(values) else values
        for name, values in columns.items()
    }
    outlines = geopandas.GeoSeries([areal(shape) for shape in shapes], crs=crs)
    return geopandas.GeoDataFrame(table, geometry=outlines, crs=crs)


def _is_text(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _add_styles(path: Path, moment: str) -> None:
    """Give each layer its default style, in the table where QGIS looks for it."""
    connection = sqlite3.connect(path)
    try:
        with connection:
            connection.execute(STYLE_TABLE)
            connection.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) "
                "VALUES ('layer_styles', 'attributes', 'layer_styles', ?)",
                (moment,),
            )
            for layer in LAYERS:
                style = files("inspection.exchange").joinpath(f"styles/{layer}.qml")
                connection.execute(
                    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                    "f_geometry_column, styleName, styleQML, useAsDefault, owner, update_time) "
                    "VALUES ('', '', ?, 'geom', ?, ?, 1, 'tinjau', ?)",
                    (layer, layer, style.read_text("utf-8"), moment),
                )
    finally:
        connection.close()
