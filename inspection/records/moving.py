"""What a step of an application does to a service clock, and when."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from inspection.exchange.permits.vocabulary import Meaning, State
from inspection.records.tables.clocks import Effect, ProcessStep

EFFECTS: Final[Mapping[Meaning, Effect]] = {
    Meaning.COMPLETE: Effect.START,
    Meaning.CLOCK_STOPS: Effect.STOP,
    Meaning.CLOCK_RESUMES: Effect.RESUME,
    Meaning.CLOCK_STOPS_AND_RESETS: Effect.STOP_AND_RESET,
    Meaning.CLOCK_RESTARTS: Effect.RESTART,
    Meaning.APPROVED: Effect.END,
    Meaning.DEEMED_APPROVED: Effect.END,
    Meaning.ISSUED: Effect.END,
    Meaning.REJECTED: Effect.END,
}
"""The promise begins when the requirements are complete, and ends with the office's answer."""

_BY_ITS_END: Final = frozenset({Effect.START, Effect.END})


def moves_of(step: ProcessStep, zone: ZoneInfo) -> Iterator[tuple[datetime, Effect]]:
    """
    When a step moves a clock, and how.

    Completeness and the answer count when they are there, so by the end of their step; a stop
    by its beginning. The time of a step that is not the office's own stands still.
    """
    began, ended = _moment(step.began, zone), _moment(step.ended, zone)
    effect = EFFECTS.get(Meaning(step.meaning)) if step.meaning else None
    is_done = step.state is None or step.state == State.DONE
    if effect in _BY_ITS_END:
        at = ended or began
        if at is not None and is_done and effect is not None:
            yield at, effect
    elif effect is not None and began is not None:
        yield began, effect
    elif not step.counts and began is not None and step.meaning is None:
        yield began, Effect.STOP
        if ended is not None and is_done and ended > began:
            yield ended, Effect.RESUME


def _moment(written: str | None, zone: ZoneInfo) -> datetime | None:
    if written is None:
        return None
    moment = datetime.fromisoformat(written)
    # The clock on the office's wall; a day without an hour counts from its beginning.
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
