"""What made a result, and the name that follows from it."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version

import cv2
import numpy as np
import pyproj
import rasterio
import shapely

from inspection.evidence.canonical import canonical_bytes
from inspection.model import Json, Source

ID_DIGITS = 12


def software() -> dict[str, str]:
    """Versions of all that computes: the same ones give the same bytes."""
    return {
        "tinjau": version("tinjau"),
        "typst": version("typst"),
        "python": platform.python_version(),
        "processor": platform.machine(),
        "gdal": rasterio.__gdal_version__,
        "geos": shapely.geos_version_string,
        "numpy": np.__version__,
        "opencv": cv2.__version__,
        "proj": pyproj.proj_version_str,
        "rasterio": rasterio.__version__,
        "shapely": shapely.__version__,
    }


def inspection_id(
    *,
    created_at: str,
    sources: Sequence[Source],
    parameters: Mapping[str, Json],
    made_by: Mapping[str, str],
) -> str:
    """Name of an inspection, derived from everything that went into it."""
    basis = {
        "created_at": created_at,
        "inputs": [[source.role, source.sha256] for source in sources],
        "parameters": dict(parameters),
        "software": dict(made_by),
    }
    digest = hashlib.sha256(canonical_bytes(basis)).hexdigest()[:ID_DIGITS]
    return f"TJ-{created_at[:10].replace('-', '')}-{digest}"
