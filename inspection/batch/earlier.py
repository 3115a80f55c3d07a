"""The latest earlier flight over the same ground, where a row leaves it to us to find it."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from geo.errors import GeoError, RefusedError
from geo.intake.image import probe_image
from inspection.batch.asked import Given
from inspection.batch.cells import moment
from inspection.batch.checking import Planned, refused, with_files, with_note
from inspection.flight_log.claims import captured_at, claims_of
from inspection.flight_log.reading import read_flight_log

_BESIDE: Final = {
    "current": "baseline",
    "current_dsm": "baseline_dsm",
    "flight_log": "baseline_flight_log",
    "world_file": "baseline_world_file",
}
"""What belongs to a flight, and what that is called of the earlier one."""

_SAID: Final = {
    "crs": "baseline_crs",
    "assume_crs": "baseline_assume_crs",
    "current_dsm_heights": "baseline_dsm_heights",
}


@dataclass(frozen=True, kw_only=True)
class Flown:
    """One flight over some ground."""

    files: Mapping[str, Given]
    values: Mapping[str, str] = field(default_factory=dict)
    stated: str | None = None
    """When it was flown, as the table or the record says."""

    @property
    def name(self) -> str:
        """What tells it from others: its picture."""
        return self.files["current"].source


def with_earlier(
    planned: Sequence[Planned], *, others: Mapping[str, Sequence[Flown]], at_once: int
) -> list[Planned]:
    """
    Find the earlier flight of every row that asks for it.

    Flights are dated by the table, else by the log beside them, else by their own notes; a time
    without zone counts as UTC. Where none is earlier, the row has none
    and says so.

    Parameters
    ----------
    planned
        All rows; the flights of those about the same ground count.
    others
        Flights on record, by the permit that the table names.
    at_once
        How many files are looked into at a time.
    """
    flights: dict[str, dict[str, Flown]] = defaultdict(dict)
    for one in planned:
        if one.asked is not None:
            flown = Flown(
                files=one.asked.files,
                values=one.asked.values,
                stated=one.line.cells.get("captured_at"),
            )
            known = flights[_ground(one)]
            if flown.name not in known or flown.stated is not None:
                known[flown.name] = flown
            for other in others.get(one.line.cells.get("permit", ""), ()):
                known.setdefault(other.name, other)
    asking = [one for one in planned if one.auto and len(flights[_ground(one)]) > 1]
    wanted = {name: each for one in asking for name, each in flights[_ground(one)].items()}
    dates = _dates(wanted.values(), at_once)
    lines = {
        ground: _Flights.of(flights[ground], dates) for ground in {_ground(one) for one in asking}
    }
    return [
        (_found(one, lines[_ground(one)]) if _ground(one) in lines else _without(one))
        if one.auto
        else one
        for one in planned
    ]


@dataclass(frozen=True, kw_only=True)
class _Flights:
    """Flights over one ground by their time."""

    known: Mapping[str, Flown]
    dates: Mapping[str, datetime | GeoError | None]
    dated: Sequence[tuple[datetime, str]]

    @classmethod
    def of(
        cls, known: Mapping[str, Flown], dates: Mapping[str, datetime | GeoError | None]
    ) -> Self:
        dated = ((date, name) for name in known if isinstance(date := dates[name], datetime))
        return cls(known=known, dates=dates, dated=sorted(dated))

    def before(self, date: datetime) -> Flown | None:
        """The latest that is earlier."""
        at = bisect_left(self.dated, (date, ""))
        return self.known[self.dated[at - 1][1]] if at else None


def _ground(one: Planned) -> str:
    assert one.asked is not None or not one.auto  # noqa: S101 - a refused row asks for nothing
    if one.asked is None:
        return ""
    permit = one.line.cells.get("permit")
    return permit or f"{one.asked.files['boundary'].source}#{one.asked.feature}"


def _dates(flights: Iterable[Flown], at_once: int) -> dict[str, datetime | GeoError | None]:
    every = list(flights)
    with ThreadPoolExecutor(max(1, at_once)) as pool:
        return dict(zip((one.name for one in every), pool.map(_dated, every), strict=True))


def _dated(flown: Flown) -> datetime | GeoError | None:
    try:
        text = flown.stated or _claimed(flown)
        return moment({"captured_at": text} if text else {}, "captured_at")
    except GeoError as error:
        return error  # its own row is refused for it; another's search goes on without it


def _claimed(flown: Flown) -> str | None:
    picture, log = flown.files["current"], flown.files.get("flight_log")
    stated = read_flight_log(Path(log.source)) if log and log.kind == "file" else None
    tags = probe_image(Path(picture.source)).tags if picture.kind == "file" else {}
    return captured_at(claims_of(stated, tags))


def _found(one: Planned, flights: _Flights) -> Planned:
    assert one.asked is not None  # noqa: S101 - it asks
    date = flights.dates[one.asked.files["current"].source]
    if isinstance(date, GeoError):
        return refused(one.line, date)
    if date is None:
        name = one.asked.files["current"].name
        return refused(one.line, RefusedError("batch_flight_undated", name=name))
    latest = flights.before(date)
    if latest is None:
        return _without(one)
    return with_files(
        one,
        {_BESIDE[name]: given for name, given in latest.files.items() if name in _BESIDE},
        {_SAID[name]: said for name, said in latest.values.items() if name in _SAID},
    )


def _without(one: Planned) -> Planned:
    return with_note(with_files(one, {}, {}), RefusedError("batch_no_earlier_flight"))
