"""
A disk that loses power: what was not brought to it may be gone, by chance, piece by piece.

Files lie where they always do; this only notes what a file held, and a folder listed, when each
was last brought to the disk (fsync). At a cut it makes a copy of what is then left: of each
file what is durable, and by chance more of what was written since; of each folder likewise.
A rename is whole or not at all. The database keeps what it committed: it is SQLite's own,
with synchronous=FULL, and how it does so is tested by its makers.
"""

import os
import random
import shutil
import sqlite3
from pathlib import Path

WATCHED = ("open", "write", "ftruncate", "fsync", "replace", "rename", "unlink", "mkdir", "chmod")


class PowerCutError(BaseException):
    """The machine is off."""


class Disk:
    def __init__(self, root: Path, left: Path, *, cut_at: int, chance: random.Random) -> None:
        self.root = root
        self.left = left
        self.calls = 0
        self._cut_at = cut_at
        self._chance = chance
        self._is_off = False
        self._ids: dict[int, int] = {}
        """Of each inode: what it is called here, since the system gives its number again."""
        self._content: dict[int, bytes] = {}
        self._listed: dict[str, dict[str, int]] = {}
        self._real = {name: getattr(os, name) for name in WATCHED}
        for folder, _, _ in os.walk(root):
            self._keep_folder(folder)
            for path in Path(folder).iterdir():
                if path.is_file():
                    self._content[self._id(path.stat().st_ino)] = path.read_bytes()

    def watch(self, monkeypatch) -> None:
        for name in WATCHED:
            monkeypatch.setattr(os, name, getattr(self, f"_{name}"))

    def cut(self) -> None:
        """Turn the power off now."""
        self._is_off = True
        shutil.rmtree(self.left, ignore_errors=True)
        self.left.mkdir()
        self._leave(self.root, self.left)
        for name in ("records.db",):
            with (
                sqlite3.connect(self.root / name) as there,
                sqlite3.connect(self.left / name) as to,
            ):
                there.backup(to)
            there.close()
            to.close()

    def _tick(self) -> None:
        if self._is_off:
            raise PowerCutError
        self.calls += 1
        if self.calls == self._cut_at:
            self.cut()
            raise PowerCutError

    def _is_ours(self, path) -> bool:
        return not isinstance(path, int) and Path(os.fsdecode(path)).is_relative_to(self.root)

    def _id(self, inode: int) -> int:
        return self._ids.setdefault(inode, len(self._ids) + 10**6)

    def _open(self, path, flags, *more, **named) -> int:
        is_new = self._is_ours(path) and flags & os.O_CREAT and not Path(path).exists()
        if is_new or (self._is_ours(path) and self._is_off):
            self._tick()
        descriptor = self._real["open"](path, flags, *more, **named)
        if is_new:
            self._ids.pop(os.fstat(descriptor).st_ino, None)
            self._content[self._id(os.fstat(descriptor).st_ino)] = b""
        return descriptor

    def _write(self, descriptor, data) -> int:
        if not self._is_ours(_path_of(descriptor)):
            return self._real["write"](descriptor, data)
        self._tick()
        # Sometimes in parts, so that a cut comes within.
        most = self._chance.randrange(1, len(data) + 1)
        return self._real["write"](descriptor, memoryview(data)[:most])

    def _ftruncate(self, descriptor, size) -> None:
        if self._is_ours(_path_of(descriptor)):
            self._tick()
        self._real["ftruncate"](descriptor, size)

    def _fsync(self, descriptor) -> None:
        path = _path_of(descriptor)
        if self._is_ours(path):
            self._tick()
            if Path(path).is_dir():
                self._keep_folder(path)
            else:
                self._content[self._id(os.fstat(descriptor).st_ino)] = Path(path).read_bytes()

    def _replace(self, source, target, **named) -> None:
        self._tick()
        self._real["replace"](source, target, **named)

    _rename = _replace

    def _unlink(self, path, **named) -> None:
        if self._is_ours(path):
            self._tick()
        self._real["unlink"](path, **named)

    def _mkdir(self, path, *more, **named) -> None:
        if self._is_ours(path):
            self._tick()
        self._real["mkdir"](path, *more, **named)
        self._listed[os.fspath(path)] = {}

    def _chmod(self, path, *more, **named) -> None:
        if self._is_ours(path):
            self._tick()
        self._real["chmod"](path, *more, **named)

    def _keep_folder(self, folder) -> None:
        self._listed[os.fspath(folder)] = self._listing(folder)

    def _listing(self, folder) -> dict[str, int]:
        found = {}
        for one in os.scandir(folder):
            if not one.name.startswith("records.db"):
                found[one.name] = self._id(one.inode())
        return found

    def _leave(self, folder: Path, left: Path) -> None:
        """Make what is left of all folders, then see that no rename was cut in two."""
        kept: dict[Path, int] = {}
        dropped: dict[Path, int] = {}
        self._choose(folder, left, kept, dropped)
        everywhere = {
            self._id(Path(at, name).stat().st_ino)
            for at, _, names in os.walk(folder)
            for name in names
        }
        for path, which in dropped.items():
            if which in everywhere and which not in kept.values():
                kept[path] = which
        now = {
            self._id(Path(at, name).stat().st_ino): Path(at, name)
            for at, _, names in os.walk(folder)
            for name in names
        }
        for path, which in kept.items():
            current = now[which].read_bytes() if which in now else None
            path.write_bytes(self._survived(which, current))

    def _choose(self, folder: Path, left: Path, kept, dropped) -> None:
        before, after = self._listed.get(os.fspath(folder), {}), self._listing(folder)
        for name in before.keys() | after.keys():
            old, new = before.get(name), after.get(name)
            which = old if old != new and self._chance.random() < 0.5 else new
            if which is None:
                if old is not None:
                    dropped[left / name] = old
                continue
            if (folder / name).is_dir():
                (left / name).mkdir()
                self._choose(folder / name, left / name, kept, dropped)
            else:
                kept[left / name] = which

    def _survived(self, which: int, current: bytes | None) -> bytes:
        durable = self._content.get(which, b"")
        if current is None or current == durable:
            return durable
        kind = self._chance.randrange(3)
        if kind == 0:
            return durable
        if kind == 1 and current.startswith(durable):
            # A size that came before its bytes.
            return durable + bytes(len(current) - len(durable))
        return current[: self._chance.randrange(len(durable), max(len(current), len(durable)) + 1)]


def _path_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())
