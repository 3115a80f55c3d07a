"""All findings of a batch with the fields of their permits: a GeoPackage, and GeoParquet."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyarrow.parquet
from pyproj import CRS
from shapely import Geometry

from geo.crs import LONLAT
from geo.partition import areal
from inspection.batch.listing import row_of, taken_in
from inspection.batch.neighbours import Carried
from inspection.batch.told import Told, outline
from inspection.exchange.geojson import scalars
from inspection.exchange.geopackage import write_layers
from inspection.exchange.layered import Column, Layer
from inspection.wording.catalogue import Wording

type Rows = Sequence[tuple[Told, Sequence[Mapping[str, Any]]]]

_PERMIT: Final = "permit_"
_MEASURES: Final = ("_m", "_m2", "_m3", "_ha", "_share", "confidence", "itude", "seconds")
"""How the names of columns end that hold numbers, also where no line has one."""


def findings_frame(rows: Rows, given: Sequence[Carried]) -> geopandas.GeoDataFrame:
    """One line a finding, joined to its permit's fields, in degrees."""
    neighbours: dict[tuple[int, str], list[Carried]] = {}
    for one in given:
        neighbours.setdefault((id(one.giver), str(one.finding["id"])), []).append(one)
    lines, shapes = [], list[Geometry]()
    for told, findings in rows:
        about = _about(told) if findings else {}
        for finding in findings:
            beside = neighbours.get((id(told), str(finding["id"])), ())
            lines.append(
                {
                    **about,
                    **scalars(dict(finding)),
                    "neighbour": "; ".join(one.taker.permit for one in beside) or None,
                    "neighbour_area_m2": sum(one.area_m2 for one in beside) or None,
                }
            )
            shapes.append(areal(outline(finding["vertices"])))
    return _frame(lines, shapes, ("row", "permit", "id"))


def permits_frame(rows: Rows, given: Sequence[Carried], words: Wording) -> geopandas.GeoDataFrame:
    """One line a row whose ground is known, with its answers and hectares."""
    taken = taken_in(given)
    known = [told for told, _ in rows if told.ground is not None]
    lines = [row_of(one, taken.get(id(one), ()), words) for one in known]
    return _frame(
        lines,
        [areal(one.ground) for one in known if one.ground is not None],
        ("row", "permit", "state"),
    )


def carried_frame(given: Sequence[Carried]) -> geopandas.GeoDataFrame:
    """One line a part of a finding that lies in a neighbour's permit."""
    lines = [
        {
            "row": one.taker.planned.line.number,
            "permit": one.taker.permit,
            "from_row": one.giver.planned.line.number,
            "from_permit": one.giver.permit,
            "finding": one.finding["id"],
            "class": one.finding["class"],
            "epoch": one.finding["epoch"],
            "location": one.finding["location"],
            "confidence": one.finding["confidence"],
            "area_m2": one.area_m2,
        }
        for one in given
    ]
    return _frame(lines, [one.shape for one in given], ("row", "permit", "from_row", "from_permit"))


def write_parquet(path: Path, frame: geopandas.GeoDataFrame) -> None:
    """Write a frame as GeoParquet 1.1 with the box of each line, and see that it can be read."""
    frame.to_parquet(
        path, index=False, compression="zstd", schema_version="1.1.0", write_covering_bbox=True
    )
    pyarrow.parquet.read_metadata(path)


def write_geopackage(
    path: Path, layers: Mapping[str, geopandas.GeoDataFrame], *, moment: str
) -> None:
    """Write the layers, empty ones too, each with its style; as of the time of the batch."""
    path.unlink(missing_ok=True)
    write_layers(path, {name: _layer(one) for name, one in layers.items()}, moment=moment)


def _layer(frame: geopandas.GeoDataFrame) -> Layer:
    columns = {}
    for name in frame.columns.drop(frame.geometry.name):
        values = frame[name].array
        unknown = np.asarray(values.isna())
        is_text = values.dtype == "str"
        known = values.fillna("" if is_text else 1)
        plain = known.astype(object if is_text else values.dtype.numpy_dtype)
        columns[name] = Column(values=np.asarray(plain), unknown=unknown)
    return Layer(shapes=list(frame.geometry), crs=frame.crs, columns=columns)


def _about(told: Told) -> dict[str, Any]:
    record = told.document.get("permit") or {}
    flight = told.document["flights"]["current"]
    single = {
        f"{_PERMIT}{name}": str(value) if isinstance(value, bool) else value
        for name, value in record.items()
        if isinstance(value, str | int | float) and name != "id"
    }
    return {
        "row": told.planned.line.number,
        "permit": told.permit,
        **single,
        "inspection": told.document["id"],
        "captured_at": flight["captured_at"],
        "folder": told.place,
        **{f"table_{name}": value for name, value in told.planned.line.others.items()},
    }


def _frame(
    lines: Sequence[Mapping[str, Any]], shapes: Sequence[Geometry], least: Sequence[str]
) -> geopandas.GeoDataFrame:
    """A frame whose columns are of one kind each: numbers where all are, else texts."""
    names = list(dict.fromkeys([*least, *(name for line in lines for name in line)]))
    columns = {name: _column(name, [line.get(name) for line in lines]) for name in _apart(names)}
    outlines = geopandas.GeoSeries(list(shapes), crs=CRS.from_user_input(LONLAT))
    return geopandas.GeoDataFrame(columns, geometry=outlines, crs=LONLAT)


def _apart(names: Sequence[str]) -> list[str]:
    """Names of which no two differ by case alone: a GeoPackage knows no difference there."""
    seen = dict[str, str]()
    for name in names:
        seen.setdefault(name.casefold(), name)
    return [name for folded, name in seen.items() if folded not in ("geometry", "geom", "fid")]


def _column(name: str, values: Sequence[Any]) -> Any:  # noqa: ANN401 - an array of pandas, of some kind
    known = [one for one in values if one is not None]
    if name.endswith(_MEASURES) and not any(isinstance(one, str | bool) for one in known):
        return pd.array(values, dtype="Float64")
    if known and all(isinstance(one, int) and not isinstance(one, bool) for one in known):
        return pd.array(values, dtype="Int64")
    if known and all(isinstance(one, int | float) and not isinstance(one, bool) for one in known):
        return pd.array(values, dtype="Float64")
    return pd.array([None if one is None else str(one) for one in values], dtype="str")
