"""Working time against a count of every single minute; what the states of OSS do to a clock."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import RefusedError
from inspection.records.calendar import WorkingDays, hours_from, zone_named
from inspection.records.clock import ClockState, Moved, mapping_from, oss_mapping, reading
from inspection.records.counting import Term
from inspection.records.service import clock_reading, take_status
from inspection.records.tables.clocks import Effect, ServiceClock, Unit
from inspection.records.tables.offices import Calendar, CalendarDay
from inspection.records.tables.permits import Permit

MINUTE = timedelta(minutes=1)
ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Europe/Berlin", "America/New_York"]
START = datetime(2026, 3, 20, tzinfo=UTC)  # a summer time begins within the days after it
JAKARTA = ZoneInfo("Asia/Jakarta")

# Closing at night or never: where summer time begins or ends, clocks jump between 1 and 3.
HOURS = st.one_of(
    st.just((0, 1440)),
    st.lists(st.integers(4 * 60, 22 * 60), min_size=2, max_size=7, unique=True).map(
        lambda times: tuple(sorted(times)[: len(times) // 2 * 2])
    ),
)
UNITS = st.sampled_from(list(Unit))
MINUTES = st.integers(0, 12 * 1440)


@st.composite
def calendars(draw):
    week = draw(st.dictionaries(st.integers(1, 7), HOURS, min_size=1))
    near = st.integers(-1, 14).map(lambda days: START.date() + timedelta(days=days))
    days = draw(st.dictionaries(near, st.none() | HOURS, max_size=4))
    return WorkingDays(zone=ZoneInfo(draw(st.sampled_from(ZONES))), week=week, days=days)


def is_open(calendar, instant):
    wall = instant.astimezone(calendar.zone)
    if wall.date() in calendar.days:
        hours = calendar.days[wall.date()]
    else:
        hours = calendar.week.get(wall.isoweekday())
    minute = wall.hour * 60 + wall.minute
    return hours is not None and sum(one <= minute for one in hours) % 2 == 1


def minutes_of_day(calendar):
    """How many minutes of each local day are worked, counted one by one."""
    counted = {}
    for minute in range(-3 * 1440, 16 * 1440):
        instant = START + minute * MINUTE
        if is_open(calendar, instant):
            day = instant.astimezone(calendar.zone).date()
            counted[day] = counted.get(day, 0) + 1
    return counted


def counted_days(calendar, begin, end):
    """Working days between two minutes, counted minute by minute."""
    whole = minutes_of_day(calendar)
    total = Fraction(0)
    for minute in range(begin, end):
        instant = START + minute * MINUTE
        if is_open(calendar, instant):
            total += Fraction(1, whole[instant.astimezone(calendar.zone).date()])
    return total


def usual_minutes(calendar):
    """What the days of the week have on average, counted one by one."""
    open_minutes = [
        sum(sum(one <= minute for one in hours) % 2 for minute in range(1440))
        for hours in calendar.week.values()
    ]
    return Fraction(sum(open_minutes), len(open_minutes))


def counted_minutes(calendar, begin, end):
    """Minutes of work between two minutes, counted one by one."""
    return sum(is_open(calendar, START + minute * MINUTE) for minute in range(begin, end))


@settings(max_examples=12, deadline=None)
@given(calendars(), MINUTES, MINUTES)
def test_working_time_is_what_a_count_of_every_minute_gives(calendar, begin, end):
    found = calendar.time_between(START + begin * MINUTE, START + end * MINUTE)
    assert found == counted_minutes(calendar, begin, end) * MINUTE
    spans = calendar.open_between(START + begin * MINUTE, START + end * MINUTE)
    assert sum((one[1] - one[0] for one in spans), timedelta(0)) == found


@settings(max_examples=12, deadline=None)
@given(calendars(), MINUTES, MINUTES)
def test_working_days_are_what_a_count_of_every_minute_gives(calendar, begin, end):
    found = calendar.between(START + begin * MINUTE, START + end * MINUTE)
    assert found == counted_days(calendar, begin, end)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.tuples(MINUTES, MINUTES, MINUTES))
def test_a_span_is_the_sum_of_its_parts(calendar, minutes):
    begin, middle, end = (START + minute * MINUTE for minute in sorted(minutes))
    parts = calendar.between(begin, middle) + calendar.between(middle, end)
    assert parts == calendar.between(begin, end)
    parts = calendar.time_between(begin, middle) + calendar.time_between(middle, end)
    assert parts == calendar.time_between(begin, end)


@settings(max_examples=60, deadline=None)
@given(calendars(), MINUTES, st.fractions(0, 5, max_denominator=7))
def test_a_due_time_is_the_first_instant_at_which_all_days_have_passed(calendar, begin, amount):
    start = START + begin * MINUTE
    due = calendar.after(start, amount)
    assert calendar.between(start, due) >= amount
    if amount > 0:
        assert calendar.between(start, due - timedelta(microseconds=1)) < amount


@settings(max_examples=60, deadline=None)
@given(calendars(), MINUTES, st.integers(0, 3000))
def test_a_deadline_in_hours_is_the_inverse_of_what_has_elapsed(calendar, begin, amount):
    start, worked = START + begin * MINUTE, amount * MINUTE
    due = calendar.time_after(start, Fraction(worked // timedelta(microseconds=1)))
    assert calendar.time_between(start, due) == worked
    if amount > 0:
        assert calendar.time_between(start, due - timedelta(microseconds=1)) < worked


@settings(max_examples=60, deadline=None)
@given(calendars(), MINUTES, st.integers(1, 5))
def test_a_term_in_days_has_all_of_them_and_ends_with_one(calendar, begin, days):
    start = START + begin * MINUTE
    due = Term(allowed=Fraction(days), unit=Unit.DAYS, calendar=calendar).ends(
        start, Fraction(days)
    )
    assert due in set(counted_closings(calendar))
    assert days <= calendar.between(start, due) < days + 1


def counted_closings(calendar):
    """When the clock on the wall shows the end of each day's work."""
    for number in range(-3, 70):
        day = START.date() + timedelta(days=number)
        hours = calendar.days[day] if day in calendar.days else calendar.week.get(day.isoweekday())
        if hours is not None:
            closes = datetime.combine(day, datetime.min.time()) + hours[-1] * MINUTE
            yield closes.replace(tzinfo=calendar.zone).astimezone(UTC)


