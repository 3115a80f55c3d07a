"""Sentences by key, filled with facts; numbers are rounded here and nowhere else."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent, get_decimal_symbol

from inspection.language import Json, Language, Said
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

PARTS = ("", "report")
"""Files of the catalogue: what every command says, and what only the report does."""


class _Printer(string.Formatter):
    """str.format whose numbers and dates follow the reader's locale."""

    def __init__(self, language: Language, table: Mapping[str, Any]) -> None:
        self.locale = str(language)
        self.angles = table["angles"]
        self.readings = table["readings"]

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as str.format
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


@dataclass(frozen=True, kw_only=True, eq=False)
class Wording:
    """The sentences of one language."""

    language: Language
    table: Mapping[str, Any]

    def say(self, key: str, **facts: object) -> str:
        """
        Fill the sentence at a dotted key.

        Raises
        ------
        KeyError
            If the catalogue has no such sentence, or the sentence asks for a fact not given.
        """
        printer = _Printer(self.language, self.table)
        return printer.vformat(self._sentence(key), (), facts)

    def said(self, key: str, **facts: object) -> Said:
        """Give the sentence as its key and the facts that it asks for, to be said later."""
        asked = {name for _, name, _, _ in string.Formatter().parse(self._sentence(key)) if name}
        return Said(key=key, facts={name: _plain(facts[name]) for name in sorted(asked)})

    def sentence(self, said: Said) -> str:
        """Fill the sentence that somebody said, perhaps in another language."""
        return self.say(said.key, **said.facts)

    def _sentence(self, key: str) -> str:
        found: Any = self.table
        for part in key.split("."):
            if not isinstance(found, Mapping):
                raise KeyError(key)
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(key)
        return found


FACT_DIGITS = 9


def _plain(fact: Any) -> Json:  # noqa: ANN401 - whatever a sentence prints
    """Give a fact as JSON carries it."""
    if fact is None or isinstance(fact, str | int):
        return fact
    if isinstance(fact, date):
        return fact.isoformat()
    return round(float(fact), FACT_DIGITS)


@cache
def wording(language: Language) -> Wording:
    """Sentences of a language, read once."""
    table: dict[str, Any] = {}
    for part in PARTS:
        name = f"{part}.{language}.toml" if part else f"{language}.toml"
        text = files("inspection.wording").joinpath(name).read_text("utf-8")
        table |= tomllib.loads(text)
    return Wording(language=language, table=table)
