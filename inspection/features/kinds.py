"""Properties that features have, by kind, and by which of them a collection is narrowed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from inspection.errors import UsageError

type Condition = ColumnElement[bool]

_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Property:
    """One value that each feature of a collection has, or lacks."""

    schema: Mapping[str, Any]
    """As JSON Schema says it."""

    narrow: Callable[[str, str], Condition] | None = None
    """The condition that a value means, given by name and as text; None where none is taken."""


def told(schema: Mapping[str, Any]) -> Property:
    """A property that is only told."""
    return Property(schema=schema)


TEXT: Final[Mapping[str, Any]] = {"type": "string"}
NUMBER: Final[Mapping[str, Any]] = {"type": "number"}
TRUTH: Final[Mapping[str, Any]] = {"type": "boolean"}
NAME: Final[Mapping[str, Any]] = {"type": "string", "format": "uuid"}
MOMENT: Final[Mapping[str, Any]] = {"type": "string", "format": "date-time"}
DAY: Final[Mapping[str, Any]] = {"type": "string", "format": "date"}


def text(of: Callable[[str], Condition]) -> Property:
    """Any words, exactly."""

    def narrow(name: str, value: str) -> Condition:
        if "\0" in value:
            raise UsageError("query_value", where=name, expected="text")
        return of(value)

    return Property(schema=TEXT, narrow=narrow)


def key(of: Callable[[UUID], Condition]) -> Property:
    """The name of a row."""

    def narrow(name: str, value: str) -> Condition:
        try:
            return of(UUID(value))
        except ValueError as error:
            raise UsageError("query_value", where=name, expected="uuid") from error

    return Property(schema=NAME, narrow=narrow)


def truth(of: Callable[[bool], Condition]) -> Property:
    """Yes or no."""

    def narrow(name: str, value: str) -> Condition:
        if value not in _TRUTHS:
            raise UsageError("query_value", where=name, expected="true, false")
        return of(_TRUTHS[value])

    return Property(schema=TRUTH, narrow=narrow)


def listed(values: type[StrEnum] | tuple[str, ...], of: Callable[[str], Condition]) -> Property:
    """One of a closed list."""
    known = [str(one) for one in values]

    def narrow(name: str, value: str) -> Condition:
        if value not in known:
            raise UsageError("query_value", where=name, expected=", ".join(known))
        return of(value)

    return Property(schema={**TEXT, "enum": known}, narrow=narrow)