def test_a_holiday_a_weekend_and_a_short_friday():
    week = dict.fromkeys((1, 2, 3, 4), (8 * 60, 16 * 60)) | {5: (8 * 60, 12 * 60)}
    calendar = WorkingDays(
        zone=JAKARTA,
        week=week,
        days={date(2026, 3, 19): None, date(2026, 3, 28): (8 * 60, 16 * 60)},  # a Saturday
    )
    wednesday_noon = datetime(2026, 3, 18, 12, tzinfo=JAKARTA)
    # Thursday is free: half of Wednesday and half of the short Friday are one day.
    assert calendar.after(wednesday_noon, Fraction(1)) == datetime(2026, 3, 20, 10, tzinfo=JAKARTA)
    friday = datetime(2026, 3, 27, 12, tzinfo=JAKARTA)
    assert calendar.after(friday, Fraction(1)) == datetime(2026, 3, 28, 16, tzinfo=JAKARTA)
    never = WorkingDays(zone=JAKARTA, week={}, days={})
    assert never.after(friday, Fraction(1)) is None


ALL_DAYS = WorkingDays(zone=JAKARTA, week=dict.fromkeys(range(1, 8), (0, 1440)), days={})


def shown(*moves, at, allowed=3, unit=Unit.HOURS):
    """What a clock shows after moves, each (day, effect or status), at a day."""
    told = [
        Moved(
            at=START + timedelta(days=day),
            effect=oss_mapping().effect(what) if what.isdigit() else Effect(what),
        )
        for day, what in moves
    ]
    now = START + timedelta(days=at)
    return reading(told, Term(allowed=Fraction(allowed), unit=unit, calendar=ALL_DAYS), now=now)


