"""Reports that wait to be written again: whose turn it is, and what became of those begun."""

from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

from dbos import DBOS
from sqlalchemy import select

from inspection.jobs.queued import Queued, places_taken
from inspection.jobs.rewriting import Rewriting, give_up
from inspection.jobs.submission import busy_permits, take_the_turn
from inspection.jobs.workflow import REISSUE, reissue_in
from inspection.jobs.workshop import Workshop
from inspection.records.store import Records
from inspection.records.tables.reports import Reissue, ReissueState
from inspection.terminal.failure import UNFINISHED, Failure, problem_of

QUEUE: Final = "reissues"
"""Apart from the inspections: a report that takes seconds waits for none that takes an hour."""

AT_ONCE: Final = 1


@dataclass(frozen=True, kw_only=True)
class Reissues:
    """Those of an installation, as one worker sees them."""

    records: Records
    queued: Queued

    @classmethod
    def of(cls, workshop: Workshop) -> Self:
        """Those that are written in a workshop; to be made before the worker begins."""
        job = reissue_in(Rewriting(workshop=workshop))
        return cls(records=workshop.records, queued=Queued(queue=QUEUE, job=job))

    def register(self) -> None:
        """Have the queue."""
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.3)

    def begin(self, executor: str) -> None:
        """Begin as many as there are places for."""
        with self.records.reading_all() as session:
            waiting = select(Reissue.id).where(Reissue.state == ReissueState.WAITING).limit(1)
            if session.scalar(waiting) is None:
                return
        free = AT_ONCE - places_taken(executor, REISSUE)
        for office, job, attempt in begin_reissues(self.records, free):
            self.queued.put(_name(job, attempt), office, job)

    def mend(self) -> None:
        """Put in the queue what was begun and never got there; give up what cannot be done."""
        with self.records.reading_all() as session:
            asked = select(Reissue.office_id, Reissue.id, Reissue.attempt)
            running = session.execute(asked.where(Reissue.state == ReissueState.RUNNING)).all()
        begun = {_name(job, attempt): (office, job) for office, job, attempt in running}
        self.queued.mend(begun, self._give_up)

    def _give_up(self, office: UUID, job: UUID, state: str) -> None:
        told = Failure(code="reissue_given_up", exit_code=UNFINISHED, facts={"state": state})
        with self.records.writing(office) as session:
            row = session.get_one(Reissue, job, with_for_update=True)
            if row.state is ReissueState.RUNNING:
                give_up(session, row, problem_of(told))


def begin_reissues(records: Records, free: int) -> list[tuple[UUID, UUID, int]]:
    """
    Begin up to so many, the longest decided first; gives office, name and attempt of each.

    Of one permit only one report is made at a time, for each states those before it.
    """
    begun: list[tuple[UUID, UUID, int]] = []
    with records.writing_all() as session:
        take_the_turn(session)
        while len(begun) < free:
            asked = (
                select(Reissue)
                .where(
                    Reissue.state == ReissueState.WAITING,
                    Reissue.permit_id.not_in(busy_permits(session)),
                )
                .order_by(Reissue.created_at, Reissue.id)
                .limit(1)
                .with_for_update()
            )
            row = session.scalars(asked).one_or_none()
            if row is None:
                break
            row.state = ReissueState.RUNNING
            session.flush()
            begun.append((row.office_id, row.id, row.attempt))
    return begun


def _name(job: UUID, attempt: int) -> str:
    return f"reissue-{job}-{attempt}"
