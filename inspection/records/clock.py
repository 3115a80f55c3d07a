"""Service clocks: how many working days a step has taken, and until when it may."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import TypeAdapter, ValidationError

from geo.errors import RefusedError
from inspection.records.calendar import WorkingDays
from inspection.records.tables.clocks import Effect


class ClockState(StrEnum):
    """Whether a clock counts."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPED = "stopped"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Something happened to a clock."""

    at: datetime
    effect: Effect


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a clock shows at an instant."""

    state: ClockState
    taken: Fraction
    """Working days that it counted."""

    left: Fraction
    """Working days that are left; below zero where more than allowed were taken."""

    due_at: datetime | None
    """When the last of them ends, as long as it runs on; None where it does not run."""

    used_up_at: datetime | None
    """When all that is allowed was taken, or will be as it runs now; None where it stands still
    before that."""

    @property
    def is_overdue(self) -> bool:
        """Whether more was taken than is allowed."""
        return self.left < 0


@dataclass(frozen=True, kw_only=True)
class StatusMapping:
    """Which status of another system does what to a clock."""

    name: str
    source: str
    effects: Mapping[str, Effect]

    def effect(self, status: str) -> Effect | None:
        """What a status does; None where it does nothing."""
        return self.effects.get(status)


def reading(
    moves: Iterable[Moved], calendar: WorkingDays, *, allowed: Fraction, now: datetime
) -> Reading:
    """What a clock shows, after the moves in the order in which they happened up to now."""
    state, taken, since = ClockState.WAITING, Fraction(0), None
    used_up_at = None
    for move in sorted(moves, key=lambda one: one.at):
        if move.at > now:
            break
        if since is not None:
            before, taken = taken, taken + calendar.between(since, move.at)
            if used_up_at is None and taken > allowed:
                used_up_at = calendar.after(since, allowed - before)
        state, taken = _moved(state, taken, move.effect)
        if taken <= allowed:
            used_up_at = None
        since = move.at if state is ClockState.RUNNING else None
    due_at = None
    if since is not None:
        due_at = calendar.after(since, allowed - taken) if taken <= allowed else None
        taken += calendar.between(since, now)
    return Reading(
        state=state,
        taken=taken,
        left=allowed - taken,
        due_at=due_at,
        used_up_at=used_up_at or due_at,
    )


_MOVES: Final = {
    (Effect.START, ClockState.WAITING): ClockState.RUNNING,
    (Effect.STOP, ClockState.RUNNING): ClockState.STOPPED,
    (Effect.RESUME, ClockState.STOPPED): ClockState.RUNNING,
    (Effect.STOP_AND_RESET, ClockState.RUNNING): ClockState.STOPPED,
    (Effect.STOP_AND_RESET, ClockState.STOPPED): ClockState.STOPPED,
    **{(Effect.RESTART, state): ClockState.RUNNING for state in ClockState},
    **{(Effect.END, state): ClockState.ENDED for state in ClockState},
}
"""What becomes of a clock; a move that does not fit its state changes nothing."""


def _moved(state: ClockState, taken: Fraction, effect: Effect) -> tuple[ClockState, Fraction]:
    if (effect, state) not in _MOVES:
        return state, taken
    resets = effect in (Effect.RESTART, Effect.STOP_AND_RESET)
    return _MOVES[effect, state], Fraction(0) if resets else taken


def mapping_from(content: bytes) -> StatusMapping:
    """
    Read which status does what (TOML).

    Raises
    ------
    RefusedError
        ``clock_mapping``, with the place.
    """
    try:
        return TypeAdapter(StatusMapping).validate_python(tomllib.loads(content.decode()))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RefusedError("clock_mapping", where=where, problem=first["msg"]) from error
    except ValueError as error:
        raise RefusedError("clock_mapping", problem=str(error)) from error


@cache
def oss_mapping() -> StatusMapping:
    """The states of OSS, as the list beside this module says."""
    return mapping_from((files("inspection.records") / "oss_status.toml").read_bytes())
