"""All files of a report as one archive, made while it is sent."""

import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from inspection.delivery.reading import Reader

_FIRST_YEAR: Final = 1980
"""Before which an archive of this kind knows no time."""

_READABLE: Final = 0o644 << 16


def bundle(
    reader: Reader, files: Mapping[str, str], *, folder: str, at: datetime
) -> Iterator[bytes]:
    """
    A ZIP of files under one folder, the same bytes whenever it is made.

    Nothing is compressed: pictures and papers are already. Where an object turns out damaged,
    the archive ends without its table of contents, and no program takes it for whole.

    Raises
    ------
    DisprovedError
        As `Reader.whole`; for a missing object at once.
    """
    for sha256 in files.values():
        reader.size(sha256)
    return _packed(reader, files, folder, (max(at.year, _FIRST_YEAR), *at.timetuple()[1:6]))


def _packed(
    reader: Reader, files: Mapping[str, str], folder: str, at: tuple[int, ...]
) -> Iterator[bytes]:
    passed = _Passed()
    with zipfile.ZipFile(passed, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{name}", (at[0], at[1], at[2], at[3], at[4], at[5]))
            entry.external_attr = _READABLE
            with archive.open(entry, "w", force_zip64=True) as target:
                for piece in reader.whole(files[name]):
                    target.write(piece)
                    yield passed.taken()
    yield passed.taken()


class _Passed:
    """A file that only goes forward, and forgets what was taken from it."""

    def __init__(self) -> None:
        self._held = bytearray()

    def write(self, data: bytes) -> int:
        self._held += data
        return len(data)

    def flush(self) -> None:
        """All is at hand already."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        taken = bytes(self._held)
        self._held.clear()
        return taken