@pytest.mark.parametrize(
    ("moves", "at", "state", "taken"),
    [
        ([], 5, "waiting", 0),
        ([(1, "10")], 3, "running", 2),
        ([(1, "10"), (2, "10")], 4, "running", 3),  # it begins once
        ([(1, "10"), (2, "41")], 5, "stopped", 1),
        ([(1, "10"), (2, "41"), (4, "42")], 5, "running", 2),
        ([(1, "10"), (2, "43")], 5, "stopped", 0),
        ([(1, "10"), (2, "43"), (4, "42")], 5, "running", 1),
        ([(1, "10"), (2, "43"), (4, "44")], 6, "running", 2),
        ([(1, "10"), (3, "44")], 4, "running", 1),
        ([(1, "42")], 4, "waiting", 0),  # nothing was stopped
        ([(1, "10"), (2, "50")], 9, "ended", 1),
        ([(1, "10"), (2, "50"), (3, "42")], 9, "ended", 1),
        ([(1, "10"), (2, "50"), (3, "44")], 4, "running", 1),
        ([(4, "42"), (2, "41"), (1, "10")], 5, "running", 2),  # told in any order
        ([(1, "10"), (7, "41")], 3, "running", 2),  # what comes later is not yet
    ],
)
def test_states_of_oss_move_a_clock(moves, at, state, taken):
    for unit in Unit:
        found = shown(*moves, at=at, unit=unit)
        assert (found.state, found.taken) == (ClockState(state), taken)
        assert (found.left, found.worked) == (3 - taken, taken * timedelta(days=1))


def test_a_clock_says_until_when_it_may_run_and_when_it_ran_too_long():
    running = shown((1, "10"), (2, "41"), (4, "42"), at=5)
    assert running.due_at == START + timedelta(days=6)
    assert not running.is_overdue
    assert not shown((1, "10"), at=4).is_overdue  # to the last instant
    late = shown((1, "10"), at=5)
    assert (late.is_overdue, late.left) == (True, -1)
    assert late.due_at == START + timedelta(days=4)
    assert (late.time_left, late.worked) == (timedelta(days=-1), timedelta(days=4))
    assert shown((1, "10"), (2, "41"), at=9).due_at is None


def test_a_clock_in_days_runs_until_the_office_closes():
    # The instants are seven in the morning in Jakarta, where each day ends at midnight.
    midnight = timedelta(hours=17)
    running = shown((1, "10"), (2, "41"), (4, "42"), at=5, unit=Unit.DAYS)
    assert running.due_at == START + timedelta(days=6) + midnight
    assert running.time_left == timedelta(days=1) + midnight
    lasts = shown((1, "10"), at=4.5, unit=Unit.DAYS)
    assert (lasts.is_overdue, lasts.left, lasts.taken) == (False, 0, Fraction(7, 2))
    late = shown((1, "10"), at=5, unit=Unit.DAYS)
    assert (late.is_overdue, late.left, late.time_left) == (True, -1, -timedelta(hours=7))
    assert shown((1, "10"), (2, "41"), at=9, unit=Unit.DAYS).time_left is None
    # Answered on the last day, after its part was used up: in time.
    assert not shown((1, "10"), (4.5, "50"), at=9, unit=Unit.DAYS).is_overdue
    assert shown((1, "10"), (5, "50"), at=9, unit=Unit.DAYS).is_overdue


def naive_clock(moves, calendar, now, unit):
    """A clock that ticks every minute, and is moved when its minute comes."""
    whole, state, taken = minutes_of_day(calendar), "waiting", Fraction(0)
    moves = sorted(moves, key=lambda one: one[0])
    for minute in range(now + 1):
        for effect in (effect for at, effect in moves if at == minute):
            state, taken = naively_moved(state, taken, effect)
        instant = START + minute * MINUTE
        if minute < now and state == "running" and is_open(calendar, instant):
            in_days = whole[instant.astimezone(calendar.zone).date()]
            taken += 1 / Fraction(in_days if unit is Unit.DAYS else usual_minutes(calendar))
    return state, taken


def naively_moved(state, taken, effect):
    if effect == "restart":
        return "running", Fraction(0)
    if effect == "end":
        return "ended", taken
    if effect == "stop_and_reset" and state in ("running", "stopped"):
        return "stopped", Fraction(0)
    after = {"start": "running", "stop": "stopped", "resume": "running"}.get(effect)
    before = {"start": "waiting", "stop": "running", "resume": "stopped"}.get(effect)
    return (after if state == before else state), taken


