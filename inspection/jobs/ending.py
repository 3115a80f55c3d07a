"""How a try at a job ended, and what that means for the next one."""

import signal
from dataclasses import asdict, dataclass
from typing import Any, Final

from inspection.language import Json
from inspection.records.tables.inspections import InspectionState
from inspection.terminal import failure
from inspection.terminal.failure import Failure, problem_of

WHOLE: Final = "whole"


@dataclass(frozen=True, kw_only=True)
class Ending:
    """One try: a state of `InspectionState` that it ends in, or that its result is whole."""

    state: str
    problem: dict[str, Json] | None = None
    again: bool = False
    """Whether another try may help."""

    files: dict[str, str] | None = None
    """Hashes of the result by name, where it is whole."""

    def as_json(self) -> dict[str, Any]:
        """The ending as the durable record keeps it."""
        return asdict(self)


def ended_with(problem: dict[str, Json], exit_code: int) -> Ending:
    """What a problem means: refused for good, to be tried again, or nothing to go on with."""
    if exit_code in (failure.REFUSED, failure.USAGE):
        return Ending(state=InspectionState.REFUSED, problem=problem)
    if exit_code == failure.DISPROVED:
        return Ending(state=InspectionState.FAILED, problem=problem)
    if problem["code"] == "internal_error":
        return Ending(state=InspectionState.QUARANTINED, problem=problem, again=True)
    return Ending(state=InspectionState.FAILED, problem=problem, again=True)


def lost(status: int) -> Ending:
    """The child died without a word, as by lack of memory or a fault in a library."""
    told = Failure(code="job_child_died", exit_code=failure.UNFINISHED, facts={"how": _how(status)})
    return quarantined(told)


def quarantined(told: Failure) -> Ending:
    """The child was ended, or ended without a word; tried again it may go better."""
    return Ending(state=InspectionState.QUARANTINED, problem=problem_of(told), again=True)


def ending_of(error: Exception) -> Ending:
    """What an error around the child means."""
    told = failure.failure_of(error)
    return ended_with(problem_of(told), told.exit_code)


def _how(status: int) -> str:
    return signal.Signals(-status).name if status < 0 else f"exit {status}"
