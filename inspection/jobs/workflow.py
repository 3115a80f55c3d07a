"""Jobs on one screen: the durable steps, what is tried again, and when it is given up."""

from collections.abc import Callable
from typing import Any, Final

from dbos import DBOS

from geo.errors import UnfinishedError
from inspection.jobs.ending import WHOLE
from inspection.jobs.rewriting import Rewriting
from inspection.jobs.trying import Trying
from inspection.jobs.workshop import Workshop

VERSION: Final = "jobs-1"
"""Of the steps below: another where their order or what they give changes, and only then."""

GIVEN_UP: Final = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED")
"""States of a workflow that goes on no more without having ended."""

INSPECTION: Final = "inspection"
REISSUE: Final = "reissue"
TRIAL: Final = "trial"

TRIES: Final = 3
"""How often an inspection is made anew after its child died or the machine could not finish."""

CRASHES: Final = 10
"""How many workers a job may outlive; stopping one in order counts too."""

PAUSE_S: Final = 2.0
"""Before the second try; each further one waits twice as long."""

type Job = Callable[[str, str], str]


def job_in(workshop: Workshop) -> Job:
    """An inspection as a durable workflow; what a step gave is kept, and is not done again."""

    @DBOS.workflow(name=INSPECTION, max_recovery_attempts=CRASHES)
    def inspection(office: str, run: str) -> str:
        # No step of its own: whoever goes on with it holds it from then on.
        workshop.hold(office, run)
        return _carried_out(
            workshop.inspect, workshop.keep, workshop.close, workshop.tidy, office=office, job=run
        )

    return inspection


def reissue_in(rewriting: Rewriting) -> Job:
    """The writing of a report with its decision, in the same way."""

    @DBOS.workflow(name=REISSUE, max_recovery_attempts=CRASHES)
    def reissue(office: str, job: str) -> str:
        return _carried_out(
            rewriting.write,
            rewriting.keep,
            rewriting.close,
            rewriting.tidy,
            office=office,
            job=job,
        )

    return reissue


def trial_in(trying: Trying) -> Job:
    """The trial of a published result under other rules, in the same way."""

    @DBOS.workflow(name=TRIAL, max_recovery_attempts=CRASHES)
    def trial(office: str, job: str) -> str:
        return _carried_out(
            trying.attempt, trying.keep, trying.close, trying.tidy, office=office, job=job
        )

    return trial


def _carried_out(
    make: Callable[..., Any],
    keep: Callable[..., Any],
    close: Callable[..., Any],
    tidy: Callable[..., Any],
    *,
    office: str,
    job: str,
) -> str:
    ending: dict[str, Any] = {}
    for attempt in range(1, TRIES + 1):
        ending = _step(make, office, job, attempt)
        if ending["state"] == WHOLE:
            ending = _step(keep, office, job, ending["files"])
        if not ending["again"]:
            break
        if attempt < TRIES:
            DBOS.sleep(PAUSE_S * 2 ** (attempt - 1))
    state: str = _step(close, office, job, ending["state"], ending["problem"])
    _step(tidy, job)
    return state


def _step(work: Callable[..., Any], *given: Any) -> Any:  # noqa: ANN401 - JSON
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
