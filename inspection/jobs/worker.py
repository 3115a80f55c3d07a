"""A worker: takes jobs as turns come, and takes over those of workers that died."""

import logging
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final
from uuid import UUID, uuid4

from dbos import DBOS, DBOSConfig
from dbos import DBOSPortableJSONSerializer as AsJson
from sqlalchemy import Engine, select

from geo.errors import UnfinishedError
from inspection.jobs.durable import durable_state
from inspection.jobs.presence import OnDisk, OnServer, present
from inspection.jobs.queued import Queued, places_taken
from inspection.jobs.reissues import Reissues
from inspection.jobs.rounds import Round, going
from inspection.jobs.submission import end, take_turns
from inspection.jobs.trial_turns import Trials
from inspection.jobs.workflow import INSPECTION, VERSION, job_in
from inspection.jobs.workshop import Workshop
from inspection.records.engine import told
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.terminal.failure import UNFINISHED, Failure, problem_of

QUEUE: Final = "inspections"
TICK_S: Final = 0.5
SWEEP_EVERY_S: Final = 2.0
LOST: Final = "worker_lost_lock"
_LAST_WORDS_S: Final = 5.0
_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class Worker:
    """One process that does jobs, `places` of them at once."""

    workshop: Workshop
    engine: Engine
    """Of the records; the durable state lies beside them."""

    places: int
    rounds: Sequence[Round] = ()
    """What it does beside its jobs."""

    def run(self, stop: Event) -> None:
        """
        Work until somebody sets `stop`.

        Raises
        ------
        UsageError
            ``worker_running``.
        UnfinishedError
            ``worker_lost_lock``: others take its jobs over, and it must not go on.
        """
        try:
            self._work(stop)
        except UnfinishedError as error:
            if error.code == LOST:
                _leave_soon()
            raise

    def _work(self, stop: Event) -> None:
        executor = f"{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        with present(self.engine, executor) as presence:
            self.workshop.holder, self.workshop.is_present = executor, presence.is_held
            queued = Queued(queue=QUEUE, job=job_in(self.workshop))
            reissues, trials = Reissues.of(self.workshop), Trials.of(self.workshop, QUEUE)
            with self._launched(executor), going(self.rounds, presence):
                reissues.register()
                swept = 0.0
                while not stop.is_set():
                    try:
                        presence.check()
                        with told():
                            if time.monotonic() - swept >= SWEEP_EVERY_S:
                                _take_over(presence, executor)
                                self._mend(queued)
                                reissues.mend()
                                trials.mend()
                                swept = time.monotonic()
                            reissues.begin(executor)
                            self._begin(queued, executor)
                            trials.begin(executor, places=self.places)
                    except UnfinishedError as error:
                        if error.code == LOST:
                            raise
                        # The database is away or busy: whoever waits for it waits longer.
                        _log.warning("%s", error.code)
                    stop.wait(TICK_S)

    @contextmanager
    def _launched(self, executor: str) -> Iterator[None]:
        config: DBOSConfig = {
            "name": "tinjau",
            **durable_state(self.engine),
            "executor_id": executor,
            "application_version": VERSION,
            "serializer": AsJson(),
            "log_level": "ERROR",
            "scheduler_polling_interval_sec": 3600.0,
        }
        DBOS(config=config)
        try:
            DBOS.launch()
            DBOS.register_queue(QUEUE, worker_concurrency=self.places, polling_interval_sec=0.3)
            yield
        finally:
            # Children are killed; their jobs stay as they are, for the next worker.
            self.workshop.stopping.set()
            DBOS.destroy(workflow_completion_timeout_sec=5)

    def _begin(self, queued: Queued, executor: str) -> None:
        """Begin as many inspections as there are places for."""
        free = self.places - places_taken(executor, INSPECTION)
        if free > 0:
            for office, run in take_turns(self.workshop.records, free):
                queued.put(str(run), office, run)

    def _mend(self, queued: Queued) -> None:
        """Put in the queue what was begun and never got there; give up what cannot be done."""
        with self.workshop.records.reading_all() as session:
            asked = select(InspectionRun.office_id, InspectionRun.id)
            running = session.execute(
                asked.where(InspectionRun.state == InspectionState.RUNNING)
            ).all()
        queued.mend({str(run): (office, run) for office, run in running}, self._give_up)

    def _give_up(self, office: UUID, run: UUID, state: str) -> None:
        told = Failure(code="job_given_up", exit_code=UNFINISHED, facts={"state": state})
        with self.workshop.records.writing(office) as session:
            row = session.get_one(InspectionRun, run, with_for_update=True)
            if row.state is InspectionState.RUNNING:
                end(session, row, InspectionState.QUARANTINED, problem=problem_of(told))


def _leave_soon() -> None:
    """End this process once it has said why: a thread may wait as long as its lost job runs."""

    def leave() -> None:
        time.sleep(_LAST_WORDS_S)
        os._exit(UNFINISHED)

    Thread(target=leave, daemon=True).start()


def _take_over(presence: OnDisk | OnServer, own: str) -> None:
    """Put the jobs of dead workers back into the queue."""
    pending = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
    for executor in {one.executor_id for one in pending if one.executor_id} - {own}:
        with presence.burying(executor) as is_dead:
            if is_dead:
                # Not `resume_workflows`: that forgets how often a job was taken over, and one
                # that kills every worker would never end.
                DBOS._recover_pending_workflows([executor])  # noqa: SLF001
                _log.warning("worker %s is gone: others go on with what it began", executor)
