"""Uploaded surface models: a working file of their heights."""

from pathlib import Path
from typing import Final

from geo.errors import RefusedError
from geo.intake.gate import inspect_header
from geo.intake.header import Container
from geo.intake.limits import DEFAULT_LIMITS, Limits
from geo.intake.room import child_folder, take_out
from geo.intake.sandbox import Allowance, answer_of_child

_MEGAPIXEL: Final = 1_000_000
_NOTES_BYTES: Final = 16 * 2**20
_HEIGHT_BYTES: Final = 5
"""Four of a float, and whatever ZSTD may add."""


def normalise_heights(
    path: Path, out: Path, *, metres_up: float, limits: Limits = DEFAULT_LIMITS
) -> int:
    """
    Write the heights of an upload into a working file, which is all that is read from then on.

    The working file is a tiled GeoTIFF of one band of 32-bit floats on the pixel grid of the
    upload, in its horizontal system: heights in metres, NaN where none is known. It appears under
    its name only when it is whole and on the disk.

    Parameters
    ----------
    path
        The upload; it is only read.
    out
        The working file, replaced if it exists; its folder must exist.
    metres_up
        What one unit of the upload's heights is upwards, in metres; negative for depths.
    limits
        What one image may cost.

    Returns
    -------
    int
        Number of pixels whose height is known.

    Raises
    ------
    RefusedError
        What `geo.intake.gate.inspect_header` refuses; ``heights_not_one_band``,
        ``image_corrupt``, ``image_unreadable``, ``image_takes_too_long``,
        ``image_takes_too_much_memory``.
    UnfinishedError
        ``disk_full``, ``working_file_not_written``.
    """
    header = inspect_header(path, limits=limits)
    if header.container is not Container.TIFF:
        raise RefusedError("image_not_geotiff", found=str(header.container))
    pixels = header.rows * header.columns
    seconds = limits.normalise_seconds_per_megapixel * pixels / _MEGAPIXEL
    allowance = Allowance(
        seconds=limits.normalise_seconds + seconds,
        memory_bytes=limits.memory_bytes,
        file_bytes=_HEIGHT_BYTES * pixels + _NOTES_BYTES,
    )
    with child_folder(path, beside=out) as folder:
        said = answer_of_child(
            "heights", {"metres_up": metres_up}, folder=folder, allowance=allowance
        )
        take_out(folder, out)
    return int(said["known_pixels"])
