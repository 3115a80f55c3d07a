"""A folder that appears whole or not at all, and whoever works in it."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from inspection.errors import UsageError


@contextmanager
def fresh_folder(out: Path) -> Iterator[tuple[Path, Path]]:
    """
    Make a folder to work in that takes the name `out` when the work is done.

    Yields the folder itself and a drawer for passing files, which is emptied at the end.
    Whatever goes wrong, nothing is left behind, and nothing ever stands half-written under
    the final name.

    Raises
    ------
    UsageError
        ``out_exists``; ``out_impossible`` if the folder around it cannot be written.
    """
    if out.exists() or out.is_symlink():
        raise UsageError("out_exists", name=out.name)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        room = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except (PermissionError, NotADirectoryError, FileExistsError, FileNotFoundError) as error:
        raise UsageError("out_impossible", name=out.name) from error
    try:
        desk, drawer = room / "desk", room / "drawer"
        desk.mkdir()
        drawer.mkdir()
        yield desk, drawer
        make_durable(desk)
        desk.rename(out)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def make_durable(folder: Path) -> None:
    """Bring everything to the disk before the name appears: power may fail right after it."""
    for path in [*folder.rglob("*"), folder]:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class FreshDesk:
    """`inspection.ports.Workplace` of who begins anew each time."""

    def opened(self, out: Path) -> AbstractContextManager[tuple[Path, Path]]:
        """Open a folder of which nothing stays, should the work be cut off."""
        return fresh_folder(out)

    def once[**Given, Value](
        self, work: Callable[Given, Value], *given: Given.args, **named: Given.kwargs
    ) -> Value:
        """Do the work."""
        return work(*given, **named)
