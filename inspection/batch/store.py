"""The folder of a batch: what was asked, how each row ended, and the results, all of it lasting."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, Self
from uuid import UUID

from inspection.batch.asked import Given, RowAsked
from inspection.batch.origin import Origin
from inspection.errors import UnfinishedError, UsageError, placing
from inspection.language import Json

DONE: Final = "done"
NOT_COMPARABLE: Final = "not_comparable"
REFUSED: Final = "refused"
FAILED: Final = "failed"
WHOLE: Final = (DONE, NOT_COMPARABLE)
"""States with a result."""

FORM: Final = "tinjau.batch/1"
_ABOUT: Final = "batch.json"
_FOLDERS: Final = ("rows", "state", "papers", "work")


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a row ended."""

    state: str
    problem: dict[str, Json] | None = None
    seconds: float | None = None
    """Time that it took; None where that was not seen."""

    peak_mb: int | None = None
    tries: int = 1


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A batch on disk; whoever was killed goes on here."""

    root: Path
    created_at: datetime
    """Time of all its inspections: a row that is made again is made the same."""

    @classmethod
    @contextmanager
    def opened(cls, root: Path, *, created_at: datetime) -> Iterator[Self]:
        """
        Begin a batch, or go on with the one that lies there, to oneself.

        Raises
        ------
        UsageError
            ``out_exists`` where the folder holds something else; as `inspection.errors.placing`.
        UnfinishedError
            ``batch_running`` where another process works on it.
        """
        about = root / _ABOUT
        if not about.is_file() and (root.is_symlink() or root.is_file() or _holds(root)):
            raise UsageError("out_exists", name=root.name)
        with placing(root):
            for name in _FOLDERS:
                (root / name).mkdir(parents=True, exist_ok=True)
        with (root / "work" / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UnfinishedError("batch_running", name=root.name) from error
            if not about.is_file():
                said = {"schema": FORM, "created_at": created_at.isoformat()}
                write(about, json.dumps(said).encode())
            told = json.loads(about.read_bytes())
            yield cls(root=root, created_at=datetime.fromisoformat(told["created_at"]))

    def made_by(self, origin: Origin) -> None:
        """
        Note whose results these are, before any is written.

        Raises
        ------
        UsageError
            ``batch_of_another_table`` where results of another lie here.
        """
        told = json.loads((self.root / _ABOUT).read_bytes())
        before = Origin(table=told["table"], rows=tuple(told["rows"])) if "table" in told else None
        if origin != before:
            origin.proven(before, holds_results=bool(self.published()), folder=self.root.name)
            said = {**told, "table": origin.table, "rows": origin.rows}
            write(self.root / _ABOUT, json.dumps(said).encode())

    def handed(self, rows: str) -> UUID | None:
        """
        The batch of an office as which these rows were handed to workers; None where none was.

        Raises
        ------
        UsageError
            ``batch_of_another_table`` where other rows were.
        """
        told = json.loads((self.root / _ABOUT).read_bytes())
        if "handed" not in told:
            return None
        if told["handed"]["rows"] != rows:
            raise UsageError(
                "batch_of_another_table", name=self.root.name, table=told.get("table", "")
            )
        return UUID(told["handed"]["batch"])

    def hand(self, rows: str, batch: UUID) -> None:
        """Note as which batch of an office these rows were handed to workers."""
        told = json.loads((self.root / _ABOUT).read_bytes())
        said = {**told, "handed": {"rows": rows, "batch": str(batch)}}
        write(self.root / _ABOUT, json.dumps(said).encode())

    def result(self, asked: RowAsked) -> Path:
        """Where the result of a row lies."""
        return self.root / "rows" / f"{asked.label}-{asked.key}"

    def room(self, asked: RowAsked) -> Path:
        """Where a row is worked on."""
        return self.root / "work" / asked.key

    def ended(self, asked: RowAsked) -> Ended | None:
        """How a row ended; None where it did not."""
        path = self._state(asked)
        if path.is_file():
            said = json.loads(path.read_bytes())
            told = Ended(**{one.name: said[one.name] for one in fields(Ended)})
            if told.state not in WHOLE or self.result(asked).is_dir():
                return told
        if self.result(asked).is_dir():
            # It was killed between the result, which appears whole, and the word on it.
            how = Ended(state=state_of(self.result(asked)))
            self.end(asked, how)
            return how
        return None

    def end(self, asked: RowAsked, how: Ended) -> None:
        """Put on disk how a row ended."""
        said = {**asdict(how), "subject": asked.subject, "result": self.result(asked).name}
        write(self._state(asked), json.dumps(said).encode())

    def published(self) -> dict[str, Path]:
        """The latest result of each subject, by the rules that the batch was run with."""
        found: dict[str, Path] = {}
        states = (self.root / "state").glob("*.json")
        for path in sorted(states, key=lambda one: (one.stat().st_mtime_ns, one.name)):
            said = json.loads(path.read_bytes())
            result = self.root / "rows" / said["result"]
            if said["state"] in WHOLE and result.is_dir():
                found[said["subject"]] = result
        return found

    def clear(self) -> None:
        """Remove what rows were worked on that are no longer asked for."""
        for room in (self.root / "work").iterdir():
            if room.is_dir():
                shutil.rmtree(room, ignore_errors=True)

    def tidy(self, asked: RowAsked, *, keep_log: bool) -> None:
        """Remove what a row was worked on with; of one that failed, what was logged stays."""
        log = self.room(asked) / "log"
        if keep_log and log.is_file() and log.stat().st_size:
            log.replace(self._state(asked).with_suffix(".log"))
        shutil.rmtree(self.room(asked), ignore_errors=True)

    def forget(self, asked: RowAsked) -> None:
        """Let a row be done again."""
        self._state(asked).unlink(missing_ok=True)

    def paper(self, content: bytes, name: str) -> Given:
        """Keep what the records say as a file of the batch."""
        return paper_in(self.root / "papers", content, name)

    def _state(self, asked: RowAsked) -> Path:
        return self.root / "state" / f"{asked.key}.json"


def paper_in(folder: Path, content: bytes, name: str) -> Given:
    """Keep a paper in a folder, under its hash."""
    mark = sha256(content).hexdigest()
    path = folder / mark / name
    # Compared each time, so that nobody waits until each of thousands lies on the disk for good.
    if not path.is_file() or path.read_bytes() != content:
        path.parent.mkdir(exist_ok=True)
        passing = path.with_name(f".{path.name}.part")
        passing.write_bytes(content)
        passing.rename(path)
    return Given(kind="file", source=str(path.absolute()), name=name, mark=mark)


def state_of(result: Path) -> str:
    """State of a row with this result."""
    document = json.loads((result / "inspection.json").read_bytes())
    is_comparable = document["registration"]["status"] != "not_comparable"
    return DONE if is_comparable else NOT_COMPARABLE


def write(path: Path, content: bytes) -> None:
    """Write a file that appears whole and stays, whatever happens."""
    passing = path.with_name(f".{path.name}.part")
    with passing.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    passing.rename(path)


def _holds(root: Path) -> bool:
    """Whether there is anything but the folders that a batch begins with."""
    return root.is_dir() and any(one.name not in _FOLDERS for one in root.iterdir())
