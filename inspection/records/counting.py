"""
How a term is counted, and when it ends.

Laws and promises state terms in working days. Which of two rules counts one, the office's profile
says by the length of it (``calendar.hours_up_to_days``), unless the office says so itself:

- *In hours*, a promise such as "one working day": so much working time as the days of the usual
  week have on average, exact to the minute. It ends in the middle of a day if it began there, and
  no break, holiday or short day takes anything of it.
- *In days*, a term of several: each day counts as one, however long it is, and its part as a part.
  It ends when the office closes on the day on which the last of them is used up, so that a term
  that begins in the middle of a day has all of its days, and that of the beginning is not one.

A stop keeps what is left, in the unit of the term; time between is not counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cache

from inspection.profiles.profile import read_profile
from inspection.profiles.working_time import CalendarRules
from inspection.records.calendar import WorkingDays
from inspection.records.tables.clocks import Unit


@dataclass(frozen=True, kw_only=True)
class Term:
    """How long something may take, by the calendar of an office."""

    allowed: Fraction
    """Working days."""

    unit: Unit
    calendar: WorkingDays

    @property
    def allowed_time(self) -> timedelta | None:
        """The same as working time, where it is counted in hours."""
        return self.time(self.allowed) if self.unit is Unit.HOURS else None

    def taken(self, begin: datetime, end: datetime) -> Fraction:
        """Working days that a span takes of it."""
        if self.unit is Unit.DAYS:
            return self.calendar.between(begin, end)
        worked = self.calendar.time_between(begin, end) // timedelta(microseconds=1)
        return Fraction(worked) / self._day

    def ends(self, begin: datetime, left: Fraction) -> datetime | None:
        """When what is left is used up that runs from then on; None if it never is."""
        if self.unit is Unit.HOURS:
            return self.calendar.time_after(begin, left * self._day)
        at = self.calendar.after(begin, left)
        return None if at is None else self.calendar.closing(at)

    def time(self, days: Fraction) -> timedelta:
        """Working time of so many days, where they are counted in hours."""
        return timedelta(microseconds=int(days * self._day))

    @property
    def _day(self) -> Fraction:
        # Without a usual week there is no usual day: what single days give is counted by theirs.
        return self.calendar.usual_day or Fraction(timedelta(days=1) // timedelta(microseconds=1))


def unit_of(days: Fraction, profile: str) -> Unit:
    """What a term of so many days is counted in by the rules of an office."""
    most = Fraction(str(calendar_rules(profile).hours_up_to_days))
    return Unit.HOURS if days <= most else Unit.DAYS


@cache
def calendar_rules(profile: str) -> CalendarRules:
    """What a profile that comes along says of working time."""
    return read_profile(profile).calendar
