"""A job on one screen: the durable steps, what is tried again, and when it is given up."""

from collections.abc import Callable
from typing import Any, Final

from dbos import DBOS

from geo.errors import UnfinishedError
from inspection.jobs.ending import WHOLE
from inspection.jobs.workshop import Workshop

VERSION: Final = "jobs-1"
"""Of the steps below: another where their order or what they give changes, and only then."""

TRIES: Final = 3
"""How often an inspection is made anew after its child died or the machine could not finish."""

CRASHES: Final = 10
"""How many workers a job may outlive; stopping one in order counts too."""

PAUSE_S: Final = 2.0
"""Before the second try; each further one waits twice as long."""

type Job = Callable[[str, str], str]


def job_in(workshop: Workshop) -> Job:
    """The job as a durable workflow; what a step gave is kept, and is not done again."""

    def step(work: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401 - JSON
        return DBOS.run_step(
            {
                "name": work.__name__,
                "retries_allowed": True,
                "interval_seconds": 1.0,
                "max_attempts": 8,
                "should_retry": lambda error: isinstance(error, UnfinishedError),
            },
            work,
            *given,
        )

    @DBOS.workflow(name="inspection", max_recovery_attempts=CRASHES)
    def inspection(office: str, run: str) -> str:
        ending: dict[str, Any] = {}
        for attempt in range(1, TRIES + 1):
            ending = step(workshop.inspect, office, run, attempt)
            if ending["state"] == WHOLE:
                ending = step(workshop.keep, office, run, ending["files"])
            if not ending["again"]:
                break
            if attempt < TRIES:
                DBOS.sleep(PAUSE_S * 2 ** (attempt - 1))
        state: str = step(workshop.close, office, run, ending["state"], ending["problem"])
        step(workshop.tidy, run)
        return state

    return inspection
