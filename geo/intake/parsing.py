"""Vector files read in the child, by the reader of their form."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo.fault import Faulty
from geo.intake.form import Form
from geo.vector.unfit import Reason, Unfit
from geo.vector.written import Written, packed

type Reader = Callable[[Path], Written]


def reader_of(form: Form) -> Reader:  # noqa: C901 - one case a form
    """Give the reader of a form; it is loaded while files may still be opened."""
    match form:
        case Form.GEOJSON:
            from geo.vector.geojson import read_geojson as read  # noqa: PLC0415
        case Form.KML:
            from geo.vector.kml import read_kml as read  # noqa: PLC0415
        case Form.KMZ:
            from geo.vector.kml import read_kmz as read  # noqa: PLC0415
        case Form.SHAPEFILE:
            from geo.vector.shapefile import read_shapefile as read  # noqa: PLC0415
        case Form.ZIPPED_SHAPEFILE:
            from geo.vector.shapefile import read_zipped_shapefile as read  # noqa: PLC0415
        case Form.GEOPACKAGE:
            from geo.vector.geopackage import read_geopackage as read  # noqa: PLC0415
        case Form.DXF:
            from geo.vector.dxf import read_dxf as read  # noqa: PLC0415
        case Form.WKT:
            from geo.vector.wellknown import read_wkt as read  # noqa: PLC0415
        case Form.TABLE:
            from geo.vector.sheet import read_text_table as read  # noqa: PLC0415
        case Form.XLSX:
            from geo.vector.sheet import read_workbook as read  # noqa: PLC0415
    return read


def outlines_file(
    source: Path, working: Path, *, read: Reader, most_vertices: int
) -> dict[str, Any]:
    """
    Write what a vector file holds into a file of our own; say why where that cannot be.

    Runs in the child; `geo.intake.outlines` says what the answer means.
    """
    try:
        written = read(source)
    except Faulty as faulty:
        return {"fault": faulty.fault, "where": faulty.where}
    except Unfit as unfit:
        return {"reason": unfit.reason, "where": unfit.where, "facts": unfit.facts}
    shapes = [one for feature in written.features for one in feature.shapes]
    vertices = int(np.sum(shapely.get_num_coordinates(shapes)))
    if vertices > most_vertices:
        facts = {"vertices": vertices, "limit": most_vertices}
        return {"reason": Reason.TOO_LARGE, "where": None, "facts": facts}
    working.write_bytes(packed(written))
    return {"features": len(written.features)}
