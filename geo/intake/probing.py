"""What an image says of itself, told in plain values."""

import math
from itertools import chain
from pathlib import Path
from typing import Any, Final

import rasterio
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import DatasetReader

from geo.intake.reading import opened
from geo.intake.xmp import drone_fields

_MOST_TAGS: Final = 64
_LONGEST_TAG: Final = 500
_LONGEST_PACKET: Final = 1 << 18

MOST_POINTS: Final = 5000
"""Control points of one file that are passed on; a flight has some dozens."""


def description(path: Path, *, driver: str) -> dict[str, Any]:
    """
    Describe an image without decoding a pixel of it.

    Runs in the child; `geo.intake.image.Probe` says what the values mean.

    Raises
    ------
    RefusedError
        ``image_unreadable``.
    """
    # Files of the older GeoTIFF name a vertical system that GDAL tells on request alone.
    with rasterio.Env(GTIFF_REPORT_COMPD_CS="YES"), opened(path, driver=driver) as source:
        return {
            "rows": source.height,
            "columns": source.width,
            "crs": _wkt(source.crs),
            "transform": list(source.transform)[:6],
            **_ground_control(source),
            "has_camera_model": source.rpcs is not None,
            "dtypes": list(source.dtypes),
            "colours": [colour.name for colour in source.colorinterp],
            "unit": (source.units[0] or "")[:_LONGEST_TAG],
            "nodata": _finite(source.nodata),
            "alpha_band": alpha_band(source),
            "has_mask": has_mask(source),
            "tags": _tags(source),
        }


def alpha_band(source: DatasetReader) -> int | None:
    """Number of the band that says where the image is transparent, counted from one."""
    colours = list(source.colorinterp)
    return colours.index(ColorInterp.alpha) + 1 if ColorInterp.alpha in colours else None


def has_mask(source: DatasetReader) -> bool:
    """Whether a mask of its own, not a band, says where the image is valid."""
    flags = source.mask_flag_enums[0]
    return MaskFlags.per_dataset in flags and MaskFlags.alpha not in flags


def _ground_control(source: DatasetReader) -> dict[str, Any]:
    """Control points of the file: how many, and each as column, row, x, y and height."""
    points, crs = source.gcps
    kept = [[p.col, p.row, p.x, p.y, p.z or 0.0] for p in points]
    usable = len(kept) <= MOST_POINTS and all(map(math.isfinite, chain.from_iterable(kept)))
    return {
        "control_points": len(points),
        "control_points_crs": _wkt(crs) if points else None,
        "ground_control": kept if usable else [],
    }


def _wkt(crs: rasterio.crs.CRS | None) -> str | None:
    if not crs:
        return None
    try:
        wkt: str = crs.to_wkt(version="WKT2_2019")
    except rasterio.errors.CRSError:
        wkt = crs.to_wkt()  # some old systems have no newer words
    return wkt


def _finite(value: float | None) -> float | str | None:
    """JSON has no word for NaN and infinity."""
    return value if value is None or math.isfinite(value) else str(value)


def _tags(source: DatasetReader) -> dict[str, str]:
    tags = list(source.tags().items())[:_MOST_TAGS]
    noted = {name[:_LONGEST_TAG]: str(value)[:_LONGEST_TAG] for name, value in tags}
    packet = source.tags(ns="xml:XMP").get("xml:XMP", "")[:_LONGEST_PACKET]
    flown = drone_fields(packet.encode(errors="replace"))
    return noted | {f"XMP_{name}": value for name, value in flown.items()}
