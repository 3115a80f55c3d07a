"""Degrees, minutes and seconds: rounded once, carried over, and readable again exactly."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.language import Language
from inspection.wording.angles import degrees_minutes_seconds
from inspection.wording.catalogue import wording


def written(degrees, digits=3):
    text = degrees_minutes_seconds(
        degrees, hemispheres=("LU", "LS"), digits=digits, decimal_sign=","
    )
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("degrees", "text"),
    [
        (0.0, "0°00′00,000″ LU"),
        (-3.236832362, "3°14′12,597″ LS"),
        (115.523093059, "115°31′23,135″ LU"),
        (59.99999999, "60°00′00,000″ LU"),  # carried over, never 60 seconds
        (0.999999999, "1°00′00,000″ LU"),
        (-0.0000001, "0°00′00,000″ LS"),
        (7.5, "7°30′00,000″ LU"),
    ],
)
def test_angles_are_written_as_tables_write_them(degrees, text):
    assert written(degrees) == text


@given(st.floats(-180, 180), st.integers(0, 4))
def test_an_angle_is_read_back_to_half_of_its_last_digit(degrees, digits):
    found = re.fullmatch(r"(\d+)°(\d\d)′(\d\d(?:,\d+)?)″ (LU|LS)", written(degrees, digits))
    whole, minutes, seconds, side = found.groups()
    assert int(minutes) < 60
    assert float(seconds.replace(",", ".")) < 60
    read = int(whole) + int(minutes) / 60 + float(seconds.replace(",", ".")) / 3600
    read *= 1 if side == "LU" else -1
    assert abs(read - degrees) <= 0.5 * 10**-digits / 3600 + 1e-12


def test_each_language_has_its_hemispheres_and_its_decimal_sign():
    plain = {
        language: wording(language)
        .say("report.values.latitude", value=-3.25)
        .split("\N{NO-BREAK SPACE}")
        for language in Language
    }
    assert plain[Language.INDONESIAN] == ["3°15′00,000″", "LS"]
    assert plain[Language.ENGLISH] == ["3°15′00.000″", "S"]