@settings(max_examples=12, deadline=None)
@given(
    calendars(),
    st.lists(st.tuples(MINUTES, st.sampled_from([str(e) for e in Effect])), max_size=8),
    MINUTES,
    UNITS,
)
def test_a_clock_shows_what_one_that_ticks_every_minute_shows(calendar, moves, now, unit):
    told = [Moved(at=START + at * MINUTE, effect=Effect(effect)) for at, effect in moves]
    term = Term(allowed=Fraction(3), unit=unit, calendar=calendar)
    found = reading(told, term, now=START + now * MINUTE)
    assert (found.state, found.taken) == naive_clock(moves, calendar, now, unit)


@settings(max_examples=60, deadline=None)
@given(calendars(), MINUTES, MINUTES, st.integers(1, 4000), UNITS)
def test_a_pause_never_shortens_what_is_left(calendar, begin, stop, pause, unit):
    begin, stop = sorted((begin, stop))
    term = Term(allowed=Fraction(2), unit=unit, calendar=calendar)
    moves = [(begin, Effect.START), (stop, Effect.STOP), (stop + pause, Effect.RESUME)]
    told = [Moved(at=START + at * MINUTE, effect=effect) for at, effect in moves]
    at_stop = reading(told, term, now=START + stop * MINUTE)
    resumed = reading(told, term, now=START + (stop + pause) * MINUTE)
    assert resumed.left == at_stop.left
    if unit is Unit.HOURS:
        assert resumed.time_left == at_stop.time_left
    unpaused = reading(told[:1], term, now=START + begin * MINUTE)
    if not at_stop.is_overdue:
        assert resumed.used_up_at >= unpaused.used_up_at


@pytest.mark.parametrize(
    "content", [b"\xff", b"x", b"name='a'", b"name='a'\nsource='b'\n[effects]\n41='fly'"]
)
def test_a_list_of_states_that_says_nothing_known_is_refused(content):
    with pytest.raises(RefusedError, match="clock_mapping"):
        mapping_from(content)


def test_hours_and_zones_that_there_are_not_are_refused():
    odd = (
        [16, 8],
        [0, 1441],
        [8],
        "8-16",
        None,
        [8.0, 16.0],
        [],
        [1, 2, 3],
        [1, 9, 5, 7],
        [1, 2, 2, 3],
    )
    for hours in odd:
        with pytest.raises(RefusedError, match="calendar_hours"):
            hours_from(hours)
    for name in ("Asia/Atlantis", "", "../etc/passwd"):
        with pytest.raises(RefusedError, match="time_zone_unknown"):
            zone_named(name)


def test_a_clock_on_the_record(world):
    at = datetime(2026, 3, 19, 8, tzinfo=JAKARTA)  # a Thursday
    with world.records.writing(world.here) as session:
        permit = Permit(reference="A")
        calendar = Calendar(
            name="usual",
            time_zone="Asia/Jakarta",
            hours={str(day): [8 * 60, 16 * 60] for day in range(1, 6)},
        )
        holiday = CalendarDay(
            calendar_id=calendar.id, day=date(2026, 3, 20), name="holiday", source="decree"
        )
        clock = ServiceClock(
            permit_id=permit.id,
            calendar_id=calendar.id,
            step="field",
            allowed_hundredths=100,
            mapping="oss",
        )
        session.add_all([permit, calendar, holiday, clock])
        for status in ("10", "10", "40"):
            take_status(session, clock, oss_mapping(), status=status, at=at, source="oss")
            session.flush()
    with world.records.reading(world.here) as session:
        found = clock_reading(session, clock.id, now=datetime(2026, 3, 23, 12, tzinfo=JAKARTA))
        assert (found.taken, found.is_overdue) == (Fraction(3, 2), True)
        assert found.due_at == datetime(2026, 3, 19, 16, tzinfo=JAKARTA)
    with world.records.reading(world.there) as session:
        assert clock_reading(session, clock.id, now=at) is None
