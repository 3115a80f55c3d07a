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

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely import Geometry, MultiPolygon

from geo.crs import LONLAT, moved_shape
from geo.partition import areal
from inspection.evidence.reviewed import counting, with_outcomes
from inspection.exchange.layered import Column, Layer, numbers, texts

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
        "boundary": Layer(
            shapes=[boundary],
            crs=crs,
            columns={
                "permit": texts([str(permit.get("id", ""))]),
                "area_ha": numbers([document["boundary"]["area_ha"]]),
                "sha256": texts([document["boundary"]["sha256"]]),
            },
        ),
        "findings": _findings(document, crs),
        "not_observed": Layer(
            shapes=list(unobserved.values()), crs=crs, columns={"reason": texts(list(unobserved))}
        ),
        "coverage": Layer(
            shapes=shown,
            crs=crs,
            columns={
                "flight": texts([flights["current"]["name"] for _ in shown]),
                "captured_at": texts([flights["current"]["captured_at"] or "" for _ in shown]),
            },
        ),
    }
    if document["review"] is not None:
        counted = counting(document)
        layers["reviewed"] = Layer(shapes=_shapes(counted, crs), crs=crs, columns=_columns(counted))
    write_layers(path, layers, moment=str(document["created_at"]))


def write_layers(path: Path, layers: Mapping[str, Layer], *, moment: str) -> None:
    """Write layers of areas, empty ones too, each with its style, as of a moment in UTC."""
    stamp = moment.replace("+00:00", ".000Z")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": stamp})
    try:
        for name, layer in layers.items():
            pyogrio.raw.write(
                path,
                geometry=shapely.to_wkb(np.array(_areal(layer.shapes), dtype=object)),
                fields=list(layer.columns),
                field_data=[column.values for column in layer.columns.values()],
                field_mask=[column.unknown for column in layer.columns.values()],
                crs=_system(layer.crs),
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
    stated, (boundary,), _ = _read(path, "boundary")
    _, unobserved, reasons = _read(path, "not_observed")
    _, seen, _ = _read(path, "coverage")
    return Drawn(
        crs=CRS.from_user_input(stated["crs"]),
        boundary=boundary,
        unobserved=dict(zip(reasons[0], unobserved, strict=True)),
        seen=seen[0] if len(seen) else MultiPolygon(),
    )


def _read(path: Path, layer: str) -> tuple[dict[str, Any], NDArray[Any], list[NDArray[Any]]]:
    """What a layer states of itself, its shapes, and its columns."""
    stated, _, shapes, columns = pyogrio.raw.read(path, layer=layer)
    return stated, shapely.from_wkb(shapes), columns


def _system(crs: CRS) -> str:
    """A reference system as GDAL is best told of it."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else crs.to_wkt("WKT1_GDAL")


def _areal(shapes: Sequence[Geometry]) -> list[MultiPolygon]:
    return [areal(shape) for shape in shapes]


def _shapes(findings: list[dict[str, Any]], crs: CRS) -> list[Geometry]:
    return [
        moved_shape(
            MultiPolygon([(shell, holes) for shell, *holes in finding["vertices"]]),
            source=LONLAT,
            target=crs,
        )
        for finding in findings
    ]


def _findings(document: Mapping[str, Any], crs: CRS) -> Layer:
    """The inspection's own findings, as it found them; those added later lie in a layer apart."""
    own = with_outcomes(document)[: len(document["findings"])]
    columns = _columns(own, (*TEXTS, "robustness"), (*NUMBERS, "confidence", *EARTH))
    for name in ("reasons", "may_be_false_because"):
        columns[name] = texts(["\n".join(finding[name]) for finding in own])
    return Layer(shapes=_shapes(own, crs), crs=crs, columns=columns)


def _columns(
    rows: list[dict[str, Any]], worded: Sequence[str] = TEXTS, counted: Sequence[str] = NUMBERS
) -> dict[str, Column]:
    columns = {name: texts([str(row[name]) for row in rows]) for name in worded}
    if any("outcome" in row for row in rows):
        columns |= {name: texts([row[name] or "" for row in rows]) for name in OUTCOME}
    return columns | {name: numbers([row.get(name) for row in rows]) for name in counted}


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
