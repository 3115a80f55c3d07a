"""Jobs in a queue of the durable state: the places they take, and what became of those begun."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from dbos import DBOS, SetWorkflowID

from inspection.jobs.workflow import GIVEN_UP, Job


def places_taken(executor: str, *kinds: str) -> int:
    """Count what waits in the queues or is done by this worker, of workflows of some names."""
    known = DBOS.list_workflows(
        status=["ENQUEUED", "PENDING"], name=[*kinds], load_input=False, load_output=False
    )
    return sum(one.status == "ENQUEUED" or one.executor_id == executor for one in known)


@dataclass(frozen=True, kw_only=True)
class Queued:
    """Jobs of one kind, each under a name of its own."""

    queue: str
    job: Job

    def put(self, name: str, office: UUID, subject: UUID) -> None:
        """Put a job in the queue; a second time gives the one that is there."""
        with SetWorkflowID(name):
            DBOS.enqueue_workflow(self.queue, self.job, str(office), str(subject))

    def mend(
        self, begun: Mapping[str, tuple[UUID, UUID]], give_up: Callable[[UUID, UUID, str], None]
    ) -> None:
        """
        Put in the queue what was begun and never got there; give up what goes on no more.

        Of each that was begun, office and subject stand under its name.
        """
        if not begun:
            return
        known = DBOS.list_workflows(workflow_ids=[*begun], load_input=False, load_output=False)
        states = {one.workflow_id: one.status for one in known}
        for name, (office, subject) in begun.items():
            state = states.get(name)
            if state is None:
                self.put(name, office, subject)
            elif state in GIVEN_UP:
                give_up(office, subject, state)
