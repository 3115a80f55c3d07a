"""What became of jobs that were begun: put in the queue, left alone or given up."""

from contextlib import nullcontext
from types import SimpleNamespace
from uuid import uuid4

from inspection.jobs import queued
from inspection.jobs.queued import Queued, places_taken
from inspection.jobs.workflow import GIVEN_UP

OFFICE = uuid4()


class Durable:
    """The durable state as it would answer: workflows that are known, and what is put there."""

    def __init__(self, **states: str) -> None:
        self.states, self.put = states, []

    def list_workflows(self, *, workflow_ids=None, status=None, name=None, **_):
        assert workflow_ids is None or {*workflow_ids} >= {*self.states}
        return [
            SimpleNamespace(workflow_id=one, status=state, executor_id=one, name=name)
            for one, state in self.states.items()
            if status is None or state in status
        ]

    def enqueue_workflow(self, queue, _job, office, subject):
        self.put.append((queue, office, subject))


def test_what_the_durable_state_gave_up_is_given_up_and_what_never_got_there_is_put(monkeypatch):
    names = ["goes", "lost", *GIVEN_UP]
    begun = {name: (OFFICE, uuid4()) for name in names}
    durable = Durable(goes="PENDING", **{state: state for state in GIVEN_UP})
    monkeypatch.setattr(queued, "DBOS", durable)
    monkeypatch.setattr(queued, "SetWorkflowID", nullcontext)
    ended = []
    Queued(queue="line", job=None).mend(begun, lambda *told: ended.append(told))
    assert durable.put == [("line", str(OFFICE), str(begun["lost"][1]))]
    assert ended == [(OFFICE, begun[state][1], state) for state in GIVEN_UP]


def test_what_waits_takes_a_place_of_everybody_and_what_runs_one_of_its_worker(monkeypatch):
    durable = Durable(waits="ENQUEUED", mine="PENDING", theirs="PENDING", done="SUCCESS")
    monkeypatch.setattr(queued, "DBOS", durable)
    assert places_taken("mine", "kind") == 2
