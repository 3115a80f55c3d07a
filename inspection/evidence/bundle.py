"""All files of a report as one ZIP, unpacked for a look: judged before a byte of it is written."""

import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from geo.errors import RefusedError, UnfinishedError
from geo.vector.archive import Room, judged
from geo.vector.unfit import Unfit

ROOM: Final = Room(unpacked_bytes=256 << 30)
"""More than any inspection; what the disk has room for is asked too."""

_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06")
_PIECE: Final = 1 << 20


def is_bundle(path: Path) -> bool:
    """Whether a file is an archive."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """
    The folder that lies in a bundle, for as long as it is looked at.

    Raises
    ------
    RefusedError
        ``bundle_unreadable`` if it is damaged, cut off, locked, or its names lead elsewhere.
    UnfinishedError
        ``disk_full`` if there is no room to unpack it.
    """
    with tempfile.TemporaryDirectory(prefix="tinjau-bundle-") as name:
        folder = Path(name)
        try:
            members = judged(path, ROOM)
            if sum(one.file_size for one in members) > shutil.disk_usage(folder).free:
                raise UnfinishedError("disk_full")
            with zipfile.ZipFile(path) as archive:
                for one in members:
                    _unpack(archive, one, folder / one.filename)
        except (Unfit, zipfile.BadZipFile, zlib.error, EOFError, ValueError) as error:
            raise RefusedError("bundle_unreadable") from error
        except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
            raise RefusedError("bundle_unreadable") from error
        yield _top(folder)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as file:
        shutil.copyfileobj(source, file, _PIECE)


def _top(folder: Path) -> Path:
    """The folder within, where a bundle holds one folder and nothing beside it."""
    held = list(folder.iterdir())
    return held[0] if len(held) == 1 and held[0].is_dir() else folder
