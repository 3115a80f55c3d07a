"""Days and moments as offices write them: read in one way, or refused; never chosen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from geo.errors import RefusedError
from geo.intake.records import Cell, Stamp
from inspection.exchange.permits.rules import DateForm, DateRules

_ISO: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?"
)
_PARTS: Final = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?:[ T,]+(\d{1,2}:\d{2}(?::\d{2})?))?"
)
_DIGITS: Final = re.compile(r"\d{1,15}(?:\.0+)?")
_COMPACT_LENGTH: Final = 8
_LEAST_EPOCH_MS: Final = 10**10
_FIRST_SURE_SERIAL: Final = 61
"""Excel's day 60 is the 29th of February 1900, which never was."""

_MOST_SERIAL: Final = 2_958_465
_ZERO_1900, _ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)
_BEYOND: Final = 10**18
"""No day is counted so far, in milliseconds either."""

_SHORT: Final = 2


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """How the days of one column are read."""

    rules: DateRules
    is_1904: bool = False
    is_mixed: bool = False
    """Whether it holds dates as text beside real ones: a program took those for dates that it
    could read in its own order, and so perhaps in the wrong one."""


@dataclass(frozen=True)
class Instant:
    """A day, and the time of it where there is one."""

    day: date
    clock: time | None = None
    zone: str | None = None

    @property
    def iso(self) -> str:
        """Day and time as far as they are known."""
        clock = f"T{self.clock.isoformat('seconds')}" if self.clock else ""
        return f"{self.day.isoformat()}{clock}{(self.zone or '') if self.clock else ''}"


def day_of(cell: Cell, calendar: Calendar) -> str | None:
    """
    The day in a cell, in ISO form; None where it stands for none.

    Raises
    ------
    RefusedError
        What `instant_of` finds, and ``import_date_moment`` where a time with a zone lies on two
        days, depending on where one stands.
    """
    found = instant_of(cell, calendar)
    if found is None:
        return None
    if found.zone is not None and found.clock not in (None, time()):
        raise RefusedError("import_date_moment")
    return found.day.isoformat()


def instant_of(cell: Cell, calendar: Calendar) -> Instant | None:
    """
    The day and time in a cell; None where it stands for none.

    Raises
    ------
    RefusedError
        ``import_date_ambiguous`` with both readings, ``import_date_short_year``,
        ``import_date_unreadable``.
    """
    rules = calendar.rules
    if isinstance(cell, Stamp):
        return None if _is_null(cell.text, rules) else _of_stamp(cell, calendar)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _of_number(float(min(max(cell, -1), _BEYOND)), calendar)
    if not isinstance(cell, str):
        raise RefusedError("import_date_unreadable")
    text = " ".join(cell.split())
    if _is_null(text, rules):
        return None
    if DateForm.COMPACT in rules.forms and text.isdecimal() and len(text) == _COMPACT_LENGTH:
        return Instant(_date(int(text[:4]), int(text[4:6]), int(text[6:])))
    if _DIGITS.fullmatch(text) and text.isascii():
        return _of_number(float(text), calendar)
    found = {*_of_text(text, rules)}
    if not found:
        raise RefusedError("import_date_unreadable")
    if len(found) > 1:
        raise _ambiguous(*sorted(one.day for one in found))
    return found.pop()


def _is_null(text: str, rules: DateRules) -> bool:
    return any(text == null or text.startswith((f"{null} ", f"{null}T")) for null in rules.null)


def _of_stamp(cell: Stamp, calendar: Calendar) -> Instant:
    moment = datetime.fromisoformat(cell.text)
    day = moment.date()
    if calendar.is_mixed and day.day != day.month and (swapped := _swapped(day)):
        raise _ambiguous(*sorted((day, swapped)))
    return Instant(day, moment.time() if "T" in cell.text else None)


def _swapped(day: date) -> date | None:
    """The day that it is where day and month were taken for each other."""
    try:
        return date(day.year, day.day, day.month)
    except ValueError:
        return None


def _of_number(number: float, calendar: Calendar) -> Instant:
    rules = calendar.rules
    if DateForm.EPOCH_MS in rules.forms and number >= _LEAST_EPOCH_MS:
        try:
            zone = timezone(timedelta(hours=rules.epoch_offset_h))
            moment = datetime.fromtimestamp(number / 1000, zone)
        except (ValueError, OverflowError, OSError) as error:
            raise RefusedError("import_date_unreadable") from error
        clock = moment.time() if moment.time() != time() else None
        return Instant(moment.date(), clock, moment.isoformat()[-len("+00:00") :])
    is_serial = _FIRST_SURE_SERIAL <= number <= _MOST_SERIAL
    if DateForm.EXCEL not in rules.forms or not is_serial:
        raise RefusedError("import_date_unreadable")
    zero = _ZERO_1904 if calendar.is_1904 else _ZERO_1900
    try:
        day = zero + timedelta(days=int(number))
    except OverflowError as error:
        raise RefusedError("import_date_unreadable") from error
    seconds = round((number - int(number)) * 86_400) % 86_400
    hours, rest = divmod(seconds, 3600)
    return Instant(day, time(hours, *divmod(rest, 60)) if seconds else None)


def _of_text(text: str, rules: DateRules) -> Iterator[Instant]:
    """Every reading of a text that the forms allow and the calendar knows."""
    if DateForm.ISO in rules.forms and (iso := _ISO.fullmatch(text)):
        day, clock, zone = iso.groups()
        with_clock = None if clock is None else _clock(clock)
        yield Instant(_date(*map(int, day.split("-"))), with_clock, zone)
        return
    parts = _PARTS.fullmatch(text)
    if parts is None or not text.isascii():
        return
    first, _, second, year, clock = parts.groups()
    orders = {
        DateForm.DAY_FIRST: (int(second), int(first)),
        DateForm.MONTH_FIRST: (int(first), int(second)),
    }
    for form, (month, day_number) in orders.items():
        if form in rules.forms:
            try:
                found = date(_year(year, rules), month, day_number)
            except ValueError:
                continue  # a month of that number is in no calendar: it was meant otherwise
            yield Instant(found, None if clock is None else _clock(clock))


def _year(text: str, rules: DateRules) -> int:
    if len(text) > _SHORT:
        return int(text)
    first = rules.two_digit_years_from
    if first is None:
        raise RefusedError("import_date_short_year")
    return first + (int(text) - first) % 100


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise RefusedError("import_date_unreadable") from error


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(
            text.rjust(5, "0") if text.count(":") == 1 else text.rjust(8, "0")
        )
    except ValueError as error:
        raise RefusedError("import_date_unreadable") from error


def _ambiguous(first: date, second: date) -> RefusedError:
    return RefusedError("import_date_ambiguous", first=first.isoformat(), second=second.isoformat())
