"""Photos of a camera in the air: recognised, and read for what they claim, never for pixels."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geo.errors import RefusedError
from geo.intake.room import child_folder
from geo.intake.sandbox import Allowance, answer_of_child

HEAD_BYTES: Final = 256 << 10
"""Where the notes of a photo stand: EXIF and XMP take 64 KiB each and come first."""

ABREAST: Final = 128
"""Photos that one child reads: 32 MiB of their beginnings."""

_ALLOWANCE: Final = Allowance(seconds=30.0, memory_bytes=3 << 29, file_bytes=1 << 20)


@dataclass(frozen=True, kw_only=True)
class Photo:
    """What one photo says of itself. Everything in it is claimed by the file, nothing is proven."""

    taken_at: datetime | None
    """Without zone where the file names none."""

    camera: str | None
    longitude: float | None
    """In degrees as written, possible or not."""

    latitude: float | None
    altitude_m: float | None
    """Above the sea, or whatever the drone took for it."""

    above_take_off_m: float | None
    """Above the place of take-off: not above the ground below."""

    pitch_deg: float | None
    """Of the camera: -90 looks straight down."""

    rtk: float | None
    """50 fixed, 32 to 49 float, 16 single, 0 none; None where nothing is said."""

    @property
    def is_from_a_camera(self) -> bool:
        """Whether it says where or with what it was taken, as a made picture does not."""
        return self.camera is not None or self.longitude is not None


def read_photos(paths: Sequence[Path]) -> list[Photo | None]:
    """
    Read what photos say of themselves, in a child process; None for each that cannot be read.

    Only the first `HEAD_BYTES` of each are read. A photo that stops the child is found by
    halving and told as unreadable; the others are read all the same.

    Parameters
    ----------
    paths
        JPEG files, or whatever calls itself one; they are only read.

    Raises
    ------
    UnfinishedError
        ``image_reader_not_started``, ``disk_full``.
    """
    found: list[Photo | None] = []
    for first in range(0, len(paths), ABREAST):
        found += _read(paths[first : first + ABREAST])
    return found


def _read(paths: Sequence[Path]) -> list[Photo | None]:
    try:
        return _asked(paths)
    except RefusedError:
        if len(paths) == 1:
            return [None]
        half = len(paths) // 2
        return _read(paths[:half]) + _read(paths[half:])


def _asked(paths: Sequence[Path]) -> list[Photo | None]:
    with tempfile.NamedTemporaryFile(prefix="tinjau-photos-") as bundle:
        sizes = [bundle.write(_head(path)) for path in paths]
        bundle.flush()
        with child_folder(Path(bundle.name), beside=None) as folder:
            said = answer_of_child("photos", {"sizes": sizes}, folder=folder, allowance=_ALLOWANCE)
    try:
        notes = said["photos"]
        return [_photo(note) for _, note in zip(paths, notes, strict=True)]
    except (KeyError, TypeError, ValueError):
        raise RefusedError("image_unreadable") from None  # a child that no longer obeys us


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _photo(note: dict[str, Any] | None) -> Photo | None:
    if note is None:
        return None
    taken_at = note["taken_at"]
    return Photo(**{**note, "taken_at": _moment(taken_at) if taken_at else None})


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None  # such as 0000-00-00, which a camera without a clock writes
