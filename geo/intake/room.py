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


@contextlib.contextmanager
def child_folder(path: Path, *, beside: Path | None) -> Iterator[Path]:
    """Make the folder, beside the file to come where there is one, and remove it afterwards."""
    parent = None if beside is None else beside.parent
    with contextlib.ExitStack() as stack:
        with _room():
            name = stack.enter_context(tempfile.TemporaryDirectory(prefix=".intake-", dir=parent))
            folder = Path(name)
            (folder / SOURCE).symlink_to(path.resolve())
        yield folder


@contextlib.contextmanager
def _room() -> Iterator[None]:
    """Say in a code that not even a name found room on the disk."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise UnfinishedError("disk_full") from error
        raise


def take_out(folder: Path, out: Path) -> None:
    """Give the working file of a child its name, for good."""
    with _room():
        (folder / WORKING).replace(out)
        _sync_folder(out.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
