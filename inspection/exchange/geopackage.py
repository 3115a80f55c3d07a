"""
Results as a GeoPackage that QGIS opens styled: boundary, findings, not_observed, coverage.

One that was reviewed has a layer more: ``reviewed``, the findings that count after it.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from inspection.evidence.reviewed import counting, with_outcomes

STYLES = {
    "boundary": "boundary",
    "findings": "findings",
    "not_observed": "not_observed",
    "coverage": "coverage",
    "reviewed": "findings",
    "permits": "boundary",
    "carried": "findings",
}
"""Style of each layer."""

TEXTS = ("id", "class", "epoch", "location")
OUTCOME = ("outcome", "outcome_reason")
NUMBERS = (
    "area_m2",
    "area_uncertainty_m2",
    "area_inside_m2",
    "area_uncertain_m2",
    "area_outside_m2",
    "distance_outside_m",
)
EARTH = (
    "volume_m3",
    "volume_uncertainty_m3",
    "cut_m3",
    "cut_uncertainty_m3",
    "fill_m3",
    "fill_uncertainty_m3",
)

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
    Write the layers in the site's reference system, empty ones too, each with its style.

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
        "findings": _findings(document, crs),
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
    if document["review"] is not None:
        counted = counting(document)
        layers["reviewed"] = _frame(_shapes(counted, crs), _columns(counted), crs)
    write_layers(path, layers, moment=str(document["created_at"]))


def write_layers(path: Path, layers: Mapping[str, geopandas.GeoDataFrame], *, moment: str) -> None:
    """Write layers of areas, empty ones too, each with its style, as of a moment in UTC."""
    stamp = moment.replace("+00:00", ".000Z")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
    try:
        for name, layer in layers.items():
            pyogrio.write_dataframe(
                layer,
                path,
                layer=name,
                driver="GPKG",
                geometry_type="MultiPolygon",
                promote_to_multi=True,
                append=path.exists(),
            )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    add_styles(path, stamp, tuple(layers))


@dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """The shapes of an inspection that are in no document, in the site's reference system."""

    crs: CRS
    boundary: Geometry
    unobserved: Mapping[str, Geometry]
    seen: Geometry


def shapes_in(path: Path) -> Drawn:
    """The shapes that `write_geopackage` wrote."""
    boundary, unobserved, seen = (
        pyogrio.read_dataframe(path, layer=name)
        for name in ("boundary", "not_observed", "coverage")
    )
    return Drawn(
        crs=CRS.from_user_input(boundary.crs),
        boundary=boundary.geometry.iloc[0],
        unobserved=dict(zip(unobserved["reason"], unobserved.geometry, strict=True)),
        seen=seen.geometry.iloc[0] if len(seen) else MultiPolygon(),
    )


def _shapes(findings: list[dict[str, Any]], crs: CRS) -> list[Geometry]:
    return [
        moved_shape(
            MultiPolygon([(shell, holes) for shell, *holes in finding["vertices"]]),
            source=LONLAT,
            target=crs,
        )
        for finding in findings
    ]


def _findings(document: Mapping[str, Any], crs: CRS) -> geopandas.GeoDataFrame:
    """The inspection's own findings, as it found them; those added later lie in a layer apart."""
    own = with_outcomes(document)[: len(document["findings"])]
    columns = _columns(own, (*TEXTS, "robustness"), (*NUMBERS, "confidence", *EARTH))
    for name in ("reasons", "may_be_false_because"):
        columns[name] = ["\n".join(finding[name]) for finding in own]
    return _frame(_shapes(own, crs), columns, crs)


def _columns(
    rows: list[dict[str, Any]], texts: Sequence[str] = TEXTS, numbers: Sequence[str] = NUMBERS
) -> dict[str, Any]:
    columns: dict[str, Any] = {name: [str(row[name]) for row in rows] for name in texts}
    if any("outcome" in row for row in rows):
        columns |= {name: [row[name] or "" for row in rows] for name in OUTCOME}
    return columns | {
        name: pd.array([row.get(name) for row in rows], dtype="Float64") for name in numbers
    }


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


def add_styles(path: Path, moment: str, layers: Sequence[str]) -> None:
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
            for layer in layers:
                style = files("inspection.exchange").joinpath(f"styles/{STYLES[layer]}.qml")
                connection.execute(
                    "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, "
                    "f_geometry_column, styleName, styleQML, useAsDefault, owner, update_time) "
                    "VALUES ('', '', ?, 'geom', ?, ?, 1, 'tinjau', ?)",
                    (layer, layer, style.read_text("utf-8"), moment),
                )
    finally:
        connection.close()
