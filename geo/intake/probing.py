"""What an image says of itself, told in plain values."""

import math
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


def description(path: Path) -> dict[str, Any]:
    """
    Describe an image without decoding a pixel of it.

    Runs in the child; `geo.intake.image.Probe` says what the values mean.

    Raises
    ------
    RefusedError
        ``image_unreadable``.
    """
    with opened(path) as source:
        return {
            "rows": source.height,
            "columns": source.width,
            "crs": _wkt(source),
            "transform": list(source.transform)[:6],
            "control_points": len(source.gcps[0]),
            "dtypes": list(source.dtypes),
            "colours": [colour.name for colour in source.colorinterp],
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


def _wkt(source: DatasetReader) -> str | None:
    if not source.crs:
        return None
    try:
        wkt: str = source.crs.to_wkt(version="WKT2_2019")
    except rasterio.errors.CRSError:
        wkt = source.crs.to_wkt()  # some old systems have no newer words
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
