"""Objects in a local folder."""

import errno
import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Final

from geo.errors import RefusedError, UnfinishedError
from inspection.errors import placing
from inspection.objects.draft import chunks_of, drafting, make_durable, sweep
from inspection.objects.faults import folder_faults
from inspection.objects.store import (
    OBJECTS,
    Foreign,
    Stored,
    key_of,
    proven,
    require_equal,
    require_inside,
    sha256_in,
)

PASSING: Final = "passing"
"""Where drafts lie: beside the objects and on the same disk, so that a rename is enough."""


class FolderObjects:
    """An `ObjectStore` in a folder of a local disk."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._durable: set[str] = set()
        """Folders of which this process knows that a loss of power leaves them there."""

    def require_writable(self) -> None:
        """
        Make the folder, and see that it can be written.

        Raises
        ------
        UsageError
            As `inspection.errors.placing`.
        """
        with placing(self._root):
            self._root.mkdir(parents=True, exist_ok=True)
            with TemporaryFile(dir=self._root):
                pass

    def put(self, chunks: Iterable[bytes], *, expected: str | None = None) -> Stored:
        """Keep bytes; those that lie there already are replaced, which heals damaged ones."""
        with drafting(self._root / PASSING) as draft:
            draft.write(chunks)
            require_equal(draft.sha256, expected)
            draft.publish(self._place(draft.sha256))
            return Stored(sha256=draft.sha256, size_bytes=draft.size_bytes)

    def adopt(self, path: Path, *, expected: str | None = None) -> Stored:
        """Take over a file by its name alone; where that cannot be done safely, by a copy."""
        with folder_faults():
            before = path.lstat()
        digest = hashlib.sha256()
        for chunk in chunks_of(path):
            digest.update(chunk)
        found = digest.hexdigest()
        require_equal(found, expected)
        with folder_faults():
            after = path.lstat()
            unchanged = _marks(before) == _marks(after)
            # Under another name it could still be changed by whoever knows that one.
            is_ours_alone = unchanged and after.st_nlink == 1 and not path.is_symlink()
            if is_ours_alone and self._move(path, self._place(found)):
                return Stored(sha256=found, size_bytes=after.st_size)
        stored = self.put(chunks_of(path), expected=found)
        with folder_faults():
            path.unlink()
        return stored

    def stream(self, sha256: str) -> Iterator[bytes]:
        """Read a whole object, checked."""
        self.stored(sha256)
        yield from proven(chunks_of(self._path(sha256)), sha256)

    @contextmanager
    def lend(self, sha256: str) -> Iterator[Path]:
        """Give the object's own file, after it was read through; it must not be written."""
        for _ in self.stream(sha256):
            pass
        yield self._path(sha256)

    def span(self, sha256: str, start: int, length: int) -> bytes:
        """Read some bytes out of an object."""
        require_inside(start, length, self.stored(sha256).size_bytes)
        with folder_faults(), self._path(sha256).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def stored(self, sha256: str) -> Stored:
        """Say that an object is there and how large it is."""
        with folder_faults():
            try:
                status = self._path(sha256).lstat()
            except (FileNotFoundError, NotADirectoryError) as error:
                raise RefusedError("object_missing", where=sha256) from error
        return Stored(sha256=sha256, size_bytes=status.st_size)

    def entries(self) -> Iterator[Stored | Foreign]:
        """Walk through the folder; one that is not there is no store without objects."""
        if not self._root.is_dir():
            raise UnfinishedError("object_store_failed")
        return self._walk(self._root / OBJECTS)

    def sweep(self, *, older_than_s: float) -> int:
        """Remove the drafts of writers that died."""
        return sweep(self._root / PASSING, older_than_s=older_than_s)

    def read_note(self, name: str) -> Iterator[bytes]:
        """Read a note that lies beside the objects."""
        path = self._root / name
        if path.exists():
            yield from chunks_of(path)

    def write_note(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write a note beside the objects."""
        with drafting(self._root / PASSING) as draft:
            draft.write(chunks)
            draft.publish(self._root / name)

    def _path(self, sha256: str) -> Path:
        return self._root / key_of(sha256)

    def _place(self, sha256: str) -> Path:
        """Path of an object in a folder that is there, and will be after a loss of power."""
        path = self._path(sha256)
        cd, ab, objects = path.parents[:3]
        with folder_faults():
            if not objects.is_dir():
                self._root.mkdir(parents=True, exist_ok=True)
                make_durable(self._root.parent)
            for name, folder in (("", objects), (sha256[:2], ab), (sha256[:4], cd)):
                if _is_made(folder) or name not in self._durable:
                    # Also where another writer made it: that one may not have come so far.
                    make_durable(folder.parent)
                    self._durable.add(name)
        return path

    def _move(self, path: Path, target: Path) -> bool:
        """Rename a file to its place; False if that lies on another disk."""
        path.chmod(0o444)
        make_durable(path)
        try:
            path.replace(target)
        except OSError as error:
            if error.errno == errno.EXDEV:
                return False
            raise
        make_durable(target.parent)
        make_durable(path.parent)
        return True

    def _walk(self, folder: Path) -> Iterator[Stored | Foreign]:
        with folder_faults():
            if not folder.is_dir():
                return
            found = sorted(os.scandir(folder), key=lambda one: one.name)
        for one in found:
            key = Path(one.path).relative_to(self._root).as_posix()
            with folder_faults():
                if one.is_dir(follow_symlinks=False):
                    yield from self._walk(Path(one.path))
                elif (sha256 := sha256_in(key)) and one.is_file(follow_symlinks=False):
                    size = one.stat(follow_symlinks=False).st_size
                    yield Stored(sha256=sha256, size_bytes=size)
                else:
                    yield Foreign(key=key)


def _is_made(folder: Path) -> bool:
    """Make a folder; whether it was not there."""
    try:
        folder.mkdir()
    except FileExistsError:
        return False
    return True


def _marks(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
