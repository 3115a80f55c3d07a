"""A desk on which work goes on where it was cut off: what a step gave is kept, and its files."""

import hashlib
import json
import logging
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from geo.intake.digest import sha256_of
from inspection.desk import make_durable
from inspection.errors import UsageError

_log = logging.getLogger(__name__)
_ENDING: Final = ".step"


@dataclass(frozen=True, kw_only=True)
class _Step:
    """One step that was done: what it gave, and every file that there was after it."""

    value: Any
    files: dict[str, str]
    """SHA-256 by name."""


@dataclass(kw_only=True)
class LastingDesk:
    """
    `inspection.ports.Workplace` in a folder that outlives whoever works there.

    Each step is kept in one file, which appears whole. Work that is begun again takes the steps
    that were done, as long as the key is the same and every file still has its hash; it removes
    whatever else lies there, and does the rest.
    """

    folder: Path
    key: str
    """Of all that the work follows from: inputs, rules, versions."""

    _number: int = 0
    _done: list[_Step] = field(default_factory=list)
    _known: dict[str, tuple[tuple[int, int, int], str]] = field(default_factory=dict)
    """Marks and hash of each file, so that none is read twice."""

    @contextmanager
    def opened(self, out: Path) -> Iterator[tuple[Path, Path]]:
        """
        Open the folder to work in; it stays as it is, should the work be cut off.

        Raises
        ------
        UsageError
            ``out_exists``.
        """
        if out.exists() or out.is_symlink():
            raise UsageError("out_exists", name=out.name)
        for name in ("desk", "drawer", "steps"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self._number, self._done = 0, self._taken_up()
        self._clear(self._done[-1].files if self._done else {})
        desk = self.folder / "desk"
        yield desk, self.folder / "drawer"
        make_durable(desk)
        desk.rename(out)

    def once[**Given, Value](
        self, work: Callable[Given, Value], *given: Given.args, **named: Given.kwargs
    ) -> Value:
        """Do the next piece of work, or give what it gave when it was done before."""
        self._number += 1
        if self._number <= len(self._done):
            value: Value = self._done[self._number - 1].value
            return value
        value = work(*given, **named)
        self._keep(work.__name__, value)
        return value

    def _keep(self, name: str, value: Any) -> None:  # noqa: ANN401 - whatever a step gives
        kept = pickle.dumps(value)
        said = {
            "key": self.key,
            "sha256": hashlib.sha256(kept).hexdigest(),
            "files": {path: self._hash(path) for path in self._files()},
        }
        path = self.folder / "steps" / f"{self._number:02}-{name}{_ENDING}"
        passing = path.with_suffix(".part")
        with passing.open("wb") as file:
            file.write(json.dumps(said).encode() + b"\n" + kept)
            file.flush()
            os.fsync(file.fileno())
        passing.rename(path)

    def _taken_up(self) -> list[_Step]:
        """The steps from the first on that are whole, up to the last whose files are all there."""
        done: list[_Step] = []
        for number, path in enumerate(sorted((self.folder / "steps").glob(f"*{_ENDING}")), 1):
            step = self._read(path) if path.name.startswith(f"{number:02}-") else None
            if step is None:
                break
            done.append(step)
        while done and not self._has(done[-1].files):
            done.pop()
        for path in sorted((self.folder / "steps").iterdir())[len(done) :]:
            path.unlink()
        return done

    def _read(self, path: Path) -> _Step | None:
        head, _, kept = path.read_bytes().partition(b"\n")
        try:
            said = json.loads(head)
            if said["key"] != self.key or hashlib.sha256(kept).hexdigest() != said["sha256"]:
                return None
            # Of our own making, in a folder of our own, and just as it was written.
            return _Step(value=pickle.loads(kept), files=said["files"])  # noqa: S301
        except Exception as error:  # noqa: BLE001 - whatever it is, the step is done anew
            _log.warning("step %s is not taken up: %s", path.name, type(error).__name__)
            return None

    def _has(self, files: dict[str, str]) -> bool:
        return all(
            (self.folder / name).is_file() and self._hash(name) == sha256
            for name, sha256 in files.items()
        )

    def _files(self) -> list[str]:
        return sorted(
            path.relative_to(self.folder).as_posix()
            for place in ("desk", "drawer")
            for path in (self.folder / place).rglob("*")
            if path.is_file()
        )

    def _hash(self, name: str) -> str:
        path = self.folder / name
        status = path.stat()
        marks = (status.st_ino, status.st_size, status.st_mtime_ns)
        known = self._known.get(name)
        if known is None or known[0] != marks:
            known = self._known[name] = (marks, sha256_of(path))
        return known[1]

    def _clear(self, but: dict[str, str]) -> None:
        """Remove what no step left that is taken up, empty folders too."""
        for place in ("desk", "drawer"):
            for path in sorted((self.folder / place).rglob("*"), reverse=True):
                if path.is_dir() and not path.is_symlink():
                    if not any(path.iterdir()):
                        path.rmdir()
                elif path.relative_to(self.folder).as_posix() not in but:
                    path.unlink()
