"""Where backups lie: one folder each, that appears whole, beside the objects that they share."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from geo.errors import RefusedError
from geo.intake.digest import sha256_of
from inspection.errors import DisprovedError, UsageError, placing
from inspection.evidence.canonical import canonical_bytes, read_canonical
from inspection.objects.draft import make_durable
from inspection.objects.faults import folder_faults

SCHEMA: Final = "tinjau.backup/1"
MANIFEST: Final = "manifest.json"
SEAL: Final = "manifest.sha256"
OBJECTS: Final = "objects.txt"
PARTS: Final = "parts"
_NAME: Final = re.compile(r"\d{8}T\d{6}Z(-\d{2})?")
_UNFINISHED: Final = ".part"


@dataclass(frozen=True, kw_only=True)
class Backup:
    """One whole backup, as its manifest says."""

    folder: Path
    manifest: dict[str, Any]
    sha256: str
    """Of the manifest, which names every other file by its hash."""


@contextmanager
def beginning(shelf: Path, at: datetime) -> Iterator[Path]:
    """
    Give a folder to fill, which appears under its name when the block ends without an error.

    What a backup that was killed left behind is removed; older backups stay.

    Raises
    ------
    UsageError
        ``backup_running`` if another one is being made here; as `inspection.errors.placing`.
    """
    backups = shelf / "backups"
    with placing(shelf):
        backups.mkdir(parents=True, exist_ok=True, mode=0o700)
        (backups / "lock").touch()
    with (backups / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError("backup_running") from error
        for left in backups.glob(f".*{_UNFINISHED}"):
            shutil.rmtree(left)
        name = _free_name(backups, at)
        final, unfinished = backups / name, backups / f".{name}{_UNFINISHED}"
        with folder_faults():
            unfinished.mkdir(mode=0o700)
        try:
            yield unfinished
        except BaseException:
            shutil.rmtree(unfinished)
            raise
        with folder_faults():
            unfinished.rename(final)
            make_durable(backups)
            make_durable(shelf)


def name_of(unfinished: Path) -> str:
    """The name under which a folder that is being filled will appear."""
    return unfinished.name.removeprefix(".").removesuffix(_UNFINISHED)


def seal(folder: Path, facts: dict[str, Any]) -> None:
    """Name every file of a backup by its hash, bring all of it to the disk, write the manifest."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    listed = []
    for path in files:
        path.chmod(0o600)
        make_durable(path)
        name = path.relative_to(folder).as_posix()
        listed.append({"path": name, "sha256": sha256_of(path), "size": path.stat().st_size})
    content = canonical_bytes({"schema": SCHEMA, **facts, "files": listed})
    _write(folder / MANIFEST, content)
    _write(folder / SEAL, f"{sha256_of(folder / MANIFEST)}\n".encode())
    for inner in (*(path for path in folder.iterdir() if path.is_dir()), folder):
        make_durable(inner)


def chosen(shelf: Path, name: str | None) -> Backup:
    """
    The backup of that name, else the newest, after each of its own files was read and compared.

    Raises
    ------
    RefusedError
        ``backup_absent``.
    DisprovedError
        ``backup_damaged``, with the file.
    """
    there = sorted(path.name for path in (shelf / "backups").glob("*") if _is_one(path))
    if not there or (name is not None and name not in there):
        raise RefusedError("backup_absent", where=name)
    folder = shelf / "backups" / (name or there[-1])
    manifest, sha256 = _read(folder)
    for one in manifest["files"]:
        path = folder / one["path"]
        if not path.is_file() or sha256_of(path) != one["sha256"]:
            raise damaged(f"{folder.name}/{one['path']}")
    return Backup(folder=folder, manifest=manifest, sha256=sha256)


def damaged(name: str) -> DisprovedError:
    """Say which file of a backup is not what was written."""
    error = DisprovedError("backup_damaged")
    error.file = name
    return error


def objects_of(backup: Backup) -> Iterator[tuple[str, int]]:
    """Hash and size of each object that belongs to a backup."""
    with (backup.folder / OBJECTS).open() as lines:
        for line in lines:
            sha256, size = line.split()
            yield sha256, int(size)


def _free_name(backups: Path, at: datetime) -> str:
    """The second in which a backup begins; further ones of the same second are counted."""
    second = f"{at:%Y%m%dT%H%M%SZ}"
    names = (second, *(f"{second}-{number:02}" for number in range(1, 100)))
    for name in names:
        if not (backups / name).exists():
            return name
    raise UsageError("backup_running")


def _is_one(path: Path) -> bool:
    return _NAME.fullmatch(path.name) is not None and path.is_dir()


def _read(folder: Path) -> tuple[dict[str, Any], str]:
    name = f"{folder.name}/{MANIFEST}"
    try:
        stated = (folder / SEAL).read_text().strip()
        found = sha256_of(folder / MANIFEST)
        manifest: dict[str, Any] = read_canonical(folder / MANIFEST)
    except (OSError, ValueError, RefusedError) as error:
        raise damaged(name) from error
    if found != stated or manifest.get("schema") != SCHEMA:
        raise damaged(name)
    return manifest, found


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o600)
