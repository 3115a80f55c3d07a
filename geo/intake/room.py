"""The room of one child: a folder in which the upload has a name of our choice and no siblings."""

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from geo.errors import UnfinishedError

SOURCE: Final = "source"
WORKING: Final = "working"
STENCIL: Final = "stencil"
INDEX: Final = "index"


@contextlib.contextmanager
def child_folder(path: Path, *, beside: Path | None) -> Iterator[Path]:
    """Make the folder, beside the file to come where there is one, and remove it afterwards."""
    parent = None if beside is None else beside.parent
    with contextlib.ExitStack() as stack:
        with room():
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix=".intake-", dir=parent))
            folder = Path(name)
            (folder / SOURCE).symlink_to(path.resolve())
        yield folder


@contextlib.contextmanager
def room() -> Iterator[None]:
    """Say in a code that something found no room on the disk."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise UnfinishedError("disk_full") from error
        raise


def take_out(folder: Path, out: Path, *, name: str = WORKING) -> None:
    """Give the working file of a child, or another made in its room, its name, for good."""
    with room():
        (folder / name).replace(out)
        sync(out.parent)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
