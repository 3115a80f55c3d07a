"""Days, numbers and codes: read as they were meant, or refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import RefusedError
from geo.intake.records import Odd, Stamp
from inspection.exchange.permits.days import Calendar, day_of, instant_of
from inspection.exchange.permits.figures import (
    EXACT_IN_TABLES,
    candidates_of,
    code_of,
    number_of,
    text_of,
)
from inspection.exchange.permits.rules import DateForm, DateRules

BOTH = DateRules(
    forms=(DateForm.ISO, DateForm.EXCEL, DateForm.DAY_FIRST, DateForm.MONTH_FIRST),
    two_digit_years_from=2000,
    null=("0000-00-00", "0001-01-01"),
)
FIRST = DateRules(forms=(DateForm.DAY_FIRST,), two_digit_years_from=2000)
EPOCH = DateRules(forms=(DateForm.EPOCH_MS, DateForm.COMPACT))
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def refused(call, *args, **options):
    with pytest.raises(RefusedError) as caught:
        call(*args, **options)
    return caught.value


@given(day=DAYS)
def test_a_day_is_read_in_every_form_that_means_one(day):
    both, first = Calendar(rules=BOTH), Calendar(rules=FIRST)
    serial = (day - date(1899, 12, 30)).days
    iso = day.isoformat()
    assert day_of(iso, both) == iso
    assert day_of(f"{iso} 13:45:00", both) == iso
    assert day_of(serial, both) == iso
    assert day_of(float(serial) + 0.25, both) == iso
    assert day_of(str(serial), both) == iso
    assert day_of(Stamp(text=iso), both) == iso
    assert day_of(f"{day:%d/%m/%Y}", first) == iso
    assert day_of(f"{day:%d-%m-%y}", first) == iso
    assert day_of(f"{day:%Y%m%d}", Calendar(rules=EPOCH)) == iso
    midnight_ms = (day - date(1970, 1, 1)) // timedelta(milliseconds=1)
    assert day_of(midnight_ms, Calendar(rules=EPOCH)) == iso
    assert day_of(f"{iso}T00:00:00", both) == iso


@given(day=DAYS)
def test_two_orders_never_choose_between_two_days(day):
    text = f"{day:%d/%m/%Y}"
    if day.day <= 12 and day.day != day.month:
        error = refused(day_of, text, Calendar(rules=BOTH))
        swapped = date(day.year, day.day, day.month).isoformat()
        told = {error.facts["first"], error.facts["second"]}
        assert (error.code, told) == ("import_date_ambiguous", {day.isoformat(), swapped})
    else:
        assert day_of(text, Calendar(rules=BOTH)) == day.isoformat()


@given(day=DAYS)
def test_a_date_cell_among_dates_as_text_is_doubted_where_it_may_be_turned(day):
    mixed = Calendar(rules=BOTH, is_mixed=True)
    cell = Stamp(text=day.isoformat())
    if day.day <= 12 and day.day != day.month:
        assert refused(day_of, cell, mixed).code == "import_date_ambiguous"
    else:
        assert day_of(cell, mixed) == day.isoformat()


@pytest.mark.parametrize(
    "text",
    [
        "0000-00-00",
        "0001-01-01",
        "0001-01-01 00:00:00",
        "0001-01-01T00:00:00Z",
    ],
)
def test_days_that_stand_for_none_are_none(text):
    assert day_of(text, Calendar(rules=BOTH)) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("31/02/2024", "import_date_unreadable"),
        ("2024-13-01", "import_date_unreadable"),
        ("soon", "import_date_unreadable"),
        ("12/2024", "import_date_unreadable"),
        (60, "import_date_unreadable"),
        (10**400, "import_date_unreadable"),
        (-5, "import_date_unreadable"),
        (True, "import_date_unreadable"),
        (Odd(kind="error"), "import_date_unreadable"),
        ("2024-05-01T17:00:00Z", "import_date_moment"),
        ("2024-05-01 25:00:00", "import_date_unreadable"),
        ("١٢/٠٥/٢٠٢٤", "import_date_unreadable"),
    ],
)
def test_what_is_no_day_is_refused(cell, code):
    assert refused(day_of, cell, Calendar(rules=BOTH)).code == code


def test_milliseconds_that_are_no_midnight_lie_on_no_sure_day():
    evening = 1_735_491_600_000  # 2024-12-29 17:00 in UTC, midnight in Jakarta
    assert refused(day_of, evening, Calendar(rules=EPOCH)).code == "import_date_moment"
    jakarta = DateRules(forms=(DateForm.EPOCH_MS,), epoch_offset_h=7.0)
    assert day_of(str(evening), Calendar(rules=jakarta)) == "2024-12-30"


def test_a_year_of_two_digits_needs_its_century():
    bare = DateRules(forms=(DateForm.DAY_FIRST,))
    assert refused(day_of, "17/08/45", Calendar(rules=bare)).code == "import_date_short_year"
    old = DateRules(forms=(DateForm.DAY_FIRST,), two_digit_years_from=1945)
    assert [day_of(t, Calendar(rules=old)) for t in ("17/08/45", "17/08/44")] == [
        "1945-08-17",
        "2044-08-17",
    ]


def test_a_workbook_of_1904_counts_from_there():
    assert day_of(366, Calendar(rules=BOTH, is_1904=True)) == "1905-01-01"


def test_a_moment_keeps_its_clock_and_its_zone():
    told = instant_of("2024-05-01 13:45", Calendar(rules=BOTH))
    assert told.iso == "2024-05-01T13:45:00"
    assert instant_of(45413.5, Calendar(rules=BOTH)).iso == "2024-05-01T12:00:00"
    with_zone = instant_of("2024-05-01T13:45:00+07:00", Calendar(rules=BOTH))
    assert with_zone.iso == "2024-05-01T13:45:00+07:00"


@given(whole=st.integers(0, 10**9), cents=st.integers(0, 99))
def test_a_number_is_read_by_its_own_signs_or_by_the_stated_one(whole, cents):
    value = float(f"{whole}.{cents:02}")
    assert number_of(f"{whole:,}.{cents:02}", ".") == value
    assert number_of(f"{whole:,}".replace(",", ".") + f",{cents:02}", ",") == value
    assert number_of(f"{whole}.{cents:02}", None) == value
    assert number_of(f"-{whole},{cents:02}", None) == -value
    assert number_of(value, None) == value


@pytest.mark.parametrize(
    ("cell", "decimal", "code"),
    [
        ("1.234", None, "import_number_ambiguous"),
        ("12,345", None, "import_number_ambiguous"),
        ("12,34,5", ".", "import_number_unreadable"),
        ("12 ha", None, "import_number_unreadable"),
        ("", None, "import_number_unreadable"),
        ("1e3", None, "import_number_unreadable"),
        (10**400, None, "import_number_unreadable"),
        (True, None, "import_number_unreadable"),
        (Odd(kind="formula"), None, "import_cell_unreadable"),
    ],
)
def test_a_number_that_may_be_two_or_is_none_is_refused(cell, decimal, code):
    assert refused(number_of, cell, decimal).code == code


def test_thousands_and_decimals_follow_the_stated_sign():
    assert [number_of("1.234", sign) for sign in ".,"] == [1.234, 1234.0]
    assert number_of("1.234,56", None) == 1234.56
    assert number_of("0.125", None) == 0.125


@given(st.text(alphabet="0123456789", min_size=1, max_size=14))
def test_a_code_as_text_keeps_every_sign(text):
    assert code_of(text, (13,), most_exact=EXACT_IN_TABLES) == text


@given(st.integers(0, 10**17))
def test_a_code_as_a_number_is_taken_whole_or_refused(number):
    digits = (13, 16)
    if len(str(number)) in digits and number < EXACT_IN_TABLES:
        assert code_of(number, digits, most_exact=EXACT_IN_TABLES) == str(number)
    else:
        error = refused(code_of, number, digits, most_exact=EXACT_IN_TABLES)
        assert error.code == "import_code_digits_lost"


@pytest.mark.parametrize(
    "cell", ["1.23457E+12", "1,23457E+12", "1234567890123.0", 1.5, 123, Stamp(text="2024-01-02")]
)
def test_a_code_that_a_spreadsheet_shortened_is_refused(cell):
    error = refused(code_of, cell, (), most_exact=EXACT_IN_TABLES)
    assert error.code == "import_code_digits_lost"


def test_text_comes_without_signs_that_print_nothing():
    assert text_of("PT\u202e Sintetis\x00\n Satu") == "PT Sintetis Satu"
    assert refused(text_of, "x" * 5000).code == "import_text_too_long"


@given(
    st.floats(-90, 90, allow_nan=False).map(lambda x: round(x, 6)),
    st.floats(90.5, 180, allow_nan=False).map(lambda x: round(x, 6)),
)
def test_a_longitude_beyond_ninety_leaves_one_order(latitude, longitude):
    for text in (f"{latitude:f}, {longitude:f}", f"({longitude:f} {latitude:f})"):
        (one,) = candidates_of(text, None)
        (position,) = one.positions
        assert (position.longitude, position.latitude) == (longitude, latitude)
        assert one.in_region is None
