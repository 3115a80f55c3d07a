"""Working hours by hand: every deadline below was worked out on paper, beside the calendar."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from inspection.profiles.profile import read_profile
from inspection.profiles.reading import profile_names
from inspection.profiles.working_time import opening_hours
from inspection.records.calendar import WorkingDays
from inspection.records.clock import Moved, oss_mapping, reading
from inspection.records.counting import Term, unit_of
from inspection.records.tables.clocks import Unit

JAKARTA = ZoneInfo("Asia/Jakarta")
LUNCH = (450, 720, 780, 960)  # 07:30-12:00, 13:00-16:00
FRIDAY = (450, 690, 780, 990)  # 07:30-11:30, 13:00-16:30
# The week of Nyepi (a Thursday) and before Idul Fitri, 2026.
OFFICE = WorkingDays(
    zone=JAKARTA,
    week={1: LUNCH, 2: LUNCH, 3: LUNCH, 4: LUNCH, 5: FRIDAY},
    days={date(2026, 3, 19): None, date(2026, 3, 20): (480, 690), date(2026, 3, 23): None},
)


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("begin", "end", "minutes"),
    [
        ("03-09 07:30", "03-09 16:00", 450),  # a whole Monday
        ("03-09 11:59", "03-09 13:01", 2),  # over lunch
        ("03-09 12:10", "03-09 12:50", 0),  # within it
        ("03-13 11:00", "03-13 13:30", 60),  # over the prayer of Friday
        ("03-13 16:20", "03-16 07:40", 20),  # over a weekend
        ("03-18 15:00", "03-20 09:00", 120),  # over the holiday, into the short day
        ("03-20 08:00", "03-24 08:00", 240),  # half a day, a weekend, a holiday
        ("03-09 00:00", "03-16 00:00", 2250),  # a week has 37.5 hours
        ("03-09 06:00", "03-09 07:30", 0),
        ("03-09 09:00", "03-09 08:00", 0),
    ],
)
def test_working_time_by_hand(begin, end, minutes):
    assert OFFICE.time_between(at(begin), at(end)) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("begin", "days", "due"),
    [
        # One working day has 7.5 hours.
        ("03-09 07:30", 1, "03-09 16:00"),
        ("03-09 10:00", 1, "03-10 10:00"),
        ("03-09 12:30", 1, "03-10 12:00"),  # begun at lunch: the afternoon and the morning
        ("03-09 18:00", 1, "03-10 16:00"),  # after the office closed
        ("03-12 15:00", 1, "03-13 15:30"),  # Friday's longer break and later close
        ("03-13 14:00", 1, "03-16 13:30"),  # 2.5 hours of Friday, 5 of Monday
        ("03-18 15:00", 1, "03-24 10:30"),  # 1 h, holiday, 3.5 h, weekend, holiday, 3 h
        ("03-09 10:00", 0.5, "03-09 14:45"),
        # Several days end when the office closes.
        ("03-09 07:30", 2, "03-10 16:00"),
        ("03-09 10:00", 2, "03-11 16:00"),
        ("03-09 18:00", 2, "03-11 16:00"),
        ("03-12 10:00", 2, "03-16 16:00"),
        ("03-18 10:00", 2, "03-24 16:00"),  # the short day is one
        ("03-18 10:00", 3, "03-25 16:00"),
        ("03-09 10:00", 14, "03-31 16:00"),  # 4, then 4 with Nyepi, 4 with the next, and 2
    ],
)
def test_deadlines_by_hand(begin, days, due):
    allowed = Fraction(str(days))
    term = Term(allowed=allowed, unit=unit_of(allowed, "indonesia-province"), calendar=OFFICE)
    assert term.unit is (Unit.HOURS if days <= 1 else Unit.DAYS)
    assert term.ends(at(begin), allowed) == at(due)


# When, which state OSS tells, what the clock of one working day shows then: minutes left, and due.
STORY = [
    ("03-09 09:00", "10", 450, "03-10 09:00"),
    ("03-09 11:13", "41", 317, None),  # 133 minutes were used
    ("03-10 15:00", None, 317, None),
    ("03-11 14:07", "42", 317, "03-12 10:54"),  # 113 minutes of Wednesday, 204 of Thursday
    ("03-12 08:30", None, 144, "03-12 10:54"),
    ("03-12 10:00", "43", 450, None),  # again, and from the beginning
    ("03-13 13:00", "42", 450, "03-16 11:30"),  # 210 minutes of Friday, 240 of Monday
    ("03-16 08:00", None, 210, "03-16 11:30"),
    ("03-16 08:00", "44", 450, "03-17 08:00"),  # from the beginning without a stop
    ("03-17 07:45", None, 15, "03-17 08:00"),
    ("03-17 08:00", None, 0, "03-17 08:00"),
    ("03-17 08:20", None, -20, "03-17 08:00"),  # overdue
    ("03-18 08:00", None, -450, "03-17 08:00"),
    ("03-18 08:00", "41", -450, None),
]


def test_states_of_oss_move_a_clock_of_one_day_to_the_minute():
    term = Term(allowed=Fraction(1), unit=Unit.HOURS, calendar=OFFICE)
    moves = []
    for when, status, left, due in STORY:
        if status is not None:
            moves.append(Moved(at=at(when), effect=oss_mapping().effect(status)))
        shown = reading(moves, term, now=at(when))
        assert shown.time_left == timedelta(minutes=left), when
        assert shown.worked == timedelta(minutes=450 - left), when
        assert shown.due_at == (None if due is None else at(due)), when
        assert shown.is_overdue == (left < 0), when


def test_a_day_that_lasts_until_midnight_ends_with_itself():
    always = WorkingDays(zone=JAKARTA, week=dict.fromkeys(range(1, 8), (0, 1440)), days={})
    term = Term(allowed=Fraction(2), unit=Unit.DAYS, calendar=always)
    assert term.ends(at("03-09 00:00"), term.allowed) == at("03-11 00:00")
    assert term.ends(at("03-09 00:01"), term.allowed) == at("03-12 00:00")


def test_without_a_usual_week_a_day_of_hours_is_one_of_the_clock():
    days = {date(2026, 3, day): (480, 960) for day in range(9, 13)}
    single = WorkingDays(zone=JAKARTA, week={}, days=days)
    term = Term(allowed=Fraction(1), unit=Unit.HOURS, calendar=single)
    assert term.allowed_time == timedelta(hours=24)
    assert term.ends(at("03-09 09:00"), term.allowed) == at("03-12 09:00")  # 7, 8, 8 and 1 hours
    assert term.taken(at("03-09 08:00"), at("03-09 14:00")) == Fraction(1, 4)


def test_days_on_which_the_clocks_are_turned():
    berlin = ZoneInfo("Europe/Berlin")
    night = WorkingDays(zone=berlin, week=dict.fromkeys(range(1, 8), (0, 150, 165, 360)), days={})
    spring, autumn, usual = (
        datetime(2026, *day, tzinfo=berlin) for day in ((3, 29), (10, 25), (6, 1))
    )

    def worked(day):
        return night.time_between(day, day + timedelta(days=1)) / timedelta(minutes=1)

    # Half past two until a quarter to three is the break; at two in spring it is three at once.
    assert (worked(usual), worked(spring)) == (345, 300)
    # An hour comes twice: the office closes when it is half past two first, and waits for its end.
    assert worked(autumn) == 405
    one = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # one in the morning: an hour is left until two
    assert night.time_after(one, Fraction(90 * 60_000_000)) == one + timedelta(minutes=90)
    assert night.spans(date(2026, 3, 29))[0][1] == one + timedelta(minutes=60)
    # A zone that is turned at midnight begins its day at one.
    beirut = WorkingDays(zone=ZoneInfo("Asia/Beirut"), week={7: (0, 600)}, days={})
    (opens, closes) = beirut.spans(date(2026, 3, 29))[0]
    assert closes - opens == timedelta(hours=9)


@pytest.mark.parametrize("name", profile_names())
def test_every_profile_says_when_offices_work_and_what_is_counted_in_hours(name):
    rules = read_profile(name).calendar
    hours = {int(day): opening_hours(text) for day, text in rules.week.items()}
    calendar = WorkingDays(zone=JAKARTA, week=hours, days={})
    expected = {"indonesia-province": 7.5}.get(name, 8)
    assert calendar.usual_day == Fraction(str(expected)) * 3_600_000_000
    assert (unit_of(Fraction(1), name), unit_of(Fraction(2), name)) == (Unit.HOURS, Unit.DAYS)


@pytest.mark.parametrize(
    "text", ["8-16", "08:00", "16:00-08:00", "08:00-12:00, 11:00-16:00", "08:00-24:30", "x", " "]
)
def test_hours_that_there_are_not_are_refused(text):
    with pytest.raises(ValueError, match="HH:MM"):
        opening_hours(text)
