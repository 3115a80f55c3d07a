"""Uploaded images: what they are, and a working file of their pixels."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from affine import Affine

from geo.errors import RefusedError
from geo.grid import Tile
from geo.height_system import stated_heights
from geo.intake.gate import inspect_header
from geo.intake.header import Header
from geo.intake.limits import DEFAULT_LIMITS, Limits
from geo.intake.making import Normalised, allowance_for, normalised
from geo.intake.position import UNDECLARED, Declared, box_of, earthly_or_none, grid_of
from geo.intake.probe import GroundControl, GroundPoint, Probe
from geo.intake.room import child_folder, take_out
from geo.intake.sandbox import Allowance, answer_of_child
from geo.raster import Mask

BLOCK_PX: Final = 512
"""Side of the blocks of a working file, as `geo.intake.normalising` writes them."""

_NOTES_BYTES: Final = 16 * 2**20


def probe_image(
    path: Path, *, declared: Declared = UNDECLARED, limits: Limits = DEFAULT_LIMITS
) -> Probe:
    """
    Describe an uploaded image without decoding its pixels.

    Parameters
    ----------
    path
        The upload; it is only read.
    declared
        Where it lies as whoever brings it says, for what the file does not say itself or
        says wrongly.
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
        seconds=limits.probe_seconds,
        memory_bytes=limits.memory_bytes,
        file_bytes=_NOTES_BYTES,
        driver=header.container.driver,
    )
    with child_folder(path, beside=None) as folder:
        said = answer_of_child("probe", {}, folder=folder, allowance=allowance)
    try:
        return _probe(said, header, declared)
    except (KeyError, TypeError, ValueError):
        raise RefusedError("image_unreadable") from None  # a child that no longer obeys us


def _probe(said: dict[str, Any], header: Header, declared: Declared) -> Probe:
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
            declared=declared,
        ),
        has_crs=said["crs"] is not None or declared.system is not None,
        has_position=declared.transform is not None or not Affine(*said["transform"]).is_identity,
        box=box_of(
            declared.transform or Affine(*said["transform"]),
            rows=header.rows,
            columns=header.columns,
        ),
        stated=earthly_or_none(said["crs"]),
        ground_control=_ground_control(said),
        has_camera_model=said["has_camera_model"],
        dtypes=tuple(said["dtypes"]),
        colours=tuple(said["colours"]),
        heights=stated_heights(said["crs"], said["unit"]),
        nodata=None if nodata is None else float(nodata),
        alpha_band=said["alpha_band"],
        has_mask=said["has_mask"],
        tags=said["tags"],
    )


def _ground_control(said: dict[str, Any]) -> GroundControl | None:
    if not said["control_points"]:
        return None
    names = ("column", "row", "x", "y", "z")
    points = [dict(zip(names, map(float, point), strict=True)) for point in said["ground_control"]]
    return GroundControl(
        count=said["control_points"],
        crs=earthly_or_none(said["control_points_crs"]),
        points=tuple(GroundPoint(**point) for point in points),
    )


def normalise_image(
    path: Path,
    out: Path,
    *,
    window: Tile | None = None,
    needed: Mask | None = None,
    advance: Callable[[float], None] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Normalised:
    """
    Write the pixels of an upload into a working file, which is all that is read from then on.

    The working file is a tiled GeoTIFF of red, green and blue in 8 bits with an internal mask
    and overviews, on the pixel grid of the upload. Numbers of another depth are scaled as
    `geo.intake.scaling` says; black or white around the ground is taken as not seen where
    `geo.intake.collar_search` finds that it is a collar. It appears under its name only when it is
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
    needed
        (rows, columns) of blocks of `BLOCK_PX` pixels of that part, True where they are
        needed; all of them if None. Others may be left out as not seen, and then there are no
        overviews either: it is a file to be read once, pixel by pixel.
    advance
        Called with the share done, 0 to 1. What it raises ends the work.
    limits
        What one image may cost.

    Returns
    -------
    Normalised
        How many pixels were seen, and what was done to make the picture.

    Raises
    ------
    RefusedError
        What `geo.intake.gate.inspect_header` refuses; ``image_corrupt``,
        ``image_numbers_unknown``, ``image_colours_unknown``, ``image_shows_nothing``,
        ``image_unreadable``, ``image_takes_too_long``, ``image_takes_too_much_memory``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    ValueError
        If the window leaves the image.
    """
    header = inspect_header(path, limits=limits)
    part = window or Tile(row=0, column=0, rows=header.rows, columns=header.columns)
    allowance = allowance_for(header, part, limits)
    request = {
        "window": [part.row, part.column, part.rows, part.columns],
        "needed": None
        if needed is None
        else ["".join(map(str, row.astype(int))) for row in needed],
        "is_sparse": header.missing_blocks > 0,
    }
    with child_folder(path, beside=out) as folder:
        said = answer_of_child(
            "normalise",
            request,
            folder=folder,
            allowance=allowance,
            advance=advance,
        )
        made = normalised(said)
        if made.seen_pixels == 0 and (part.rows, part.columns) == (header.rows, header.columns):
            raise RefusedError("image_shows_nothing")
        take_out(folder, out)
    return made
