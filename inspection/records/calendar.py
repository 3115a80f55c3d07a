"""Working time: when an office works, by its own clocks, and how much of that lies in a span."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.errors import RefusedError
from inspection.language import Json
from inspection.records.wall import instant

type Hours = tuple[int, ...]
"""Opens and closes, and again after each break, in minutes of the local day: (450, 720, 780, 960)
closes for lunch; (0, 1440) is the whole of it."""

type Span = tuple[datetime, datetime]
"""From when until when an office works without a break."""

WHOLE_DAY: Final = 24 * 60
_NONE: Final = timedelta(0)
_ONE: Final = timedelta(microseconds=1)
_MINUTE: Final = timedelta(minutes=1)
_ONE_DAY: Final = timedelta(days=1)
_FARTHEST: Final = timedelta(days=3660)
"""How far ahead a working day is looked for: an office that is closed for longer has none."""


@dataclass(frozen=True, kw_only=True)
class WorkingDays:
    """
    An office's calendar: its usual week, and the days that differ.

    A working day is one whole day's hours, however many these are: a short Friday is a day
    too, and half of its hours are half a day. What is counted in hours is the same everywhere.
    """

    zone: ZoneInfo
    week: Mapping[int, Hours]
    """Hours by day of the week, 1 for Monday; a day that is absent is free."""

    days: Mapping[date, Hours | None]
    """Hours of days that differ from their week: None for a holiday."""

    _known: dict[date, tuple[Span, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def hours(self, day: date) -> Hours | None:
        """When the office works on a day."""
        return self.days[day] if day in self.days else self.week.get(day.isoweekday())

    @property
    def usual_day(self) -> Fraction:
        """How many microseconds the days of the usual week have on average."""
        minutes = [
            sum(closes - opens for opens, closes in _pairs(one)) for one in self.week.values()
        ]
        return Fraction(sum(minutes), len(minutes) or 1) * (_MINUTE // _ONE)

    def between(self, begin: datetime, end: datetime) -> Fraction:
        """Working days from one instant to another; none if the other is not later."""
        if end <= begin:
            return Fraction(0)
        first, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        # A day between them lies in the span whole: one, if the office works at all.
        inside = (first + timedelta(days=days) for days in range(1, (last - first).days))
        whole = sum(bool(self.spans(day)) for day in inside)
        return sum((self._share(day, begin, end) for day in {first, last}), Fraction(whole))

    def after(self, begin: datetime, amount: Fraction) -> datetime | None:
        """
        The instant at which so many working days have passed; None if they never do.

        Rounded up to the microsecond, so that the amount has passed indeed.
        """
        if amount <= 0:
            return begin
        left = amount
        for day in self._days_from(begin):
            whole = self._length(day)
            here = Fraction(self._worked(day, begin, None) // _ONE, whole // _ONE)
            if here >= left:
                return self._within(day, begin, left * (whole // _ONE))
            left -= here
        return None

    def time_between(self, begin: datetime, end: datetime) -> timedelta:
        """Working time from one instant to another, breaks left out."""
        total = _NONE
        if end > begin:
            first, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
            for days in range((last - first).days + 1):
                day = first + timedelta(days=days)
                is_whole = 0 < days < (last - first).days
                total += self._length(day) if is_whole else self._worked(day, begin, end)
        return total

    def time_after(self, begin: datetime, amount: Fraction) -> datetime | None:
        """The instant at which so many microseconds of work have passed; None if they never do."""
        if amount <= 0:
            return begin
        left = amount
        for day in self._days_from(begin):
            here = self._worked(day, begin, None) // _ONE
            if here >= left:
                return self._within(day, begin, left)
            left -= here
        return None

    def closing(self, at: datetime) -> datetime | None:
        """When the working day ends in which an instant lies, or the next one after it."""
        # A day that lasts until midnight ends when the next one begins.
        for day in self._days_from(at - _ONE_DAY):
            if (closes := self.spans(day)[-1][1]) >= at:
                return closes
        return None

    def open_between(self, begin: datetime, end: datetime) -> Iterator[Span]:
        """The spans from one instant to another in which the office works."""
        for day in self._days_from(begin):
            for opens, closes in self.spans(day):
                if max(opens, begin) >= end:
                    return
                if closes > begin:
                    yield max(opens, begin), min(closes, end)

    def spans(self, day: date) -> tuple[Span, ...]:
        """From when until when the office works on a day; nothing where it is closed."""
        if (known := self._known.get(day)) is None:
            spans = [
                (instant(self.zone, day, opens), instant(self.zone, day, closes))
                for opens, closes in _pairs(self.hours(day) or ())
            ]
            # What lies in an hour that the clocks skip is never there.
            known = tuple(one for one in spans if one[0] < one[1])
            self._known[day] = known
        return known

    def _days_from(self, begin: datetime) -> Iterator[date]:
        """The days on which the office works, as far ahead as any is looked for."""
        first = begin.astimezone(self.zone).date()
        for days in range(_FARTHEST.days + 1):
            if self.spans(day := first + timedelta(days=days)):
                yield day

    def _length(self, day: date) -> timedelta:
        return sum((closes - opens for opens, closes in self.spans(day)), _NONE)

    def _worked(self, day: date, begin: datetime, end: datetime | None) -> timedelta:
        """How much of a day's work lies after an instant, and before another."""
        total = _NONE
        for opens, closes in self.spans(day):
            until = closes if end is None else min(end, closes)
            total += max(until - max(begin, opens), _NONE)
        return total

    def _share(self, day: date, begin: datetime, end: datetime) -> Fraction:
        whole = self._length(day)
        return Fraction(self._worked(day, begin, end) // _ONE, whole // _ONE) if whole else _NO_DAY

    def _within(self, day: date, begin: datetime, microseconds: Fraction) -> datetime:
        """When so much of a day's work is done that lies after an instant."""
        left = timedelta(microseconds=-int(-microseconds // 1))
        at = begin
        for opens, closes in self.spans(day):
            at = max(begin, opens)
            here = max(closes - at, _NONE)
            if left <= here:
                break
            left -= here
        return at + left


_NO_DAY: Final = Fraction(0)


def zone_named(name: str) -> ZoneInfo:
    """
    A time zone by its name.

    Raises
    ------
    RefusedError
        ``time_zone_unknown``.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise RefusedError("time_zone_unknown", name=name) from error


def hours_from(stated: Json) -> Hours:
    """
    Hours as a calendar's data state them: [opens, closes], and again after each break.

    Raises
    ------
    RefusedError
        ``calendar_hours`` if each is not later than the one before, within one day.
    """
    hours = tuple(one for one in stated if isinstance(one, int)) if isinstance(stated, list) else ()
    is_whole = isinstance(stated, list) and 0 < len(hours) == len(stated) and len(hours) % 2 == 0
    is_rising = all(one < other for one, other in pairwise(hours))
    if not (is_whole and is_rising and hours[0] >= 0 and hours[-1] <= WHOLE_DAY):
        raise RefusedError("calendar_hours")
    return hours


def _pairs(hours: Hours) -> Iterator[tuple[int, int]]:
    return zip(hours[::2], hours[1::2], strict=True)
