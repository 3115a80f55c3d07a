"""Whose turn it is of what is tried under other rules: that of none while an inspection waits."""

from dataclasses import dataclass
from typing import Self
from uuid import UUID

from dbos import DBOS, SetWorkflowID
from sqlalchemy import select

from inspection.jobs.submission import take_the_turn
from inspection.jobs.trying import Trying
from inspection.jobs.workflow import GIVEN_UP, INSPECTION, TRIAL, Job, trial_in
from inspection.jobs.workshop import Workshop
from inspection.records.store import Records
from inspection.records.tables.inspections import InspectionRun, InspectionState
from inspection.records.tables.trials import TrialItem, TrialState
from inspection.terminal.failure import UNFINISHED, Failure, problem_of


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Those of an installation, as one worker sees them; they have the places of inspections."""

    records: Records
    job: Job

    @classmethod
    def of(cls, workshop: Workshop) -> Self:
        """Those that are made in a workshop; to be made before the worker begins."""
        return cls(records=workshop.records, job=trial_in(Trying(workshop=workshop)))

    def begin(self, executor: str, *, places: int, queue: str) -> None:
        """Begin as many as there are places for that no inspection wants."""
        with self.records.reading_all() as session:
            waiting = select(TrialItem.id).where(TrialItem.state == TrialState.WAITING).limit(1)
            if session.scalar(waiting) is None:
                return
        known = DBOS.list_workflows(
            status=["ENQUEUED", "PENDING"], load_input=False, load_output=False
        )
        taken = [
            one
            for one in known
            if one.name in (INSPECTION, TRIAL)
            and (one.status == "ENQUEUED" or one.executor_id == executor)
        ]
        for office, job in begin_trials(self.records, places - len(taken)):
            self._enqueue(office, job, queue)

    def mend(self, *, queue: str) -> None:
        """Put in the queue what was begun and never got there; give up what cannot be done."""
        with self.records.reading_all() as session:
            asked = select(TrialItem.office_id, TrialItem.id)
            running = session.execute(asked.where(TrialItem.state == TrialState.RUNNING)).all()
        if not running:
            return
        states = {
            one.workflow_id: one.status
            for one in DBOS.list_workflows(
                workflow_ids=[_name(job) for _, job in running],
                load_input=False,
                load_output=False,
            )
        }
        for office, job in running:
            state = states.get(_name(job))
            if state is None:
                self._enqueue(office, job, queue)
            elif state in GIVEN_UP:
                self._give_up(office, job, state)

    def _enqueue(self, office: UUID, job: UUID, queue: str) -> None:
        # Under its own name: a second time gives the job that is there.
        with SetWorkflowID(_name(job)):
            DBOS.enqueue_workflow(queue, self.job, str(office), str(job))

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
