"""A first look at an upload: where it shows ground, from overviews, before anything is copied."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from affine import Affine

from geo.errors import RefusedError
from geo.grid import Grid, Tile
from geo.intake.gate import inspect_header
from geo.intake.limits import DEFAULT_LIMITS, Limits
from geo.intake.room import child_folder
from geo.intake.sandbox import Allowance, answer_of_child
from geo.raster import Mask

_NOTES_BYTES: Final = 1 << 20


@dataclass(frozen=True, kw_only=True, eq=False)
class Glance:
    """Where a part of an image shows ground, on few pixels."""

    part: Tile
    """The part, in pixels of the image."""

    seen: Mask
    """(rows, columns), at most 512 either way; True where the middle of the cell was seen."""

    @property
    def share(self) -> float:
        """Share of the part that was seen."""
        return float(self.seen.mean())

    def of(self, grid: Grid) -> Grid:
        """Grid of `seen`, given the grid of the image."""
        rows, columns = self.seen.shape
        scale = Affine.scale(self.part.columns / columns, self.part.rows / rows)
        corner = Affine.translation(self.part.column, self.part.row)
        return Grid(
            crs=grid.crs, transform=grid.transform @ corner @ scale, rows=rows, columns=columns
        )


def glance_at(
    path: Path, parts: Sequence[Tile], *, limits: Limits = DEFAULT_LIMITS
) -> list[Glance | None]:
    """
    Tell where parts of an upload show ground, as a copy of its pixels would.

    Parameters
    ----------
    path
        The upload; it is only read.
    parts
        Parts of the image, in pixels, inside it.
    limits
        What one image may cost.

    Returns
    -------
    list
        A glance for each part; None where the image has no overview that would make it quick.

    Raises
    ------
    RefusedError
        What `geo.intake.gate.inspect_header` refuses; ``image_not_8_bit``,
        ``image_colours_unknown``, ``image_corrupt``, ``image_unreadable``,
        ``image_takes_too_long``, ``image_takes_too_much_memory``.
    """
    header = inspect_header(path, limits=limits)
    request = {
        "windows": [[one.row, one.column, one.rows, one.columns] for one in parts],
        "is_sparse": header.missing_blocks > 0,
    }
    allowance = Allowance(
        seconds=limits.probe_seconds,
        memory_bytes=limits.memory_bytes,
        file_bytes=_NOTES_BYTES,
        driver=header.container.driver,
    )
    with child_folder(path, beside=None) as folder:
        said = answer_of_child("glance", request, folder=folder, allowance=allowance)
    try:
        return [_glance(one, part) for part, one in zip(parts, said["glances"], strict=True)]
    except (KeyError, TypeError, ValueError):
        raise RefusedError("image_unreadable") from None  # a child that no longer obeys us


def _glance(said: dict[str, Any] | None, part: Tile) -> Glance | None:
    if said is None:
        return None
    rows, columns = int(said["rows"]), int(said["columns"])
    bits = np.frombuffer(base64.b64decode(said["bits"], validate=True), dtype=np.uint8)
    seen = np.unpackbits(bits, count=rows * columns).astype(np.bool_)
    return Glance(part=part, seen=seen.reshape(rows, columns))
