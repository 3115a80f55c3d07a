"""The months that figures are about, by the clock on the office's wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Self
from zoneinfo import ZoneInfo

from geo.errors import RefusedError
from inspection.records.calendar import zone_named
from inspection.records.wall import instant

MOST: Final = 240
"""Months in one question."""

USUAL: Final = 12
"""Months up to the present one, where none are named."""

_A_YEAR: Final = 12


@dataclass(frozen=True, kw_only=True)
class Months:
    """Some months in a row; both ends are months among them."""

    first: date
    last: date
    """Each by its first day."""

    zone: ZoneInfo

    @classmethod
    def of(cls, since: str | None, until: str | None, *, zone: str, now: datetime) -> Self:
        """
        Months by their names: ``2026-01``; those up to the present one, where none is named.

        Raises
        ------
        RefusedError
            ``months_backwards`` if the last lies before the first; ``months_too_many``.
        """
        there = zone_named(zone)
        last = date.fromisoformat(f"{until}-01") if until else _month_of(now, there)
        first = date.fromisoformat(f"{since}-01") if since else _moved(last, 1 - USUAL)
        if last < first:
            raise RefusedError("months_backwards", where="until")
        if _count(first, last) > MOST:
            raise RefusedError("months_too_many", where="since", limit=MOST)
        return cls(first=first, last=last, zone=there)

    @property
    def begin(self) -> datetime:
        """The instant at which the first begins."""
        return instant(self.zone, self.first, 0)

    @property
    def end(self) -> datetime:
        """The instant at which the last is over."""
        return instant(self.zone, _moved(self.last, 1), 0)

    def __iter__(self) -> Iterator[str]:
        """Their names, in order."""
        return (name(_moved(self.first, at)) for at in range(_count(self.first, self.last)))

    def of_instant(self, at: datetime) -> str:
        """Name of the month in which an instant lies."""
        return name(_month_of(at, self.zone))


def name(month: date) -> str:
    """What a month is called: 2026-01."""
    return f"{month:%Y-%m}"


def _month_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date().replace(day=1)


def _moved(month: date, by: int) -> date:
    at = month.year * _A_YEAR + month.month - 1 + by
    return date(at // _A_YEAR, at % _A_YEAR + 1, 1)


def _count(first: date, last: date) -> int:
    return (last.year - first.year) * _A_YEAR + last.month - first.month + 1
