"""The steps of a job, each of which may be cut off anywhere and done again to the same end."""

import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from threading import Event
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from geo.errors import GeoError, RefusedError, UnfinishedError, about
from inspection.errors import Interrupted
from inspection.evidence.canonical import read_canonical
from inspection.evidence.manifest import NAME as MANIFEST
from inspection.jobs.asked import Asked, files_of, path_of
from inspection.jobs.ending import WHOLE, Ending, ending_of
from inspection.jobs.keeping import keep_result, reports_before
from inspection.jobs.limits import NO_LIMITS, Limits
from inspection.jobs.running import CHILD, Watched, run_child
from inspection.jobs.submission import end
from inspection.objects.store import CHUNK_BYTES, ObjectStore
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState

WRITE_EVERY_S: Final = 1.0
"""How often a job's progress is written on its record."""


def _unheard(_point: str) -> None:
    """Nobody is told where the work is."""


def _alone(_session: Session) -> bool:
    """There is nobody who could take anything over."""
    return True


@dataclass(kw_only=True)
class Workshop:
    """Where a worker does its jobs: with which records and objects, in which folder."""

    records: Records
    objects: ObjectStore
    folder: Path
    """Of passing files: a room for each job, removed when it has ended."""

    holder: str = ""
    """The worker, by a name that no other has."""

    is_present: Callable[[Session], bool] = _alone
    """Whether the others still see it, asked in a transaction before it writes."""

    stopping: Event = field(default_factory=Event)
    limits: Limits = NO_LIMITS
    child: Sequence[str] = CHILD
    tell: Callable[[str], None] = _unheard
    """Told each point that the work passes, before it goes on."""

    def hold(self, office: str, run: str) -> None:
        """Say on the record who does the job now: another that did it can write nothing more."""
        while True:
            try:
                with self.records.writing(UUID(office)) as session:
                    row = session.get_one(InspectionRun, UUID(run), with_for_update=True)
                    self.require_presence(session)
                    row.held_by = self.holder
                    row.step, row.share = None, 0.0  # of another, who is no longer at it
            except UnfinishedError:
                if self.stopping.wait(1):
                    raise Interrupted from None
            else:
                return

    def inspect(self, office: str, run: str, attempt: int) -> dict[str, Any]:
        """Make the inspection and put its files into the object store."""
        room = self.folder / run
        with to_oneself(room):
            try:
                ending = self._inspect(UUID(office), UUID(run), room, attempt)
            except GeoError as error:
                ending = ending_of(error)
        self.tell("inspect.ended")
        return ending.as_json()

    def keep(self, office: str, run: str, files: Mapping[str, str]) -> dict[str, Any]:
        """Put the result on the record, all of it or nothing; a second time changes nothing."""
        try:
            with self.records.writing(UUID(office)) as session:
                self._held(session, UUID(run))
                state = keep_result(session, self.objects, UUID(run), files)
                self.tell("keep.writing")
        except RefusedError as error:
            ending = ending_of(error)
            if error.code == "report_out_of_turn":
                # Another took its place in line meanwhile: made anew, it states the next one.
                ending = replace(ending, state=InspectionState.FAILED, again=True)
            return ending.as_json()
        self.tell("keep.written")
        return Ending(state=state).as_json()

    def close(self, office: str, run: str, state: str, problem: dict[str, Any] | None) -> str:
        """Write on the record how a job ended without a result, where it has not ended yet."""
        with self.records.writing(UUID(office)) as session:
            row = self._held(session, UUID(run))
            if row.state is InspectionState.RUNNING:
                end(session, row, InspectionState(state), problem=problem)
            ended = row.state
            self.tell("close.writing")
        self.tell("close.written")
        return ended

    def tidy(self, run: str) -> None:
        """Remove the job's room."""
        room = self.folder / run
        if room.exists():
            shutil.rmtree(room)
        self.tell("tidy.done")

    def require_presence(self, session: Session) -> None:
        """Let a worker write nothing that others take for dead: its job is with one of them."""
        if not self.is_present(session):
            self.tell("taken.over")
            raise Interrupted

    def _held(self, session: Session, run: UUID) -> InspectionRun:
        row = session.get_one(InspectionRun, run, with_for_update=True)
        if row.held_by != self.holder:
            # Taken over, as from a worker that was stopped and woke up: this one has no say.
            self.tell("taken.over")
            raise Interrupted
        return row

    def _inspect(self, office: UUID, run: UUID, room: Path, attempt: int) -> Ending:
        result = room / f"result-{attempt}"
        with self.records.reading(office) as session:
            row = session.get_one(InspectionRun, run)
            if row.state is not InspectionState.RUNNING:
                return Ending(state=row.state)
            asked = Asked.model_validate(row.request)
            past = reports_before(session, self.objects, row.permit_id)
        # A worker that died after the child was done left the result here, whole: it is not
        # made a second time.
        if not result.exists():
            inputs = room / "inputs"
            self.bring(asked, inputs)
            self.tell("inspect.brought")
            job = {"asked": asked.model_dump(mode="json"), "past": [asdict(one) for one in past]}
            (room / "job.json").write_text(json.dumps(job))
            failed = run_child(
                [room / "job.json", inputs, result],
                log=room / "log",
                wanted=self.watching(
                    "inspect.running", WRITE_EVERY_S, lambda seen: self._note(office, run, seen)
                ),
                limits=self.limits,
                command=self.child,
            )
            if failed is not None:
                return failed
        self.tell("inspect.made")
        return Ending(state=WHOLE, files=self.store(result))

    def store(self, result: Path, known: Mapping[str, str] | None = None) -> dict[str, str]:
        """
        Put every file of a result into the store, checked against its manifest.

        Those that are `known`, by name, are there already.
        """
        manifest = read_canonical(result / MANIFEST)
        files = {one["path"]: one["sha256"] for one in manifest["outputs"]}
        for name, expected in files.items():
            if (known or {}).get(name) != expected:
                self.objects.put(_pieces(result / name), expected=expected)
                self.tell("inspect.storing")
        files[MANIFEST] = self.objects.put(_pieces(result / MANIFEST)).sha256
        return files

    def bring(self, asked: Asked, inputs: Path) -> None:
        """Bring every input here, checked against its hash."""
        for place, file in files_of(asked):
            path = path_of(place, file, inputs)
            path.parent.mkdir(parents=True, exist_ok=True)
            with about(file.name), path.open("wb") as copy:
                copy.writelines(self.objects.stream(file.sha256))

    def watching(
        self, point: str, every_s: float, ask: Callable[[Watched], bool]
    ) -> Callable[[Watched], bool]:
        """Whether a child is still wanted: the records are asked every so often."""
        asked = 0.0

        def wanted(seen: Watched) -> bool:
            nonlocal asked
            self.tell(point)
            if self.stopping.is_set():
                raise Interrupted
            if time.monotonic() - asked < every_s:
                return True
            asked = time.monotonic()
            try:
                return ask(seen)
            except UnfinishedError:
                # The work need not stop because nobody can be asked just now.
                return True

        return wanted

    def _note(self, office: UUID, run: UUID, seen: Watched) -> bool:
        """Write how far a job is, while it is wanted."""
        with self.records.writing(office) as session:
            row = self._held(session, run)
            if row.state is not InspectionState.RUNNING:
                return False
            row.step, row.share = seen.step, seen.share
        return True


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK_BYTES):
            yield piece


@contextmanager
def to_oneself(room: Path) -> Iterator[None]:
    """Have the job's room for oneself: of a worker that is taken for dead, a child may live on."""
    room.mkdir(parents=True, exist_ok=True)
    with (room / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
