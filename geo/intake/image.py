"""Uploaded images: what they are, and a working file of their pixels."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.intake.gate import Header, inspect_header
from geo.intake.limits import DEFAULT_LIMITS, Limits
from geo.intake.position import grid_of
from geo.intake.room import child_folder, take_out
from geo.intake.sandbox import Allowance, answer_of_child

_MEGAPIXEL: Final = 1_000_000
_NOTES_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Probe:
    """What an image says of itself. Everything in it is claimed by the file, nothing is proven."""

    header: Header

    grid: Grid | None
    """Where the image lies; None where the file does not say so itself."""

    has_crs: bool
    """Whether the file names a reference system."""

    control_points: int
    """Control points in the file, from which an unplaced image could be rectified."""

    dtypes: tuple[str, ...]
    """Type of each band, as numpy names it."""

    colours: tuple[str, ...]
    """Meaning of each band: red, green, blue, gray, palette, alpha, undefined …"""

    nodata: float | None
    """Value that marks empty pixels."""

    alpha_band: int | None
    """Band that says where the image is transparent, counted from one."""

    has_mask: bool
    """Whether a mask beside the bands says where the image is valid."""

    tags: Mapping[str, str]
    """Notes such as TIFFTAG_DATETIME and TIFFTAG_SOFTWARE, shortened; never to be trusted."""

    @property
    def rows(self) -> int:
        """Height of the image in pixels."""
        return self.header.rows

    @property
    def columns(self) -> int:
        """Width of the image in pixels."""
        return self.header.columns

    def placed(self) -> Grid:
        """
        Give the grid of an image that must have one.

        Raises
        ------
        RefusedError
            ``image_needs_rectifying`` if it has only control points, ``image_without_crs``,
            ``image_without_position``.
        """
        if self.grid is not None:
            return self.grid
        if self.control_points:
            raise RefusedError("image_needs_rectifying", control_points=self.control_points)
        raise RefusedError("image_without_position" if self.has_crs else "image_without_crs")


def probe_image(path: Path, *, limits: Limits = DEFAULT_LIMITS) -> Probe:
    """
    Describe an uploaded image without decoding its pixels.

    Parameters
    ----------
    path
        The upload; it is only read.
    limits
        What one image may cost.

    Raises
    ------
    RefusedError
        What `geo.intake.gate.inspect_header` and `geo.intake.position.grid_of` refuse;
        ``image_unreadable``, ``image_takes_too_long``, ``image_takes_too_much_memory``.
    """
    header = inspect_header(path, limits=limits)
    allowance = Allowance(
        seconds=limits.probe_seconds, memory_bytes=limits.memory_bytes, file_bytes=_NOTES_BYTES
    )
    with child_folder(path, beside=None) as folder:
        said = answer_of_child("probe", {}, folder=folder, allowance=allowance)
    try:
        return _probe(said, header)
    except (KeyError, TypeError, ValueError):
        raise RefusedError("image_unreadable") from None  # a child that no longer obeys us


def _probe(said: dict[str, Any], header: Header) -> Probe:
    if (said["rows"], said["columns"]) != (header.rows, header.columns):
        raise RefusedError("image_header_damaged", where="size")  # two readers, two opinions
    nodata = said["nodata"]
    return Probe(
        header=header,
        grid=grid_of(
            wkt=said["crs"],
            transform=said["transform"],
            rows=header.rows,
            columns=header.columns,
        ),
        has_crs=said["crs"] is not None,
        control_points=said["control_points"],
        dtypes=tuple(said["dtypes"]),
        colours=tuple(said["colours"]),
        nodata=None if nodata is None else float(nodata),
        alpha_band=said["alpha_band"],
        has_mask=said["has_mask"],
        tags=said["tags"],
    )


def normalise_image(
    path: Path,
    out: Path,
    *,
    window: Tile | None = None,
    advance: Callable[[float], None] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> int:
    """
    Write the pixels of an upload into a working file, which is all that is read from then on.

    The working file is a tiled GeoTIFF of red, green and blue in 8 bits with an internal mask
    and overviews, on the pixel grid of the upload. It appears under its name only when it is
    whole and on the disk.

    Parameters
    ----------
    path
        The upload; it is only read.
    out
        The working file, replaced if it exists; its folder must exist.
    window
        Part of the image to copy, in pixels; blocks away from it are never decoded. The whole
        image if None.
    advance
        Called with the share done, 0 to 1. What it raises ends the work.
    limits
        What one image may cost.

    Returns
    -------
    int
        Number of pixels that were seen.

    Raises
    ------
    RefusedError
        What `geo.intake.gate.inspect_header` refuses; ``image_corrupt``, ``image_not_8_bit``,
        ``image_colours_unknown``, ``image_unreadable``, ``image_takes_too_long``,
        ``image_takes_too_much_memory``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    ValueError
        If the window leaves the image.
    """
    header = inspect_header(path, limits=limits)
    part = window or Tile(row=0, column=0, rows=header.rows, columns=header.columns)
    if not _is_inside(part, header):
        raise ValueError(f"{part} leaves the image of {header.rows} x {header.columns} pixels")
    pixels = part.rows * part.columns
    seconds = limits.normalise_seconds_per_megapixel * pixels / _MEGAPIXEL
    allowance = Allowance(
        seconds=limits.normalise_seconds + seconds,
        memory_bytes=limits.memory_bytes,
        # Three bands and a mask, a third more for overviews, and whatever ZSTD may add.
        file_bytes=5 * pixels + _NOTES_BYTES,
    )
    request = {
        "window": [part.row, part.column, part.rows, part.columns],
        "is_sparse": header.missing_blocks > 0,
    }
    with child_folder(path, beside=out) as folder:
        said = answer_of_child(
            "normalise", request, folder=folder, allowance=allowance, advance=advance
        )
        take_out(folder, out)
    return int(said["valid_pixels"])


def _is_inside(part: Tile, header: Header) -> bool:
    return (
        min(part.row, part.column) >= 0
        and min(part.rows, part.columns) > 0
        and part.row + part.rows <= header.rows
        and part.column + part.columns <= header.columns
    )
