"""What made a result, and the name that follows from it."""

import hashlib
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path

import cv2
import numpy as np
import pyproj
import rasterio
import shapely

import inspection
from inspection.evidence.canonical import canonical_bytes
from inspection.language import Json
from inspection.model import Source

ID_DIGITS = 12
PRINTED_BY = ("report", "wording")
"""Folders of this package that decide how a report comes out."""


def software() -> dict[str, str]:
    """Versions of all that computes: the same ones give the same bytes."""
    return {
        "tinjau": version("tinjau"),
        "typst": version("typst"),
        "printing": printing(),
        "python": platform.python_version(),
        "processor": platform.machine(),
        "gdal": rasterio.__gdal_version__,
        "geos": shapely.geos_version_string,
        "numpy": np.__version__,
        "onnxruntime": version("onnxruntime"),
        "opencv": cv2.__version__,
        "proj": pyproj.proj_version_str,
        "rasterio": rasterio.__version__,
        "shapely": shapely.__version__,
    }


@cache
def printing() -> str:
    """Fingerprint of all that sets a report: two builds of one version may print differently."""
    digest = hashlib.sha256()
    home = Path(inspection.__file__).parent
    for folder in PRINTED_BY:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(home).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    for package in ("babel", "jinja2", "segno"):
        digest.update(version(package).encode())
    return digest.hexdigest()[:ID_DIGITS]


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
