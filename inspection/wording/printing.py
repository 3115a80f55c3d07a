"""Facts as text in the reader's language; numbers are rounded here and nowhere else."""

import string
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from inspection.language import Language
from inspection.wording.angles import degrees_minutes_seconds
from inspection.wording.readings import readings_told

PATTERNS = {
    "ha": "#,##0.0000",
    "ha2": "#,##0.00",
    "m2": "#,##0",
    "m3": "#,##0",
    "m": "#,##0.00",
    "km": "#,##0.0",
    "s": "#,##0",
    "int": "#,##0",
    "cm": "#,##0.000",
    "number": "#,##0.######",
    "year": "0.###",
}
"""Format specifications of the catalogue: how a quantity is rounded when it is printed."""


ANGLES = {"lon": ("east", "west"), "lat": ("north", "south")}


class Printer(string.Formatter):
    """str.format whose numbers and dates follow the reader's locale."""

    def __init__(self, language: Language, table: Mapping[str, Any]) -> None:
        self.locale = str(language)
        self.angles = table["angles"]
        self.readings = table["readings"]

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as str.format
        """Write one fact as the catalogue asks for it."""
        if value is None:
            return "-"
        if format_spec in PATTERNS:
            return _decimal(value, PATTERNS[format_spec], self.locale)
        if format_spec[:3] in ANGLES:
            return self._angle(value, format_spec)
        match format_spec:
            case "percent":
                text = format_percent(value, "#,##0.0%", locale=self.locale)
            case "date":
                day = datetime.fromisoformat(value) if isinstance(value, str) else value
                text = format_date(day, "d MMMM y", locale=self.locale)
            case "moment":
                text = self._moment(datetime.fromisoformat(value))
            case "readings":
                text = readings_told(value, self.readings, self.format_field)
            case "" if isinstance(value, float):
                text = _decimal(value, "#,##0.####", self.locale)
            case "":
                text = value.isoformat() if isinstance(value, date) else value
            case _:
                raise ValueError(f"the catalogue knows no format {format_spec!r}")
        return str(text)

    def _moment(self, moment: datetime) -> str:
        """Day and clock; a time that names no zone is printed without one."""
        clock = str(format_datetime(moment, "d MMMM y, HH:mm", locale=self.locale))
        if moment.tzinfo is None:
            return clock
        return f"{clock} {moment.tzname()}"

    def _angle(self, degrees: float, spec: str) -> str:
        """`lon` and `lat`, with the decimals of the second behind: lon3."""
        positive, negative = ANGLES[spec[:3]]
        return degrees_minutes_seconds(
            degrees,
            hemispheres=(self.angles[positive], self.angles[negative]),
            digits=int(spec[3:] or 0),
            decimal_sign=str(get_decimal_symbol(self.locale)),
        )


@lru_cache(maxsize=4096, typed=True)
def _decimal(value: float, pattern: str, locale: str) -> str:
    """Both papers and the page print the same numbers."""
    return str(format_decimal(value, pattern, locale=locale))
