"""Which bands of an image are its picture, and how they say where it shows nothing."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from geo.errors import RefusedError
from geo.intake.probing import alpha_band, has_mask

type Bytes = NDArray[np.uint8]

EIGHT_BITS: Final = 8
_RGB: Final = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
_PICTURE: Final = frozenset(
    {*_RGB, ColorInterp.gray, ColorInterp.palette, ColorInterp.alpha, ColorInterp.undefined}
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Recipe:
    """How to make red, green, blue and valid out of the bands of one image."""

    colours: tuple[int, ...]
    """Bands to read as red, green and blue, counted from one; a single one for all three."""

    alpha: int | None
    """Band that is zero where the image is transparent."""

    has_mask: bool
    nodata: float | None
    """Value that all colours have where the image is empty."""

    palette: Bytes | None
    """(256, 4): red, green, blue and alpha of each value of the only band."""

    is_sparse: bool
    """Whether blocks of the image were never written."""

    depth: np.dtype[np.generic]
    """Type of the numbers in the file."""

    bits: int
    """Of one number, which may be fewer than its type has."""

    @property
    def says_empty(self) -> bool:
        """Whether the file has a way of its own to say where it shows nothing."""
        return self.has_mask or self.alpha is not None or self.nodata is not None

    @property
    def is_bytes(self) -> bool:
        """Whether the numbers are a picture of 8 bits as they are."""
        return self.palette is not None or (self.depth == np.uint8 and self.bits == EIGHT_BITS)


def recipe_of(source: DatasetReader, *, is_sparse: bool) -> Recipe:
    """
    Choose the bands.

    A fourth band is transparency only where the file says so: many cameras put infrared there.

    Raises
    ------
    RefusedError
        ``image_numbers_unknown``, ``image_colours_unknown``.
    """
    interpretation = list(source.colorinterp)
    alpha = alpha_band(source)
    if ColorInterp.palette in interpretation:
        colours = [interpretation.index(ColorInterp.palette) + 1]
    elif all(colour in interpretation for colour in _RGB):
        colours = [interpretation.index(colour) + 1 for colour in _RGB]
    else:
        others = [band for band in source.indexes if band != alpha]
        colours = others[:3] if len(others) >= len(_RGB) else others[:1]
    if not colours or any(interpretation[band - 1] not in _PICTURE for band in colours):
        found = ", ".join(interpretation[band - 1].name for band in colours)
        raise RefusedError("image_colours_unknown", found=found or "alpha")
    depth = _depth(source, colours)
    return Recipe(
        colours=tuple(colours),
        alpha=alpha,
        has_mask=has_mask(source),
        nodata=_nodata(source.nodata, depth),
        palette=_palette(source, colours),
        is_sparse=is_sparse,
        depth=depth,
        bits=_bits(source, colours[0], depth),
    )


def _depth(source: DatasetReader, colours: list[int]) -> np.dtype[np.generic]:
    kinds = {source.dtypes[band - 1] for band in colours}
    depth = np.dtype(kinds.pop()) if all(hasattr(np, kind) for kind in kinds) else np.dtype("c8")
    if kinds or depth.kind not in "iuf":
        raise RefusedError("image_numbers_unknown", found=", ".join(sorted({*source.dtypes})))
    return depth


def _bits(source: DatasetReader, band: int, depth: np.dtype[np.generic]) -> int:
    stated = source.tags(band, ns="IMAGE_STRUCTURE").get("NBITS")
    return int(stated) if stated else EIGHT_BITS * depth.itemsize


def _palette(source: DatasetReader, colours: list[int]) -> Bytes | None:
    if source.colorinterp[colours[0] - 1] != ColorInterp.palette:
        return None
    if source.dtypes[colours[0] - 1] != "uint8":
        raise RefusedError("image_numbers_unknown", found=f"palette {source.dtypes[0]}")
    palette = np.zeros((256, 4), dtype=np.uint8)
    for index, colour in source.colormap(colours[0]).items():
        if index < len(palette):
            palette[index] = colour
    return palette


def _nodata(value: float | None, depth: np.dtype[np.generic]) -> float | None:
    """Nodata as the pixels have it; one that no pixel can equal marks nothing."""
    if value is None or not np.isfinite(value):
        return None  # what is not finite is never seen
    if depth.kind == "f":
        with np.errstate(over="ignore"):
            return float(depth.type(value))
    limits = np.iinfo(depth.name)
    return float(value) if value == int(value) and limits.min <= value <= limits.max else None
