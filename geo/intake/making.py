"""Making a file of ours of an image: what a child may use for it, and what it says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.errors import RefusedError
from geo.grid import Tile
from geo.intake.header import Header
from geo.intake.limits import Limits
from geo.intake.sandbox import Allowance
from geo.intake.scaling import Scaling

_MEGAPIXEL: Final = 1_000_000
_NOTES_BYTES: Final = 16 * 2**20


@dataclass(frozen=True, kw_only=True)
class Normalised:
    """What a working file shows, and what was done to make it."""

    seen_pixels: int

    collar_pixels: int
    """Not seen, because they are part of a collar that the file does not mark as empty."""

    collars: tuple[str, ...]
    """``black`` or ``white``, for each kind of such a collar."""

    doubted: Mapping[str, float]
    """Share of the whole image that may be such a collar or ground, and counts as seen, by its
    colour."""

    scaling: Scaling | None
    """How the numbers became 8 bits; None where they were."""


def allowance_for(header: Header, part: Tile, limits: Limits) -> Allowance:
    """
    What a child may use to make a file of ours of a part of an image.

    Raises
    ------
    ValueError
        If the part leaves the image.
    """
    if not _is_inside(part, header):
        raise ValueError(f"{part} leaves the image of {header.rows} x {header.columns} pixels")
    pixels = part.rows * part.columns
    # The whole image may be searched for a collar, whatever part of it is asked for.
    megapixels = (pixels + header.rows * header.columns) / _MEGAPIXEL
    seconds = limits.normalise_seconds_per_megapixel * megapixels
    return Allowance(
        seconds=limits.normalise_seconds + seconds,
        memory_bytes=limits.memory_bytes,
        # Three bands and a mask, a third more for overviews, and whatever ZSTD may add.
        file_bytes=5 * pixels + _NOTES_BYTES,
        driver=header.container.driver,
    )


def normalised(said: dict[str, Any]) -> Normalised:
    """Read what a child says of the picture that it made."""
    try:
        return Normalised(
            seen_pixels=int(said["valid_pixels"]),
            collar_pixels=int(said["collar_pixels"]),
            collars=tuple(said["collars"]),
            doubted={str(colour): float(share) for colour, share in said["doubted"].items()},
            scaling=None if said["scaling"] is None else Scaling(**said["scaling"]),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise RefusedError("image_unreadable") from None  # a child that no longer obeys us


def _is_inside(part: Tile, header: Header) -> bool:
    return (
        min(part.row, part.column) >= 0
        and min(part.rows, part.columns) > 0
        and part.row + part.rows <= header.rows
        and part.column + part.columns <= header.columns
    )
