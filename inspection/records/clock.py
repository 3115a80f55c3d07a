"""Service clocks: how much working time a step has taken, and until when it may."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Final

from pydantic import TypeAdapter, ValidationError

from geo.errors import RefusedError
from inspection.records.counting import Term
from inspection.records.tables.clocks import Effect, Unit

type Stood = tuple[datetime, datetime | None]
"""From when until when a clock stood still; None where it still does."""


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

    term: Term
    state: ClockState
    taken: Fraction
    """Working days that it counted."""

    left: Fraction
    """Working days that are left; below zero where more than allowed were taken, and none while
    the last one lasts."""

    worked: timedelta
    """Working time that it counted."""

    time_left: timedelta | None
    """Working time until it is used up, below zero since then; None where that depends on when a
    clock that stands still is let run: in days, a day may be of any length."""

    due_at: datetime | None
    """When the last of them ends, as long as it runs on; None where it does not run."""

    used_up_at: datetime | None
    """When all that is allowed was taken, or will be as it runs now; None where it stands still
    before that."""

    is_overdue: bool
    """Whether all that is allowed was taken, and the clock ran on."""


@dataclass(frozen=True, kw_only=True)
class StatusMapping:
    """Which status of another system does what to a clock."""

    name: str
    source: str
    effects: Mapping[str, Effect]

    def effect(self, status: str) -> Effect | None:
        """What a status does; None where it does nothing."""
        return self.effects.get(status)


def reading(moves: Iterable[Moved], term: Term, *, now: datetime) -> Reading:
    """What a clock shows, after the moves in the order in which they happened up to now."""
    state, taken, worked, since = ClockState.WAITING, Fraction(0), timedelta(0), None
    used_up_at = None
    for move in sorted(moves, key=lambda one: one.at):
        if move.at > now:
            break
        if since is not None:
            ends = term.ends(since, term.allowed - taken)
            if used_up_at is None and ends is not None and ends < move.at:
                used_up_at = ends
            taken += term.taken(since, move.at)
            worked += term.calendar.time_between(since, move.at)
        if (move.effect, state) in _MOVES:
            state = _MOVES[move.effect, state]
            if move.effect in _RESETS:
                taken, worked, used_up_at = Fraction(0), timedelta(0), None
        since = move.at if state is ClockState.RUNNING else None
    due_at = None
    if since is not None:
        due_at = term.ends(since, term.allowed - taken) if used_up_at is None else None
        taken += term.taken(since, now)
        worked += term.calendar.time_between(since, now)
    used_up_at = used_up_at or due_at
    is_overdue = used_up_at is not None and used_up_at < now
    left = term.allowed - taken
    return Reading(
        term=term,
        state=state,
        taken=taken,
        left=left if is_overdue else max(left, Fraction(0)),
        worked=worked,
        time_left=_time_left(term, left, ends=None if since is None else used_up_at, now=now),
        due_at=due_at,
        used_up_at=used_up_at,
        is_overdue=is_overdue,
    )


def standing_still(moves: Iterable[Moved]) -> list[Stood]:
    """The spans in which a clock that had begun was stopped, in their order."""
    state, stood, since = ClockState.WAITING, list[Stood](), None
    for move in sorted(moves, key=lambda one: one.at):
        state = _MOVES.get((move.effect, state), state)
        if state is ClockState.STOPPED:
            since = since or move.at
        elif since is not None:
            stood.append((since, move.at))
            since = None
    return stood if since is None else [*stood, (since, None)]


def _time_left(
    term: Term, left: Fraction, *, ends: datetime | None, now: datetime
) -> timedelta | None:
    if term.unit is Unit.HOURS:
        return term.time(left)
    if ends is None:
        return None
    return term.calendar.time_between(now, ends) - term.calendar.time_between(ends, now)


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


_RESETS: Final = frozenset({Effect.RESTART, Effect.STOP_AND_RESET})


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
