"""Working days: when an office works, by its own clocks, and how much of that lies in a span."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from geo.errors import RefusedError
from inspection.language import Json

type Hours = tuple[int, int]
"""Opens and closes, in minutes of the local day: (0, 1440) is the whole of it."""

WHOLE_DAY: Final = 24 * 60
_FARTHEST: Final = timedelta(days=3660)
"""How far ahead a working day is looked for: an office that is closed for longer has none."""


@dataclass(frozen=True, kw_only=True)
class WorkingDays:
    """
    An office's calendar: its usual week, and the days that differ.

    A working day is one whole day's hours, however many these are: a short Friday is a day
    too, and half of its hours are half a day.
    """

    zone: ZoneInfo
    week: Mapping[int, Hours]
    """Hours by day of the week, 1 for Monday; a day that is absent is free."""

    days: Mapping[date, Hours | None]
    """Hours of days that differ from their week: None for a holiday."""

    def hours(self, day: date) -> Hours | None:
        """When the office works on a day."""
        return self.days[day] if day in self.days else self.week.get(day.isoweekday())

    def between(self, begin: datetime, end: datetime) -> Fraction:
        """Working days from one instant to another; none if the other is not later."""
        if end <= begin:
            return Fraction(0)
        first, last = begin.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        # A day between them lies in the span whole: one, if the office works at all.
        between = (first + timedelta(days=days) for days in range(1, (last - first).days))
        whole = sum(self.hours(day) is not None for day in between)
        return sum((self._worked(day, begin, end) for day in {first, last}), Fraction(whole))

    def after(self, begin: datetime, amount: Fraction) -> datetime | None:
        """
        The instant at which so many working days have passed; None if they never do.

        Rounded up to the microsecond, so that the amount has passed indeed.
        """
        if amount <= 0:
            return begin
        day, left = begin.astimezone(self.zone).date(), amount
        last = day + _FARTHEST
        while day <= last:
            if (span := self._span(day)) is not None:
                opens, closes = max(begin, span[0]), span[1]
                whole = span[1] - span[0]
                here = _share(max(closes - opens, timedelta(0)), whole)
                if here >= left:
                    microseconds = left * (whole // timedelta(microseconds=1))
                    return opens + timedelta(microseconds=-int(-microseconds // 1))
                left -= here
            day += timedelta(days=1)
        return None

    def _worked(self, day: date, begin: datetime, end: datetime) -> Fraction:
        if (span := self._span(day)) is None:
            return Fraction(0)
        opens, closes = span
        worked = min(end, closes) - max(begin, opens)
        return _share(max(worked, timedelta(0)), closes - opens)

    def _span(self, day: date) -> tuple[datetime, datetime] | None:
        hours = self.hours(day)
        if hours is None:
            return None
        opens, closes = (self._instant(day, minute) for minute in hours)
        return opens, closes

    def _instant(self, day: date, minute: int) -> datetime:
        # The clocks on the wall decide; how long a day is by them, they say themselves.
        days, minute = divmod(minute, WHOLE_DAY)
        wall = datetime.combine(day + timedelta(days=days), time(minute // 60, minute % 60))
        return wall.replace(tzinfo=self.zone).astimezone(UTC)


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
    Hours as a calendar's data state them: [opens, closes].

    Raises
    ------
    RefusedError
        ``calendar_hours`` if they do not open before they close, within one day.
    """
    match stated:
        case [int(opens), int(closes)] if 0 <= opens < closes <= WHOLE_DAY:
            return opens, closes
    raise RefusedError("calendar_hours")


def _share(part: timedelta, whole: timedelta) -> Fraction:
    one = timedelta(microseconds=1)
    return Fraction(part // one, whole // one)
