"""Whose turn it is of what is tried under other rules: that of none while an inspection waits."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from sqlalchemy import select

from inspection.jobs.queued import Queued, places_taken
from inspection.jobs.submission import take_the_turn
from inspection.jobs.trying import Trying
from inspection.jobs.workflow import INSPECTION, TRIAL, trial_in
from inspection.jobs.workshop import Workshop
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.trials import TrialItem, TrialState
from inspection.terminal.failure import UNFINISHED, Failure, problem_of


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Those of an installation, as one worker sees them; they have the places of inspections."""

    records: Records
    queued: Queued

    @classmethod
    def of(cls, workshop: Workshop, queue: str) -> Self:
        """Those that are made in a workshop; to be made before the worker begins."""
        job = trial_in(Trying(workshop=workshop))
        return cls(records=workshop.records, queued=Queued(queue=queue, job=job))

    def begin(self, executor: str, *, places: int) -> None:
        """Begin as many as there are places for that no inspection wants."""
        with self.records.reading_all() as session:
            waiting = select(TrialItem.id).where(TrialItem.state == TrialState.WAITING).limit(1)
            if session.scalar(waiting) is None:
                return
        free = places - places_taken(executor, INSPECTION, TRIAL)
        for office, job in begin_trials(self.records, free):
            self.queued.put(_name(job), office, job)

    def mend(self) -> None:
        """Put in the queue what was begun and never got there; give up what cannot be done."""
        with self.records.reading_all() as session:
            asked = select(TrialItem.office_id, TrialItem.id)
            running = session.execute(asked.where(TrialItem.state == TrialState.RUNNING)).all()
        self.queued.mend({_name(job): (office, job) for office, job in running}, self._give_up)

    def _give_up(self, office: UUID, job: UUID, state: str) -> None:
        told = Failure(code="job_given_up", exit_code=UNFINISHED, facts={"state": state})
        with self.records.writing(office) as session:
            row = session.get_one(TrialItem, job, with_for_update=True)
            if row.state is TrialState.RUNNING:
                row.state, row.problem = TrialState.FAILED, problem_of(told)


def begin_trials(records: Records, free: int) -> list[tuple[UUID, UUID]]:
    """
    Begin up to so many, unless an inspection waits; gives office and name of each.

    The first of every trial comes before the second of any, so that none waits for a long one.
    """
    begun: list[tuple[UUID, UUID]] = []
    if free < 1:
        return begun
    with records.writing_all() as session:
        take_the_turn(session)
        submitted = InspectionRun.state == InspectionState.SUBMITTED
        if session.scalar(select(InspectionRun.id).where(submitted).limit(1)) is not None:
            return begun
        asked = (
            select(TrialItem)
            .where(TrialItem.state == TrialState.WAITING)
            .order_by(TrialItem.position, TrialItem.created_at, TrialItem.id)
            .limit(free)
            .with_for_update()
        )
        for row in session.scalars(asked):
            row.state = TrialState.RUNNING
            begun.append((row.office_id, row.id))
    return begun


def _name(job: UUID) -> str:
    return f"trial-{job}"
