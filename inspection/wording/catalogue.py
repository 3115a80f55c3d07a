"""Sentences by key, filled with facts; numbers are rounded here and nowhere else."""

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from inspection.model import Language

PATTERNS = {
    "ha": "#,##0.0000",
    "ha2": "#,##0.00",
    "m2": "#,##0",
    "m3": "#,##0",
    "m": "#,##0.00",
    "km": "#,##0.0",
    "s": "#,##0",
    "int": "#,##0",
}
"""Format specifications of the catalogue: how a quantity is rounded when it is printed."""


class _Printer(string.Formatter):
    """str.format whose numbers and dates follow the reader's locale."""

    def __init__(self, language: Language) -> None:
        self.locale = str(language)

    def format_field(self, value: Any, format_spec: str) -> str:  # noqa: ANN401 - as str.format
        if value is None:
            return "-"
        if format_spec in PATTERNS:
            return str(format_decimal(value, PATTERNS[format_spec], locale=self.locale))
        if format_spec == "percent":
            return str(format_percent(value, "#,##0.0 %", locale=self.locale))
        if format_spec == "date":
            day = datetime.fromisoformat(value) if isinstance(value, str) else value
            return str(format_date(day, "long", locale=self.locale))
        if format_spec:
            raise ValueError(f"the catalogue knows no format {format_spec!r}")
        if isinstance(value, float):
            return str(format_decimal(value, "#,##0.####", locale=self.locale))
        return str(value.isoformat() if isinstance(value, date) else value)


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
        found: Any = self.table
        for part in key.split("."):
            found = found[part]
        if not isinstance(found, str):
            raise KeyError(key)
        return _Printer(self.language).vformat(found, (), facts)


@cache
def wording(language: Language) -> Wording:
    """Sentences of a language, read once."""
    text = files("inspection.wording").joinpath(f"{language}.toml").read_text("utf-8")
    return Wording(language=language, table=tomllib.loads(text))
